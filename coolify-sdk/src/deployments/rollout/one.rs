//! What is known about one of several deployments while they are watched.

use tokio::time::Instant;

use crate::deployments::ending::Ending;
use crate::deployments::failed::{FailedDeployment, Tail};
use crate::deployments::follow::{expired, missing};
use crate::deployments::log::{Cursor, LogLine};
use crate::deployments::{Deployment, DeploymentRun, RunEvent};
use crate::error::{Error, Result};
use crate::wait::{Patience, Wait};
use crate::{DeploymentStatus, Uuid};

/// One of several deployments.
pub(super) struct One {
    /// Its position in the rollout.
    pub(super) index: usize,
    pub(super) uuid: Uuid,
    run: DeploymentRun,
    pub(super) wait: Wait,
    log: Cursor,
    /// The last lines, for the error of a failure.
    tail: Tail,
    pub(super) status: Option<DeploymentStatus>,
    /// Whether it is known that the log is withheld.
    is_withheld: bool,
    /// When it was last read by itself, since the list contained it.
    pub(super) asked: Option<Instant>,
    /// How many times it was not found.
    misses: u32,
    pub(super) in_flight: bool,
    /// The deployment, once it has ended.
    ended: Option<Deployment>,
    pub(super) over: bool,
}

/// What to do after a deployment has ended.
pub(super) enum After {
    /// Nothing: the deployment is over.
    Nothing,
    /// Read the rest of its log.
    Read(Ending),
}

impl One {
    pub(super) fn new(index: usize, run: &DeploymentRun, all: Patience) -> Self {
        Self {
            index,
            uuid: run.uuid().clone(),
            run: run.clone(),
            wait: run.start_within(all),
            log: Cursor::default(),
            tail: Tail::default(),
            status: None,
            is_withheld: false,
            asked: None,
            misses: 0,
            in_flight: false,
            ended: None,
            over: false,
        }
    }

    /// Returns whether it is unknown how the deployment goes on, and nothing is being
    /// done to find out.
    pub(super) fn is_idle(&self) -> bool {
        !self.over && !self.in_flight
    }

    /// Returns whether the deployment has ended, although its log may go on.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// Takes the end of the deployment; `None` if it was not seen to end.
    pub(super) fn take_end(&mut self) -> Option<Result<Deployment>> {
        let ended = self.ended.take()?;
        if ended.status == DeploymentStatus::Finished {
            return Some(Ok(ended));
        }
        let tail = std::mem::take(&mut self.tail);
        let failed = FailedDeployment::new(&self.run, Some(ended), tail);
        Some(Err(Error::failed_run(failed)))
    }

    /// Records a state of the deployment before its end.
    pub(super) fn see(&mut self, deployment: &Deployment) -> Vec<RunEvent> {
        let mut events = self.lines_of(deployment);
        if self.status.as_ref() != Some(&deployment.status) {
            events.push(RunEvent::Status(deployment.status.clone()));
        }
        self.status = Some(deployment.status.clone());
        events
    }

    /// Records that the token does not see the log.
    pub(super) fn withhold(&mut self) -> Option<RunEvent> {
        let is_news = !std::mem::replace(&mut self.is_withheld, true);
        self.tail.is_withheld = true;
        is_news.then_some(RunEvent::LogWithheld)
    }

    /// Records the state of the deployment when it has ended: its first state after
    /// the end, or a later one with more of the log.
    pub(super) fn end(
        &mut self,
        deployment: Deployment,
        ending: Option<Ending>,
        whole_log: bool,
    ) -> (Vec<RunEvent>, After) {
        let is_failure = deployment.status != DeploymentStatus::Finished;
        let mut ending = ending.unwrap_or_else(|| {
            let was_over = self.status.is_none();
            if whole_log {
                Ending::new(&self.wait, was_over)
            } else {
                Ending::brief(&self.wait, was_over)
            }
        });
        let lines = self.new_lines(&deployment);
        ending.see(&deployment, &lines, self.is_withheld);
        let mut events: Vec<_> = lines.into_iter().map(RunEvent::Log).collect();
        self.status = Some(deployment.status.clone());
        self.ended = Some(deployment);
        let after = if whole_log || is_failure {
            self.go_on(ending, &mut events)
        } else {
            self.finish(&mut events)
        };
        (events, after)
    }

    /// Records that the rest of the log could not be read. `None` as the ending means
    /// that it will not be tried again.
    pub(super) fn miss_the_rest(&mut self, ending: Option<Ending>) -> (Vec<RunEvent>, After) {
        let mut events = Vec::new();
        let after = match ending {
            Some(mut ending) => {
                ending.miss();
                self.go_on(ending, &mut events)
            }
            None => self.finish(&mut events),
        };
        (events, after)
    }

    fn go_on(&mut self, ending: Ending, events: &mut Vec<RunEvent>) -> After {
        if ending.is_over() {
            self.finish(events)
        } else {
            After::Read(ending)
        }
    }

    /// The terminal status is the last event.
    fn finish(&mut self, events: &mut Vec<RunEvent>) -> After {
        self.over = true;
        events.extend(self.status.clone().map(RunEvent::Status));
        After::Nothing
    }

    /// Records that the server does not know the deployment.
    pub(super) fn miss(&mut self, error: Error) -> Result<()> {
        self.misses += 1;
        // It is read again after the next list.
        self.asked = None;
        missing(error, self.status.is_some(), self.misses)
    }

    /// Returns the error for a deployment that has not ended within its maximum wait.
    pub(super) fn expired(&self) -> Error {
        expired(&self.wait, self.status.as_ref())
    }

    fn lines_of(&mut self, deployment: &Deployment) -> Vec<RunEvent> {
        let lines = self.new_lines(deployment);
        lines.into_iter().map(RunEvent::Log).collect()
    }

    /// Returns the lines that were written since the deployment was last seen.
    fn new_lines(&mut self, deployment: &Deployment) -> Vec<LogLine> {
        let log = deployment.logs.as_ref();
        let lines = log.map_or_else(Vec::new, |log| self.log.advance(log.expose()));
        for line in &lines {
            self.tail.push(line.clone());
        }
        lines
    }
}
