//! Unexpected replies.
//!
//! On HTTP/1.1 the next reply on a connection answers the next request. hyper
//! notices an additional reply if no request is in flight; otherwise only its
//! content can show that it belongs to another request.

use std::time::Duration;

use coolify_sdk::{Coolify, ErrorKind};

use crate::{
    client, read,
    server::{Act, Server, json, reply},
};

const PROJECTS: &str = r#"[{"uuid": "abc", "name": "shop"}]"#;
const OWN: &str = r#"{"uuid": "abc", "name": "shop"}"#;
const OTHER: &str = r#"{"uuid": "other", "name": "planted"}"#;

/// Long enough for the next request to be in flight.
const GAP: Duration = Duration::from_millis(30);

/// Answers the first request twice, the second time when the next request is in
/// flight.
fn twice(first: &str, status: u16, second: &str) -> Act {
    Act::SayTwice(reply(200, &[], first), GAP, reply(status, &[], second))
}

async fn name(coolify: &Coolify) -> coolify_sdk::Result<String> {
    let raw = coolify.raw();
    Ok(raw.get_project_by_uuid("abc").await?.name)
}

#[tokio::test]
async fn a_reply_too_many_that_comes_at_once_is_for_nobody() {
    for gap in [0, 5, 50] {
        let both = format!("{}{}", reply(200, &[], OWN), reply(200, &[], OTHER));
        let server = Server::start([Act::Say(both), json(200, OWN)]).await;
        let coolify = client(&server);
        for _ in 0..3 {
            assert_eq!(name(&coolify).await.unwrap(), "shop");
            tokio::time::sleep(Duration::from_millis(gap)).await;
        }
    }
}

#[tokio::test]
async fn a_reply_too_many_that_comes_later_is_for_nobody() {
    let server = Server::start([twice(OWN, 200, OTHER), json(200, OWN)]).await;
    let coolify = client(&server);
    assert_eq!(name(&coolify).await.unwrap(), "shop");
    tokio::time::sleep(3 * GAP).await;
    assert_eq!(name(&coolify).await.unwrap(), "shop");
    assert_eq!(server.acts(), 2);
}

#[tokio::test]
async fn what_has_another_uuid_is_no_reply_to_a_read() {
    let server = Server::start([twice(OWN, 200, OTHER), json(200, OWN)]).await;
    let coolify = client(&server);
    assert_eq!(name(&coolify).await.unwrap(), "shop");
    assert_eq!(name(&coolify).await.unwrap(), "shop");
    assert_eq!(server.acts(), 3, "it was asked again");
}

#[tokio::test]
async fn what_creates_is_no_reply_to_a_read() {
    let server = Server::start([twice(PROJECTS, 201, "[]"), json(200, PROJECTS)]).await;
    let coolify = client(&server);
    for _ in 0..2 {
        assert_eq!(read(&coolify).await.unwrap().len(), 1);
    }
    assert_eq!(server.acts(), 3);
}

#[tokio::test]
async fn after_a_reply_of_another_shape_the_next_is_right() {
    // From now on, each reply comes one request late.
    let script = [
        twice(PROJECTS, 200, OTHER),
        twice(PROJECTS, 200, OTHER),
        json(200, PROJECTS),
    ];
    let server = Server::start(script).await;
    let coolify = client(&server);
    assert_eq!(read(&coolify).await.unwrap().len(), 1);
    assert!(read(&coolify).await.unwrap_err().is_decode());
    assert_eq!(read(&coolify).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_write_that_gets_the_reply_to_something_else_is_not_repeated() {
    let server = Server::start([twice(OWN, 200, OTHER), json(200, OWN)]).await;
    let coolify = client(&server);
    assert_eq!(name(&coolify).await.unwrap(), "shop");
    let error = coolify.project("abc").update().name("shop").await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.outcome_unknown() && error.to_string().contains("another request"));
    tokio::time::sleep(3 * GAP).await;
    let writes = server
        .lines()
        .iter()
        .filter(|it| it.starts_with("PATCH"))
        .count();
    assert_eq!(writes, 1);
    assert_eq!(name(&coolify).await.unwrap(), "shop");
}

#[tokio::test]
async fn a_server_that_always_answers_for_another_is_an_error() {
    let server = Server::start([json(200, OTHER)]).await;
    let error = name(&client(&server)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!((error.attempts(), error.outcome_unknown()), (4, false));
}

#[tokio::test(start_paused = true)]
async fn what_is_read_was_not_made_just_now() {
    for status in [201, 202] {
        let made = json(status, r#"[{"uuid": "abc"}]"#);
        let server = Server::start([made, json(200, "[]")]).await;
        assert!(read(&client(&server)).await.unwrap().is_empty(), "{status}");
        assert_eq!(server.acts(), 2);
    }
}

#[tokio::test]
async fn after_a_reply_that_cannot_be_read_none_is_taken_from_its_connection() {
    let server = Server::start([twice(OWN, 200, PROJECTS), json(200, "[]")]).await;
    let coolify = client(&server);
    assert!(read(&coolify).await.unwrap_err().is_decode());
    assert!(read(&coolify).await.unwrap().is_empty());
}
