//! When a diagnosis reads the log of what restarts.

use serde_json::json;

use crate::stage::{Reply, Stage, chapter, message, ok};

#[tokio::test(start_paused = true)]
async fn the_log_of_what_restarts_is_requested_until_it_runs_for_a_moment() {
    let mut text = String::new();
    let stopped = || message(400, "Application is not running.");
    for (case, replies) in [
        ("at once", vec![ok(json!({"logs": "one"}))]),
        (
            "the second time",
            vec![stopped(), ok(json!({"logs": "one\ntwo"}))],
        ),
        ("never", vec![stopped()]),
        ("it fails", vec![message(500, "Server Error")]),
        ("the connection is cut", vec![stopped(), Reply::Cut]),
    ] {
        let stage = Stage::set()
            .await
            .on(
                "GET /applications/web",
                [ok(json!({"uuid": "web", "id": 1, "name": "web",
                "status": "restarting:unknown"}))],
            )
            .on("GET /resources", [ok(json!([]))])
            .on(
                "GET /deployments/applications/web",
                [ok(json!({"count": 0, "deployments": []}))],
            )
            .on("GET /applications/web/envs", [ok(json!([]))])
            .on(
                "GET /applications/web/storages",
                [ok(json!({"persistent_storages": [],
                "file_storages": []}))],
            )
            .on("GET /applications/web/scheduled-tasks", [ok(json!([]))])
            .on("GET /applications/web/logs", replies);
        let report = stage
            .client()
            .application("web")
            .diagnose()
            .await
            .expect("a report");
        stage.story.tell(report.to_string());
        let story = stage.story.to_string();
        let of_log = story
            .lines()
            .filter(|it| !it.contains("GET ") || it.contains("/logs"));
        let of_log = of_log.fold(String::new(), |all, line| all + line + "\n");
        text += &chapter(case, of_log);
    }
    insta::assert_snapshot!(text);
}

/// Replies after a second.
fn slow(reply: Reply) -> Reply {
    Reply::Late(1, Box::new(reply))
}

/// A team of sick databases in as many projects. Each reply takes a second.
async fn ward(count: u8) -> Stage {
    let sick = |at: &u8| {
        json!({"type": "standalone-redis", "database_type": "standalone-redis",
            "uuid": format!("d{at}"), "name": format!("data {at}"), "environment_id": at,
            "status": "running:unhealthy"})
    };
    let rows: Vec<_> = (1..=count).map(|at| sick(&at)).collect();
    let project = |at| json!({"uuid": format!("p{at}"), "name": format!("project {at}")});
    let projects: Vec<_> = (1..=count).map(project).collect();
    let mut stage = Stage::set()
        .await
        .on("GET /resources", [slow(ok(json!(rows)))])
        .on("GET /projects", [slow(ok(json!(projects)))]);
    for list in [
        "databases",
        "servers",
        "deployments",
        "security/keys",
        "cloud-tokens",
        "s3-storages",
    ] {
        stage = stage.on(&format!("GET /{list}"), [slow(ok(json!([])))]);
    }
    for at in 1..=count {
        let environment = json!([{"id": at, "uuid": format!("e{at}"), "name": "production"}]);
        stage = stage
            .on(
                &format!("GET /databases/d{at}/logs"),
                [slow(ok(json!({"logs": format!("line of {at}")})))],
            )
            .on(
                &format!("GET /projects/p{at}/environments"),
                [slow(ok(environment))],
            );
    }
    stage
}

/// The lists first, then some resources and some projects at the same time.
#[tokio::test(start_paused = true)]
async fn a_team_is_read_in_turns() {
    let mut text = String::new();
    for (case, at_once) in [("four at once", None), ("two at once", Some(2))] {
        let stage = ward(5).await;
        let issues = stage.client().find_issues();
        let issues = match at_once {
            Some(at_once) => issues.concurrency(at_once),
            None => issues,
        };
        let report = issues.await.expect("a report");
        for finding in report.findings.iter().take(2) {
            stage.story.tell(finding.to_string());
        }
        stage
            .story
            .tell(format!("{} findings", report.findings.len()));
        text += &chapter(case, &stage.story);
    }
    insta::assert_snapshot!(text);
}

/// One resource is read by its row, then the others, and then what belongs to it.
#[tokio::test(start_paused = true)]
async fn a_resource_is_read_in_turns() {
    let mut text = String::new();
    let row = |kind: &str, fields: serde_json::Value| {
        let mut row = json!({"type": kind, "database_type": kind, "uuid": "it", "name": "it",
            "status": "running:unhealthy"});
        for (name, value) in fields.as_object().into_iter().flatten() {
            row[name] = value.clone();
        }
        row
    };
    let parts = json!({"applications": [{"uuid": "p1", "name": "app",
        "status": "restarting:unknown"}]});
    for (kind, row) in [
        ("applications", row("application", json!({"id": 1}))),
        ("services", row("service", parts)),
        ("databases", row("standalone-postgresql", json!({}))),
    ] {
        let at = |path: &str| format!("GET /{kind}/it{path}");
        let stage = Stage::set()
            .await
            .on("GET /resources", [slow(ok(json!([row])))])
            .on(&at(""), [slow(ok(row))])
            .on(&at("/logs"), [slow(ok(json!({"logs": "one"})))])
            .on(&at("/envs"), [slow(ok(json!([])))])
            .on(
                &at("/storages"),
                [slow(ok(json!({"persistent_storages": [
                    {"uuid": "v", "mount_path": "/data"}], "file_storages": []})))],
            )
            .on(
                &at("/scheduled-tasks"),
                [slow(ok(json!([{"uuid": "t1", "name": "a"},
                    {"uuid": "t2", "name": "b", "enabled": false},
                    {"uuid": "t3", "name": "c", "enabled": true}])))],
            )
            .on(&at("/scheduled-tasks/t1/executions"), [slow(ok(json!([])))])
            .on(&at("/scheduled-tasks/t3/executions"), [slow(ok(json!([])))])
            .on(&at("/backups"), [slow(ok(json!([])))])
            .on(
                "GET /deployments/applications/it",
                [slow(ok(json!({"count": 0, "deployments": []})))],
            );
        let coolify = stage.client();
        let diagnosis = match kind {
            "applications" => coolify.application("it").diagnose(),
            "services" => coolify.service("it").diagnose(),
            _ => coolify.database("it").diagnose(),
        };
        let report = diagnosis.await.expect("a report");
        stage.story.tell(report.to_string());
        text += &chapter(kind, &stage.story);
    }
    let stage = Stage::set()
        .await
        .on(
            "GET /servers/it",
            [slow(ok(json!({"uuid": "it", "name": "it"})))],
        )
        .on("GET /resources", [slow(ok(json!([])))])
        .on(
            "GET /servers/it/docker-cleanup/executions",
            [slow(ok(json!([])))],
        );
    let report = stage.client().server("it").diagnose().await;
    stage.story.tell(report.expect("a report").to_string());
    text += &chapter("servers", &stage.story);
    insta::assert_snapshot!(text);
}
