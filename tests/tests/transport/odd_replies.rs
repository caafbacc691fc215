//! Replies that are too long, too slow or of another kind.

use std::time::Duration;

use coolify_sdk::RetryPolicy;
use tokio::time::Instant;

use crate::{
    client, read,
    server::{Act, Server, reply, with},
    write,
};

#[tokio::test(start_paused = true)]
async fn json_of_another_content_type_is_json() {
    for kind in ["text/plain", "text/html; charset=utf-8", "image/png", ""] {
        let headers = [("content-type", kind)];
        let server = Server::start([with(200, &headers, "[]")]).await;
        assert_eq!(read(&client(&server)).await.unwrap(), []);
        let server = Server::start([with(201, &headers, r#"{"uuid": "abc"}"#)]).await;
        assert_eq!(write(&client(&server)).await.unwrap().uuid, "abc");
    }
}

#[tokio::test]
async fn of_a_refusal_without_end_only_the_beginning_is_read() {
    let once = RetryPolicy::none();
    let server = Server::start([Act::Flood(503)]).await;
    let coolify = client(&server).with_retry(once);
    let error = read(&coolify).await.unwrap_err();
    assert_eq!(error.status(), Some(503));
    let error = write(&coolify).await.unwrap_err();
    assert!(error.outcome_unknown());
    assert_eq!((error.status(), server.acts()), (Some(503), 2));
    // What is said of it stays short too.
    assert!(error.report().to_string().len() < 4_096);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_comes_by_the_byte_is_a_timeout() {
    let drip = || Act::Drip(reply(200, &[], "[]"), Duration::from_secs(1));
    let server = Server::start([drip()]).await;
    let coolify = client(&server).with_timeout(Duration::from_secs(20));
    let start = Instant::now();
    let error = write(&coolify).await.unwrap_err();
    assert!(error.is_timeout() && error.outcome_unknown());
    assert_eq!((start.elapsed().as_secs(), server.acts()), (20, 1));
    let patient = coolify.with_timeout(Duration::from_secs(300));
    assert_eq!(read(&patient).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_to_itself_is_not_walked_in_a_circle() {
    let server = Server::start([with(302, &[("location", "/api/v1/projects")], "")]).await;
    let coolify = client(&server);
    assert!(read(&coolify).await.unwrap_err().is_redirect());
    assert!(write(&coolify).await.unwrap_err().is_redirect());
    assert_eq!(server.acts(), 2);
}
