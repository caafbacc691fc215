//! Hetzner Cloud: what can be ordered there, and ordering a server.

#[cfg(feature = "servers")]
mod provision;

#[cfg(feature = "servers")]
pub use provision::ProvisionServer;

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::CreateHetznerServerBody;
use crate::request::Request;
use crate::{Coolify, Uuid};

pub use crate::raw::types::{
    CreatedHetznerServer, HetznerAmount, HetznerDeprecation, HetznerFirewall, HetznerFirewallRule,
    HetznerFirewallTarget, HetznerImage, HetznerLocation, HetznerNetwork, HetznerPrice,
    HetznerProtection, HetznerRoute, HetznerServerType, HetznerServerTypeLocation, HetznerSshKey,
    HetznerSubnet,
};

/// Hetzner Cloud with one of the team's cloud tokens: [`Coolify::hetzner`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let hetzner = coolify.hetzner("nk2ufhfsbyjpgwfpclsvtvnm");
/// for image in hetzner.images().await? {
///     println!("{} {:?}", image.id, image.name);
/// }
/// let server = hetzner
///     .create_server("x9nk5yx5iufpdte9pkd1pvjq", "fsn1", "cpx11", 161_547_269)
///     .name("web")
///     .instant_validate(true)
///     .await?;
/// println!("{:?}", server.ip);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Hetzner {
    coolify: Coolify,
    token: Uuid,
}

impl Coolify {
    /// Hetzner Cloud, with the cloud token of this uuid.
    #[must_use]
    pub fn hetzner(&self, token: impl Into<Uuid>) -> Hetzner {
        Hetzner {
            coolify: self.clone(),
            token: token.into(),
        }
    }
}

/// Orders a server, which costs money, and adds it to Coolify:
/// [`Hetzner::create_server`].
///
/// Returns the uuid and the address of the server.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown token
/// or key. What Hetzner refuses, its rate limit too, is a bare 500.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify
///     .hetzner("nk2ufhfsbyjpgwfpclsvtvnm")
///     .create_server("x9nk5yx5iufpdte9pkd1pvjq", "fsn1", "cpx11", 161_547_269)
///     .name("web")
///     .instant_validate(true)
///     .await?;
/// println!("{:?}", server.ip);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateServer(Request<CreateHetznerServerBody, CreatedHetznerServer>);

impl Hetzner {
    /// The uuid of the cloud token.
    #[must_use]
    pub fn token(&self) -> &Uuid {
        &self.token
    }

    /// The places that servers can stand in.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is no such
    /// token.
    #[inline]
    pub fn locations(&self) -> Call<Vec<HetznerLocation>> {
        self.coolify
            .raw()
            .get_hetzner_locations(None, Some(self.token.as_str()))
    }

    /// The kinds of servers and their prices.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is no such
    /// token.
    #[inline]
    pub fn server_types(&self) -> Call<Vec<HetznerServerType>> {
        self.coolify
            .raw()
            .get_hetzner_server_types(None, Some(self.token.as_str()))
    }

    /// The operating systems that Coolify can run on.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is no such
    /// token.
    #[inline]
    pub fn images(&self) -> Call<Vec<HetznerImage>> {
        self.coolify
            .raw()
            .get_hetzner_images(None, Some(self.token.as_str()))
    }

    /// The SSH keys that are stored there.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is no such
    /// token.
    #[inline]
    pub fn ssh_keys(&self) -> Call<Vec<HetznerSshKey>> {
        self.coolify
            .raw()
            .get_hetzner_ssh_keys(None, Some(self.token.as_str()))
    }

    /// The private networks.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is no such
    /// token.
    #[inline]
    pub fn networks(&self) -> Call<Vec<HetznerNetwork>> {
        self.coolify
            .raw()
            .get_hetzner_networks(None, Some(self.token.as_str()))
    }

    /// The firewalls.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is no such
    /// token.
    #[inline]
    pub fn firewalls(&self) -> Call<Vec<HetznerFirewall>> {
        self.coolify
            .raw()
            .get_hetzner_firewalls(None, Some(self.token.as_str()))
    }

    /// Orders a server, which costs money, and adds it to Coolify. See
    /// [`CreateServer`].
    ///
    /// `private_key` is the uuid of a key in Coolify, which is stored at Hetzner
    /// if it is not there; `location` and `server_type` are names, `image` is an
    /// id. Without a `name` Coolify makes one up. A server without IPv4 has a
    /// network for an address, such as `2001:db8:7f::/64`.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn create_server(
        &self,
        private_key: impl Into<Uuid>,
        location: impl Into<String>,
        server_type: impl Into<String>,
        image: i64,
    ) -> CreateServer {
        let mut body = CreateHetznerServerBody::new(image, location, private_key, server_type);
        body.cloud_provider_token_uuid = Some(self.token.clone());
        CreateServer(Request::new(&self.coolify, body, |raw, body| {
            raw.create_hetzner_server(&body)
        }))
    }
}
