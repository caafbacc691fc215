//! The outcome of a run.

use std::fmt;

use serde::{Serialize, Serializer};

use super::plan::{BulkResource, BulkSkipped};
use crate::Uuid;
use crate::deployments::Deployment;
use crate::error::{Error, Result};

/// The outcome of a run. It contains each selected resource exactly once.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct BulkOutcome {
    /// The resources on which the action succeeded.
    pub done: Vec<BulkDone>,
    /// The resources on which the action failed, or whose deployment failed.
    pub failed: Vec<BulkFailed>,
    /// The resources whose outcome is unknown: the reply was lost, or the run was
    /// stopped before the reply arrived or the deployment ended.
    pub unknown: Vec<BulkUnknown>,
    /// The resources for which nothing was sent, because the run stopped before.
    pub not_tried: Vec<BulkResource>,
    /// The resources that the plan left out.
    pub skipped: Vec<BulkSkipped>,
}

/// A resource on which the action succeeded.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BulkDone {
    /// The resource.
    pub resource: BulkResource,
    /// The result.
    pub result: BulkResult,
}

/// The result of the action on one resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BulkResult {
    /// This deployment has succeeded.
    Deployed(Box<Deployment>),
    /// A deployment with this uuid was queued, and was not followed.
    Queued(Uuid),
    /// Coolify has accepted the request, with this message if it sent one. What it
    /// starts or stops may take some time.
    Accepted(Option<String>),
    /// The resource was as desired, so nothing was changed.
    Unchanged,
}

/// A resource that failed.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct BulkFailed {
    /// The resource.
    pub resource: BulkResource,
    /// What went wrong. [`Error::failed_deployment`] has the last lines of the log of a
    /// deployment. It is serialized as its message.
    #[serde(serialize_with = "message")]
    pub error: Error,
}

/// A resource whose outcome is unknown.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct BulkUnknown {
    /// The resource.
    pub resource: BulkResource,
    /// The deployment that was queued, and was not seen to end.
    /// [`Coolify::deployment`](crate::Coolify::deployment) reads and cancels it.
    pub deployment: Option<Uuid>,
    /// Why it is unknown; `None` if the run was stopped. It is serialized as its
    /// message.
    #[serde(serialize_with = "message_if_any")]
    pub error: Option<Error>,
}

impl BulkOutcome {
    /// Returns whether everything that was planned is done.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failed.is_empty() && self.unknown.is_empty() && self.not_tried.is_empty()
    }

    /// Returns the resources on which the action succeeded, or the first error.
    ///
    /// # Errors
    ///
    /// The error of the first resource that failed or whose outcome is unknown.
    /// Resources that were not tried are not errors.
    pub fn into_result(self) -> Result<Vec<BulkDone>> {
        let failed = self.failed.into_iter().map(|it| it.error);
        let unknown = self.unknown.into_iter().filter_map(|it| it.error);
        match failed.chain(unknown).next() {
            Some(error) => Err(error),
            None => Ok(self.done),
        }
    }
}

/// Writes a line for each resource that is not done, and a summary.
impl fmt::Display for BulkOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.failed {
            writeln!(f, "failed {}: {}", one.resource, one.error)?;
        }
        for one in &self.unknown {
            write!(f, "unknown {}", one.resource)?;
            if let Some(deployment) = &one.deployment {
                write!(f, " (deployment {deployment})")?;
            }
            match &one.error {
                Some(error) => writeln!(f, ": {error}")?,
                None => f.write_str("\n")?,
            }
        }
        for resource in &self.not_tried {
            writeln!(f, "not tried {resource}")?;
        }
        write!(f, "{} done", self.done.len())?;
        for (count, what) in [
            (self.failed.len(), "failed"),
            (self.unknown.len(), "unknown"),
            (self.not_tried.len(), "not tried"),
            (self.skipped.len(), "skipped"),
        ] {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

fn message<S: Serializer>(error: &Error, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(error)
}

#[expect(clippy::ref_option, reason = "serde passes the field")]
fn message_if_any<S: Serializer>(error: &Option<Error>, serializer: S) -> Result<S::Ok, S::Error> {
    match error {
        Some(error) => message(error, serializer),
        None => serializer.serialize_none(),
    }
}
