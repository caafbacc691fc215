//! A deployment that ended without success.

use std::fmt;

use super::{Error, ErrorKind};
use crate::deployments::FailedDeployment;

impl Error {
    pub(crate) fn failed_run(deployment: FailedDeployment) -> Self {
        let FailedDeployment { uuid, status, .. } = &deployment;
        let summary = match deployment.reason() {
            Some(reason) => format!("the deployment {uuid} ended as {status}: {reason}"),
            None => format!("the deployment {uuid} ended as {status}"),
        };
        let mut error = Self::new(ErrorKind::DeploymentFailed, summary);
        if deployment.log_withheld {
            error.set_hint(
                "Coolify hides the log from this token: use one with the `read:sensitive` \
                 ability, or look at the deployment in the dashboard",
            );
        }
        error.0.failed_deployment = Some(deployment);
        error
    }

    /// The deployment that ended without success, with the last lines of its
    /// log.
    #[must_use]
    pub fn failed_deployment(&self) -> Option<&FailedDeployment> {
        self.0.failed_deployment.as_ref()
    }

    pub(super) fn fmt_failed_deployment(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let deployment = self.failed_deployment();
        deployment.map_or(Ok(()), |it| it.fmt_report(f))
    }
}
