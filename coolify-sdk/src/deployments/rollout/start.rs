//! Requests the deployments of several resources at once.

use super::Rollout;
use crate::deployments::deploy::OPERATION;
use crate::deployments::queued::{Asked, is_duplicate};
use crate::deployments::{DeployResult, DeploymentRun};
use crate::error::{Error, ErrorKind, Result};
use crate::request::{awaitable, comma_list};
use crate::{Coolify, Uuid, segment};

/// The request for deployments of several resources, which has not been sent yet.
///
/// Needs the `deploy` ability, and `read` to follow equal deployments that were
/// already queued. Since Coolify 4.0.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let rollout = coolify.deployments().rollout_tag("beta").await?;
/// for one in rollout.wait().await.into_result()? {
///     println!("{} is out", one.name.as_deref().unwrap_or(one.resource.as_str()));
/// }
/// # Ok(()) }
/// ```
#[doc(alias("deploy by tag", "Deploy Webhook"))]
#[derive(Clone, Debug)]
#[must_use = "nothing is deployed before `.send()` or `.await`"]
pub struct StartRollout {
    coolify: Coolify,
    what: What,
    force: bool,
}

#[derive(Clone, Debug)]
enum What {
    Tag(String),
    Resources(Vec<Uuid>),
}

impl StartRollout {
    pub(in crate::deployments) fn tag(coolify: &Coolify, tag: String) -> Self {
        Self::new(coolify, What::Tag(tag))
    }

    pub(in crate::deployments) fn resources(coolify: &Coolify, resources: Vec<Uuid>) -> Self {
        Self::new(coolify, What::Resources(resources))
    }

    fn new(coolify: &Coolify, what: What) -> Self {
        Self {
            coolify: coolify.clone(),
            what,
            force: false,
        }
    }

    /// Builds without the cache, even if nothing has changed.
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    /// Starts the deployments, and returns their runs.
    ///
    /// If an equal deployment is already queued, the run follows that deployment
    /// ([`DeploymentRun::joined`]).
    ///
    /// Needs the `deploy` ability, and `read` to find queued deployments. Since
    /// Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_queue_full`] if the queue of a server is full; the resources
    /// before it in the list are deployed nevertheless. [`Error::is_not_found`]
    /// if there is nothing to deploy.
    pub async fn send(self) -> Result<Rollout> {
        let force = self.force.then_some(true);
        let raw = self.coolify.raw();
        match &self.what {
            What::Tag(tag) => {
                let reply = raw.deploy_by_tag_or_uuid(None, force, None, None, Some(tag), None);
                let result = reply.await?;
                Ok(self.tagged(result).await)
            }
            What::Resources(resources) => {
                if resources.is_empty() {
                    return Err(Error::new(
                        ErrorKind::InvalidRequest,
                        "no resources were given",
                    ));
                }
                for resource in resources {
                    segment::uuid(resource.as_str())?;
                }
                let uuids = comma_list(resources);
                let reply = raw.deploy_by_tag_or_uuid(None, force, None, None, None, Some(&uuids));
                let result = reply.await?;
                Ok(self.named(resources, result).await)
            }
        }
    }

    /// Reads the reply to a deployment by uuid, which has an entry with a message
    /// for each resource.
    async fn named(&self, resources: &[Uuid], result: DeployResult) -> Rollout {
        let mut rollout = Rollout::new();
        let queued = result.deployments.unwrap_or_default();
        let known = |uuid: &&Uuid| {
            queued
                .iter()
                .any(|one| one.resource_uuid.as_ref() == Some(*uuid))
        };
        rollout.unknown = resources.iter().filter(|u| !known(u)).cloned().collect();
        for one in queued {
            rollout.messages.extend(one.message.clone());
            let Some(resource) = one.resource_uuid.clone() else {
                continue;
            };
            let run = if one.deployment_uuid.is_some() || is_duplicate(one.message.as_deref()) {
                Some(self.asked(&resource).run(one).await)
            } else {
                None
            };
            rollout.put(resource, run);
        }
        rollout
    }

    /// Reads the reply to a deployment by tag, in which the messages are separate
    /// from the deployments and do not name a resource. If one message says that
    /// an equal deployment is queued, each deployment has to be checked.
    async fn tagged(&self, result: DeployResult) -> Rollout {
        let mut rollout = Rollout::new();
        rollout.messages = result.message.unwrap_or_default();
        let doubtful = rollout.messages.iter().any(|text| is_duplicate(Some(text)));
        for one in result.details.unwrap_or_default() {
            let (Some(resource), Some(uuid)) = (one.resource_uuid, one.deployment_uuid) else {
                continue;
            };
            let asked = self.asked(&resource);
            let run = if doubtful && !asked.was_made(&uuid).await {
                asked.join().await
            } else {
                Ok(DeploymentRun::new(&self.coolify, uuid, false))
            };
            rollout.put(resource, Some(run));
        }
        rollout
    }

    fn asked<'a>(&'a self, application: &'a Uuid) -> Asked<'a> {
        Asked {
            coolify: &self.coolify,
            application,
            pull_request: 0,
            operation: OPERATION,
        }
    }
}

awaitable!(StartRollout, send -> Rollout);
