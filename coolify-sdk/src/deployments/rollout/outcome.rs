//! The outcome of several deployments.

use crate::Uuid;
use crate::deployments::{CancelledDeployment, Deployment};
use crate::error::{Error, Result};

/// The outcome of several deployments.
#[derive(Debug)]
#[non_exhaustive]
pub struct RolloutOutcome {
    /// The resources whose deployment succeeded.
    pub finished: Vec<DeployedResource>,
    /// The resources whose deployment did not.
    pub failed: Vec<FailedResource>,
}

/// A resource whose deployment succeeded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DeployedResource {
    /// The resource's uuid.
    pub resource: Uuid,
    /// The resource's name.
    pub name: Option<String>,
    /// Its deployment, which has finished.
    pub deployment: Deployment,
}

/// A resource whose deployment did not succeed.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedResource {
    /// The resource's uuid.
    pub resource: Uuid,
    /// The resource's name. `None` if the deployment was not seen to end.
    pub name: Option<String>,
    /// What went wrong: [`Error::failed_deployment`] has the last lines of the log.
    pub error: Error,
}

/// The outcome of stopping several deployments: [`Rollout::cancel`](super::Rollout::cancel).
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct CancelledRollout {
    /// The resources whose deployment was stopped.
    pub cancelled: Vec<Uuid>,
    /// The resources whose deployment had ended already.
    pub already_over: Vec<Uuid>,
    /// The resources whose deployment could not be stopped, and why.
    pub failed: Vec<(Uuid, Error)>,
}

impl RolloutOutcome {
    pub(super) fn of(ends: Vec<(Uuid, Result<Deployment>)>) -> Self {
        let mut outcome = Self {
            finished: Vec::new(),
            failed: Vec::new(),
        };
        for (resource, end) in ends {
            match end {
                Ok(deployment) => outcome.finished.push(DeployedResource {
                    resource,
                    name: deployment.application_name.clone(),
                    deployment,
                }),
                Err(error) => outcome.failed.push(FailedResource {
                    resource,
                    name: error
                        .failed_deployment()
                        .and_then(|it| it.application_name.clone()),
                    error,
                }),
            }
        }
        outcome
    }

    /// Returns whether all deployments succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.failed.is_empty()
    }

    /// Returns the resources that were deployed, or the error of the first that was
    /// not.
    ///
    /// # Errors
    ///
    /// As [`DeploymentRun::wait`](crate::deployments::DeploymentRun::wait).
    pub fn into_result(self) -> Result<Vec<DeployedResource>> {
        match self.failed.into_iter().next() {
            Some(failed) => Err(failed.error),
            None => Ok(self.finished),
        }
    }
}

impl CancelledRollout {
    pub(super) fn add(&mut self, resource: Uuid, reply: Result<CancelledDeployment>) {
        match reply {
            Ok(_) => self.cancelled.push(resource),
            Err(error) if error.is_conflict() => self.already_over.push(resource),
            Err(error) => self.failed.push((resource, error)),
        }
    }
}
