//! Watching several deployments as one.

use std::task::{Context, Poll, Waker};
use std::time::Duration;

use coolify_sdk::deployments::{ResourceRun, Rollout, RolloutOutcome};
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, absent, chapter, failure, message, ok, outage};

const LIST: &str = "GET /deployments";

fn row(uuid: &str, status: &str, lines: &[&str]) -> Value {
    let entries: Vec<_> = lines.iter().map(|line| json!({"output": line})).collect();
    json!({
        "deployment_uuid": uuid,
        "status": status,
        "application_name": format!("the application of {uuid}"),
        "horizon_job_worker": "vm",
        "logs": Value::from(entries).to_string(),
    })
}

fn silent(uuid: &str, status: &str) -> Value {
    let mut row = row(uuid, status, &[]);
    row.as_object_mut().map(|row| row.remove("logs"));
    row
}

fn one(uuid: &str, status: &str, lines: &[&str]) -> Reply {
    ok(row(uuid, status, lines))
}

fn rollout(stage: &Stage, count: usize) -> Rollout {
    let coolify = stage.client();
    let run = |number| {
        let run = coolify.deployment(format!("d{number}")).follow();
        ResourceRun::new(format!("a{number}"), run)
    };
    (1..=count).map(run).collect()
}

/// Tells all events with the progress after each.
async fn watch(stage: &Stage, rollout: &Rollout) {
    let mut events = rollout.events();
    while let Some(one) = events.next().await {
        let (resource, progress) = (one.resource, one.progress);
        let what = format!("{resource} ({progress}, over: {})", progress.is_over());
        stage.story.tell_of(&what, &one.event);
    }
    stage.story.tell("the stream ends");
}

/// Watches a rollout, and waits for it again when all is over.
async fn watch_and_wait(stage: &Stage, deployments: usize) {
    let all = rollout(stage, deployments);
    watch(stage, &all).await;
    stage.story.tell("--- awaited, when all are over");
    tell(stage, &all.wait().await);
}

fn tell(stage: &Stage, outcome: &RolloutOutcome) {
    for one in &outcome.finished {
        let (uuid, name) = (&one.deployment.deployment_uuid, &one.name);
        stage
            .story
            .tell(format!("{} ({name:?}): {uuid} has finished", one.resource));
    }
    for one in &outcome.failed {
        let (resource, name) = (&one.resource, &one.name);
        let error = failure(&one.error);
        stage.story.tell(format!("{resource} ({name:?}): {error}"));
    }
    stage
        .story
        .tell(format!("success: {}", outcome.is_success()));
}

/// Three deployments: one succeeds, one fails, and one is cancelled while it waits.
async fn three() -> Stage {
    let last = "Gracefully shutting down build container: d1";
    let failed = "Deployment failed: Error: no space left";
    let cancelled = json!({"deployment_uuid": "d3", "status": "cancelled-by-user"});
    Stage::set()
        .await
        .since(
            LIST,
            [
                (
                    0,
                    ok(json!([
                        row("d1", "in_progress", &["one"]),
                        row("d2", "queued", &[]),
                        row("d3", "queued", &[]),
                        row("d9", "in_progress", &["of somebody else"]),
                    ])),
                ),
                (
                    3,
                    ok(json!({
                        "0": row("d2", "in_progress", &["two"]),
                        "2": row("d3", "queued", &[]),
                    })),
                ),
                (7, ok(json!([row("d2", "finished", &[])]))),
            ],
        )
        .since(
            "GET /deployments/d1",
            [
                (0, one("d1", "finished", &["one", "Done."])),
                (5, one("d1", "finished", &["one", "Done.", last])),
                (6, one("d1", "finished", &["one", "Done.", last, "d1"])),
            ],
        )
        .since(
            "GET /deployments/d2",
            [
                (0, one("d2", "failed", &["two"])),
                (9, one("d2", "failed", &["two", failed])),
            ],
        )
        .on("GET /deployments/d3", [ok(cancelled)])
}

