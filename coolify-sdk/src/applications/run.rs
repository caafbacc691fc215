//! Starts, restarts and rolls back applications. Each of these is a deployment.

use coolify_sdk_macros::builder;

use super::{ApplicationHandle, RollbackImages};
use crate::Call;
use crate::deployments::DeploymentRun;
use crate::deployments::queued::Asked;
use crate::raw::types::RollbackApplicationByUuidBody;
use crate::request::Request;

/// How an application is started.
#[derive(Clone, Debug, Default, PartialEq, Eq, coolify_sdk_macros::Request)]
#[request(builder = crate::applications::Start)]
pub(crate) struct StartOptions {
    /// Rebuilds the image without Docker's cache if true. Default `false`.
    pub force: Option<bool>,
    /// Whether to begin at once, without queueing and even if there is an equal
    /// deployment. Default `false`.
    pub instant_deploy: Option<bool>,
}

/// Starts an application by deploying it, and returns the run to follow:
/// [`ApplicationHandle::start`].
///
/// [`deploy`](ApplicationHandle::deploy) does the same and can do more.
///
/// If the queue is full, Coolify answers with a deployment that does not exist,
/// so the deployment is read before the run is returned.
///
/// Needs the `deploy` ability, and `read` to read the deployment. Since Coolify
/// 4.0.0.
///
/// # Errors
///
/// [`Error::is_queue_full`](crate::Error::is_queue_full) if the queue is full;
/// [`Error::is_not_found`](crate::Error::is_not_found) if the application does
/// not exist.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let run = coolify
///     .application("khzsv5nucvscskrm5gez3p8v")
///     .start()
///     .force(true)
///     .await?;
/// let deployed = run.await?;
/// println!("{} is out", deployed.deployment_uuid);
/// # Ok(()) }
/// ```
#[builder(options)]
pub struct Start(Request<StartOptions, DeploymentRun>);

impl ApplicationHandle {
    /// Starts an application by deploying it, and returns the run to follow. See
    /// [`Start`].
    ///
    /// Needs the `deploy` ability, and `read` to read the deployment. Since
    /// Coolify 4.0.0.
    #[inline]
    pub fn start(&self) -> Start {
        let this = self.clone();
        let options = StartOptions::default();
        Start(Request::new(
            &self.coolify,
            options,
            |raw, options| async move {
                let uuid = this.uuid.as_str();
                let queued = raw
                    .start_application_by_uuid(uuid, options.force, options.instant_deploy)
                    .await?;
                this.asked("start-application-by-uuid")
                    .run_if_made(queued)
                    .await
            },
        ))
    }

    /// Restarts the containers without a build, and returns the run to follow.
    ///
    /// If a deployment is already queued or in progress, Coolify restarts
    /// nothing, and the run follows that deployment ([`DeploymentRun::joined`]).
    /// As with [`start`](Self::start), the deployment is read before the run is
    /// returned.
    ///
    /// Needs the `deploy` ability, and `read` to read the deployment. Since
    /// Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_queue_full`](crate::Error::is_queue_full) if the queue is
    /// full; [`Error::is_not_found`](crate::Error::is_not_found) if the
    /// application does not exist.
    pub fn restart(&self) -> Call<DeploymentRun> {
        let this = self.clone();
        Call::several(async move {
            let raw = this.coolify.raw();
            let queued = raw.restart_application_by_uuid(this.uuid.as_str()).await?;
            let asked = this.asked("restart-application-by-uuid");
            asked.run_if_made(queued).await
        })
    }

    /// Rolls back to an image that is still on the server, and returns the run to
    /// follow.
    ///
    /// `commit` is the tag of the image, which is the commit that it was built
    /// from; [`rollback_images`](Self::rollback_images) lists them.
    ///
    /// Needs the `deploy` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_queue_full`](crate::Error::is_queue_full) if the queue is
    /// full; [`Error::is_validation`](crate::Error::is_validation) if `commit` is
    /// not a valid commit.
    #[doc(alias = "Rollback")]
    pub fn rollback(&self, commit: impl Into<String>) -> Call<DeploymentRun> {
        let this = self.clone();
        let body = RollbackApplicationByUuidBody::new(commit);
        Call::several(async move {
            let (uuid, raw) = (this.uuid.as_str(), this.coolify.raw());
            let queued = raw.rollback_application_by_uuid(uuid, &body).await?;
            this.asked("rollback-application-by-uuid").run(queued).await
        })
    }

    /// Returns the images that the application can be rolled back to. It is also
    /// empty if the server cannot be reached.
    ///
    /// Needs the `read` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the application
    /// does not exist.
    #[inline]
    pub fn rollback_images(&self) -> Call<RollbackImages> {
        self.coolify
            .raw()
            .list_application_rollback_images(self.uuid.as_str())
    }

    fn asked<'a>(&'a self, operation: &'static str) -> Asked<'a> {
        Asked {
            coolify: &self.coolify,
            application: &self.uuid,
            pull_request: 0,
            operation,
        }
    }
}
