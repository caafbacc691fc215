//! A service that is created and brought up, in one flow.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use super::{CreateComposeServiceBody, CreateOneClickServiceBody, WrittenService};
use crate::error::Result;
use crate::request::{Body, Request};
use crate::{Coolify, ResourceStatus, Uuid};

/// A new service, of a one-click type or from a compose file.
///
/// It is implemented by the bodies of the two creates and by nothing else.
pub trait NewService: Body + sealed::Sealed + Send + 'static {
    /// Has it started with its creation.
    #[doc(hidden)]
    fn start(&mut self);
}

mod sealed {
    /// Keeps [`NewService`](super::NewService) to this crate.
    pub trait Sealed {}
}

macro_rules! new_service {
    ($($body:ident),*) => { $(
        impl sealed::Sealed for $body {}

        impl NewService for $body {
            fn start(&mut self) {
                self.instant_deploy = Some(true);
            }
        }
    )* };
}

new_service!(CreateComposeServiceBody, CreateOneClickServiceBody);

impl<B: NewService> Request<B, WrittenService> {
    /// Makes a flow of it: the service is created, started, and waited for until
    /// all of its containers are up and well.
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
    pub fn provision(self) -> ProvisionService<B> {
        ProvisionService {
            request: self,
            poll_every: None,
            max_wait: None,
        }
    }
}

/// A service that is about to be created and brought up: made by
/// [`provision`](Request::provision) of its create, sent by `.await`.
#[derive(Debug)]
#[must_use = "nothing is created before `.send()` or `.await`"]
pub struct ProvisionService<B> {
    request: Request<B, WrittenService>,
    poll_every: Option<Duration>,
    max_wait: Option<Duration>,
}

/// A service that is up.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProvisionedService {
    /// The service's uuid.
    pub uuid: Uuid,
    /// Its addresses, as full URLs.
    pub domains: Vec<String>,
    /// What its containers do.
    pub status: ResourceStatus,
}

impl<B: NewService> ProvisionService<B> {
    /// How often the server is asked while waiting; see
    /// [`StatusWatch::poll_every`](crate::resource::StatusWatch::poll_every).
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.poll_every = Some(interval);
        self
    }

    /// How long to wait at the most; see
    /// [`StatusWatch::max_wait`](crate::resource::StatusWatch::max_wait).
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.max_wait = Some(longest);
        self
    }

    /// Creates it and waits for it.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// What creating gives; after that, what waiting gives, with the service in
    /// [`Error::left_behind`](crate::Error::left_behind).
    pub async fn send(mut self) -> Result<ProvisionedService> {
        self.request.body.start();
        let coolify = self.request.coolify().clone();
        let created = self.request.send().await?;
        let status = until_up(&coolify, &created.uuid, self.poll_every, self.max_wait).await;
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

impl<B: NewService> IntoFuture for ProvisionService<B> {
    type Output = Result<ProvisionedService>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
