//! Watches a resource until it reaches a status.

use std::time::Duration;

use futures_core::Stream;
use futures_util::stream;
use tokio::time::{Instant, timeout};

use super::ResourceHandle;
use super::subject::{StatusReport, Subject};
use crate::error::{Error, ErrorKind, Result};
use crate::request::awaitable;
use crate::wait::{Patience, Wait, waits};
use crate::{Health, ResourceState, ResourceStatus};

const LONGEST: Duration = Duration::from_secs(300);

/// How long a status has to stay before it counts, if it may be temporary:
/// running without a health check, or stopped after running.
const STEADY: Duration = Duration::from_secs(15);

/// How long a resource has to stay healthy after a restart that was not observed.
/// Coolify takes up to half a minute to stop a resource.
const UNSEEN_RESTART: Duration = Duration::from_secs(60);

/// How long reading the log for an error may take.
const REASON: Duration = Duration::from_secs(10);

/// Watches a resource that starts or stops: a future that completes when the
/// resource has reached the status, and a stream of its statuses.
///
/// Starting, stopping and restarting return a watch, and so do `until_healthy`
/// and `until_stopped` of applications, databases and services. Dropping it
/// changes nothing on the server.
///
/// Coolify polls Docker, so a status is a few seconds to a minute old. A resource
/// without a health check counts as healthy when it has been running for 15
/// seconds. A restart between two polls leaves no trace, so a resource that stays
/// healthy for a minute counts as restarted.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let database = coolify.database("anr20uftvinwcdu7cxugbatx");
/// if let Err(error) = database.start().and_wait().await {
///     if let Some(report) = error.last_status() {
///         println!("{}\n{}", report.status, report.last_lines.join("\n"));
///     }
///     return Err(error);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct StatusWatch {
    subject: Subject,
    goal: Goal,
    message: Option<String>,
    patience: Patience,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    Healthy,
    Restarted,
    Stopped,
}

waits!(StatusWatch, "5 minutes");

impl StatusWatch {
    pub(crate) fn new(subject: Subject, goal: Goal) -> Self {
        Self {
            subject,
            goal,
            message: None,
            patience: Patience::default(),
        }
    }

    pub(crate) fn until_healthy<R: ResourceHandle>(resource: &R) -> Self {
        Self::new(Subject::of(resource), Goal::Healthy)
    }

    pub(crate) fn until_stopped<R: ResourceHandle>(resource: &R) -> Self {
        Self::new(Subject::of(resource), Goal::Stopped)
    }

    /// Returns the watch with the settings of an outer wait.
    pub(crate) fn with(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    pub(crate) fn said(mut self, message: String) -> Self {
        self.message = Some(message);
        self
    }

    /// Returns Coolify's message about starting or stopping the resource.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns a stream of the statuses, beginning with the current one. It ends
    /// when the resource has reached the status, or with the error of
    /// [`wait`](Self::wait).
    pub fn events(&self) -> impl Stream<Item = Result<ResourceStatus>> + Send + Unpin + use<> {
        let watching = Watching::new(self.clone());
        Box::pin(stream::unfold(watching, |mut watching| async {
            let status = watching.next().await?;
            Some((status, watching))
        }))
    }

    /// Waits until the resource has reached the status, and returns it.
    ///
    /// Needs the `read` ability.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WaitExpired`] after the maximum wait, and
    /// [`ErrorKind::NotHealthy`] if the resource started and stopped again; both
    /// with [`Error::last_status`]. [`Error::is_not_found`] if it was deleted
    /// meanwhile; and the errors of polling.
    pub async fn wait(self) -> Result<ResourceStatus> {
        let mut watching = Watching::new(self);
        let mut last = None;
        while let Some(status) = watching.next().await {
            last = Some(status?);
        }
        last.ok_or_else(|| watching.expired())
    }
}

awaitable!(StatusWatch, wait -> ResourceStatus);

struct Watching {
    subject: Subject,
    wait: Wait,
    judge: Judge,
    last: Option<StatusReport>,
    over: bool,
}

impl Watching {
    fn new(watch: StatusWatch) -> Self {
        Self {
            wait: watch.patience.start(watch.subject.coolify(), LONGEST),
            subject: watch.subject,
            judge: Judge::new(watch.goal),
            last: None,
            over: false,
        }
    }

