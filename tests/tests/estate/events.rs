//! Events: what Coolify sends to a webhook, and what polling shows. Their evidence is
//! Coolify's source.

use std::time::Duration;

use coolify_sdk::events::{Event, Events, Receiver, SeenBy, WatchedEvent};
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{ErrorKind, Result};
use futures_util::{FutureExt, Stream, StreamExt, stream};
use http::{Method, Request, StatusCode};
use http_body::Frame;
use http_body_util::{Full, StreamBody};
use serde_json::{Value, json};
use tower_service::Service as _;

const SECRET: &str = "d3c0ys-f0r-guessers";
const APPLICATION: &str = "khzsv5nucvscskrm5gez3p8v";

fn deployment(event: &str, uuid: &str) -> Value {
    json!({"success": event == "deployment_success", "message": "It is over", "event": event,
        "application_name": "shop", "application_uuid": APPLICATION, "deployment_uuid": uuid,
        "deployment_url": "https://coolify.example.com/x", "project": null,
        "environment": "production", "fqdn": "https://shop.example.com"})
}

fn parse(body: &Value) -> Event {
    Event::parse(body.to_string().as_bytes()).expect("an event")
}

async fn post(receiver: &Receiver, path: &str, body: impl Into<String>) -> StatusCode {
    send(receiver, Method::POST, path, body).await
}

async fn send(
    receiver: &Receiver,
    method: Method,
    path: &str,
    body: impl Into<String>,
) -> StatusCode {
    let body = Full::new(bytes::Bytes::from(body.into()));
    let request = Request::builder().method(method).uri(path).body(body);
    receiver.receive(request.expect("a request")).await.status()
}

