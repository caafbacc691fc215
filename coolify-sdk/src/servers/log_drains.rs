//! The log drains of a server, to which it sends the logs of its containers.

use coolify_sdk_macros::builder;

use super::{LogDrains, server_part};
use crate::Call;
use crate::raw::types::UpdateServerLogDrainsBody;
use crate::request::Request;

server_part!(
    /// The log drains of one server: [`ServerHandle::log_drains`].
    ///
    /// [`ServerHandle::log_drains`]: super::ServerHandle::log_drains
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify, key: String) -> coolify_sdk::Result<()> {
    /// let drains = coolify.server("ndfqlt8mg8zla6bo50nyqhg8").log_drains();
    /// drains
    ///     .update()
    ///     .logdrain_axiom_dataset_name("coolify")
    ///     .logdrain_axiom_api_key(key)
    ///     .is_logdrain_axiom_enabled(true)
    ///     .await?;
    /// # Ok(()) }
    /// ```
    LogDrainsHandle,
    /// Returns a handle for its log drains.
    log_drains
);

/// Changes where a server sends its logs, and returns the settings:
/// [`LogDrainsHandle::update`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) if a drain is enabled
/// without its required settings.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, key: String) -> coolify_sdk::Result<()> {
/// let drains = coolify.server("ndfqlt8mg8zla6bo50nyqhg8").log_drains();
/// drains
///     .update()
///     .logdrain_axiom_dataset_name("coolify")
///     .logdrain_axiom_api_key(key)
///     .is_logdrain_axiom_enabled(true)
///     .await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateLogDrains(Request<UpdateServerLogDrainsBody, LogDrains>);

impl LogDrainsHandle {
    /// Returns the log drains and their settings.
    ///
    /// Needs the `read` ability; keys and custom configuration need
    /// `read:sensitive` and are absent without it. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn get(&self) -> Call<LogDrains> {
        self.server
            .coolify
            .raw()
            .get_server_log_drains(self.server.uuid.as_str())
    }

    /// Changes where a server sends its logs, and returns the settings. See
    /// [`UpdateLogDrains`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> UpdateLogDrains {
        let uuid = self.server.uuid.clone();
        let body = UpdateServerLogDrainsBody::default();
        UpdateLogDrains(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.update_server_log_drains(uuid.as_str(), &body),
        ))
    }
}
