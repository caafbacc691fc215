//! The example `tiered_platform`.

mod common;

use common::{run_on, text};
use coolify_sdk::testing::{FakeCoolify, ReceivedRequest};
use serde_json::Value;

fn is_empty(fake: &FakeCoolify, what: &str) -> bool {
    fake.state()[what].as_array().is_some_and(Vec::is_empty)
}

#[tokio::test]
async fn a_customer_is_counted_capped_and_told() {
    let fake = FakeCoolify::start().await;
    let output = run_on(&fake, "tiered_platform", &[]).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    for line in [
        "-- free: 512M of memory and 0.5 cpus for each application; 0 of 1 applications",
        "limits_memory: 2G capped at 512M",
        "refused, with 1 of 1 applications",
        "limits_cpus: 1.5 capped at 0.5",
        "refused, with 3 of 3 applications",
        "refused, with 3 of 1 applications",
        "removed the customer's project",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
    assert!(!said.contains("ignored"), "{said}");
    assert!(is_empty(&fake, "projects") && is_empty(&fake, "applications"));
    assert_nothing_beyond_the_tier_was_asked_for(&fake);
}

fn assert_nothing_beyond_the_tier_was_asked_for(fake: &FakeCoolify) {
    let requests = fake.requests();
    let creates: Vec<Value> = requests
        .iter()
        .filter(|it| it.method == "POST" && it.path == "/applications/public")
        .map(ReceivedRequest::json)
        .collect();
    // Five were asked for; the two above the quota were not sent.
    assert_eq!(creates.len(), 3);
    for create in &creates {
        assert_eq!(create["health_check_enabled"], true);
        assert!(create["pre_deployment_command"].is_string());
        assert!(create["post_deployment_command"].is_string());
    }
    assert_eq!(creates[0]["limits_memory"], "512M");
    let deletes = requests.iter().filter(|it| it.method == "DELETE");
    let with_volumes = deletes.filter(|it| it.query_param("delete_volumes") == Some("true"));
    assert_eq!(with_volumes.count(), 3);
}

#[tokio::test]
async fn a_failed_deployment_is_told_and_everything_removed() {
    let fake = FakeCoolify::start().await;
    fake.fail_next_deployment(["npm ERR! missing script: build"]);
    let output = run_on(&fake, "tiered_platform", &[]).await;
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("npm ERR! missing script: build"), "{said}");
    assert!(is_empty(&fake, "projects") && is_empty(&fake, "applications"));
}
