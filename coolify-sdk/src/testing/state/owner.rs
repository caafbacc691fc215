//! What applications, databases and services share: being the owner of variables,
//! storages, tags and tasks.

use serde_json::Value;

use crate::testing::{http::Reply, state::State};

/// The kinds of resources that own others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::testing) enum Kind {
    Application,
    Database,
    Service,
}

impl Kind {
    /// As Coolify's sentences begin.
    pub(in crate::testing) fn name(self) -> &'static str {
        match self {
            Self::Application => "Application",
            Self::Database => "Database",
            Self::Service => "Service",
        }
    }

    /// The first segment of its paths, which is also its folder on the server.
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
    /// An owner's row, to be changed.
    pub(in crate::testing) fn row_mut(&mut self, owner: &Owner) -> Result<&mut Value, Reply> {
        match owner.kind {
            Kind::Application => Ok(&mut self.application_mut(&owner.uuid)?.row),
            Kind::Database => Ok(&mut self.database_mut(&owner.uuid)?.row),
            Kind::Service => Ok(&mut self.service_mut(&owner.uuid)?.row),
        }
    }

    /// The names of an owner's tags.
    pub(in crate::testing) fn tags_of(&mut self, owner: &Owner) -> Result<&mut Vec<String>, Reply> {
        match owner.kind {
            Kind::Application => Ok(&mut self.application_mut(&owner.uuid)?.tags),
            Kind::Database => Ok(&mut self.database_mut(&owner.uuid)?.tags),
            Kind::Service => Ok(&mut self.service_mut(&owner.uuid)?.tags),
        }
    }

    /// The id of an owner and the name of its kind inside Coolify.
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

    /// Removes what belonged to a resource that is gone.
    pub(in crate::testing) fn disinherit(&mut self, uuid: &str) {
        self.variables.retain(|variable| variable.owner != uuid);
        self.storages.retain(|storage| storage.owner != uuid);
        self.tasks.retain(|task| task.owner != uuid);
        self.backups.retain(|backup| backup.owner != uuid);
        self.deployments
            .retain(|deployment| deployment.application != uuid);
    }
}
