//! The places of resources.

use serde_json::Value;

/// A place for a resource: the ids of its environment, destination and server.
#[derive(Debug, Clone, Default)]
pub(in crate::testing) struct Place {
    pub(in crate::testing) environment: Value,
    pub(in crate::testing) destination: Value,
    pub(in crate::testing) server: Value,
}

impl Place {
    /// Sets the place of a row.
    pub(in crate::testing) fn settle(&self, row: &mut Value) {
        row["environment_id"] = self.environment.clone();
        row["destination_id"] = self.destination.clone();
    }
}
