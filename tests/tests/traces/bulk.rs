//! Actions on many resources: when each request is sent, and what becomes of it.

use std::time::Duration;

use coolify_sdk::bulk::{Bulk, BulkRun};
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
