//! The example `hetzner_server`.

mod common;

use std::process::Output;

use common::{example, run, run_on, text};
use coolify_sdk::cloud_tokens::CloudProvider;
use coolify_sdk::testing::{Clouds, FakeCoolify, Fault};

/// Runs it with a cloud token that has to be stored.
async fn run_with_token(fake: &FakeCoolify, arguments: &[&str]) -> Output {
    let mut command = example("hetzner_server");
    command
        .args(arguments)
        .env("COOLIFY_URL", fake.url())
        .env("COOLIFY_TOKEN", fake.token())
        .env("HCLOUD_TOKEN", "the-secret-of-hetzner");
    run(&mut command).await
}

async fn tokens(fake: &FakeCoolify) -> usize {
    let tokens = fake.client().cloud_tokens().list().await;
    tokens.expect("a list").len()
}

/// The number of servers, including Coolify's own.
fn servers(fake: &FakeCoolify) -> Option<usize> {
    fake.state()["servers"].as_array().map(Vec::len)
}

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let output = run(&mut example("hetzner_server")).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    for line in [
        "which Hetzner accepts",
        "order        cax11 (2 cores, 4 GB) in nbg1 with ubuntu-24.04, 3.92 a month",
        "address      198.51.100.",
        "validated    resources can be deployed to it",
        "from Coolify; at Hetzner it still exists, and costs money",
        "removed the cloud token",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
}

#[tokio::test]
async fn nothing_is_ordered_without_a_yes() {
    let fake = FakeCoolify::start().await;
    let output = run_on(&fake, "hetzner_server", &[]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("set HCLOUD_TOKEN"));

    let output = run_with_token(&fake, &["--location", "fsn1"]).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(said.contains("order        cpx11"), "{said}");
    assert!(said.contains("nothing was ordered"), "{said}");
    assert!(!said.contains("the-secret"), "{said}");
    assert_eq!(servers(&fake), Some(1));
    assert_eq!(tokens(&fake).await, 0);
}

#[tokio::test]
async fn an_ordered_server_stays_until_it_is_removed() {
    let fake = FakeCoolify::builder().version("4.4.2").start().await;
    let output = run_with_token(&fake, &["--yes", "--name", "web"]).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(said.contains("the cloud token stays"), "{said}");
    let server = fake.state()["servers"][1].clone();
    assert_eq!(server["name"], "web");
    let uuid = server["uuid"].as_str().expect("a uuid");

    let output = run_on(&fake, "hetzner_server", &["--remove", uuid, "--at-hetzner"]).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(said.contains("deleted it at Hetzner"), "{said}");
    assert_eq!(servers(&fake), Some(1));
}

#[tokio::test]
async fn an_old_coolify_removes_nothing_at_hetzner() {
    let fake = FakeCoolify::start().await;
    let output = run_with_token(&fake, &["--yes"]).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    let uuid = fake.state()["servers"][1]["uuid"].clone();
    let uuid = uuid.as_str().expect("a uuid");
    let output = run_on(&fake, "hetzner_server", &["--remove", uuid, "--at-hetzner"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("Nothing was removed"));
    assert_eq!(servers(&fake), Some(2));
    let output = run_on(&fake, "hetzner_server", &["--remove", uuid]).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(servers(&fake), Some(1));
}

#[tokio::test]
async fn what_hetzner_does_not_sell_is_refused() {
    let fake = FakeCoolify::start().await;
    for (arguments, complaint) in [
        (&["--type", "cax11", "--location", "fsn1"][..], "--offers"),
        (&["--image", "debian-1"], "has no image debian-1"),
        (&["--key", "nobody"], "not found"),
    ] {
        let arguments = [arguments, &["--yes"]].concat();
        let output = run_with_token(&fake, &arguments).await;
        assert!(!output.status.success());
        let said = text(&output.stderr);
        assert!(said.contains(complaint), "{complaint:?} is not in\n{said}");
    }
    assert_eq!(servers(&fake), Some(1));
    assert_eq!(tokens(&fake).await, 0);

    let output = run_with_token(&fake, &["--offers"]).await;
    let said = text(&output.stdout);
    assert!(said.contains("3.92 a month\tnbg1\tcax11"), "{said}");
}

#[tokio::test]
async fn a_token_that_hetzner_refuses_is_told() {
    let fake = FakeCoolify::start().await;
    let created = fake.client().cloud_tokens();
    let created = created
        .create(CloudProvider::Hetzner, "old", "secret")
        .await;
    let uuid = created.expect("a token").uuid;
    fake.set_clouds(Clouds::RejectTokens);
    let output = run_on(&fake, "hetzner_server", &["--token", uuid.as_str()]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("does not accept the cloud token"));
    // Coolify checks a new one itself.
    let output = run_with_token(&fake, &[]).await;
    assert!(text(&output.stderr).contains("HTTP 400"));
    assert_eq!(tokens(&fake).await, 1, "this one is not the program's");
}

#[tokio::test]
async fn a_server_that_was_ordered_in_vain_is_named() {
    let fake = FakeCoolify::start().await;
    fake.fail_next(Fault::status(403).on("POST", "/servers/{uuid}/validate"));
    let output = run_with_token(&fake, &["--yes", "--name", "web"]).await;
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let uuid = fake.state()["servers"][1]["uuid"].clone();
    let uuid = uuid.as_str().expect("a uuid");
    let said = text(&output.stderr);
    assert!(
        said.contains(&format!(
            "web costs money: look at it in the dashboard, or --remove {uuid}"
        )),
        "{said}"
    );
    assert_eq!(tokens(&fake).await, 1);
}
