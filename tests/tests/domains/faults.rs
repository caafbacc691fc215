//! Connections that break, and servers that fail, around a change.

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::testing::Fault;
use coolify_sdk::{Result, RetryPolicy};

use crate::{fake, writes};

fn path(application: &ApplicationHandle) -> String {
    format!("/applications/{}", application.uuid())
}

#[tokio::test]
async fn a_lost_reply_is_no_error_when_the_change_is_seen() -> Result<()> {
    let (fake, web) = fake().await;
    fake.fail_next(Fault::lost_reply().on("PATCH", path(&web)));
    let report = web.domains().set(["https://b.example.com"]).await?;
    assert!(report.is_complete());
    fake.fail_next(Fault::lost_reply().on("PATCH", path(&web)));
    let report = web.update().name("renamed").verified().await?;
    assert!(report.is_applied("name"));
    assert_eq!(writes(&fake), 2, "nothing is sent twice");
    Ok(())
}

#[tokio::test]
async fn a_broken_connection_is_one_when_it_is_not() {
    let (fake, web) = fake().await;
    fake.fail_next(Fault::cut().on("PATCH", path(&web)));
    let error = web.domains().set(["https://b.example.com"]).await;
    assert!(error.expect_err("not there").outcome_unknown());
    fake.fail_next(Fault::cut().on("PATCH", path(&web)));
    let error = web.update().name("renamed").verified().await;
    assert!(error.expect_err("not there").outcome_unknown());
}

#[tokio::test]
async fn a_failing_server_is_an_error() {
    let (fake, web) = fake().await;
    fake.fail_next(Fault::status(500).on("PATCH", path(&web)));
    let error = web.update().name("renamed").verified().await;
    assert_eq!(error.expect_err("it failed").status(), Some(500));
}

#[tokio::test]
async fn what_cannot_be_read_back_is_not_claimed() {
    let (fake, web) = fake().await;
    let web = fake
        .client()
        .with_retry(RetryPolicy::none())
        .application(web.uuid());
    fake.fail_next(Fault::status(503).on("GET", path(&web)));
    let error = web.update().name("renamed").verified().await;
    let error = error.expect_err("it could not be read");
    assert!(
        error
            .hint()
            .expect("a hint")
            .contains("accepted the update")
    );
    assert_eq!(writes(&fake), 1);
}
