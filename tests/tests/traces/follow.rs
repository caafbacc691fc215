//! Following one deployment to its end.

use std::time::Duration;

use coolify_sdk::deployments::DeploymentRun;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, absent, chapter, message, ok, outage};

const DEPLOYMENT: &str = "GET /deployments/d1";
const LAST: &str = "Gracefully shutting down build container: d1";

/// A deployment with these lines in its log.
pub fn deployment(status: &str, lines: &[&str]) -> Value {
    let entries: Vec<_> = lines.iter().map(|line| json!({"output": line})).collect();
    json!({
        "deployment_uuid": "d1",
        "status": status,
        "application_name": "web",
        "horizon_job_worker": "vm",
        "deployment_url": "/project/p/environment/e/application/a1/deployment/d1",
        "logs": Value::from(entries).to_string(),
    })
}

fn with(mut row: Value, field: &str, value: impl Into<Value>) -> Value {
    row[field] = value.into();
    row
}

fn without(mut row: Value, field: &str) -> Value {
    if let Some(row) = row.as_object_mut() {
        row.remove(field);
    }
    row
}

fn done(lines: &[&str]) -> Value {
    let row = deployment("finished", lines);
    with(row, "finished_at", "2026-11-22T00:26:56.000000Z")
}

fn run(stage: &Stage) -> DeploymentRun {
    stage.client().deployment("d1").follow()
}

/// Tells the events, and then what awaiting the run gives.
async fn follow(stage: Stage) -> String {
    stage.story.tell_all(run(&stage).events()).await;
    stage.story.to_string()
}

async fn awaited(stage: Stage) -> String {
    let end = run(&stage).await;
    stage.story.tell_of("end", &end);
    stage.story.to_string()
}

#[tokio::test(start_paused = true)]
async fn a_deployment_is_followed_from_its_first_line_to_its_last() {
    let stage = Stage::set().await.since(
        DEPLOYMENT,
        [
            (0, ok(without(deployment("queued", &[]), "logs"))),
            (3, ok(deployment("in_progress", &["Starting."]))),
            (
                5,
                ok(deployment("in_progress", &["Starting.", "Building."])),
            ),
            (
                9,
                ok(deployment("finished", &["Starting.", "Building.", "Done."])),
            ),
            (12, ok(done(&["Starting.", "Building.", "Done.", LAST]))),
            (
                13,
                ok(done(&["Starting.", "Building.", "Done.", LAST, "d1"])),
            ),
        ],
    );
    insta::assert_snapshot!(follow(stage).await);
}

#[tokio::test(start_paused = true)]
async fn what_was_over_before_is_read_once() {
    let stage = Stage::set()
        .await
        .on(DEPLOYMENT, [ok(done(&["Done.", LAST]))]);
    insta::assert_snapshot!(awaited(stage).await);
}

