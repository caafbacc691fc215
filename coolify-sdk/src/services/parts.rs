//! The containers of a service: its applications and its databases.

use super::{
    ServiceApplication, ServiceDatabase, ServiceHandle, UpdateServiceApplicationBody,
    UpdateServiceDatabaseBody,
};
use crate::Call;
use crate::error::Result;
use crate::request::Request;
use crate::resource::logs::{ContainerLogs, LogSource, Read, none_unless_running};
use crate::resource::watch::Goal;
use crate::resource::{Resource, StatusWatch};
use crate::verify::Subject;
use crate::{Coolify, Uuid};

/// How a container of a service is started.
#[derive(Clone, Debug, Default, PartialEq, Eq, coolify_sdk_macros::Request)]
pub struct StartOptions {
    /// Whether images are built anew, without Docker's cache. Default `false`.
    pub force: Option<bool>,
    /// Whether newer images are pulled first. Default `false`.
    pub latest: Option<bool>,
}

/// What a service's applications and databases have in common, by the names of
/// their calls.
macro_rules! parts {
    (
        $noun:literal, $all:ident, $one:ident, $model:ident, $accessor_all:ident, $accessor_one:ident,
        list: $list:ident, get: $get:ident, logs: $logs:ident,
        start: $start:ident, stop: $stop:ident, restart: $restart:ident
    ) => {
        #[doc = concat!("The ", $noun, "s of one service:")]
        #[doc = concat!("[`ServiceHandle::", stringify!($accessor_all), "`].")]
        #[derive(Clone, Debug)]
        pub struct $all {
            service: ServiceHandle,
        }

        #[doc = concat!("One ", $noun, " of a service:")]
        #[doc = concat!("[`ServiceHandle::", stringify!($accessor_one), "`].")]
        #[derive(Clone, Debug)]
        pub struct $one {
            service: ServiceHandle,
            uuid: Uuid,
        }

        impl ServiceHandle {
            #[doc = concat!("Its ", $noun, "s.")]
            #[must_use]
            pub fn $accessor_all(&self) -> $all {
                $all {
                    service: self.clone(),
                }
            }

            #[doc = concat!("One of its ", $noun, "s.")]
            #[must_use]
            pub fn $accessor_one(&self, uuid: impl Into<Uuid>) -> $one {
                $one {
                    service: self.clone(),
                    uuid: uuid.into(),
                }
            }
        }

        impl $all {
            /// All of them.
            ///
            /// Needs the `read` ability. Since Coolify 4.2.0; before, the
            /// [service](ServiceHandle::get) itself has them.
            ///
            /// # Errors
            ///
            /// [`Error::is_not_found`](crate::Error::is_not_found) for an
            /// unknown service.
            #[inline]
            pub fn list(&self) -> Call<Vec<$model>> {
                self.service
                    .coolify()
                    .raw()
                    .$list(self.service.uuid().as_str())
            }
        }

        impl $one {
            /// Its uuid.
            #[must_use]
            pub fn uuid(&self) -> &Uuid {
                &self.uuid
            }

            /// What it is now.
            ///
            /// Needs the `read` ability. Since Coolify 4.2.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_not_found`](crate::Error::is_not_found) when there is
            /// none.
            pub async fn get(&self) -> Result<$model> {
                let (service, part) = self.path();
                let raw = self.coolify().raw();
                raw.$get(service, part).await
            }

            /// What its container writes: its last lines, or a stream. Coolify
            /// gives no times here; by the container's name
            /// [`ServiceHandle::logs`] has them.
            ///
            /// Needs the `read` ability. Since Coolify 4.2.0.
            pub fn logs(&self) -> ContainerLogs {
                self.container_logs(|raw, service, part, lines, _| {
                    Box::pin(async move {
                        let part = Uuid::from(part);
                        none_unless_running(raw.$logs(service.as_str(), part.as_str(), lines).await)
                    })
                })
            }

            fn container_logs(&self, read: Read) -> ContainerLogs {
                ContainerLogs::new(LogSource {
                    coolify: self.coolify().clone(),
                    uuid: self.service.uuid().clone(),
                    part: self.uuid.as_str().to_owned(),
                    has_times: false,
                    read,
                })
            }

            /// Starts it, or rolls it out again; gives a watch, which ends when
            /// it is up and well.
            ///
            /// Needs the `deploy` ability. Since Coolify 4.2.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_not_found`](crate::Error::is_not_found) when there is
            /// none.
            #[inline]
            pub fn start(&self) -> Request<StartOptions, StatusWatch> {
                let this = self.clone();
                let options = StartOptions::default();
                Request::new(self.coolify(), options, |raw, options| async move {
                    let (service, part) = this.path();
                    let reply = raw.$start(service, part, options.force, options.latest);
                    Ok(this.until_healthy().said(reply.await?.message))
                })
            }

            /// Stops it; gives a watch, which ends when it is down.
            ///
            /// Needs the `deploy` ability. Since Coolify 4.2.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_not_found`](crate::Error::is_not_found) when there is
            /// none.
            #[inline]
            pub fn stop(&self) -> Request<(), StatusWatch> {
                let this = self.clone();
                Request::new(self.coolify(), (), |raw, ()| async move {
                    let (service, part) = this.path();
                    Ok(this
                        .until_stopped()
                        .said(raw.$stop(service, part).await?.message))
                })
            }

            /// Stops and starts it; gives a watch, which ends when it is up
            /// again.
            ///
            /// Needs the `deploy` ability. Since Coolify 4.2.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_not_found`](crate::Error::is_not_found) when there is
            /// none.
            #[inline]
            pub fn restart(&self) -> Request<(), StatusWatch> {
                let this = self.clone();
                Request::new(self.coolify(), (), |raw, ()| async move {
                    let (service, part) = this.path();
                    let reply = raw.$restart(service, part).await;
                    let watch = StatusWatch::new(this.subject(), Goal::Restarted);
                    Ok(watch.said(reply?.message))
                })
            }

            pub(crate) fn service(&self) -> &ServiceHandle {
                &self.service
            }

            fn read_back(&self) -> Subject {
                let get = stringify!($get);
                Subject::new(get, self.service.uuid()).part(&self.uuid)
            }

            fn coolify(&self) -> &Coolify {
                self.service.coolify()
            }

            fn path(&self) -> (&str, &str) {
                (self.service.uuid().as_str(), self.uuid.as_str())
            }
        }
    };
}

