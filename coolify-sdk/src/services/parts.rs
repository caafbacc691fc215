//! The containers of a service: its applications and its databases.

use coolify_sdk_macros::builder;

use super::{ServiceApplication, ServiceDatabase, ServiceHandle};
use crate::Call;
use crate::ResourceStatus;
use crate::imports::DatabaseImports;
use crate::raw::types::{UpdateServiceApplicationBody, UpdateServiceDatabaseBody};
use crate::request::Request;
use crate::resource::logs::{ContainerLogs, LogSource, Read, none_unless_running};
use crate::resource::subject::{Reading, Subject as Watched};
use crate::resource::watch::Goal;
use crate::resource::{ResourceHandle, StatusReport, StatusWatch};
use crate::verify::Subject;
use crate::{Coolify, Uuid};

/// How a container of a service is started.
#[derive(Clone, Debug, Default, PartialEq, Eq, coolify_sdk_macros::Request)]
#[request(builder = crate::services::StartContainer)]
pub(crate) struct StartOptions {
    /// Builds images anew, without Docker's cache, if true. Default `false`.
    pub force: Option<bool>,
    /// Pulls newer images first if true. Default `false`.
    pub latest: Option<bool>,
}

/// Starts or redeploys a container of a service, and returns a watch that ends
/// when it is healthy: `start` of [`ServiceApplicationHandle`] and
/// [`ServiceDatabaseHandle`].
///
/// Needs the `deploy` ability. Since Coolify 4.2.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) if the service has no such
/// container.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let service = coolify.service("z5nlnxsn1n3caj9setkwj40p");
/// let web = service.application("hs0kgc8k4wo8gokw0cs4kcgs");
/// let status = web.start().latest(true).and_wait().await?;
/// println!("{status}");
/// # Ok(()) }
/// ```
#[builder(options, and_wait = ResourceStatus)]
pub struct StartContainer(Request<StartOptions, StatusWatch>);

/// Stops a container of a service, and returns a watch that ends when it has
/// stopped: `stop` of [`ServiceApplicationHandle`] and [`ServiceDatabaseHandle`].
///
/// Needs the `deploy` ability. Since Coolify 4.2.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) if the service has no such
/// container.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let service = coolify.service("z5nlnxsn1n3caj9setkwj40p");
/// let web = service.application("hs0kgc8k4wo8gokw0cs4kcgs");
/// let status = web.stop().and_wait().await?;
/// println!("{status}");
/// # Ok(()) }
/// ```
#[builder(and_wait = ResourceStatus)]
pub struct StopContainer(Request<(), StatusWatch>);

/// Restarts a container of a service, and returns a watch that ends when it is
/// healthy again: `restart` of [`ServiceApplicationHandle`] and
/// [`ServiceDatabaseHandle`].
///
/// Needs the `deploy` ability. Since Coolify 4.2.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) if the service has no such
/// container.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let service = coolify.service("z5nlnxsn1n3caj9setkwj40p");
/// let web = service.application("hs0kgc8k4wo8gokw0cs4kcgs");
/// let status = web.restart().and_wait().await?;
/// println!("{status}");
/// # Ok(()) }
/// ```
#[builder(and_wait = ResourceStatus)]
pub struct RestartContainer(Request<(), StatusWatch>);

