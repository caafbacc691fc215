//! The doctor on servers that are not as they should be.

use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::{
    Coolify,
    diagnose::{Report, Severity},
    testing::FakeCoolify,
};

async fn examine(url: &str) -> Report {
    let coolify = Coolify::builder().url(url).token("1|secret-token");
    coolify.build().unwrap().doctor().await.unwrap()
}

/// The doctor on a server that gives one answer to everything.
async fn always(answer: ResponseTemplate) -> Report {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(answer)
        .mount(&server)
        .await;
    examine(&server.uri()).await
}

fn rules(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|it| &*it.rule).collect()
}

fn passed<'a>(report: &'a Report, rule: &str) -> &'a str {
    let mut passed = report.passed.iter();
    let passed = passed.find(|it| it.rule == rule);
    passed
        .and_then(|it| it.detail.as_deref())
        .unwrap_or_default()
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_a_finding() {
    let report = examine("http://127.0.0.1:9").await;
    assert_eq!(rules(&report), ["reach"]);
    assert_eq!(report.worst(), Some(Severity::Critical));
    assert!(report.unread.iter().any(|it| it.part == "token"));
}

#[tokio::test]
async fn a_healthy_coolify_has_no_finding() {
    let fake = FakeCoolify::start().await;
    let report = fake.client().doctor().await.unwrap();
    assert_eq!(report.findings, []);
    assert!(passed(&report, "version").starts_with("Coolify 4.3.11, checked"));
    let abilities = passed(&report, "abilities");
    assert_eq!(
        abilities,
        "the token has read, read:sensitive, write, deploy"
    );
}

#[tokio::test]
async fn abilities_are_found_without_a_write() {
    let fake = FakeCoolify::start().await;
    let token = "2|reader-and-deployer";
    fake.add_token(token, ["read", "deploy"]);
    let coolify = Coolify::builder().url(fake.url()).token(token);
    let report = coolify.build().unwrap().doctor().await.unwrap();
    assert_eq!(
        passed(&report, "abilities"),
        "the token has read, deploy; lacks read:sensitive, write"
    );
    assert!(fake.requests().iter().all(|it| it.method == "GET"));
}

#[tokio::test]
async fn a_web_page_is_a_finding() {
    let page = ResponseTemplate::new(200).set_body_raw("<!doctype html><p>Sign in", "text/html");
    assert_eq!(rules(&always(page).await), ["proxy-page"]);
    let refusal = ResponseTemplate::new(403).set_body_raw("<h1>Blocked</h1>", "text/html");
    assert_eq!(rules(&always(refusal).await), ["proxy-page"]);
}

#[tokio::test]
async fn a_redirect_is_a_finding_that_names_the_url() {
    let answer = ResponseTemplate::new(301)
        .insert_header("location", "https://coolify.example/api/v1/health");
    let report = always(answer).await;
    assert_eq!(rules(&report), ["redirect"]);
    assert!(
        report.findings[0]
            .next
            .contains("`https://coolify.example`")
    );
}

#[tokio::test]
async fn a_wrong_token_is_a_finding() {
    let server = MockServer::start().await;
    let refusal = serde_json::json!({"message": "Unauthenticated."});
    for (at, answer) in [
        (
            "/api/v1/health",
            ResponseTemplate::new(200).set_body_string("OK"),
        ),
        (
            "/api/v1/version",
            ResponseTemplate::new(401).set_body_json(refusal),
        ),
    ] {
        Mock::given(path(at))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    let report = examine(&server.uri()).await;
    assert_eq!(rules(&report), ["token"]);
    assert!(!report.to_string().contains("secret-token"));
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_a_finding() {
    let answer = ResponseTemplate::new(200)
        .set_body_string("4.3.11")
        .insert_header("date", "Thu, 01 Jan 2026 00:00:00 GMT");
    let report = always(answer).await;
    assert_eq!(rules(&report), ["clock"]);
    assert!(report.findings[0].message.contains("behind the local one"));
}

#[tokio::test]
async fn a_closed_api_is_a_finding() {
    for message in ["API is disabled.", "You are not allowed to access the API."] {
        let body = serde_json::json!({"success": true, "message": message});
        let report = always(ResponseTemplate::new(403).set_body_json(body)).await;
        assert_eq!(rules(&report), ["api"], "{message}");
    }
}

#[tokio::test]
async fn an_address_without_an_api_is_a_finding() {
    let body = serde_json::json!({"message": "Not found.", "docs": "https://coolify.io/docs"});
    let report = always(ResponseTemplate::new(404).set_body_json(body)).await;
    assert_eq!(rules(&report), ["address"]);
}
