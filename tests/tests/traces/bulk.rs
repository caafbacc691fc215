//! Actions on many resources: when each request is sent, and what becomes of it.

use std::time::Duration;

use coolify_sdk::bulk::{Bulk, BulkRun};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, message, ok, status};

const LIST: &str = "GET /deployments";

/// A stage with some running applications.
async fn shop(count: u8) -> Stage {
    let web = |at: u8| {
        json!({"type": "application", "uuid": format!("web{at}"), "id": at,
            "name": format!("web{at}"), "status": "running:healthy"})
    };
    let webs: Vec<_> = (1..=count).map(web).collect();
    let mut stage = Stage::set()
        .await
        .on("GET /resources", [ok(json!(webs))])
        .on("GET /projects", [ok(json!([]))])
        .on("GET /servers", [ok(json!([]))])
        .on(LIST, [ok(json!([]))]);
    for at in 1..=count {
        stage = stage.on(
            &format!("GET /deployments/dep{at}"),
            [ended(at, "finished")],
        );
    }
    stage
}

fn deployment(at: u8, status: &str) -> Value {
    json!({"deployment_uuid": format!("dep{at}"), "status": status, "pull_request_id": 0,
        "application_id": at, "finished_at": "2026-11-29T12:00:00.000000Z",
        "logs": format!("[{{\"output\":\"line of {at}\",\"type\":\"stdout\",\"hidden\":false}}]")})
}

fn ended(at: u8, status: &str) -> Reply {
    ok(deployment(at, status))
}

fn queued(at: u8) -> Reply {
    ok(
        json!({"deployments": [{"message": "queued", "resource_uuid": format!("web{at}"),
        "deployment_uuid": format!("dep{at}")}]}),
    )
}

fn full() -> Reply {
    message(429, "Deployment queue is full.")
}

fn running(all: &[u8]) -> Reply {
    let rows: Vec<_> = all
        .iter()
        .map(|at| deployment(*at, "in_progress"))
        .collect();
    ok(json!(rows))
}

/// Tells all events and the outcome.
async fn play(stage: &Stage, action: Bulk) {
    match action.plan().await {
        Ok(plan) => follow(stage, plan.run()).await,
        Err(error) => stage.story.tell_of::<Value>("plan", &Err(error)),
    }
}

async fn follow(stage: &Stage, mut run: BulkRun) {
    stage.story.tell(format!("{}", run.progress()));
    while let Some(event) = run.next().await {
        stage.story.tell(format!("{event} ({})", event.progress));
    }
    stage.story.tell(run.into_outcome().to_string());
}

/// The story since the selection was read.
fn since_the_plan(stage: &Stage) -> String {
    let story = stage.story.to_string();
    let begun = story.lines().skip_while(|it| !it.contains(" waiting"));
    begun.fold(String::new(), |all, line| all + line + "\n")
}

