//! Runs the examples as programs on the server of the suite.

use std::process::{Output, Stdio};
use std::time::Duration;

use coolify_sdk::cloud_tokens::CloudProvider;
use coolify_sdk::operations::Ability;
use coolify_sdk_tests::example;
use coolify_sdk_tests::live::{Leftover, Live, Outcome, Stop, live_test};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use crate::make;

/// The maximum time of an example: before Coolify 4.3.0, a command that runs once
/// waits for the next minute, and each deployment waits in the queue.
const PATIENCE: Duration = Duration::from_secs(900);

/// Runs an example, which has to succeed, and returns its output. It is a failure
/// if the example leaves anything behind, which is then removed.
async fn run(live: &Live, name: &str, arguments: &[&str], input: &str) -> Result<String, Stop> {
    let mut command = Command::new(example(name));
    command
        .args(arguments)
        .env_remove("COOLIFY_CONTEXT")
        .env_remove("COOLIFY_PROJECT")
        .env_remove("COOLIFY_SERVER")
        .env_remove("COOLIFY_DESTINATION")
        .env_remove("HCLOUD_TOKEN")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn().expect("the example can be run");
    let id = child.id().expect("it is running");
    let mut stdin = child.stdin.take().expect("a pipe");
    // An example that reads nothing may be over before this is written.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    let output = timeout(PATIENCE, child.wait_with_output()).await;
    let left = left_by(live, id).await?;
    let output = output.unwrap_or_else(|_| panic!("{name} takes more than {PATIENCE:?}"));
    let output = output.expect("it ends");
    if !output.status.success() {
        return Err(unless_unable(name, &output));
    }
    assert!(left.is_empty(), "{name} leaves behind {left:?}");
    Ok(text(&output.stdout))
}

/// Returns the projects that an example has left behind; their names contain its
/// process id.
async fn left_by(live: &Live, process: u32) -> Result<Vec<String>, Stop> {
    let mut left = Vec::new();
    for project in live.coolify().projects().list().await? {
        if project.name.starts_with("sdk-") && project.name.ends_with(&format!("-{process}")) {
            live.made(Leftover::Project(project.uuid));
            left.push(project.name);
        }
    }
    Ok(left)
}

