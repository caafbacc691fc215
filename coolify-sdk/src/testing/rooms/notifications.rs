//! Notifications of the team and the email of the instance: settings that exist once.

use crate::testing::{
    rooms::{
        Does::{Read, Write},
        Routes,
        single_row::SingleRow,
    },
    state::forms,
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
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

/// The email settings that need `read:sensitive`.
const OF_EMAIL: &[&str] = &[
    "resend_api_key",
    "smtp_from_address",
    "smtp_from_name",
    "smtp_host",
    "smtp_password",
    "smtp_recipients",
    "smtp_username",
];

static EMAIL: SingleRow =
    SingleRow::new("email_notifications", forms::notifications_email, OF_EMAIL);

static DISCORD: SingleRow = SingleRow::new(
    "discord_notifications",
    forms::notifications_discord,
    &["discord_webhook_url"],
);

static SLACK: SingleRow = SingleRow::new(
    "slack_notifications",
    forms::notifications_slack,
    &["slack_webhook_url"],
);

static TELEGRAM: SingleRow = SingleRow::new(
    "telegram_notifications",
    forms::notifications_telegram,
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

static PUSHOVER: SingleRow = SingleRow::new(
    "pushover_notifications",
    forms::notifications_pushover,
    &["pushover_api_token", "pushover_user_key"],
);

static WEBHOOK: SingleRow = SingleRow::new(
    "webhook_notifications",
    forms::notifications_webhook,
    &["webhook_url"],
);

static INSTANCE: SingleRow = SingleRow::new("instance_email", forms::instance_email, OF_EMAIL);
