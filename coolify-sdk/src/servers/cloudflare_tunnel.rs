//! The Cloudflare tunnel of a server.

use coolify_sdk_macros::builder;

use super::{CloudflareTunnel, server_part};
use crate::Call;
use crate::raw::types::UpdateServerCloudflareTunnelBody;
use crate::request::Request;

server_part!(
    /// The Cloudflare tunnel of one server: [`ServerHandle::cloudflare_tunnel`].
    ///
    /// Coolify only records whether there is a tunnel. These calls do not set up
    /// or remove the tunnel itself.
    ///
    /// [`ServerHandle::cloudflare_tunnel`]: super::ServerHandle::cloudflare_tunnel
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let tunnel = coolify.server("0nxksnw8vwsisukhazrmdob3").cloudflare_tunnel();
    /// if !tunnel.get().await?.is_cloudflare_tunnel {
    ///     tunnel.enable().await?;
    /// }
    /// # Ok(()) }
    /// ```
    CloudflareTunnelHandle,
    /// Returns a handle for its Cloudflare tunnel.
    cloudflare_tunnel
);

/// Records whether a server is reached through a Cloudflare tunnel:
/// [`CloudflareTunnelHandle::update`].
///
/// This has the effect of [`enable`](CloudflareTunnelHandle::enable) or
/// [`disable`](CloudflareTunnelHandle::disable), without Coolify's message.
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// Coolify answers 422 for the server that it runs on itself.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify.server("0nxksnw8vwsisukhazrmdob3");
/// server.cloudflare_tunnel().update(true).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateCloudflareTunnel(Request<UpdateServerCloudflareTunnelBody, CloudflareTunnel>);

impl CloudflareTunnelHandle {
    /// Returns whether the server is reached through a tunnel.
    ///
    /// Needs the `read` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn get(&self) -> Call<CloudflareTunnel> {
        self.server
            .coolify
            .raw()
            .get_server_cloudflare_tunnel(self.server.uuid.as_str())
    }

    /// Records whether a server is reached through a Cloudflare tunnel. See
    /// [`UpdateCloudflareTunnel`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self, is_cloudflare_tunnel: bool) -> UpdateCloudflareTunnel {
        let uuid = self.server.uuid.clone();
        let body = UpdateServerCloudflareTunnelBody::new(is_cloudflare_tunnel);
        UpdateCloudflareTunnel(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.update_server_cloudflare_tunnel(uuid.as_str(), &body),
        ))
    }

    /// Records that the server is reached through a tunnel.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// Coolify answers 422 for the server that it runs on itself.
    #[inline]
    pub fn enable(&self) -> Call<CloudflareTunnel> {
        self.server
            .coolify
            .raw()
            .enable_server_cloudflare_tunnel(self.server.uuid.as_str())
    }

    /// Records that there is no tunnel any more. Coolify restores the earlier
    /// address, if it knows one.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// Coolify answers 422 for the server that it runs on itself.
    #[inline]
    pub fn disable(&self) -> Call<CloudflareTunnel> {
        self.server
            .coolify
            .raw()
            .disable_server_cloudflare_tunnel(self.server.uuid.as_str())
    }
}
