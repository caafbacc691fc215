//! The end of a log, which Coolify writes after a deployment's last status.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::deployments::{DeploymentRun, RunEvent};
use crate::testing::{DeploymentScript, FakeCoolify, Fault};
use crate::{Coolify, DeploymentStatus, ErrorKind, Exposed, Pacing, RetryPolicy};

const POLL: Duration = Duration::from_millis(100);

const LATE: [&str; 3] = [
    "----------------------------------------",
    "Executing post-deployment command (see debug log for output).",
    "Post-deployment command failed.",
];

fn client(fake: &FakeCoolify, token: &str) -> Coolify {
    Coolify::builder()
        .url(fake.url())
        .token(token)
        .pacing(Pacing::off())
        .build()
        .unwrap()
        .with_retry(RetryPolicy::none())
}

async fn deploy(fake: &FakeCoolify) -> DeploymentRun {
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let coolify = client(fake, fake.token());
    let run = coolify.application(app).deploy().await.unwrap();
    run.poll_every(POLL)
}

fn outputs(events: &[RunEvent]) -> Vec<&str> {
    let outputs = events.iter().filter_map(|event| match event {
        RunEvent::Log(line) => Some(line.output.as_str()),
        _ => None,
    });
    outputs.collect()
}

fn statuses(events: &[RunEvent]) -> Vec<&str> {
    let statuses = events.iter().filter_map(|event| match event {
        RunEvent::Status(status) => Some(status.as_str()),
        _ => None,
    });
    statuses.collect()
}

#[tokio::test]
async fn the_events_go_to_the_last_line_and_end_with_the_status() {
    let fake = FakeCoolify::start().await;
    fake.script_next_deployment(DeploymentScript::default().then_logs(LATE));
    let run = deploy(&fake).await;
    let events: Vec<_> = run.events().try_collect().await.unwrap();
    let outputs = outputs(&events);
    assert_eq!(outputs.len(), 6 + LATE.len() + 2);
    assert_eq!(outputs[6..9], LATE);
    assert!(outputs[9].starts_with("Gracefully shutting down"));
    assert_eq!(statuses(&events), ["queued", "in_progress", "finished"]);
    let last = RunEvent::Status(DeploymentStatus::Finished);
    assert_eq!(events.last(), Some(&last));
    // A deployment that has ended is returned at once, with its whole log.
    let requests = fake.requests().len();
    let deployment = run.clone().wait().await.unwrap();
    assert_eq!(fake.requests().len(), requests + 1);
    assert_eq!(deployment.log_lines().len(), outputs.len());
    assert!(deployment.finished_at.is_some());
}

#[tokio::test]
async fn an_error_holds_the_reason_that_came_late() {
    let fake = FakeCoolify::start().await;
    fake.fail_next_deployment(["npm ERR! missing script: build"]);
    let error = deploy(&fake).await.wait().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DeploymentFailed);
    let failed = error.failed_deployment().unwrap();
    assert_eq!(failed.last_lines.len(), 5);
    assert!(!failed.log_withheld);
    assert_eq!(
        error.to_string(),
        format!(
            "the deployment {} ended as failed: npm ERR! missing script: build",
            failed.uuid
        )
    );
    let page = failed.dashboard_url.as_deref().unwrap();
    assert!(
        page.starts_with(&format!("{}/project/", fake.url())),
        "{page}"
    );
    assert!(page.ends_with(&format!("/deployment/{}", failed.uuid)));
    let report = error.report().to_string();
    for part in [
        "Building the image.",
        "npm ERR! missing script: build",
        page,
    ] {
        assert!(
            report.contains(&format!("\n    {part}"))
                || report.contains(&format!("dashboard: {part}")),
            "{report}"
        );
    }
}

#[tokio::test]
async fn several_followers_read_on_as_one_does() {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let uuids = ["a", "b"].map(|name| fake.seed_application(&project, name));
    fake.script_next_deployment(DeploymentScript::default().then_logs(LATE));
    fake.fail_next_deployment(["no space left on device"]);
    let deployments = client(&fake, fake.token()).deployments();
    let rollout = deployments.rollout(&uuids).await.unwrap();
    let rollout = rollout.poll_every(POLL).whole_logs();
    let all: Vec<_> = rollout.events().collect().await;
    for (uuid, line) in [(&uuids[0], LATE[2]), (&uuids[1], "no space left on device")] {
        let events = all.iter().filter(|one| one.resource == uuid.as_str());
        let events: Vec<_> = events
            .map(|one| one.event.as_ref().unwrap().clone())
            .collect();
        assert!(outputs(&events).contains(&line));
        let last = events.last().unwrap();
        assert!(matches!(last, RunEvent::Status(status) if status.is_terminal()));
    }
    let outcome = rollout.wait().await;
    let error = &outcome.failed[0].error;
    assert!(
        error
            .to_string()
            .ends_with("ended as failed: no space left on device")
    );
}

#[tokio::test]
async fn a_token_that_may_not_see_the_log_is_told_so_once() {
    let fake = FakeCoolify::start().await;
    fake.fail_next_deployment(["secret stays secret"]);
    let run = deploy(&fake).await;
    fake.add_token("2|reader", ["read"]);
    let coolify = client(&fake, "2|reader");
    let run = coolify
        .deployment(run.uuid().clone())
        .follow()
        .poll_every(POLL);
    let events: Vec<_> = run.events().try_collect().await.unwrap();
    assert_eq!(outputs(&events), [""; 0]);
    assert_eq!(statuses(&events), ["queued", "in_progress", "failed"]);
    let told = events
        .iter()
        .filter(|event| **event == RunEvent::LogWithheld);
    assert_eq!(told.count(), 1);
    let error = run.wait().await.unwrap_err();
    assert!(error.failed_deployment().unwrap().log_withheld);
    assert!(error.hint().unwrap().contains("`read:sensitive`"));
    assert!(!error.report().to_string().contains("secret stays"));
}

