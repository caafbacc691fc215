//! The watch of a team: what polling and the webhook show together, and when.

use std::time::Duration;

use coolify_sdk::events::{Events, Receiver, Watch, WatchedEvent};
use coolify_sdk::{Coolify, Result};
use futures_util::{Stream, StreamExt};
use http::Request;
use http_body_util::Full;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};

use coolify_sdk_tests::Traces;

use crate::stage::{Reply, Stage, chapter, message, ok, outage, status};

const RESOURCES: &str = "GET /resources";
const SERVERS: &str = "GET /servers";
const DEPLOYMENTS: &str = "GET /deployments";
const SECRET: &str = "d3c0ys-f0r-guessers";

fn row(kind: &str, uuid: &str, status: &str) -> Value {
    json!({"type": kind, "uuid": uuid, "id": 7, "name": format!("the {uuid}"), "status": status,
        "fqdn": "https://web.example"})
}

fn web(status: &str) -> Reply {
    ok(json!([row("application", "web", status)]))
}

fn server(is_reachable: Option<bool>) -> Value {
    json!({"uuid": "box", "name": "the box", "is_reachable": is_reachable})
}

fn listed(uuids: &[&str]) -> Reply {
    let rows: Vec<_> = uuids
        .iter()
        .map(|it| deployment(it, "in_progress"))
        .collect();
    ok(json!(rows))
}

fn deployment(uuid: &str, status: &str) -> Value {
    json!({"deployment_uuid": uuid, "status": status, "application_id": "7",
        "application_name": "web", "deployment_url": "/project/p/deployment/d",
        "pull_request_id": if uuid == "preview" { 12 } else { 0 }})
}

/// A stage on which nothing happens.
async fn quiet() -> Stage {
    let stage = Stage::set().await.on(RESOURCES, [web("running:healthy")]);
    let stage = stage.on(SERVERS, [ok(json!([server(Some(true))]))]);
    stage.on(DEPLOYMENTS, [listed(&[])])
}

/// Tells the events of the first seconds.
async fn play(stage: &Stage, seconds: u64, watch: Watch) {
    tell(stage, seconds, watch.events()).await;
}

async fn tell(
    stage: &Stage,
    seconds: u64,
    mut events: impl Stream<Item = Result<WatchedEvent>> + Unpin,
) {
    let end = Instant::now() + Duration::from_secs(seconds);
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(event) => stage.story.tell_of("event", &event),
                None => return stage.story.tell("the stream ends"),
            },
            () = sleep_until(end) => return,
        }
    }
}

fn every_ten(coolify: &Coolify) -> Watch {
    coolify.watch().poll_every(Duration::from_secs(10))
}

