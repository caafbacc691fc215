//! The examples `logs` and `run_command`.

mod common;

use common::{example, run, run_on, text};
use coolify_sdk::testing::FakeCoolify;

#[tokio::test]
async fn logs_brings_its_own_server() {
    let output = run(&mut example("logs")).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    for line in ["web line 3", "-- nothing is running", "GET /health 200 (9)"] {
        assert_eq!(said.matches(line).count(), 1, "{line} in {said}");
    }
}

#[tokio::test]
async fn run_command_ends_as_the_command_does() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let arguments = ["--application", app.as_str(), "echo done"];
    let output = run_on(&fake, "run_command", &arguments).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), "done\n");
    let arguments = ["--application", app.as_str(), "exit 3"];
    let output = run_on(&fake, "run_command", &arguments).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fake.state()["tasks"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn without_a_server_run_command_brings_its_own() {
    let output = run(&mut example("run_command")).await;
    assert_eq!(text(&output.stdout), "hello from the container\n");
}