/// Defines what the applications and databases of a service have in common, by
/// the names of their calls.
macro_rules! parts {
    (
        $noun:literal, $all:ident, $one:ident, $model:ident, $accessor_all:ident, $accessor_one:ident,
        list: $list:ident, get: $get:ident, logs: $logs:ident,
        start: $start:ident, stop: $stop:ident, restart: $restart:ident
    ) => {
        #[doc = concat!("A handle for the ", $noun, "s of one service:")]
        #[doc = concat!("[`ServiceHandle::", stringify!($accessor_all), "`].")]
        #[derive(Clone, Debug)]
        pub struct $all {
            service: ServiceHandle,
        }

        #[doc = concat!("A handle for one ", $noun, " of a service:")]
        #[doc = concat!("[`ServiceHandle::", stringify!($accessor_one), "`].")]
        #[derive(Clone, Debug)]
        pub struct $one {
            service: ServiceHandle,
            uuid: Uuid,
        }

        impl ServiceHandle {
            #[doc = concat!("Returns a handle for its ", $noun, "s.")]
            #[must_use]
            pub fn $accessor_all(&self) -> $all {
                $all {
                    service: self.clone(),
                }
            }

            #[doc = concat!("Returns a handle for one of its ", $noun, "s.")]
            #[must_use]
            pub fn $accessor_one(&self, uuid: impl Into<Uuid>) -> $one {
                $one {
                    service: self.clone(),
                    uuid: uuid.into(),
                }
            }
        }

        impl $all {
            /// Returns all of them.
            ///
            /// Needs the `read` ability. Since Coolify 4.2.0; before, the
            /// [service](ServiceHandle::get) itself contains them.
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
            /// Returns its uuid.
            #[must_use]
            pub fn uuid(&self) -> &Uuid {
                &self.uuid
            }

            /// Returns it as it is now.
            ///
            /// Needs the `read` ability. Since Coolify 4.2.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
            #[inline]
            pub fn get(&self) -> Call<$model> {
                let (service, part) = self.path();
                self.coolify().raw().$get(service, part)
            }

            /// Returns a handle for the log of its container: the last lines, or a
            /// stream. The lines have no times; [`ServiceHandle::logs`] with the
            /// container's name returns lines with times.
            ///
            /// Needs the `read` ability, or `read:sensitive` since 4.4.0. Since
            /// Coolify 4.2.0.
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

            /// Starts or redeploys it, and returns a watch that ends when it is healthy.
            /// See [`StartContainer`].
            ///
            /// Needs the `deploy` ability. Since Coolify 4.2.0.
            #[inline]
            pub fn start(&self) -> StartContainer {
                let this = self.clone();
                let options = StartOptions::default();
                StartContainer(Request::new(
                    self.coolify(),
                    options,
                    |raw, options| async move {
                        let (service, part) = this.path();
                        let reply = raw.$start(service, part, options.force, options.latest);
                        Ok(this.until_healthy().said(reply.await?.message))
                    },
                ))
            }

            /// Stops it, and returns a watch that ends when it has stopped. See
            /// [`StopContainer`].
            ///
            /// Needs the `deploy` ability. Since Coolify 4.2.0.
            #[inline]
            pub fn stop(&self) -> StopContainer {
                let this = self.clone();
                StopContainer(Request::new(self.coolify(), (), |raw, ()| async move {
                    let (service, part) = this.path();
                    Ok(this
                        .until_stopped()
                        .said(raw.$stop(service, part).await?.message))
                }))
            }

            /// Stops and starts it, and returns a watch that ends when it is healthy
            /// again. See [`RestartContainer`].
            ///
            /// Needs the `deploy` ability. Since Coolify 4.2.0.
            #[inline]
            pub fn restart(&self) -> RestartContainer {
                let this = self.clone();
                RestartContainer(Request::new(self.coolify(), (), |raw, ()| async move {
                    let (service, part) = this.path();
                    let reply = raw.$restart(service, part).await;
                    let watch = this.watch(Goal::Restarted);
                    Ok(watch.said(reply?.message))
                }))
            }

            #[doc = concat!("Watches the ", $noun, " until it is healthy.")]
            ///
            /// Needs the `read` ability. Since Coolify 4.0.0.
            #[must_use]
            pub fn until_healthy(&self) -> StatusWatch {
                self.watch(Goal::Healthy)
            }

            #[doc = concat!("Watches the ", $noun, " until it has stopped.")]
            ///
            /// Needs the `read` ability. Since Coolify 4.0.0.
            #[must_use]
            pub fn until_stopped(&self) -> StatusWatch {
                self.watch(Goal::Stopped)
            }

            fn watch(&self, goal: Goal) -> StatusWatch {
                static READING: Reading = Reading {
                    noun: concat!("service ", $noun),
                    look: |raw, service, part| {
                        let it = raw.$get(service.as_str(), part);
                        it.map(|it| StatusReport::of(it.status))
                    },
                    log: |raw, service, part, lines| raw.$logs(service.as_str(), part, Some(lines)),
                };
                let watched = Watched::part(&self.service, &self.uuid, &READING);
                StatusWatch::new(watched, goal)
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

/// Changes an application of a service, and returns it:
/// [`ServiceApplicationHandle::update`] and
/// [`ServiceApplicationHandle::update_forced`].
///
/// Needs the `write` ability. Since Coolify 4.2.0.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// [`update_forced`](ServiceApplicationHandle::update_forced) sets it anyway.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let service = coolify.service("z5nlnxsn1n3caj9setkwj40p");
/// let web = service.application("hs0kgc8k4wo8gokw0cs4kcgs");
/// web.update().human_name("Web".to_owned()).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateApplication(
    Request<UpdateServiceApplicationBody, ServiceApplication>,
    Subject,
);

impl ServiceApplicationHandle {
    /// Changes the application, and returns it. See [`UpdateApplication`].
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    #[inline]
    pub fn update(&self) -> UpdateApplication {
        self.update_with(None)
    }

    /// Changes the application even if another resource uses the domain, and
    /// returns it. See [`UpdateApplication`].
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    #[inline]
    pub fn update_forced(&self) -> UpdateApplication {
        self.update_with(Some(true))
    }

    fn update_with(&self, force_domain_override: Option<bool>) -> UpdateApplication {
        let this = self.clone();
        let body = UpdateServiceApplicationBody::default();
        let request = Request::new(self.coolify(), body, move |raw, body| async move {
            let (service, part) = this.path();
            raw.patch_service_application_by_service_and_app_uuid(
                service,
                part,
                force_domain_override,
                &body,
            )
            .await
        });
        UpdateApplication(request, self.read_back())
    }

    /// Returns a handle for the log like [`logs`](Self::logs), but reads it by
    /// POST, for the case that a proxy answers a GET from its cache.
    ///
    /// Needs the `read` ability, or `read:sensitive` since 4.4.0. Since Coolify 4.2.0.
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

/// Changes a database of a service, and returns it:
/// [`ServiceDatabaseHandle::update`].
///
/// To be reachable from outside, it needs both `is_public(true)` and a
/// `public_port`.
///
/// Needs the `write` ability. Since Coolify 4.2.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let service = coolify.service("z5nlnxsn1n3caj9setkwj40p");
/// let database = service.database("m4ggk8wckgk8cs0sokc8gwco");
/// database.update().is_public(true).public_port(5433).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateDatabase(Request<UpdateServiceDatabaseBody, ServiceDatabase>, Subject);

impl ServiceDatabaseHandle {
    /// Returns a handle for the imports into it.
    #[must_use]
    pub fn imports(&self) -> DatabaseImports {
        DatabaseImports::of_part(self.coolify(), self.service.uuid(), &self.uuid)
    }

    /// Changes a database of a service, and returns it. See [`UpdateDatabase`].
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    #[inline]
    pub fn update(&self) -> UpdateDatabase {
        let this = self.clone();
        let body = UpdateServiceDatabaseBody::default();
        UpdateDatabase(
            Request::new(self.coolify(), body, |raw, body| async move {
                let (service, part) = this.path();
                raw.patch_service_database_by_service_and_database_uuid(service, part, &body)
                    .await
            }),
            self.read_back(),
        )
    }
}
