//! Starting, stopping and restarting. Starting and restarting an application is
//! a deployment and stands with the applications.

use super::Resource;
use super::watch::{Goal, StatusWatch};
use crate::request::Request;

/// How a resource is stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, coolify_sdk_macros::Request)]
pub struct StopOptions {
    /// Whether the server's unused images, containers and build caches are
    /// removed as well, whoever they belonged to. Default `true`.
    pub docker_cleanup: Option<bool>,
}

/// How a service is restarted.
#[cfg(feature = "services")]
#[derive(Clone, Debug, Default, PartialEq, Eq, coolify_sdk_macros::Request)]
pub struct RestartOptions {
    /// Whether newer images are pulled first. Default `false`.
    pub latest: Option<bool>,
}

macro_rules! stop {
    ($feature:literal, $handle:path, $noun:literal, $stop:ident) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("Stops the ", $noun, ".")]
            ///
            /// The containers go down some time after the answer: what is given
            /// watches them, [`and_wait`](Request::and_wait) waits for them.
            ///
            /// Needs the `deploy` ability. Since Coolify 4.0.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_conflict`](crate::Error::is_conflict) for what has
            /// stopped already;
            /// [`Error::is_not_found`](crate::Error::is_not_found) when there is
            /// none.
            #[inline]
            pub fn stop(&self) -> Request<StopOptions, StatusWatch> {
                let this = self.clone();
                let options = StopOptions::default();
                Request::new(self.coolify(), options, |raw, options| async move {
                    let uuid = this.uuid().as_str();
                    let message = raw.$stop(uuid, options.docker_cleanup).await?.message;
                    Ok(this.until_stopped().said(message))
                })
            }
        }
    };
}

macro_rules! start {
    ($feature:literal, $handle:path, $noun:literal, $start:ident) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("Starts the ", $noun, ".")]
            ///
            /// There is no deployment to follow: the containers come up some
            /// time after the answer. What is given watches them,
            /// [`and_wait`](Request::and_wait) waits until they are well.
            ///
            /// Needs the `deploy` ability. Since Coolify 4.0.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_conflict`](crate::Error::is_conflict) when it runs
            /// already; [`Error::is_not_found`](crate::Error::is_not_found) when
            /// there is none.
            #[inline]
            pub fn start(&self) -> Request<(), StatusWatch> {
                let this = self.clone();
                Request::new(self.coolify(), (), |raw, ()| async move {
                    let message = raw.$start(this.uuid().as_str()).await?.message;
                    Ok(this.until_healthy().said(message))
                })
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
    /// Stops and starts the database; what is given watches it, and
    /// [`and_wait`](Request::and_wait) waits until it is well again.
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is none.
    #[inline]
    pub fn restart(&self) -> Request<(), StatusWatch> {
        let this = self.clone();
        Request::new(self.coolify(), (), |raw, ()| async move {
            let message = raw
                .restart_database_by_uuid(this.uuid().as_str())
                .await?
                .message;
            Ok(StatusWatch::new(this.subject(), Goal::Restarted).said(message))
        })
    }
}

#[cfg(feature = "services")]
impl crate::services::ServiceHandle {
    /// Stops and starts the service; what is given watches it, and
    /// [`and_wait`](Request::and_wait) waits until it is well again.
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is none.
    #[inline]
    pub fn restart(&self) -> Request<RestartOptions, StatusWatch> {
        let this = self.clone();
        let options = RestartOptions::default();
        Request::new(self.coolify(), options, |raw, options| async move {
            let uuid = this.uuid().as_str();
            let message = raw
                .restart_service_by_uuid(uuid, options.latest)
                .await?
                .message;
            Ok(StatusWatch::new(this.subject(), Goal::Restarted).said(message))
        })
    }
}
