//! The behaviour of the fake beyond the form of its replies.

use std::time::Duration;

use serde_json::{Value, json};

use super::wire::Wire;
use crate::testing::{FakeCoolify, Fault};

async fn deploy(wire: &Wire, app: &str) -> String {
    let reply = wire.post(&format!("/deploy?uuid={app}"), json!({})).await;
    let deployment = &reply.json()["deployments"][0]["deployment_uuid"];
    deployment.as_str().unwrap().to_owned()
}

fn lines(deployment: &Value) -> Vec<String> {
    let logs: Vec<Value> = match &deployment["logs"] {
        Value::String(text) => serde_json::from_str(text).unwrap(),
        _ => Vec::new(),
    };
    let text = |entry: &Value| entry["output"].as_str().unwrap().to_owned();
    logs.iter().map(text).collect()
}

#[tokio::test]
async fn a_deployment_goes_on_while_it_is_looked_at() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let wire = Wire::to(&fake);
    let deployment = deploy(&wire, &app).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        let shown = wire.get(&format!("/deployments/{deployment}")).await.json();
        seen.push((
            shown["status"].as_str().unwrap().to_owned(),
            lines(&shown).len(),
        ));
    }
    let expected = [
        ("queued", 0),
        ("in_progress", 1),
        ("in_progress", 3),
        ("finished", 6),
    ];
    assert_eq!(
        seen,
        expected.map(|(status, lines)| (status.to_owned(), lines))
    );
    let app = wire.get(&format!("/applications/{app}")).await.json();
    assert_eq!(app["status"], "running:healthy");
}

#[tokio::test]
async fn a_failing_deployment_keeps_its_lines() {
    let fake = FakeCoolify::builder().deploy_looks(1).start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let wire = Wire::to(&fake);
    fake.fail_next_deployment(["npm ERR! missing script: build"]);
    let path = format!("/deployments/{}", deploy(&wire, &app).await);
    // The status comes first, and the reason after it.
    let shown = wire.get(&path).await.json();
    assert_eq!(
        (&shown["status"], lines(&shown).len()),
        (&"failed".into(), 3)
    );
    assert_eq!(lines(&wire.get(&path).await.json()).len(), 3);
    let shown = wire.get(&path).await.json();
    let [.., reason, last, _] = &lines(&shown)[..] else {
        panic!("there is a log")
    };
    assert_eq!(reason, "npm ERR! missing script: build");
    assert!(last.starts_with("Gracefully shutting down build container"));
    assert!(shown["finished_at"].is_string());
    assert_eq!(
        fake.state()["applications"][0]["status"],
        "exited:unhealthy"
    );
}

#[tokio::test]
async fn time_can_drive_deployments() {
    let fake = FakeCoolify::builder()
        .deploy_pace(Duration::from_millis(100))
        .start()
        .await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let wire = Wire::to(&fake);
    let deployment = deploy(&wire, &app).await;
    let path = format!("/deployments/{deployment}");
    assert_eq!(wire.get(&path).await.json()["status"], "queued");
    std::thread::sleep(Duration::from_millis(120));
    assert_eq!(wire.get(&path).await.json()["status"], "finished");
}

#[tokio::test]
async fn an_equal_deployment_is_answered_with_a_ghost() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let wire = Wire::to(&fake);
    let first = deploy(&wire, &app).await;
    let ghost = deploy(&wire, &app).await;
    assert_ne!(first, ghost);
    assert_eq!(wire.get(&format!("/deployments/{ghost}")).await.status, 404);
    let list = wire
        .get(&format!("/deployments/applications/{app}"))
        .await
        .json();
    assert_eq!(list["count"], 1);
    assert_eq!(list["deployments"][0]["deployment_uuid"], first);
}

#[tokio::test]
async fn two_of_one_application_and_one_of_another_make_the_list_an_object() {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let (one, two) = (
        fake.seed_application(&project, "one"),
        fake.seed_application(&project, "two"),
    );
    let wire = Wire::to(&fake);
    for app in [&one, &one, &two] {
        wire.post(&format!("/deploy?uuid={app}&force=true"), json!({}))
            .await;
    }
    assert!(wire.get("/deployments").await.json().is_array());
    let list = wire.get("/deployments").await.json();
    let mut keys: Vec<_> = list.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["0", "1", "2"]);
    assert_eq!(list["2"]["status"], "queued");
}

