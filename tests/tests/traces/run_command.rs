//! Running a command once: what is sent, when, and what is left on the server.

use std::time::Duration;

use coolify_sdk::scheduled_tasks::{HasScheduledTasks, RunCommand, TaskOutput};
use coolify_sdk::{Coolify, Result};
use coolify_sdk_tests::Traces;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, failure, made, message, ok, outage, status};

const TASKS: &str = "/applications/a1/scheduled-tasks";
const ENDED: &str = "2026-11-22T00:26:56.000000Z";

pub fn run(uuid: &str, status: &str, finished_at: Option<&str>) -> Value {
    json!({
        "uuid": uuid, "status": status, "finished_at": finished_at,
        "message": "it said this", "duration": "1.12",
    })
}

fn failed(details: Option<&str>) -> Value {
    let mut run = run("r1", "failed", Some(ENDED));
    run["error_details"] = details.into();
    run
}

fn success() -> Value {
    run("r1", "success", Some(ENDED))
}

/// Everything that an output says.
pub fn of_output(output: &Result<TaskOutput>) -> String {
    match output {
        Ok(output) => format!(
            "{}, success: {}, output: {:?}, left over: {:?}",
            output.status,
            output.is_success(),
            output.output,
            output.leftover,
        ),
        Err(error) => failure(error),
    }
}

/// Sets a stage on which everything works and the command has run at once.
async fn stage(version: &str) -> Stage {
    let task = json!({"uuid": "t1", "name": "its name"});
    let running = json!({"uuid": "a1", "name": "web", "status": "running:healthy"});
    Stage::of_version(version)
        .await
        .on("GET /applications/a1", [ok(running)])
        .on(&format!("POST {TASKS}"), [status(201, task)])
        .on(
            &format!("POST {TASKS}/t1/execute"),
            [message(200, "queued")],
        )
        .on(
            &format!("GET {TASKS}/t1/executions"),
            [ok(json!([success()]))],
        )
        .on(
            &format!("PATCH {TASKS}/t1"),
            [ok(json!({"uuid": "t1", "name": "its name"}))],
        )
        .on(&format!("DELETE {TASKS}/t1"), [message(200, "deleted")])
}

fn executions(stage: Stage, rows: impl IntoIterator<Item = (u64, Reply)>) -> Stage {
    stage.since(&format!("GET {TASKS}/t1/executions"), rows)
}

fn runs(rows: impl IntoIterator<Item = Value>) -> Reply {
    ok(rows.into_iter().collect::<Value>())
}

fn command(coolify: &Coolify) -> RunCommand<impl HasScheduledTasks> {
    let tasks = coolify.application("a1").scheduled_tasks();
    tasks.run_command("php artisan migrate --force")
}

/// Runs a command, and tells its story.
async fn told(name: &str, stage: Stage) -> String {
    let output = command(&stage.client()).await;
    stage.story.tell(of_output(&output));
    chapter(name, stage.story)
}

#[tokio::test(start_paused = true)]
async fn a_command_is_run_and_its_task_removed() {
    let stage = stage("4.3.11").await;
    let stage = executions(
        stage,
        [
            (0, runs([])),
            (3, runs([run("r1", "running", None)])),
            (7, runs([run("r1", "success", None)])),
            (9, runs([success()])),
        ],
    );
    let coolify = stage.client();
    let command = command(&coolify).container("php").timeout(900);
    stage.story.tell(format!("{command:?}"));
    let output = command.await;
    stage.story.tell(of_output(&output));
    stage.story.tell(format!("{output:#?}"));
    insta::assert_snapshot!(stage.story);
}

