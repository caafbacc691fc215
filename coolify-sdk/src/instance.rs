//! The instance itself: its version and health, its API and MCP server, its
//! way of sending email.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::error::Result;
use crate::raw::types::UpdateInstanceEmailSettingsBody;
use crate::request::Request;
use crate::{Coolify, Version};

pub use crate::raw::types::{InstanceEmailSettings, SmtpEncryption};

/// The instance that a client talks to: [`Coolify::instance`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let instance = coolify.instance();
/// println!("{} {}", instance.version().await?, instance.health().await?);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Instance {
    coolify: Coolify,
}

impl Coolify {
    /// The instance itself.
    #[must_use]
    pub fn instance(&self) -> Instance {
        Instance {
            coolify: self.clone(),
        }
    }
}

/// Changes how the instance sends email, and returns the settings:
/// [`Instance::update_email_settings`].
///
/// Needs the `write:sensitive` ability and a token of a root team's
/// administrator. Since Coolify 4.3.10.
///
/// # Errors
///
/// A 403 for tokens of other teams.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// coolify
///     .instance()
///     .update_email_settings()
///     .smtp_enabled(true)
///     .await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateEmailSettings(Request<UpdateInstanceEmailSettingsBody, InstanceEmailSettings>);

impl Instance {
    /// Returns the version that runs now. Unlike [`Coolify::version`] it asks each
    /// time, and so sees an upgrade.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if a web page comes in the
    /// place of the version.
    pub async fn version(&self) -> Result<Version> {
        self.coolify.ask_version().await
    }

    /// What the instance says of its health, a text: `OK`.
    ///
    /// Answered to every token, also while the API is switched off; but it
    /// counts against the rate limit like any other call, so do not poll it
    /// faster than that allows. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_rate_limited`](crate::Error::is_rate_limited) when there were too many calls of any kind.
    #[inline]
    pub fn health(&self) -> Call<String> {
        self.coolify.raw().healthcheck()
    }

    /// Switches the API on; gives what Coolify says about it. It works while the
    /// API is off.
    ///
    /// Needs the `write` ability and a token of the root team. Since Coolify
    /// 4.0.0.
    ///
    /// # Errors
    ///
    /// A 403 for tokens of other teams.
    pub async fn enable_api(&self) -> Result<String> {
        let raw = self.coolify.raw();
        Ok(raw.enable_api().await?.message)
    }

    /// Switches the API off for everybody; gives what Coolify says about it.
    /// [`enable_api`](Self::enable_api), [`health`](Self::health) and the MCP
    /// switch still answer.
    ///
    /// Needs the `write` ability and a token of the root team. Since Coolify
    /// 4.0.0.
    ///
    /// # Errors
    ///
    /// A 403 for tokens of other teams.
    pub async fn disable_api(&self) -> Result<String> {
        let raw = self.coolify.raw();
        Ok(raw.disable_api().await?.message)
    }

    /// Switches the MCP server on; gives what Coolify says about it.
    ///
    /// Needs the `write` ability and a token of the root team. Since Coolify
    /// 4.1.0.
    ///
    /// # Errors
    ///
    /// A 403 for tokens of other teams.
    pub async fn enable_mcp(&self) -> Result<String> {
        let raw = self.coolify.raw();
        Ok(raw.enable_mcp().await?.message)
    }

    /// Switches the MCP server off; gives what Coolify says about it.
    ///
    /// Needs the `write` ability and a token of the root team. Since Coolify
    /// 4.1.0.
    ///
    /// # Errors
    ///
    /// A 403 for tokens of other teams.
    pub async fn disable_mcp(&self) -> Result<String> {
        let raw = self.coolify.raw();
        Ok(raw.disable_mcp().await?.message)
    }

    /// How the instance sends email.
    ///
    /// Needs the `read` ability and a token of a root team's administrator;
    /// hosts, addresses and passwords need `read:sensitive` and are absent
    /// without it. Since Coolify 4.3.10.
    ///
    /// # Errors
    ///
    /// A 403 for tokens of other teams.
    #[inline]
    pub fn email_settings(&self) -> Call<InstanceEmailSettings> {
        self.coolify.raw().get_instance_email_settings()
    }

    /// Changes how the instance sends email, and returns the settings. See
    /// [`UpdateEmailSettings`].
    ///
    /// Needs the `write:sensitive` ability and a token of a root team's
    /// administrator. Since Coolify 4.3.10.
    #[inline]
    pub fn update_email_settings(&self) -> UpdateEmailSettings {
        let body = UpdateInstanceEmailSettingsBody::default();
        UpdateEmailSettings(Request::new(&self.coolify, body, |raw, body| {
            raw.update_instance_email_settings(&body)
        }))
    }
}
