//! Faults: which requests they match, and that none stays unused.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde_json::json;

use super::wire::Wire;
use crate::testing::{FakeCoolify, Fault};

const LOST: &str = "/projects/shop/environments";

/// Returns the message of a panic.
fn panic_of(call: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(call)).expect_err("it panics");
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast::<&str>().expect("a text")).to_owned(),
    }
}

#[tokio::test]
async fn a_template_stands_for_any_id() {
    let fake = FakeCoolify::start().await;
    let wire = Wire::to(&fake);
    for (method, template, path) in [
        ("GET", "/applications/{uuid}", "/applications/abc"),
        ("get", "/api/v1/projects/{uuid}", "/projects/p"),
        (
            "POST",
            "/applications/{uuid}/start",
            "/applications/x/start",
        ),
        ("GET", "/projects/{any}/{name}", "/projects/p/staging"),
        ("DELETE", "/services/{uuid}/envs/{e}", "/services/s/envs/e1"),
        ("PATCH", "/services/s/envs", "/services/s/envs"),
        ("GET", "/projects/p/my env", "/projects/p/my%20env"),
        ("GET", "/teams/{id}", "/teams/7"),
    ] {
        fake.fail_next(Fault::status(503).on(method, template));
        assert_eq!(wire.get("/version").await.status, 200, "{template}");
        let method = method.to_uppercase();
        let struck = wire.send(&method, path, None).await;
        assert_eq!(struck.status, 503, "{template}");
        assert!(fake.faults_left().is_empty(), "{template}");
    }
}

#[tokio::test]
async fn another_operation_and_another_id_are_passed_over() {
    let fake = FakeCoolify::start().await;
    let wire = Wire::to(&fake);
    fake.fail_next(Fault::status(503).on("GET", "/teams/{id}"));
    fake.fail_next(Fault::status(503).on("GET", "/applications/one"));
    fake.fail_next(Fault::status(503).on("DELETE", "/projects/{uuid}"));
    for path in [
        "/teams/current",
        "/applications/two",
        "/projects/p",
        "/no/route",
    ] {
        assert_ne!(wire.get(path).await.status, 503, "{path}");
    }
    assert_eq!(
        fake.faults_left(),
        [
            "503 on GET /teams/{id}",
            "503 on GET /applications/one",
            "503 on DELETE /projects/{uuid}",
        ]
    );
    fake.clear_faults();
}

/// A fault matches the operation, even if a version has another method for it.
#[tokio::test]
async fn an_operation_is_struck_however_the_version_calls_it() {
    let fake = FakeCoolify::version("4.1.2").start().await;
    fake.fail_next(Fault::status(500).on("POST", "/servers/{uuid}/validate"));
    let server = fake.client().server(fake.server_uuid());
    let error = server.validate().await.expect_err("it was to fail");
    assert_eq!(error.status(), Some(500));
    assert_eq!(fake.requests().last().expect("a request").method, "GET");
}

#[tokio::test]
async fn a_fault_that_never_struck_is_told_when_the_fake_goes() {
    let fake = FakeCoolify::start().await;
    fake.fail_next(Fault::lost_reply().on("POST", LOST));
    fake.fail_next(Fault::slow(Duration::from_secs(1)));
    fake.fail_next_deployment(["exit code 1"]);
    let left = [
        "a lost reply on POST /projects/shop/environments",
        "a reply 1s late on any request",
        "a failing deployment",
    ];
    assert_eq!(fake.faults_left(), left);
    let said = panic_of(|| drop(fake));
    assert!(said.contains(&left.join(", ")), "{said}");

    let fake = FakeCoolify::start().await;
    fake.fail_next(Fault::cut());
    fake.fail_next_deployment(["exit code 1"]);
    fake.clear_faults();
    assert!(fake.faults_left().is_empty());
}

#[tokio::test]
async fn the_panic_of_a_test_is_not_covered_up() {
    let fake = FakeCoolify::start().await;
    fake.fail_next(Fault::cut());
    let said = panic_of(move || {
        let _fake = fake;
        panic!("the test's own reason");
    });
    assert_eq!(said, "the test's own reason");
}

#[tokio::test]
async fn what_can_never_strike_is_refused() {
    let fake = FakeCoolify::start().await;
    for (method, path, said) in [
        ("GET", "/application/{uuid}", "no operation"),
        ("GET", "applications/{uuid}", "no operation"),
        ("GET", "/applications/", "no operation"),
        (
            "POST",
            "/databases/{engine}",
            "takes GET, PATCH, DELETE, not POST",
        ),
        ("PUT", "/projects", "/projects takes GET, POST, not PUT"),
        ("FETCH", "/projects", "/projects takes GET, POST, not FETCH"),
        (
            "PATCH",
            "/applications/{uuid}/start",
            "takes GET, POST, not PATCH",
        ),
        ("POST", "/deploy?uuid=abc", "has a query"),
        (
            "GET",
            "https://coolify.example.com/api/v1/projects",
            "no operation",
        ),
    ] {
        let fault = Fault::status(503).on(method, path);
        let panic = panic_of(|| fake.fail_next(fault));
        assert!(panic.contains(said), "{path}: {panic}");
    }
    for (fault, said) in [
        (Fault::cut().html("<h1>"), "`html`"),
        (Fault::lost_reply().json(json!({})), "`json`"),
        (
            Fault::slow(Duration::ZERO).retry_after(Duration::ZERO),
            "`retry_after`",
        ),
        (Fault::status(42), "42 is not a valid status"),
    ] {
        let panic = panic_of(|| fake.fail_next(fault));
        assert!(panic.contains(said), "{panic}");
    }
    assert!(fake.faults_left().is_empty());
}

#[tokio::test]
async fn names_that_mean_nothing_are_refused() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let said = panic_of(|| fake.set_application(&app, "statsu", "exited"));
    assert!(said.contains("\"statsu\""), "{said}");
    let said = panic_of(|| fake.set_proxy("TREAFIK"));
    assert!(said.contains("\"TREAFIK\""), "{said}");
    let said = panic_of(|| fake.add_token("2|x", ["read", "deploys"]));
    assert!(said.contains("\"deploys\""), "{said}");
    let said = panic_of(|| drop(FakeCoolify::builder().abilities(["raed"])));
    assert!(said.contains("\"raed\""), "{said}");
}

#[tokio::test]
async fn a_rate_limit_says_when_to_come_back() {
    let fake = FakeCoolify::start().await;
    let wire = Wire::to(&fake);
    let limited = || Fault::status(429).retry_after(Duration::from_millis(1500));
    fake.fail_next(limited());
    let reply = wire.get("/projects").await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, "2"));
    assert_eq!(reply.json()["message"], "Too Many Attempts.");
    // The same with further settings after it.
    fake.fail_next(limited().json(json!({"message": "Later."})));
    let reply = wire.get("/projects").await;
    assert_eq!(reply.header("retry-after"), "2");
    assert_eq!(reply.json()["message"], "Later.");
    fake.fail_next(Fault::status(503).html("<h1>").retry_after(Duration::ZERO));
    let reply = wire.get("/projects").await;
    assert_eq!(reply.header("retry-after"), "0");
    assert_eq!(reply.text, "<h1>");
}
