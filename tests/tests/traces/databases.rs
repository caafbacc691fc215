//! Creating databases with their backups, and what is left if a step fails.

use std::time::Duration;

use coolify_sdk::databases::{BackupPlan, ProvisionDatabase, ProvisionedDatabase, S3Copies};
use coolify_sdk::{Coolify, Error, Exposed, Placement};
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, message, ok, outage, status};

const SCHEDULES: &str = "/databases/db1/backups";

type Change = fn(ProvisionDatabase) -> ProvisionDatabase;

fn place() -> Placement {
    Placement::new("p1", "production", "v1")
}

fn row(status: &str) -> Value {
    json!({
        "uuid": "db1", "name": "orders", "status": status,
        "database_type": "standalone-postgresql",
        "internal_db_url": "postgres://db1:5432", "external_db_url": "postgres://c.example:6000",
    })
}

async fn stage() -> Stage {
    let created = json!({"uuid": "db1", "internal_db_url": "postgres://new"});
    let schedule = |uuid: &str| status(201, json!({"uuid": uuid, "message": "created"}));
    let first = status(200, json!({"uuid": "st1", "name": "backups"}));
    Stage::set()
        .await
        .on("POST /databases/postgresql", [status(201, created)])
        .on("GET /s3-storages/st1", [first])
        .on(
            &format!("POST {SCHEDULES}"),
            [schedule("b1"), schedule("b2")],
        )
        .on(
            &format!("PATCH {SCHEDULES}/b2"),
            [message(200, "Database backup configuration updated")],
        )
        .since(
            "GET /databases/db1",
            [
                (0, ok(row("exited"))),
                (5, ok(row("starting"))),
                (9, ok(row("running:healthy"))),
            ],
        )
}

fn provision(coolify: &Coolify) -> ProvisionDatabase {
    let create = coolify.databases().create_postgresql(place());
    let nightly = BackupPlan::s3("0 3 * * *", "st1").keep_days(30).run_now();
    let provision = create.name("orders").provision();
    provision
        .backup(BackupPlan::local("hourly").keep_days(7))
        .backup(nightly)
}

