//! The backups of databases.

use serde_json::{Value, json};

use super::{
    super::samples::{database, read},
    Said, lay,
};
use crate::diagnose::facts::ResourceFacts;

/// A healthy database with one scheduled backup, which has these fields besides.
fn with(backup: &Value) -> ResourceFacts {
    with_all(json!([backup]))
}

fn with_all(backups: Value) -> ResourceFacts {
    let mut facts = database(&json!({}));
    facts.backups = read(backups);
    facts
}

#[test]
fn the_newest_run_of_a_backup_decides() {
    let mut said = Said::default();
    let run = |day: u8, status: &str| {
        json!({"uuid": "r", "status": status,
            "created_at": format!("2026-11-{day:02}T03:00:00.000000Z"),
            "finished_at": format!("2026-11-{day:02}T03:05:00.000000Z")})
    };
    let of = |runs: Value| {
        with(&json!({"uuid": "b1", "enabled": true, "frequency": "daily", "executions": runs}))
    };
    said.resource(
        "the newest failed",
        &of(json!([run(29, "failed"), run(28, "success")])),
    );
    said.resource(
        "an older one failed",
        &of(json!([run(28, "failed"), run(29, "success")])),
    );
    said.resource(
        "the newest still runs",
        &of(json!([run(29, "running"), run(28, "failed")])),
    );
    said.resource(
        "the newest has an unknown status",
        &of(json!([run(29, "odd")])),
    );
    let bare = json!({"uuid": "r", "status": "failed",
        "created_at": "2026-11-29T03:00:00.000000Z"});
    said.resource(
        "only the latest is known, which has not ended, of a backup without a schedule",
        &with(&json!({"uuid": "b1", "latest_log": bare})),
    );
    said.resource(
        "no time is known",
        &with(&json!({"uuid": "b1", "latest_log": {"uuid": "r", "status": "failed"}})),
    );
    said.resource(
        "the list of runs counts more than the latest",
        &with(&json!({"uuid": "b1", "latest_log": bare, "executions": [run(28, "success")]})),
    );
    said.resource(
        "two backups failed, and a third is switched off",
        &with_all(json!([
            {"uuid": "b1", "enabled": true, "latest_log": bare},
            {"uuid": "b2", "enabled": null, "latest_log": bare},
            {"uuid": "b3", "enabled": false, "latest_log": bare},
        ])),
    );
    for (case, saves, uploaded) in [
        ("the copy did not reach S3", json!(true), json!(false)),
        ("the copy reached S3", json!(true), json!(true)),
        (
            "whether the copy reached S3 is unknown",
            json!(true),
            json!(null),
        ),
        ("no copy is wanted", json!(false), json!(false)),
    ] {
        let run = json!({"uuid": "r", "status": "success", "s3_uploaded": uploaded,
            "finished_at": "2026-11-29T03:05:00.000000Z"});
        let facts = with(&json!({"uuid": "b1", "save_s3": saves, "latest_log": run}));
        said.resource(case, &facts);
    }
    said.is(include_str!("backups_failed.txt"));
}

/// The time of the diagnosis is 12:00 on the 29th. A daily backup is overdue after two days
/// and two hours.
#[test]
fn a_backup_is_overdue_after_two_periods_and_a_grace() {
    let mut said = Said::default();
    let of = |fields: &Value| {
        let mut backup = json!({"uuid": "b1", "enabled": true, "frequency": "daily",
            "created_at": "2026-01-01T00:00:00.000000Z"});
        lay(&mut backup, fields);
        with(&backup)
    };
    let run = |at: &str| json!({"uuid": "r", "status": "success", "created_at": at});
    said.resource(
        "50 hours ago",
        &of(&json!({"latest_log": run("2026-11-27 10:00:00")})),
    );
    said.resource(
        "a second less than 50 hours ago",
        &of(&json!({"latest_log": run("2026-11-27 10:00:01")})),
    );
    said.resource("it has never run", &of(&json!({})));
    said.resource(
        "a later run is noted elsewhere",
        &of(&json!({"latest_log": run("2026-11-01 00:00:00"),
            "last_execution_at": "2026-11-28 00:00:00"})),
    );
    said.resource(
        "an earlier run is noted elsewhere",
        &of(&json!({"latest_log": run("2026-11-27 00:00:00"),
            "last_execution_at": "2026-11-01 00:00:00"})),
    );
    said.resource(
        "the schedule was changed since",
        &of(&json!({"latest_log": run("2026-11-01 00:00:00"),
            "updated_at": "2026-11-28 00:00:00"})),
    );
    said.resource(
        "the backup is new",
        &of(&json!({"created_at": "2026-11-28 00:00:00"})),
    );
    said.resource("it is switched off", &of(&json!({"enabled": false})));
    said.resource("it has no schedule", &of(&json!({"frequency": null})));
    said.resource(
        "its schedule is odd",
        &of(&json!({"frequency": "at times"})),
    );
    said.resource(
        "it runs each week",
        &of(&json!({"frequency": "0 3 * * 0", "latest_log": run("2026-11-15 10:00:00")})),
    );
    said.resource(
        "it runs each week, and ran a second later",
        &of(&json!({"frequency": "0 3 * * 0", "latest_log": run("2026-11-15 10:00:01")})),
    );
    said.resource("no time is known", &of(&json!({"created_at": null})));
    for (case, changes) in [
        (
            "the database was started since",
            json!({"started_at": "2026-11-28 00:00:00"}),
        ),
        (
            "the database was started before",
            json!({"started_at": "2026-11-01 00:00:00"}),
        ),
        ("the database is stopped", json!({"status": "exited"})),
    ] {
        let mut facts = database(&changes);
        facts.backups = of(&json!({})).backups;
        said.resource(case, &facts);
    }
    said.is(include_str!("backups_overdue.txt"));
}

#[test]
fn a_running_database_needs_a_backup() {
    let mut said = Said::default();
    said.resource("none is scheduled", &with_all(json!([])));
    let off = json!({"uuid": "b1", "enabled": false});
    said.resource("the only one is off", &with_all(json!([off])));
    said.resource("all are off", &with_all(json!([off, off])));
    said.resource(
        "one of two is on",
        &with_all(json!([off, {"uuid": "b2", "enabled": true}])),
    );
    said.resource(
        "whether it is on is not said",
        &with_all(json!([{"uuid": "b2"}])),
    );
    said.resource("the backups are not known", &database(&json!({})));
    let engine = |name: &str, status: &str| {
        let mut facts = database(&json!({"type": name, "database_type": name, "status": status}));
        facts.backups = read(json!([]));
        facts
    };
    for (name, status) in [
        ("standalone-mysql", "running:unhealthy"),
        ("standalone-mariadb", "running:unknown"),
        ("standalone-mongodb", "running:healthy"),
        ("standalone-redis", "running:healthy"),
        ("standalone-keydb", "running:healthy"),
        ("standalone-dragonfly", "running:healthy"),
        ("standalone-clickhouse", "running:healthy"),
        ("standalone-postgresql", "exited"),
        ("standalone-postgresql", "starting:unknown"),
    ] {
        said.resource(&format!("{name}, {status}"), &engine(name, status));
    }
    said.is(include_str!("backups_missing.txt"));
}
