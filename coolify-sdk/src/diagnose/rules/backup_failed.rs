//! The newest run of a backup failed.

use super::Builtin;
use crate::{
    databases::{BackupExecution, BackupExecutionStatus, DatabaseBackup},
    diagnose::{
        facts::ResourceFacts,
        finding::{Evidence, Finding},
    },
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "backup-failed",
    "The newest run of a scheduled backup failed, or its copy did not reach S3.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let enabled = facts.backups.items().iter();
    let enabled = enabled.filter(|it| it.enabled != Some(false));
    enabled.filter_map(of_backup).collect()
}

fn of_backup(backup: &DatabaseBackup) -> Option<Finding> {
    let run = newest(backup)?;
    let lost_copy = backup.save_s3 == Some(true) && run.s3_uploaded == Some(false);
    let message = match &run.status {
        Some(BackupExecutionStatus::Failed) => "The newest run of a scheduled backup failed.",
        Some(BackupExecutionStatus::Success) if lost_copy => {
            "The newest backup was made, but its copy did not reach S3."
        }
        _ => return None,
    };
    let ended = run.finished_at.as_ref().or(run.created_at.as_ref());
    let mut finding = Finding::critical(message)
        .value("backup", &backup.uuid)
        .evidence(ended.map(|at| Evidence::time("last run", at)));
    if let Some(frequency) = &backup.frequency {
        finding = finding.value("frequency", frequency);
    }
    Some(finding.next(
        "Read the message of the run (`database.backup(uuid).executions()`), correct what it \
         names, and run the backup once: `database.backup(uuid).run()`.",
    ))
}

/// Returns the newest run, from whichever reply has it.
pub(super) fn newest(backup: &DatabaseBackup) -> Option<&BackupExecution> {
    let runs = backup.executions.iter().flatten();
    let newest = runs.max_by(|a, b| a.created_at.cmp(&b.created_at));
    newest.or(backup.latest_log.as_ref())
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
    fn the_newest_run_counts() {
        let run = |day: u8, status: &str| {
            json!({"uuid": format!("r{day}"), "status": status,
                "created_at": format!("2026-11-{day:02}T03:00:00.000000Z")})
        };
        let mut facts = database(&json!({}));
        let backups = |runs: serde_json::Value| {
            read(json!([{"uuid": "b", "enabled": true, "frequency": "daily", "executions": runs}]))
        };
        facts.backups = backups(json!([run(29, "failed"), run(28, "success")]));
        finds(&RULE, &facts, &[Critical]);
        facts.backups = backups(json!([run(28, "failed"), run(29, "success")]));
        finds(&RULE, &facts, &[]);
        facts.backups = read(json!([{"uuid": "b", "latest_log": run(29, "failed")}]));
        finds(&RULE, &facts, &[Critical]);
        facts.backups = read(
            json!([{"uuid": "b", "enabled": false, "latest_log": run(29, "failed")}]));
        finds(&RULE, &facts, &[]);
    }

    #[test]
    fn a_copy_that_did_not_arrive_is_found() {
        let mut facts = database(&json!({}));
        let with = |save: bool, uploaded: serde_json::Value| {
            read(json!([{"uuid": "b", "save_s3": save, "latest_log": {"uuid": "r",
                "status": "success", "s3_uploaded": uploaded}}]))
        };
        facts.backups = with(true, json!(false));
        finds(&RULE, &facts, &[Critical]);
        facts.backups = with(true, json!(null));
        finds(&RULE, &facts, &[]);
        facts.backups = with(false, json!(false));
        finds(&RULE, &facts, &[]);
    }
}
