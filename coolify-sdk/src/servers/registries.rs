//! The Docker registries that a server is logged in to.

use crate::raw::types::{LoginServerRegistryBody, ServerRegistries};
use crate::{Call, Coolify, Secret, Uuid};

/// A handle for the Docker registries of one server:
/// [`ServerHandle::registries`](super::ServerHandle::registries).
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, token: String) -> coolify_sdk::Result<()> {
/// let registries = coolify.server("ndfqlt8mg8zla6bo50nyqhg8").registries();
/// registries.log_in("ghcr.io", "octocat", token).await?;
/// registries.check("ghcr.io").await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct RegistriesHandle {
    coolify: Coolify,
    server: Uuid,
}

impl RegistriesHandle {
    pub(super) fn new(coolify: &Coolify, server: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            server: server.clone(),
        }
    }

    /// Returns the registries that the server is logged in to or that resources use. If
    /// the server is unreachable, `error` of the reply says so.
    ///
    /// Needs the `read:sensitive` ability. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown server.
    #[inline]
    pub fn list(&self) -> Call<ServerRegistries> {
        let raw = self.coolify.raw();
        raw.list_server_registries(self.server.as_str())
    }

    /// Logs the server in to a registry, and returns Coolify's message. The registry is a
    /// host, such as `docker.io` for Docker Hub, or a host with a port.
    ///
    /// Needs the `write` ability. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// [`Error::status`](crate::Error::status) is 400 if the registry refuses the login, or
    /// if Coolify does not reach the server.
    #[inline]
    pub fn log_in(
        &self,
        registry: impl Into<String>,
        username: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Call<String> {
        let body = LoginServerRegistryBody::new(password, registry, username);
        let raw = self.coolify.raw();
        raw.login_server_registry(self.server.as_str(), &body)
            .message()
    }

    /// Logs the server out from a registry, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// [`Error::status`](crate::Error::status) is 400 if Coolify does not reach the server.
    #[inline]
    pub fn log_out(&self, registry: &str) -> Call<String> {
        let raw = self.coolify.raw();
        raw.logout_server_registry(self.server.as_str(), registry)
            .message()
    }

    /// Checks whether the login at a registry works, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// [`Error::status`](crate::Error::status) is 400 if it does not, or if Coolify does not
    /// reach the server.
    #[inline]
    pub fn check(&self, registry: &str) -> Call<String> {
        let raw = self.coolify.raw();
        raw.check_server_registry_login(self.server.as_str(), registry)
            .message()
    }
}
