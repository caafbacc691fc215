//! The quickstart, as a new user runs it.

mod common;

use common::{example, run, text};
use coolify_sdk::testing::FakeCoolify;
use std::process::Output;

async fn run_on(fake: &FakeCoolify, arguments: &[&str]) -> Output {
    common::run_on(fake, "quickstart", arguments).await
}

async fn projects(fake: &FakeCoolify) -> usize {
    fake.client().projects().list().await.expect("a list").len()
}

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let output = run(&mut example("quickstart")).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(said.contains("embedded server"), "{said}");
    assert!(said.contains("-- finished"), "{said}");
    assert!(said.contains("removed the project"), "{said}");
}

#[tokio::test]
async fn what_it_made_is_gone_unless_it_is_kept() {
    let fake = FakeCoolify::start().await;
    let before = projects(&fake).await;
    assert!(run_on(&fake, &[]).await.status.success());
    assert_eq!(projects(&fake).await, before);
    assert!(run_on(&fake, &["--keep"]).await.status.success());
    assert_eq!(projects(&fake).await, before + 1);
}

#[tokio::test]
async fn a_failed_deployment_ends_it_with_the_reason() {
    let fake = FakeCoolify::start().await;
    let before = projects(&fake).await;
    fake.fail_next_deployment(["npm ERR! missing script: build"]);
    let output = run_on(&fake, &[]).await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("ended as failed"), "{said}");
    assert!(said.contains("npm ERR! missing script: build"), "{said}");
    assert!(!said.contains(fake.token()), "{said}");
    assert_eq!(projects(&fake).await, before);
}

#[tokio::test]
async fn half_a_configuration_is_told() {
    let mut command = example("quickstart");
    let output = run(command.env("COOLIFY_URL", "http://127.0.0.1:9")).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("COOLIFY_TOKEN"),
        "{}",
        text(&output.stderr)
    );
}
