//! A disk that is nearly full.

use super::Builtin;
use crate::diagnose::{
    facts::ServerFacts,
    finding::{Evidence, Finding},
};

/// Coolify's default for the usage at which it notifies the team, in percent.
const THRESHOLD: i64 = 80;

pub(super) const RULE: Builtin = Builtin::of_servers(
    "disk-full",
    "The disk of a server is nearly full, as Coolify's last check or Docker cleanup says.",
    check,
);

fn check(facts: &ServerFacts) -> Vec<Finding> {
    let settings = facts.server.settings.as_ref();
    let threshold = settings
        .and_then(|it| it.server_disk_usage_notification_threshold)
        .unwrap_or(THRESHOLD);
    // Nothing else in the API has the usage of the disk.
    let cleanup = facts.cleanups.items().first();
    let message = cleanup.and_then(|it| it.message.as_ref());
    let usage = message.and_then(|it| usage(it.expose()));
    let notified = facts.server.high_disk_usage_notification_sent == Some(true);
    let is_full = usage.map_or(notified, |it| it > threshold);
    if !is_full {
        return Vec::new();
    }
    let full = "The disk of the server is nearly full.";
    let mut finding = match usage {
        Some(usage) if usage >= 95 => Finding::critical(full),
        _ => Finding::warning(full),
    };
    if let Some(usage) = usage {
        finding = finding.value("disk usage in percent", usage);
        let at = cleanup.and_then(|it| it.created_at.as_ref());
        finding = finding.evidence(at.map(|at| Evidence::time("measured", at)));
    }
    vec![
        finding
            .value("server_disk_usage_notification_threshold", threshold)
            .next(
                "Run a Docker cleanup: `coolify.server(uuid).docker_cleanup().run()`. If that is \
                 not enough, delete old backups and volumes, or enlarge the disk.",
            ),
    ]
}

/// Reads the usage after a Docker cleanup from its message, in percent.
fn usage(message: &str) -> Option<i64> {
    let (before, _) = message.rsplit_once('%')?;
    let digits = |text: &str| {
        let start = text.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |it| it + 1);
        text.get(start..)?.parse().ok()
    };
    let is_about_disk = message.to_lowercase().contains("disk usage");
    is_about_disk.then(|| digits(before)).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{finds_in_server, read, server},
        RULE,
    };
    use crate::diagnose::Severity::{Critical, Warning};

    #[test]
    fn the_newest_measurement_counts() {
        let with = |message: &str| {
            let mut facts = server(&json!({"high_disk_usage_notification_sent": true}));
            facts.cleanups = read(json!([{"uuid": "c", "message": message}]));
            facts
        };
        finds_in_server(&RULE, &with("Disk usage before: 99%, Disk usage after: 85%."), &[Warning]);
        finds_in_server(&RULE, &with("Disk usage before: 99%, Disk usage after: 97%."), &[Critical]);
        finds_in_server(&RULE, &with("Disk usage before: 99%, Disk usage after: 40%."), &[]);
        finds_in_server(&RULE, &with("Done."), &[Warning]);
        finds_in_server(&RULE, &server(&json!({})), &[]);
        let flagged = json!({"high_disk_usage_notification_sent": true});
        finds_in_server(&RULE, &server(&flagged), &[Warning]);
    }
}
