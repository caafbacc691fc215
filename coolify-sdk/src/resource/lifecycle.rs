//! Starts, stops and restarts resources. Starting and restarting an application
//! is a deployment, and is in `applications`.

use coolify_sdk_macros::builder;

use super::ResourceHandle;
use super::subject::Subject;
use super::watch::{Goal, StatusWatch};
use crate::ResourceStatus;
use crate::request::Request;
#[cfg(any(feature = "databases", feature = "services"))]
use crate::{Call, Uuid, raw, raw::types::Message};

/// The options of stopping a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, coolify_sdk_macros::Request)]
#[request(builder = crate::resource::Stop)]
pub(crate) struct StopOptions {
    /// Removes the server's unused images, containers and build caches as well,
    /// including those of other resources, if true. Default `true`.
    pub docker_cleanup: Option<bool>,
}

/// The options of restarting a service.
#[cfg(feature = "services")]
#[derive(Clone, Debug, Default, PartialEq, Eq, coolify_sdk_macros::Request)]
#[request(builder = crate::resource::RestartService)]
pub(crate) struct RestartOptions {
    /// Pulls newer images first if true. Default `false`.
    pub latest: Option<bool>,
}

/// Stops an application, a database or a service: `stop` of their handles.
///
/// The containers stop some time after the reply. The request returns a watch;
/// [`and_wait`](Self::and_wait) waits until they have stopped.
///
/// Needs the `deploy` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if the resource has already
/// stopped; [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
/// resource.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let application = coolify.application("khzsv5nucvscskrm5gez3p8v");
/// let status = application.stop().docker_cleanup(false).and_wait().await?;
/// println!("{status}");
/// # Ok(()) }
/// ```
#[builder(options, and_wait = ResourceStatus)]
pub struct Stop(Request<StopOptions, StatusWatch>);

/// Starts a database or a service: `start` of their handles.
///
/// There is no deployment to follow: the containers start some time after the
/// reply. The request returns a watch; [`and_wait`](Self::and_wait) waits until
/// they are healthy.
///
/// Needs the `deploy` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if the resource is already
/// running; [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
/// resource.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let database = coolify.database("xkzsv5nucvscskrm5gez3p8v");
/// let status = database.start().and_wait().await?;
/// println!("{status}");
/// # Ok(()) }
/// ```
#[cfg(any(feature = "databases", feature = "services"))]
#[builder(and_wait = ResourceStatus)]
pub struct Start(Request<(), StatusWatch>);

/// Stops and starts a database: `restart` of its handle.
///
/// Returns a watch on its container; [`and_wait`](Self::and_wait) waits until it is
/// healthy again.
///
/// Needs the `deploy` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown database.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let database = coolify.database("xkzsv5nucvscskrm5gez3p8v");
/// let status = database.restart().and_wait().await?;
/// println!("{status}");
/// # Ok(()) }
/// ```
#[cfg(feature = "databases")]
#[builder(and_wait = ResourceStatus)]
pub struct RestartDatabase(Request<(), StatusWatch>);

/// Stops and starts a service: `restart` of its handle.
///
/// Returns a watch on its containers; [`and_wait`](Self::and_wait) waits until they
/// are healthy again.
///
/// Needs the `deploy` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown service.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let service = coolify.service("z5nlnxsn1n3caj9setkwj40p");
/// let status = service.restart().latest(true).and_wait().await?;
/// println!("{status}");
/// # Ok(()) }
/// ```
#[cfg(feature = "services")]
#[builder(options, and_wait = ResourceStatus)]
pub struct RestartService(Request<RestartOptions, StatusWatch>);

impl Stop {
    pub(crate) fn new<R: ResourceHandle>(resource: &R) -> Self {
        let this = resource.clone();
        let options = StopOptions::default();
        Self(Request::new(
            resource.coolify(),
            options,
            |raw, options| async move {
                let reply = R::stop(&raw, this.uuid(), options.docker_cleanup).await?;
                Ok(StatusWatch::new(Subject::of(&this), Goal::Stopped).said(reply.message))
            },
        ))
    }
}

#[cfg(any(feature = "databases", feature = "services"))]
impl Start {
    pub(crate) fn new<R: ResourceHandle>(
        resource: &R,
        start: fn(&raw::Client, &Uuid) -> Call<Message>,
    ) -> Self {
        Self(after(resource, start, Goal::Healthy))
    }
}

#[cfg(feature = "databases")]
impl RestartDatabase {
    pub(crate) fn new<R: ResourceHandle>(
        resource: &R,
        restart: fn(&raw::Client, &Uuid) -> Call<Message>,
    ) -> Self {
        Self(after(resource, restart, Goal::Restarted))
    }
}

/// A call, and the watch on what comes of it.
#[cfg(any(feature = "databases", feature = "services"))]
fn after<R: ResourceHandle>(
    resource: &R,
    call: fn(&raw::Client, &Uuid) -> Call<Message>,
    goal: Goal,
) -> Request<(), StatusWatch> {
    let this = resource.clone();
    Request::new(resource.coolify(), (), move |raw, ()| async move {
        let reply = call(&raw, this.uuid()).await?;
        Ok(StatusWatch::new(Subject::of(&this), goal).said(reply.message))
    })
}

#[cfg(feature = "services")]
impl RestartService {
    pub(crate) fn new<R: ResourceHandle>(
        resource: &R,
        restart: fn(&raw::Client, &Uuid, Option<bool>) -> Call<Message>,
    ) -> Self {
        let this = resource.clone();
        let options = RestartOptions::default();
        Self(Request::new(
            resource.coolify(),
            options,
            move |raw, options| async move {
                let reply = restart(&raw, this.uuid(), options.latest).await?;
                Ok(StatusWatch::new(Subject::of(&this), Goal::Restarted).said(reply.message))
            },
        ))
    }
}