parts!(
    "application", ServiceApplications, ServiceApplicationHandle, ServiceApplication,
    applications, application,
    list: list_service_applications_by_service_uuid,
    get: get_service_application_by_service_and_app_uuid,
    logs: get_service_application_logs_by_service_and_app_uuid,
    start: post_start_service_application_by_service_and_app_uuid,
    stop: post_stop_service_application_by_service_and_app_uuid,
    restart: post_restart_service_application_by_service_and_app_uuid
);

parts!(
    "database", ServiceDatabases, ServiceDatabaseHandle, ServiceDatabase,
    databases, database,
    list: list_service_databases_by_service_uuid,
    get: get_service_database_by_service_and_database_uuid,
    logs: get_service_database_logs_by_service_and_database_uuid,
    start: start_service_database_by_service_and_database_uuid,
    stop: stop_service_database_by_service_and_database_uuid,
    restart: restart_service_database_by_service_and_database_uuid
);

impl ServiceApplicationHandle {
    /// Changes what is set; gives the application as it is then.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) when the address is in
    /// use: see [`update_forced`](Self::update_forced).
    #[inline]
    pub fn update(&self) -> Request<UpdateServiceApplicationBody, ServiceApplication, Subject> {
        self.update_with(None)
    }

    /// The same, also where the address is in use by another resource.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    #[inline]
    pub fn update_forced(
        &self,
    ) -> Request<UpdateServiceApplicationBody, ServiceApplication, Subject> {
        self.update_with(Some(true))
    }

    fn update_with(
        &self,
        force_domain_override: Option<bool>,
    ) -> Request<UpdateServiceApplicationBody, ServiceApplication, Subject> {
        let this = self.clone();
        let body = UpdateServiceApplicationBody::default();
        Request::new(self.coolify(), body, move |raw, body| async move {
            let (service, part) = this.path();
            raw.patch_service_application_by_service_and_app_uuid(
                service,
                part,
                force_domain_override,
                &body,
            )
            .await
        })
        .about(self.read_back())
    }

    /// The same as [`logs`](Self::logs) by POST, for a proxy in between that
    /// answers a GET from its cache.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    pub fn logs_uncached(&self) -> ContainerLogs {
        self.container_logs(|raw, service, part, lines, _| {
            Box::pin(async move {
                let part = Uuid::from(part);
                let reply = raw.post_service_application_logs_by_service_and_app_uuid(
                    service.as_str(),
                    part.as_str(),
                    lines,
                );
                none_unless_running(reply.await)
            })
        })
    }
}

impl ServiceDatabaseHandle {
    /// Changes what is set; gives the database as it is then.
    ///
    /// To be reached from outside it needs both `is_public(true)` and a
    /// `public_port`.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is none.
    #[inline]
    pub fn update(&self) -> Request<UpdateServiceDatabaseBody, ServiceDatabase, Subject> {
        let this = self.clone();
        let body = UpdateServiceDatabaseBody::default();
        Request::new(self.coolify(), body, |raw, body| async move {
            let (service, part) = this.path();
            raw.patch_service_database_by_service_and_database_uuid(service, part, &body)
                .await
        })
        .about(self.read_back())
    }
}
