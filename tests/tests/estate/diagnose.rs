//! Whole diagnoses of planted resources: what is asked, and the report, word for word.

use std::fmt::Write as _;

use coolify_sdk::Result;
use coolify_sdk::diagnose::Report;
use serde_json::{Value, json};

use crate::planted::{Planted, Standing};

pub fn server() -> Value {
    json!({"uuid": "main1", "name": "main", "id": 0, "ip": "203.0.113.7", "private_key_id": 1,
        "proxy": {"type": "TRAEFIK", "status": "running"},
        "settings": {"is_reachable": true, "is_usable": true, "is_build_server": false,
            "server_role": "both"}})
}

/// Lays fields over an object.
pub fn with(mut object: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        object[name] = value.clone();
    }
    object
}

fn place() -> Value {
    json!({"uuid": "net1", "server": server()})
}

pub fn application(fields: &Value) -> Value {
    let base = json!({"type": "application", "uuid": "web1", "id": 7, "name": "web",
        "status": "running:healthy", "build_pack": "nixpacks", "fqdn": "https://web.example",
        "ports_exposes": "3000", "health_check_enabled": true, "health_check_path": "/up",
        "environment_id": 3, "private_key_id": 2, "destination": place()});
    with(base, fields)
}

pub fn database(fields: &Value) -> Value {
    let base = json!({"type": "standalone-postgresql", "database_type": "standalone-postgresql",
        "uuid": "orders1", "id": 5, "name": "orders", "status": "running:healthy",
        "is_public": false, "environment_id": 3, "destination": place()});
    with(base, fields)
}

pub fn service(fields: &Value) -> Value {
    let base = json!({"type": "service", "uuid": "wiki1", "name": "wiki", "environment_id": 4,
        "status": "running:healthy", "server": server(), "applications": [{"uuid": "part1",
            "name": "app", "status": "running:healthy", "fqdn": "https://wiki.example"}],
        "databases": [{"uuid": "part2", "name": "store", "status": "running:healthy"}]});
    with(base, fields)
}

pub fn backup(fields: &Value) -> Value {
    let base = json!({"uuid": "backup1", "enabled": true, "frequency": "daily",
        "database_id": 5, "database_type": "App\\Models\\StandalonePostgresql",
        "latest_log": {"uuid": "run1", "status": "success", "created_at": "{2 hours ago}"}});
    with(base, fields)
}

pub fn storages() -> Value {
    json!({"persistent_storages": [{"uuid": "v1", "name": "data", "mount_path": "/data"}],
        "file_storages": []})
}

/// What was asked, the report for people, and the report for programs.
pub async fn whole(standing: &Standing, report: &Report) -> String {
    let data = serde_json::to_value(report).expect("JSON");
    let mut text = format!("{}\n{report}\n", standing.asked().await);
    for (field, rows) in data.as_object().expect("an object") {
        let _ = writeln!(text, "\n{field}");
        for row in rows.as_array().expect("a list") {
            let _ = writeln!(text, "{row}");
        }
    }
    standing.named(&text)
}

/// What was asked, and the report for people.
pub async fn brief(standing: &Standing, report: &Report) -> String {
    standing.named(&format!("{}\n{report}\n", standing.asked().await))
}

/// The errors of what could not be diagnosed.
pub fn refusal(error: &coolify_sdk::Error) -> String {
    format!("{:?}: {}", error.kind(), error.report())
}