/// Coolify sends null where it has nothing to say.
fn without_nulls(json: Value) -> Value {
    match json {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(name, value)| (name, without_nulls(value)));
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

fn receiver() -> (Receiver, Events) {
    Receiver::new(SECRET).expect("a good secret")
}

#[test]
fn each_event_is_read_without_a_loss() {
    let server = json!({"server_name": "one", "server_uuid": "s1", "url": "https://c.example.com"});
    let with = |event: &str, more: Value| {
        let mut all = json!({"success": false, "message": "m", "event": event});
        let all_fields = all.as_object_mut().expect("an object");
        all_fields.extend(more.as_object().cloned().unwrap_or_default());
        all
    };
    let of_server = |event: &str, more: Value| {
        let mut all = with(event, server.clone());
        let fields = all.as_object_mut().expect("an object");
        fields.extend(more.as_object().cloned().unwrap_or_default());
        all
    };
    let backup = json!({"database_name": "data", "database_uuid": "d1", "database_type": "app",
        "frequency": "0 0 * * *", "url": "https://c.example.com"});
    let of_backup = |event: &str, more: Value| {
        let mut all = with(event, backup.clone());
        let fields = all.as_object_mut().expect("an object");
        fields.extend(more.as_object().cloned().unwrap_or_default());
        all
    };
    for body in [
        deployment("deployment_success", "d1"),
        deployment("deployment_failed", "d1"),
        with(
            "status_changed",
            json!({"application_name": "shop", "application_uuid": "a1",
            "url": "u", "project": "p", "environment": "e", "fqdn": null}),
        ),
        with(
            "restart_limit_reached",
            json!({"application_uuid": "a1", "restart_count": 10,
            "max_restart_count": 10}),
        ),
        with(
            "container_stopped",
            json!({"container_name": "c", "server_uuid": "s1"}),
        ),
        with(
            "container_restarted",
            json!({"container_name": "c", "server_uuid": "s1"}),
        ),
        of_backup("backup_success", json!({})),
        of_backup("backup_failed", json!({"error_output": "pg_dump: gone"})),
        of_backup(
            "backup_success_with_s3_warning",
            json!({"s3_error": "denied",
            "s3_storage_url": "u"}),
        ),
        with(
            "task_success",
            json!({"task_name": "t", "task_uuid": "t1", "output": "done",
            "application_uuid": "a1"}),
        ),
        with(
            "task_failed",
            json!({"task_name": "t", "task_uuid": "t1", "output": null,
            "service_uuid": "v1"}),
        ),
        of_server(
            "docker_cleanup_success",
            json!({"cleanup_message": "freed"}),
        ),
        of_server("docker_cleanup_failed", json!({"error_message": "no"})),
        of_server("server_reachable", json!({})),
        of_server("server_unreachable", json!({})),
        of_server(
            "high_disk_usage",
            json!({"disk_usage": 91.0, "threshold": 80.0}),
        ),
        of_server(
            "server_patch_check",
            json!({"total_updates": 2, "os_id": "debian",
            "package_manager": "apt", "critical_packages_count": 1,
            "updates": [{"package": "openssh-server", "new_version": "1"}]}),
        ),
        of_server(
            "server_patch_check_error",
            json!({"error": "no apt", "os_id": "debian"}),
        ),
        with(
            "traefik_version_outdated",
            json!({"affected_servers_count": 1, "servers": [
            {"name": "one", "uuid": "s1", "current_version": "3.5.0", "latest_version": "3.5.6",
             "update_type": "patch_update"}]}),
        ),
        with("test", json!({"url": "https://c.example.com"})),
    ] {
        let event = parse(&body);
        assert!(!matches!(event, Event::Unknown(_)), "{event:?}");
        assert_eq!(event.name(), body["event"].as_str().unwrap_or_default());
        assert!(event.message().is_some());
        let shown = serde_json::to_value(coolify_sdk::Exposed(&event)).expect("JSON");
        let (shown, body) = (without_nulls(shown), without_nulls(body));
        for (name, value) in body.as_object().into_iter().flatten() {
            let is_kept = *value == shown[name] || name == "success";
            assert!(is_kept, "{name} of {}: {shown}", event.name());
        }
    }
}

#[test]
fn what_is_new_or_odd_is_no_reason_to_lose_an_event() {
    let new = parse(&json!({"event": "volcano", "message": "It erupts", "lava": 7}));
    let Event::Unknown(unknown) = &new else {
        panic!("{new:?}")
    };
    assert_eq!(unknown.unknown.names().collect::<Vec<_>>(), ["lava"]);
    assert_eq!((new.name(), new.subject()), ("volcano", None));

    let odd = parse(
        &json!({"event": "deployment_failed", "deployment_uuid": "d1",
        "pull_request_id": "seven", "new_field": true}),
    );
    let Event::DeploymentFailed(odd) = odd else {
        panic!("{odd:?}")
    };
    assert_eq!(
        odd.deployment_uuid.as_ref().map(coolify_sdk::Uuid::as_str),
        Some("d1")
    );
    let disk = parse(&json!({"event": "high_disk_usage", "disk_usage": "91%"}));
    assert!(matches!(disk, Event::HighDiskUsage(it) if it.disk_usage == Some(91.0)));
    for body in ["", "[]", "{}", r#"{"event": 7}"#, "<html>"] {
        let refused = Event::parse(body.as_bytes()).expect_err(body);
        assert!(refused.is_decode(), "{refused:?}");
    }
}

#[test]
fn the_output_of_a_task_is_hidden() {
    let task = parse(&json!({"event": "task_failed", "output": "PGPASSWORD=hunter2"}));
    assert!(!format!("{task:?}").contains("hunter2"));
    assert!(
        !serde_json::to_string(&task)
            .expect("JSON")
            .contains("hunter2")
    );
}

#[tokio::test]
async fn a_receiver_takes_events_from_who_knows_the_secret() {
    let (receiver, mut events) = receiver();
    let body = deployment("deployment_success", "d1").to_string();
    let path = format!("/coolify/{SECRET}");
    assert_eq!(
        post(&receiver, &path, body.as_str()).await,
        StatusCode::NO_CONTENT
    );
    for path in [
        "/",
        "/coolify/wrong",
        "/coolify/d3c0ys-f0r-guesser",
        &format!("{path}/"),
    ] {
        assert_eq!(
            post(&receiver, path, body.as_str()).await,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let get = send(&receiver, Method::GET, &path, "").await;
    assert_eq!(get, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(post(&receiver, &path, "{}").await, StatusCode::BAD_REQUEST);
    let small = receiver.clone().max_body_size(100);
    assert_eq!(
        post(&small, &path, body.as_str()).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );

    let broken = std::io::Error::other("the connection is lost");
    let broken = StreamBody::new(stream::iter([Err::<Frame<bytes::Bytes>, _>(broken)]));
    let request = Request::post(path.as_str()).body(broken);
    let reply = receiver.receive(request.expect("a request")).await;
    assert_eq!(reply.status(), StatusCode::BAD_REQUEST);

    // As a service of tower.
    let request = Request::post(path.as_str()).body(Full::new(bytes::Bytes::from(body)));
    let reply = receiver.clone().call(request.expect("a request")).await;
    assert_eq!(
        reply.expect("never an error").status(),
        StatusCode::NO_CONTENT
    );
    drop((receiver, small));
    assert_eq!(events.by_ref().count().await, 2);
}

#[tokio::test]
async fn events_that_nobody_takes_do_not_fill_the_memory() {
    let (receiver, events) = receiver();
    let path = format!("/{SECRET}");
    let body = json!({"event": "test"}).to_string();
    let mut refused = 0;
    for _ in 0..1_100 {
        let status = post(&receiver, &path, body.as_str()).await;
        refused += usize::from(status == StatusCode::SERVICE_UNAVAILABLE);
    }
    drop(receiver);
    assert_eq!((events.count().await, refused), (1_024, 76));
}

#[test]
fn a_weak_secret_is_refused() {
    for secret in [
        "",
        "short",
        "with a blank in it",
        "with/a/slash/in/it",
        "ümlaute-ümlaute",
    ] {
        let refused = Receiver::new(secret).expect_err(secret);
        assert_eq!(refused.kind(), ErrorKind::Config);
    }
    let (receiver, _) = receiver();
    let shown = format!("{receiver:?}");
    assert_eq!(shown, "Receiver { max_body_size: 1048576, .. }");
}

/// Returns what has been noticed until nothing more comes for a while.
async fn noticed(
    events: &mut (impl Stream<Item = Result<WatchedEvent>> + Unpin),
) -> Vec<(String, SeenBy)> {
    let mut all = Vec::new();
    let quiet = Duration::from_millis(2_500);
    while let Ok(Some(next)) = tokio::time::timeout(quiet, events.next()).await {
        let next = next.expect("an event");
        all.push((next.event.name().to_owned(), next.seen_by));
    }
    all
}

#[tokio::test]
async fn a_missed_webhook_is_no_missed_event() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    let web = fake.seed_application(&shop, "web");
    let coolify = fake.client();
    fake.set_application(&web, "status", "running:healthy");
    let (receiver, arriving) = receiver();
    let watch = coolify
        .watch()
        .webhook(arriving)
        .poll_every(Duration::from_secs(1));
    let mut events = watch.events();
    assert!(
        events.next().now_or_never().is_none(),
        "what is so at first is no event"
    );
    assert_eq!(noticed(&mut events).await, []);

    // The webhook tells it first: polling does not tell it again.
    fake.set_application(&web, "status", "exited:unhealthy");
    let stopped = json!({"event": "status_changed", "application_uuid": web});
    let path = format!("/{SECRET}");
    post(&receiver, &path, stopped.to_string()).await;
    let all = noticed(&mut events).await;
    assert_eq!(all, [("status_changed".to_owned(), SeenBy::Webhook)]);

    // Polling notices it first, and the webhook is late.
    fake.set_application(&web, "status", "running:healthy");
    assert_eq!(noticed(&mut events).await, []);
    fake.set_application(&web, "status", "exited:unhealthy");
    let all = noticed(&mut events).await;
    assert_eq!(all, [("status_changed".to_owned(), SeenBy::Polling)]);
    post(&receiver, &path, stopped.to_string()).await;
    assert_eq!(noticed(&mut events).await, []);
    // It stopped once more between two polls.
    post(&receiver, &path, stopped.to_string()).await;
    let all = noticed(&mut events).await;
    assert_eq!(all, [("status_changed".to_owned(), SeenBy::Webhook)]);
    Ok(())
}

#[tokio::test]
async fn the_end_of_a_deployment_is_told_once() -> Result<()> {
    let pace = Duration::from_millis(2_500);
    let fake = FakeCoolify::builder().deploy_pace(pace).start().await;
    let shop = fake.seed_project("shop");
    let web = fake.seed_application(&shop, "web");
    let coolify = fake.client();
    let web = coolify.application(web);
    let (receiver, arriving) = receiver();
    let watch = coolify
        .watch()
        .webhook(arriving)
        .poll_every(Duration::from_secs(1));
    let mut events = watch.events();

    let _ = web.deploy().await?;
    let next = events.next().await.expect("it goes on")?;
    let Event::DeploymentSucceeded(end) = next.event else {
        panic!("{next:?}")
    };
    assert_eq!(end.application_uuid.as_ref(), Some(web.uuid()));

    // Polling notices the failure, and the webhook is late.
    fake.fail_next_deployment(["the build failed"]);
    let run = web.deploy().await?;
    let failed = events.next().await.expect("it goes on")?;
    assert_eq!(failed.seen_by, SeenBy::Polling);
    assert_eq!(failed.event.name(), "deployment_failed");
    let late = deployment("deployment_failed", run.uuid().as_str()).to_string();
    post(&receiver, &format!("/{SECRET}"), late).await;
    assert_eq!(noticed(&mut events).await, []);

    // The webhook tells the end before polling notices it.
    let run = web.deploy().await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(events.next().now_or_never().is_none());
    let early = deployment("deployment_success", run.uuid().as_str()).to_string();
    post(&receiver, &format!("/{SECRET}"), early).await;
    let all = noticed(&mut events).await;
    assert_eq!(all, [("deployment_success".to_owned(), SeenBy::Webhook)]);
    Ok(())
}

#[tokio::test]
async fn a_watch_ends_with_an_error_that_will_not_pass() {
    let fake = FakeCoolify::start().await;
    let stranger = coolify_sdk::Coolify::builder()
        .url(fake.url())
        .token("9|wrong");
    let mut events = stranger.build().expect("a client").watch().events();
    let error = events
        .next()
        .await
        .expect("an error")
        .expect_err("a wrong token");
    assert!(error.is_unauthenticated(), "{error:?}");
    assert!(events.next().await.is_none());
}
