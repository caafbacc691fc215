//! The events and the progress of several deployments.

use std::fmt;

use serde::Serialize;

use crate::deployments::RunEvent;
use crate::error::Result;
use crate::{DeploymentStatus, Uuid};

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

impl RolloutProgress {
    /// Counts the deployments; `None` stands for one that could not be followed.
    pub(super) fn of(all: &[Option<DeploymentStatus>]) -> Self {
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
}
