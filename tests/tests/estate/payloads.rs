//! Each event of a webhook with every field, odd bodies, and the replies of a receiver.

use std::fmt::Write as _;

use coolify_sdk::Exposed;
use coolify_sdk::events::{Event, Receiver};
use futures_util::{FutureExt as _, StreamExt as _};
use http::{Method, Request};
use http_body_util::Full;
use serde_json::{Map, Value, json};
use tower_service::Service;

use crate::diagnose::with;

const SECRET: &str = "d3c0ys-f0r-guessers";

/// Every kind of event with all fields that are known of it.
fn events() -> Vec<Value> {
    let of = |names: &[&str], fields: Value| {
        let named = |name: &&str| with(json!({"event": name, "message": "m"}), &fields);
        names.iter().map(named).collect::<Vec<_>>()
    };
    let server = |fields: Value| {
        let server = json!({"server_name": "main", "server_uuid": "main1", "url": "u"});
        with(server, &fields)
    };
    [
        of(
            &["deployment_success", "deployment_failed"],
            json!({"application_name": "web", "application_uuid": "web1",
                "deployment_uuid": "dep1", "deployment_url": "u", "project": "shop",
                "environment": "production", "pull_request_id": 7,
                "preview_fqdn": "https://7.web.example", "fqdn": "https://web.example"}),
        ),
        of(
            &["status_changed", "restart_limit_reached"],
            json!({"application_name": "web", "application_uuid": "web1", "url": "u",
                "project": "shop", "environment": "production", "fqdn": "https://web.example",
                "restart_count": 3, "max_restart_count": 10}),
        ),
        of(
            &["container_stopped", "container_restarted"],
            server(json!({"container_name": "app-web1"})),
        ),
        of(
            &[
                "backup_success",
                "backup_success_with_s3_warning",
                "backup_failed",
            ],
            json!({"database_name": "orders", "database_uuid": "orders1", "database_type": "shop",
                "frequency": "daily", "error_output": "s3cret", "s3_error": "s3cret",
                "s3_storage_url": "s", "url": "u"}),
        ),
        of(
            &["task_success", "task_failed"],
            json!({"task_name": "nightly", "task_uuid": "task1", "output": "s3cret",
                "application_uuid": "web1", "service_uuid": "wiki1", "url": "u"}),
        ),
        of(&["task_failed"], json!({"service_uuid": "wiki1"})),
        of(
            &["docker_cleanup_success", "docker_cleanup_failed"],
            server(json!({"cleanup_message": "freed", "error_message": "no"})),
        ),
        of(
            &["server_reachable", "server_unreachable"],
            server(json!({})),
        ),
        of(
            &["high_disk_usage"],
            server(json!({"disk_usage": 91, "threshold": "80%"})),
        ),
        of(
            &["server_patch_check", "server_patch_check_error"],
            server(json!({"total_updates": 2, "critical_packages_count": 1,
                "updates": [{"package": "linux"}], "os_id": "debian", "package_manager": "apt",
                "error": "no"})),
        ),
        of(
            &["traefik_version_outdated"],
            json!({"affected_servers_count": 1, "servers": [{"name": "main", "uuid": "main1",
                "current_version": "3.5.0", "latest_version": "3.5.6",
                "update_type": "patch_update", "upgrade_target": "v3.6",
                "newer_branch_target": "v3.7", "newer_branch_latest": "3.7.1"}]}),
        ),
        of(&["test"], json!({"url": "u"})),
        of(&["of_a_later_version"], json!({"server_uuid": "main1"})),
    ]
    .concat()
}

fn parse(body: &Value) -> Event {
    Event::parse(body.to_string().as_bytes()).expect("an event")
}

/// The fields have their own names and types: none of them ends up among the unknown ones.
#[test]
fn each_event_knows_its_fields() {
    let mut text = String::new();
    for body in events() {
        let event = parse(&body);
        let _ = writeln!(
            text,
            "# {event}\nname {}, message {:?}, about {:?}\n{event:?}\n{}",
            event.name(),
            event.message(),
            event.subject().map(coolify_sdk::Uuid::as_str),
            serde_json::to_string(&event).expect("JSON"),
        );
        let exposed = serde_json::to_string(&Exposed(&event)).expect("JSON");
        assert_eq!(
            exposed.contains("s3cret"),
            body.to_string().contains("s3cret")
        );
    }
    assert!(!text.contains("s3cret"), "{text}");
    insta::assert_snapshot!(text);
}

