//! The example `domains`, on the server that it brings along.

use std::process::Stdio;

use coolify_sdk::testing::FakeCoolify;
use tokio::process::Command;

fn domains() -> Command {
    let test = std::env::current_exe().expect("this test has a path");
    let mut folder = test.parent().expect("a folder").to_owned();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let mut command = Command::new(folder.join("examples/domains"));
    command
        .env_remove("COOLIFY_URL")
        .env_remove("COOLIFY_TOKEN")
        .stdin(Stdio::null());
    command
}

#[tokio::test]
async fn it_shows_what_happens_to_domains() {
    let output = domains()
        .output()
        .await
        .expect("it is built with the tests");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaint}");
    for line in [
        "belongs to shop",
        "limits_memory: 4G capped at 512M",
        "applied: description, limits_cpus, limits_memory",
        "the server runs no proxy",
        "ignored: domains, the server runs no proxy",
        "removed the project",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
}

#[tokio::test]
async fn it_leaves_nothing_behind() {
    let fake = FakeCoolify::start().await;
    let output = domains()
        .args(["--under", "apps.example.org"])
        .env("COOLIFY_URL", fake.url())
        .env("COOLIFY_TOKEN", fake.token())
        .output()
        .await
        .expect("it is built with the tests");
    assert!(output.status.success());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains(".apps.example.org"), "{said}");
    let state = fake.state();
    assert_eq!(state["projects"].as_array().map(Vec::len), Some(0));
    assert_eq!(state["applications"].as_array().map(Vec::len), Some(0));
}
