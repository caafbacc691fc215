//! DigitalOcean: regions, sizes and images, and ordering a Droplet.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::CreateDigitaloceanServerBody;
use crate::request::Request;
use crate::{Coolify, Uuid};

pub use crate::raw::types::{
    CreatedDigitalOceanServer, DigitalOceanAmount, DigitalOceanDisk, DigitalOceanGpu,
    DigitalOceanImage, DigitalOceanRegion, DigitalOceanSize, DigitalOceanSshKey,
};

/// A handle for DigitalOcean, with one of the team's cloud tokens:
/// [`Coolify::digitalocean`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let digitalocean = coolify.digitalocean("7g9vkyvgarm1al7zfrxz78x9");
/// for size in digitalocean.sizes().await? {
///     println!("{} {:?}", size.slug, size.price_monthly);
/// }
/// let server = digitalocean
///     .create_server("x9nk5yx5iufpdte9pkd1pvjq", "nyc3", "s-1vcpu-1gb", "ubuntu-24-04-x64")
///     .instant_validate(true)
///     .await?;
/// println!("{:?}", server.ip);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct DigitalOcean {
    coolify: Coolify,
    token: Uuid,
}

/// An image of DigitalOcean, by its slug or its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageRef {
    /// The slug, such as `ubuntu-24-04-x64`. The team's own images have no slug.
    Slug(String),
    /// The id.
    Id(i64),
}

impl From<&str> for ImageRef {
    fn from(slug: &str) -> Self {
        Self::Slug(slug.to_owned())
    }
}

impl From<String> for ImageRef {
    fn from(slug: String) -> Self {
        Self::Slug(slug)
    }
}

impl From<i64> for ImageRef {
    fn from(id: i64) -> Self {
        Self::Id(id)
    }
}

impl From<ImageRef> for serde_json::Value {
    fn from(image: ImageRef) -> Self {
        match image {
            ImageRef::Slug(slug) => slug.into(),
            ImageRef::Id(id) => id.into(),
        }
    }
}

impl Coolify {
    /// Returns a handle for DigitalOcean, with the cloud token that has this
    /// uuid.
    #[must_use]
    pub fn digitalocean(&self, token: impl Into<Uuid>) -> DigitalOcean {
        DigitalOcean {
            coolify: self.clone(),
            token: token.into(),
        }
    }
}

/// Orders a Droplet, which costs money, and adds it to Coolify as a server:
/// [`DigitalOcean::create_server`].
///
/// Returns the uuid and the address of the server.
///
/// Needs the `write` ability. Since Coolify 4.2.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown token or
/// key; a 429 if DigitalOcean's own rate limit is reached.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify
///     .digitalocean("7g9vkyvgarm1al7zfrxz78x9")
///     .create_server("x9nk5yx5iufpdte9pkd1pvjq", "nyc3", "s-1vcpu-1gb", "ubuntu-24-04-x64")
///     .instant_validate(true)
///     .await?;
/// println!("{:?}", server.ip);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateServer(Request<CreateDigitaloceanServerBody, CreatedDigitalOceanServer>);

impl DigitalOcean {
    /// Returns the uuid of the cloud token.
    #[must_use]
    pub fn token(&self) -> &Uuid {
        &self.token
    }

    /// Returns the regions in which Droplets can be ordered.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn regions(&self) -> Call<Vec<DigitalOceanRegion>> {
        self.coolify
            .raw()
            .get_digitalocean_regions(None, Some(self.token.as_str()))
    }

    /// Returns the sizes of Droplets and their prices.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn sizes(&self) -> Call<Vec<DigitalOceanSize>> {
        self.coolify
            .raw()
            .get_digitalocean_sizes(None, Some(self.token.as_str()))
    }

    /// Returns the operating systems that Coolify can run on.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn images(&self) -> Call<Vec<DigitalOceanImage>> {
        self.coolify
            .raw()
            .get_digitalocean_images(None, Some(self.token.as_str()))
    }

    /// Returns the SSH keys that are stored at DigitalOcean.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn ssh_keys(&self) -> Call<Vec<DigitalOceanSshKey>> {
        self.coolify
            .raw()
            .get_digitalocean_ssh_keys(None, Some(self.token.as_str()))
    }

    /// Orders a Droplet, which costs money, and adds it to Coolify as a server.
    /// See [`CreateServer`].
    ///
    /// `private_key` is the uuid of a key in Coolify, which Coolify stores at
    /// DigitalOcean if necessary. `region` and `size` are slugs, and `image` is a
    /// slug or an id. Without a `name`, Coolify generates one.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    #[inline]
    pub fn create_server(
        &self,
        private_key: impl Into<Uuid>,
        region: impl Into<String>,
        size: impl Into<String>,
        image: impl Into<ImageRef>,
    ) -> CreateServer {
        let mut body = CreateDigitaloceanServerBody::new(image.into(), private_key, region, size);
        body.cloud_provider_token_uuid = Some(self.token.clone());
        CreateServer(Request::new(&self.coolify, body, |raw, body| {
            raw.create_digitalocean_server(&body)
        }))
    }
}
