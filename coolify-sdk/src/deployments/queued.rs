//! Turns Coolify's reply about a queued deployment into a run.

use super::{Deployment, DeploymentRun, QueuedDeployment};
use crate::error::{Error, ErrorKind, Result};
use crate::{Coolify, DeploymentStatus, Uuid};

/// How many of the newest deployments are searched for an equal one.
const NEWEST: i64 = 20;

/// The request, by which its deployment is found.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) coolify: &'a Coolify,
    pub(crate) application: &'a Uuid,
    pub(crate) pull_request: i64,
    pub(crate) operation: &'static str,
}

impl Asked<'_> {
    /// Returns the run of the queued deployment, or of the equal deployment that
    /// was queued before.
    pub(crate) async fn run(self, queued: QueuedDeployment) -> Result<DeploymentRun> {
        if is_duplicate(queued.message.as_deref()) {
            return self.join().await;
        }
        match queued.deployment_uuid {
            Some(uuid) => Ok(DeploymentRun::new(self.coolify, uuid, false)),
            None => Err(self.refused(queued.message)),
        }
    }

    /// Returns the run like [`run`](Self::run), for calls that answer with a
    /// deployment even if the queue was full and none was created.
    pub(crate) async fn run_if_made(self, queued: QueuedDeployment) -> Result<DeploymentRun> {
        let run = self.run(queued).await?;
        if run.joined() || self.was_made(run.uuid()).await {
            return Ok(run);
        }
        Err(Error::new(
            ErrorKind::QueueFull,
            "the deployment queue is full, although Coolify answered with success",
        )
        .with_operation(self.operation)
        .with_hint("wait until running deployments end, or cancel some"))
    }

    /// Returns whether a deployment with this uuid exists. It does, unless the
    /// server says that it does not.
    pub(crate) async fn was_made(self, deployment: &Uuid) -> bool {
        let found = self.coolify.deployment(deployment).get().await;
        !found.is_err_and(|error| error.is_not_found())
    }

    /// Returns the run of the equal deployment that was queued before.
    pub(crate) async fn join(self) -> Result<DeploymentRun> {
        let history = super::DeploymentHistory::new(self.coolify, self.application);
        let page = history.page(0, NEWEST).await.map_err(|error| {
            error.and_hint("an equal deployment was already queued, but it could not be read")
        })?;
        match meant(&page.deployments, self.pull_request) {
            Some(found) => {
                let uuid = found.deployment_uuid.clone();
                Ok(DeploymentRun::new(self.coolify, uuid, true))
            }
            None => Err(Error::new(
                ErrorKind::Conflict,
                "an equal deployment was already queued, and has ended meanwhile",
            )
            .with_operation(self.operation)
            .with_hint("deploy again, with `force()` if nothing has changed since")),
        }
    }

    /// Turns a 200 that deploys nothing into an error; only its message says why.
    pub(crate) fn refused(self, message: Option<String>) -> Error {
        let message = message.unwrap_or_else(|| "Coolify gave no reason".to_owned());
        let lower = message.to_ascii_lowercase();
        let is_not_found = lower.contains("not found");
        let kind = if is_not_found {
            ErrorKind::NotFound
        } else {
            ErrorKind::Conflict
        };
        let error = Error::new(kind, format!("nothing was deployed: {message}"))
            .with_operation(self.operation);
        if is_not_found && lower.contains("pull request") {
            return error.with_hint(format!(
                "the preview has to exist first: `previews().open({})` opens it since Coolify \
                 4.4.0, and so does a webhook of the pull request on any version",
                self.pull_request
            ));
        }
        error
    }
}

/// Returns the deployment that is equal to the requested one: it is queued or in
/// progress.
fn meant(newest_first: &[Deployment], pull_request: i64) -> Option<&Deployment> {
    let mut open = newest_first.iter().filter(|one| {
        !one.status.is_terminal() && one.pull_request_id.unwrap_or(0) == pull_request
    });
    let mut all = open.clone();
    let queued = all.find(|one| one.status == DeploymentStatus::Queued);
    queued.or_else(|| open.next())
}

/// Returns whether the message says that an equal deployment is queued. Nothing
/// else shows that the id in the reply belongs to no deployment.
pub(crate) fn is_duplicate(message: Option<&str>) -> bool {
    message.is_some_and(|text| text.to_ascii_lowercase().contains("already queued"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployments(rows: &[(&str, Option<i64>)]) -> Vec<Deployment> {
        let row = |(index, (status, number)): (usize, &(&str, Option<i64>))| {
            let row = serde_json::json!({
                "deployment_uuid": format!("d{index}"),
                "status": status,
                "pull_request_id": number,
            });
            serde_json::from_value(row).unwrap()
        };
        rows.iter().enumerate().map(row).collect()
    }

    fn found(rows: &[(&str, Option<i64>)], pull_request: i64) -> Option<String> {
        let rows = deployments(rows);
        let found = meant(&rows, pull_request);
        found.map(|one| one.deployment_uuid.to_string())
    }

    #[test]
    fn what_waits_is_meant_rather_than_what_runs() {
        let rows = [
            ("finished", None),
            ("in_progress", Some(0)),
            ("queued", None),
            ("queued", Some(0)),
        ];
        assert_eq!(found(&rows, 0).unwrap(), "d2");
        assert_eq!(found(&rows[..2], 0).unwrap(), "d1");
        assert_eq!(found(&rows[..1], 0), None);
        // An unknown status is not an end.
        assert_eq!(
            found(&[("failed", None), ("paused", None)], 0).unwrap(),
            "d1"
        );
    }

    #[test]
    fn a_preview_is_not_production() {
        let rows = [
            ("queued", Some(7)),
            ("in_progress", None),
            ("queued", Some(8)),
        ];
        assert_eq!(found(&rows, 0).unwrap(), "d1");
        assert_eq!(found(&rows, 8).unwrap(), "d2");
        assert_eq!(found(&rows, 9), None);
    }

    #[test]
    fn only_one_sentence_says_that_an_equal_one_is_queued() {
        assert!(is_duplicate(Some(
            "Deployment already queued for this commit."
        )));
        assert!(is_duplicate(Some("ALREADY QUEUED")));
        assert!(!is_duplicate(Some("Application web deployment queued.")));
        assert!(!is_duplicate(None));
    }
}