#[tokio::test(start_paused = true)]
async fn a_database_is_created_with_its_backups() {
    let no = || message(403, "Missing required permissions: write");
    let created = || status(201, json!({"uuid": "b1", "message": "created"}));
    let create = "POST /databases/postgresql";
    let schedule = format!("POST {SCHEDULES}");
    let run = format!("PATCH {SCHEDULES}/b2");
    let storage = "GET /s3-storages/st1";
    let with_urls = status(
        201,
        json!({"uuid": "db1", "internal_db_url": "postgres://in", "external_db_url": "postgres://out"}),
    );
    let without_urls = json!({
        "uuid": "db1", "name": "orders", "status": "running:healthy",
        "database_type": "standalone-postgresql",
    });
    let cases = [
        ("all works", create, vec![]),
        ("only the first reply has URLs", create, vec![with_urls]),
        ("no such storage", storage, vec![message(404, "Not found.")]),
        ("the storage may not be read", storage, vec![no()]),
        ("the storage cannot be read", storage, vec![outage()]),
        ("not created", create, vec![no()]),
        ("the reply is lost", create, vec![Reply::Cut]),
        ("no schedule", &schedule, vec![no()]),
        ("one schedule", &schedule, vec![created(), no()]),
        ("not backed up", &run, vec![no()]),
        (
            "never healthy",
            "GET /databases/db1",
            vec![ok(row("exited"))],
        ),
        (
            "never healthy, for five minutes",
            "GET /databases/db1",
            vec![ok(row("exited"))],
        ),
    ];
    let mut all = String::new();
    for (name, route, replies) in cases {
        let mut stage = stage().await;
        if name.contains("first reply") {
            stage = stage.on("GET /databases/db1", [ok(without_urls.clone())]);
        }
        if !replies.is_empty() {
            stage = stage.on(route, replies);
        }
        let mut provision = provision(&stage.client());
        if !name.contains("five minutes") {
            provision = provision.max_wait(Duration::from_secs(20));
        }
        stage.story.tell(format!("{provision:?}"));
        stage.story.tell_of("end", &provision.await.map(Exposed));
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

/// Without a backup that runs at once, nothing is waited for, unless it is said.
#[tokio::test(start_paused = true)]
async fn a_new_database_is_waited_for_if_there_is_a_reason() {
    let mut all = String::new();
    let create = |stage: &Stage| stage.client().databases().create_postgresql(place());
    let changes: [(&str, Change); 5] = [
        ("a plain one", |it| it),
        ("until it is healthy", ProvisionDatabase::until_healthy),
        ("with a schedule", |it| {
            it.backup(BackupPlan::local("daily"))
        }),
        ("with a backup", |it| {
            it.backup(BackupPlan::local("daily").run_now())
        }),
        ("with two", |it| {
            let daily = BackupPlan::local("daily").run_now();
            it.backup(daily).backup(BackupPlan::local("weekly"))
        }),
    ];
    for (name, change) in changes {
        for starts in [true, false] {
            let stage = stage().await;
            let run = format!("PATCH {SCHEDULES}/b1");
            let stage = stage.on(&run, [message(200, "queued")]);
            let create = create(&stage).instant_deploy(starts);
            let end = change(create.provision()).await;
            stage.story.tell_of("end", &end);
            let name = format!("{name}, {}", if starts { "started" } else { "not started" });
            all += &chapter(&name, stage.story);
        }
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn only_some_engines_have_backups() {
    let stage = Stage::of_version("4.4.0").await;
    let databases = stage.client().databases();
    let told = |what: &str, end: Result<ProvisionedDatabase, Error>| {
        let said = match end {
            // Nothing answers.
            Err(error) if error.is_not_found() => "is sent".to_owned(),
            end => format!("{:?}", end.map_err(|error| error.to_string())),
        };
        stage.story.tell(format!("{what}: {said}"));
    };
    macro_rules! each {
        ($($create:ident),*) => { $(
            stage.story.tell(format!("--- {}", stringify!($create)));
            let provision = databases.$create(place()).provision();
            told("with a backup", provision.backup(BackupPlan::local("daily")).await);
            told("without", databases.$create(place()).provision().await);
        )* };
    }
    each!(
        create_postgresql,
        create_mysql,
        create_mariadb,
        create_mongodb,
        create_clickhouse,
        create_sqlite,
        create_redis,
        create_keydb,
        create_dragonfly
    );
    insta::assert_snapshot!(stage.story);
}

/// The numeric id of a database is unique within its engine only, so that Coolify lists
/// backups of other engines as well.
#[tokio::test(start_paused = true)]
async fn a_database_has_the_backups_of_its_engine() {
    let backup = |uuid: &str, model: Value| json!({"uuid": uuid, "database_type": model});
    let backups = json!([
        backup("own", json!("App\\Models\\StandalonePostgresql")),
        backup("other", json!("App\\Models\\StandaloneMysql")),
        backup("service", json!("App\\Models\\ServiceDatabase")),
        backup("unnamed", json!(null)),
        backup("odd", json!("StandaloneMysql")),
    ]);
    let row =
        |uuid: &str, engine: &str| json!({"uuid": uuid, "name": uuid, "database_type": engine});
    let listed = |uuid: &str, engine: &str| {
        let mut row = row(uuid, engine);
        row["backup_configs"] = backups.clone();
        row
    };
    let all = json!([
        listed("db1", "standalone-postgresql"),
        listed("db2", "standalone-mysql"),
        listed("db3", "standalone-cockroach"),
        row("db4", "standalone-redis"),
    ]);
    let application = json!({"type": "application", "uuid": "a1", "name": "web"});
    let resources = json!([
        application,
        {"type": "standalone-postgresql", "uuid": "db1", "name": "db1"},
        {"type": "standalone-redis", "uuid": "db4", "name": "db4"},
    ]);
    let mut told = String::new();
    for version in ["4.3.2", "4.3.3"] {
        let stage = Stage::of_version(version)
            .await
            .on("GET /databases", [ok(all.clone())])
            .on("GET /resources", [ok(resources.clone())])
            .on(
                "GET /databases/db1",
                [ok(row("db1", "standalone-postgresql"))],
            )
            .on(
                "GET /databases/db3",
                [ok(row("db3", "standalone-cockroach"))],
            )
            .on("GET /databases/db1/backups", [ok(backups.clone())])
            .on("GET /databases/db3/backups", [ok(backups.clone())])
            .on("GET /databases/db4/backups", [ok(json!([]))]);
        let (coolify, story) = (stage.client(), &stage.story);
        for database in coolify.databases().list().await.expect("a list") {
            let backups = database.backup_configs.iter().flatten();
            let backups: Vec<_> = backups.map(|it| it.uuid.as_str()).collect();
            story.tell(format!(
                "{} {}: {backups:?}",
                database.uuid, database.engine
            ));
        }
        for uuid in ["db1", "db3", "db4"] {
            let backups = coolify.database(uuid).backups().list().await;
            let backups = backups.map(|all| all.into_iter().map(|it| it.uuid).collect::<Vec<_>>());
            story.tell_of(uuid, &backups);
        }
        told += &chapter(version, story);
    }
    insta::assert_snapshot!(told);
}

#[tokio::test(start_paused = true)]
async fn each_call_of_a_schedule_has_its_request() {
    let run = json!({"uuid": "e1", "status": "success", "database_name": "shop"});
    let stage = Stage::set()
        .await
        .on(
            &format!("POST {SCHEDULES}"),
            [status(201, json!({"uuid": "b1", "message": "created"}))],
        )
        .on(&format!("PATCH {SCHEDULES}/b1"), [message(200, "updated")])
        .on(&format!("DELETE {SCHEDULES}/b1"), [message(200, "deleted")])
        .on(
            &format!("GET {SCHEDULES}/b1/executions"),
            [ok(json!({ "executions": [run] }))],
        )
        .on(
            &format!("DELETE {SCHEDULES}/b1/executions/e1"),
            [message(200, "deleted")],
        );
    let (database, story) = (stage.client().database("db1"), &stage.story);
    let create = database.backups().create("daily");
    let create = create.databases_to_backup("shop,blog").dump_all(false);
    story.tell_of("created", &create.timeout(60).backup_now(true).await);
    let backup = database.backup("b1");
    let update = backup.update().enabled(false).clear_databases_to_backup();
    story.tell_of("updated", &update.frequency("weekly").await);
    story.tell_of("runs", &backup.run().await);
    story.tell_of("runs", &backup.executions().await);
    for copies in [S3Copies::Keep, S3Copies::Delete] {
        story.tell_of("deleted", &backup.delete_execution("e1", copies).await);
        story.tell_of("deleted", &backup.delete(copies).await);
    }
    insta::assert_snapshot!(story);
}

#[tokio::test(start_paused = true)]
async fn each_engine_has_its_name() {
    let mut rows = Vec::new();
    for engine in [
        "postgresql",
        "mysql",
        "mariadb",
        "mongodb",
        "redis",
        "keydb",
        "dragonfly",
        "clickhouse",
        "sqlite",
        "cockroach",
    ] {
        let engine_type = format!("standalone-{engine}");
        rows.push(json!({"uuid": "x", "name": engine, "database_type": engine_type}));
    }
    rows.push(json!({"uuid": "x", "name": "a field of KeyDB", "keydb_conf": null}));
    rows.push(json!({"uuid": "x", "name": "another form", "database_type": "mysql"}));
    rows.push(json!({"uuid": "x", "name": "no type", "database_type": null}));
    let stage = Stage::set().await.on("GET /databases", [ok(json!(rows))]);
    let listed = stage.client().databases().list().await;
    for it in listed.expect("a list") {
        let (name, engine) = (&it.name, &it.engine);
        let form = format!("{engine:?}");
        let form = form.split(['(', ' ']).next().unwrap_or_default();
        stage.story.tell(format!(
            "{name}: {engine}, {:?}, {form}, backups: {}",
            engine.as_str(),
            engine.has_backups()
        ));
    }
    insta::assert_snapshot!(stage.story);
}
