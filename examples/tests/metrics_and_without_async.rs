//! The examples `metrics` and `without_async`.

mod common;

use common::{example, run, run_on, text};
use coolify_sdk::testing::FakeCoolify;

#[tokio::test]
async fn each_call_is_a_line_for_prometheus() {
    let output = run(&mut example("metrics")).await;
    let said = text(&output.stdout);
    for line in [
        "# TYPE coolify_attempts_total counter",
        "coolify_attempts_total{operation=\"list-resources\",method=\"GET\",outcome=\"200\"} 1",
        "coolify_duration_seconds_count{operation=\"list-servers\",method=\"GET\",outcome=\"200\"} 1",
    ] {
        assert!(said.lines().any(|it| it == line), "{line}: {said}");
    }
    assert!(output.status.success());
}

#[tokio::test]
async fn a_program_without_async_lists_and_deploys() {
    let output = run(&mut example("without_async")).await;
    let said = text(&output.stdout);
    assert!(said.contains(" web\n"), "{said}");
    assert!(said.trim_end().ends_with("web: finished"), "{said}");

    let fake = FakeCoolify::start().await;
    fake.seed_application(&fake.seed_project("shop"), "store");
    let output = run_on(&fake, "without_async", &["--deploy", "stroe"]).await;
    let said = text(&output.stderr);
    assert!(!output.status.success());
    assert!(
        said.contains("store"),
        "a similar name is suggested: {said}"
    );
}
