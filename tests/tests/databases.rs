//! Databases of all engines and their backups, on recorded replies.

use coolify_sdk::databases::{BackupHandle, DatabaseHandle, Engine, S3Copies};
use coolify_sdk::{Coolify, EnvironmentRef, Placement, Result};
use coolify_sdk_tests::{Recording, Replay, lost};
use serde_json::json;

const ENGINES: [&str; 8] = [
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "keydb",
    "dragonfly",
    "clickhouse",
];

fn param(recording: &Recording, name: &str) -> String {
    let value = &recording.request.params[name];
    value.as_str().expect("a text parameter").to_owned()
}

fn body(recording: &Recording, field: &str) -> String {
    let body = recording.request.body.as_ref().expect("a body");
    body[field].as_str().expect("a text field").to_owned()
}

fn place(recording: &Recording) -> Placement {
    Placement::new(
        body(recording, "project_uuid"),
        EnvironmentRef::name(body(recording, "environment_name")),
        body(recording, "server_uuid"),
    )
}

fn database(coolify: &Coolify, recording: &Recording) -> DatabaseHandle {
    coolify.database(param(recording, "uuid"))
}

fn backup(coolify: &Coolify, recording: &Recording) -> BackupHandle {
    database(coolify, recording).backup(param(recording, "scheduled_backup_uuid"))
}