#[tokio::test(start_paused = true)]
async fn the_first_poll_is_the_state_that_later_ones_are_compared_with() {
    let stage = quiet().await.since(
        RESOURCES,
        [
            (0, web("exited")),
            (15, web("running:unhealthy")),
            (25, web("restarting")),
            (35, web("exited:unhealthy")),
        ],
    );
    play(&stage, 45, every_ten(&stage.client())).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_news_is_told_once() {
    let all = |status: &str| {
        ok(json!([
            row("application", "web", status),
            row("service", "wiki", status),
            row("standalone-redis", "cache", status),
            row("of-later", "odd", status)
        ]))
    };
    let reachable = |it: Option<bool>| ok(json!([server(it)]));
    let ended = |uuid: &str, status: &str| ok(deployment(uuid, status));
    let stage = quiet()
        .await
        .since(
            RESOURCES,
            [(0, all("running:healthy")), (15, all("exited"))],
        )
        .since(
            SERVERS,
            [
                (0, reachable(Some(true))),
                (25, reachable(None)),
                (35, reachable(Some(false))),
                (45, reachable(Some(true))),
            ],
        )
        .since(
            DEPLOYMENTS,
            [
                (0, listed(&["one", "two"])),
                (5, listed(&["two", "three", "preview", "gone"])),
                (25, listed(&["three"])),
                (35, listed(&[])),
            ],
        )
        .on("GET /deployments/one", [ended("one", "finished")])
        .on("GET /deployments/two", [ended("two", "failed")])
        .on(
            "GET /deployments/three",
            [ended("three", "cancelled-by-user")],
        )
        .on("GET /deployments/preview", [ended("preview", "finished")])
        .on(
            "GET /deployments/gone",
            [message(404, "Deployment not found.")],
        );
    play(&stage, 55, every_ten(&stage.client())).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_end_is_requested_again() {
    let stage = quiet()
        .await
        .since(DEPLOYMENTS, [(0, listed(&["one"])), (5, listed(&[]))])
        .since(
            "GET /deployments/one",
            [
                (0, message(500, "Server Error")),
                (15, ok(deployment("one", "in_progress"))),
                (25, ok(deployment("one", "finished"))),
            ],
        );
    play(&stage, 45, every_ten(&stage.client())).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_waited_for_and_what_does_not_is_the_end() {
    let mut text = String::new();
    for (case, reply) in [
        ("an outage", outage()),
        ("a failure", message(500, "Server Error")),
        ("a limit", message(429, "Too Many Attempts.")),
        ("a connection that is cut", Reply::Cut),
        ("an odd reply", ok(json!({"no": "list"}))),
        ("a page", Reply::Say(200, "text/html", "<html>".to_owned())),
        ("a revoked token", message(401, "Unauthenticated.")),
        (
            "a lost ability",
            message(403, "Missing required permissions: read"),
        ),
        ("another server", message(404, "Not found.")),
        (
            "a refusal",
            status(422, json!({"message": "Validation failed.", "errors": {}})),
        ),
    ] {
        let stage = quiet().await.since(
            RESOURCES,
            [(0, web("running")), (5, reply), (15, web("exited"))],
        );
        play(&stage, 25, every_ten(&stage.client())).await;
        text += &chapter(case, &stage.story);
    }
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn polls_keep_their_distance() {
    let mut text = String::new();
    for (case, watch) in [
        ("the default", None),
        ("never more than once a second", Some(Duration::ZERO)),
        ("a second and a half", Some(Duration::from_millis(1_500))),
    ] {
        let stage = quiet().await;
        let seconds = if watch.is_some() { 4 } else { 70 };
        let all = stage.client().watch();
        let watch = match watch {
            Some(interval) => all.poll_every(interval),
            None => all,
        };
        play(&stage, seconds, watch).await;
        text += &chapter(case, &stage.story);
    }
    let late = Reply::Late(25, Box::new(web("running")));
    let stage = quiet().await.on(RESOURCES, [late, web("running")]);
    play(&stage, 60, every_ten(&stage.client())).await;
    text += &chapter(
        "after a slow reply, the next poll is a whole interval later",
        &stage.story,
    );
    insta::assert_snapshot!(text);
}

/// Sends an event to the webhook after some seconds.
async fn sent(stage: &Stage, receiver: &Receiver, after: u64, event: &Value) {
    sleep_until(Instant::now() + Duration::from_secs(after)).await;
    let body = Full::new(bytes::Bytes::from(event.to_string()));
    let request = Request::post(format!("/{SECRET}"))
        .body(body)
        .expect("a request");
    let status = receiver.receive(request).await.status();
    stage
        .story
        .tell(format!("webhook {}: {status}", event["event"]));
}

fn receiver() -> (Receiver, Events) {
    Receiver::new(SECRET).expect("a good secret")
}

#[tokio::test(start_paused = true)]
async fn webhook_and_polling_tell_each_thing_once() {
    let stage = quiet()
        .await
        .since(
            RESOURCES,
            [
                (0, web("running")),
                (15, web("exited")),
                (45, web("running")),
                (55, web("exited")),
            ],
        )
        .since(
            DEPLOYMENTS,
            [(0, listed(&["one", "two"])), (25, listed(&[]))],
        )
        .on("GET /deployments/one", [ok(deployment("one", "finished"))])
        .on("GET /deployments/two", [ok(deployment("two", "failed"))]);
    let (receiver, arriving) = receiver();
    let stop = json!({"event": "status_changed", "application_uuid": "web", "message": "stopped"});
    let end = |uuid: &str| json!({"event": "deployment_success", "application_uuid": "web", "deployment_uuid": uuid});
    let watch = every_ten(&stage.client()).webhook(arriving);
    let sending = async {
        // Before polling can notice it.
        sent(&stage, &receiver, 12, &end("one")).await;
        // After polling noticed it.
        sent(&stage, &receiver, 12, &stop).await;
        sent(&stage, &receiver, 1, &stop).await;
        sent(&stage, &receiver, 1, &json!({"event": "test"})).await;
        sent(
            &stage,
            &receiver,
            1,
            &json!({"event": "of_a_later_version", "new": 1}),
        )
        .await;
        // Before polling notices that it ran and stopped once more.
        sent(&stage, &receiver, 30, &stop).await;
        drop(receiver);
        stage.story.tell("the receiver is dropped");
        sleep(Duration::from_secs(20)).await;
    };
    tokio::join!(tell(&stage, 75, watch.events()), sending);
    insta::assert_snapshot!(stage.story);
}

/// Returns the warnings of what was traced, without their times.
fn warnings(traces: &Traces) -> String {
    let lines = traces.take();
    let warnings = lines.lines().filter_map(|it| it.split_once(" WARN "));
    warnings.fold(String::new(), |all, (_, line)| all + line + "\n")
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_is_waited_for_is_logged() {
    let mut text = String::new();
    for (case, route, reply) in [
        ("an outage", RESOURCES, outage()),
        ("a limit", SERVERS, message(429, "Too Many Attempts.")),
        (
            "an end that cannot be read",
            "GET /deployments/one",
            message(500, "Server Error"),
        ),
        (
            "a revoked token",
            DEPLOYMENTS,
            message(401, "Unauthenticated."),
        ),
    ] {
        let stage = quiet()
            .await
            .since(DEPLOYMENTS, [(0, listed(&["one"])), (5, listed(&[]))])
            .on("GET /deployments/one", [ok(deployment("one", "finished"))])
            .on(route, [reply]);
        let traces = Traces::start();
        play(&stage, 15, every_ten(&stage.client())).await;
        text += &chapter(case, warnings(&traces));
    }
    insta::assert_snapshot!(text);
}

/// Each kind of news arrives at the webhook before or after polling notices it, and once
/// more a second later.
#[tokio::test(start_paused = true)]
async fn each_kind_of_news_is_recognised_from_both_sides() {
    let mut text = String::new();
    let rows = |status: &str| {
        ok(json!([
            row("application", "web", status),
            row("service", "wiki", status)
        ]))
    };
    let of_end = |name: &str| json!({"event": name, "deployment_uuid": "one"});
    let of_web = |name: &str| json!({"event": name, "application_uuid": "web"});
    let of_box = |name: &str| json!({"event": name, "server_uuid": "box"});
    for event in [
        of_end("deployment_success"),
        of_end("deployment_failed"),
        of_web("status_changed"),
        of_web("restart_limit_reached"),
        json!({"event": "container_stopped", "container_name": "the wiki"}),
        of_box("server_unreachable"),
        of_box("server_reachable"),
        json!({"event": "deployment_success"}),
        json!({"event": "status_changed", "application_uuid": "another"}),
    ] {
        let name = event["event"].as_str().expect("a name").to_owned();
        let end = if name == "deployment_failed" {
            "failed"
        } else {
            "finished"
        };
        let was_reachable = name != "server_reachable";
        for (order, after) in [("first", 12), ("late", 22)] {
            let (first, second) = (Some(was_reachable), Some(!was_reachable));
            let stage = quiet()
                .await
                .since(RESOURCES, [(0, rows("running")), (15, rows("exited"))])
                .since(
                    SERVERS,
                    [
                        (0, ok(json!([server(first)]))),
                        (15, ok(json!([server(second)]))),
                    ],
                )
                .since(DEPLOYMENTS, [(0, listed(&["one"])), (15, listed(&[]))])
                .on("GET /deployments/one", [ok(deployment("one", end))]);
            let (receiver, arriving) = receiver();
            let watch = every_ten(&stage.client()).webhook(arriving);
            let sending = async {
                sent(&stage, &receiver, after, &event).await;
                sent(&stage, &receiver, 1, &event).await;
                sleep(Duration::from_secs(30)).await;
            };
            tokio::join!(tell(&stage, 35, watch.events()), sending);
            let story = stage.story.to_string();
            let told = story.lines().filter(|it| !it.contains("GET "));
            let told = told.map(|line| match line.split_once("event: ") {
                Some((time, event)) => {
                    let event: Value = serde_json::from_str(event).expect("JSON");
                    let name = &event["event"]["event"];
                    format!("{time}{name} by {}\n", event["seen_by"])
                }
                None => format!("{line}\n"),
            });
            text += &chapter(&format!("{event}, {order}"), told.collect::<String>());
        }
    }
    insta::assert_snapshot!(text);
}

/// What is deleted, or no longer listed, has not stopped.
#[tokio::test(start_paused = true)]
async fn what_is_deleted_is_no_news() {
    let deleted = |kind: &str| {
        let mut row = row(kind, kind, "exited");
        row["deleted_at"] = json!("2026-11-29T12:00:00.000000Z");
        row
    };
    let kinds = ["application", "service", "standalone-redis"];
    let running = kinds.map(|it| row(it, it, "running"));
    let stopped = kinds.map(|it| row(it, it, "exited"));
    let stage = quiet().await.since(
        RESOURCES,
        [
            (0, ok(json!(running))),
            (5, ok(json!(kinds.map(deleted)))),
            (15, ok(json!([]))),
            (25, ok(json!(stopped))),
            (35, ok(json!(running))),
            (45, ok(json!(stopped))),
        ],
    );
    play(&stage, 55, every_ten(&stage.client())).await;
    let story = stage.story.to_string();
    let told = story.lines().filter(|it| it.contains("event"));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}

/// A thousand events of polling are recognised when they arrive at the webhook as well.
#[tokio::test(start_paused = true)]
async fn only_the_latest_events_are_remembered() {
    let rows = |status: &str| {
        let row = |at: i32| {
            json!({"type": "application", "uuid": format!("web{at}"), "id": at,
                "name": format!("web {at}"), "status": status})
        };
        ok(json!((0..=1000).map(row).collect::<Vec<_>>()))
    };
    let stage = quiet()
        .await
        .since(RESOURCES, [(0, rows("running")), (5, rows("exited"))]);
    let (receiver, arriving) = receiver();
    let mut events = every_ten(&stage.client()).webhook(arriving).events();
    for _ in 0..=1000 {
        let event = events.next().await.expect("it goes on").expect("an event");
        assert_eq!(event.event.name(), "status_changed");
    }
    for at in [1000, 1, 0] {
        let stop = json!({"event": "status_changed", "application_uuid": format!("web{at}")});
        sent(&stage, &receiver, 0, &stop).await;
    }
    let news = events.next().await.expect("it goes on").expect("an event");
    let subject = news.event.subject().map(ToString::to_string);
    assert_eq!(subject.as_deref(), Some("web0"), "it was forgotten");
}