#[tokio::test]
async fn a_full_queue_is_not_the_rate_limit() {
    let fake = FakeCoolify::builder()
        .deployment_queue_limit(0)
        .start()
        .await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let wire = Wire::to(&fake);
    let reply = wire.post(&format!("/deploy?uuid={app}"), json!({})).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, "60"));
    assert!(reply.text.contains("queue is full"));
    let start = wire
        .post(&format!("/applications/{app}/start"), json!({}))
        .await;
    let ghost = start.json()["deployment_uuid"].as_str().unwrap().to_owned();
    assert_eq!(wire.get(&format!("/deployments/{ghost}")).await.status, 404);
}

#[tokio::test]
async fn a_preview_is_deployed_when_there_is_one() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let wire = Wire::to(&fake);
    let path = format!("/deploy?uuid={app}&pr=7");
    let unknown = wire.post(&path, json!({})).await.json();
    assert_eq!(unknown["deployments"][0].get("deployment_uuid"), None);
    fake.seed_preview(&app, 7);
    wire.post(&path, json!({})).await;
    assert_eq!(fake.state()["deployments"][0]["pull_request_id"], 7);
}

#[tokio::test]
async fn the_rate_limit_refuses_and_says_how_long() {
    let fake = FakeCoolify::builder().rate_limit(2).start().await;
    let wire = Wire::to(&fake);
    assert_eq!(
        wire.get("/health").await.header("x-ratelimit-remaining"),
        "1"
    );
    assert_eq!(
        wire.get("/version").await.header("x-ratelimit-remaining"),
        "0"
    );
    let refused = wire.get("/version").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.json(), json!({"message": "Too Many Attempts."}));
    assert_eq!(refused.header("retry-after"), "60");
    assert!(refused.headers.contains_key("x-ratelimit-reset"));
}

#[tokio::test]
async fn an_older_coolify_lacks_newer_routes_and_takes_get() {
    let fake = FakeCoolify::builder().version("4.1.2").start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let wire = Wire::to(&fake);
    assert_eq!(wire.get("/version").await.text, "4.1.2");
    assert_eq!(
        wire.get("/team").await.json()["docs"],
        "https://coolify.io/docs"
    );
    assert_eq!(wire.get("/enable").await.status, 200);
    assert_eq!(wire.post("/enable", json!({})).await.status, 404);
    let deployed = wire.get(&format!("/deploy?uuid={app}")).await.json();
    let deployment = deployed["deployments"][0]["deployment_uuid"]
        .as_str()
        .unwrap();
    let cancel = wire
        .post(&format!("/deployments/{deployment}/cancel"), json!({}))
        .await;
    assert_eq!(cancel.status, 500);
    assert_eq!(
        fake.state()["deployments"][0]["status"],
        "cancelled-by-user"
    );
}

#[tokio::test]
async fn faults_strike_once_and_where_they_should() {
    let fake = FakeCoolify::start().await;
    let wire = Wire::to(&fake);
    fake.fail_next(Fault::status(502).html("<h1>Bad gateway</h1>"));
    let bad = wire.get("/version").await;
    assert_eq!(
        (bad.status, bad.header("content-type")),
        (502, "text/html; charset=utf-8")
    );
    fake.fail_next(Fault::status(503).on("GET", "/projects"));
    assert_eq!(wire.get("/version").await.status, 200);
    assert_eq!(wire.get("/projects").await.status, 503);
    assert_eq!(wire.get("/projects").await.status, 200);
}