/// Skips the test if the token lacks an ability for the example; every other
/// error is a failure.
fn unless_unable(name: &str, output: &Output) -> Stop {
    let said = text(&output.stderr);
    let abilities = [Ability::Write, Ability::Deploy, Ability::ReadSensitive];
    for ability in abilities.map(Ability::as_str) {
        if said.contains(&format!("Missing required permissions: {ability}")) {
            return Stop::skip(format!("the token lacks `{ability}`"));
        }
    }
    panic!("{name} failed:\n{}\n{said}", text(&output.stdout));
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn assert_says(output: &str, lines: &[&str]) {
    for line in lines {
        assert!(output.contains(line), "{line:?} is not in\n{output}");
    }
}

#[live_test(ability = "write")]
async fn applications(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let said = run(&live, "applications", &[], "").await?;
    let own = said
        .lines()
        .find(|it| it.starts_with(application.uuid().as_str()));
    assert_eq!(own.map(|it| it.split('\t').count()), Some(4), "{said}");
    Ok(())
}

#[live_test(ability = "write", ability = "read:sensitive")]
async fn coolify(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let uuid = application.uuid().as_str();
    let said = run(&live, "coolify", &["ls"], "").await?;
    let columns = said.lines().next().map(|it| it.split('\t').count());
    assert_eq!(columns, Some(5), "{said}");
    let said = run(&live, "coolify", &["find", uuid, "--json"], "").await?;
    let found: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(found[0]["uuid"], uuid);
    let path = [&found[0]["project"], &found[0]["environment"], &found[0]];
    let path = path.map(|it| it["name"].as_str().unwrap_or_default());
    let said = run(&live, "coolify", &["open", &path.join("/")], "").await?;
    assert!(said.contains(&format!("/application/{uuid}")), "{said}");

    let file = std::env::temp_dir().join(format!("{}.env", live.name("coolify")));
    std::fs::write(&file, "GREETING='it costs $5'\n").expect("a file");
    let path = file.to_str().expect("a name in Unicode");
    run(&live, "coolify", &["env", "push", uuid, path], "").await?;
    run(
        &live,
        "coolify",
        &["env", "pull", uuid, path, "--force"],
        "",
    )
    .await?;
    let said = run(&live, "coolify", &["env", "diff", uuid, path], "").await?;
    assert_says(&said, &["0 to create, 0 to update, 0 to delete"]);
    let pulled = std::fs::read_to_string(&file).expect("it was written");
    assert_says(&pulled, &["GREETING=\"it costs \\$5\"\n"]);
    std::fs::remove_file(file).expect("it is there");
    Ok(())
}

#[live_test(ability = "write", ability = "deploy", server)]
async fn quickstart(live: Live) -> Outcome {
    let said = run(&live, "quickstart", &[], "").await?;
    let lines = [
        "variables    2",
        "-- finished",
        "removed the project and everything in it",
    ];
    assert_says(&said, &lines);
    Ok(())
}

#[live_test(ability = "write", ability = "read:sensitive")]
async fn env_sync(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let file = std::env::temp_dir().join(format!("{}.env", live.name("env")));
    std::fs::write(
        &file,
        "PORT=3000\nGREETING=\"hello, ${NAME}\"\nNAME='wor$ld'\n",
    )
    .expect("a file");
    let path = file.to_str().expect("a name in Unicode");
    let arguments = [
        path,
        "--application",
        application.uuid().as_str(),
        "--prune",
    ];
    let trial = [&arguments[..], &["--dry-run"][..]].concat();
    assert_says(
        &run(&live, "env_sync", &trial, "").await?,
        &["nothing was written"],
    );
    let said = run(&live, "env_sync", &arguments, "").await?;
    assert_says(&said, &["3 created, 0 updated, 0 deleted, 0 unchanged"]);
    let said = run(&live, "env_sync", &arguments, "").await?;
    assert!(!said.contains("created,"), "it is done already:\n{said}");
    std::fs::remove_file(file).expect("it is there");
    Ok(())
}

#[live_test(ability = "write")]
async fn domains(live: Live) -> Outcome {
    let under = format!("{}.example.com", live.name("domains"));
    let said = run(&live, "domains", &["--under", &under], "").await?;
    let lines = [
        "limits_memory: 4G capped at 512M",
        "removed the project and everything in it",
    ];
    assert_says(&said, &lines);
    Ok(())
}

#[live_test(ability = "write", ability = "deploy", server)]
async fn logs_and_run_command(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    application.deploy().await?.max_wait(PATIENCE).await?;
    let uuid = application.uuid().as_str();
    run(&live, "logs", &["--application", uuid, "--for", "5"], "").await?;
    let arguments = ["--application", uuid, "echo sdk-live-once"];
    let said = run(&live, "run_command", &arguments, "").await?;
    assert_says(&said, &["sdk-live-once"]);
    Ok(())
}

#[live_test]
async fn metrics(live: Live) -> Outcome {
    let said = run(&live, "metrics", &[], "").await?;
    assert_says(
        &said,
        &["coolify_attempts_total{operation=\"list-resources\""],
    );
    Ok(())
}

#[live_test(ability = "write", ability = "deploy", server)]
async fn without_async(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let uuid = application.uuid().as_str();
    let said = run(&live, "without_async", &["--deploy", uuid], "").await?;
    assert_says(&said, &[&format!("{uuid}: finished")]);
    Ok(())
}

#[live_test(ability = "write", ability = "deploy", server)]
async fn notify(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let arguments = ["--poll", "1", "--count", "1", "--json"];
    let (said, stopped) = tokio::join!(run(&live, "notify", &arguments, ""), async {
        // A fake deploys faster than anything is polled, so it is stopped afterwards.
        application.deploy().await?.max_wait(PATIENCE).await?;
        tokio::time::sleep(Duration::from_secs(5)).await;
        application.stop().await
    });
    stopped?;
    assert_says(&said?, &["\"seen_by\":\"polling\""]);
    Ok(())
}

#[live_test(
    ability = "write",
    ability = "deploy",
    ability = "read:sensitive",
    server
)]
async fn provision_database(live: Live) -> Outcome {
    let said = run(&live, "provision_database", &[], "").await?;
    let lines = [
        "URL          postgres://",
        "the tenant sees 1 database",
        "removed the project",
    ];
    assert_says(&said, &lines);
    Ok(())
}

/// Deploys the repository that `COOLIFY_LIVE_REPOSITORY` names. Without it, the
/// repositories are only listed, because any of them may need settings to be built.
#[live_test(ability = "write", ability = "deploy", server)]
async fn github_app(live: Live) -> Outcome {
    let mut apps = live.coolify().github_apps().list().await?;
    apps.retain(|app| app.is_public != Some(true) && app.installation_id.is_some());
    // Other tests add apps that do not exist at GitHub.
    let app = apps.iter().find(|app| !app.name.starts_with("sdk-live"));
    let Some(app) = app else {
        return Err(Stop::skip("this Coolify has no GitHub app"));
    };
    let mut arguments = vec!["--app", &app.name];
    let said = run(&live, "github_app", &arguments, "").await?;
    assert_says(&said, &["GitHub app   ", "pass the name of a repository"]);
    if let Ok(repository) = &std::env::var("COOLIFY_LIVE_REPOSITORY") {
        arguments.push(repository);
        let said = run(&live, "github_app", &arguments, "").await?;
        let lines = [
            "-- finished",
            &format!("deployed {repository} at commit"),
            "removed the project and everything in it",
        ];
        assert_says(&said, &lines);
    }
    Ok(())
}

