//! Starts a deployment.

use super::DeploymentRun;
use super::queued::Asked;
use crate::error::Result;
use crate::request::awaitable;
use crate::{Coolify, Uuid, segment};

pub(super) const OPERATION: &str = "deploy-by-tag-or-uuid";

/// The request for a deployment of one application, which has not been sent yet.
///
/// Needs the `deploy` ability. Since Coolify 4.0.0.
#[doc(alias("Redeploy", "Deploy Webhook"))]
#[derive(Clone, Debug)]
#[must_use = "nothing is deployed before `.send()` or `.await`"]
pub struct Deploy {
    coolify: Coolify,
    application: Uuid,
    force: bool,
    pull_request: Option<i64>,
    docker_tag: Option<String>,
}

impl Deploy {
    pub(crate) fn new(coolify: &Coolify, application: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            application: application.clone(),
            force: false,
            pull_request: None,
            docker_tag: None,
        }
    }

    /// Builds without the cache, even if nothing has changed.
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    /// Deploys the preview of this pull request.
    ///
    /// The preview has to exist: since Coolify 4.4.0,
    /// [`open`](crate::applications::ApplicationPreviews::open) opens it, and on any
    /// version a webhook of the pull request does. Otherwise, sending returns an error
    /// that [is not found](crate::Error::is_not_found).
    pub fn pull_request(mut self, number: i64) -> Self {
        self.pull_request = Some(number);
        self
    }

    /// Deploys this tag of the application's image as the preview of the [pull
    /// request](Self::pull_request), which Coolify need not know. It works only
    /// for applications that run an image without building it.
    pub fn docker_tag(mut self, tag: impl Into<String>) -> Self {
        self.docker_tag = Some(tag.into());
        self
    }

    /// Starts the deployment, and returns the run to follow.
    ///
    /// If an equal deployment is already queued, Coolify answers with an id that
    /// belongs to no deployment. The run then follows the queued deployment
    /// ([`DeploymentRun::joined`]).
    ///
    /// Needs the `deploy` ability, and `read` to find the queued deployment.
    /// Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_queue_full`](crate::Error::is_queue_full) if the queue of the
    /// server is full; [`Error::is_not_found`](crate::Error::is_not_found) for an
    /// unknown application or pull request.
    pub async fn send(self) -> Result<DeploymentRun> {
        let application = segment::uuid(self.application.as_str())?;
        let raw = self.coolify.raw();
        let reply = raw.deploy_by_tag_or_uuid(
            self.docker_tag.as_deref(),
            self.force.then_some(true),
            self.pull_request,
            None,
            None,
            Some(application),
        );
        let result = reply.await?;
        let queued = result
            .deployments
            .unwrap_or_default()
            .into_iter()
            .find(|one| {
                one.resource_uuid
                    .as_ref()
                    .is_none_or(|uuid| *uuid == self.application)
            });
        let asked = Asked {
            coolify: &self.coolify,
            application: &self.application,
            pull_request: self.pull_request.unwrap_or(0),
            operation: OPERATION,
        };
        match queued {
            Some(queued) => asked.run(queued).await,
            None => Err(asked.refused(None)),
        }
    }
}

awaitable!(Deploy, send -> DeploymentRun);