#[tokio::test]
async fn a_lost_reply_was_carried_out_and_a_cut_request_was_not() {
    let fake = FakeCoolify::start().await;
    let wire = Wire::to(&fake);
    let body = || Some(("application/json", json!({"name": "shop"}).to_string()));
    fake.fail_next(Fault::cut());
    assert!(wire.try_send("POST", "/projects", body()).await.is_err());
    assert_eq!(fake.state()["projects"], json!([]));
    fake.fail_next(Fault::lost_reply());
    assert!(wire.try_send("POST", "/projects", body()).await.is_err());
    assert_eq!(fake.state()["projects"][0]["name"], "shop");
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn requests_are_kept_without_the_token() {
    let fake = FakeCoolify::builder().token("9|hush").start().await;
    Wire::to(&fake)
        .post("/projects?a=b", json!({"name": "shop"}))
        .await;
    let request = &fake.requests()[0];
    assert_eq!((&*request.method, &*request.path), ("POST", "/projects"));
    assert_eq!(request.query_param("a"), Some("b"));
    assert_eq!(request.json()["name"], "shop");
    assert_eq!(format!("{request:?}"), "POST /projects?a=b (15 bytes)");
    assert!(!format!("{:?}", request.headers).contains("hush"));
}

#[tokio::test]
async fn an_update_without_a_value_empties_it() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let wire = Wire::to(&fake);
    let path = format!("/applications/{app}/envs");
    wire.post(&path, json!({"key": "A", "value": "1", "is_literal": true}))
        .await;
    wire.json("PATCH", &path, json!({"key": "A"})).await;
    let list = wire.get(&path).await.json();
    let of = |preview: bool| {
        let rows = list.as_array().unwrap().iter();
        rows.clone()
            .find(|row| row["key"] == "A" && row["is_preview"] == preview)
            .unwrap()
    };
    assert_eq!(
        (&of(false)["value"], &of(false)["is_literal"]),
        (&Value::Null, &json!(false))
    );
    assert_eq!(
        (&of(true)["value"], &of(true)["is_literal"]),
        (&json!("1"), &json!(true))
    );
}

#[tokio::test]
async fn a_tag_makes_the_preview_of_a_ready_image() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let wire = Wire::to(&fake);
    let deploy = |query: &str| {
        let path = format!("/deploy?uuid={app}&{query}");
        let wire = &wire;
        async move { wire.post(&path, json!({})).await }
    };
    let refusal = deploy("docker_tag=v1").await;
    assert_eq!(refusal.status, 400);
    assert_eq!(
        refusal.json()["message"],
        "docker_tag requires pull_request_id."
    );
    let unknown = deploy("pull_request_id=7&docker_tag=v1").await.json();
    let unknown = &unknown["deployments"][0];
    assert_eq!(
        unknown["message"],
        "Pull request 7 not found for this resource."
    );
    fake.seed_preview(&app, 7);
    let built = deploy("pull_request_id=7&docker_tag=v1").await.json();
    let built = &built["deployments"][0];
    assert_eq!(
        built["message"],
        "docker_tag can only be used with Docker Image applications."
    );
    assert!(built.get("deployment_uuid").is_none());

    fake.set_application(&app, "build_pack", "dockerimage");
    for (query, tag) in [
        ("pull_request_id=8&docker_tag=v2", "v2"),
        // A deployment of another tag is not equal.
        ("pr=8&docker_tag=v3", "v3"),
        ("pr=8&force=1", "v3"),
    ] {
        let reply = deploy(query).await.json();
        let uuid = reply["deployments"][0]["deployment_uuid"].as_str().unwrap();
        let shown = wire.get(&format!("/deployments/{uuid}")).await.json();
        assert_eq!(shown["pull_request_id"], 8, "{query}");
        assert_eq!(shown["docker_registry_image_tag"], tag, "{query}");
    }
}

#[tokio::test]
async fn a_compose_file_is_read_from_the_repository_after_the_creation() {
    let fake = FakeCoolify::builder().job_lag(1).start().await;
    let wire = Wire::to(&fake);
    let project = fake.seed_project("shop");
    let create = async |location: &str| {
        let body = json!({
            "project_uuid": project,
            "server_uuid": fake.server_uuid(),
            "environment_name": "production",
            "git_repository": "https://git.example.com/acme/shop",
            "git_branch": "main",
            "build_pack": "dockercompose",
            "docker_compose_location": location,
            "ports_exposes": "80",
        });
        let reply = wire.post("/applications/public", body).await.json();
        format!("/applications/{}", reply["uuid"].as_str().unwrap())
    };
    let application = create("/deploy/docker-compose.yaml").await;
    let soon = wire.get(&application).await.json();
    assert_eq!(soon["docker_compose_raw"], Value::Null);
    let later = wire.get(&application).await.json();
    let file = later["docker_compose_raw"].as_str().unwrap();
    assert!(file.contains("\n  web:\n"), "{file}");
    let variables = wire.get(&format!("{application}/envs")).await.json();
    assert_eq!(variables[0]["key"], "GREETING");
    let storages = wire.get(&format!("{application}/storages")).await.json();
    assert_eq!(storages["persistent_storages"][0]["mount_path"], "/data");

    let elsewhere = create("/compose.yml").await;
    for _ in 0..3 {
        let never = wire.get(&elsewhere).await.json();
        assert_eq!(never["docker_compose_raw"], Value::Null);
    }
}
