//! Cancelling deployments, and the pages of an application's deployments.

use coolify_sdk::deployments::{ResourceRun, Rollout};
use futures_util::StreamExt;
use serde_json::json;

use crate::stage::{Reply, Stage, absent, failure, message, ok, outage};

/// Up to 4.2.0, Coolify cancels a deployment and answers with an error.
#[tokio::test(start_paused = true)]
async fn an_error_of_cancelling_is_checked() {
    let row = |status: &str| ok(json!({"deployment_uuid": "d1", "status": status}));
    let cancelled = json!({
        "message": "Deployment cancelled successfully.",
        "deployment_uuid": "d1", "status": "cancelled-by-user",
    });
    let broken = || message(500, "Failed to cancel deployment");
    let cases = [
        ("cancelled", ok(cancelled), row("cancelled-by-user")),
        (
            "an error, although cancelled",
            broken(),
            row("cancelled-by-user"),
        ),
        ("an error, and running", broken(), row("in_progress")),
        ("an error, and unknown", broken(), absent()),
        (
            "over",
            message(
                400,
                "Deployment cannot be cancelled in its current state: finished",
            ),
            row("cancelled-by-user"),
        ),
        ("not there", absent(), absent()),
        ("a proxy's error", outage(), row("cancelled-by-user")),
        ("no answer", Reply::Cut, row("cancelled-by-user")),
    ];
    let stage = Stage::set().await;
    let handle = stage.client().deployment("d1");
    for (name, reply, read) in cases {
        let stage = stage
            .clone()
            .on("POST /deployments/d1/cancel", [reply])
            .on("GET /deployments/d1", [read]);
        stage.story.tell(format!("--- {name}"));
        stage.story.tell_of("cancelled", &handle.cancel().await);
        stage
            .story
            .tell_of("by the run", &handle.follow().cancel().await);
    }
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn a_rollout_is_cancelled_as_far_as_it_can_be() {
    let done = |uuid: &str| {
        ok(json!({"message": "ok", "deployment_uuid": uuid, "status": "cancelled-by-user"}))
    };
    let stage = Stage::set()
        .await
        .on("POST /deployments/d1/cancel", [done("d1")])
        .on(
            "POST /deployments/d2/cancel",
            [message(
                400,
                "Deployment cannot be cancelled in its current state: failed",
            )],
        )
        .on("POST /deployments/d3/cancel", [message(403, "No.")])
        .on("POST /deployments/d4/cancel", [done("d4")]);
    let runs = (1..=4).map(|number| {
        let run = stage.client().deployment(format!("d{number}")).follow();
        ResourceRun::new(format!("a{number}"), run)
    });
    let rollout: Rollout = runs.collect();
    let cancelled = rollout.cancel().await;
    stage.story.tell(format!(
        "cancelled {:?}, over {:?}",
        cancelled.cancelled, cancelled.already_over
    ));
    for (uuid, error) in &cancelled.failed {
        stage.story.tell(format!("{uuid}: {}", failure(error)));
    }
    insta::assert_snapshot!(stage.story);
}

/// Between two pages, new deployments push the others on.
#[tokio::test(start_paused = true)]
async fn the_pages_of_a_history_join_without_a_seam() {
    let page = |ids: Vec<Option<i64>>| {
        let row = |id: Option<i64>| {
            let uuid = id.map_or_else(|| "unnumbered".to_owned(), |id| format!("d{id}"));
            json!({"id": id, "deployment_uuid": uuid, "status": "finished"})
        };
        let rows: Vec<_> = ids.into_iter().map(row).collect();
        ok(json!({"count": 60, "deployments": rows}))
    };
    let numbers = |from: i64, to: i64| (to..=from).rev().map(Some);
    let stage = Stage::set().await.on(
        "GET /deployments/applications/a1",
        [
            page(numbers(60, 36).collect()),
            page(numbers(38, 15).chain([None]).collect()),
            page(numbers(15, 12).chain([None, Some(11)]).collect()),
        ],
    );
    let history = stage.client().application("a1").deployments();
    let mut deployments = history.stream();
    while let Some(next) = deployments.next().await {
        let uuid = next.map(|it| it.deployment_uuid.to_string());
        stage.story.tell(uuid.expect("a deployment"));
    }
    stage.story.tell("--- a page that fails ends the stream");
    let _ = stage.clone().on(
        "GET /deployments/applications/a1",
        [
            page(numbers(25, 1).collect()),
            message(404, "Application not found"),
        ],
    );
    let mut deployments = history.stream().skip(24);
    while let Some(next) = deployments.next().await {
        let uuid = next.map(|it| it.deployment_uuid);
        stage.story.tell_of("next", &uuid);
    }
    let page = history.page(3, 4).await.map(|it| it.count);
    stage.story.tell_of("page", &page);
    insta::assert_snapshot!(stage.story);
}
