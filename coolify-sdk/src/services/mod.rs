//! Services: one-click services and compose files, and their containers.

mod create;
mod domains;
mod fields;
mod kind;
mod logs;
mod parts;
mod provision;
mod storages;
mod types;

pub use create::{CreateCompose, CreateOneClick};
pub use parts::{
    RestartContainer, ServiceApplicationHandle, ServiceApplications, ServiceDatabaseHandle,
    ServiceDatabases, StartContainer, StopContainer, UpdateApplication, UpdateDatabase,
};
pub use provision::{ProvisionService, ProvisionedService};
pub use types::{ServiceContainer, ServiceType};

use coolify_sdk_macros::builder;

use crate::envs::Envs;
use crate::raw::types::UpdateServiceByUuidBody;
pub use crate::raw::types::{
    Service, ServiceApplication, ServiceDatabase, ServiceUrl, WrittenService,
};
use crate::request::Request;
use crate::resource::{RestartService, Start, resource_handle};
#[cfg(feature = "scheduled-tasks")]
use crate::scheduled_tasks::ScheduledTasks;
use crate::storages::Storages;
use crate::tags::ResourceTags;
use crate::verify::Subject;
use crate::{Call, Coolify};

/// A handle for the services of the team: [`Coolify::services`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// for service in coolify.services().list().await? {
///     println!("{} {:?}", service.name, service.status);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Services {
    pub(crate) coolify: Coolify,
}

resource_handle!(
    /// A handle for one service: [`Coolify::service`](crate::Coolify::service).
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use coolify_sdk::services::ServiceUrl;
    ///
    /// let service = coolify.service("z5nlnxsn1n3caj9setkwj40p");
    /// let web = ServiceUrl::new("web").url("https://web.example.com".to_owned());
    /// let written = service.update().urls([web]).await?;
    /// println!("{:?}", written.domains);
    /// # Ok(()) }
    /// ```
    ServiceHandle,
    "service",
    /// Returns a handle for one service.
    service
);

impl Coolify {
    /// Returns a handle for the services of the team.
    #[must_use]
    pub fn services(&self) -> Services {
        Services {
            coolify: self.clone(),
        }
    }
}

impl Services {
    /// Returns all services. A member who is not an administrator sees none.
    ///
    /// Needs the `read` ability; compose files need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<Service>> {
        self.coolify.raw().list_services()
    }
}

/// Changes a service, and returns its addresses: [`ServiceHandle::update`].
///
/// A compose file is passed as plain text. Nothing is restarted, unless
/// `instant_deploy(true)` is set.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// `force_domain_override(true)` sets it anyway.
/// [`Error::is_not_found`](crate::Error::is_not_found) if the service does not
/// exist.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::services::ServiceUrl;
///
/// let service = coolify.service("z5nlnxsn1n3caj9setkwj40p");
/// let web = ServiceUrl::new("web").url("https://web.example.com".to_owned());
/// let written = service.update().urls([web]).await?;
/// println!("{:?}", written.domains);
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateServiceByUuidBody, WrittenService>, Subject);

impl ServiceHandle {
    /// Returns the service as it is now, with its applications and databases.
    ///
    /// Needs the `read` ability; compose files need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<Service> {
        self.coolify.raw().get_service_by_uuid(self.uuid.as_str())
    }

    /// Changes a service, and returns its addresses. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
    #[inline]
    pub fn update(&self) -> Update {
        let uuid = self.uuid.clone();
        let body = UpdateServiceByUuidBody::default();
        Update(
            Request::new(&self.coolify, body, move |raw, body| {
                raw.update_service_by_uuid(uuid.as_str(), &body)
            }),
            Subject::new("get-service-by-uuid", &self.uuid),
        )
    }

    /// Starts the service. See [`Start`].
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn start(&self) -> Start {
        Start::new(self, |raw, uuid| raw.start_service_by_uuid(uuid.as_str()))
    }

    /// Stops and starts the service. See [`RestartService`].
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn restart(&self) -> RestartService {
        RestartService::new(self, |raw, uuid, latest| {
            raw.restart_service_by_uuid(uuid.as_str(), latest)
        })
    }

    /// Returns a handle for its environment variables.
    #[must_use]
    pub fn envs(&self) -> Envs<Self> {
        Envs::new(self)
    }

    /// Returns a handle for its storages: volumes, files and directories.
    #[must_use]
    pub fn storages(&self) -> Storages<Self> {
        Storages::new(self)
    }

    /// Returns a handle for its tags.
    #[must_use]
    pub fn tags(&self) -> ResourceTags<Self> {
        ResourceTags::new(self)
    }

    /// Returns a handle for its scheduled tasks.
    #[cfg(feature = "scheduled-tasks")]
    #[must_use]
    pub fn scheduled_tasks(&self) -> ScheduledTasks<Self> {
        ScheduledTasks::new(self)
    }
}