#[tokio::test]
async fn every_engine_is_told_apart_and_nothing_is_lost() -> Result<()> {
    for version in Recording::versions() {
        for engine in ENGINES {
            let case = if engine == "postgresql" { "ok" } else { engine };
            let name = format!("{version}/get-database-by-uuid.{case}");
            let recording = Recording::load(&name);
            let replay = Replay::of(&[&name]).await;
            let found = database(&replay.client(), &recording).get().await?;
            assert_eq!(found.engine.as_str(), format!("standalone-{engine}"));
            assert_eq!(lost(recording.json(), &found), [""; 0], "{name}");
            replay.check();
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_plain_token_sees_the_engine_without_its_password() -> Result<()> {
    let name = "get-database-by-uuid.read-token";
    let replay = Replay::of(&[name]).await;
    let found = database(&replay.client(), &Recording::load(name))
        .get()
        .await?;
    let Engine::Postgresql(postgresql) = &found.engine else {
        panic!("{} is another engine", found.engine.as_str());
    };
    assert_eq!(postgresql.user.as_deref(), Some("app"));
    assert_eq!(postgresql.password, None);
    assert_eq!(found.internal_db_url, None);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_missing_database_is_not_found() {
    let name = "get-database-by-uuid.not-found";
    let replay = Replay::of(&[name]).await;
    let found = database(&replay.client(), &Recording::load(name))
        .get()
        .await;
    assert!(found.unwrap_err().is_not_found());
    replay.check();
}

#[tokio::test]
async fn the_list_holds_all_engines() -> Result<()> {
    for case in ["ok", "read-token"] {
        let name = format!("list-databases.{case}");
        let replay = Replay::of(&[&name]).await;
        let databases = replay.client().databases().list().await?;
        let engines: Vec<_> = databases.iter().map(|it| it.engine.as_str()).collect();
        for engine in ENGINES {
            assert!(engines.contains(&&*format!("standalone-{engine}")));
        }
        replay.check();
    }
    Ok(())
}

#[tokio::test]
async fn an_old_server_that_loses_databases_is_asked_for_its_resources() -> Result<()> {
    let replay = Replay::of(&["4.1.2/list-resources.ok"]).await;
    let databases = replay.client().databases().list().await?;
    assert_eq!(databases.len(), ENGINES.len());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn the_list_holds_no_backups_of_another_engine() -> Result<()> {
    let mut recording = Recording::load("list-databases.ok");
    let backup = json!({"uuid": "b1", "database_type": r"App\Models\StandalonePostgresql"});
    for row in recording
        .response
        .json
        .as_mut()
        .unwrap()
        .as_array_mut()
        .unwrap()
    {
        row["backup_configs"] = json!([backup]);
    }
    let replay = Replay::recordings(vec![recording]).await;
    for database in replay.client().databases().list().await? {
        let own = matches!(database.engine, Engine::Postgresql(_));
        let backups = database.backup_configs.unwrap_or_default();
        assert_eq!(backups.len(), usize::from(own), "{}", database.name);
    }
    Ok(())
}

#[tokio::test]
async fn every_engine_is_created_with_its_own_fields() -> Result<()> {
    macro_rules! create {
        ($coolify:ident, $recording:ident, $create:ident $(, $field:ident)*) => {{
            let request = $coolify
                .databases()
                .$create(place(&$recording))
                .name(body(&$recording, "name"))
                .description(body(&$recording, "description"))
                .instant_deploy(false);
            $( let request = request.$field(body(&$recording, stringify!($field))); )*
            request.await?
        }};
    }
    for version in Recording::versions() {
        for engine in ENGINES {
            let name = format!("{version}/create-database-{engine}.ok");
            let recording = Recording::load(&name);
            let replay = Replay::of(&[&name]).await;
            let coolify = replay.client();
            let created = match engine {
                "postgresql" => create!(
                    coolify,
                    recording,
                    create_postgresql,
                    postgres_user,
                    postgres_password,
                    postgres_db
                ),
                "mysql" => create!(coolify, recording, create_mysql, mysql_user),
                "mariadb" => create!(coolify, recording, create_mariadb),
                "mongodb" => create!(coolify, recording, create_mongodb),
                "redis" => create!(coolify, recording, create_redis, redis_password),
                "keydb" => create!(coolify, recording, create_keydb),
                "dragonfly" => create!(coolify, recording, create_dragonfly),
                _ => create!(coolify, recording, create_clickhouse),
            };
            assert_eq!(lost(recording.json(), &created), [""; 0], "{name}");
            replay.check();
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_bad_port_is_named() {
    let name = "create-database-postgresql.bad-port";
    let recording = Recording::load(name);
    let replay = Replay::of(&[name]).await;
    let error = replay
        .client()
        .databases()
        .create_postgresql(place(&recording))
        .is_public(true)
        .public_port(22)
        .await
        .unwrap_err();
    assert_eq!(error.field_errors()[0].field(), Some("public_port"));
    replay.check();
}

#[tokio::test]
async fn a_long_name_is_refused_before_it_is_sent() {
    let replay = Replay::of(&[]).await;
    let recording = Recording::load("create-database-redis.ok");
    let coolify = replay.client();
    let request = coolify.databases().create_redis(place(&recording));
    assert!(request.name("n".repeat(256)).await.is_err());
    replay.check();
}

#[tokio::test]
async fn an_update_sends_what_was_set() -> Result<()> {
    for version in Recording::versions() {
        let name = format!("{version}/update-database-by-uuid.ok");
        let replay = Replay::of(&[&name]).await;
        let answer = database(&replay.client(), &Recording::load(&name))
            .update_postgresql()
            .name("pg2")
            .limits_memory("1G")
            .await?;
        assert_eq!(answer, "Database updated.");
        replay.check();
    }
    Ok(())
}

#[tokio::test]
async fn an_update_of_the_wrong_engine_is_a_validation_error() {
    let name = "update-database-by-uuid.foreign-field";
    let replay = Replay::of(&[name]).await;
    let handle = database(&replay.client(), &Recording::load(name));
    let error = handle.update_mysql().mysql_user("x").await.unwrap_err();
    assert!(error.is_validation());
    assert_eq!(error.field_errors()[0].field(), Some("mysql_user"));
    replay.check();
}

#[test]
fn updates_tell_clearing_from_leaving_and_encode_files() {
    let coolify = Coolify::builder()
        .url("http://localhost")
        .token("1|t")
        .build()
        .unwrap();
    let request = coolify
        .database("u")
        .update_postgresql()
        .clear_public_port()
        .postgres_conf("max_connections = 9\n");
    assert_eq!(
        serde_json::to_value(coolify_sdk::Exposed(request.body())).unwrap(),
        json!({"public_port": null, "postgres_conf": "bWF4X2Nvbm5lY3Rpb25zID0gOQo="})
    );
}

#[tokio::test]
async fn backups_come_with_their_runs() -> Result<()> {
    for version in Recording::versions() {
        for case in ["ok", "with-executions"] {
            let list = format!("{version}/get-database-backups-by-uuid.{case}");
            let one = format!("{version}/get-database-by-uuid.ok");
            let recording = Recording::load(&list);
            let replay = Replay::of(&[&list, &one]).await;
            let backups = database(&replay.client(), &recording)
                .backups()
                .list()
                .await?;
            assert_eq!(lost(recording.json(), &backups), [""; 0], "{list}");
            replay.check();
        }
    }
    Ok(())
}

#[tokio::test]
async fn backups_of_another_engine_are_left_out() -> Result<()> {
    let list = Recording::load("get-database-backups-by-uuid.ok");
    let mut mysql = Recording::load("get-database-by-uuid.mysql");
    mysql.request.params = list.request.params.clone();
    let handle = param(&list, "uuid");
    mysql.response.json.as_mut().expect("a database")["uuid"] = json!(handle);
    let replay = Replay::recordings(vec![list, mysql]).await;
    let backups = replay.client().database(handle).backups().list().await?;
    assert!(backups.is_empty());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn backups_are_created_now_and_for_s3() -> Result<()> {
    let load = |case: &str| Recording::load(&format!("create-database-backup.{case}"));
    let [plain, now, s3] = ["ok", "now", "s3-now"].map(load);
    let replay = Replay::recordings(vec![plain.clone(), now, s3.clone()]).await;
    let backups = database(&replay.client(), &plain).backups();
    let created = backups
        .create("0 4 * * *")
        .enabled(true)
        .databases_to_backup("app")
        .database_backup_retention_days_locally(7)
        .await?;
    assert_eq!(lost(plain.json(), &created), [""; 0]);
    backups
        .create("weekly")
        .enabled(true)
        .databases_to_backup("app")
        .backup_now(true)
        .dump_all(false)
        .await?;
    backups
        .create("daily")
        .enabled(true)
        .databases_to_backup("app")
        .backup_now(true)
        .save_s3(true)
        .s3_storage_uuid(body(&s3, "s3_storage_uuid"))
        .await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_backup_is_changed_run_and_deleted() -> Result<()> {
    for version in Recording::versions() {
        let load = |name: &str| Recording::load(&format!("{version}/{name}"));

        let update = load("update-database-backup.ok");
        let replay = Replay::recordings(vec![update.clone()]).await;
        let handle = backup(&replay.client(), &update);
        handle.update().frequency("hourly").await?;
        replay.check();

        let run = load("update-database-backup.backup-now");
        let replay = Replay::recordings(vec![run.clone()]).await;
        backup(&replay.client(), &run).run().await?;
        replay.check();

        let list = load("list-backup-executions.ok");
        let replay = Replay::recordings(vec![list.clone()]).await;
        let executions = backup(&replay.client(), &list).executions().await?;
        assert_eq!(lost(&list.json()["executions"], &executions), [""; 0]);
        replay.check();

        let one = load("delete-backup-execution-by-uuid.ok");
        let replay = Replay::recordings(vec![one.clone()]).await;
        backup(&replay.client(), &one)
            .delete_execution(param(&one, "execution_uuid"), S3Copies::Keep)
            .await?;
        replay.check();

        let whole = load("delete-backup-configuration-by-uuid.ok");
        let replay = Replay::recordings(vec![whole.clone()]).await;
        backup(&replay.client(), &whole)
            .delete(S3Copies::Keep)
            .await?;
        replay.check();
    }
    Ok(())
}
