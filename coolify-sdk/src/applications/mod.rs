//! Applications: what Coolify builds or pulls, and runs.

mod create;

use crate::Coolify;
#[cfg(feature = "deployments")]
use crate::deployments::{Deploy, DeploymentHistory};
use crate::envs::Envs;
use crate::error::Result;
use crate::resource::resource_handle;
#[cfg(feature = "scheduled-tasks")]
use crate::scheduled_tasks::ScheduledTasks;
use crate::storages::Storages;
use crate::tags::ResourceTags;

pub use crate::raw::types::{
    Application, BuildPack, CreatePublicApplicationBody, CreatedApplication,
};

/// The applications of the team: [`Coolify::applications`].
#[derive(Clone, Debug)]
pub struct Applications {
    coolify: Coolify,
}

resource_handle!(
    /// One application: [`Coolify::application`].
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let application = coolify.application("khzsv5nucvscskrm5gez3p8v");
    /// let deployed = application.deploy().await?.await?;
    /// println!("{} is out", deployed.deployment_uuid);
    /// # Ok(()) }
    /// ```
    ApplicationHandle,
    /// One application.
    application
);

impl Coolify {
    /// The applications of the team.
    #[must_use]
    pub fn applications(&self) -> Applications {
        Applications {
            coolify: self.clone(),
        }
    }
}

impl Applications {
    /// All applications. A member who is no administrator sees none.
    ///
    /// Needs the `read` ability; some fields need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// What the server answers; see [`Error`](crate::Error).
    pub async fn list(&self) -> Result<Vec<Application>> {
        let raw = self.coolify.raw();
        raw.finish(raw.list_applications(None).await)
    }

    /// The applications with this tag.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// What the server answers; see [`Error`](crate::Error).
    pub async fn list_tagged(&self, tag: &str) -> Result<Vec<Application>> {
        let raw = self.coolify.raw();
        raw.finish(raw.list_applications(Some(tag)).await)
    }
}

impl ApplicationHandle {
    /// The application as it is now.
    ///
    /// Needs the `read` ability; some fields need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is none.
    pub async fn get(&self) -> Result<Application> {
        let uuid = self.uuid.segment()?;
        let raw = self.coolify.raw();
        raw.finish(raw.get_application_by_uuid(uuid).await)
    }

    /// Its environment variables.
    #[must_use]
    pub fn envs(&self) -> Envs<Self> {
        Envs::new(self)
    }

    /// Its storages: volumes, files and directories.
    #[must_use]
    pub fn storages(&self) -> Storages<Self> {
        Storages::new(self)
    }

    /// Its tags.
    #[must_use]
    pub fn tags(&self) -> ResourceTags<Self> {
        ResourceTags::new(self)
    }

    /// Its scheduled tasks.
    #[cfg(feature = "scheduled-tasks")]
    #[must_use]
    pub fn scheduled_tasks(&self) -> ScheduledTasks<Self> {
        ScheduledTasks::new(self)
    }

    /// Builds and rolls it out; the run can be followed and awaited.
    #[cfg(feature = "deployments")]
    pub fn deploy(&self) -> Deploy {
        Deploy::new(&self.coolify, &self.uuid)
    }

    /// Its deployments, the newest first.
    #[cfg(feature = "deployments")]
    #[must_use]
    pub fn deployments(&self) -> DeploymentHistory {
        DeploymentHistory::new(&self.coolify, &self.uuid)
    }
}
