//! Creates a service and waits until it is healthy.

use std::fmt;

use serde::Serialize;

use super::{CreateCompose, CreateOneClick, ServiceHandle, WrittenService};
use crate::envs::BulkVariable;
use crate::error::Result;
use crate::request::{BoxFuture, awaitable};
use crate::wait::{Patience, waits};
use crate::{Coolify, ResourceStatus, Uuid};

macro_rules! provisions {
    ($($create:ident),*) => { $(
        impl $create {
            /// Creates the service, sets its environment variables, starts it, and
            /// waits until all of its containers are healthy. See [`ProvisionService`].
            pub fn provision(mut self) -> ProvisionService {
                ProvisionService {
                    coolify: self.0.coolify().clone(),
                    create: Box::new(|instantly| {
                        self.0.body.instant_deploy = Some(instantly);
                        Box::pin(self.0.send())
                    }),
                    variables: Vec::new(),
                    patience: Patience::default(),
                }
            }
        }
    )* };
}

provisions!(CreateCompose, CreateOneClick);

/// Creates a service, sets its environment variables, starts it, and waits until all
/// of its containers are healthy: [`CreateOneClick::provision`] and
/// [`CreateCompose::provision`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// use coolify_sdk::envs::BulkVariable;
///
/// let budget = coolify
///     .services()
///     .create_one_click(place, "actualbudget")
///     .provision()
///     .variables([BulkVariable::new("LOGIN_METHOD").value("password")])
///     .await?;
/// println!("{} at {:?}", budget.status, budget.domains);
/// # Ok(()) }
/// ```
#[must_use = "nothing is created before `.send()` or `.await`"]
pub struct ProvisionService {
    coolify: Coolify,
    create: Create,
    variables: Vec<BulkVariable>,
    patience: Patience,
}

/// Creates the service. It is started at once if the argument is true.
type Create = Box<dyn FnOnce(bool) -> BoxFuture<Result<WrittenService>> + Send>;

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
    /// Sets environment variables before the first start. Variables that Coolify
    /// creates from the compose file get the value.
    pub fn variables(mut self, variables: impl IntoIterator<Item = BulkVariable>) -> Self {
        self.variables.extend(variables);
        self
    }

    /// Creates the service and waits until all of its containers are healthy.
    ///
    /// Needs the `read` and `write` abilities, with variables also `deploy`. Since
    /// Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// The errors of creating a service; after that, the errors of setting the
    /// variables, of starting and of waiting, with the service in
    /// [`Error::left_behind`](crate::Error::left_behind).
    pub async fn send(self) -> Result<ProvisionedService> {
        let instantly = self.variables.is_empty();
        let created = (self.create)(instantly).await?;
        let service = self.coolify.service(&created.uuid);
        let status = start(&service, self.variables, self.patience).await;
        Ok(ProvisionedService {
            status: status.map_err(|error| error.leaving("service", &created.uuid))?,
            uuid: created.uuid,
            domains: created.domains.unwrap_or_default(),
        })
    }
}

/// Finishes a created service. Without variables, it has already been started.
async fn start(
    service: &ServiceHandle,
    variables: Vec<BulkVariable>,
    patience: Patience,
) -> Result<ResourceStatus> {
    let watch = if variables.is_empty() {
        service.until_healthy()
    } else {
        service.envs().bulk(variables).await?;
        service.start().send().await?
    };
    watch.with(patience).wait().await
}

impl fmt::Debug for ProvisionService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvisionService")
            .field("variables", &self.variables)
            .finish_non_exhaustive()
    }
}

awaitable!(ProvisionService, send -> ProvisionedService);
