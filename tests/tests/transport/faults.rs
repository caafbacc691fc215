//! Failing connections: reads are repeated, and writes only if they were not
//! sent.

use std::{error::Error as _, time::Duration};

use coolify_sdk::{Coolify, RetryPolicy};
use tokio::time::Instant;

use crate::{
    PATIENCE, TOKEN, builder, client, read,
    server::{Act, Server, json, reply, with},
    write,
};

const PROJECTS: &str = r#"[{"uuid": "abc", "name": "shop"}]"#;

#[tokio::test(start_paused = true)]
async fn requests_are_dressed_as_coolify_wants_them() {
    let server = Server::start([json(200, PROJECTS)]).await;
    read(&client(&server)).await.unwrap();
    let request = server.received().remove(0);
    assert_eq!(request.line(), "GET /api/v1/projects");
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(
        request.header("authorization"),
        Some(&*format!("Bearer {TOKEN}"))
    );
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .starts_with("coolify-sdk/")
    );
    assert_eq!(request.header("api-version"), None);

    let server = Server::start([json(201, r#"{"uuid": "abc"}"#)]).await;
    write(&client(&server)).await.unwrap();
    let request = server.received().remove(0);
    assert_eq!(request.line(), "POST /api/v1/projects");
    assert_eq!(request.body, r#"{"name":"shop"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_cut_off_is_never_sent_again() {
    let cut = || reply(201, &[], r#"{"uuid": "abc"}"#);
    for fault in [Act::CutUnread, Act::CutRead, Act::CutWithin(cut())] {
        let server = Server::start([fault, json(201, r#"{"uuid": "second"}"#)]).await;
        let error = write(&client(&server)).await.unwrap_err();
        assert!(error.outcome_unknown(), "{error:?}");
        assert!(error.hint().unwrap().contains("check before"));
        assert_eq!((error.attempts(), server.acts()), (1, 1));
        assert_eq!(error.operation(), Some("create-project"));
    }
}

#[tokio::test(start_paused = true)]
async fn nor_is_one_on_a_connection_that_was_kept() {
    let server = Server::start([json(200, "[]"), Act::CutRead, json(201, "{}")]).await;
    let coolify = client(&server);
    read(&coolify).await.unwrap();
    assert!(write(&coolify).await.unwrap_err().outcome_unknown());
    assert_eq!(server.acts(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_read_that_is_cut_off_is_sent_again() {
    let cut = || reply(200, &[], PROJECTS);
    for fault in [Act::CutUnread, Act::CutRead, Act::CutWithin(cut())] {
        let server = Server::start([fault, json(200, PROJECTS)]).await;
        let projects = read(&client(&server)).await.unwrap();
        assert_eq!((projects.len(), server.acts()), (1, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_at_reading_end() {
    let server = Server::start([Act::CutRead]).await;
    let error = read(&client(&server)).await.unwrap_err();
    assert_eq!((error.attempts(), server.acts()), (4, 4));
    assert!(!error.outcome_unknown());
    let once = client(&server).with_retry(RetryPolicy::none());
    assert_eq!(read(&once).await.unwrap_err().attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_fails_is_asked_again_for_reads_only() {
    for status in [502, 503, 504] {
        let script = || {
            [
                with(
                    status,
                    &[("content-type", "text/html")],
                    "<title>Down</title>",
                ),
                json(200, PROJECTS),
            ]
        };
        let server = Server::start(script()).await;
        assert!(read(&client(&server)).await.is_ok());
        let server = Server::start(script()).await;
        let error = write(&client(&server)).await.unwrap_err();
        assert_eq!((error.status(), server.acts()), (Some(status), 1));
        assert!(error.outcome_unknown());
        assert!(error.to_string().contains("Down"));
    }
    let server = Server::start([json(500, r#"{"message": "Server Error"}"#)]).await;
    assert!(read(&client(&server)).await.is_err());
    assert_eq!(server.acts(), 1, "a 500 is the same the next time");
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_does_not_come_is_a_timeout() {
    let half = reply(200, &[], PROJECTS);
    for fault in [Act::Stall, Act::StallWithin(half)] {
        let server = Server::start([fault]).await;
        let coolify = client(&server).with_timeout(Duration::from_secs(5));
        let start = Instant::now();
        let error = write(&coolify).await.unwrap_err();
        assert!(error.is_timeout() && error.outcome_unknown() && !error.is_connect());
        assert_eq!((start.elapsed().as_secs(), server.acts()), (5, 1));
        let error = read(&coolify).await.unwrap_err();
        assert!(error.is_timeout() && !error.outcome_unknown());
        assert_eq!(server.acts(), 1 + 4);
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let server = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let brief = RetryPolicy::default()
        .attempts(3)
        .backoff(Duration::ZERO, Duration::ZERO);
    let coolify = Coolify::builder()
        .url(server)
        .token(TOKEN)
        .retry(brief)
        .build()
        .unwrap();
    let error = write(&coolify).await.unwrap_err();
    assert!(error.is_connect() && !error.outcome_unknown(), "{error:?}");
    assert_eq!(error.attempts(), 3, "what was not sent can be sent again");
    assert!(error.source().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_reply_of_another_form_names_the_place_and_quotes_nothing() {
    let server = Server::start([json(200, r#"[{"uuid": "abc", "name": {"s3cret": 1}}]"#)]).await;
    let error = read(&client(&server)).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.json_path(), Some("$[0].name"));
    assert!(!format!("{error} {error:?} {}", error.report()).contains("s3cret"));
}

#[tokio::test(start_paused = true)]
async fn a_page_in_place_of_a_reply_is_called_one() {
    let page = "<!doctype html><title>Sign in</title>";
    let server = Server::start([with(200, &[("content-type", "text/html")], page)]).await;
    let error = read(&client(&server)).await.unwrap_err();
    assert!(error.is_decode() && error.hint().unwrap().contains("web page"));
    for body in ["", "[{\"uuid\": \"abc\""] {
        let server = Server::start([json(200, body)]).await;
        assert!(read(&client(&server)).await.unwrap_err().is_decode());
    }
}

#[tokio::test(start_paused = true)]
async fn ids_that_lead_elsewhere_are_not_sent() {
    let server = Server::start([json(200, "{}")]).await;
    let coolify = client(&server);
    for id in ["..", ".", ""] {
        let raw = coolify.raw();
        let error = raw.get_project_by_uuid(id).await.unwrap_err();
        assert!(error.is_invalid_request(), "{id}: {error:?}");
        assert_eq!(error.operation(), Some("get-project-by-uuid"));
    }
    assert_eq!(server.acts(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_is_forgotten() {
    let server = Server::start([Act::Stall, json(200, PROJECTS)]).await;
    let coolify = builder(&server).timeout(PATIENCE).build().unwrap();
    let call = read(&coolify);
    assert!(
        tokio::time::timeout(Duration::from_secs(1), call)
            .await
            .is_err()
    );
    assert!(read(&coolify).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn text_is_text() {
    let server = Server::start([with(200, &[("content-type", "text/html")], "4.3.11")]).await;
    let raw = client(&server).raw();
    let text = raw.version().await.unwrap();
    assert_eq!(text, "4.3.11");
}

#[tokio::test]
async fn a_handshake_without_an_answer_is_a_timeout() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let coolify = Coolify::builder().url(url).token(TOKEN);
    let coolify = coolify.connect_timeout(Duration::from_millis(100));
    let coolify = coolify.build().unwrap().with_retry(RetryPolicy::none());
    let error = write(&coolify).await.unwrap_err();
    assert!(error.is_connect() && error.is_timeout(), "{error:?}");
    assert!(!error.outcome_unknown());
}
