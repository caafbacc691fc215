//! A running deployment.

use std::time::Duration;

use serde::Serialize;

use futures_core::Stream;
use futures_util::stream;

use super::failed::{FailedDeployment, Tail};
use super::follow::Follow;
use super::log::LogLine;
use super::{Deployment, DeploymentHandle};
use crate::error::{Error, Result};
use crate::request::awaitable;
use crate::wait::{Patience, Wait, waits};
use crate::{Call, Coolify, DeploymentStatus, Uuid};

const LONGEST: Duration = Duration::from_secs(60 * 60);

/// A deployment that was started: a future that completes when it ends, and a
/// stream of its events.
///
/// Awaiting it returns the finished [`Deployment`], or an error with the last log
/// lines ([`Error::failed_deployment`]). Dropping it does not stop the
/// deployment; [`cancel`](Self::cancel) does.
///
/// Coolify sets the last status of a deployment first and writes the end of its
/// log afterwards: the reason of a failure and the output of the post-deployment
/// command. A run reads on until the log is complete. This takes a second or two,
/// or up to five minutes while a post-deployment command runs.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::deployments::RunEvent;
/// use futures_util::StreamExt;
///
/// let run = coolify.application("khzsv5nucvscskrm5gez3p8v").deploy().await?;
/// let mut events = run.events();
/// while let Some(event) = events.next().await {
///     match event? {
///         RunEvent::Status(status) => println!("-- {status}"),
///         RunEvent::Log(line) if !line.hidden => println!("{}", line.output),
///         RunEvent::LogWithheld => println!("-- the token may not see the log"),
///         _ => {}
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "dropping a run does not stop the deployment; await it or stream its events"]
pub struct DeploymentRun {
    coolify: Coolify,
    uuid: Uuid,
    joined: bool,
    patience: Patience,
}

/// An event of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunEvent {
    /// The deployment has this status now. A terminal status is the last event:
    /// it comes after the last line of the log, although Coolify sets it before.
    Status(DeploymentStatus),
    /// A line was written to the log.
    Log(LogLine),
    /// Coolify withholds the log, because the token lacks the `read:sensitive`
    /// ability, so there are no [`Log`](Self::Log) events. This event comes once.
    LogWithheld,
}

waits!(DeploymentRun, "an hour");

impl DeploymentRun {
    pub(crate) fn new(coolify: &Coolify, uuid: Uuid, joined: bool) -> Self {
        Self {
            coolify: coolify.clone(),
            uuid,
            joined,
            patience: Patience::default(),
        }
    }

    /// Returns the deployment's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns whether this run follows an equal deployment that was already
    /// queued.
    #[must_use]
    pub fn joined(&self) -> bool {
        self.joined
    }

    /// Returns a stream of the events of the deployment, from its first line on.
    ///
    /// The stream ends after any terminal status, and after an error. Each call
    /// starts a new stream.
    pub fn events(&self) -> impl Stream<Item = Result<RunEvent>> + Send + Unpin + use<> {
        Box::pin(stream::unfold(Follow::new(self), |mut follow| async {
            let event = follow.next().await?;
            Some((event, follow))
        }))
    }

    /// Waits until the deployment has ended, and returns it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DeploymentFailed`](crate::ErrorKind::DeploymentFailed) if it
    /// failed or was cancelled, with the last log lines;
    /// [`ErrorKind::WaitExpired`](crate::ErrorKind::WaitExpired) after the
    /// maximum wait; and the errors of polling.
    pub async fn wait(self) -> Result<Deployment> {
        let mut follow = Follow::new(&self);
        let mut tail = Tail::default();
        while let Some(event) = follow.next().await {
            match event? {
                RunEvent::Log(line) => tail.push(line),
                RunEvent::LogWithheld => tail.is_withheld = true,
                RunEvent::Status(_) => {}
            }
        }
        match follow.into_ended() {
            Some(deployment) if deployment.status == DeploymentStatus::Finished => Ok(deployment),
            ended => Err(Error::failed_run(FailedDeployment::new(&self, ended, tail))),
        }
    }

    /// Cancels the deployment on the server; see [`DeploymentHandle::cancel`].
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) if it has already ended.
    pub fn cancel(&self) -> Call<super::CancelledDeployment> {
        self.handle().cancel()
    }

    /// Returns the run with the settings of an outer wait.
    pub(crate) fn with(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    pub(super) fn start(&self) -> Wait {
        self.patience.start(&self.coolify, LONGEST)
    }

    /// Starts the wait with the settings of a rollout, or else its own.
    pub(super) fn start_within(&self, all: Patience) -> Wait {
        all.or(self.patience).start(&self.coolify, LONGEST)
    }

    /// Returns the interval of a rollout, or else its own.
    pub(super) fn interval_within(&self, all: Patience) -> Duration {
        all.or(self.patience).interval(&self.coolify)
    }

    pub(super) fn coolify(&self) -> &Coolify {
        &self.coolify
    }

    pub(super) fn handle(&self) -> DeploymentHandle {
        self.coolify.deployment(&self.uuid)
    }
}

awaitable!(DeploymentRun, wait -> Deployment);
