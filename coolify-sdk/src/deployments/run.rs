//! A deployment on its way.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use serde::Serialize;

use futures_core::Stream;
use futures_util::stream;

use super::failed::{FailedDeployment, Tail};
use super::follow::Follow;
use super::log::LogLine;
use super::{Deployment, DeploymentHandle};
use crate::error::{Error, Result};
use crate::wait::Patience;
use crate::{Coolify, DeploymentStatus, Uuid};

const PATIENCE: Patience = Patience::new(Duration::from_secs(2), Duration::from_secs(60 * 60));

/// A deployment that was asked for: a future that ends with it, and the events
/// until then as a stream.
///
/// Awaiting it gives the finished [`Deployment`], or an error with the last log
/// lines ([`Error::failed_deployment`]). Dropping it leaves the deployment
/// alone; [`cancel`](Self::cancel) stops it.
///
/// Coolify sets a deployment's last status first and writes the end of its log
/// afterwards: why it failed, and what the post-deployment command says. A run
/// reads on until the log is complete, which takes a second or two; while a
/// post-deployment command runs, up to five minutes.
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
#[must_use = "a run that is dropped goes on on the server; await it or stream its events"]
pub struct DeploymentRun {
    coolify: Coolify,
    uuid: Uuid,
    joined: bool,
    patience: Patience,
}

/// Something that happened to a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunEvent {
    /// It entered this status. A terminal status is the last event: it comes after
    /// the last line of the log, although Coolify sets it before.
    Status(DeploymentStatus),
    /// A line was written to its log.
    Log(LogLine),
    /// Coolify withholds the log, because the token lacks the `read:sensitive`
    /// ability: there are no [`Log`](Self::Log) events. Comes once.
    LogWithheld,
}

impl DeploymentRun {
    pub(crate) fn new(coolify: &Coolify, uuid: Uuid, joined: bool) -> Self {
        Self {
            coolify: coolify.clone(),
            uuid,
            joined,
            patience: PATIENCE,
        }
    }

    /// Returns the deployment's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns whether an equal deployment was queued already and this run
    /// follows that one.
    #[must_use]
    pub fn joined(&self) -> bool {
        self.joined
    }

    /// How often the server is asked; 2 seconds unless set, and never less than
    /// a tenth of a second. The rest of the log, after the last status, is asked for
    /// each second at the least.
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.patience.poll_every(interval);
        self
    }

    /// Sets how long to wait at most. The default is an hour. The deployment goes
    /// on when the wait ends. A deployment that has ended by then is not an
    /// error, even if the rest of its log has not come.
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.patience.max_wait(longest);
        self
    }

    /// What happens, as it happens, from the deployment's first line on.
    ///
    /// The stream ends after a terminal status, whichever it is; an error ends
    /// it too. Each call starts a stream of its own.
    pub fn events(&self) -> impl Stream<Item = Result<RunEvent>> + Send + Unpin + use<> {
        Box::pin(stream::unfold(Follow::new(self), |mut follow| async {
            let event = follow.next().await?;
            Some((event, follow))
        }))
    }

    /// Waits for the end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DeploymentFailed`](crate::ErrorKind::DeploymentFailed) when
    /// it failed or was cancelled, with the last log lines;
    /// [`ErrorKind::WaitExpired`](crate::ErrorKind::WaitExpired) after the
    /// maximum wait; otherwise what asking the server gave.
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

    /// Stops the deployment on the server; see [`DeploymentHandle::cancel`].
    ///
    /// # Errors
    ///
    /// A conflict when it is over already.
    pub async fn cancel(&self) -> Result<super::CancelledDeployment> {
        self.handle().cancel().await
    }

    pub(super) fn interval(&self) -> Duration {
        self.patience.interval()
    }

    pub(super) fn patience(&self) -> Patience {
        self.patience
    }

    /// Returns the server's dashboard, without a slash at the end.
    pub(super) fn dashboard(&self) -> &str {
        self.coolify.url()
    }

    pub(super) fn handle(&self) -> DeploymentHandle {
        self.coolify.deployment(&self.uuid)
    }
}

impl IntoFuture for DeploymentRun {
    type Output = Result<Deployment>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.wait())
    }
}
