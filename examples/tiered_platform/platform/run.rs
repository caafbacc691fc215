//! Deploying an application, and reading its log.

use serde_json::{Value, json};

use super::{Platform, is_gone, refused};
use crate::failure::Failure;
use crate::store::Customer;

impl Platform {
    /// Queues a deployment.
    pub async fn deploy(&self, customer: &Customer, id: &str) -> Result<Value, Failure> {
        let (record, coolify, uuid) = self.existing(customer, id).await?;
        let run = coolify.application(uuid).deploy().await;
        let run = run.map_err(refused)?;
        Ok(json!({
            "uuid": record.id,
            "deployment_uuid": run.uuid().as_str(),
            "joined": run.joined(),
        }))
    }

    /// Returns the last lines of the container.
    pub async fn logs(&self, customer: &Customer, id: &str, lines: u16) -> Result<Value, Failure> {
        let (record, coolify, uuid) = self.existing(customer, id).await?;
        let log = coolify.application(uuid).logs().lines(lines).send().await;
        let log = log.map_err(|error| {
            if is_gone(&error) {
                Failure::not_found()
            } else {
                refused(error)
            }
        })?;
        let lines: Vec<_> = log.iter().flat_map(|log| log.lines()).collect();
        Ok(json!({ "uuid": record.id, "is_running": log.is_some(), "lines": lines }))
    }
}
