//! Creates a service and waits until it is healthy.

use std::fmt;

use serde::Serialize;

use super::{CreateCompose, CreateOneClick, WrittenService};
use crate::error::Result;
use crate::request::{BoxFuture, awaitable};
use crate::wait::{Patience, waits};
use crate::{Coolify, ResourceStatus, Uuid};

macro_rules! provisions {
    ($($create:ident),*) => { $(
        impl $create {
            /// Creates and starts the service, and waits until all of its containers
            /// are healthy. See [`ProvisionService`].
            pub fn provision(mut self) -> ProvisionService {
                self.0.body.instant_deploy = Some(true);
                ProvisionService {
                    coolify: self.0.coolify().clone(),
                    create: Box::pin(self.0.send()),
                    patience: Patience::default(),
                }
            }
        }
    )* };
}

provisions!(CreateCompose, CreateOneClick);

/// Creates and starts a service, and waits until all of its containers are
/// healthy: [`CreateOneClick::provision`] and [`CreateCompose::provision`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// let budget = coolify
///     .services()
///     .create_one_click(place, "actualbudget")
///     .provision()
///     .await?;
/// println!("{} at {:?}", budget.status, budget.domains);
/// # Ok(()) }
/// ```
#[must_use = "nothing is created before `.send()` or `.await`"]
pub struct ProvisionService {
    coolify: Coolify,
    create: BoxFuture<Result<WrittenService>>,
    patience: Patience,
}

/// A service that was created and is healthy.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ProvisionedService {
    /// The service's uuid.
    pub uuid: Uuid,
    /// Its domains, as full URLs.
    pub domains: Vec<String>,
    /// The status of its containers.
    pub status: ResourceStatus,
}

waits!(ProvisionService, "5 minutes");

impl ProvisionService {
    /// Creates the service and waits until all of its containers are healthy.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// The errors of creating a service; after that, the errors of waiting, with
    /// the service in [`Error::left_behind`](crate::Error::left_behind).
    pub async fn send(self) -> Result<ProvisionedService> {
        let created = self.create.await?;
        let watch = self.coolify.service(&created.uuid).until_healthy();
        let status = watch.with(self.patience).wait().await;
        Ok(ProvisionedService {
            status: status.map_err(|error| error.leaving("service", &created.uuid))?,
            uuid: created.uuid,
            domains: created.domains.unwrap_or_default(),
        })
    }
}

impl fmt::Debug for ProvisionService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvisionService").finish_non_exhaustive()
    }
}

awaitable!(ProvisionService, send -> ProvisionedService);