#[tokio::test(start_paused = true)]
async fn all_deployments_are_watched_by_one_list() {
    let stage = three().await;
    watch(&stage, &rollout(&stage, 3)).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn whole_logs_are_read_on() {
    let stage = three().await;
    watch(&stage, &rollout(&stage, 3).whole_logs()).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn the_outcome_names_what_failed() {
    let stage = three().await;
    let outcome = rollout(&stage, 3).wait().await;
    tell(&stage, &outcome);
    let result = outcome.into_result().map(|all| all.len());
    stage.story.tell_of("as a result", &result);
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn a_rollout_without_a_run_is_over() {
    let stage = Stage::set().await;
    let none = rollout(&stage, 0);
    watch(&stage, &none).await;
    let outcome = none.wait().await;
    tell(&stage, &outcome);
    stage
        .story
        .tell_of("result", &outcome.into_result().map(|all| all.len()));
    insta::assert_snapshot!(stage.story);
}

/// A member's list is empty.
#[tokio::test(start_paused = true)]
async fn what_is_not_listed_is_read_three_at_a_time() {
    let mut stage = Stage::set().await.on(LIST, [ok(json!([]))]);
    for number in 1..=5 {
        let uuid = format!("d{number}");
        let path = format!("GET /deployments/{uuid}");
        let (open, over) = (one(&uuid, "in_progress", &[]), one(&uuid, "finished", &[]));
        stage = stage.since(&path, [(0, open), (5 + number, over)]);
    }
    watch(&stage, &rollout(&stage, 5)).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_cannot_be_found_does_not_end_the_others() {
    let listed = ok(json!([row("d2", "in_progress", &[])]));
    let gone = ok(json!([
        row("d1", "in_progress", &["one"]),
        row("d2", "in_progress", &[])
    ]));
    let stage = Stage::set()
        .await
        .since(LIST, [(0, gone), (3, listed), (25, ok(json!([])))])
        .on("GET /deployments/d1", [absent()])
        .on("GET /deployments/d2", [one("d2", "finished", &[])])
        .on("GET /deployments/d3", [absent()]);
    watch_and_wait(&stage, 3).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_sees_no_logs_is_told_so_once_for_each() {
    let running = || {
        ok(json!([
            silent("d1", "in_progress"),
            silent("d2", "in_progress")
        ]))
    };
    let stage = Stage::set()
        .await
        .since(LIST, [(0, running()), (5, ok(json!([])))])
        .since(
            "GET /deployments/d1",
            [
                (0, ok(silent("d1", "in_progress"))),
                (5, ok(silent("d1", "finished"))),
            ],
        )
        .on("GET /deployments/d2", [ok(silent("d2", "failed"))])
        .on("GET /deployments/d3", [ok(silent("d3", "failed"))]);
    watch_and_wait(&stage, 3).await;
    insta::assert_snapshot!(stage.story);
}

/// A list without logs does not say whether the token may see them: a deployment may have
/// begun just now. The second time, one deployment is asked for its log.
#[tokio::test(start_paused = true)]
async fn a_list_without_logs_is_a_reason_to_ask_once() {
    let mut story = String::new();
    let late = row("d1", "in_progress", &["one"]);
    let silent_one = || silent("d1", "in_progress");
    for (case, listed, read) in [
        ("the token sees no logs", Some(silent_one()), silent_one()),
        ("the log begins late", Some(silent_one()), late.clone()),
        ("what is not listed has no log yet", None, silent_one()),
        ("what is not listed has a log", None, late),
    ] {
        let stage = Stage::set()
            .await
            .since(
                LIST,
                [
                    (0, ok(listed.into_iter().collect::<Value>())),
                    (9, ok(json!([]))),
                ],
            )
            .since(
                "GET /deployments/d1",
                [(0, ok(read)), (9, ok(silent("d1", "finished")))],
            );
        watch(&stage, &rollout(&stage, 1)).await;
        story.push_str(&chapter(case, &stage.story));
    }
    insta::assert_snapshot!(story);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_fails_is_tried_again_or_given_up() {
    let over = || one("d1", "finished", &["one"]);
    let running = || ok(json!([row("d1", "in_progress", &["one"])]));
    let unreadable = || ok(json!("what?"));
    let cases = [
        (
            "an outage",
            vec![(0, running()), (3, outage()), (90, ok(json!([])))],
        ),
        ("a refusal", vec![(0, running()), (3, message(403, "No."))]),
        (
            "unreadable twice",
            vec![(0, running()), (3, unreadable()), (7, ok(json!([])))],
        ),
        ("unreadable", vec![(0, running()), (3, unreadable())]),
        (
            "unreadable now and then",
            vec![
                (0, unreadable()),
                (3, running()),
                (5, unreadable()),
                (9, running()),
                (11, unreadable()),
                (15, ok(json!([]))),
            ],
        ),
    ];
    let mut told = String::new();
    for (name, list) in cases {
        let stage = Stage::set().await.since(LIST, list);
        let open = one("d1", "in_progress", &["one", "two"]);
        let stage = stage.since("GET /deployments/d1", [(0, open), (14, over())]);
        watch(&stage, &rollout(&stage, 1)).await;
        told += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(told);
}

#[tokio::test(start_paused = true)]
async fn a_failure_while_reading_belongs_to_its_deployment() {
    let stage = Stage::set()
        .await
        .on(LIST, [ok(json!([]))])
        .on("GET /deployments/d1", [message(403, "Not yours.")])
        .since(
            "GET /deployments/d2",
            [
                (0, outage()),
                (7, one("d2", "failed", &["two"])),
                (8, message(401, "No.")),
            ],
        )
        .since(
            "GET /deployments/d3",
            [(0, one("d3", "failed", &["three"])), (1, outage())],
        );
    let all = rollout(&stage, 3).max_wait(Duration::from_secs(10));
    watch(&stage, &all).await;
    stage.story.tell("--- awaited, when all are over");
    let outcome = all.wait().await;
    tell(&stage, &outcome);
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn each_deployment_has_its_own_maximum_wait() {
    let seconds = Duration::from_secs;
    let open = |uuid: &str| one(uuid, "in_progress", &[]);
    let stage = Stage::set()
        .await
        .on(
            LIST,
            [ok(json!([
                row("d1", "queued", &[]),
                row("d2", "in_progress", &[])
            ]))],
        )
        .on("GET /deployments/d3", [open("d3")])
        .on("GET /deployments/d4", [Reply::Silence])
        .on("GET /deployments/d5", [Reply::Silence]);
    let coolify = stage
        .builder()
        .timeout(seconds(10_000))
        .build()
        .expect("a client");
    let run = |number: u64| {
        let run = coolify.deployment(format!("d{number}")).follow();
        let run = run
            .poll_every(seconds(10 - number))
            .max_wait(seconds(9 + 2 * number));
        ResourceRun::new(format!("a{number}"), run)
    };
    let own: Rollout = (1..=5).map(run).collect();
    watch(&stage, &own).await;
    stage.story.tell("--- the settings of the rollout");
    let all = rollout(&stage, 3)
        .poll_every(seconds(5))
        .max_wait(seconds(12));
    watch(&stage, &all).await;
    stage.story.tell("--- an hour, by default");
    watch(&stage, &rollout(&stage, 1).poll_every(seconds(1_000))).await;
    insta::assert_snapshot!(stage.story);
}

/// A maximum wait may be over while the rest of a log is read.
#[tokio::test(start_paused = true)]
async fn the_maximum_wait_does_not_hide_an_outcome() {
    let seconds = Duration::from_secs;
    let command = "Executing post-deployment command.";
    let stage = Stage::set()
        .await
        .on(LIST, [ok(json!([]))])
        .on(
            "GET /deployments/d1",
            [one("d1", "finished", &["one", command])],
        )
        .on(
            "GET /deployments/d2",
            [one("d2", "failed", &["two"]), Reply::Silence],
        );
    let coolify = stage
        .builder()
        .timeout(seconds(10_000))
        .build()
        .expect("a client");
    let run = |number: u64| {
        let run = coolify.deployment(format!("d{number}")).follow();
        ResourceRun::new(format!("a{number}"), run)
    };
    let all: Rollout = (1..=2).map(run).collect();
    watch(&stage, &all.whole_logs().max_wait(seconds(20))).await;
    insta::assert_snapshot!(stage.story);
}

/// At most eight deployments are read at the same time.
#[tokio::test(start_paused = true)]
async fn many_deployments_are_read_eight_at_a_time() {
    let mut stage = Stage::set().await.on(LIST, [ok(json!([]))]);
    for number in 1..=20 {
        let uuid = format!("d{number}");
        let over = Reply::Late(1, Box::new(one(&uuid, "finished", &[])));
        stage = stage.on(&format!("GET /deployments/{uuid}"), [over]);
    }
    let outcome = rollout(&stage, 20).wait().await;
    tell(&stage, &outcome);
    insta::assert_snapshot!(stage.story);
}

/// Coolify may restart while the rest of a log is read.
#[tokio::test(start_paused = true)]
async fn an_outage_does_not_cut_off_a_whole_log() {
    let stage = Stage::set().await.on(LIST, [ok(json!([]))]).since(
        "GET /deployments/d1",
        [
            (0, one("d1", "finished", &["one"])),
            (2, outage()),
            (20, one("d1", "finished", &["one", "two"])),
        ],
    );
    let stage = stage.since(
        "GET /deployments/d2",
        [(0, one("d2", "failed", &["two"])), (2, Reply::Cut)],
    );
    watch(&stage, &rollout(&stage, 2).whole_logs()).await;
    insta::assert_snapshot!(stage.story);
}

#[test]
fn without_a_runtime_each_deployment_ends_with_an_error() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let stage = runtime.block_on(Stage::set());
    let mut events = rollout(&stage, 2).events();
    let mut context = Context::from_waker(Waker::noop());
    let mut told = String::new();
    while let Poll::Ready(Some(one)) = events.poll_next_unpin(&mut context) {
        let error = one.event.expect_err("there is no runtime");
        let what = format!("{} ({})", one.resource, one.progress);
        told += &chapter(&what, failure(&error));
    }
    insta::assert_snapshot!(told);
}
