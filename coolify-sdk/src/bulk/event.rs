//! The events and the progress of a run.

use std::fmt;

use serde::Serialize;

use super::plan::BulkResource;
use crate::deployments::RunEvent;

/// An event of one of the resources of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BulkEvent {
    /// The resource.
    pub resource: BulkResource,
    /// What has happened.
    pub step: BulkStep,
    /// The progress of all resources after this event.
    pub progress: BulkProgress,
}

/// What has happened to a resource of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BulkStep {
    /// Its request is being sent.
    Begun,
    /// The deployment queue is full; it will be tried again.
    QueueFull,
    /// Its deployment has a new status, or has logged something. The last status is not
    /// reported as such an event.
    Deployment(RunEvent),
    /// It is done.
    Done,
    /// It has failed, with this message.
    Failed(String),
    /// Its outcome is unknown, for this reason.
    Unknown(String),
}

/// The progress of a run: how many resources are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BulkProgress {
    /// The number of resources that have not been begun.
    pub waiting: usize,
    /// The number of resources whose request is being sent, or whose deployment is
    /// followed.
    pub running: usize,
    /// The number of resources that are done.
    pub done: usize,
    /// The number of resources that have failed.
    pub failed: usize,
    /// The number of resources whose outcome is unknown.
    pub unknown: usize,
}

impl BulkProgress {
    /// Returns the number of resources.
    #[must_use]
    pub fn total(&self) -> usize {
        self.waiting + self.running + self.done + self.failed + self.unknown
    }
}

impl fmt::Display for BulkProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} done", self.done, self.total())?;
        for (count, what) in [
            (self.failed, "failed"),
            (self.unknown, "unknown"),
            (self.running, "running"),
            (self.waiting, "waiting"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for BulkStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begun => f.write_str("begun"),
            Self::QueueFull => f.write_str("waiting, the deployment queue is full"),
            Self::Deployment(RunEvent::Status(status)) => write!(f, "{status}"),
            Self::Deployment(RunEvent::Log(line)) if line.hidden => f.write_str("(debug)"),
            Self::Deployment(RunEvent::Log(line)) => f.write_str(line.output.trim_end()),
            Self::Deployment(RunEvent::LogWithheld) => f.write_str("the token may not see the log"),
            Self::Done => f.write_str("done"),
            Self::Failed(message) => write!(f, "failed: {message}"),
            Self::Unknown(message) => write!(f, "unknown: {message}"),
        }
    }
}

/// Writes the path of the resource and what has happened.
impl fmt::Display for BulkEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.resource, self.step)
    }
}
