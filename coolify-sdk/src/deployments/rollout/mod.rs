//! Deploying several resources, and watching their deployments as one.

mod one;
mod outcome;
mod progress;
mod start;
#[cfg(test)]
mod tests;
mod watch;

use std::sync::Arc;

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::{self, select_all};

use super::{Deployment, DeploymentRun, RunEvent};
use crate::error::Result;
use crate::wait::{Patience, waits};
use crate::{Coolify, DeploymentStatus, Uuid};

pub use outcome::{CancelledRollout, DeployedResource, FailedResource, RolloutOutcome};
pub use progress::{RolloutEvent, RolloutProgress};
pub use start::StartRollout;
pub(crate) use watch::Watch;

/// The result of deploying several resources.
///
/// All deployments are watched by one list: one call in an interval, however many
/// there are, and one call for each deployment when it leaves the list. A deployment
/// that failed takes another call, for the reason in its log. The list is empty for the
/// token of a member who is not an administrator; then the deployments are read one by
/// one, three in an interval.
///
/// If the runs belong to different clients, each client has its own list.
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
    whole_logs: bool,
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
            whole_logs: false,
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
    /// Reads each log to its last line, as a [`DeploymentRun`] does.
    ///
    /// Coolify writes the end of a log after the status: the output of the
    /// post-deployment command, and the clean-up. By default, a deployment that
    /// succeeded counts as over before that, and of one that failed, the log is read
    /// once more, for the reason. Reading on takes a call in a second for each
    /// deployment, for some seconds, or for up to five minutes while a post-deployment
    /// command runs.
    #[must_use = "it returns the rollout with the setting"]
    pub fn whole_logs(mut self) -> Self {
        self.whole_logs = true;
        self
    }

    /// Returns a stream of the events of all deployments, with their progress.
    ///
    /// The list contains the logs, so their lines take no further calls; only the last
    /// lines may be missing: see [`whole_logs`](Self::whole_logs).
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
        let resources: Vec<_> = self.runs.iter().map(|one| one.resource.clone()).collect();
        let mut all = vec![Some(DeploymentStatus::Queued); resources.len()];
        let each = self.watches().into_iter().map(|watch| {
            Box::pin(stream::unfold(watch, |mut watch| async {
                let event = watch.next().await?;
                Some((event, watch))
            }))
        });
        select_all(each).map(move |(index, event)| {
            match &event {
                Ok(RunEvent::Status(status)) => all[index] = Some(status.clone()),
                Ok(RunEvent::Log(_) | RunEvent::LogWithheld) => {}
                Err(_) => all[index] = None,
            }
            RolloutEvent {
                resource: resources[index].clone(),
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
        let watches = self.watches().into_iter().map(|watch| self.end(watch));
        let ends = join_all(watches.map(Box::pin)).await;
        let mut ends: Vec<_> = ends.into_iter().flatten().collect();
        ends.sort_by_key(|(index, _)| *index);
        let ends = ends.into_iter().filter_map(|(index, end)| {
            let one = self.runs.get(index)?;
            Some((one.resource.clone(), end))
        });
        RolloutOutcome::of(ends.collect())
    }

    /// Follows deployments to their ends.
    async fn end(&self, mut watch: Watch) -> Vec<(usize, Result<Deployment>)> {
        let mut errors: Vec<_> = self.runs.iter().map(|_| None).collect();
        while let Some((index, event)) = watch.next().await {
            if let Err(error) = event {
                errors[index] = Some(error);
            }
        }
        let indices = watch.indices().into_iter();
        let ends = indices.filter_map(|index| {
            let end = errors[index].take().map(Err);
            Some((index, end.or_else(|| watch.take_end(index))?))
        });
        ends.collect()
    }

    /// Returns the watches of all runs, one for each client.
    fn watches(&self) -> Vec<Watch> {
        let mut clients: Vec<(&Coolify, Vec<(usize, &ResourceRun)>)> = Vec::new();
        for (index, one) in self.runs.iter().enumerate() {
            let own = one.run.coolify();
            match clients.iter_mut().find(|(it, _)| it.is_clone_of(own)) {
                Some((_, runs)) => runs.push((index, one)),
                None => clients.push((own, vec![(index, one)])),
            }
        }
        let watch = |(client, runs): (&Coolify, Vec<(usize, &ResourceRun)>)| {
            let source = Arc::new(client.clone());
            Watch::new(source, &runs, self.patience, self.whole_logs)
        };
        clients.into_iter().map(watch).collect()
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
