//! Follows a deployment from poll to poll.

use std::collections::VecDeque;

use super::ending::Ending;
use super::log::{Cursor, LogLine};
use super::{Deployment, DeploymentHandle, DeploymentRun, RunEvent};
use crate::DeploymentStatus;
use crate::error::{Error, Result};
use crate::wait::Wait;

/// How many times a deployment may be unknown to the server that has named it. A
/// full queue returns ids that never exist; a real deployment exists at once.
const APPEARS_WITHIN: u32 = 6;

/// The state between two events.
pub(super) struct Follow {
    handle: DeploymentHandle,
    wait: Wait,
    log: Cursor,
    /// Whether the log is withheld, once this is known.
    is_withheld: Option<bool>,
    status: Option<DeploymentStatus>,
    /// The last state of the deployment with its log. Earlier states are not
    /// kept, because logs may be long.
    ended: Option<Deployment>,
    /// Reads the rest of the log after the terminal status.
    ending: Option<Ending>,
    events: VecDeque<RunEvent>,
    over: bool,
}

impl Follow {
    pub(super) fn new(run: &DeploymentRun) -> Self {
        Self {
            handle: run.handle(),
            wait: run.start(),
            log: Cursor::default(),
            is_withheld: None,
            status: None,
            ended: None,
            ending: None,
            events: VecDeque::new(),
            over: false,
        }
    }

    pub(super) async fn next(&mut self) -> Option<Result<RunEvent>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(Ok(event));
            }
            if self.over {
                return None;
            }
            if let Some(ending) = self.ending.take() {
                self.read_on(ending).await;
            } else if let Err(error) = self.poll().await {
                self.over = true;
                return Some(Err(error));
            }
        }
    }

    /// Returns the deployment as it was when its terminal status was reported.
    pub(super) fn into_ended(self) -> Option<Deployment> {
        self.ended
    }

    async fn poll(&mut self) -> Result<()> {
        if !self.wait.turn().await {
            return Err(self.expired());
        }
        let deployment = match self.wait.look(Box::pin(self.handle.get())).await {
            Ok(Some(deployment)) => deployment,
            Ok(None) => return Ok(()),
            Err(error) if error.is_not_found() => return self.missing(error),
            Err(error) => return Err(error),
        };
        self.ask_for_log(&deployment).await;
        let is_first = self.status.is_none();
        let lines = self.lines(&deployment);
        if deployment.status.is_terminal() {
            self.status = Some(deployment.status.clone());
            self.wind_up(Ending::new(&self.wait, is_first), deployment, lines);
            return Ok(());
        }
        self.give(lines);
        if self.status.as_ref() != Some(&deployment.status) {
            let status = deployment.status.clone();
            self.events.push_back(RunEvent::Status(status));
        }
        self.status = Some(deployment.status);
        Ok(())
    }

    /// Reads what Coolify writes after the terminal status. The outcome is known,
    /// so failures from here on are not errors.
    async fn read_on(&mut self, mut ending: Ending) {
        match ending.look(self.handle.get()).await {
            Ok(Some(deployment)) if deployment.status.is_terminal() => {
                let lines = self.lines(&deployment);
                self.wind_up(ending, deployment, lines);
            }
            Ok(None) => {
                ending.miss();
                self.go_on(ending);
            }
            Ok(Some(_)) | Err(_) => self.finish(),
        }
    }

    fn wind_up(&mut self, mut ending: Ending, deployment: Deployment, lines: Vec<LogLine>) {
        ending.see(&deployment, &lines, self.is_withheld == Some(true));
        self.give(lines);
        self.ended = Some(deployment);
        self.go_on(ending);
    }

    fn go_on(&mut self, ending: Ending) {
        if ending.is_over() {
            self.finish();
        } else {
            self.ending = Some(ending);
        }
    }

    fn finish(&mut self) {
        self.over = true;
        let status = self.ended.as_ref().map(|ended| ended.status.clone());
        self.events.extend(status.map(RunEvent::Status));
    }

    /// Returns the lines that were written since the last poll.
    fn lines(&mut self, deployment: &Deployment) -> Vec<LogLine> {
        let log = deployment.logs.as_ref();
        log.map_or_else(Vec::new, |log| self.log.advance(log.expose()))
    }

    fn give(&mut self, lines: Vec<LogLine>) {
        self.events.extend(lines.into_iter().map(RunEvent::Log));
    }

    /// Finds out whether the log is withheld. A withheld log is absent in the
    /// reply and an empty one is null, but a [`Deployment`] has `None` for both.
    async fn ask_for_log(&mut self, deployment: &Deployment) {
        if deployment.logs.is_some() {
            self.is_withheld = Some(false);
        }
        // The log begins a moment after the deployment.
        let is_due =
            deployment.status.is_terminal() || self.status == Some(DeploymentStatus::InProgress);
        if self.is_withheld.is_some() || !is_due {
            return;
        }
        // This is asked once. If it fails, it is ignored, because the deployment
        // matters more.
        let is_shown = self.wait.look(Box::pin(self.handle.shows_log())).await;
        let is_withheld = matches!(is_shown, Ok(Some(false)));
        self.is_withheld = Some(is_withheld);
        if is_withheld {
            self.events.push_back(RunEvent::LogWithheld);
        }
    }

    /// Handles a deployment that is not found: one that was just queued may not
    /// exist yet.
    fn missing(&self, error: Error) -> Result<()> {
        missing(error, self.status.is_some(), self.wait.looks())
    }

    fn expired(&self) -> Error {
        expired(&self.wait, self.status.as_ref())
    }
}

/// Judges that a deployment is not found: whether it was seen before, and how many
/// times it has not been found.
pub(super) fn missing(error: Error, was_seen: bool, looks: u32) -> Result<()> {
    if was_seen {
        return Err(error
            .with_hint("the deployment existed and is gone, because its application was deleted"));
    }
    if looks < APPEARS_WITHIN {
        return Ok(());
    }
    Err(error.with_hint(
        "the server answered with this deployment, but it never existed: the queue was full, \
         or an equal deployment was already queued; list the application's deployments",
    ))
}

/// Makes the error for a deployment that has not ended within the maximum wait.
pub(super) fn expired(wait: &Wait, status: Option<&DeploymentStatus>) -> Error {
    let status = status.map_or("unknown", DeploymentStatus::as_str);
    wait.expired(format_args!("the deployment is still {status}"))
        .with_hint("it continues on the server; wait longer with `max_wait`, or cancel it")
}
