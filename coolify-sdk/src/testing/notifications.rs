//! Notifications of the team and the email of the instance: sheets of settings.

use super::{
    replies,
    routes::{
        Does::{Read, Write},
        Routes,
    },
    sheet::Sheet,
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("get-current-team-email-notifications", Read(&EMAIL)),
    ("update-current-team-email-notifications", Write(&EMAIL)),
    ("get-current-team-discord-notifications", Read(&DISCORD)),
    ("update-current-team-discord-notifications", Write(&DISCORD)),
    ("get-current-team-slack-notifications", Read(&SLACK)),
    ("update-current-team-slack-notifications", Write(&SLACK)),
    ("get-current-team-telegram-notifications", Read(&TELEGRAM)),
    (
        "update-current-team-telegram-notifications",
        Write(&TELEGRAM),
    ),
    ("get-current-team-pushover-notifications", Read(&PUSHOVER)),
    (
        "update-current-team-pushover-notifications",
        Write(&PUSHOVER),
    ),
    ("get-current-team-webhook-notifications", Read(&WEBHOOK)),
    ("update-current-team-webhook-notifications", Write(&WEBHOOK)),
    ("get-instance-email-settings", Read(&INSTANCE)),
    ("update-instance-email-settings", Write(&INSTANCE)),
];

/// What of an email's settings needs `read:sensitive`.
const OF_EMAIL: &[&str] = &[
    "resend_api_key",
    "smtp_from_address",
    "smtp_from_name",
    "smtp_host",
    "smtp_password",
    "smtp_recipients",
    "smtp_username",
];

static EMAIL: Sheet = Sheet::new(
    "email_notifications",
    replies::notifications_email,
    OF_EMAIL,
);

static DISCORD: Sheet = Sheet::new(
    "discord_notifications",
    replies::notifications_discord,
    &["discord_webhook_url"],
);

static SLACK: Sheet = Sheet::new(
    "slack_notifications",
    replies::notifications_slack,
    &["slack_webhook_url"],
);

static TELEGRAM: Sheet = Sheet::new(
    "telegram_notifications",
    replies::notifications_telegram,
    &[
        "telegram_chat_id",
        "telegram_token",
        "telegram_notifications_backup_failure_thread_id",
        "telegram_notifications_backup_success_thread_id",
        "telegram_notifications_deployment_failure_thread_id",
        "telegram_notifications_deployment_success_thread_id",
        "telegram_notifications_docker_cleanup_failure_thread_id",
        "telegram_notifications_docker_cleanup_success_thread_id",
        "telegram_notifications_scheduled_task_failure_thread_id",
        "telegram_notifications_scheduled_task_success_thread_id",
        "telegram_notifications_server_disk_usage_thread_id",
        "telegram_notifications_server_patch_thread_id",
        "telegram_notifications_server_reachable_thread_id",
        "telegram_notifications_server_unreachable_thread_id",
        "telegram_notifications_status_change_thread_id",
        "telegram_notifications_traefik_outdated_thread_id",
    ],
);

static PUSHOVER: Sheet = Sheet::new(
    "pushover_notifications",
    replies::notifications_pushover,
    &["pushover_api_token", "pushover_user_key"],
);

static WEBHOOK: Sheet = Sheet::new(
    "webhook_notifications",
    replies::notifications_webhook,
    &["webhook_url"],
);

static INSTANCE: Sheet = Sheet::new("instance_email", replies::instance_email, OF_EMAIL);
