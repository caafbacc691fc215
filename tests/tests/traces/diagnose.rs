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
