//! The owners of variables, storages, tags and tasks: applications, databases and
//! services.

use serde_json::Value;

use crate::testing::{http::Reply, state::State};

/// The kinds of owners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::testing) enum Kind {
    Application,
    Database,
    Service,
}

impl Kind {
    /// The name of the kind in Coolify's messages.
    pub(in crate::testing) fn name(self) -> &'static str {
        match self {
            Self::Application => "Application",
            Self::Database => "Database",
            Self::Service => "Service",
        }
    }

    /// Returns the first segment of its paths, which is also its folder on the
    /// server.
    pub(in crate::testing) fn folder(self) -> &'static str {
        match self {
            Self::Application => "applications",
            Self::Database => "databases",
            Self::Service => "services",
        }
    }
}

/// The owner that a path names.
#[derive(Debug, Clone)]
pub(in crate::testing) struct Owner {
    pub(in crate::testing) kind: Kind,
    pub(in crate::testing) uuid: String,
}

impl State {
    /// Returns an owner's row, to be changed.
    pub(in crate::testing) fn row_mut(&mut self, owner: &Owner) -> Result<&mut Value, Reply> {
        match owner.kind {
            Kind::Application => Ok(&mut self.application_mut(&owner.uuid)?.row),
            Kind::Database => Ok(&mut self.database_mut(&owner.uuid)?.row),
            Kind::Service => Ok(&mut self.service_mut(&owner.uuid)?.row),
        }
    }

    /// Returns the names of an owner's tags.
    pub(in crate::testing) fn tags_of(&mut self, owner: &Owner) -> Result<&mut Vec<String>, Reply> {
        match owner.kind {
            Kind::Application => Ok(&mut self.application_mut(&owner.uuid)?.tags),
            Kind::Database => Ok(&mut self.database_mut(&owner.uuid)?.tags),
            Kind::Service => Ok(&mut self.service_mut(&owner.uuid)?.tags),
        }
    }

    /// Returns the id of an owner and Coolify's internal name of its kind.
    pub(in crate::testing) fn identity(&self, owner: &Owner) -> Result<(Value, String), Reply> {
        match owner.kind {
            Kind::Application => {
                let application = self.application(&owner.uuid)?;
                Ok((
                    application.row["id"].clone(),
                    "App\\Models\\Application".to_owned(),
                ))
            }
            Kind::Database => {
                let database = self.database(&owner.uuid)?;
                Ok((database.row["id"].clone(), database.engine.model.to_owned()))
            }
            Kind::Service => {
                let service = self.service(&owner.uuid)?;
                Ok((service.row["id"].clone(), "App\\Models\\Service".to_owned()))
            }
        }
    }

    /// Removes what belonged to a deleted resource.
    pub(in crate::testing) fn disinherit(&mut self, uuid: &str) {
        self.variables.retain(|variable| variable.owner != uuid);
        self.storages.retain(|storage| storage.owner != uuid);
        self.tasks.retain(|task| task.owner != uuid);
        self.backups.retain(|backup| backup.owner != uuid);
        self.imports.retain(|import| import.owner != uuid);
        self.deployments
            .retain(|deployment| deployment.application != uuid);
    }
}
