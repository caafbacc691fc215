//! The quickstart as a newcomer runs it.

use std::path::PathBuf;
use std::process::{Output, Stdio};

use coolify_sdk::testing::FakeCoolify;
use tokio::process::Command;

/// Examples stand beside the folder of the tests.
fn quickstart() -> Command {
    let test = std::env::current_exe().expect("this test has a path");
    let mut folder: PathBuf = test.parent().expect("a folder").to_owned();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let mut command = Command::new(folder.join("examples/quickstart"));
    command
        .env_remove("COOLIFY_URL")
        .env_remove("COOLIFY_TOKEN")
        .stdin(Stdio::null());
    command
}

async fn run_on(fake: &FakeCoolify, arguments: &[&str]) -> Output {
    quickstart()
        .args(arguments)
        .env("COOLIFY_URL", fake.url())
        .env("COOLIFY_TOKEN", fake.token())
        .output()
        .await
        .expect("the example is built with the tests")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

async fn projects(fake: &FakeCoolify) -> usize {
    fake.client().projects().list().await.expect("a list").len()
}

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let output = quickstart()
        .output()
        .await
        .expect("the example is built with the tests");
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
    let mut command = quickstart();
    let output = command
        .env("COOLIFY_URL", "http://127.0.0.1:9")
        .output()
        .await;
    let output = output.expect("the example is built with the tests");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("COOLIFY_TOKEN"),
        "{}",
        text(&output.stderr)
    );
}
