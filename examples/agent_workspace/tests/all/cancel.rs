//! Calls that are cancelled or abandoned.

use std::time::Duration;

use crate::common::{Tenant, begin};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

/// Waits until the only deployment has this status.
async fn until(it: &Tenant, status: &str) {
    let is_there = async {
        loop {
            let deployments = it.fake.state()["deployments"].clone();
            let rows = deployments
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default();
            if rows.iter().any(|row| row["status"] == status) {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let state = || it.fake.state()["deployments"].clone();
    let seen = timeout(crate::common::PATIENCE, is_there).await;
    assert!(seen.is_ok(), "not {status}: {}", state());
}

#[tokio::test]
async fn a_cancelled_call_cancels_its_deployment() {
    let it = Tenant::with_pace(Duration::from_secs(40)).await;
    let session = it.session().await;
    let deploy = json!({ "app": it.app, "wait_seconds": 600 });
    let call = begin(&session.client, "apps_deploy", deploy).await;
    until(&it, "in_progress").await;
    call.cancel(None).await.expect("it is sent");
    until(&it, "cancelled-by-user").await;
    // The session continues.
    session.ok("apps_list", json!({})).await;
    session.end().await;
}

/// A lost connection does not cancel the deployment.
#[tokio::test]
async fn a_lost_client_leaves_the_deployment_alone() {
    let it = Tenant::with_pace(Duration::from_secs(40)).await;
    let session = it.session().await;
    let deploy = json!({ "app": it.app, "wait_seconds": 600 });
    let call = begin(&session.client, "apps_deploy", deploy).await;
    until(&it, "in_progress").await;
    drop(call);
    session.end().await;
    until(&it, "in_progress").await;
}

/// A deployment that the call did not start is not cancelled.
#[tokio::test]
async fn a_joined_deployment_is_not_cancelled() {
    let it = Tenant::with_pace(Duration::from_secs(40)).await;
    let theirs = it.fake.client().application(&it.app).deploy().send().await;
    let theirs = theirs.expect("a run");
    let session = it.session().await;
    let deploy = json!({ "app": it.app, "wait_seconds": 1 });
    let deployed = session.ok("apps_deploy", deploy).await;
    assert_eq!(deployed["joined"], true, "{deployed}");
    let deploy = json!({ "app": it.app, "wait_seconds": 600 });
    let call = begin(&session.client, "apps_deploy", deploy).await;
    sleep(Duration::from_secs(1)).await;
    call.cancel(None).await.expect("it is sent");
    sleep(Duration::from_secs(1)).await;
    let seen = json!({ "deployment": theirs.uuid() });
    let seen = session.ok("deployments_get", seen).await;
    assert_eq!(seen["finished"], Value::Bool(false), "{seen}");
    session.end().await;
}