/// Coolify sets the status of a run first, then the time of its end, and then the message.
#[tokio::test(start_paused = true)]
async fn the_rest_of_a_run_is_waited_for() {
    let unfinished = run("r1", "success", None);
    let cases = [
        (
            "a failure without a reason",
            vec![(0, runs([failed(None)]))],
        ),
        (
            "a failure whose reason comes later",
            vec![
                (0, runs([failed(None)])),
                (3, runs([failed(Some("exit code 3"))])),
            ],
        ),
        (
            "a failure with its reason",
            vec![(0, runs([failed(Some("exit code 3"))]))],
        ),
        (
            "a success without an end",
            vec![(0, runs([unfinished.clone()]))],
        ),
        (
            "a success that cannot be read again",
            vec![(0, runs([unfinished.clone()])), (1, message(403, "No."))],
        ),
        (
            "a success before an outage",
            vec![
                (0, runs([unfinished.clone()])),
                (1, outage()),
                (20, runs([success()])),
            ],
        ),
        (
            "an unknown status",
            vec![
                (0, runs([run("r1", "melting", None)])),
                (3, runs([run("r1", "molten", Some(ENDED))])),
            ],
        ),
        (
            "no status",
            vec![(0, runs([json!({"uuid": "r1"})])), (3, runs([success()]))],
        ),
        (
            "another run before it",
            vec![
                (0, runs([run("r1", "running", None)])),
                (3, runs([run("r2", "failed", Some(ENDED)), success()])),
            ],
        ),
        (
            "a run that vanishes",
            vec![(0, runs([run("r1", "running", None)])), (3, runs([]))],
        ),
    ];
    let mut all = String::new();
    for (name, rows) in cases {
        all += &told(name, executions(stage("4.3.11").await, rows)).await;
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_does_not_end_is_given_up_after_its_time() {
    let mut all = String::new();
    for (name, rows) in [
        ("not started", vec![(0, runs([]))]),
        ("not ended", vec![(0, runs([run("r1", "running", None)]))]),
    ] {
        all += &told(name, executions(stage("4.3.11").await, rows.clone())).await;
        let stage = executions(stage("4.3.11").await, rows);
        let seconds = Duration::from_secs;
        let short = command(&stage.client()).poll_every(seconds(3));
        let output = short.max_wait(seconds(10)).await;
        stage.story.tell(of_output(&output));
        stage.story.tell("--- with a timeout");
        let timed = command(&stage.client()).timeout(30).poll_every(seconds(50));
        stage.story.tell(of_output(&timed.await));
        all += &stage.story.to_string();
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_runs_ends_it_unless_it_passes() {
    let mut all = String::new();
    for (name, rows) in [
        ("a refusal", vec![(0, runs([])), (3, message(403, "No."))]),
        (
            "no such task",
            vec![(0, message(404, "Scheduled task not found."))],
        ),
        ("an outage", vec![(0, outage()), (60, runs([success()]))]),
        ("an outage that lasts", vec![(0, Reply::Cut)]),
    ] {
        all += &told(name, executions(stage("4.3.11").await, rows)).await;
    }
    insta::assert_snapshot!(all);
}

/// A request whose reply is lost may have been carried out.
#[tokio::test(start_paused = true)]
async fn a_run_that_was_perhaps_requested_is_looked_for() {
    let mut all = String::new();
    for (name, rows) in [
        (
            "it was",
            vec![
                (0, runs([])),
                (10, runs([run("r1", "running", None)])),
                (20, runs([success()])),
            ],
        ),
        ("it was not", vec![(0, runs([]))]),
        (
            "nobody knows",
            vec![(0, runs([])), (9, message(403, "No."))],
        ),
        (
            "it was, and does not end",
            vec![(0, runs([run("r1", "running", None)]))],
        ),
    ] {
        let stage = executions(stage("4.3.11").await, rows);
        let stage = stage.on(&format!("POST {TASKS}/t1/execute"), [Reply::Cut]);
        all += &told(name, stage).await;
    }
    for (name, reply) in [
        ("refused", message(403, "No.")),
        ("not found", message(404, "Scheduled task not found.")),
        ("failed", message(500, "Server Error")),
    ] {
        let stage = executions(stage("4.3.11").await, [(0, runs([]))]);
        let stage = stage.on(&format!("POST {TASKS}/t1/execute"), [reply]);
        all += &told(name, stage).await;
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_was_perhaps_made_is_looked_for() {
    let named =
        made(|made| json!([{"uuid": "t0", "name": "other"}, {"uuid": "t1", "name": made["name"]}]));
    let none = || ok(json!([{"uuid": "t0", "name": "run-once-0123456789abcdef"}]));
    let mut all = String::new();
    for (name, list) in [
        ("it was", vec![(0, none()), (3, named.clone())]),
        (
            "it was, and the server restarts",
            vec![(0, outage()), (9, named.clone())],
        ),
        ("it was not", vec![(0, none())]),
        ("nobody knows", vec![(0, message(403, "No."))]),
        ("it is made later", vec![(0, none()), (7, named)]),
    ] {
        let stage = stage("4.3.11").await;
        let stage = stage
            .on(&format!("POST {TASKS}"), [Reply::Cut])
            .since(&format!("GET {TASKS}"), list);
        all += &told(name, stage).await;
    }
    let rare = stage("4.3.11")
        .await
        .on(&format!("POST {TASKS}"), [Reply::Cut]);
    let rare = rare.on(&format!("GET {TASKS}"), [none()]);
    let rarely = rare.builder().poll_every(Duration::from_secs(130));
    let output = command(&rarely.build().expect("a client")).await;
    rare.story.tell(of_output(&output));
    all += &chapter("it was not, and is looked for rarely", rare.story);
    for (name, reply) in [
        ("refused", message(422, "The command is too long.")),
        ("not found", message(404, "Application not found.")),
    ] {
        let stage = stage("4.3.11").await.on(&format!("POST {TASKS}"), [reply]);
        all += &told(name, stage).await;
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_cannot_be_removed_is_left_over() {
    let gone = || message(404, "Scheduled task not found.");
    let mut all = String::new();
    for (name, replies) in [
        ("gone already", vec![(0, gone())]),
        (
            "after an outage",
            vec![(0, outage()), (200, message(200, "deleted"))],
        ),
        ("after a lost reply", vec![(0, Reply::Cut), (2, gone())]),
        ("never", vec![(0, outage())]),
        ("refused", vec![(0, message(403, "No."))]),
    ] {
        let route = format!("DELETE {TASKS}/t1");
        let stage = stage("4.3.11").await.since(&route, replies.clone());
        all += &told(name, stage).await;
    }
    let stage = executions(stage("4.3.11").await, [(0, message(401, "No."))]);
    let stage = stage.on(&format!("DELETE {TASKS}/t1"), [message(401, "No.")]);
    all += &told("nor read", stage).await;
    insta::assert_snapshot!(all);
}

/// Before 4.3.0, only the schedule runs tasks.
#[tokio::test(start_paused = true)]
async fn an_old_server_is_left_to_its_schedule() {
    let rows = [
        (0, runs([])),
        (60, runs([run("r1", "running", None)])),
        (65, runs([success()])),
    ];
    let patch = format!("PATCH {TASKS}/t1");
    let mut all = told("seen", executions(stage("4.2.0").await, rows.clone())).await;
    for (name, replies) in [
        (
            "an outage",
            vec![(0, outage()), (80, ok(json!({"uuid": "t1", "name": "n"})))],
        ),
        ("a refusal", vec![(0, message(403, "No."))]),
    ] {
        let stage = executions(stage("4.2.0").await, rows.clone());
        all += &told(name, stage.since(&patch, replies)).await;
    }
    for status in [
        "exited:unhealthy",
        "starting:unknown",
        "running:unhealthy",
        "degraded",
    ] {
        let row = json!({"uuid": "a1", "name": "web", "status": status});
        let stage = stage("4.2.0").await.on("GET /applications/a1", [ok(row)]);
        all += &told(status, stage).await;
    }
    let stage = stage("4.2.0").await;
    let stage = stage.on(
        "GET /applications/a1",
        [message(404, "Application not found.")],
    );
    all += &told("no application", stage).await;
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_command_is_as_long_as_coolify_stores() {
    let stage_of = |version| stage(version);
    let mut all = String::new();
    for (version, length) in [
        ("4.3.11", 255),
        ("4.3.11", 256),
        ("4.2.0", 147),
        ("4.2.0", 148),
        ("4.2.0", 255),
        ("4.2.0", 256),
    ] {
        let stage = stage_of(version).await;
        let tasks = stage.client().application("a1").scheduled_tasks();
        let output = tasks.run_command("ä".repeat(length)).await;
        stage.story.tell(of_output(&output));
        let name = format!("{length} characters, {version}");
        all += &chapter(&name, stage.story);
    }
    insta::assert_snapshot!(all);
}

/// Dropping the future removes the task in the background.
#[tokio::test(start_paused = true)]
async fn a_command_that_is_dropped_takes_its_task_away() {
    let named = made(|made| json!([{"uuid": "t1", "name": made["name"]}]));
    let mut all = String::new();
    for (name, after, made) in [
        ("before anything was made", 0, Reply::Cut),
        ("while it is made", 2, Reply::Silence),
        (
            "while it runs",
            5,
            status(201, json!({"uuid": "t1", "name": "n"})),
        ),
    ] {
        let stage = executions(stage("4.3.11").await, [(0, runs([]))]);
        let stage = stage
            .on(&format!("POST {TASKS}"), [made])
            .on(&format!("GET {TASKS}"), [named.clone()]);
        let coolify = stage.client();
        let run = command(&coolify).into_future();
        let wait = tokio::time::timeout(Duration::from_secs(after), run);
        let ended = wait.await.is_ok();
        stage.story.tell(format!("dropped, ended: {ended}"));
        tokio::time::sleep(Duration::from_secs(60)).await;
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

/// Nobody waits for the removal, so its failure is logged.
#[tokio::test(start_paused = true)]
async fn a_dropped_command_warns_of_what_it_leaves() {
    let mut all = String::new();
    for (name, reply) in [
        ("removed", message(200, "deleted")),
        ("refused", message(403, "No.")),
    ] {
        let traces = Traces::start();
        let stage = executions(stage("4.3.11").await, [(0, runs([]))]);
        let stage = stage.on(&format!("DELETE {TASKS}/t1"), [reply]);
        let run = command(&stage.client()).into_future();
        let _ = tokio::time::timeout(Duration::from_secs(3), run).await;
        tokio::time::sleep(Duration::from_secs(10)).await;
        for line in traces.take().lines() {
            if let Some((_, warning)) = line.split_once(" WARN ") {
                stage.story.tell(format!("warning: {warning}"));
            }
        }
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

/// The two kinds of resources have the same calls.
#[tokio::test(start_paused = true)]
async fn a_command_runs_in_a_container_of_a_service() {
    let tasks = "/services/s1/scheduled-tasks";
    let mut all = String::new();
    for version in ["4.3.11", "4.2.0"] {
        let part = |status| json!({"uuid": "p", "name": "web", "status": status});
        let service = json!({
            "uuid": "s1", "name": "shop", "status": "running:unhealthy",
            "applications": [part("running:healthy")], "databases": [part("exited")],
        });
        let stage = Stage::of_version(version)
            .await
            .on("GET /services/s1", [ok(service)])
            .on(
                &format!("POST {tasks}"),
                [status(201, json!({"uuid": "t1", "name": "n"}))],
            )
            .on(
                &format!("POST {tasks}/t1/execute"),
                [message(200, "queued")],
            )
            .on(&format!("GET {tasks}/t1/executions"), [runs([success()])])
            .on(
                &format!("PATCH {tasks}/t1"),
                [ok(json!({"uuid": "t1", "name": "n"}))],
            )
            .on(&format!("DELETE {tasks}/t1"), [message(200, "deleted")]);
        let service = stage.client().service("s1").scheduled_tasks();
        let output = service.run_command("ls").container("web").await;
        stage.story.tell(of_output(&output));
        all += &chapter(version, stage.story);
    }
    insta::assert_snapshot!(all);
}
