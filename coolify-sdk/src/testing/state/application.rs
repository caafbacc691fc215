//! Applications.

use serde_json::Value;

use crate::testing::{
    http::Reply,
    state::{Job, Log, Place, Previews, State, forms},
};

/// An application with its own data.
pub(in crate::testing) struct Application {
    pub(in crate::testing) row: Value,
    pub(in crate::testing) settings: Value,
    pub(in crate::testing) tags: Vec<String>,
    pub(in crate::testing) previews: Previews,
    /// The uuids of its additional destinations.
    pub(in crate::testing) destinations: Vec<Value>,
    pub(in crate::testing) deletion: Job,
    /// The job that reads the compose file from the repository.
    pub(in crate::testing) reading: Job,
    pub(in crate::testing) log: Log,
}

impl Application {
    /// An application with the defaults of all its fields.
    pub(in crate::testing) fn new(state: &mut State, place: &Place) -> Self {
        let mut row = state.fresh(forms::application());
        place.settle(&mut row);
        row["config_hash"] = "0123456789abcdef0123456789abcdef".into();
        for provider in ["bitbucket", "gitea", "github", "gitlab"] {
            row[format!("manual_webhook_secret_{provider}")] = state.mint().into();
        }
        Self {
            row,
            settings: forms::application_settings(),
            tags: Vec::new(),
            previews: Previews::default(),
            destinations: Vec::new(),
            deletion: Job::default(),
            reading: Job::default(),
            log: Log::default(),
        }
    }

    /// Returns a stopped copy with a new row, as cloning creates it.
    pub(in crate::testing) fn copy(&self, mut row: Value) -> Self {
        row["status"] = "exited:unhealthy".into();
        row["fqdn"] = Value::Null;
        Self {
            row,
            settings: self.settings.clone(),
            tags: self.tags.clone(),
            previews: Previews::default(),
            destinations: Vec::new(),
            deletion: Job::default(),
            reading: Job::default(),
            log: Log::default(),
        }
    }

    /// Returns the row with its settings and tags, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["settings"] = self.settings.clone();
        row["tags"] = self.tags.clone().into();
        row
    }
}

impl State {
    /// Returns an application by its uuid.
    pub(in crate::testing) fn application(&self, uuid: &str) -> Result<&Application, Reply> {
        self.applications
            .iter()
            .find(|application| application.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Application"))
    }

    /// Returns an application by its uuid, to be changed.
    pub(in crate::testing) fn application_mut(
        &mut self,
        uuid: &str,
    ) -> Result<&mut Application, Reply> {
        self.applications
            .iter_mut()
            .find(|application| application.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Application"))
    }
}