#[tokio::test(start_paused = true)]
async fn a_failure_carries_the_last_lines_that_the_dashboard_shows() {
    let lines: Vec<String> = (1..=25).map(|it| format!("step {it}")).collect();
    let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    lines.push("Deployment failed: Error: no such image\n");
    let stage = Stage::set().await.since(
        DEPLOYMENT,
        [
            (0, ok(deployment("in_progress", &lines[..20]))),
            (4, ok(deployment("failed", &lines[..24]))),
            (6, ok(deployment("failed", &lines))),
        ],
    );
    insta::assert_snapshot!(awaited(stage).await);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_deployment_is_a_failure() {
    let queued = |status| ok(without(deployment(status, &[]), "horizon_job_worker"));
    let stage = Stage::set().await.since(
        DEPLOYMENT,
        [(0, queued("queued")), (1, queued("cancelled-by-user"))],
    );
    insta::assert_snapshot!(awaited(stage).await);
}

/// A log that is withheld is absent, and an empty one is null.
#[tokio::test(start_paused = true)]
async fn a_withheld_log_is_told_once() {
    let hidden = |status| without(deployment(status, &[]), "logs");
    let stage = Stage::set().await.since(
        DEPLOYMENT,
        [
            (0, ok(hidden("queued"))),
            (2, ok(hidden("in_progress"))),
            (6, ok(with(hidden("failed"), "deployment_url", Value::Null))),
        ],
    );
    let events = run(&stage).events();
    stage.story.tell_all(events).await;
    stage.story.tell("--- awaited");
    let end = run(&stage).await;
    stage.story.tell_of("end", &end);
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn an_empty_log_is_not_withheld() {
    let silent = |status| with(deployment(status, &[]), "logs", Value::Null);
    let stage = Stage::set().await.since(
        DEPLOYMENT,
        [(0, ok(silent("in_progress"))), (6, ok(silent("failed")))],
    );
    insta::assert_snapshot!(follow(stage).await);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_never_existed_is_looked_for_six_times() {
    let stage = Stage::set().await.on(DEPLOYMENT, [absent()]);
    insta::assert_snapshot!(awaited(stage).await);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_may_appear_late() {
    let replies = (0..5).map(|_| absent()).chain([ok(done(&[LAST]))]);
    let stage = Stage::set().await.on(DEPLOYMENT, replies);
    insta::assert_snapshot!(follow(stage).await);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_was_seen_and_is_gone_was_deleted() {
    let seen = ok(deployment("in_progress", &["Starting."]));
    let stage = Stage::set().await.on(DEPLOYMENT, [seen, absent()]);
    insta::assert_snapshot!(follow(stage).await);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_restarts_is_waited_for() {
    let stage = Stage::set().await.since(
        DEPLOYMENT,
        [
            (0, outage()),
            (20, ok(deployment("in_progress", &["Starting."]))),
            (24, Reply::Cut),
            (60, Reply::Silence),
            (150, ok(done(&["Starting.", LAST, "d1"]))),
        ],
    );
    insta::assert_snapshot!(follow(stage).await);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_it() {
    let seen = ok(deployment("in_progress", &["Starting."]));
    let refusal = message(403, "Missing required permissions: read");
    let stage = Stage::set().await.on(DEPLOYMENT, [seen, refusal]);
    insta::assert_snapshot!(follow(stage).await);
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_three_minutes_ends_it() {
    let stage = Stage::set().await.on(DEPLOYMENT, [outage()]);
    insta::assert_snapshot!(awaited(stage).await);
}

#[tokio::test(start_paused = true)]
async fn the_maximum_wait_tells_the_last_status() {
    let stage = Stage::set()
        .await
        .on(DEPLOYMENT, [ok(deployment("in_progress", &[]))])
        .on("GET /deployments/d2", [outage()]);
    let seconds = Duration::from_secs;
    let seen = run(&stage).poll_every(seconds(4)).max_wait(seconds(10));
    let end = seen.await;
    stage.story.tell_of("end", &end);
    let unseen = stage.client().deployment("d2").follow();
    let end = unseen.max_wait(seconds(3)).await;
    stage.story.tell_of("end", &end);
    stage.story.tell("--- an hour, by default");
    let end = run(&stage).poll_every(seconds(600)).await;
    stage.story.tell_of("end", &end);
    insta::assert_snapshot!(stage.story);
}

/// The end of the log is written after the status. How long it is read depends on what
/// has been written.
#[tokio::test(start_paused = true)]
async fn the_rest_of_the_log_is_read_as_long_as_something_may_come() {
    let running = |lines: &[&str]| ok(deployment("in_progress", lines));
    let over = |lines: &[&str]| ok(deployment("finished", lines));
    let command = "Executing POST-DEPLOYMENT COMMAND (see debug log).";
    let cases: [(&str, Vec<(u64, Reply)>); 8] = [
        ("nothing more", vec![(1, over(&["a"]))]),
        (
            "one more line",
            vec![(1, over(&["a"])), (6, over(&["a", "b"]))],
        ),
        (
            "the last line, and no echo",
            vec![(1, over(&["a"])), (6, ok(done(&["a", LAST])))],
        ),
        (
            "a command that takes a minute",
            vec![
                (1, over(&["a", command])),
                (60, ok(done(&["a", command, "migrated"]))),
            ],
        ),
        ("a command without an end", vec![(1, over(&["a", command]))]),
        (
            "a restart of the server",
            vec![
                (1, over(&["a"])),
                (4, outage()),
                (20, over(&["a", LAST, "d1"])),
            ],
        ),
        (
            "a server that does not come back",
            vec![(1, over(&["a"])), (4, Reply::Cut)],
        ),
        (
            "a status that is not final",
            vec![(1, over(&["a"])), (4, running(&["a", "b"]))],
        ),
    ];
    let mut told = String::new();
    for (name, replies) in cases {
        let replies = [(0, running(&["a"]))].into_iter().chain(replies);
        let stage = Stage::set().await.since(DEPLOYMENT, replies);
        told += &chapter(name, follow(stage).await);
    }
    insta::assert_snapshot!(told);
}

#[tokio::test(start_paused = true)]
async fn failures_after_the_end_are_not_errors() {
    let over = ok(deployment("finished", &["a"]));
    let mut told = String::new();
    for failure in [absent(), message(401, "Unauthenticated."), ok(json!([]))] {
        let seen = ok(deployment("in_progress", &[]));
        let stage = Stage::set().await;
        let stage = stage.on(DEPLOYMENT, [seen, over.clone(), failure]);
        told += &awaited(stage).await;
    }
    insta::assert_snapshot!(told);
}
