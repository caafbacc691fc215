//! Sentinel, Coolify's agent on a server.

use coolify_sdk_macros::builder;

use super::{Sentinel, server_part};
use crate::Call;
use crate::raw::types::UpdateServerSentinelBody;
use crate::request::Request;

server_part!(
    /// A handle for Sentinel on one server, which reports the status of its
    /// containers: [`ServerHandle::sentinel`].
    ///
    /// [`ServerHandle::sentinel`]: super::ServerHandle::sentinel
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let sentinel = coolify.server("ndfqlt8mg8zla6bo50nyqhg8").sentinel();
    /// sentinel.update().is_metrics_enabled(true).await?;
    /// # Ok(()) }
    /// ```
    SentinelHandle,
    /// Returns a handle for its Sentinel.
    sentinel
);

/// Changes the settings of Sentinel on a server, and returns them:
/// [`SentinelHandle::update`].
///
/// Switching Sentinel off also switches off its metrics and its debug log.
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) if Sentinel is switched
/// on for a build server.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let sentinel = coolify.server("ndfqlt8mg8zla6bo50nyqhg8").sentinel();
/// sentinel.update().is_metrics_enabled(true).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateSentinel(Request<UpdateServerSentinelBody, Sentinel>);

impl SentinelHandle {
    /// Returns the settings of Sentinel.
    ///
    /// Needs the `read` ability; token and address need `read:sensitive` and
    /// are absent without it. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn get(&self) -> Call<Sentinel> {
        self.server
            .coolify
            .raw()
            .get_server_sentinel(self.server.uuid.as_str())
    }

    /// Changes the settings of Sentinel on a server, and returns them. See
    /// [`UpdateSentinel`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> UpdateSentinel {
        let uuid = self.server.uuid.clone();
        let body = UpdateServerSentinelBody::default();
        UpdateSentinel(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.update_server_sentinel(uuid.as_str(), &body),
        ))
    }
}
