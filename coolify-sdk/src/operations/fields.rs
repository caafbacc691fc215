//! The fields of requests that not every version of Coolify takes.

use super::{Operation, Versions};

/// A field of a request, in its body or query, that not every version of Coolify
/// takes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestField {
    /// The name, as in the API.
    pub name: &'static str,
    /// The versions that take it.
    pub versions: Versions,
}

impl Operation {
    /// Returns the field with this name, if not every version takes it.
    pub(crate) fn field(&self, name: &str) -> Option<&'static RequestField> {
        self.fields.iter().find(|field| field.name == name)
    }
}
