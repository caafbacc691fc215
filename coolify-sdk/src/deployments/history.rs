//! The deployments of one application.

use futures_core::Stream;
use futures_util::stream;

use super::{ApplicationDeployments, Deployment};
use crate::Call;
use crate::error::Result;
use crate::{Coolify, Uuid};

/// A handle for the deployments of one application, the newest first:
/// [`ApplicationHandle::deployments`](crate::applications::ApplicationHandle::deployments).
#[derive(Clone, Debug)]
pub struct DeploymentHistory {
    coolify: Coolify,
    application: Uuid,
}

/// How many deployments the stream requests at once.
const PAGE: i64 = 25;

impl DeploymentHistory {
    pub(crate) fn new(coolify: &Coolify, application: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            application: application.clone(),
        }
    }

    /// Returns `take` deployments after the first `skip`, and the total number.
    ///
    /// Needs the `read` ability; the logs need `read:sensitive`. Since Coolify
    /// 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// application.
    #[inline]
    pub fn page(&self, skip: i64, take: i64) -> Call<ApplicationDeployments> {
        self.coolify.raw().list_deployments_by_app_uuid(
            self.application.as_str(),
            Some(skip),
            Some(take),
        )
    }

    /// Returns a stream of all deployments, which requests pages as needed. If a
    /// deployment is queued meanwhile, no other deployment appears twice.
    pub fn stream(&self) -> impl Stream<Item = Result<Deployment>> + Send + Unpin + use<> {
        let pages = Pages {
            history: self.clone(),
            skip: 0,
            oldest: None,
            open: Vec::new(),
            over: false,
        };
        Box::pin(stream::unfold(pages, |mut pages| async {
            let next = pages.next().await?;
            Some((next, pages))
        }))
    }
}

struct Pages {
    history: DeploymentHistory,
    skip: i64,
    /// The id of the last deployment that was returned. Newer deployments were
    /// returned before.
    oldest: Option<i64>,
    /// The rest of the page, in reverse order.
    open: Vec<Deployment>,
    over: bool,
}

impl Pages {
    async fn next(&mut self) -> Option<Result<Deployment>> {
        loop {
            while let Some(deployment) = self.open.pop() {
                let id = deployment.id.map(crate::Id::get);
                if id.is_some() && self.oldest.is_some() && id >= self.oldest {
                    continue;
                }
                self.oldest = id.or(self.oldest);
                return Some(Ok(deployment));
            }
            if self.over {
                return None;
            }
            match self.history.page(self.skip, PAGE).await {
                Ok(page) => {
                    self.over =
                        page.deployments.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
                    self.skip += PAGE;
                    self.open = page.deployments;
                    self.open.reverse();
                }
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
    }
}
