//! Vultr: regions, plans and operating systems, and ordering an instance.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::CreateVultrServerBody;
use crate::request::Request;
use crate::{Coolify, Uuid};

pub use crate::raw::types::{
    CreatedVultrServer, VultrOperatingSystem, VultrPlan, VultrRegion, VultrSshKey,
};

/// A handle for Vultr, with one of the team's cloud tokens: [`Coolify::vultr`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let vultr = coolify.vultr("eapi62igkvwrbnn6mmlwftej");
/// for plan in vultr.plans().await? {
///     println!("{} {:?}", plan.id, plan.monthly_cost);
/// }
/// let server = vultr
///     .create_server("x9nk5yx5iufpdte9pkd1pvjq", "ams", "vc2-1c-1gb", 2284)
///     .instant_validate(true)
///     .await?;
/// println!("{:?}", server.ip);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Vultr {
    coolify: Coolify,
    token: Uuid,
}

impl Coolify {
    /// Returns a handle for Vultr, with the cloud token that has this uuid.
    #[must_use]
    pub fn vultr(&self, token: impl Into<Uuid>) -> Vultr {
        Vultr {
            coolify: self.clone(),
            token: token.into(),
        }
    }
}

/// Orders an instance, which costs money, and adds it to Coolify as a server:
/// [`Vultr::create_server`].
///
/// Returns the uuid and the address of the server.
///
/// Needs the `write` ability. Since Coolify 4.2.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown token or
/// key; a 429 if Vultr's own rate limit is reached.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify
///     .vultr("eapi62igkvwrbnn6mmlwftej")
///     .create_server("x9nk5yx5iufpdte9pkd1pvjq", "ams", "vc2-1c-1gb", 2284)
///     .instant_validate(true)
///     .await?;
/// println!("{:?}", server.ip);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateServer(Request<CreateVultrServerBody, CreatedVultrServer>);

impl Vultr {
    /// Returns the uuid of the cloud token.
    #[must_use]
    pub fn token(&self) -> &Uuid {
        &self.token
    }

    /// Returns the regions in which instances can be ordered.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn regions(&self) -> Call<Vec<VultrRegion>> {
        self.coolify
            .raw()
            .get_vultr_regions(None, Some(self.token.as_str()))
    }

    /// Returns the plans and their prices.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn plans(&self) -> Call<Vec<VultrPlan>> {
        self.coolify
            .raw()
            .get_vultr_plans(None, Some(self.token.as_str()))
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
    pub fn operating_systems(&self) -> Call<Vec<VultrOperatingSystem>> {
        self.coolify
            .raw()
            .get_vultr_operating_systems(None, Some(self.token.as_str()))
    }

    /// Returns the SSH keys that are stored at Vultr.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the token does not
    /// exist.
    #[inline]
    pub fn ssh_keys(&self) -> Call<Vec<VultrSshKey>> {
        self.coolify
            .raw()
            .get_vultr_ssh_keys(None, Some(self.token.as_str()))
    }

    /// Orders an instance, which costs money, and adds it to Coolify as a server.
    /// See [`CreateServer`].
    ///
    /// `private_key` is the uuid of a key in Coolify, which Coolify stores at
    /// Vultr if necessary. `region`, `plan` and `operating_system` are ids.
    /// Without a `name`, Coolify generates one.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    #[inline]
    pub fn create_server(
        &self,
        private_key: impl Into<Uuid>,
        region: impl Into<String>,
        plan: impl Into<String>,
        operating_system: i64,
    ) -> CreateServer {
        let mut body = CreateVultrServerBody::new(operating_system, plan, private_key, region);
        body.cloud_provider_token_uuid = Some(self.token.clone());
        CreateServer(Request::new(&self.coolify, body, |raw, body| {
            raw.create_vultr_server(&body)
        }))
    }
}
