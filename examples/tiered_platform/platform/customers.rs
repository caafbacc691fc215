//! The operator's actions on customers.

use coolify_sdk::resource::Volumes;

use super::settle::Settled;
use super::{Platform, is_gone, refused};
use crate::failure::Failure;
use crate::store::Customer;

impl Platform {
    /// Gives the applications of a customer the limits of the customer's tier, and
    /// deploys those that run if asked to, because a container keeps the limits that it
    /// was started with.
    pub async fn apply_tier(&self, customer: &Customer, deploys: bool) -> Result<Settled, Failure> {
        let settled = self.settle(customer, false).await?;
        if deploys && let Some(project) = &customer.project {
            let coolify = self.bound(project);
            for limited in settled.limited.iter().filter(|it| it.is_running) {
                let run = coolify.application(&limited.uuid).deploy().await;
                let _queued = run.map_err(refused)?;
            }
        }
        Ok(settled)
    }

    /// Deletes everything that a customer has in Coolify, and then the customer.
    pub async fn remove_customer(
        &self,
        customer: &Customer,
        volumes: Volumes,
    ) -> Result<(), Failure> {
        let project = match &customer.project {
            Some(project) => Some(project.clone()),
            None => self.find_project(customer).await?,
        };
        if let Some(uuid) = project {
            let coolify = self.bound(&uuid);
            let project = coolify.project(&uuid);
            let contents = match project.contents().await {
                Err(error) if is_gone(&error) => Vec::new(),
                contents => contents.map_err(refused)?,
            };
            for content in contents {
                let deletion = coolify.application(content.uuid).delete(volumes).await;
                match deletion {
                    Err(error) if !is_gone(&error) => return Err(refused(error)),
                    _ => {}
                }
            }
            match project.delete().and_wait().await {
                Err(error) if !is_gone(&error) => {
                    return Err(refused(error));
                }
                _ => {}
            }
        }
        let customer = customer.clone();
        self.store.run(move |db| customer.remove(db)).await
    }
}
