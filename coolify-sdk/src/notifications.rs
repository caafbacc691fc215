//! Notifications: how a team learns about events.

use coolify_sdk_macros::builder;

use crate::raw::types::{
    UpdateCurrentTeamDiscordNotificationsBody, UpdateCurrentTeamEmailNotificationsBody,
    UpdateCurrentTeamPushoverNotificationsBody, UpdateCurrentTeamSlackNotificationsBody,
    UpdateCurrentTeamTelegramNotificationsBody, UpdateCurrentTeamWebhookNotificationsBody,
};
use crate::request::Request;
use crate::{Call, Coolify};

pub use crate::raw::types::{
    DiscordNotifications, EmailNotifications, PushoverNotifications, SlackNotifications,
    SmtpEncryption, TelegramNotifications, WebhookNotifications,
};

/// A handle for the notifications of the token's team:
/// [`Coolify::notifications`].
///
/// There are six channels. The method with the name of a channel reads its
/// settings, and its `update_…` method changes them.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, url: String) -> coolify_sdk::Result<()> {
/// let notifications = coolify.notifications();
/// notifications
///     .update_slack()
///     .slack_webhook_url(url)
///     .slack_enabled(true)
///     .backup_failure_slack_notifications(true)
///     .await?;
/// println!("{:?}", notifications.email().await?.smtp_host);
/// # Ok(()) }
/// ```
#[doc(alias("Webhooks", "alerts"))]
#[derive(Clone, Debug)]
pub struct Notifications {
    coolify: Coolify,
}

impl Coolify {
    /// Returns a handle for the notifications of the token's team.
    #[must_use]
    pub fn notifications(&self) -> Notifications {
        Notifications {
            coolify: self.clone(),
        }
    }
}

/// Defines the two calls of each channel.
macro_rules! channels {
    ($($name:literal: $get:ident = $raw_get:ident -> $settings:ident,
        $update:ident = $raw_update:ident($body:ident) -> $builder:ident.$enabled:ident;)*) => {
        $(
            #[doc = concat!("Changes how the team is notified ", $name, ", and of which events:")]
            #[doc = concat!("[`Notifications::", stringify!($update), "`].")]
            ///
            /// Returns the settings. Needs the `write` ability. Since Coolify 4.3.0.
            ///
            /// ```no_run
            /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
            /// coolify
            ///     .notifications()
            #[doc = concat!("    .", stringify!($update), "()")]
            #[doc = concat!("    .", stringify!($enabled), "(true)")]
            ///     .await?;
            /// # Ok(()) }
            /// ```
            #[builder]
            pub struct $builder(Request<$body, $settings>);
        )*

        impl Notifications {
            $(
                #[doc = concat!("Returns how the team is notified ", $name, ", and of which events.")]
                ///
                /// Needs the `read` ability; addresses, keys and passwords need
                /// `read:sensitive` and are absent without it. Since Coolify
                /// 4.3.0.
                ///
                /// # Errors
                ///
                /// Returns an error if the request fails; see [`Error`](crate::Error).
                #[inline]
                pub fn $get(&self) -> Call<$settings> {
                    self.coolify.raw().$raw_get()
                }

                #[doc = concat!("Changes how the team is notified ", $name, ", and of which events.")]
                #[doc = concat!("See [`", stringify!($builder), "`].")]
                ///
                /// Needs the `write` ability. Since Coolify 4.3.0.
                #[inline]
                pub fn $update(&self) -> $builder {
                    let body = $body::default();
                    $builder(Request::new(&self.coolify, body, |raw, body| raw.$raw_update(&body)))
                }
            )*
        }
    };
}

channels! {
    "by email":
        email = get_current_team_email_notifications -> EmailNotifications,
        update_email = update_current_team_email_notifications(UpdateCurrentTeamEmailNotificationsBody) -> UpdateEmail.smtp_enabled;
    "on Discord":
        discord = get_current_team_discord_notifications -> DiscordNotifications,
        update_discord = update_current_team_discord_notifications(UpdateCurrentTeamDiscordNotificationsBody) -> UpdateDiscord.discord_enabled;
    "on Telegram":
        telegram = get_current_team_telegram_notifications -> TelegramNotifications,
        update_telegram = update_current_team_telegram_notifications(UpdateCurrentTeamTelegramNotificationsBody) -> UpdateTelegram.telegram_enabled;
    "on Slack":
        slack = get_current_team_slack_notifications -> SlackNotifications,
        update_slack = update_current_team_slack_notifications(UpdateCurrentTeamSlackNotificationsBody) -> UpdateSlack.slack_enabled;
    "through Pushover":
        pushover = get_current_team_pushover_notifications -> PushoverNotifications,
        update_pushover = update_current_team_pushover_notifications(UpdateCurrentTeamPushoverNotificationsBody) -> UpdatePushover.pushover_enabled;
    "through a webhook":
        webhook = get_current_team_webhook_notifications -> WebhookNotifications,
        update_webhook = update_current_team_webhook_notifications(UpdateCurrentTeamWebhookNotificationsBody) -> UpdateWebhook.webhook_enabled;
}
