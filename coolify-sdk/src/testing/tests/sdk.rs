//! Calls the fake through the SDK, as users do.

use std::time::Duration;

use crate::{DeploymentStatus, operations, testing::FakeCoolify};

const POLL: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_run_is_followed_to_its_good_end() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let coolify = fake.client();
    assert_eq!(
        coolify.version().await.unwrap(),
        operations::NEWEST_RECORDED
    );
    let run = coolify.application(&app).deploy().send().await.unwrap();
    let deployment = run.poll_every(POLL).wait().await.unwrap();
    assert_eq!(deployment.status, DeploymentStatus::Finished);
    let app = coolify.application(&app).get().await.unwrap();
    assert_eq!(app.status.unwrap().to_string(), "running:healthy");
}

#[tokio::test]
async fn a_second_deployment_joins_the_queued_one() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let coolify = fake.client();
    let first = coolify.application(&app).deploy().send().await.unwrap();
    let second = coolify.application(&app).deploy().send().await.unwrap();
    assert!(second.joined());
    assert_eq!(first.uuid(), second.uuid());
}

#[tokio::test]
async fn a_failed_run_brings_its_last_lines() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    fake.fail_next_deployment(["npm ERR! missing script: build"]);
    let run = fake
        .client()
        .application(&app)
        .deploy()
        .send()
        .await
        .unwrap();
    let error = run.poll_every(POLL).wait().await.unwrap_err();
    let last = &error.failed_deployment().unwrap().last_lines;
    assert!(format!("{last:?}").contains("missing script: build"));
    // `unwrap` prints the report for people.
    assert_eq!(format!("{error:?}"), error.report().to_string());
    assert!(format!("{error:?}").contains("missing script: build"));
}
