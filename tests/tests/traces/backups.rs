//! Backups that run now, and restoring them.

use std::time::Duration;

use coolify_sdk::databases::{BackupHandle, RestoreBackup};
use coolify_sdk::{Coolify, Error};
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, failure, message, ok, status};

const LISTED: &str = "GET /databases/db1/backups";
const RUN: &str = "PATCH /databases/db1/backups/b1";
const RUNS: &str = "GET /databases/db1/backups/b1/executions";

fn database(engine: &str, status: &str) -> Value {
    json!({
        "uuid": "db1", "name": "main", "status": status,
        "database_type": format!("standalone-{engine}"), "image": "postgres:17",
        "destination": {"id": 1, "uuid": "n1", "server_id": 4},
    })
}

fn execution(uuid: &str, name: &str, status: &str) -> Value {
    json!({"uuid": uuid, "database_name": name, "status": status})
}

/// The runs of the schedule; Coolify lists the newest first.
fn runs(newest_first: &[Value]) -> Reply {
    let old = execution("old", "shop", "failed");
    let all: Vec<_> = newest_first.iter().cloned().chain([old]).collect();
    ok(json!({"executions": all}))
}

fn shop(status: &str) -> Value {
    execution("e1", "shop", status)
}

fn blog(status: &str) -> Value {
    execution("e2", "blog", status)
}

fn backup(coolify: &Coolify) -> BackupHandle {
    coolify.database("db1").backup("b1")
}

async fn stage(changes: &Value) -> Stage {
    let mut schedule = json!({
        "uuid": "b1", "databases_to_backup": "shop, blog, ", "timeout": 600, "enabled": true,
    });
    for (field, value) in changes.as_object().expect("fields") {
        schedule[field] = value.clone();
    }
    let listed = json!([{"uuid": "b0", "timeout": 5}, schedule]);
    Stage::set()
        .await
        .on(
            "GET /databases/db1",
            [ok(database("mysql", "running:healthy"))],
        )
        .on(LISTED, [ok(listed)])
        .on(RUN, [message(200, "Database backup configuration updated")])
}

async fn told(name: &str, stage: Stage, patience: Option<u64>) -> String {
    let mut run = backup(&stage.client()).run();
    run = match patience {
        Some(seconds) => run.max_wait(Duration::from_secs(seconds)),
        None if name.contains("time") => run.poll_every(Duration::from_secs(60)),
        None => run,
    };
    let end = run.and_wait().await;
    stage.story.tell_of("end", &end);
    let failed = end.as_ref().err().and_then(Error::failed_backup);
    if let Some(failed) = failed {
        let uuids: Vec<_> = failed.iter().map(|it| it.uuid.as_str()).collect();
        stage.story.tell(format!("all runs: {}", uuids.join(" ")));
    }
    chapter(name, &stage.story)
}

