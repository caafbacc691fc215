//! What applications, databases and services share: being the owner of variables,
//! storages, tags and tasks.

use serde_json::Value;

use super::{
    applications,
    call::Call,
    databases,
    reply::Reply,
    services,
    state::{State, text},
};

/// The kinds of resources that own others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Application,
    Database,
    Service,
}

impl Kind {
    /// As Coolify's sentences begin.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Application => "Application",
            Self::Database => "Database",
            Self::Service => "Service",
        }
    }

    /// The first segment of its paths, which is also its folder on the server.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Application => "applications",
            Self::Database => "databases",
            Self::Service => "services",
        }
    }
}

/// The owner that a path names.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub(super) kind: Kind,
    pub(super) uuid: String,
}

impl State {
    /// The owner that the path of a call names.
    pub(super) fn owner(&self, call: &Call<'_>) -> Result<Owner, Reply> {
        let uuid = call.param("uuid");
        let (kind, row) = match call.family() {
            "databases" => (Kind::Database, &self.database(uuid)?.row),
            "services" => (Kind::Service, &self.service(uuid)?.row),
            _ => (Kind::Application, &self.application(uuid)?.row),
        };
        Ok(Owner {
            kind,
            uuid: text(row, "uuid"),
        })
    }

    /// An owner's row, to be changed.
    pub(super) fn row_mut(&mut self, owner: &Owner) -> Result<&mut Value, Reply> {
        match owner.kind {
            Kind::Application => Ok(&mut self.application_mut(&owner.uuid)?.row),
            Kind::Database => Ok(&mut self.database_mut(&owner.uuid)?.row),
            Kind::Service => Ok(&mut self.service_mut(&owner.uuid)?.row),
        }
    }

    /// The names of an owner's tags.
    pub(super) fn tags_of(&mut self, owner: &Owner) -> Result<&mut Vec<String>, Reply> {
        match owner.kind {
            Kind::Application => Ok(&mut self.application_mut(&owner.uuid)?.tags),
            Kind::Database => Ok(&mut self.database_mut(&owner.uuid)?.tags),
            Kind::Service => Ok(&mut self.service_mut(&owner.uuid)?.tags),
        }
    }

    /// The id of an owner and the name of its kind inside Coolify.
    pub(super) fn identity(&self, owner: &Owner) -> Result<(Value, String), Reply> {
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

    /// An owner as its storages embed it: without secrets.
    pub(super) fn embedded_owner(&self, owner: &Owner) -> Result<Value, Reply> {
        match owner.kind {
            Kind::Application => {
                let application = self.application(&owner.uuid)?;
                Ok(applications::in_environment(self, application, false))
            }
            Kind::Database => {
                let database = self.database(&owner.uuid)?;
                Ok(databases::in_environment(self, database, false))
            }
            Kind::Service => {
                let service = self.service(&owner.uuid)?;
                Ok(services::in_environment(self, service, false))
            }
        }
    }

    /// Removes what belonged to a resource that is gone.
    pub(super) fn disinherit(&mut self, uuid: &str) {
        self.variables.retain(|variable| variable.owner != uuid);
        self.storages.retain(|storage| storage.owner != uuid);
        self.tasks.retain(|task| task.owner != uuid);
        self.backups.retain(|backup| backup.owner != uuid);
        self.deployments
            .retain(|deployment| deployment.application != uuid);
    }
}
