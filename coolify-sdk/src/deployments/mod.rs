//! Deployments: starting, following, cancelling and listing them.

mod deploy;
mod ending;
mod entries;
mod failed;
mod follow;
mod history;
mod log;
pub(crate) mod queued;
mod rollout;
mod run;

pub use deploy::Deploy;
pub use failed::FailedDeployment;
pub use history::DeploymentHistory;
pub use log::{LogLine, LogStream};
#[cfg(feature = "estate")]
pub(crate) use rollout::Watch;
pub use rollout::{
    CancelledRollout, DeployedResource, FailedResource, ResourceRun, Rollout, RolloutEvent,
    RolloutOutcome, RolloutProgress, StartRollout,
};
pub use run::{DeploymentRun, RunEvent};

use crate::Call;
use crate::error::Result;
pub use crate::raw::types::{
    ApplicationDeployments, CancelledDeployment, DeployResult, Deployment, QueuedDeployment,
};
use crate::request::IntoList;
use crate::{Coolify, DeploymentStatus, Uuid};

/// A handle for the deployments of the team: [`Coolify::deployments`].
#[derive(Clone, Debug)]
pub struct Deployments {
    coolify: Coolify,
}

/// A handle for one deployment: [`Coolify::deployment`].
#[derive(Clone, Debug)]
pub struct DeploymentHandle {
    coolify: Coolify,
    uuid: Uuid,
}

impl Coolify {
    /// Returns a handle for the deployments of the team.
    #[must_use]
    pub fn deployments(&self) -> Deployments {
        Deployments {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one deployment.
    #[must_use]
    pub fn deployment(&self, uuid: impl Into<Uuid>) -> DeploymentHandle {
        DeploymentHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

impl Deployments {
    /// Returns the deployments that are queued or in progress. Deployments that
    /// have ended are in the [`DeploymentHistory`] of their application.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[doc(alias("list", "queue", "running"))]
    #[inline]
    pub fn unfinished(&self) -> Call<Vec<Deployment>> {
        self.coolify.raw().list_deployments().map(|list| list.0)
    }

    /// Deploys several resources at once; services and databases are started. See
    /// [`StartRollout`].
    ///
    /// Needs the `deploy` ability, and `read` if an equal deployment is already
    /// queued. Since Coolify 4.0.0.
    pub fn rollout<Form>(&self, resources: impl IntoList<Form, Uuid>) -> StartRollout {
        StartRollout::resources(&self.coolify, resources.into_items())
    }

    /// Deploys everything that has a tag, by the tag's name. See [`StartRollout`].
    ///
    /// Needs the `deploy` ability, and `read` if an equal deployment is already
    /// queued. Since Coolify 4.0.0.
    pub fn rollout_tag(&self, tag: impl Into<String>) -> StartRollout {
        StartRollout::tag(&self.coolify, tag.into())
    }
}

impl DeploymentHandle {
    /// Returns the deployment's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns the deployment as it is now.
    ///
    /// Needs the `read` ability; its log needs `read:sensitive`. Since Coolify
    /// 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist,
    /// or no longer exists because its application was deleted.
    #[inline]
    pub fn get(&self) -> Call<Deployment> {
        self.coolify
            .raw()
            .get_deployment_by_uuid(self.uuid.as_str())
    }

    /// Returns a run that follows the deployment to its end, even if it has
    /// already ended.
    pub fn follow(&self) -> DeploymentRun {
        DeploymentRun::new(&self.coolify, self.uuid.clone(), false)
    }

    /// Cancels the deployment.
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0. Up to 4.2.0, the server
    /// answers 500 although it cancels the deployment; so the deployment is read
    /// back before the error is returned.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) if it has already ended.
    pub fn cancel(&self) -> Call<CancelledDeployment> {
        let this = self.clone();
        Call::several(async move {
            let raw = this.coolify.raw();
            match raw.cancel_deployment_by_uuid(this.uuid.as_str()).await {
                Err(error) if error.status() == Some(500) => match this.get().await {
                    Ok(deployment) if deployment.status == DeploymentStatus::CancelledByUser => {
                        Ok(CancelledDeployment {
                            deployment_uuid: Some(deployment.deployment_uuid),
                            message: "Cancelled; the server's own answer was an error.".to_owned(),
                            status: Some(deployment.status),
                        })
                    }
                    _ => Err(error),
                },
                other => other,
            }
        })
    }
}

impl DeploymentHandle {
    /// Returns whether Coolify shows the log to this token. Without
    /// `read:sensitive` the field is absent, which a [`Deployment`] cannot
    /// distinguish from an empty log.
    async fn shows_log(&self) -> Result<bool> {
        let raw = self.coolify.raw();
        let uuid = std::slice::from_ref(&self.uuid);
        let deployment = raw.read_json("get-deployment-by-uuid", uuid).await?;
        Ok(deployment.get("logs").is_some())
    }
}

impl Deployment {
    /// Returns the lines of its log. It is empty before the first line, and
    /// without the `read:sensitive` ability.
    #[must_use]
    pub fn log_lines(&self) -> Vec<LogLine> {
        self.logs
            .as_ref()
            .map_or_else(Vec::new, |log| log::parse(log.expose()))
    }
}
