//! A database without backups.

use super::Builtin;
use crate::diagnose::{facts::ResourceFacts, finding::Finding};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "backup-missing",
    "A running database has no scheduled backup, or only switched-off ones.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let (Some(database), Some(backups)) = (facts.database(), facts.backups.get()) else {
        return Vec::new();
    };
    // What was stopped changes no more.
    if !database.engine.has_backups() || !facts.is_running() {
        return Vec::new();
    }
    if backups.iter().any(|it| it.enabled != Some(false)) {
        return Vec::new();
    }
    let message = if backups.is_empty() {
        "It has no scheduled backup."
    } else {
        "All of its scheduled backups are switched off."
    };
    vec![
        Finding::warning(message)
            .value("engine", database.engine.as_str())
            .next("Schedule a backup, best with a copy in S3: `database.backups().create(..)`."),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, database, finds, read},
        RULE,
    };
    use crate::diagnose::Severity::Warning;

    #[test]
    fn a_database_without_a_backup_is_found() {
        let mut facts = database(&json!({}));
        facts.backups = read(json!([]));
        finds(&RULE, &facts, &[Warning]);
        facts.backups = read(json!([{"uuid": "b", "enabled": false}]));
        finds(&RULE, &facts, &[Warning]);
        facts.backups = read(json!([{"uuid": "b", "enabled": true}]));
        finds(&RULE, &facts, &[]);
    }

    #[test]
    fn one_without_need_or_of_unknown_backups_is_not() {
        finds(&RULE, &database(&json!({})), &[]);
        let mut stopped = database(&json!({"status": "exited"}));
        stopped.backups = read(json!([]));
        finds(&RULE, &stopped, &[]);
        let mut redis = database(
            &json!({"type": "standalone-redis", "database_type": "standalone-redis"}));
        redis.backups = read(json!([]));
        finds(&RULE, &redis, &[]);
        finds(&RULE, &application(&json!({})), &[]);
    }
}
