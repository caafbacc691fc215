//! The scheduled tasks of a resource.

use std::time::Duration;

use serde_json::json;

use crate::run_command::{of_output, run};
use crate::stage::{Reply, Stage, chapter, message, ok, outage, status};

const TASKS: &str = "/services/s1/scheduled-tasks";
const ENDED: Option<&str> = Some("2026-11-22T00:26:56.000000Z");

#[tokio::test(start_paused = true)]
async fn each_call_has_its_request() {
    let task = json!({"uuid": "t1", "name": "clean-up", "command": "ls", "enabled": true});
    let stage = Stage::set()
        .await
        .on(&format!("GET {TASKS}"), [ok(json!([task]))])
        .on(&format!("POST {TASKS}"), [status(201, task.clone())])
        .on(&format!("PATCH {TASKS}/t1"), [ok(task)])
        .on(
            &format!("DELETE {TASKS}/t1"),
            [message(200, "Scheduled task deleted.")],
        )
        .on(
            &format!("POST {TASKS}/t1/execute"),
            [message(200, "queued")],
        )
        .on(
            &format!("GET {TASKS}/t1/executions"),
            [ok(json!([run("r1", "success", ENDED)]))],
        );
    let tasks = stage.client().service("s1").scheduled_tasks();
    let story = &stage.story;
    story.tell_of("list", &tasks.list().await);
    let create = tasks.create("clean-up", "ls", "hourly").container("web");
    story.tell_of("created", &create.timeout(120).enabled(false).await);
    let update = tasks.update("t1").name("renamed").frequency("daily");
    story.tell_of("updated", &update.clear_container().await);
    story.tell_of("executed", &tasks.execute("t1").await);
    story.tell_of("executed", &tasks.execute("t1").send().await);
    story.tell_of("runs", &tasks.executions("t1").await);
    story.tell_of("deleted", &tasks.delete("t1").await);
    let long = tasks.create("long", "x".repeat(256), "hourly").await;
    story.tell_of("too long", &long);
    let long = tasks.update("t1").command("x".repeat(256)).await;
    story.tell_of("too long", &long);
    insta::assert_snapshot!(story);
}

#[tokio::test(start_paused = true)]
async fn the_first_new_run_of_a_task_is_ours() {
    let known = || run("r0", "success", ENDED);
    let ours = |status: &str, ended| run("r1", status, ended);
    let running = || run("r2", "running", None);
    let cases = [
        (
            "it comes",
            message(200, "queued"),
            vec![
                (0, ok(json!([known()]))),
                (3, ok(json!([ours("running", None), known()]))),
                (5, ok(json!([running(), ours("success", ENDED), known()]))),
            ],
        ),
        (
            "it never comes",
            message(200, "queued"),
            vec![(0, ok(json!([known()])))],
        ),
        (
            "its request was lost, and it comes",
            Reply::Cut,
            vec![
                (0, ok(json!([known()]))),
                (50, ok(json!([ours("success", ENDED), known()]))),
            ],
        ),
        (
            "its request was lost, and so was it",
            Reply::Cut,
            vec![(0, ok(json!([known()])))],
        ),
        (
            "the runs cannot be read",
            message(200, "queued"),
            vec![(0, message(404, "Scheduled task not found."))],
        ),
        ("refused", message(403, "No."), vec![(0, ok(json!([])))]),
    ];
    let mut all = String::new();
    for (name, reply, runs) in cases {
        let stage = Stage::set()
            .await
            .on(&format!("POST {TASKS}/t1/execute"), [reply])
            .since(&format!("GET {TASKS}/t1/executions"), runs);
        let tasks = stage.client().service("s1").scheduled_tasks();
        let output = tasks.execute("t1").and_wait().await;
        stage.story.tell(of_output(&output));
        all += &chapter(name, stage.story);
    }
    let stage = Stage::set()
        .await
        .on(
            &format!("POST {TASKS}/t1/execute"),
            [message(200, "queued")],
        )
        .on(&format!("GET {TASKS}/t1/executions"), [ok(json!([]))]);
    let tasks = stage.client().service("s1").scheduled_tasks();
    let seconds = Duration::from_secs;
    let patient = tasks
        .execute("t1")
        .poll_every(seconds(4))
        .max_wait(seconds(9));
    stage.story.tell(of_output(&patient.and_wait().await));
    all += &chapter("with a maximum wait", stage.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn an_old_server_executes_no_task() {
    let stage = Stage::of_version("4.2.0").await;
    let coolify = stage.client();
    let tasks = coolify.application("a1").scheduled_tasks();
    stage.story.tell_of("executed", &tasks.execute("t1").await);
    stage.story.tell_of("version", &coolify.version().await);
    stage.story.tell_of("executed", &tasks.execute("t1").await);
    let output = tasks.execute("t1").and_wait().await;
    stage.story.tell(of_output(&output));
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn only_what_a_program_has_left_behind_is_removed() {
    let list = json!([
        {"uuid": "t1", "name": "run-once-0123456789abcdef"},
        {"uuid": "t2", "name": "run-once-0123456789ABCDEF"},
        {"uuid": "t3", "name": "run-once-0123456789abcde"},
        {"uuid": "t4", "name": "run-once-0123456789abcdefg"},
        {"uuid": "t5", "name": "backup"},
        {"uuid": "t6", "name": "run-once-fedcba9876543210"},
        {"uuid": "t7", "name": "run-once-0000000000000000"},
    ]);
    let removed = |reply: Reply| async {
        let stage = Stage::set()
            .await
            .on(&format!("GET {TASKS}"), [ok(list.clone())])
            .on(&format!("DELETE {TASKS}/t1"), [message(200, "deleted")])
            .on(&format!("DELETE {TASKS}/t6"), [reply])
            .on(&format!("DELETE {TASKS}/t7"), [message(200, "deleted")]);
        let tasks = stage.client().service("s1").scheduled_tasks();
        stage
            .story
            .tell_of("removed", &tasks.remove_leftovers().await);
        stage.story.to_string()
    };
    let mut all = String::new();
    for reply in [
        message(200, "deleted"),
        message(404, "Scheduled task not found."),
        outage(),
    ] {
        all += &removed(reply).await;
    }
    insta::assert_snapshot!(all);
}
