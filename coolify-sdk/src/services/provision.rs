//! Creates a service and waits until it is healthy.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use serde::Serialize;

use super::{CreateCompose, CreateOneClick, WrittenService};
use crate::error::Result;
use crate::request::BoxFuture;
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
                    poll_every: None,
                    max_wait: None,
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
    poll_every: Option<Duration>,
    max_wait: Option<Duration>,
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

impl ProvisionService {
    /// Sets how often to poll; see
    /// [`StatusWatch::poll_every`](crate::resource::StatusWatch::poll_every).
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.poll_every = Some(interval);
        self
    }

    /// Sets how long to wait at most; see
    /// [`StatusWatch::max_wait`](crate::resource::StatusWatch::max_wait).
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.max_wait = Some(longest);
        self
    }

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
        let status = until_up(&self.coolify, &created.uuid, self.poll_every, self.max_wait).await;
        Ok(ProvisionedService {
            status: status.map_err(|error| error.leaving("service", &created.uuid))?,
            uuid: created.uuid,
            domains: created.domains.unwrap_or_default(),
        })
    }
}

async fn until_up(
    coolify: &Coolify,
    uuid: &Uuid,
    poll_every: Option<Duration>,
    max_wait: Option<Duration>,
) -> Result<ResourceStatus> {
    let mut watch = coolify.service(uuid).until_healthy();
    if let Some(interval) = poll_every {
        watch = watch.poll_every(interval);
    }
    if let Some(longest) = max_wait {
        watch = watch.max_wait(longest);
    }
    watch.wait().await
}

impl fmt::Debug for ProvisionService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvisionService").finish_non_exhaustive()
    }
}

impl IntoFuture for ProvisionService {
    type Output = Result<ProvisionedService>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
