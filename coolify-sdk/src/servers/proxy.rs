//! The reverse proxy of a server.

use super::{SaveServerProxyConfigurationBody, ServerProxy, UpdateServerProxyBody, server_part};
use crate::Call;
use crate::error::Result;
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
    /// Its reverse proxy.
    proxy
);

impl ProxyHandle {
    /// The proxy and its settings.
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

    /// Changes what is set; gives the settings as they are then. Another
    /// `proxy_type` takes effect a little later.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> Request<UpdateServerProxyBody, ServerProxy> {
        let uuid = self.server.uuid.clone();
        let body = UpdateServerProxyBody::default();
        Request::new(&self.server.coolify, body, move |raw, body| {
            raw.update_server_proxy(uuid.as_str(), &body)
        })
    }

    /// Replaces the proxy's compose file, given as plain text; gives the
    /// settings as they are then. The proxy runs with it after a
    /// [`restart`](Self::restart).
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn save_configuration(
        &self,
        compose: impl AsRef<[u8]>,
    ) -> Request<SaveServerProxyConfigurationBody, ServerProxy> {
        let uuid = self.server.uuid.clone();
        let body = SaveServerProxyConfigurationBody::new(compose);
        Request::new(&self.server.coolify, body, move |raw, body| {
            raw.save_server_proxy_configuration(uuid.as_str(), &body)
        })
    }

    /// Queues a restart of the proxy; gives what Coolify says about it. No
    /// domain of the server answers meanwhile.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    pub async fn restart(&self) -> Result<String> {
        let uuid = self.server.uuid.as_str();
        let raw = self.server.coolify.raw();
        Ok(raw.restart_server_proxy(uuid).await?.message)
    }
}
