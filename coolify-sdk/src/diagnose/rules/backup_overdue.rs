//! A scheduled backup that does not run.

use std::time::Duration;

use super::{Builtin, backup_failed::newest};
use crate::{
    databases::DatabaseBackup,
    diagnose::{
        facts::ResourceFacts,
        finding::{Evidence, Finding},
        schedule,
    },
};

/// The scheduler, and a backup that still runs, may take this long.
const GRACE: Duration = Duration::from_secs(2 * 60 * 60);

pub(super) const RULE: Builtin = Builtin::of_resources(
    "backup-overdue",
    "A scheduled backup has not run for two periods of its schedule.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    // Coolify skips the backups of a database that does not run.
    if !facts.is_running() {
        return Vec::new();
    }
    let enabled = facts.backups.items().iter();
    let enabled = enabled.filter(|it| it.enabled != Some(false));
    enabled.filter_map(|it| of_backup(facts, it)).collect()
}

fn of_backup(facts: &ResourceFacts, backup: &DatabaseBackup) -> Option<Finding> {
    let frequency = backup.frequency.as_deref()?;
    let period = schedule::longest_pause(frequency)?;
    let run = newest(backup).and_then(|it| it.created_at.as_ref());
    let run = run.max(backup.last_execution_at.as_ref());
    // A change of the schedule, and a start of the database, begin it anew.
    let since = [
        run,
        backup.created_at.as_ref(),
        backup.updated_at.as_ref(),
        facts.database()?.started_at.as_ref(),
    ];
    let since = since.into_iter().flatten().max()?;
    if facts.age(since)? < period * 2 + GRACE {
        return None;
    }
    let mut finding = Finding::critical("A scheduled backup does not run.")
        .value("backup", &backup.uuid)
        .value("frequency", frequency);
    finding = match run {
        Some(run) => finding.evidence(Evidence::time("last run", run)),
        None => finding.value("last run", "never"),
    };
    Some(finding.next(
        "Look whether Coolify's scheduler runs and whether the server can be reached, and run the \
         backup once: `database.backup(uuid).run()`.",
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{database, finds, read},
        RULE,
    };
    use crate::diagnose::Severity::Critical;

    #[test]
    fn a_backup_that_does_not_run_is_found() {
        let mut facts = database(&json!({}));
        let backup = |frequency: &str, run: &str| {
            read(json!([{"uuid": "b", "enabled": true, "frequency": frequency,
                "created_at": "2026-01-01T00:00:00.000000Z",
                "latest_log": {"uuid": "r", "status": "success", "created_at": run}}]))
        };
        let days_ago = "2026-11-25T03:00:00.000000Z";
        facts.backups = backup("0 3 * * *", days_ago);
        finds(&RULE, &facts, &[Critical]);
        facts.backups = backup("weekly", days_ago);
        finds(&RULE, &facts, &[]);
        facts.backups = backup("@often", days_ago);
        finds(&RULE, &facts, &[]);
        facts.backups = backup("daily", "2026-11-28T00:00:00.000000Z");
        finds(&RULE, &facts, &[]);
        let mut stopped = database(&json!({"status": "exited"}));
        stopped.backups = backup("daily", days_ago);
        finds(&RULE, &stopped, &[]);
        facts.backups = read(json!([{"uuid": "b", "enabled": true, "frequency": "daily",
            "created_at": "2026-11-29T00:00:00.000000Z"}]));
        finds(&RULE, &facts, &[]);
    }
}
