//! The previews of pull requests.

use coolify_sdk_macros::builder;

use super::{OpenedPreview, Preview, PreviewDomains};
#[cfg(feature = "deployments")]
use crate::deployments::DeploymentRun;
#[cfg(feature = "deployments")]
use crate::error::Result;
use crate::raw::types::{
    CreatePreviewDeploymentByApplicationUuidBody, UpdatePreviewDomainsByPullRequestIdBody,
};
use crate::request::Request;
use crate::resource::ContainerLogs;
use crate::resource::logs::{LogSource, none_unless_running};
use crate::{Call, Coolify, Uuid};

/// A handle for the previews of one application:
/// [`ApplicationHandle::previews`](super::ApplicationHandle::previews).
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let previews = coolify.application("khzsv5nucvscskrm5gez3p8v").previews();
/// for preview in previews.list().await? {
///     println!("{}: {:?}", preview.pull_request_id, preview.domains);
/// }
/// # Ok(()) }
/// ```
#[doc(alias("Preview Deployments", "pull requests"))]
#[derive(Clone, Debug)]
pub struct ApplicationPreviews {
    coolify: Coolify,
    application: Uuid,
}

/// Opens the preview of a pull request, or redeploys it if it exists:
/// [`ApplicationPreviews::open`].
///
/// Awaiting it returns the preview and the uuid of its deployment;
/// [`and_wait`](Self::and_wait) waits for the end of the deployment as well.
/// `deployment_uuid` of the reply is empty if Coolify queued no deployment: after
/// `instant_deploy(false)`, or if the commit is deployed already.
///
/// Needs the `deploy` ability. Since Coolify 4.4.0.
///
/// # Errors
///
/// [`Error::is_queue_full`](crate::Error::is_queue_full) if the deployment queue of the
/// server is full; the preview exists by then.
/// [`Error::is_validation`](crate::Error::is_validation) without `git_type`, `commit` or
/// `docker_tag` where the application requires it, and with one of them where it cannot
/// have it.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::applications::GitType;
///
/// let previews = coolify.application("khzsv5nucvscskrm5gez3p8v").previews();
/// let opened = previews.open(42).git_type(GitType::Github).and_wait().await?;
/// println!("{}: {:?}", opened.message, opened.preview.domains);
/// # Ok(()) }
/// ```
#[builder]
pub struct OpenPreview(Request<CreatePreviewDeploymentByApplicationUuidBody, OpenedPreview>);

#[cfg(feature = "deployments")]
impl OpenPreview {
    /// Opens the preview, waits for the end of its deployment, and returns the preview
    /// as it was before the deployment. If Coolify queued no deployment, there is
    /// nothing to wait for.
    ///
    /// Needs the `deploy` ability, and `read` to read the deployment. Since Coolify
    /// 4.4.0.
    ///
    /// # Errors
    ///
    /// See [`OpenPreview`]; and
    /// [`ErrorKind::DeploymentFailed`](crate::ErrorKind::DeploymentFailed) if the
    /// deployment failed.
    pub async fn and_wait(self) -> Result<OpenedPreview> {
        let coolify = self.0.coolify().clone();
        let opened = self.send().await?;
        if let Some(deployment) = &opened.deployment_uuid {
            DeploymentRun::new(&coolify, deployment.clone(), false).await?;
        }
        Ok(opened)
    }
}

/// Replaces the domains of a preview, and returns them:
/// [`ApplicationPreviews::update_domains`].
///
/// A compose application takes `docker_compose_domains`, all others take `domains`.
///
/// Needs the `write` ability. Since Coolify 4.3.15.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// `force_domain_override(true)` sets it anyway.
/// [`Error::is_not_found`](crate::Error::is_not_found) if the preview does not exist.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let previews = coolify.application("khzsv5nucvscskrm5gez3p8v").previews();
/// previews.update_domains(42).domains(["https://42.example.com"]).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdatePreviewDomains(Request<UpdatePreviewDomainsByPullRequestIdBody, PreviewDomains>);

impl ApplicationPreviews {
    pub(super) fn new(coolify: &Coolify, application: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            application: application.clone(),
        }
    }

    /// Returns all previews of the application, the highest pull request first.
    ///
    /// Needs the `read` ability. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown application.
    #[inline]
    pub fn list(&self) -> Call<Vec<Preview>> {
        let raw = self.coolify.raw();
        raw.list_preview_deployments_by_application_uuid(self.application.as_str())
    }

    /// Returns the preview of a pull request, by its number.
    ///
    /// Needs the `read` ability. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self, pull_request: i64) -> Call<Preview> {
        let raw = self.coolify.raw();
        raw.get_preview_deployment_by_pull_request_id(self.application.as_str(), pull_request)
    }

    /// Opens the preview of a pull request and queues its deployment. See
    /// [`OpenPreview`].
    ///
    /// Needs the `deploy` ability. Since Coolify 4.4.0.
    #[inline]
    pub fn open(&self, pull_request: i64) -> OpenPreview {
        let uuid = self.application.clone();
        let body = CreatePreviewDeploymentByApplicationUuidBody::new(pull_request);
        OpenPreview(Request::new(&self.coolify, body, move |raw, body| {
            raw.create_preview_deployment_by_application_uuid(uuid.as_str(), &body)
        }))
    }

    /// Replaces the domains of the preview of a pull request. See
    /// [`UpdatePreviewDomains`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.15.
    #[inline]
    pub fn update_domains(&self, pull_request: i64) -> UpdatePreviewDomains {
        let uuid = self.application.clone();
        let body = UpdatePreviewDomainsByPullRequestIdBody::default();
        UpdatePreviewDomains(Request::new(&self.coolify, body, move |raw, body| {
            raw.update_preview_domains_by_pull_request_id(uuid.as_str(), pull_request, &body)
        }))
    }

    /// Deletes the preview of a pull request, by its number, and returns Coolify's
    /// message. Coolify removes the containers some time after its answer.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn delete(&self, pull_request: i64) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_preview_deployment_by_pull_request_id(self.application.as_str(), pull_request)
            .message()
    }

    /// Returns a handle for the log of the preview's container: its last lines, or a
    /// stream.
    ///
    /// Needs the `read` ability, or `read:sensitive` since 4.4.0. Since Coolify 4.3.23.
    pub fn logs(&self, pull_request: i64) -> ContainerLogs {
        ContainerLogs::new(LogSource {
            coolify: self.coolify.clone(),
            uuid: self.application.clone(),
            part: pull_request.to_string(),
            has_times: true,
            read: |raw, uuid, number, lines, times| {
                Box::pin(async move {
                    // It was a number a few lines ago.
                    let number = number.parse().unwrap_or_default();
                    let reply = raw.get_preview_application_logs_by_pull_request_id(
                        uuid.as_str(),
                        number,
                        lines,
                        None,
                        times,
                    );
                    none_unless_running(reply.await)
                })
            },
        })
    }
}