/// Only the field is lost, and only from the events that have it.
#[test]
fn a_value_of_an_odd_type_loses_only_its_field() {
    let mut text = String::new();
    for body in events() {
        let fields = body.as_object().expect("an object");
        let shown = |event: &Event| -> Map<String, Value> {
            let json = serde_json::to_value(Exposed(event)).expect("JSON");
            json.as_object().cloned().expect("an object")
        };
        let whole = shown(&parse(&body));
        let mut lost = Vec::new();
        for name in fields.keys().filter(|it| *it != "event") {
            let mut odd = body.clone();
            odd[name] = json!({"of": "a later version"});
            let odd = shown(&parse(&odd));
            for (field, value) in &whole {
                if odd.get(field) != Some(value) {
                    let now = odd.get(field).unwrap_or(&Value::Null);
                    let other = if field == name { "" } else { " (another)" };
                    lost.push(format!("{field}{other} is {now}"));
                }
            }
        }
        let _ = writeln!(text, "{}: {}", body["event"], lost.join(", "));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_share_of_the_disk_is_a_number_in_several_forms() {
    for (value, usage) in [
        (json!(91), Some(91.0)),
        (json!(91.5), Some(91.5)),
        (json!("91"), Some(91.0)),
        (json!("91%"), Some(91.0)),
        (json!(" 91.5% "), Some(91.5)),
        (json!(0), Some(0.0)),
        (json!(""), None),
        (json!("much"), None),
        (json!(null), None),
        (json!(true), None),
        (json!([91]), None),
    ] {
        let event = json!({"event": "high_disk_usage", "disk_usage": value, "threshold": value});
        let Event::HighDiskUsage(disk) = parse(&event) else {
            panic!("{event}");
        };
        assert_eq!((disk.disk_usage, disk.threshold), (usage, usage), "{value}");
    }
}

#[test]
fn what_is_no_event_is_an_error_that_says_so() {
    let mut text = String::new();
    for body in [
        &b""[..],
        b"{",
        b"[]",
        b"null",
        b"{}",
        b"{\"event\": 7}",
        b"{\"event\": null, \"message\": \"m\"}",
        b"<html>",
        b"event=test",
        b"\xff\xfe",
    ] {
        let error = Event::parse(body).expect_err("no event");
        let _ = writeln!(
            text,
            "`{}`\n{:?}: {}",
            body.escape_ascii(),
            error.kind(),
            error.report()
        );
    }
    insta::assert_snapshot!(text);
}

/// Sends a request, and returns the whole reply and what the receiver has taken.
async fn reply(max: Option<usize>, method: Method, path: &str, body: &str) -> String {
    let (receiver, mut events) = Receiver::new(SECRET).expect("a good secret");
    let receiver = match max {
        Some(bytes) => receiver.max_body_size(bytes),
        None => receiver,
    };
    let body = Full::new(bytes::Bytes::from(body.to_owned()));
    let request = Request::builder().method(method).uri(path).body(body);
    let reply = receiver.receive(request.expect("a request")).await;
    let taken = events.next().now_or_never().flatten();
    format!(
        "{} {:?} `{}`, taken: {}",
        reply.status(),
        reply.headers(),
        reply.body(),
        taken.map_or_else(|| "nothing".to_owned(), |it| it.name().to_owned())
    )
}

#[tokio::test]
async fn each_request_to_a_receiver_has_its_reply() {
    let event = json!({"event": "test"}).to_string();
    let filled = |length: usize| format!("{event}{}", " ".repeat(length - event.len()));
    let path = &*format!("/coolify/{SECRET}");
    let mebibyte = 1024 * 1024;
    let mut said = String::new();
    for (case, max, method, path, body) in [
        ("an event", None, Method::POST, path, event.clone()),
        (
            "at the root",
            None,
            Method::POST,
            &*format!("/{SECRET}"),
            event.clone(),
        ),
        (
            "with a query",
            None,
            Method::POST,
            &*format!("{path}?a=/b"),
            event.clone(),
        ),
        ("no path", None, Method::POST, "/", event.clone()),
        (
            "a path below the secret",
            None,
            Method::POST,
            &*format!("{path}/"),
            event.clone(),
        ),
        (
            "the secret in the query",
            None,
            Method::POST,
            &*format!("/?{SECRET}"),
            event.clone(),
        ),
        (
            "the beginning of the secret",
            None,
            Method::POST,
            &path[..path.len() - 1],
            event.clone(),
        ),
        (
            "more than the secret",
            None,
            Method::POST,
            &*format!("{path}s"),
            event.clone(),
        ),
        (
            "the secret in capitals",
            None,
            Method::POST,
            &*path.to_uppercase(),
            event.clone(),
        ),
        ("GET", None, Method::GET, path, String::new()),
        ("PUT", None, Method::PUT, path, event.clone()),
        (
            "GET of a wrong path",
            None,
            Method::GET,
            "/x",
            String::new(),
        ),
        ("no body", None, Method::POST, path, String::new()),
        ("no event", None, Method::POST, path, "{}".to_owned()),
        (
            "a body of the largest size",
            Some(event.len()),
            Method::POST,
            path,
            event.clone(),
        ),
        (
            "a body of a byte more",
            Some(event.len() - 1),
            Method::POST,
            path,
            event.clone(),
        ),
        ("a mebibyte", None, Method::POST, path, filled(mebibyte)),
        (
            "a byte more than a mebibyte",
            None,
            Method::POST,
            path,
            filled(mebibyte + 1),
        ),
    ] {
        let reply = reply(max, method, path, &body).await;
        let _ = writeln!(said, "{case}: {reply}");
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_secret_is_long_and_has_characters_of_a_path() {
    let mut text = String::new();
    for secret in [
        "",
        "123456789012345",
        "1234567890123456",
        "abcxyz-ABCXYZ_09.~",
        "1234567890123456/",
        "1234567890123456 ",
        "1234567890123456%",
        "123456789012345ü",
    ] {
        let said = match Receiver::new(secret) {
            Ok((receiver, _)) => format!("{receiver:?}"),
            Err(error) => format!("{:?}: {}", error.kind(), error.report()),
        };
        let _ = writeln!(text, "`{secret}`: {said}");
    }
    insta::assert_snapshot!(text);
}

/// As a service of tower it is always ready, and its reply is that of `receive`.
#[tokio::test]
async fn a_receiver_is_a_service() {
    let (mut receiver, mut events) = Receiver::new(SECRET).expect("a good secret");
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let body = Full::new(bytes::Bytes::from(r#"{"event": "test"}"#));
    let request = Request::post(format!("/{SECRET}")).body(body);
    let ready = Service::<Request<Full<bytes::Bytes>>>::poll_ready(&mut receiver, &mut cx);
    assert_eq!(ready, std::task::Poll::Ready(Ok(())));
    let reply = receiver.call(request.expect("a request"));
    assert_eq!(format!("{reply:?}"), "Answer { .. }");
    let reply = reply.await.expect("it cannot fail");
    assert_eq!(reply.status(), http::StatusCode::NO_CONTENT);
    drop(receiver);
    assert_eq!(
        events
            .next()
            .await
            .map(|it| it.name().to_owned())
            .as_deref(),
        Some("test")
    );
    assert!(events.next().await.is_none());
}

/// Only the name is required.
#[test]
fn an_event_may_have_only_its_name() {
    for body in events() {
        let name = body["event"].as_str().expect("a name");
        let event = parse(&json!({"event": name}));
        assert_eq!(event.to_string(), name);
        assert_eq!(
            (event.name(), event.message(), event.subject()),
            (name, None, None)
        );
        let known = name != "of_a_later_version";
        assert_eq!(matches!(event, Event::Unknown(_)), !known, "{name}");
    }
}