#[tokio::test(start_paused = true)]
async fn a_backup_runs_until_all_databases_are_backed_up() {
    let none = || runs(&[]);
    let both = || runs(&[blog("success"), shop("success")]);
    let cases = [
        ("both at once", json!({}), vec![(0, none()), (3, both())]),
        (
            "one after the other",
            json!({}),
            vec![
                (0, none()),
                (3, runs(&[shop("running")])),
                (30, runs(&[shop("success")])),
                (35, runs(&[blog("running"), shop("success")])),
                (60, both()),
            ],
        ),
        (
            "the second ends first",
            json!({}),
            vec![
                (0, none()),
                (3, runs(&[blog("success"), shop("running")])),
                (40, both()),
            ],
        ),
        (
            "only one, which changes late",
            json!({}),
            vec![
                (0, none()),
                (3, runs(&[shop("running")])),
                (20, runs(&[shop("success")])),
            ],
        ),
        (
            "one dump of all",
            json!({"dump_all": true}),
            vec![(0, none()), (3, runs(&[shop("success")]))],
        ),
        (
            "one of two fails",
            json!({}),
            vec![(0, none()), (3, runs(&[blog("failed"), shop("success")]))],
        ),
        (
            "a status that is new",
            json!({}),
            vec![(0, none()), (3, runs(&[blog("odd"), shop("success")]))],
        ),
        (
            "a status that is missing",
            json!({"timeout": 1}),
            vec![(0, none()), (3, runs(&[json!({"uuid": "e1"})]))],
        ),
    ];
    let mut all = String::new();
    for (name, schedule, executions) in cases {
        let stage = stage(&schedule).await.since(RUNS, executions);
        all += &told(name, stage, None).await;
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_backup_has_its_own_time() {
    let mut all = String::new();
    let longest = [
        ("ten minutes of time", json!({})),
        ("no time is set", json!({"timeout": null})),
        ("an invalid time", json!({"timeout": -1})),
    ];
    for (name, schedule) in &longest {
        let running = stage(schedule)
            .await
            .on(RUNS, [runs(&[]), runs(&[shop("running")])]);
        all += &told(name, running, None).await;
    }
    let never = stage(&json!({})).await.on(RUNS, [runs(&[])]);
    all += &told("it does not start in time", never, None).await;
    let never = stage(&json!({})).await.on(RUNS, [runs(&[])]);
    all += &told("less patience", never, Some(30)).await;
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_backup_may_have_started_without_an_answer() {
    let both = || runs(&[blog("success"), shop("success")]);
    let mut all = String::new();
    for (name, executions, patience) in [
        ("it has started", vec![(0, runs(&[])), (20, both())], None),
        ("it has not started", vec![(0, runs(&[]))], None),
        ("it is not known in time", vec![(0, runs(&[]))], Some(20)),
        (
            "it has started and runs on",
            vec![(0, runs(&[])), (20, runs(&[shop("running")]))],
            Some(90),
        ),
    ] {
        let stage = stage(&json!({})).await.on(RUN, [Reply::Cut]);
        all += &told(name, stage.since(RUNS, executions), patience).await;
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_backup_is_refused() {
    let mut all = String::new();
    let stopped = stage(&json!({})).await;
    let stopped = stopped.on("GET /databases/db1", [ok(database("mysql", "exited"))]);
    all += &told("the database is stopped", stopped, None).await;
    let unknown = stage(&json!({"uuid": "b2"})).await;
    all += &told("no such schedule", unknown, None).await;
    let forbidden = stage(&json!({})).await.on(RUNS, [runs(&[])]);
    let forbidden = forbidden.on(RUN, [message(403, "Missing required permissions: write")]);
    all += &told("no ability", forbidden, None).await;
    let lost = stage(&json!({}))
        .await
        .on(RUNS, [runs(&[]), message(404, "Not found.")]);
    all += &told("the schedule is deleted meanwhile", lost, None).await;
    insta::assert_snapshot!(all);
}

const IMPORT: &str = "GET /databases/db1/imports/7";

/// A backup in S3 and in a file, of a database that runs.
struct Restore {
    source: Value,
    schedule: Value,
    execution: Value,
    others: Vec<Value>,
    target: Value,
}

impl Restore {
    fn new() -> Self {
        let mut target = database("postgresql", "running:healthy");
        target["uuid"] = json!("db2");
        target["name"] = json!("copy");
        Self {
            source: database("postgresql", "running:healthy"),
            schedule: json!({"uuid": "b1", "s3_storage_id": 3, "enabled": true}),
            execution: json!({
                "uuid": "e1", "status": "success", "filename": "/backups/shop.dmp", "size": 1276,
                "database_name": "shop", "created_at": "2026-11-22T00:26:56.000000Z",
            }),
            others: vec![],
            target,
        }
    }

    /// Changes some fields.
    fn changed(changes: &Value) -> Self {
        let mut it = Self::new();
        for (value, name) in [
            (&mut it.source, "source"),
            (&mut it.schedule, "schedule"),
            (&mut it.execution, "execution"),
            (&mut it.target, "target"),
        ] {
            let fields = changes[name].as_object().cloned().unwrap_or_default();
            value.as_object_mut().expect("an object").extend(fields);
        }
        it.others = changes["others"].as_array().cloned().unwrap_or_default();
        it
    }

    async fn stage(&self) -> Stage {
        let mut schedule = self.schedule.clone();
        let other = json!({"uuid": "e0", "status": "failed", "filename": ""});
        schedule["executions"] = json!([other, self.execution]);
        Stage::of_version("4.4.0")
            .await
            .on("GET /databases/db1", [ok(self.source.clone())])
            .on(LISTED, [ok(json!([{"uuid": "b0"}, schedule]))])
            .on("GET /databases/db2", [ok(self.target.clone())])
            .on("GET /databases/db2/backups", [ok(json!(self.others))])
    }

    async fn plan(&self, name: &str, set: impl Fn(RestoreBackup) -> RestoreBackup) -> String {
        let stage = self.stage().await;
        let restore = set(backup(&stage.client()).restore("e1"));
        let told = match restore.plan().await {
            Ok(plan) => format!(
                "{plan}\n[dump_all {}, replace_existing {}]\n",
                plan.dump_all, plan.replace_existing
            ),
            Err(error) => failure(&error) + "\n",
        };
        chapter(name, told)
    }
}

/// What differs in each case; a `target` is another database.
#[rustfmt::skip] // one line each
fn changes() -> Vec<(&'static str, Value)> {
    vec![
        ("from S3", json!({"execution": {"s3_uploaded": true}})),
        ("deleted from S3", json!({"execution": {"s3_uploaded": true, "s3_storage_deleted": true}})),
        ("deleted everywhere", json!({"execution": {"local_storage_deleted": true}})),
        ("in S3, and the storage is gone", json!({"execution": {"s3_uploaded": true}, "schedule": {"s3_storage_id": null}})),
        ("no file", json!({"execution": {"filename": null}})),
        ("an empty name of a file", json!({"execution": {"filename": ""}})),
        ("a dump of all", json!({"schedule": {"dump_all": true}})),
        ("failed", json!({"execution": {"status": "failed"}})),
        ("running", json!({"execution": {"status": "running"}})),
        ("no status", json!({"execution": {"status": null}})),
        ("as large as possible", json!({"execution": {"size": 10_737_418_240_i64}})),
        ("too large", json!({"execution": {"size": 10_737_418_241_i64}})),
        ("another execution", json!({"execution": {"uuid": "e2"}})),
        ("another schedule", json!({"schedule": {"uuid": "b2"}})),
        ("little is known", json!({"execution": {"size": null, "database_name": null, "created_at": null}, "source": {"image": null, "status": null, "destination": null}})),
        ("stopped", json!({"source": {"status": "exited"}})),
        ("MySQL", json!({"source": {"database_type": "standalone-mysql"}})),
        ("ClickHouse", json!({"source": {"database_type": "standalone-clickhouse"}})),
        ("of another server", json!({"target": {"destination": {"id": 2, "uuid": "n2", "server_id": 5}}})),
        ("of an unknown server", json!({"target": {"destination": null}})),
        ("newer", json!({"target": {"image": "postgres:18-alpine"}})),
        ("older", json!({"target": {"image": "postgres:16.9"}})),
        ("of another engine", json!({"target": {"database_type": "standalone-mysql"}})),
        ("with a disabled schedule", json!({"others": [{"uuid": "o1", "enabled": false}, {"uuid": "o2", "enabled": false}]})),
        ("with an enabled schedule", json!({"others": [{"uuid": "o1", "enabled": false}, {"uuid": "o2"}, {"uuid": "o3"}]})),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_restore_is_planned_or_refused() {
    let mut all = Restore::new().plan("of a file", |it| it).await;
    for (name, change) in changes() {
        let restore = Restore::changed(&change);
        let into_other = change.get("target").or(change.get("others")).is_some();
        let title = if into_other {
            format!("into a database {name}")
        } else {
            name.to_owned()
        };
        let set = |it: RestoreBackup| {
            if into_other {
                it.into_database("db2")
            } else {
                it
            }
        };
        all += &restore.plan(&title, set).await;
    }
    let restore = Restore::new();
    all += &restore
        .plan("into a database without a schedule", |it| {
            it.into_database("db2")
        })
        .await;
    all += &restore
        .plan("into itself, by name", |it| it.into_database("db1"))
        .await;
    all += &restore
        .plan("without a backup", RestoreBackup::without_backup)
        .await;
    all += &restore
        .plan("what exists is kept", RestoreBackup::keep_existing)
        .await;
    let in_s3 = json!({"execution": {"s3_uploaded": true}, "target": {"image": "postgres:9"}});
    let restore = Restore::changed(&in_s3);
    all += &restore
        .plan("from S3, named", |it| it.s3_storage("s1"))
        .await;
    all += &restore
        .plan("from the server instead", RestoreBackup::from_server)
        .await;
    let older = |it: RestoreBackup| it.into_database("db2").any_version();
    all += &restore.plan("into any version", older).await;
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn a_restore_is_carried_out_or_says_what_is_left() {
    let started = || ok(json!({"id": 7, "message": "Import started."}));
    let import =
        |status: &str| ok(json!({"id": 7, "status": status, "exit_code": 1, "output": "s3cret"}));
    let new_run = || ok(json!({"executions": [execution("e9", "shop", "success")]}));
    let mut all = String::new();
    for name in [
        "it works",
        "not confirmed",
        "confirmed with another name",
        "no schedule, and it works",
        "no schedule, and the backup fails",
        "the backup fails",
        "the import is refused",
        "the import is refused for one of its fields",
        "the import of a file of the server is refused",
        "the import fails",
        "the import goes on",
        "the target stops",
        "an older server",
    ] {
        let into_other = name.starts_with("no schedule");
        let change = if name.starts_with("the import is refused") {
            json!({"execution": {"s3_uploaded": true}})
        } else {
            json!({})
        };
        let restore = Restore::changed(&change);
        let mut stage = restore.stage().await;
        if name == "an older server" {
            stage = stage.on(
                "GET /version",
                [Reply::Say(200, "text/html", "4.3.11".to_owned())],
            );
        }
        let runs = match name {
            "the backup fails" => vec![runs(&[]), runs(&[shop("failed")])],
            _ => vec![runs(&[]), new_run()],
        };
        let other_runs = match name {
            "no schedule, and the backup fails" => {
                ok(json!({"executions": [execution("e9", "copy", "failed")]}))
            }
            _ => new_run(),
        };
        let ends = match name {
            "the import fails" => "failed",
            "the import goes on" => "in_progress",
            _ => "finished",
        };
        let start = match name {
            "the import is refused" => {
                message(422, "The file does not exist in the selected S3 storage.")
            }
            "the import is refused for one of its fields" => status(
                422,
                json!({"message": "Validation failed.", "errors": {"dump_all": ["This field is not allowed."]}}),
            ),
            "the import of a file of the server is refused" => {
                message(422, "The server path is invalid.")
            }
            _ => started(),
        };
        stage = stage
            .on(RUN, [message(200, "updated")])
            .on(RUNS, runs)
            .on("POST /databases/db1/imports", [start])
            .on(
                IMPORT,
                [import("queued"), import("in_progress"), import(ends)],
            )
            .on(
                "POST /databases/db2/backups",
                [ok(json!({"uuid": "b9", "message": "created"}))],
            )
            .on(
                "GET /databases/db2/backups",
                [ok(json!([])), ok(json!([{"uuid": "b9"}]))],
            )
            .on("PATCH /databases/db2/backups/b9", [message(200, "updated")])
            .on(
                "GET /databases/db2/backups/b9/executions",
                [ok(json!({"executions": []})), other_runs],
            )
            .on("POST /databases/db2/imports", [started()])
            .on("GET /databases/db2/imports/7", [import("finished")]);
        if name == "the target stops" {
            let running = || ok(database("postgresql", "running:healthy"));
            let stopped = ok(database("postgresql", "exited:unhealthy"));
            stage = stage.on(
                "GET /databases/db1",
                [running(), running(), running(), running(), stopped],
            );
        }
        let mut restore = backup(&stage.client())
            .restore("e1")
            .max_wait(Duration::from_secs(60));
        restore = match name {
            "not confirmed" => restore,
            "confirmed with another name" => restore.confirm("Main"),
            _ if into_other => restore.into_database("db2").confirm("copy"),
            _ => restore.confirm("main"),
        };
        stage.story.tell(format!("{restore:?}"));
        let end = restore.await;
        match &end {
            Ok(end) => {
                stage.story.tell(end.plan.to_string());
                stage.story.tell_of("end", &Ok(end));
            }
            Err(error) => stage.story.tell(format!(
                "{}\nleft: {:?}\nunfinished: {:?}",
                failure(error),
                error.left_behind(),
                error.unfinished_restore()
            )),
        }
        all += &chapter(name, &stage.story);
    }
    insta::assert_snapshot!(all);
}