#[tokio::test(start_paused = true)]
async fn some_are_deployed_at_once_and_followed_by_one_list() {
    let mut text = String::new();
    for (case, at_once) in [("one at once", 0), ("two at once", 2), ("the default", 4)] {
        let stage = shop(3)
            .await
            .on("POST /deploy", [queued(1), queued(2), queued(3)])
            .since(
                LIST,
                [
                    (0, running(&[1, 2, 3])),
                    (6, running(&[2, 3])),
                    (12, running(&[3])),
                    (18, running(&[])),
                ],
            );
        play(
            &stage,
            stage.client().select().all().deploy().at_once(at_once),
        )
        .await;
        text += &chapter(case, since_the_plan(&stage));
    }
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_is_tried_again_later() {
    let mut text = String::new();
    let deploys = "POST /deploy";
    let stage = shop(2)
        .await
        .on(deploys, [full(), full(), queued(1), queued(2)])
        .since(
            LIST,
            [
                (0, running(&[])),
                (60, running(&[1, 2])),
                (80, running(&[])),
            ],
        );
    play(&stage, stage.client().select().all().deploy().at_once(1)).await;
    text += &chapter("one at once", since_the_plan(&stage));

    let stage = shop(3)
        .await
        .on(deploys, [queued(1), full(), full(), queued(3), queued(2)])
        .since(
            LIST,
            [
                (0, running(&[1])),
                (10, running(&[])),
                (15, running(&[2, 3])),
                (40, running(&[])),
            ],
        );
    play(&stage, stage.client().select().all().deploy()).await;
    text += &chapter("an end makes room", since_the_plan(&stage));

    let stage = shop(1).await.on(deploys, [full()]);
    play(&stage, stage.client().select().all().deploy()).await;
    text += &chapter("for an hour", since_the_plan(&stage));
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn each_failure_has_its_place_in_the_outcome() {
    let mut text = String::new();
    for (case, reply) in [
        ("refused", message(403, "This action is unauthorized.")),
        ("gone", message(404, "No resources found.")),
        (
            "invalid",
            status(
                422,
                json!({"message": "Validation failed.", "errors": {"a": ["b"]}}),
            ),
        ),
        ("a failure", message(500, "Server Error")),
        ("a connection that is cut", Reply::Cut),
        ("no answer", Reply::Silence),
    ] {
        let stage = shop(3)
            .await
            .on("POST /deploy", [reply, queued(2), queued(3)]);
        let deploy = stage.client().select().all().deploy().at_once(1);
        play(&stage, deploy.stop_after_failures(1)).await;
        text += &chapter(case, since_the_plan(&stage));
    }
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_ends_in_its_own_way() {
    let mut text = String::new();
    for (case, replies) in [
        ("it fails", vec![ended(1, "failed")]),
        ("somebody cancels it", vec![ended(1, "cancelled-by-user")]),
        ("it disappears", vec![message(404, "Deployment not found.")]),
        (
            "it may not be read",
            vec![message(403, "Missing required permissions: read")],
        ),
    ] {
        let stage = shop(1)
            .await
            .on("POST /deploy", [queued(1)])
            .on("GET /deployments/dep1", replies)
            .since(LIST, [(0, running(&[1])), (10, running(&[]))]);
        play(&stage, stage.client().select().all().deploy()).await;
        text += &chapter(case, since_the_plan(&stage));
    }
    let stage = shop(1)
        .await
        .on("POST /deploy", [queued(1)])
        .on(LIST, [running(&[1])]);
    let deploy = stage.client().select().all().deploy();
    play(&stage, deploy.max_wait(Duration::from_secs(30))).await;
    text += &chapter("it does not end", since_the_plan(&stage));
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_kind_is_skipped_or_fails() {
    let odd = json!([{"type": "of-later", "uuid": "odd", "name": "odd", "status": "running"}]);
    let stage = shop(0).await.on("GET /resources", [ok(odd)]);
    let plan = stage
        .client()
        .select()
        .all()
        .stop()
        .plan()
        .await
        .expect("a plan");
    stage.story.tell(plan.to_string());
    let mut forced = plan;
    forced.planned.push(forced.skipped[0].resource.clone());
    follow(&stage, forced.run()).await;
    insta::assert_snapshot!(stage.story);
}

/// A full queue that says when to come back.
fn full_for(seconds: u64) -> Reply {
    let kind = match seconds {
        5 => "application/json\r\nretry-after: 5",
        _ => "application/json\r\nretry-after: 90",
    };
    let body = json!({"message": "Deployment queue is full."});
    Reply::Say(429, kind, body.to_string())
}

/// The wait that Coolify names, and one resource more at once after each wait.
#[tokio::test(start_paused = true)]
async fn a_full_queue_is_tried_again_when_coolify_says_it() {
    let mut text = String::new();
    for seconds in [5, 90] {
        let stage = shop(5)
            .await
            .on(
                "POST /deploy",
                [
                    queued(1),
                    full_for(seconds),
                    full_for(seconds),
                    queued(3),
                    full_for(seconds),
                    queued(4),
                    queued(2),
                    queued(5),
                ],
            )
            .since(LIST, [(0, running(&[1, 2, 3, 4, 5])), (200, running(&[]))]);
        play(&stage, stage.client().select().all().deploy().at_once(3)).await;
        text += &chapter(&format!("{seconds} seconds"), since_the_plan(&stage));
    }
    insta::assert_snapshot!(text);
}

/// A stage with two deployments, and a third that fails.
async fn three() -> Stage {
    shop(3)
        .await
        .on("POST /deploy", [queued(1), queued(2), queued(3)])
        .on("GET /deployments/dep3", [ended(3, "failed")])
        .since(
            LIST,
            [
                (0, running(&[1, 2, 3])),
                (6, running(&[2, 3])),
                (12, running(&[])),
            ],
        )
}

/// The ways to run a plan differ only in what they show.
#[tokio::test(start_paused = true)]
async fn each_way_to_run_a_plan_sends_the_same() {
    let mut all = Vec::new();
    for way in ["next", "impatient", "events", "wait", "await", "at once"] {
        let stage = three().await;
        let deploy = stage.client().select().all().deploy().at_once(2);
        let outcome = if way == "at once" {
            deploy.await.expect("an outcome")
        } else {
            let mut run = deploy.plan().await.expect("a plan").run();
            match way {
                "next" => while run.next().await.is_some() {},
                "impatient" => {
                    let patience = Duration::from_millis(700);
                    while tokio::time::timeout(patience, run.next()).await != Ok(None) {}
                }
                "events" => {
                    let mut events = run.events();
                    while events.next().await.is_some() {}
                }
                "wait" => {
                    let progress = run.progress();
                    assert_eq!((progress.total(), progress.waiting), (3, 3));
                }
                _ => {}
            }
            match way {
                "wait" => run.wait().await,
                "await" => run.await,
                _ => run.into_outcome(),
            }
        };
        stage.story.tell(outcome.to_string());
        all.push((way, stage.story.to_string()));
    }
    for (way, story) in &all {
        assert_eq!(*story, all[0].1, "{way}");
    }
    insta::assert_snapshot!(all[0].1);
}

/// How many resources are worked on at once, and since when a failure stops the others.
#[tokio::test(start_paused = true)]
async fn a_run_stops_after_some_failures() {
    let mut text = String::new();
    for failures in [None, Some(0), Some(1), Some(2), Some(3)] {
        let stage = shop(4).await.on(
            "POST /deploy",
            [
                message(403, "This action is unauthorized."),
                queued(2),
                Reply::Cut,
                queued(4),
            ],
        );
        let deploy = stage.client().select().all().deploy().at_once(1);
        let deploy = match failures {
            Some(failures) => deploy.stop_after_failures(failures),
            None => deploy,
        };
        play(&stage, deploy).await;
        text += &chapter(&format!("{failures:?}"), since_the_plan(&stage));
    }
    insta::assert_snapshot!(text);
}

/// What a deployment logs, line by line, and each event as data.
#[tokio::test(start_paused = true)]
async fn the_log_of_a_deployment_is_told() {
    let line = |output: &str, hidden: bool| {
        json!({"output": output, "type": "stderr", "hidden": hidden,
            "timestamp": "2026-11-29T12:00:00.000000Z"})
    };
    let logs = json!([
        line("building\n", false),
        line("TOKEN=s3cret", true),
        line("  a line\nand another  \n\n", false),
    ]);
    let with = |status: &str, logs: Value| {
        let mut all = deployment(1, status);
        all["logs"] = logs;
        all
    };
    let mut text = String::new();
    for (case, logs) in [
        ("a log", json!(logs.to_string())),
        ("an empty log", json!("[]")),
    ] {
        let stage = shop(1)
            .await
            .on("POST /deploy", [queued(1)])
            .on(
                "GET /deployments/dep1",
                [ok(with("finished", logs.clone()))],
            )
            .since(
                LIST,
                [
                    (0, ok(json!([with("queued", json!(null))]))),
                    (6, ok(json!([with("in_progress", logs)]))),
                    (12, running(&[])),
                ],
            );
        let deploy = stage.client().select().all().deploy();
        let mut run = deploy.plan().await.expect("a plan").run();
        stage.story.tell(run.progress().to_string());
        while let Some(event) = run.next().await {
            let data = serde_json::to_string(&event).expect("JSON");
            stage.story.tell(format!("{event}\n{data}"));
        }
        let events = since_the_plan(&stage);
        let told = events.lines().filter(|it| !it.contains("GET "));
        text += &chapter(case, told.fold(String::new(), |all, it| all + it + "\n"));
    }
    insta::assert_snapshot!(text);
}

/// Four at once, and each that ends makes room for the next.
#[tokio::test(start_paused = true)]
async fn a_run_begins_four_unless_told_otherwise() {
    let queue: Vec<_> = (1..=6).map(queued).collect();
    let stage = shop(6).await.on("POST /deploy", queue).since(
        LIST,
        [
            (0, running(&[1, 2, 3, 4])),
            (5, running(&[1, 2, 4])),
            (9, running(&[1, 5])),
            (13, running(&[])),
        ],
    );
    play(&stage, stage.client().select().all().deploy()).await;
    let story = since_the_plan(&stage);
    let told = story.lines().filter(|it| !it.contains(": line of "));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
}
