//! Connections that break, and servers that fail, around a change.

use std::time::Duration;

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
    let report = web.domains().set("https://b.example.com").await?;
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

/// The field is not shown, so reading back cannot decide whether it was written.
#[tokio::test]
async fn a_lost_reply_leaves_a_hidden_field_unknown() {
    let (fake, web) = fake().await;
    fake.fail_next(Fault::lost_reply().on("PATCH", path(&web)));
    let update = web.update().name("renamed").instant_deploy(true);
    let error = update.verified().await.expect_err("the reply is lost");
    assert!(error.outcome_unknown());
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

#[tokio::test]
async fn why_it_cannot_be_read_back_is_said_too() {
    let (fake, web) = fake().await;
    fake.fail_next(Fault::status(401).on("GET", path(&web)));
    let refused = web.get().await.expect_err("the token is refused");
    let advice = refused.hint().expect("a hint");
    fake.fail_next(Fault::status(401).on("GET", path(&web)));
    let error = web.update().name("renamed").verified().await;
    let error = error.expect_err("it could not be read");
    let hint = error.hint().expect("a hint");
    assert!(hint.starts_with(advice), "{hint}");
    assert!(hint.contains("accepted the update"), "{hint}");
}

#[tokio::test]
async fn a_refusal_that_names_no_field_is_an_error() {
    let (fake, web) = fake().await;
    let refusal = serde_json::json!({"message": "The application is being moved."});
    fake.fail_next(Fault::status(422).json(refusal).on("PATCH", path(&web)));
    let error = web.update().name("renamed").verified().await;
    let error = error.expect_err("nothing was updated");
    assert!(error.is_validation(), "{error}");
    assert_eq!(fake.requests().last().expect("a request").method, "PATCH");
}

#[tokio::test]
async fn punycode_is_advised_for_names_that_are_not_ascii() -> Result<()> {
    for (domain, is_advised) in [
        ("https://müller.example", true),
        ("https://mueller.example", false),
    ] {
        let (fake, web) = fake().await;
        let refusal = serde_json::json!({
            "message": "Validation failed.",
            "errors": {"domains": ["The domain is not a valid one."]},
        });
        fake.fail_next(Fault::status(422).json(refusal).on("PATCH", path(&web)));
        let error = web.domains().set([domain]).await;
        let error = error.expect_err("it is refused");
        let hint = error.hint().unwrap_or_default();
        assert_eq!(hint.contains("Punycode"), is_advised, "{domain}: {hint}");
    }
    Ok(())
}

#[tokio::test]
async fn domains_that_cannot_be_read_back_are_not_claimed() {
    let (fake, web) = fake().await;
    // They are read before the change, too.
    fake.fail_next(Fault::slow(Duration::ZERO).on("GET", path(&web)));
    fake.fail_next(Fault::status(401).on("GET", path(&web)));
    let error = web.domains().set(["https://b.example.com"]).await;
    let error = error.expect_err("they could not be read");
    let hint = error.hint().expect("a hint");
    assert!(hint.contains("accepted the change"), "{hint}");
    assert_eq!(writes(&fake), 1);
}