#[tokio::test]
async fn nothing_that_goes_wrong_after_the_end_hides_it() {
    for fault in [
        Fault::status(403),
        Fault::status(404),
        Fault::status(200).json("?".into()),
    ] {
        let fake = FakeCoolify::builder().deploy_looks(1).start().await;
        let run = deploy(&fake).await;
        let mut events = run.events();
        // The lines that come with the status.
        let first = events.next().await.unwrap().unwrap();
        assert!(matches!(first, RunEvent::Log(_)));
        fake.fail_next(fault);
        let rest: Vec<_> = events.try_collect().await.unwrap();
        assert_eq!(statuses(&rest), ["finished"]);
    }
}

#[tokio::test]
async fn a_restart_after_the_end_loses_nothing() {
    let fake = FakeCoolify::builder().deploy_looks(1).start().await;
    fake.script_next_deployment(DeploymentScript::finishes(["up"]).then_logs(LATE));
    let run = deploy(&fake).await;
    let mut events = run.events();
    events.next().await.unwrap().unwrap();
    for _ in 0..3 {
        fake.fail_next(Fault::cut());
        fake.fail_next(Fault::status(502).html("<h1>Bad gateway</h1>"));
    }
    let rest: Vec<_> = events.try_collect().await.unwrap();
    assert!(outputs(&rest).contains(&LATE[2]));
}

#[tokio::test]
async fn the_longest_wait_is_not_prolonged() {
    let fake = FakeCoolify::builder().deploy_looks(1).start().await;
    let run = deploy(&fake).await.max_wait(Duration::ZERO);
    assert_eq!(run.wait().await.unwrap().status, DeploymentStatus::Finished);
}

#[tokio::test]
async fn what_was_cancelled_in_the_queue_has_no_more_to_say() {
    let fake = FakeCoolify::start().await;
    let run = deploy(&fake).await;
    run.cancel().await.unwrap();
    let requests = fake.requests().len();
    let error = run.wait().await.unwrap_err();
    assert_eq!(fake.requests().len(), requests + 1);
    assert!(
        error
            .to_string()
            .ends_with("ended as cancelled-by-user: Deployment cancelled by user via API.")
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_checked_is_the_one_that_is_told() {
    let fake = FakeCoolify::builder().version("4.1.2").start().await;
    let run = deploy(&fake).await;
    let path = format!("/deployments/{}", run.uuid());
    fake.fail_next(Fault::status(403).on("GET", path));
    let error = run.cancel().await.unwrap_err();
    assert_eq!(error.operation(), Some("cancel-deployment-by-uuid"));
    assert_eq!(error.status(), Some(500));
}

/// Deploys, and waits until nothing is left to come. Returns the run, its path,
/// and what a reply says that does not show the log.
async fn ended(fake: &FakeCoolify) -> (DeploymentRun, String, Value) {
    let run = deploy(fake).await;
    let deployment = run.clone().wait().await.unwrap();
    let mut row = serde_json::to_value(Exposed(&deployment)).unwrap();
    row.as_object_mut().unwrap().remove("logs");
    let path = format!("/deployments/{}", run.uuid());
    (run, path, row)
}

#[tokio::test]
async fn a_server_that_cannot_be_asked_for_the_log_does_not_withhold_it() {
    let fake = FakeCoolify::start().await;
    let (run, path, row) = ended(&fake).await;
    fake.fail_next(Fault::status(200).json(row).on("GET", path.as_str()));
    fake.fail_next(Fault::status(503).on("GET", path.as_str()));
    let events: Vec<_> = run.events().try_collect().await.unwrap();
    assert!(!events.contains(&RunEvent::LogWithheld), "{events:?}");
    assert!(!outputs(&events).is_empty());
}

#[tokio::test]
async fn a_refusal_ends_the_reading_of_what_comes_last() {
    let fake = FakeCoolify::start().await;
    let (run, path, mut row) = ended(&fake).await;
    row["logs"] = json!(json!([{"output": "Rolling update completed."}]).to_string());
    fake.fail_next(Fault::status(200).json(row).on("GET", path.as_str()));
    fake.fail_next(Fault::status(403).on("GET", path.as_str()));
    let before = fake.requests().len();
    let events: Vec<_> = run.events().try_collect().await.unwrap();
    assert_eq!(outputs(&events), ["Rolling update completed."]);
    assert_eq!(statuses(&events), ["finished"]);
    assert_eq!(fake.requests().len(), before + 2);
}

#[tokio::test]
async fn a_server_that_restarts_at_the_end_is_waited_for() {
    let fake = FakeCoolify::start().await;
    let (run, path, mut row) = ended(&fake).await;
    row["logs"] = json!(json!([{"output": "Rolling update completed."}]).to_string());
    fake.fail_next(Fault::status(200).json(row).on("GET", path.as_str()));
    // A log that stands still for five seconds would be complete.
    for _ in 0..6 {
        fake.fail_next(Fault::status(503).on("GET", path.as_str()));
    }
    let run = run.poll_every(Duration::from_secs(1));
    let events: Vec<_> = run.events().try_collect().await.unwrap();
    assert!(outputs(&events).len() > 1, "{events:?}");
}