/// Orders a server only if `COOLIFY_LIVE_HETZNER` is `order`, because it costs money.
#[live_test(ability = "write", ability = "read:sensitive")]
async fn hetzner_server(live: Live) -> Outcome {
    let coolify = live.coolify();
    let tokens = coolify.cloud_tokens();
    let mut all = tokens.list().await?.into_iter();
    let known = all.find(|it| it.provider == CloudProvider::Hetzner);
    let token = if let Some(token) = known {
        token.uuid
    } else {
        let name = live.name("hetzner");
        let create = tokens.create(CloudProvider::Hetzner, name, "0".repeat(64));
        match create.await {
            Ok(created) => {
                live.made(Leftover::CloudToken(created.uuid.clone()));
                created.uuid
            }
            Err(error) if error.status() == Some(400) => {
                return Err(Stop::skip("this Coolify has no Hetzner token"));
            }
            Err(error) => return Err(error.into()),
        }
    };
    let mut keys = coolify.private_keys().list().await?.into_iter();
    // Other tests add keys, and remove them again.
    let key = keys.find(|it| !it.name.starts_with("sdk-live"));
    let Some(key) = key else {
        return Err(Stop::skip("this Coolify has no SSH key"));
    };
    let mut arguments = vec!["--token", token.as_str(), "--key", key.uuid.as_str()];
    let said = run(&live, "hetzner_server", &arguments, "").await?;
    assert_says(&said, &["order        ", "nothing was ordered"]);
    if std::env::var("COOLIFY_LIVE_HETZNER").is_ok_and(|it| it == "order") {
        arguments.push("--yes");
        let said = run(&live, "hetzner_server", &arguments, "").await?;
        assert_says(&said, &["validated    resources can be deployed to it"]);
        let server = said.lines().find_map(|line| {
            let (_, uuid) = line.strip_prefix("server ")?.split_once('(')?;
            uuid.strip_suffix(')')
        });
        let server = server.expect("its uuid is printed");
        live.made(Leftover::Server(server.into()));
        let said = run(&live, "hetzner_server", &["--remove", server], "").await?;
        assert_says(&said, &["from Coolify; at Hetzner it still exists"]);
    }
    Ok(())
}

#[live_test(
    ability = "write",
    ability = "deploy",
    ability = "read:sensitive",
    server
)]
async fn one_click_service(live: Live) -> Outcome {
    let url = format!("https://{}.example.com", live.name("budget"));
    let own = format!("actual_server={url}");
    let arguments = ["--url", &own, "--env", "ACTUAL_LOGIN_METHOD=header"];
    let said = run(&live, "one_click_service", &arguments, "").await?;
    let lines = [
        "generated    actual_server http",
        &format!("URL          actual_server {url}"),
        ": deleted",
        "removed the project and everything in it",
    ];
    assert_says(&said, &lines);
    assert!(!said.contains("reset "), "{said}");
    Ok(())
}

#[live_test(ability = "write", ability = "deploy", server)]
async fn tiered_platform(live: Live) -> Outcome {
    let said = run(&live, "tiered_platform", &[], "").await?;
    let lines = [
        "capped by the tier free: memory from 2G to 1024M",
        "QUOTA_EXCEEDED: the tier free is used up, with 3 of 3 applications",
        "  updated: cpu, health_check.interval, memory",
        "web has the requested limits",
        "web is capped: memory from 2G to 1024M",
        "removed the customers, their projects and everything in them",
    ];
    assert_says(&said, &lines);
    assert!(!said.contains("not updated"), "{said}");
    Ok(())
}

#[live_test]
async fn fake(live: Live) -> Outcome {
    let said = run(&live, "fake", &["4.1.2"], "").await?;
    assert_says(
        &said,
        &["export COOLIFY_URL='http://127.0.0.1:", "COOLIFY_TOKEN='"],
    );
    Ok(())
}

/// Every example has a test here that runs it.
pub fn each_is_run() -> Result<(), libtest_mimic::Failed> {
    let manifest = include_str!("../../../examples/Cargo.toml");
    let examples = manifest.split("[[example]]").skip(1);
    for example in examples {
        let name = example.split('"').nth(1).unwrap_or_default();
        let call = format!("run(&live, \"{name}\"");
        if !include_str!("examples.rs").contains(&call) {
            return Err(format!("no live test runs the example {name}").into());
        }
    }
    Ok(())
}
