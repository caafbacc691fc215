//! Temporary tasks that are searched for and removed.

use std::time::Duration;

use serde_json::json;

use crate::applications::ApplicationHandle;
use crate::testing::{FakeCoolify, Fault};
use crate::{Pacing, RetryPolicy};

fn application(fake: &FakeCoolify) -> (ApplicationHandle, String) {
    let uuid = fake.seed_application(&fake.seed_project("shop"), "web");
    fake.set_application(&uuid, "status", "running:healthy");
    let coolify = crate::Coolify::builder()
        .url(fake.url())
        .token(fake.token())
        .pacing(Pacing::off())
        .build()
        .unwrap()
        .with_retry(RetryPolicy::none());
    let path = format!("/applications/{uuid}/scheduled-tasks");
    (coolify.application(uuid), path)
}

fn tasks(fake: &FakeCoolify) -> usize {
    fake.state()["tasks"].as_array().unwrap().len()
}

#[tokio::test]
async fn what_somebody_else_removed_first_is_passed_over() {
    let fake = FakeCoolify::start().await;
    let (app, path) = application(&fake);
    let tasks_of = app.scheduled_tasks();
    for name in ["run-once-0123456789abcdef", "run-once-fedcba9876543210"] {
        let task = tasks_of.create(name, "echo again", "* * * * *");
        task.await.unwrap();
    }
    let first = tasks_of.list().await.unwrap().remove(0);
    let path = format!("{path}/{}", first.uuid);
    fake.fail_next(Fault::status(404).on("DELETE", path));
    let removed = tasks_of.remove_leftovers().await.unwrap();
    assert_eq!(removed.len(), 1);
    assert_ne!(removed[0].uuid, first.uuid);
    // A task that may not be removed is an error.
    let path = format!(
        "/applications/{}/scheduled-tasks/{}",
        app.uuid(),
        first.uuid
    );
    fake.fail_next(Fault::status(403).on("DELETE", path));
    let error = tasks_of.remove_leftovers().await.unwrap_err();
    assert_eq!(error.status(), Some(403));
    assert_eq!(tasks(&fake), 1);
}

#[tokio::test]
async fn a_task_that_appears_late_is_found() {
    let fake = FakeCoolify::start().await;
    let (app, path) = application(&fake);
    fake.fail_next(Fault::lost_reply().on("POST", path.as_str()));
    fake.fail_next(Fault::status(200).json(json!([])).on("GET", path.as_str()));
    let tasks_of = app.scheduled_tasks();
    let run = tasks_of.run_command("echo hello");
    let output = run.poll_every(Duration::from_millis(100)).await.unwrap();
    assert_eq!(output.output, "hello");
    assert_eq!(tasks(&fake), 0);
}

#[tokio::test]
async fn a_version_that_runs_tasks_is_asked_to() {
    for (version, runs) in [("4.2.9", 0), ("4.3.0", 1)] {
        let fake = FakeCoolify::builder().version(version).start().await;
        let (app, _) = application(&fake);
        let run = app.scheduled_tasks().run_command("echo hello");
        run.poll_every(Duration::from_millis(100)).await.unwrap();
        let requests = fake.requests();
        let runs_asked = requests.iter().filter(|it| it.path.ends_with("/execute"));
        assert_eq!(runs_asked.count(), runs, "{version}");
    }
}
