//! The owners of variables, storages, tags and tasks: applications, databases and
//! services.

use serde_json::Value;

use crate::testing::{
    http::{Call, Reply},
    rooms::embedded,
    state::{Kind, Owner, State, text},
};

impl State {
    /// Returns the owner that the path of a call names.
    pub(in crate::testing) fn owner(&self, call: &Call<'_>) -> Result<Owner, Reply> {
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

    /// Returns an owner as its storages embed it: without secrets.
    pub(in crate::testing) fn embedded_owner(&self, owner: &Owner) -> Result<Value, Reply> {
        match owner.kind {
            Kind::Application => {
                let application = self.application(&owner.uuid)?;
                Ok(embedded::application(self, application, false))
            }
            Kind::Database => {
                let database = self.database(&owner.uuid)?;
                Ok(embedded::database(self, database, false))
            }
            Kind::Service => {
                let service = self.service(&owner.uuid)?;
                Ok(embedded::service(self, service, false))
            }
        }
    }
}
