use coolify_sdk::Result;
use coolify_sdk_tests::Replay;

use super::kept;

/// Reads a channel, and changes it as recorded.
macro_rules! channel {
    ($get:ident, $update:ident, $read:literal, $write:literal, $($setter:ident($value:expr)),*) => {
        #[tokio::test]
        async fn $get() -> Result<()> {
            let replay = Replay::of(&[$read, $write]).await;
            let notifications = replay.client().notifications();
            kept(&notifications.$get().await?, $read);
            let updated = notifications.$update()$(.$setter($value))*.await?;
            kept(&updated, $write);
            replay.check();
            Ok(())
        }
    };
}

channel!(
    email,
    update_email,
    "get-current-team-email-notifications.ok",
    "update-current-team-email-notifications.ok",
    smtp_enabled(false),
    smtp_host("smtp.example.com"),
    smtp_port(587),
    smtp_from_address("ops@example.com"),
    smtp_from_name("Ops")
);
channel!(
    discord,
    update_discord,
    "get-current-team-discord-notifications.ok",
    "update-current-team-discord-notifications.ok",
    discord_enabled(true),
    discord_webhook_url("http://127.0.0.1:9009/api/webhooks/1/abc")
);
channel!(
    telegram,
    update_telegram,
    "get-current-team-telegram-notifications.ok",
    "update-current-team-telegram-notifications.ok",
    telegram_enabled(true),
    telegram_token("123:abc"),
    telegram_chat_id("42")
);
channel!(
    slack,
    update_slack,
    "get-current-team-slack-notifications.ok",
    "update-current-team-slack-notifications.ok",
    slack_enabled(true),
    slack_webhook_url("http://127.0.0.1:9009/services/T/B/x")
);
channel!(
    pushover,
    update_pushover,
    "get-current-team-pushover-notifications.ok",
    "update-current-team-pushover-notifications.ok",
    pushover_enabled(true),
    pushover_user_key("u"),
    pushover_api_token("t")
);
channel!(
    webhook,
    update_webhook,
    "get-current-team-webhook-notifications.ok",
    "update-current-team-webhook-notifications.ok",
    webhook_enabled(true),
    webhook_url("http://127.0.0.1:9009/coolify")
);
