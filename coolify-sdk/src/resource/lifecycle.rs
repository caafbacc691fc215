//! Starts, stops and restarts resources. Starting and restarting an application
//! is a deployment, and is in `applications`.

use coolify_sdk_macros::builder;

use super::Resource;
use super::watch::{Goal, StatusWatch};
use crate::ResourceStatus;
use crate::request::Request;

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

macro_rules! stop {
    ($feature:literal, $handle:path, $noun:literal, $stop:ident) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("Stops the ", $noun, ". See [`Stop`](crate::resource::Stop).")]
            ///
            /// Needs the `deploy` ability. Since Coolify 4.0.0.
            #[inline]
            pub fn stop(&self) -> Stop {
                let this = self.clone();
                let options = StopOptions::default();
                Stop(Request::new(
                    self.coolify(),
                    options,
                    |raw, options| async move {
                        let uuid = this.uuid().as_str();
                        let message = raw.$stop(uuid, options.docker_cleanup).await?.message;
                        Ok(this.until_stopped().said(message))
                    },
                ))
            }
        }
    };
}

macro_rules! start {
    ($feature:literal, $handle:path, $noun:literal, $start:ident) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("Starts the ", $noun, ". See [`Start`](crate::resource::Start).")]
            ///
            /// Needs the `deploy` ability. Since Coolify 4.0.0.
            #[inline]
            pub fn start(&self) -> Start {
                let this = self.clone();
                Start(Request::new(self.coolify(), (), |raw, ()| async move {
                    let message = raw.$start(this.uuid().as_str()).await?.message;
                    Ok(this.until_healthy().said(message))
                }))
            }
        }
    };
}

stop!(
    "applications",
    crate::applications::ApplicationHandle,
    "application",
    stop_application_by_uuid
);
stop!(
    "databases",
    crate::databases::DatabaseHandle,
    "database",
    stop_database_by_uuid
);
stop!(
    "services",
    crate::services::ServiceHandle,
    "service",
    stop_service_by_uuid
);

start!(
    "databases",
    crate::databases::DatabaseHandle,
    "database",
    start_database_by_uuid
);
start!(
    "services",
    crate::services::ServiceHandle,
    "service",
    start_service_by_uuid
);

#[cfg(feature = "databases")]
impl crate::databases::DatabaseHandle {
    /// Stops and starts the database. See [`RestartDatabase`].
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn restart(&self) -> RestartDatabase {
        let this = self.clone();
        RestartDatabase(Request::new(self.coolify(), (), |raw, ()| async move {
            let message = raw
                .restart_database_by_uuid(this.uuid().as_str())
                .await?
                .message;
            Ok(StatusWatch::new(this.subject(), Goal::Restarted).said(message))
        }))
    }
}

#[cfg(feature = "services")]
impl crate::services::ServiceHandle {
    /// Stops and starts the service. See [`RestartService`].
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn restart(&self) -> RestartService {
        let this = self.clone();
        let options = RestartOptions::default();
        RestartService(Request::new(
            self.coolify(),
            options,
            |raw, options| async move {
                let uuid = this.uuid().as_str();
                let message = raw
                    .restart_service_by_uuid(uuid, options.latest)
                    .await?
                    .message;
                Ok(StatusWatch::new(this.subject(), Goal::Restarted).said(message))
            },
        ))
    }
}
