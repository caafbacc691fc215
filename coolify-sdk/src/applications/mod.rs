//! Applications, which Coolify builds or pulls, and runs.

mod copy;
mod create;
mod destinations;
mod domains;
mod fields;
mod kind;
mod preview_domains;
mod previews;
#[cfg(feature = "deployments")]
mod provision;
#[cfg(feature = "deployments")]
mod run;
mod update;

use coolify_sdk_macros::builder;

#[cfg(feature = "deployments")]
use crate::deployments::{Deploy, DeploymentHistory};
use crate::envs::Envs;
use crate::raw::types::UpdateApplicationByUuidBody;
use crate::request::Request;
use crate::resource::logs::LogSource;
use crate::resource::{ContainerLogs, resource_handle};
#[cfg(feature = "scheduled-tasks")]
use crate::scheduled_tasks::ScheduledTasks;
use crate::storages::Storages;
use crate::tags::ResourceTags;
use crate::verify::Subject;
use crate::{Call, Coolify};

pub use create::{
    CreateDockerImage, CreateDockerfile, CreatePrivateDeployKey, CreatePrivateGithubApp,
    CreatePublic,
};
pub use destinations::ApplicationDestinations;
pub use previews::{ApplicationPreviews, OpenPreview, UpdatePreviewDomains};
#[cfg(feature = "deployments")]
pub use provision::{ProvisionApplication, ProvisionedApplication};
#[cfg(feature = "deployments")]
pub use run::Start;

pub use crate::raw::types::{
    Application, ApplicationDestination, ApplicationSetting, BasicAuthHash, BuildPack,
    ComposeDomain, CreatedApplication, GitType, HealthCheckMethod, HealthCheckScheme,
    HealthCheckType, OpenedPreview, Preview, PreviewComposeDomain, PreviewDomains, Redirect,
    RollbackImage, RollbackImages, StaticImage, UpdatedApplication,
};

/// A handle for the applications of the team: [`Coolify::applications`].
#[derive(Clone, Debug)]
pub struct Applications {
    pub(crate) coolify: Coolify,
}

resource_handle!(
    /// A handle for one application: [`Coolify::application`].
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let application = coolify.application("khzsv5nucvscskrm5gez3p8v");
    /// let deployed = application.deploy().await?.await?;
    /// println!("{} is out", deployed.deployment_uuid);
    /// # Ok(()) }
    /// ```
    ApplicationHandle,
    "application",
    /// Returns a handle for one application.
    application
);

impl Coolify {
    /// Returns a handle for the applications of the team.
    #[must_use]
    pub fn applications(&self) -> Applications {
        Applications {
            coolify: self.clone(),
        }
    }
}

impl Applications {
    /// Returns all applications. A member who is not an administrator sees none.
    ///
    /// Needs the `read` ability; some fields need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<Application>> {
        self.coolify.raw().list_applications(None)
    }

    /// Returns the applications with this tag.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list_tagged(&self, tag: &str) -> Call<Vec<Application>> {
        self.coolify.raw().list_applications(Some(tag))
    }
}

/// Changes an application, and returns its uuid: [`ApplicationHandle::update`].
///
/// Most changes take effect with the next deployment.
///
/// [`domains`](Application::domains) reads back the `domains` that are set here.
/// A compose application has `docker_compose_domains` instead. Fields such as the
/// server or the Dockerfile can only be set when the application is created;
/// `dockerfile_target_build` can only be set by an update.
///
/// On a server without a proxy, and on a build server, Coolify answers with
/// success and ignores `domains`. [`verified`](Update::verified) detects that,
/// and [`domains`](ApplicationHandle::domains) changes them reliably.
///
/// `instant_deploy(true)` also deploys the application, but the reply does not
/// contain the deployment. Prefer to [`deploy`](ApplicationHandle::deploy) it
/// afterwards.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// `force_domain_override(true)` sets it anyway.
/// [`Error::is_validation`](crate::Error::is_validation) if no field is set, for
/// `domains` of a compose application, and for `docker_compose_domains` before
/// Coolify has read the compose file.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// coolify
///     .application("khzsv5nucvscskrm5gez3p8v")
///     .update()
///     .domains(["https://web.example.com", "https://www.example.com"])
///     .limits_memory("512M")
///     .clear_description()
///     .await?;
/// # Ok(()) }
/// ```
#[doc(alias(
    "Health Checks",
    "Healthcheck",
    "Configuration",
    "Advanced",
    "Webhooks"
))]
#[builder]
pub struct Update(
    Request<UpdateApplicationByUuidBody, UpdatedApplication>,
    Subject,
);

impl ApplicationHandle {
    /// Returns the application as it is now.
    ///
    /// Needs the `read` ability; some fields need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<Application> {
        self.coolify
            .raw()
            .get_application_by_uuid(self.uuid.as_str())
    }

    /// Changes the application, and returns its uuid. Most changes take effect
    /// with the next deployment. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
    #[inline]
    pub fn update(&self) -> Update {
        let uuid = self.uuid.clone();
        let body = UpdateApplicationByUuidBody::default();
        Update(
            Request::new(&self.coolify, body, move |raw, body| {
                raw.update_application_by_uuid(uuid.as_str(), &body)
            }),
            Subject::new("get-application-by-uuid", &self.uuid),
        )
    }

    /// Returns a handle for the log of the application's container: its last lines, or a
    /// stream.
    ///
    /// If there are several containers, such as those of a compose application,
    /// Coolify returns the log of the first one; [`logs_of`](Self::logs_of) names one.
    ///
    /// Needs the `read` ability, or `read:sensitive` since 4.4.0. Since Coolify 4.0.0.
    pub fn logs(&self) -> ContainerLogs {
        ContainerLogs::new(LogSource::of(self, String::new()))
    }

    /// Returns a handle for the log of one container of a compose application: its last
    /// lines, or a stream.
    ///
    /// `service` is the name of the service in the compose file.
    ///
    /// Needs the `read:sensitive` ability. Since Coolify 4.4.0; on older servers it fails
    /// with [`Error::unsupported`](crate::Error::unsupported), because they would return
    /// another container's log.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if no container of that
    /// service is running.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let application = coolify.application("khzsv5nucvscskrm5gez3p8v");
    /// let text = application.logs_of("worker").lines(50).await?;
    /// println!("{}", text.unwrap_or_default());
    /// # Ok(()) }
    /// ```
    pub fn logs_of(&self, service: impl Into<String>) -> ContainerLogs {
        ContainerLogs::new(LogSource::of(self, service.into()))
    }

    /// Returns a handle for the destinations that it runs on.
    #[must_use]
    pub fn destinations(&self) -> ApplicationDestinations {
        ApplicationDestinations::new(&self.coolify, &self.uuid)
    }

    /// Returns a handle for the previews of its pull requests.
    #[must_use]
    pub fn previews(&self) -> ApplicationPreviews {
        ApplicationPreviews::new(&self.coolify, &self.uuid)
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

    /// Deploys the application, and returns a run that can be followed and
    /// awaited.
    #[cfg(feature = "deployments")]
    pub fn deploy(&self) -> Deploy {
        Deploy::new(&self.coolify, &self.uuid)
    }

    /// Returns its deployments, the newest first.
    #[cfg(feature = "deployments")]
    #[must_use]
    pub fn deployments(&self) -> DeploymentHistory {
        DeploymentHistory::new(&self.coolify, &self.uuid)
    }
}
