//! Cloud tokens, with which Coolify orders servers at Hetzner, DigitalOcean and
//! Vultr.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::{CreateCloudTokenBody, UpdateCloudTokenByUuidBody};
use crate::request::Request;
use crate::{Coolify, Secret, Uuid};

pub use crate::raw::types::{CloudProvider, CloudToken, Created, ValidationResult};

/// A handle for the cloud tokens of the team: [`Coolify::cloud_tokens`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, token: String) -> coolify_sdk::Result<()> {
/// use coolify_sdk::cloud_tokens::CloudProvider;
///
/// let created = coolify
///     .cloud_tokens()
///     .create(CloudProvider::Hetzner, "production", token)
///     .await?;
/// assert!(coolify.cloud_token(created.uuid).validate().await?.valid);
/// # Ok(()) }
/// ```
#[doc(alias("Cloud Tokens", "Keys & Tokens"))]
#[derive(Clone, Debug)]
pub struct CloudTokens {
    pub(crate) coolify: Coolify,
}

/// A handle for one cloud token: [`Coolify::cloud_token`].
#[derive(Clone, Debug)]
pub struct CloudTokenHandle {
    coolify: Coolify,
    uuid: Uuid,
}

impl Coolify {
    /// Returns a handle for the cloud tokens of the team.
    #[must_use]
    pub fn cloud_tokens(&self) -> CloudTokens {
        CloudTokens {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one cloud token.
    #[must_use]
    pub fn cloud_token(&self, uuid: impl Into<Uuid>) -> CloudTokenHandle {
        CloudTokenHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

/// Adds a cloud token, and returns its uuid: [`CloudTokens::create`].
///
/// Coolify checks the token with the provider first.
///
/// Needs the `write` ability. Since Coolify 4.0.0; tokens of Vultr since
/// 4.2.0, the first that orders servers at DigitalOcean and Vultr.
///
/// # Errors
///
/// Coolify answers 400 if the provider does not accept the token.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, token: String) -> coolify_sdk::Result<()> {
/// use coolify_sdk::cloud_tokens::CloudProvider;
///
/// let created = coolify
///     .cloud_tokens()
///     .create(CloudProvider::Hetzner, "production", token)
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreateCloudTokenBody, Created>);

impl CloudTokens {
    /// Returns all tokens.
    ///
    /// Needs the `read` ability; the tokens themselves need `read:sensitive`
    /// and are absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<CloudToken>> {
        self.coolify.raw().list_cloud_tokens()
    }

    /// Adds a cloud token, and returns its uuid. See [`Create`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0; tokens of Vultr since
    /// 4.2.0, the first that orders servers at DigitalOcean and Vultr.
    #[inline]
    pub fn create(
        &self,
        provider: impl Into<CloudProvider>,
        name: impl Into<String>,
        token: impl Into<Secret>,
    ) -> Create {
        let body = CreateCloudTokenBody::new(name, provider, token);
        Create(Request::new(&self.coolify, body, |raw, body| {
            raw.create_cloud_token(&body)
        }))
    }
}

/// Renames a cloud token, and returns its uuid: [`CloudTokenHandle::update`].
///
/// Only the name can be changed.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let token = coolify.cloud_token("nk2ufhfsbyjpgwfpclsvtvnm");
/// token.update("production").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateCloudTokenByUuidBody, Created>);

impl CloudTokenHandle {
    /// Returns the token's uuid in Coolify.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns the token as it is now.
    ///
    /// Needs the `read` ability; the token itself needs `read:sensitive` and is
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<CloudToken> {
        self.coolify
            .raw()
            .get_cloud_token_by_uuid(self.uuid.as_str())
    }

    /// Renames a cloud token, and returns its uuid. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn update(&self, name: impl Into<String>) -> Update {
        let uuid = self.uuid.clone();
        let body = UpdateCloudTokenByUuidBody::new(name);
        Update(Request::new(&self.coolify, body, move |raw, body| {
            raw.update_cloud_token_by_uuid(uuid.as_str(), &body)
        }))
    }

    /// Deletes the token, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Coolify answers 400 if a server was ordered with the token.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_cloud_token_by_uuid(self.uuid.as_str()).message()
    }

    /// Checks the token with its provider. A token that the provider does not
    /// accept is not an error: the result contains `valid: false` and the reason.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if Coolify has no such
    /// token.
    #[inline]
    pub fn validate(&self) -> Call<ValidationResult> {
        self.coolify
            .raw()
            .validate_cloud_token_by_uuid(self.uuid.as_str())
    }
}
