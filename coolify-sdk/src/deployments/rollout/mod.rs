//! Deploying several resources, and watching their deployments as one.

mod outcome;
mod progress;
mod start;

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::select_all;

use super::{DeploymentRun, RunEvent};
use crate::error::Result;
use crate::wait::{Patience, waits};
use crate::{DeploymentStatus, Uuid};

pub use outcome::{CancelledRollout, DeployedResource, FailedResource, RolloutOutcome};
pub use progress::{RolloutEvent, RolloutProgress};
pub use start::StartRollout;

/// How many deployments are polled within the interval of the client, so that many
/// deployments do not use up the rate limit.
const AT_ONCE: u32 = 2;

/// The result of deploying several resources.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rollout {
    /// The deployments, one for each application.
    pub runs: Vec<ResourceRun>,
    /// Resources without a deployment to follow: services and databases, which
    /// start without one, and resources that could not be deployed; `messages`
    /// says which. If a tag is deployed, Coolify names only applications.
    pub without_run: Vec<Uuid>,
    /// Uuids that belong to no resource of the team. Coolify silently ignores
    /// them if it finds any other resource.
    pub unknown: Vec<Uuid>,
    /// Coolify's messages, one for each resource.
    pub messages: Vec<String>,
    patience: Patience,
}

/// The deployment of one of several resources.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResourceRun {
    /// The resource.
    pub resource: Uuid,
    /// The run of its deployment.
    pub run: DeploymentRun,
}

impl Rollout {
    fn new() -> Self {
        Self {
            runs: Vec::new(),
            without_run: Vec::new(),
            unknown: Vec::new(),
            messages: Vec::new(),
            patience: Patience::default(),
        }
    }

    /// Adds a run. A deployment that cannot be found becomes a message, so that
    /// it does not hide the others.
    fn put(&mut self, resource: Uuid, run: Option<Result<DeploymentRun>>) {
        match run {
            Some(Ok(run)) => self.runs.push(ResourceRun { resource, run }),
            Some(Err(error)) => {
                self.messages.push(format!("{resource}: {error}"));
                self.without_run.push(resource);
            }
            None => self.without_run.push(resource),
        }
    }
}

waits!(Rollout, "an hour");

impl Rollout {
    /// Returns a stream of the events of all deployments, with their progress.
    ///
    /// The stream ends when all deployments have ended. Each call starts a new
    /// stream.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use futures_util::StreamExt;
    ///
    /// let rollout = coolify.deployments().rollout_tag("beta").await?;
    /// let mut events = rollout.events();
    /// while let Some(one) = events.next().await {
    ///     println!("{}: {:?} ({})", one.resource, one.event?, one.progress);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn events(&self) -> impl Stream<Item = RolloutEvent> + Send + Unpin + use<> {
        let mut all = vec![Some(DeploymentStatus::Queued); self.runs.len()];
        let each = self.runs.iter().enumerate().map(|(index, one)| {
            let resource = one.resource.clone();
            let events = self.paced(&one.run).events();
            events.map(move |event| (index, resource.clone(), event))
        });
        select_all(each).map(move |(index, resource, event)| {
            match &event {
                Ok(RunEvent::Status(status)) => all[index] = Some(status.clone()),
                Ok(RunEvent::Log(_) | RunEvent::LogWithheld) => {}
                Err(_) => all[index] = None,
            }
            RolloutEvent {
                resource,
                event,
                progress: RolloutProgress::of(&all),
            }
        })
    }

    /// Waits until all deployments have ended. A failure does not end the wait
    /// for the others.
    ///
    /// It does not wait for resources without a deployment to follow: see
    /// [`without_run`](Self::without_run).
    pub async fn wait(self) -> RolloutOutcome {
        let ends = self.runs.iter().map(|one| {
            let run = self.paced(&one.run);
            async move { (one.resource.clone(), Box::pin(run.wait()).await) }
        });
        RolloutOutcome::of(join_all(ends).await)
    }

    /// Stops all deployments that have not ended; see
    /// [`DeploymentHandle::cancel`](super::DeploymentHandle::cancel).
    ///
    /// If one cannot be stopped, the others are stopped nevertheless. The resources
    /// [without a run](Self::without_run) are not stopped.
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let rollout = coolify.deployments().rollout_tag("beta").await?;
    /// let cancelled = rollout.cancel().await;
    /// println!("{} stopped", cancelled.cancelled.len());
    /// # Ok(()) }
    /// ```
    pub async fn cancel(&self) -> CancelledRollout {
        let mut outcome = CancelledRollout::default();
        for one in &self.runs {
            outcome.add(one.resource.clone(), one.run.cancel().await);
        }
        outcome
    }

    /// Returns the run with an interval that grows with the number of runs.
    fn paced(&self, run: &DeploymentRun) -> DeploymentRun {
        let count = u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
        let spread = run.client_interval().saturating_mul(count) / AT_ONCE;
        run.clone().among_others(self.patience, spread)
    }
}

/// Collects runs that were started one by one, to watch them together.
impl FromIterator<ResourceRun> for Rollout {
    fn from_iter<I: IntoIterator<Item = ResourceRun>>(runs: I) -> Self {
        let mut rollout = Self::new();
        rollout.runs.extend(runs);
        rollout
    }
}

impl ResourceRun {
    /// Makes a pair of a resource and its run.
    pub fn new(resource: impl Into<Uuid>, run: DeploymentRun) -> Self {
        Self {
            resource: resource.into(),
            run,
        }
    }
}