    /// Returns the next status that differs from the one before.
    async fn next(&mut self) -> Option<Result<ResourceStatus>> {
        while !self.over {
            match self.step().await {
                Ok(Some(status)) => return Some(Ok(status)),
                Ok(None) => {}
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    async fn step(&mut self) -> Result<Option<ResourceStatus>> {
        if !self.wait.turn().await {
            let error = self.expired();
            return Err(self.explain(error).await);
        }
        let Some(report) = self.wait.look(self.subject.look()).await? else {
            return Ok(None);
        };
        let status = report.status.clone();
        let is_new = self.last.as_ref().map(|last| &last.status) != Some(&status);
        self.last = Some(report);
        match self.judge.see(&status, Instant::now()) {
            Verdict::Reached => self.over = true,
            Verdict::NotYet => {}
            Verdict::Failed => {
                let noun = self.subject.noun();
                let error = Error::new(
                    ErrorKind::NotHealthy,
                    format!("the {noun} started and stopped again: it is {status}"),
                );
                return Err(self.explain(error).await);
            }
        }
        Ok(is_new.then_some(status))
    }

    fn expired(&self) -> Error {
        let noun = self.subject.noun();
        let status = self.last.as_ref().map(|last| last.status.as_str());
        let status = status.unwrap_or("of unknown status");
        let error = self
            .wait
            .expired(format_args!("the {noun} is still {status}"));
        error.with_hint("wait longer with `max_wait`; Coolify reports a status late")
    }

    async fn explain(&mut self, error: Error) -> Error {
        let Some(mut report) = self.last.take() else {
            return error;
        };
        if report.status.state == ResourceState::Exited && self.judge.goal == Goal::Stopped {
            return error.with_detail(report);
        }
        let lines = timeout(REASON, self.subject.last_lines(&report.parts)).await;
        report.last_lines = lines.unwrap_or_default();
        error.with_detail(report)
    }
}

/// Decides from the statuses so far whether the wait is over.
struct Judge {
    goal: Goal,
    was_up: bool,
    was_down: bool,
    same: Option<(ResourceStatus, Instant)>,
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Reached,
    NotYet,
    Failed,
}

impl Judge {
    fn new(goal: Goal) -> Self {
        Self {
            goal,
            was_up: false,
            was_down: false,
            same: None,
        }
    }

    fn see(&mut self, status: &ResourceStatus, now: Instant) -> Verdict {
        let since = match &self.same {
            Some((same, since)) if same == status => *since,
            _ => now,
        };
        self.same = Some((status.clone(), since));
        let steady = now.duration_since(since);
        let is_down = matches!(status.state, ResourceState::Exited | ResourceState::Dead);
        let reached = match self.goal {
            Goal::Stopped => is_down,
            Goal::Healthy => is_well(status, steady),
            Goal::Restarted if self.was_down => is_well(status, steady),
            Goal::Restarted => is_well(status, steady) && steady >= UNSEEN_RESTART,
        };
        if reached {
            return Verdict::Reached;
        }
        if self.goal != Goal::Stopped && is_down && self.was_up && steady >= STEADY {
            return Verdict::Failed;
        }
        self.was_down |= is_down;
        // A healthy status before a restart says nothing about the time after it.
        let begun = self.goal != Goal::Restarted || self.was_down;
        self.was_up |= begun && !is_down;
        Verdict::NotYet
    }
}

fn is_well(status: &ResourceStatus, steady: Duration) -> bool {
    let unchecked = matches!(status.health, None | Some(Health::NotChecked));
    status.is_healthy() || (status.is_running() && unchecked && steady >= STEADY)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the verdicts about statuses that are 5 seconds apart.
    fn verdicts(goal: Goal, statuses: &[&str]) -> Vec<Verdict> {
        let start = Instant::now();
        let mut judge = Judge::new(goal);
        (0..)
            .zip(statuses)
            .map(|(index, status)| {
                let now = start + Duration::from_secs(5) * index;
                judge.see(&ResourceStatus::from(*status), now)
            })
            .collect()
    }

    fn end(goal: Goal, statuses: &[&str]) -> (usize, Verdict) {
        verdicts(goal, statuses)
            .into_iter()
            .enumerate()
            .find(|(_, verdict)| *verdict != Verdict::NotYet)
            .unwrap_or((statuses.len(), Verdict::NotYet))
    }

    #[test]
    fn unhealthy_and_unknown_words_are_no_end() {
        let statuses = ["exited", "running:unhealthy", "hibernating", "restarting"];
        assert_eq!(end(Goal::Healthy, &statuses), (4, Verdict::NotYet));
        let statuses = ["exited", "starting:unknown", "running:healthy"];
        assert_eq!(end(Goal::Healthy, &statuses), (2, Verdict::Reached));
    }

    #[test]
    fn what_has_no_check_has_to_stay_up() {
        let statuses = ["running:unknown"; 5];
        assert_eq!(end(Goal::Healthy, &statuses), (3, Verdict::Reached));
    }

    #[test]
    fn what_goes_down_again_and_stays_down_has_failed() {
        let statuses = ["exited"; 5];
        assert_eq!(end(Goal::Healthy, &statuses), (5, Verdict::NotYet));
        let statuses = [
            "running:starting",
            "exited",
            "exited",
            "exited",
            "exited",
            "exited",
        ];
        assert_eq!(end(Goal::Healthy, &statuses), (4, Verdict::Failed));
    }

    #[test]
    fn the_status_before_a_restart_does_not_end_it() {
        let statuses = ["running:healthy", "exited", "running:healthy"];
        assert_eq!(end(Goal::Restarted, &statuses), (2, Verdict::Reached));
        let statuses = ["running:healthy"; 20];
        assert_eq!(end(Goal::Restarted, &statuses), (12, Verdict::Reached));
    }

    #[test]
    fn down_is_what_a_stop_waits_for() {
        let statuses = ["running:healthy", "degraded", "exited:unhealthy"];
        assert_eq!(end(Goal::Stopped, &statuses), (2, Verdict::Reached));
    }

    #[test]
    fn a_restart_is_seen_by_what_was_down_in_between() {
        // What is up again has to stay up, and no longer than after a start.
        let mut statuses = vec!["running:healthy", "exited"];
        statuses.extend(["running:unknown"; 5]);
        assert_eq!(end(Goal::Restarted, &statuses), (5, Verdict::Reached));
        // That it was up before says nothing about how long it may be down.
        let mut statuses = vec!["running:healthy"];
        statuses.extend(["exited"; 8]);
        statuses.push("running:healthy");
        assert_eq!(end(Goal::Restarted, &statuses), (9, Verdict::Reached));
    }

    #[test]
    fn what_is_dead_is_down() {
        assert_eq!(end(Goal::Stopped, &["dead"]), (0, Verdict::Reached));
        let statuses = ["running:starting", "dead", "dead", "dead", "dead"];
        assert_eq!(end(Goal::Healthy, &statuses), (4, Verdict::Failed));
    }
}
