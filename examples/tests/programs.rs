//! What holds for all examples.

mod common;

use std::process::{Output, Stdio};
use std::time::Duration;

use common::{example, run, text};
use coolify_sdk::testing::FakeCoolify;
use tokio::process::Command;
use tokio::time::sleep;

const EXAMPLES: [&str; 16] = [
    "agent_workspace",
    "applications",
    "domains",
    "env_sync",
    "fake",
    "github_app",
    "hetzner_server",
    "logs",
    "metrics",
    "notify",
    "one_click_service",
    "provision_database",
    "quickstart",
    "run_command",
    "tiered_platform",
    "without_async",
];

#[tokio::test]
async fn each_explains_itself() {
    for name in EXAMPLES {
        let output = run(example(name).arg("--help")).await;
        let said = text(&output.stdout);
        assert!(output.status.success(), "{name}");
        assert!(said.contains(&format!("usage: {name}")), "{name}: {said}");
        assert_eq!(text(&output.stderr), "", "{name}");
    }
}

#[tokio::test]
async fn each_refuses_arguments_that_mean_nothing() {
    for name in EXAMPLES {
        let output = run(example(name).arg("--nonsense")).await;
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains("--nonsense"), "{name}: {said}");
        assert!(said.contains(&format!("usage: {name}")), "{name}: {said}");
        assert_eq!(text(&output.stdout), "", "{name}");
    }
    for (name, arguments, complaint) in [
        (
            "logs",
            &["--lines", "many"][..],
            "--lines does not take \"many\"",
        ),
        ("logs", &["--for"], "--for needs a value"),
        ("quickstart", &["--branch"], "--branch needs a value"),
        ("env_sync", &["a.env", "b.env"], "one file at a time"),
        (
            "env_sync",
            &["--database", "x", "--preview"],
            "only applications",
        ),
        ("run_command", &["echo", "hello"], "put it in quotes"),
        ("github_app", &["acme"], "unknown argument acme"),
        ("github_app", &["acme/web", "--port", "http"], "--port"),
        ("hetzner_server", &["--at-hetzner"], "belongs to --remove"),
        (
            "one_click_service",
            &["--url", "https://a.example.com"],
            "needs a name",
        ),
        ("fake", &["latest"], "\"latest\" is no version"),
        ("fake", &["4.1.2", "4.2.0"], "unknown argument 4.2.0"),
        (
            "tiered_platform",
            &["free"],
            "unrecognized subcommand 'free'",
        ),
    ] {
        let output = run(example(name).args(arguments)).await;
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(complaint), "{name}: {said}");
    }
}

/// On a real server, an example needs to be told what it works on.
#[tokio::test]
async fn what_only_embedded_servers_know_by_themselves_is_asked_for() {
    let fake = FakeCoolify::start().await;
    for (name, arguments, complaint) in [
        ("agent_workspace", &[][..], "--project"),
        ("env_sync", &[], "no file is named"),
        ("env_sync", &["env_sync/sample.env"], "--application"),
        ("logs", &[], "--application"),
        ("run_command", &[], "--application"),
    ] {
        let mut command = on(&fake, name);
        let output = run(command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(arguments))
        .await;
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(complaint), "{name}: {said}");
    }
}

fn on(fake: &FakeCoolify, name: &str) -> Command {
    let mut command = example(name);
    if name == "github_app" {
        // Otherwise it would only list the repositories.
        command.arg("acme/api");
    }
    command
        .env("COOLIFY_URL", fake.url())
        .env("COOLIFY_TOKEN", fake.token());
    command
}

/// Runs a program whose output nobody reads.
async fn unread(command: &mut Command) -> Output {
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the example can be run");
    drop(child.stdout.take());
    child.wait_with_output().await.expect("it ends")
}

#[tokio::test]
async fn each_ends_quietly_when_its_output_is_not_read() {
    for name in EXAMPLES {
        let mut command = example(name);
        if name == "logs" {
            // Otherwise it would run for ever.
            command.args(["--for", "3600"]);
        }
        let output = unread(&mut command).await;
        let said = text(&output.stderr);
        assert!(output.status.success(), "{name}: {said}");
        assert!(!said.contains("panicked"), "{name}: {said}");
        assert!(!said.contains("interrupted"), "{name}: {said}");
    }
}

#[tokio::test]
async fn what_was_made_is_removed_when_the_output_is_not_read() {
    let fake = FakeCoolify::start().await;
    fake.seed_github_app("acme");
    for name in [
        "domains",
        "github_app",
        "one_click_service",
        "provision_database",
        "quickstart",
        "tiered_platform",
    ] {
        let output = unread(&mut on(&fake, name)).await;
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        for what in ["projects", "applications", "databases", "services"] {
            let left = fake.state()[what].as_array().map(Vec::len);
            assert_eq!(left, Some(0), "{name} leaves {what}");
        }
    }
    let projects = fake.requests();
    let created = projects
        .iter()
        .filter(|it| it.method == "POST" && it.path == "/projects");
    assert!(created.count() >= 2, "some had begun");
}

/// Service managers and containers end a program by SIGTERM.
#[cfg(unix)]
#[tokio::test]
async fn what_was_made_is_removed_when_the_program_is_ended() {
    let pace = Duration::from_secs(600);
    let fake = FakeCoolify::builder().deploy_pace(pace).start().await;
    let mut child = on(&fake, "quickstart")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the example can be run");
    let is_under_way = || {
        let requests = fake.requests();
        requests
            .iter()
            .any(|it| it.path.starts_with("/deployments/"))
    };
    while !is_under_way() {
        assert!(child.try_wait().expect("a child").is_none(), "it goes on");
        sleep(Duration::from_millis(50)).await;
    }
    let id = child.id().expect("it is running").to_string();
    let kill = Command::new("kill").arg(id).status().await;
    assert!(kill.expect("it is there").success());
    let status = child.wait().await.expect("it ends");
    assert_eq!(status.code(), Some(1), "it has ended by itself");
    for what in ["projects", "applications"] {
        let left = fake.state()[what].as_array().map(Vec::len);
        assert_eq!(left, Some(0), "{what}");
    }
}

/// Incomplete output is reported.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn output_that_cannot_be_written_is_a_failure() {
    let full = std::fs::File::options().write(true).open("/dev/full");
    let full = full.expect("Linux has it");
    let output = example("applications")
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the example can be run")
        .wait_with_output()
        .await
        .expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("could not be written"), "{said}");
}

/// Checks that descriptions contain only characters that Coolify accepts.
#[tokio::test]
async fn descriptions_hold_what_coolify_takes() {
    let fake = FakeCoolify::start().await;
    fake.seed_github_app("acme");
    for name in [
        "domains",
        "github_app",
        "one_click_service",
        "provision_database",
        "quickstart",
        "tiered_platform",
    ] {
        let output = run(&mut on(&fake, name)).await;
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
    }
    let requests = fake.requests();
    let bodies = requests
        .iter()
        .filter(|it| it.method == "POST" || it.method == "PATCH");
    let mut seen = 0;
    for body in bodies
        .filter(|it| !it.body.is_empty())
        .map(coolify_sdk::testing::ReceivedRequest::json)
    {
        let Some(description) = body["description"].as_str() else {
            continue;
        };
        seen += 1;
        let is_taken =
            |it: char| it.is_alphanumeric() || it == ' ' || "-_.,!?()'\"+=*/@&".contains(it);
        assert!(description.chars().all(is_taken), "{description:?}");
    }
    assert!(seen >= 4, "{seen} descriptions");
}
