//! Starting, stopping and restarting. Starting and restarting an application is
//! a deployment and stands with the applications.

use super::Resource;
#[cfg(any(feature = "databases", feature = "services"))]
use crate::error::Result;
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
            #[doc = concat!("Stops the ", $noun, "; gives what Coolify says about it.")]
            ///
            /// The containers go down some time after the answer; the status
            /// tells when.
            ///
            /// Needs the `deploy` ability. Since Coolify 4.0.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_conflict`](crate::Error::is_conflict) for what has
            /// stopped already;
            /// [`Error::is_not_found`](crate::Error::is_not_found) when there is
            /// none.
            pub fn stop(&self) -> Request<StopOptions, String> {
                let uuid = self.uuid().clone();
                let options = StopOptions::default();
                Request::new(self.coolify(), options, |raw, options| async move {
                    let reply = raw.$stop(uuid.segment()?, options.docker_cleanup).await;
                    Ok(raw.finish(reply)?.message)
                })
            }
        }
    };
}

macro_rules! start {
    ($feature:literal, $handle:path, $noun:literal, $start:ident) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("Starts the ", $noun, "; gives what Coolify says about it.")]
            ///
            /// There is no deployment to follow: the containers come up some
            /// time after the answer, and the status tells when.
            ///
            /// Needs the `deploy` ability. Since Coolify 4.0.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_conflict`](crate::Error::is_conflict) when it runs
            /// already; [`Error::is_not_found`](crate::Error::is_not_found) when
            /// there is none.
            pub async fn start(&self) -> Result<String> {
                let raw = self.coolify().raw();
                let reply = raw.$start(self.uuid().segment()?).await;
                Ok(raw.finish(reply)?.message)
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
    /// Stops and starts the database; gives what Coolify says about it.
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is none.
    pub async fn restart(&self) -> Result<String> {
        let raw = self.coolify().raw();
        let reply = raw.restart_database_by_uuid(self.uuid().segment()?).await;
        Ok(raw.finish(reply)?.message)
    }
}

#[cfg(feature = "services")]
impl crate::services::ServiceHandle {
    /// Stops and starts the service; gives what Coolify says about it.
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is none.
    pub fn restart(&self) -> Request<RestartOptions, String> {
        let uuid = self.uuid().clone();
        let options = RestartOptions::default();
        Request::new(self.coolify(), options, |raw, options| async move {
            let reply = raw
                .restart_service_by_uuid(uuid.segment()?, options.latest)
                .await;
            Ok(raw.finish(reply)?.message)
        })
    }
}
