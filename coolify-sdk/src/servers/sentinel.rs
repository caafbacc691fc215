//! Coolify's agent on a server.

use super::{Sentinel, UpdateServerSentinelBody, server_part};
use crate::Call;
use crate::request::Request;

server_part!(
    /// Sentinel on one server, which reports the state of its containers:
    /// [`ServerHandle::sentinel`].
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
    /// Its Sentinel.
    sentinel
);

impl SentinelHandle {
    /// The settings of Sentinel.
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

    /// Changes what is set; gives the settings as they are then. Switching
    /// Sentinel off switches its metrics and its debug log off too.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) when Sentinel is
    /// switched on for a build server.
    #[inline]
    pub fn update(&self) -> Request<UpdateServerSentinelBody, Sentinel> {
        let uuid = self.server.uuid.clone();
        let body = UpdateServerSentinelBody::default();
        Request::new(&self.server.coolify, body, move |raw, body| {
            raw.update_server_sentinel(uuid.as_str(), &body)
        })
    }
}
