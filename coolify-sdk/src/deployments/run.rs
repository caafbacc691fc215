//! A deployment on its way.

use std::collections::VecDeque;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use futures_core::Stream;
use futures_util::stream;

use super::log::{Cursor, LogLine};
use super::{Deployment, DeploymentHandle, FailedDeployment};
use crate::error::{Error, Result};
use crate::wait::{Patience, Wait};
use crate::{Coolify, DeploymentStatus, Uuid};

/// How many of the last log lines an error carries.
const TAIL: usize = 20;

/// How often a deployment may be unknown to the server that has named it: a full
/// queue gives out ids that never come to exist. A real one is there at once.
const APPEARS_WITHIN: u32 = 6;

const PATIENCE: Patience = Patience::new(Duration::from_secs(2), Duration::from_secs(60 * 60));

/// A deployment that was asked for: a future that ends with it, and the events
/// until then as a stream.
///
/// Awaiting it gives the finished [`Deployment`], or an error with the last log
/// lines ([`Error::failed_deployment`]). Dropping it leaves the deployment
/// alone; [`cancel`](Self::cancel) stops it.
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
///         RunEvent::Log(_) => {}
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunEvent {
    /// It entered this status. A terminal status is the last event.
    Status(DeploymentStatus),
    /// A line was written to its log. Without the `read:sensitive` ability
    /// Coolify withholds the log, and there are no such events.
    Log(LogLine),
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

    /// The deployment's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Whether an equal deployment was queued already and this run follows that
    /// one.
    #[must_use]
    pub fn joined(&self) -> bool {
        self.joined
    }

    /// How often the server is asked; 2 seconds unless set, and never less than
    /// a tenth of a second.
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.patience.poll_every(interval);
        self
    }

    /// How long to wait at the most; an hour unless set. The deployment goes on
    /// when the wait ends.
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
        let mut tail = VecDeque::with_capacity(TAIL);
        while let Some(event) = follow.next().await {
            if let RunEvent::Log(line) = event?
                && !line.hidden
            {
                if tail.len() == TAIL {
                    tail.pop_front();
                }
                tail.push_back(line);
            }
        }
        match follow.ended {
            Some(deployment) if deployment.status == DeploymentStatus::Finished => Ok(deployment),
            ended => Err(Error::failed_run(FailedDeployment {
                uuid: self.uuid,
                status: ended.map_or(DeploymentStatus::Failed, |d| d.status),
                last_lines: tail.into(),
            })),
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

    fn handle(&self) -> DeploymentHandle {
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

/// The state between two events.
struct Follow {
    handle: DeploymentHandle,
    wait: Wait,
    log: Cursor,
    status: Option<DeploymentStatus>,
    /// With its log, which may be long: those seen before are not kept.
    ended: Option<Deployment>,
    events: VecDeque<RunEvent>,
    over: bool,
}

impl Follow {
    fn new(run: &DeploymentRun) -> Self {
        Self {
            handle: run.handle(),
            wait: run.patience.start(),
            log: Cursor::default(),
            status: None,
            ended: None,
            events: VecDeque::new(),
            over: false,
        }
    }

    async fn next(&mut self) -> Option<Result<RunEvent>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(Ok(event));
            }
            if self.over {
                return None;
            }
            if let Err(error) = self.poll().await {
                self.over = true;
                return Some(Err(error));
            }
        }
    }

    async fn poll(&mut self) -> Result<()> {
        if !self.wait.turn().await {
            return Err(self.expired());
        }
        match self.wait.look(Box::pin(self.handle.get())).await {
            Ok(Some(deployment)) => self.see(deployment),
            Ok(None) => {}
            Err(error) if error.is_not_found() => return self.missing(error),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn see(&mut self, deployment: Deployment) {
        if let Some(log) = &deployment.logs {
            let lines = self.log.advance(log.expose());
            self.events.extend(lines.into_iter().map(RunEvent::Log));
        }
        let status = deployment.status.clone();
        if self.status.as_ref() != Some(&status) {
            self.events.push_back(RunEvent::Status(status.clone()));
        }
        if status.is_terminal() {
            self.over = true;
            self.ended = Some(deployment);
        }
        self.status = Some(status);
    }

    /// A deployment that was just queued may not be there yet.
    fn missing(&self, error: Error) -> Result<()> {
        if self.status.is_some() {
            return Err(error
                .with_hint("the deployment was there and is gone: its application was deleted"));
        }
        if self.wait.looks() < APPEARS_WITHIN {
            return Ok(());
        }
        Err(error.with_hint(
            "the server named this deployment and never made it: its queue was full, or an \
             equal deployment was queued already; look at the application's deployments",
        ))
    }

    fn expired(&self) -> Error {
        let status = self.status.as_ref();
        let status = status.map_or("unknown", DeploymentStatus::as_str);
        self.wait
            .expired(format_args!("the deployment is still {status}"))
            .with_hint("it goes on on the server; wait longer with `max_wait`, or cancel it")
    }
}
