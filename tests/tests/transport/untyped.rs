//! Requests of paths that the SDK may not know.

use coolify_sdk::operations::Method;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{Coolify, ErrorKind, HIDDEN, Result};
use serde_json::json;

use crate::server::{Act, Server, json as replies, with};
use crate::{TOKEN, client};

#[tokio::test(start_paused = true)]
async fn a_new_route_is_called_as_all_others_are() {
    let server = Server::start([replies(201, r#"{"uuid": "abc", "password": "hunter2"}"#)]).await;
    let reply = client(&server)
        .request(Method::Post, "/new/route of mine")
        .query("force", true)
        .query("q", "a&b")
        .json(json!({"name": "shop"}))
        .await
        .unwrap();
    assert_eq!(reply.expose()["uuid"], "abc");
    assert!(!format!("{reply:?}").contains("hunter2"));
    let received = server.received().remove(0);
    assert_eq!(
        received.line(),
        "POST /api/v1/new/route%20of%20mine?force=true&q=a%26b"
    );
    assert_eq!(received.body, r#"{"name":"shop"}"#);
    assert_eq!(
        received.header("authorization"),
        Some(&*format!("Bearer {TOKEN}"))
    );
}

#[tokio::test(start_paused = true)]
async fn only_a_get_is_repeated() {
    let script = || [Act::CutRead, replies(200, "{}")];
    let server = Server::start(script()).await;
    let read = client(&server).request(Method::Get, "/new/route").await;
    assert!(read.is_ok(), "{read:?}");
    assert_eq!(server.acts(), 2);
    for method in [Method::Post, Method::Patch, Method::Put, Method::Delete] {
        let server = Server::start(script()).await;
        let error = client(&server).request(method, "/new/route").await;
        let error = error.unwrap_err();
        assert!(error.outcome_unknown(), "{method}: {error:?}");
        assert_eq!(server.acts(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_may_be_empty_or_a_text_but_no_page() {
    let text = |body| with(200, &[("content-type", "text/plain")], body);
    let script = [text(""), text("4.3.11"), text("<html>sign in</html>")];
    let server = Server::start(script).await;
    let coolify = client(&server);
    let mut replies = Vec::new();
    for _ in 0..3 {
        replies.push(coolify.request(Method::Get, "/new/route").await);
    }
    assert!(replies[0].as_ref().unwrap().expose().is_null());
    assert_eq!(*replies[1].as_ref().unwrap().expose(), json!("4.3.11"));
    assert!(replies[2].as_ref().unwrap_err().is_decode());
}

#[tokio::test]
async fn what_is_wrong_is_said_before_anything_is_sent() -> Result<()> {
    let fake = FakeCoolify::version("4.1.2").start().await;
    let project = fake.seed_project("shop");
    let coolify = fake.client();
    coolify.version().await?;
    let kind = |result: Result<coolify_sdk::SecretJson>| result.unwrap_err().kind();
    for path in [
        "projects",
        "https://evil.example/x",
        "/a/../b",
        "/projects?x=1",
        "",
    ] {
        let refused = coolify.request(Method::Get, path).await;
        assert_eq!(kind(refused), ErrorKind::InvalidRequest, "{path}");
    }
    let hidden = coolify
        .request(Method::Post, "/new")
        .json(json!({"key": HIDDEN}));
    assert_eq!(kind(hidden.await), ErrorKind::InvalidRequest);
    // The rules of an operation that the SDK knows.
    let too_old = coolify.request(Method::Get, "/tags").await;
    assert_eq!(kind(too_old), ErrorKind::Unsupported);
    let bound = coolify.in_project(project.as_str());
    for path in ["/new/route", "/projects", "/applications"] {
        let refused = bound.request(Method::Get, path).await;
        assert_eq!(kind(refused), ErrorKind::OutOfScope, "{path}");
    }
    let received = fake.requests();
    assert!(
        received.iter().all(|it| it.path == "/version"),
        "{received:?}"
    );
    Ok(())
}

#[tokio::test]
async fn known_routes_answer_and_unknown_ones_are_an_error() -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Project {
        name: String,
    }
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let coolify = fake.client();
    let path = format!("/projects/{project}");
    let read: Project = coolify.request(Method::Get, &path).send_as().await?;
    assert_eq!(read.name, "shop");
    let odd = coolify
        .request(Method::Get, &path)
        .send_as::<Vec<String>>()
        .await;
    let odd = odd.unwrap_err();
    assert!(odd.is_decode());
    assert_eq!(odd.operation(), Some("get-project-by-uuid"));
    assert_eq!(odd.attempts(), 1);
    let unknown = coolify
        .request(Method::Get, "/new/route")
        .await
        .unwrap_err();
    assert_eq!(unknown.status(), Some(404));
    assert!(unknown.unsupported().is_none(), "{unknown:?}");
    assert!(sends(&coolify), "a request can be spawned");
    Ok(())
}

fn sends(coolify: &Coolify) -> bool {
    fn check<T: Send + 'static>(_: T) -> bool {
        true
    }
    check(coolify.request(Method::Get, "/x").send())
}