#[tokio::test]
async fn a_sick_application_is_read_as_a_whole() -> Result<()> {
    let sick = application(&json!({"status": "running:unhealthy", "restart_count": 2,
        "last_restart_type": "crash", "last_restart_at": "{5 minutes ago}",
        "health_check_port": "8080", "settings": {"use_build_secrets": false},
        "environment": {"id": 3, "name": "production", "project": {"name": "shop",
            "uuid": "shop1"}}}));
    let env = |key: &str, fields: Value| {
        with(
            json!({"uuid": key, "key": key, "is_preview": false}),
            &fields,
        )
    };
    let planted = Planted::new("4.3.11")
        .on("/applications/web1", sick.clone())
        .on(
            "/resources",
            json!([
                sick,
                service(&json!({"fqdn": null,
            "applications": [{"uuid": "p", "name": "app", "fqdn": "http://web.example"}]}))
            ]),
        )
        .on(
            "/deployments/applications/web1",
            json!({"count": 2, "deployments": [
            {"deployment_uuid": "dep2", "status": "failed", "pull_request_id": 0,
                "commit": "abc", "created_at": "{20 minutes ago}",
                "finished_at": "{10 minutes ago}",
                "logs": "[{\"output\":\"no such script\",\"type\":\"stderr\",\"hidden\":false}]"},
            {"deployment_uuid": "dep1", "status": "finished", "restart_only": true,
                "created_at": "{3 hours ago}", "finished_at": "{2 hours ago}"}]}),
        )
        .on("/applications/web1/logs", json!({"logs": "one\ntwo"}))
        .on(
            "/applications/web1/envs",
            json!([
                env(
                    "API_TOKEN",
                    json!({"value": "s3cret", "is_buildtime": true})
                ),
                env("SERVICE_FQDN_WEB", json!({"value": null})),
                env("NEEDED", json!({"value": "", "is_really_required": true})),
                env("NEEDED", json!({"value": "x"}))
            ]),
        )
        .on(
            "/applications/web1/storages",
            json!({"persistent_storages": [
            {"uuid": "v1", "name": "data", "mount_path": "/data", "host_path": "/tmp/data"}],
            "file_storages": []}),
        )
        .on(
            "/applications/web1/scheduled-tasks",
            json!([
            {"uuid": "task1", "name": "nightly", "enabled": true, "frequency": "daily"},
            {"uuid": "task2", "name": "off", "enabled": false}]),
        )
        .on(
            "/applications/web1/scheduled-tasks/task1/executions",
            json!([
            {"uuid": "run1", "status": "failed", "created_at": "{2 hours ago}"}]),
        );
    let standing = planted.start().await;
    let report = standing.client().application("web1").diagnose().await?;
    insta::assert_snapshot!(whole(&standing, &report).await);
    Ok(())
}

#[tokio::test]
async fn a_healthy_application_needs_no_log() -> Result<()> {
    let standing = Planted::new("4.3.11")
        .on("/applications/web1", application(&json!({})))
        .on("/resources", json!([application(&json!({}))]))
        .on(
            "/deployments/applications/web1",
            json!({"count": 0, "deployments": []}),
        )
        .on("/applications/web1/envs", json!([]))
        .on("/applications/web1/storages", storages())
        .on("/applications/web1/scheduled-tasks", json!([]))
        .start()
        .await;
    let report = standing.client().application("web1").diagnose().await?;
    assert!(report.is_clean());
    insta::assert_snapshot!(whole(&standing, &report).await);
    Ok(())
}

