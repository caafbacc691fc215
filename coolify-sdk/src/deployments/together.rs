//! Watches several deployments together.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::select_all;

use super::{Deployment, DeploymentRun, ResourceRun, Rollout, RunEvent};
use crate::error::{Error, Result};
use crate::{DeploymentStatus, Uuid};

/// Each deployment adds this to the polling interval, so that many deployments do
/// not use up the rate limit.
const INTERVAL_PER_RUN: Duration = Duration::from_secs(1);

/// An event of one of several deployments.
#[derive(Debug)]
#[non_exhaustive]
pub struct RolloutEvent {
    /// The resource.
    pub resource: Uuid,
    /// The event. An error is the last event of this deployment, and does not end
    /// the others.
    pub event: Result<RunEvent>,
    /// The progress of all deployments after this event.
    pub progress: RolloutProgress,
}

/// The progress of several deployments: how many are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RolloutProgress {
    /// The number of queued deployments.
    pub queued: usize,
    /// The number of deployments in progress.
    pub in_progress: usize,
    /// The number of finished deployments.
    pub finished: usize,
    /// The number of deployments that failed, were cancelled, or could not be
    /// followed.
    pub failed: usize,
}

/// The outcome of several deployments.
#[derive(Debug)]
#[non_exhaustive]
pub struct RolloutOutcome {
    /// The resources whose deployment succeeded.
    pub finished: Vec<(Uuid, Deployment)>,
    /// The resources whose deployment did not succeed, each with its error:
    /// [`Error::failed_deployment`] has the last lines of the log.
    pub failed: Vec<(Uuid, Error)>,
}

impl Rollout {
    /// Sets how often each deployment is polled. The default is 2 seconds, or a
    /// second for each deployment if there are many.
    #[must_use]
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.settle(|run| run.poll_every(interval));
        self
    }

    /// Sets how long to wait at most. The default is an hour. The deployments
    /// continue when the wait ends.
    #[must_use]
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.settle(|run| run.max_wait(longest));
        self
    }

    /// Returns a stream of the events of all deployments, with their progress.
    ///
    /// The stream ends when all deployments have ended. Each call starts a new
    /// stream.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use futures_util::StreamExt;
    ///
    /// let rollout = coolify.deployments().deploy_tag("beta").await?;
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
            let events = one.run.events();
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
        let ends = self.runs.into_iter().map(|one| async {
            let end = Box::pin(one.run.wait()).await;
            (one.resource, end)
        });
        let mut outcome = RolloutOutcome {
            finished: Vec::new(),
            failed: Vec::new(),
        };
        for (resource, end) in join_all(ends).await {
            match end {
                Ok(deployment) => outcome.finished.push((resource, deployment)),
                Err(error) => outcome.failed.push((resource, error)),
            }
        }
        outcome
    }

    pub(super) fn spread(mut self) -> Self {
        let count = u32::try_from(self.runs.len()).unwrap_or(u32::MAX);
        let spread = INTERVAL_PER_RUN.saturating_mul(count);
        self.settle(|run| {
            let interval = run.interval().max(spread);
            run.poll_every(interval)
        });
        self
    }

    fn settle(&mut self, change: impl Fn(DeploymentRun) -> DeploymentRun) {
        for one in &mut self.runs {
            one.run = change(one.run.clone());
        }
    }
}

/// Collects runs that were started one by one, to watch them together.
impl FromIterator<ResourceRun> for Rollout {
    fn from_iter<I: IntoIterator<Item = ResourceRun>>(runs: I) -> Self {
        let mut rollout = Self::new();
        rollout.runs.extend(runs);
        rollout.spread()
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

impl RolloutProgress {
    /// Counts the deployments; `None` stands for one that could not be followed.
    fn of(all: &[Option<DeploymentStatus>]) -> Self {
        let mut progress = Self::default();
        for one in all {
            *match one {
                Some(DeploymentStatus::Queued) => &mut progress.queued,
                Some(DeploymentStatus::Finished) => &mut progress.finished,
                Some(status) if !status.is_terminal() => &mut progress.in_progress,
                _ => &mut progress.failed,
            } += 1;
        }
        progress
    }

    /// Returns the number of deployments.
    #[must_use]
    pub fn total(&self) -> usize {
        self.queued + self.in_progress + self.finished + self.failed
    }

    /// Returns whether all have ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.queued + self.in_progress == 0
    }
}

impl fmt::Display for RolloutProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} finished", self.finished, self.total())?;
        for (count, what) in [
            (self.failed, "failed"),
            (self.in_progress, "in progress"),
            (self.queued, "queued"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

impl RolloutOutcome {
    /// Returns whether all deployments succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failed.is_empty()
    }

    /// Returns the deployments, or the error of the first one that did not
    /// succeed.
    ///
    /// # Errors
    ///
    /// Those of [`DeploymentRun::wait`].
    pub fn into_result(self) -> Result<Vec<(Uuid, Deployment)>> {
        match self.failed.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(self.finished),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_deployment_is_counted_once() {
        let progress = RolloutProgress::of(&[
            Some(DeploymentStatus::Finished),
            Some(DeploymentStatus::InProgress),
            Some(DeploymentStatus::from("melting")),
            Some(DeploymentStatus::CancelledByUser),
            None,
        ]);
        assert_eq!(
            progress.to_string(),
            "1 of 5 finished, 2 failed, 2 in progress"
        );
        assert!(!progress.is_over());
    }

    #[test]
    fn what_only_waits_is_not_over() {
        let waiting = [
            Some(DeploymentStatus::Finished),
            Some(DeploymentStatus::Queued),
        ];
        assert!(!RolloutProgress::of(&waiting).is_over());
        let over = [Some(DeploymentStatus::Finished), None];
        assert!(RolloutProgress::of(&over).is_over());
    }

    #[test]
    fn many_are_asked_for_less_often() {
        let coolify = crate::Coolify::builder().url("http://127.0.0.1:9");
        let coolify = coolify.token("1|t").build().unwrap();
        let run = || ResourceRun::new("a", DeploymentRun::new(&coolify, "d".into(), false));
        for (count, seconds) in [(1, 2), (2, 2), (7, 7)] {
            let rollout = Rollout::from_iter((0..count).map(|_| run()));
            for one in rollout.runs {
                assert_eq!(one.run.interval(), Duration::from_secs(seconds));
            }
        }
    }
}
