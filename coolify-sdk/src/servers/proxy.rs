//! The reverse proxy of a server.

use coolify_sdk_macros::builder;

use super::{ServerProxy, server_part};
use crate::Call;
use crate::raw::types::{SaveServerProxyConfigurationBody, UpdateServerProxyBody};
use crate::request::Request;

server_part!(
    /// The reverse proxy of one server: [`ServerHandle::proxy`].
    ///
    /// [`ServerHandle::proxy`]: super::ServerHandle::proxy
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let proxy = coolify.server("ndfqlt8mg8zla6bo50nyqhg8").proxy();
    /// proxy.update().redirect_url("https://example.com").await?;
    /// proxy.restart().await?;
    /// # Ok(()) }
    /// ```
    ProxyHandle,
    /// Returns a handle for its reverse proxy.
    proxy
);

/// Changes the reverse proxy of a server, and returns its settings:
/// [`ProxyHandle::update`].
///
/// Another `proxy_type` takes effect a little later.
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let proxy = coolify.server("ndfqlt8mg8zla6bo50nyqhg8").proxy();
/// proxy.update().redirect_url("https://example.com").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateProxy(Request<UpdateServerProxyBody, ServerProxy>);

/// Replaces the compose file of a server's proxy, and returns its settings:
/// [`ProxyHandle::save_configuration`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, compose: String) -> coolify_sdk::Result<()> {
/// let proxy = coolify.server("ndfqlt8mg8zla6bo50nyqhg8").proxy();
/// proxy.save_configuration(compose).await?;
/// proxy.restart().await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct SaveProxyConfiguration(Request<SaveServerProxyConfigurationBody, ServerProxy>);

impl ProxyHandle {
    /// Returns the proxy and its settings.
    ///
    /// Needs the `read` ability; `configuration` needs `read:sensitive` and is
    /// absent without it. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn get(&self) -> Call<ServerProxy> {
        self.server
            .coolify
            .raw()
            .get_server_proxy(self.server.uuid.as_str())
    }

    /// Changes the reverse proxy of a server, and returns its settings. See
    /// [`UpdateProxy`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> UpdateProxy {
        let uuid = self.server.uuid.clone();
        let body = UpdateServerProxyBody::default();
        UpdateProxy(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.update_server_proxy(uuid.as_str(), &body),
        ))
    }

    /// Replaces the compose file of a server's proxy, and returns its settings.
    /// See [`SaveProxyConfiguration`].
    ///
    /// The file is passed as plain text. The proxy uses it after a
    /// [`restart`](ProxyHandle::restart).
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn save_configuration(&self, compose: impl AsRef<[u8]>) -> SaveProxyConfiguration {
        let uuid = self.server.uuid.clone();
        let body = SaveServerProxyConfigurationBody::new(compose);
        SaveProxyConfiguration(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.save_server_proxy_configuration(uuid.as_str(), &body),
        ))
    }

    /// Queues a restart of the proxy, and returns Coolify's message. The domains
    /// of the server are unreachable meanwhile.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn restart(&self) -> Call<String> {
        let uuid = self.server.uuid.as_str();
        let raw = self.server.coolify.raw();
        raw.restart_server_proxy(uuid).message()
    }
}
