//! Waiting for a status: starting, stopping, restarting and deleting.

use std::time::Duration;

use coolify_sdk::resource::{StatusWatch, Volumes};
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, absent, chapter, failure, message, ok, outage};

const DATABASE: &str = "GET /databases/d1";
const LOGS: &str = "GET /databases/d1/logs";

fn database(status: impl Into<Value>) -> Reply {
    ok(json!({
        "uuid": "d1", "name": "orders", "database_type": "standalone-postgresql",
        "status": status.into(),
    }))
}

async fn stage(statuses: impl IntoIterator<Item = (u64, &str)>) -> Stage {
    let statuses = statuses.into_iter();
    Stage::set()
        .await
        .since(
            DATABASE,
            statuses.map(|(at, status)| (at, database(status))),
        )
        .on(LOGS, [ok(json!({"logs": "one\ntwo\n"}))])
}

/// Tells each status, and how the wait ends.
async fn tell(stage: &Stage, watch: StatusWatch) {
    stage.story.tell_all(watch.events()).await;
}

#[tokio::test(start_paused = true)]
async fn a_start_ends_when_it_is_well() {
    let cases = [
        ("healthy at once", vec![(0, "running:healthy")]),
        (
            "healthy later",
            vec![
                (0, "exited"),
                (3, "starting:unknown"),
                (9, "running (healthy)"),
            ],
        ),
        ("without a check", vec![(0, "running:unknown")]),
        (
            "without a word about its health",
            vec![(0, "exited"), (5, "running")],
        ),
        (
            "unsteady, then healthy",
            vec![
                (0, "running:unknown"),
                (9, "restarting"),
                (13, "running:healthy"),
            ],
        ),
        (
            "up and down",
            vec![(0, "running:starting"), (5, "exited:unhealthy")],
        ),
        ("dead", vec![(0, "starting"), (5, "dead")]),
        (
            "down, and up before it has failed",
            vec![
                (0, "running:starting"),
                (5, "exited"),
                (19, "running:healthy"),
            ],
        ),
        ("never up", vec![(0, "exited")]),
        ("unhealthy", vec![(0, "running:unhealthy")]),
        ("an unknown word", vec![(0, "hibernating")]),
    ];
    let mut all = String::new();
    for (name, statuses) in cases {
        let stage = stage(statuses).await;
        tell(&stage, stage.client().database("d1").until_healthy()).await;
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_restart_ends_when_it_was_down_or_after_a_minute() {
    let cases = [
        (
            "seen",
            vec![
                (0, "running:healthy"),
                (3, "exited"),
                (7, "running:healthy"),
            ],
        ),
        ("not seen", vec![(0, "running:healthy")]),
        ("not seen, without a check", vec![(0, "running:unknown")]),
        ("not seen, and unhealthy", vec![(0, "running:unhealthy")]),
        (
            "seen, without a check",
            vec![
                (0, "running:unknown"),
                (3, "exited"),
                (7, "running:unknown"),
            ],
        ),
        (
            "up and down",
            vec![
                (0, "running:healthy"),
                (3, "exited"),
                (7, "starting"),
                (9, "exited"),
            ],
        ),
        (
            "down for long",
            vec![
                (0, "running:healthy"),
                (3, "exited"),
                (90, "running:healthy"),
            ],
        ),
    ];
    let mut all = String::new();
    for (name, statuses) in cases {
        let stage = stage(statuses).await;
        let stage = stage.on(
            "POST /databases/d1/restart",
            [message(200, "Database restarting.")],
        );
        let watch = stage
            .client()
            .database("d1")
            .restart()
            .await
            .expect("a watch");
        tell(&stage, watch).await;
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_when_it_is_down() {
    let cases = [
        (
            "exited",
            vec![
                (0, "running:healthy"),
                (3, "degraded"),
                (7, "exited:unhealthy"),
            ],
        ),
        ("dead", vec![(0, "removing"), (3, "dead")]),
        ("down before", vec![(0, "exited")]),
        ("never", vec![(0, "running:healthy")]),
    ];
    let mut all = String::new();
    for (name, statuses) in cases {
        let stage = stage(statuses).await;
        let stage = stage.on(
            "POST /databases/d1/stop",
            [message(200, "Database stopping.")],
        );
        let stop = stage.client().database("d1").stop().docker_cleanup(false);
        let watch = stop.await.expect("a watch");
        stage.story.tell(format!("{:?}", watch.message()));
        tell(&stage, watch).await;
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_wait_shows_the_status_and_the_log() {
    let long = format!("{}\n", "ä".repeat(301));
    let lines: Vec<String> = (1..=12).map(|it| format!("line {it}")).collect();
    let logs = [
        ("a log", ok(json!({"logs": lines.join("\n")}))),
        ("a long line", ok(json!({"logs": long}))),
        ("no log", ok(json!({"logs": ""}))),
        ("no container", message(400, "Database is not running.")),
        ("no answer", Reply::Silence),
        ("an outage", outage()),
    ];
    let mut all = String::new();
    for (name, log) in logs {
        let stage = stage([(0, "running:unhealthy")]).await.on(LOGS, [log]);
        let seconds = Duration::from_secs;
        let watch = stage.client().database("d1").until_healthy();
        let error = watch.poll_every(seconds(4)).max_wait(seconds(10)).await;
        let error = error.expect_err("it is unhealthy");
        stage.story.tell(failure(&error));
        let report = error.last_status().expect("a status");
        stage
            .story
            .tell(serde_json::to_string(report).expect("JSON"));
        all += &chapter(name, stage.story);
    }
    let stage = stage([]).await.on(DATABASE, [outage()]);
    let watch = stage.client().database("d1").until_healthy();
    let end = watch.max_wait(Duration::from_secs(5)).await;
    stage.story.tell_of("end", &end);
    all += &chapter("never seen", stage.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_watch_tolerates_a_restart_and_nothing_else() {
    let well = || database("running:healthy");
    let cases = [
        (
            "an outage",
            vec![(0, database("exited")), (3, Reply::Cut), (60, well())],
        ),
        (
            "an outage that lasts",
            vec![(0, database("exited")), (3, outage())],
        ),
        (
            "a refusal",
            vec![(0, database("exited")), (3, message(403, "No."))],
        ),
        ("gone", vec![(0, database("exited")), (3, absent())]),
        ("no status", vec![(0, database(json!(null))), (3, well())]),
    ];
    let mut all = String::new();
    for (name, replies) in cases {
        let stage = stage([]).await.since(DATABASE, replies);
        tell(&stage, stage.client().database("d1").until_healthy()).await;
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_service_shows_its_containers() {
    let part = |name: &str, status: Value| json!({"uuid": name, "name": name, "status": status});
    let service = |status: &str, web: &str, db: Value| {
        ok(json!({
            "uuid": "s1", "name": "shop", "status": status,
            "applications": [part("web", json!(web)), part("api", json!("exited"))],
            "databases": [part("db", db)],
        }))
    };
    let rows = [
        service(
            "degraded:unhealthy",
            "running:healthy",
            json!("running:healthy"),
        ),
        service("degraded:unhealthy", "running:unhealthy", json!(null)),
    ];
    let mut all = String::new();
    for row in rows {
        let stage = Stage::set()
            .await
            .on("GET /services/s1", [row])
            .on("POST /services/s1/start", [message(200, "starting")])
            .on("GET /services/s1/logs", [ok(json!({"logs": "one\ntwo"}))]);
        let start = stage.client().service("s1").start().await.expect("a watch");
        let end = start.max_wait(Duration::from_secs(3)).await;
        stage.story.tell_of("end", &end);
        all += &chapter("a service", stage.story);
    }
    let stage = Stage::set()
        .await
        .on(
            "GET /services/s1",
            [service("exited", "exited", json!("exited"))],
        )
        .on("POST /services/s1/restart", [message(200, "restarting")])
        .on("POST /services/s1/stop", [message(200, "stopping")]);
    let coolify = stage.client();
    let service = coolify.service("s1");
    let restart = service
        .restart()
        .latest(true)
        .await
        .map(|it| it.message().map(str::to_owned));
    stage.story.tell_of("restart", &restart);
    stage
        .story
        .tell_of("stop", &service.stop().and_wait().await);
    stage
        .story
        .tell_of("until stopped", &service.until_stopped().await);
    all += &chapter("stopped", stage.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_ends_when_the_resource_is_gone() {
    let row = |kind: &str| {
        ok(json!({
            "uuid": "x", "name": "shop", "status": "exited", "database_type": kind,
        }))
    };
    let mut all = String::new();
    macro_rules! deletions {
        ($noun:literal, $path:literal, |$coolify:ident| $resource:expr) => {{
            let stage = Stage::set()
                .await
                .since(
                    concat!("GET ", $path),
                    [
                        (0, row("standalone-redis")),
                        (5, outage()),
                        (9, message(404, "not found")),
                    ],
                )
                .on(concat!("DELETE ", $path), [message(200, "queued")]);
            let $coolify = stage.client();
            let resource = $resource;
            let story = &stage.story;
            let deletion = resource.delete(Volumes::Keep).await.expect("a deletion");
            story.tell(deletion.message());
            story.tell_of("gone", &deletion.await);
            let options = resource
                .delete(Volumes::Delete)
                .delete_configurations(false)
                .delete_connected_networks(true)
                .docker_cleanup(false);
            story.tell_of("gone", &options.and_wait().await);
            let only = resource
                .delete(Volumes::Keep)
                .delete_from_coolify_only(true);
            let only = only.await.map(|it| it.message().to_owned());
            story.tell_of("only from Coolify", &only);
            let confirmed = resource.delete_confirmed("shop", Volumes::Delete).await;
            story.tell_of("gone before", &confirmed.map(|it| it.message().to_owned()));
            all += &chapter($noun, story);

            let stage = Stage::set()
                .await
                .on(concat!("GET ", $path), [row("standalone-redis")])
                .on(concat!("DELETE ", $path), [message(200, "queued")]);
            let $coolify = stage.client();
            let resource = $resource;
            let story = &stage.story;
            let wrong = resource.delete_confirmed("Shop", Volumes::Delete).await;
            story.tell_of("another name", &wrong.map(|it| it.message().to_owned()));
            let right = resource.delete_confirmed("shop", Volumes::Keep).await;
            let right = right
                .expect("a deletion")
                .poll_every(Duration::from_secs(7));
            story.tell_of("not gone", &right.await);
            let _ = stage
                .clone()
                .on(concat!("DELETE ", $path), [message(403, "No.")]);
            let refused = resource.delete(Volumes::Keep).await;
            story.tell_of("refused", &refused.map(|it| it.message().to_owned()));
            all += &chapter("not gone", story);
        }};
    }
    deletions!("an application", "/applications/x", |coolify| coolify
        .application("x"));
    deletions!("a database", "/databases/x", |coolify| coolify
        .database("x"));
    deletions!("a service", "/services/x", |coolify| coolify.service("x"));
    insta::assert_snapshot!(all);
}
