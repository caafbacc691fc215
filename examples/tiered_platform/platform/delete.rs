//! Deleting an application.

use std::time::Duration;

use coolify_sdk::resource::Volumes;
use coolify_sdk::{Coolify, ErrorKind, Uuid};

use super::{Platform, is_gone, refused};
use crate::failure::Failure;
use crate::store::{Customer, Record, State};

/// How long a request waits for a deletion, which continues in the background.
const PATIENCE: Duration = Duration::from_secs(20);

impl Platform {
    /// Deletes an application, and returns whether it is gone already. Until it is gone,
    /// it counts towards the quota.
    pub async fn delete(
        &self,
        customer: &Customer,
        id: &str,
        volumes: bool,
    ) -> Result<bool, Failure> {
        let _lock = self.locks.lock(id).await;
        let record = self.record(customer, id).await?;
        let (Some(uuid), Some(project)) = (record.coolify, &customer.project) else {
            return Err(
                Failure::conflict("it is being created: try again in a minute").retry_after(10),
            );
        };
        let coolify = self.bound(project);
        let this = record.id.clone();
        let state = State::Deleting { volumes };
        self.store
            .run(move |db| Record::set_state(db, &this, state))
            .await?;
        let removed = self.remove(&coolify, &record.id, &uuid, volumes).await;
        if removed.as_ref().is_err_and(|it| !it.is_unknown) && record.state == State::Created {
            let this = record.id.clone();
            self.store
                .run(move |db| Record::set_state(db, &this, State::Created))
                .await?;
        }
        removed.map_err(|it| it.failure)
    }

    /// Deletes an application in Coolify and its record.
    pub(super) async fn remove(
        &self,
        coolify: &Coolify,
        id: &str,
        uuid: &Uuid,
        volumes: bool,
    ) -> Result<bool, Kept> {
        let volumes = if volumes {
            Volumes::Delete
        } else {
            Volumes::Keep
        };
        match coolify.application(uuid).delete(volumes).await {
            Ok(deletion) => match deletion.max_wait(PATIENCE).await {
                Ok(()) => {}
                Err(error) if is_gone(&error) => {}
                // It is queued, and the settling notices its end.
                Err(error) if error.kind() == ErrorKind::WaitExpired => return Ok(false),
                Err(error) => {
                    let failure = refused(error);
                    return Err(Kept {
                        failure,
                        is_unknown: true,
                    });
                }
            },
            Err(error) if is_gone(&error) => {}
            Err(error) => {
                let is_unknown = error.outcome_unknown();
                let failure = refused(error);
                return Err(Kept {
                    failure,
                    is_unknown,
                });
            }
        }
        let id = id.to_owned();
        let released = self.store.run(move |db| Record::release(db, &id)).await;
        let kept = |failure| Kept {
            failure,
            is_unknown: true,
        };
        released.map_err(kept)?;
        Ok(true)
    }
}

/// A deletion that did not succeed.
pub(super) struct Kept {
    pub failure: Failure,
    /// Whether Coolify may still delete it.
    pub is_unknown: bool,
}
