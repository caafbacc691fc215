//! Asking for a deployment.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use super::{DeploymentRun, QueuedDeployment};
use crate::error::{Error, ErrorKind, Result};
use crate::{Coolify, DeploymentStatus, Uuid};

/// A deployment of one application, not asked for yet.
///
/// Needs the `deploy` ability. Since Coolify 4.0.0.
#[derive(Clone, Debug)]
#[must_use = "nothing is deployed before `.send()` or `.await`"]
pub struct Deploy {
    coolify: Coolify,
    application: Uuid,
    force: bool,
    pull_request: Option<i64>,
}

impl Deploy {
    pub(crate) fn new(coolify: &Coolify, application: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            application: application.clone(),
            force: false,
            pull_request: None,
        }
    }

    /// Builds without the cache, and even if nothing changed.
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    /// Deploys the preview of this pull request.
    pub fn pull_request(mut self, number: i64) -> Self {
        self.pull_request = Some(number);
        self
    }

    /// Asks for the deployment and gives the run to follow.
    ///
    /// When an equal deployment is queued already, Coolify answers with an id
    /// that belongs to no deployment; the run then follows the queued one
    /// ([`DeploymentRun::joined`]).
    ///
    /// # Errors
    ///
    /// [`Error::is_queue_full`] when the server's queue is full;
    /// [`Error::is_not_found`] for an unknown application or pull request.
    pub async fn send(self) -> Result<DeploymentRun> {
        let application = self.application.segment()?;
        let raw = self.coolify.raw();
        let reply = raw.deploy_by_tag_or_uuid(
            None,
            self.force.then_some(true),
            self.pull_request,
            None,
            None,
            Some(application),
        );
        let result = raw.finish(reply.await)?;
        let queued = result
            .deployments
            .unwrap_or_default()
            .into_iter()
            .find(|one| {
                one.resource_uuid
                    .as_ref()
                    .is_none_or(|uuid| *uuid == self.application)
            });
        match queued {
            Some(QueuedDeployment {
                deployment_uuid: Some(uuid),
                message,
                ..
            }) if !is_duplicate(message.as_deref()) => {
                Ok(DeploymentRun::new(&self.coolify, uuid, false))
            }
            Some(one) if is_duplicate(one.message.as_deref()) => self.join().await,
            other => Err(refused(other.and_then(|one| one.message))),
        }
    }

    /// The queued deployment that made ours superfluous.
    async fn join(self) -> Result<DeploymentRun> {
        let page = self
            .coolify
            .application(&self.application)
            .deployments()
            .page(0, 20)
            .await?;
        let pull_request = self.pull_request.unwrap_or(0);
        let ours = |one: &&super::Deployment| one.pull_request_id.unwrap_or(0) == pull_request;
        let mut open = page
            .deployments
            .iter()
            .filter(|one| !one.status.is_terminal())
            .filter(ours);
        let queued = open
            .clone()
            .find(|one| one.status == DeploymentStatus::Queued);
        match queued.or_else(|| open.next()) {
            Some(found) => {
                let uuid = found.deployment_uuid.clone();
                Ok(DeploymentRun::new(&self.coolify, uuid, true))
            }
            None => Err(Error::new(
                ErrorKind::Conflict,
                "an equal deployment was queued a moment ago and is over by now",
            )
            .with_operation("deploy-by-tag-or-uuid")
            .with_hint("deploy again, with `force()` if nothing has changed since")),
        }
    }
}

impl IntoFuture for Deploy {
    type Output = Result<DeploymentRun>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// The one sign that a deployment's id belongs to no deployment.
fn is_duplicate(message: Option<&str>) -> bool {
    message.is_some_and(|text| text.to_ascii_lowercase().contains("already queued"))
}

/// A 200 that deploys nothing says why in its message only.
fn refused(message: Option<String>) -> Error {
    let message = message.unwrap_or_else(|| "Coolify gave no reason".to_owned());
    let kind = if message.to_ascii_lowercase().contains("not found") {
        ErrorKind::NotFound
    } else {
        ErrorKind::Conflict
    };
    Error::new(kind, format!("nothing was deployed: {message}"))
        .with_operation("deploy-by-tag-or-uuid")
}
