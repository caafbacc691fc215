//! Missing abilities, and operations that a server does not have.

use std::sync::atomic::{AtomicUsize, Ordering};

use coolify_sdk::{Coolify, ErrorKind, Version, operations::Ability};

use crate::{
    client, read,
    server::{Act, Server, json, reply},
    write,
};

const NO_ROUTE: &str = r#"{"message": "Not found.", "docs": "https://coolify.io/docs"}"#;

/// Returns a server of this version, which has no other route.
async fn bare(version: &'static str) -> Server {
    let answer = move |request: &crate::server::Received| {
        if request.line() == "GET /api/v1/version" {
            reply(200, &[("content-type", "text/html")], version)
        } else {
            reply(404, &[("content-type", "application/json")], NO_ROUTE)
        }
    };
    Server::start([Act::Answer(Box::new(answer))]).await
}

async fn create_tag(coolify: &Coolify) -> coolify_sdk::Error {
    let raw = coolify.raw();
    let body = coolify_sdk::raw::types::CreateTagBody::new("blue");
    raw.create_tag(&body).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_server_too_old_is_named_with_its_version() {
    let server = bare("4.1.2").await;
    let coolify = client(&server);
    for found_out in [" (HTTP 404): Not found.", ""] {
        let error = create_tag(&coolify).await;
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.hint().is_some_and(|hint| hint.contains("update")));
        let since = error.unsupported_since().unwrap();
        assert!(since > Version::new(4, 1, 2));
        let said = format!("create-tag: needs Coolify {since}, this is 4.1.2{found_out}");
        assert_eq!(error.to_string(), said);
    }
    let sent = server.lines().iter().filter(|l| l.contains("tags")).count();
    assert_eq!(sent, 1, "what the server is known to lack is not sent");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_was_updated_since_is_found_out() {
    let asked = AtomicUsize::new(0);
    let answer = move |request: &crate::server::Received| {
        if request.line() != "GET /api/v1/version" {
            return reply(404, &[("content-type", "application/json")], NO_ROUTE);
        }
        let first = asked.fetch_add(1, Ordering::Relaxed) == 0;
        reply(200, &[], if first { "4.1.2" } else { "4.3.11" })
    };
    let server = Server::start([Act::Answer(Box::new(answer))]).await;
    let coolify = client(&server);
    assert_eq!(coolify.version().await.unwrap(), Version::new(4, 1, 2));
    create_tag(&coolify).await;
    assert_eq!(server.lines().last().unwrap(), "POST /api/v1/tags");
    assert_eq!(coolify.version().await.unwrap(), Version::new(4, 3, 11));
}

#[tokio::test(start_paused = true)]
async fn a_prerelease_may_have_what_its_release_has() {
    let server = bare("4.3.0-beta.1").await;
    let coolify = client(&server);
    coolify.version().await.unwrap();
    let error = create_tag(&coolify).await;
    assert_eq!(server.lines().last().unwrap(), "POST /api/v1/tags");
    let said = error.to_string();
    assert!(
        said.contains("needs Coolify 4.3.0, this is 4.3.0-beta.1"),
        "{said}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_route_that_should_be_there_points_to_the_url() {
    let server = bare("4.3.11").await;
    let error = read(&client(&server)).await.unwrap_err();
    assert_eq!(error.unsupported_since(), None);
    assert!(!error.is_not_found() && error.hint().unwrap().contains("URL"));
}

#[tokio::test(start_paused = true)]
async fn a_version_that_cannot_be_had_is_left_out() {
    let answer = |request: &crate::server::Received| {
        let is_version = request.line() == "GET /api/v1/version";
        let (status, body) = if is_version {
            (500, "{}")
        } else {
            (404, NO_ROUTE)
        };
        reply(status, &[("content-type", "application/json")], body)
    };
    let server = Server::start([Act::Answer(Box::new(answer))]).await;
    let coolify = client(&server);
    let error = create_tag(&coolify).await;
    assert!(error.unsupported_since().is_some());
    assert!(!error.to_string().contains("this is"), "{error}");
    // What every Coolify has is missing for another reason.
    let error = read(&coolify).await.unwrap_err();
    assert_eq!(error.unsupported_since(), None);
    assert!(error.hint().unwrap().contains("URL"));
}

#[tokio::test(start_paused = true)]
async fn three_operations_are_get_on_old_servers() {
    for (version, line) in [
        ("4.1.2", "GET /api/v1/enable"),
        ("4.2.0", "POST /api/v1/enable"),
        ("4.3.11", "POST /api/v1/enable"),
    ] {
        let server = bare(version).await;
        let raw = client(&server).raw();
        assert!(raw.enable_api().await.is_err());
        assert_eq!(server.lines()[..2], ["GET /api/v1/version", line]);
    }
    let server = Server::start([json(404, NO_ROUTE)]).await;
    let raw = client(&server).raw();
    assert!(raw.enable_api().await.is_err());
    assert_eq!(
        server.lines()[1],
        "POST /api/v1/enable",
        "not knowing is POST"
    );
}

#[tokio::test(start_paused = true)]
async fn a_write_by_get_is_still_a_write() {
    let version = || Act::Say(reply(200, &[], "4.1.2"));
    let server = Server::start([version(), Act::CutRead]).await;
    let raw = client(&server).raw();
    assert!(raw.enable_api().await.unwrap_err().outcome_unknown());
    assert_eq!(
        server.lines(),
        ["GET /api/v1/version", "GET /api/v1/enable"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_missing_ability_is_named() {
    let body = r#"{"message": "Missing required permissions: write"}"#;
    let server = Server::start([json(403, body)]).await;
    let error = write(&client(&server)).await.unwrap_err();
    assert!(error.is_forbidden());
    assert_eq!(error.missing_ability(), Some(Ability::Write));
    assert!(error.hint().unwrap().contains("`write`"));
}

#[tokio::test(start_paused = true)]
async fn a_version_is_read_from_text_only() {
    let server = bare("<html>").await;
    let error = client(&server).version().await.unwrap_err();
    assert!(error.is_decode());
    let server = bare("v4.2.0-beta.1").await;
    let version = client(&server).version().await.unwrap();
    assert_eq!(version.to_string(), "4.2.0-beta.1");
}

#[tokio::test(start_paused = true)]
async fn a_version_that_cannot_be_had_is_asked_for_once_by_all() {
    let is_version = |request: &crate::server::Received| request.line() == "GET /api/v1/version";
    // It takes a while, and the others wait meanwhile.
    let failing = reply(500, &[("connection", "close")], "{}");
    let slow = Act::Drip(failing, std::time::Duration::from_millis(1));
    let done = crate::server::json(200, r#"{"message": "API enabled."}"#);
    let either = Act::Either(is_version, Box::new(slow), Box::new(done));
    let server = Server::start([either]).await;
    let coolify = client(&server);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let raw = coolify.raw();
        tasks.spawn(async move { raw.enable_api().await });
    }
    for made in tasks.join_all().await {
        made.unwrap();
    }
    let asked = server.lines();
    let asked = asked.iter().filter(|it| it.ends_with("/version")).count();
    assert_eq!(asked, 1);
}