#[tokio::test]
async fn an_application_that_coolify_stopped_has_no_log_any_more() -> Result<()> {
    let stopped = application(&json!({"status": "exited", "restart_limit_reached": true}));
    let standing = Planted::new("4.3.11")
        .on("/applications/web1", stopped.clone())
        .on("/resources", json!([stopped]))
        .on(
            "/deployments/applications/web1",
            json!({"count": 1, "deployments": [
            {"deployment_uuid": "dep1", "status": "finished", "created_at": "{3 hours ago}",
                "finished_at": "{2 hours ago}"}]}),
        )
        .on("/applications/web1/envs", json!([]))
        .on("/applications/web1/storages", storages())
        .on("/applications/web1/scheduled-tasks", json!([]))
        .start()
        .await;
    let report = standing
        .client()
        .application("web1")
        .diagnose()
        .log_lines(3)
        .await?;
    insta::assert_snapshot!(brief(&standing, &report).await);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_read_of_an_application_is_listed() -> Result<()> {
    let sick = application(&json!({"status": "restarting:unknown"}));
    let lacks = "Missing required permissions: read:sensitive";
    let standing = Planted::new("4.3.11")
        .on("/applications/web1", sick)
        .fails("/resources", 500, "Server Error")
        .fails("/deployments/applications/web1", 403, lacks)
        .fails(
            "/applications/web1/logs",
            400,
            "Application is not running.",
        )
        .fails("/applications/web1/envs", 403, lacks)
        .fails("/applications/web1/storages", 404, "Application not found.")
        .on(
            "/applications/web1/scheduled-tasks",
            json!([
            {"uuid": "task1", "name": "nightly"}, {"uuid": "task2", "name": "weekly"}]),
        )
        .fails(
            "/applications/web1/scheduled-tasks/task1/executions",
            500,
            "Server Error",
        )
        .on(
            "/applications/web1/scheduled-tasks/task2/executions",
            json!([]),
        )
        .start()
        .await;
    let report = standing
        .client()
        .application("web1")
        .diagnose()
        .log_lines(7)
        .await?;
    insta::assert_snapshot!(whole(&standing, &report).await);
    Ok(())
}

#[tokio::test]
async fn a_service_is_read_by_its_containers() -> Result<()> {
    let sick = service(&json!({"status": "degraded:unhealthy", "applications": [
        {"uuid": "part1", "name": "app", "status": "running:unhealthy"},
        {"uuid": "part3", "name": "cron", "status": "exited"}]}));
    let standing = Planted::new("4.3.11")
        .on("/services/wiki1", sick.clone())
        .on("/resources", json!([sick, application(&json!({}))]))
        .on("/services/wiki1/logs", json!({"logs": "out of memory\n"}))
        .on("/services/wiki1/envs", json!([]))
        .on("/services/wiki1/storages", storages())
        .on(
            "/services/wiki1/scheduled-tasks",
            json!([{"uuid": "task1", "name": "nightly"}]),
        )
        .on(
            "/services/wiki1/scheduled-tasks/task1/executions",
            json!([]),
        )
        .start()
        .await;
    let report = standing.client().service("wiki1").diagnose().await?;
    insta::assert_snapshot!(brief(&standing, &report).await);
    Ok(())
}

#[tokio::test]
async fn a_database_is_read_with_its_backups_if_its_engine_has_them() -> Result<()> {
    let mut all = String::new();
    let sick = database(&json!({"status": "running:unhealthy", "is_public": true,
        "public_port": 5432, "started_at": "{2 days ago}"}));
    let standing = Planted::new("4.3.11")
        .on("/databases/orders1", sick.clone())
        .on(
            "/resources",
            json!([sick, application(&json!({"ports_mappings": "5432:1"}))]),
        )
        .on("/databases/orders1/logs", json!({"logs": "no space left"}))
        .on("/databases/orders1/envs", json!([]))
        .on(
            "/databases/orders1/storages",
            json!({"persistent_storages": [],
            "file_storages": []}),
        )
        .on(
            "/databases/orders1/backups",
            json!([
                backup(&json!({"database_type": "App\\Models\\StandaloneMysql"})),
                backup(&json!({"uuid": "backup2", "latest_log": {"uuid": "run2",
                "status": "failed", "created_at": "{2 hours ago}"}}))
            ]),
        )
        .start()
        .await;
    let report = standing
        .client()
        .database("orders1")
        .diagnose()
        .log_lines(4)
        .await?;
    let _ = writeln!(all, "# a database\n{}", brief(&standing, &report).await);

    let redis = database(&json!({"type": "standalone-redis",
        "database_type": "standalone-redis"}));
    let standing = Planted::new("4.3.11")
        .on("/databases/orders1", redis.clone())
        .on("/resources", json!([redis]))
        .on("/databases/orders1/envs", json!([]))
        .on("/databases/orders1/storages", storages())
        .start()
        .await;
    let report = standing.client().database("orders1").diagnose().await?;
    let _ = write!(
        all,
        "# a database without backups\n{}\n",
        brief(&standing, &report).await
    );
    insta::assert_snapshot!(all);
    Ok(())
}

#[tokio::test]
async fn a_server_is_read_with_its_resources_and_cleanups() -> Result<()> {
    let mut all = String::new();
    let down = with(
        server(),
        &json!({"proxy": {"type": "TRAEFIK", "status": "exited"}}),
    );
    let standing = Planted::new("4.3.11")
        .on("/servers/main1", down)
        .on(
            "/resources",
            json!([application(&json!({})), service(&json!({}))]),
        )
        .on(
            "/servers/main1/docker-cleanup/executions",
            json!([{"uuid": "clean1",
            "status": "success", "message": "Disk usage after: 91%",
            "created_at": "{2 hours ago}"}]),
        )
        .start()
        .await;
    let report = standing.client().server("main1").diagnose().await?;
    let _ = writeln!(all, "# a server\n{}", brief(&standing, &report).await);

    let standing = Planted::new("4.3.11")
        .on("/servers/main1", server())
        .fails("/resources", 500, "Server Error")
        .fails(
            "/servers/main1/docker-cleanup/executions",
            403,
            "Missing required permissions: read",
        )
        .start()
        .await;
    let report = standing.client().server("main1").diagnose().await?;
    let _ = write!(
        all,
        "# a server that can hardly be read\n{}",
        brief(&standing, &report).await
    );
    insta::assert_snapshot!(all);
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_cannot_be_diagnosed() {
    let standing = Planted::new("4.3.11")
        .on("/resources", json!([]))
        .start()
        .await;
    let coolify = standing.client();
    let mut all = String::new();
    for (what, diagnosis) in [
        ("an application", coolify.application("gone").diagnose()),
        ("a service", coolify.service("gone").diagnose()),
        ("a database", coolify.database("gone").diagnose()),
        ("a server", coolify.server("gone").diagnose()),
    ] {
        let error = diagnosis.await.expect_err("it is not there");
        let _ = writeln!(all, "{what}: {}", refusal(&error));
    }
    insta::assert_snapshot!(standing.named(&all));
}
