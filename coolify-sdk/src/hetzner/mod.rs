//! Hetzner Cloud: locations, server types and images, and ordering a server.

mod offers;
#[cfg(feature = "servers")]
mod provision;

#[cfg(feature = "servers")]
pub use provision::{ProvisionServer, ServerPlan};

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

/// A handle for Hetzner Cloud, with one of the team's cloud tokens:
/// [`Coolify::hetzner`].
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
    /// Returns a handle for Hetzner Cloud, with the cloud token that has this
    /// uuid.
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
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown token or
/// key. If Hetzner refuses the order, also because of its rate limit, Coolify
/// answers with a bare 500.
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
    /// Returns the uuid of the cloud token.
    #[must_use]
    pub fn token(&self) -> &Uuid {
        &self.token
    }

    /// Returns the locations in which servers can be ordered.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn locations(&self) -> Call<Vec<HetznerLocation>> {
        self.coolify
            .raw()
            .get_hetzner_locations(None, Some(self.token.as_str()))
    }

    /// Returns the server types and their prices.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn server_types(&self) -> Call<Vec<HetznerServerType>> {
        self.coolify
            .raw()
            .get_hetzner_server_types(None, Some(self.token.as_str()))
    }

    /// Returns the operating systems that Coolify can run on.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn images(&self) -> Call<Vec<HetznerImage>> {
        self.coolify
            .raw()
            .get_hetzner_images(None, Some(self.token.as_str()))
    }

    /// Returns the SSH keys that are stored at Hetzner.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn ssh_keys(&self) -> Call<Vec<HetznerSshKey>> {
        self.coolify
            .raw()
            .get_hetzner_ssh_keys(None, Some(self.token.as_str()))
    }

    /// Returns the private networks.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn networks(&self) -> Call<Vec<HetznerNetwork>> {
        self.coolify
            .raw()
            .get_hetzner_networks(None, Some(self.token.as_str()))
    }

    /// Returns the firewalls.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn firewalls(&self) -> Call<Vec<HetznerFirewall>> {
        self.coolify
            .raw()
            .get_hetzner_firewalls(None, Some(self.token.as_str()))
    }

    /// Orders a server, which costs money, and adds it to Coolify. See
    /// [`CreateServer`].
    ///
    /// `private_key` is the uuid of a key in Coolify, which Coolify stores at
    /// Hetzner if necessary. `location` and `server_type` are names, and `image`
    /// is an id. Without a `name`, Coolify generates one. The address of a server
    /// without IPv4 is a network, such as `2001:db8:7f::/64`.
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
