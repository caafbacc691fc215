//! The example `github_app`.

mod common;

use std::process::Output;

use common::{example, run, run_on, text};
use coolify_sdk::testing::{FakeCoolify, Fault};

fn count(fake: &FakeCoolify, what: &str) -> Option<usize> {
    fake.state()[what].as_array().map(Vec::len)
}

/// Registers an app whose private key has this first line.
async fn register(fake: &FakeCoolify, file: &str, first_line: &str) -> Output {
    let path = std::env::temp_dir().join(format!("{}-{file}", std::process::id()));
    let pem = format!("-----BEGIN {first_line}-----\nMAMCAQA=\n-----END {first_line}-----\n");
    std::fs::write(&path, pem).expect("a file");
    let mut command = example("github_app");
    command
        .args(["--app", "ours", "--register"])
        .arg(&path)
        .env("COOLIFY_URL", fake.url())
        .env("COOLIFY_TOKEN", fake.token())
        .env("GITHUB_APP_ID", "4711")
        .env("GITHUB_INSTALLATION_ID", "815")
        .env("GITHUB_CLIENT_ID", "Iv1.fake")
        .env("GITHUB_CLIENT_SECRET", "the-client-secret")
        .env("GITHUB_WEBHOOK_SECRET", "the-webhook-secret");
    let output = run(&mut command).await;
    std::fs::remove_file(path).expect("it is there");
    output
}

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let output = run(&mut example("github_app")).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    for line in [
        "embedded server",
        "GitHub app   acme",
        "repository   acme/api (main)",
        "branches     main, ",
        "-- finished",
        "deployed acme/api at commit",
        "removed the project",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
}

#[tokio::test]
async fn a_server_without_an_app_is_told_what_to_do() {
    let fake = FakeCoolify::start().await;
    let output = run_on(&fake, "github_app", &["acme/api"]).await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("no GitHub app. Create one"), "{said}");
    assert_eq!(count(&fake, "projects"), Some(0));
}

#[tokio::test]
async fn the_app_and_the_repository_are_chosen() {
    let fake = FakeCoolify::start().await;
    fake.seed_github_app("one");
    let output = run_on(&fake, "github_app", &[]).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(said.contains("repository   acme/api"), "{said}");
    assert!(said.contains("pass the name of a repository"), "{said}");

    fake.seed_github_app("two");
    for (arguments, complaint) in [
        (&["acme/api"][..], "choose a GitHub app by --app: one, two"),
        (&["acme/api", "--app", "three"], "there are one, two"),
        (&["acme/gone", "--app", "two"], "two cannot read acme/gone"),
        (
            &["acme/api", "--app", "two", "--branch", "gone"],
            "has no branch gone",
        ),
    ] {
        let output = run_on(&fake, "github_app", arguments).await;
        assert!(!output.status.success());
        let said = text(&output.stderr);
        assert!(said.contains(complaint), "{complaint:?} is not in\n{said}");
    }
    assert_eq!(count(&fake, "projects"), Some(0));

    let arguments = [
        "ACME/API",
        "--app",
        "two",
        "--branch",
        "release-1.0",
        "--build-pack",
        "dockerfile",
        "--port",
        "80",
        "--keep",
    ];
    let output = run_on(&fake, "github_app", &arguments).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    let application = fake.state()["applications"][0].clone();
    for (field, value) in [
        ("git_repository", "acme/api"),
        ("git_branch", "release-1.0"),
        ("build_pack", "dockerfile"),
        ("ports_exposes", "80"),
    ] {
        assert_eq!(application[field], value, "{field}");
    }
}

#[tokio::test]
async fn a_failed_deployment_leaves_nothing() {
    let fake = FakeCoolify::start().await;
    fake.seed_github_app("one");
    fake.fail_next_deployment(["npm ERR! missing script: build"]);
    let output = run_on(&fake, "github_app", &["acme/api"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("npm ERR!"));
    assert_eq!(count(&fake, "projects"), Some(0));
    assert_eq!(count(&fake, "applications"), Some(0));
}

#[tokio::test]
async fn an_app_that_exists_at_github_is_registered() {
    let fake = FakeCoolify::start().await;
    let output = register(&fake, "rsa.pem", "RSA PRIVATE KEY").await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(said.contains("GitHub app   ours"), "{said}");
    assert!(said.contains("repository   acme/api"), "{said}");
    assert!(!said.contains("-secret"), "{said}");

    let output = register(&fake, "again.pem", "RSA PRIVATE KEY").await;
    assert!(text(&output.stderr).contains("has a GitHub app ours already"));
}

#[tokio::test]
async fn what_github_does_not_accept_is_removed() {
    let fake = FakeCoolify::start().await;
    let keys = || async { fake.client().private_keys().list().await.expect("a list") };
    let before = keys().await.len();
    // GitHub signs with RSA.
    let output = register(&fake, "other.pem", "EC PRIVATE KEY").await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    assert!(said.contains("GitHub does not accept the app"), "{said}");
    assert_eq!(keys().await.len(), before);

    fake.fail_next(Fault::status(500).on("POST", "/github-apps"));
    let output = register(&fake, "refused.pem", "RSA PRIVATE KEY").await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(keys().await.len(), before);
    let apps = fake.client().github_apps().list().await.expect("a list");
    assert!(apps.iter().all(|it| it.name != "ours"));
}

#[tokio::test]
async fn half_a_registration_is_refused() {
    let fake = FakeCoolify::start().await;
    let output = run_on(&fake, "github_app", &["--register", "/dev/null"]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("GITHUB_APP_ID is not set"));
    assert_eq!(fake.requests().len(), 0);
}
