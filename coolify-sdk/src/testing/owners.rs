//! What applications and databases share: being the owner of variables, storages,
//! tags and tasks.

use serde_json::Value;

use super::{
    applications,
    call::Call,
    databases,
    reply::Reply,
    state::{State, text},
};

/// The kinds of resources that own others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Application,
    Database,
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
        let (kind, row) = if call.family() == "databases" {
            (Kind::Database, &self.database(uuid)?.row)
        } else {
            (Kind::Application, &self.application(uuid)?.row)
        };
        Ok(Owner {
            kind,
            uuid: text(row, "uuid"),
        })
    }

    /// The names of an owner's tags.
    pub(super) fn tags_of(&mut self, owner: &Owner) -> Result<&mut Vec<String>, Reply> {
        match owner.kind {
            Kind::Application => Ok(&mut self.application_mut(&owner.uuid)?.tags),
            Kind::Database => Ok(&mut self.database_mut(&owner.uuid)?.tags),
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
