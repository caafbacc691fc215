//! The Coolify instance: its version and health, its API and MCP server, and its
//! email settings.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::UpdateInstanceEmailSettingsBody;
use crate::request::Request;
use crate::{Coolify, Version};

pub use crate::raw::types::{InstanceEmailSettings, SmtpEncryption};

/// A handle for the Coolify instance: [`Coolify::instance`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let instance = coolify.instance();
/// println!("{} {}", instance.version().await?, instance.health().await?);
/// # Ok(()) }
/// ```
#[doc(alias = "Settings")]
#[derive(Clone, Debug)]
pub struct Instance {
    coolify: Coolify,
}

impl Coolify {
    /// Returns a handle for the Coolify instance.
    #[must_use]
    pub fn instance(&self) -> Instance {
        Instance {
            coolify: self.clone(),
        }
    }
}

/// Changes the email settings of the instance, and returns them:
/// [`Instance::update_email_settings`].
///
/// Needs the `write:sensitive` ability and a token of a root team's
/// administrator. Since Coolify 4.3.10.
///
/// # Errors
///
/// Coolify answers 403 to tokens of other teams.
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
    /// Returns the current version. Unlike [`Coolify::version`], it sends a
    /// request each time, so it notices an upgrade.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the server answers with
    /// a web page.
    pub fn version(&self) -> Call<Version> {
        self.coolify.ask_version()
    }

    /// Returns the health of the instance, as the text `OK`.
    ///
    /// It works with every token, and while the API is switched off. It counts
    /// towards the rate limit like any other call, so do not poll it faster than
    /// the limit allows. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_rate_limited`](crate::Error::is_rate_limited) if there were
    /// too many calls of any kind.
    #[inline]
    pub fn health(&self) -> Call<String> {
        self.coolify.raw().healthcheck()
    }

    /// Switches the API on, and returns Coolify's message. It works while the API
    /// is off.
    ///
    /// Needs the `write` ability and a token of the root team. Since Coolify
    /// 4.0.0, until 4.4.7: newer servers offer the switch in their settings only.
    ///
    /// # Errors
    ///
    /// Coolify answers 403 to tokens of other teams.
    #[inline]
    pub fn enable_api(&self) -> Call<String> {
        self.coolify.raw().enable_api().message()
    }

    /// Switches the API off for everybody, and returns Coolify's message.
    /// [`enable_api`](Self::enable_api), [`health`](Self::health) and the calls
    /// that switch the MCP server still work.
    ///
    /// Needs the `write` ability and a token of the root team. Since Coolify
    /// 4.0.0.
    ///
    /// # Errors
    ///
    /// Coolify answers 403 to tokens of other teams.
    #[inline]
    pub fn disable_api(&self) -> Call<String> {
        self.coolify.raw().disable_api().message()
    }

    /// Switches the MCP server on, and returns Coolify's message.
    ///
    /// Needs the `write` ability and a token of the root team. Since Coolify
    /// 4.1.0.
    ///
    /// # Errors
    ///
    /// Coolify answers 403 to tokens of other teams.
    #[inline]
    pub fn enable_mcp(&self) -> Call<String> {
        self.coolify.raw().enable_mcp().message()
    }

    /// Switches the MCP server off, and returns Coolify's message.
    ///
    /// Needs the `write` ability and a token of the root team. Since Coolify
    /// 4.1.0.
    ///
    /// # Errors
    ///
    /// Coolify answers 403 to tokens of other teams.
    #[inline]
    pub fn disable_mcp(&self) -> Call<String> {
        self.coolify.raw().disable_mcp().message()
    }

    /// Returns the email settings of the instance.
    ///
    /// Needs the `read` ability and a token of a root team's administrator;
    /// hosts, addresses and passwords need `read:sensitive` and are absent
    /// without it. Since Coolify 4.3.10.
    ///
    /// # Errors
    ///
    /// Coolify answers 403 to tokens of other teams.
    #[inline]
    pub fn email_settings(&self) -> Call<InstanceEmailSettings> {
        self.coolify.raw().get_instance_email_settings()
    }

    /// Changes the email settings of the instance, and returns them. See
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
