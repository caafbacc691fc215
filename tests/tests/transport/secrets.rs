//! The token is seen by the server alone.

use coolify_sdk::{Error, RetryPolicy};
use coolify_sdk_tests::{Traces, everything};

use crate::{
    TOKEN, client, read,
    server::{Act, Server, json, reply, with},
    write,
};

#[tokio::test(start_paused = true)]
async fn the_token_shows_nowhere() {
    let traces = Traces::start();
    let echo = || {
        Act::Answer(Box::new(|request| {
            let token = request.header("authorization").unwrap();
            reply(
                422,
                &[],
                &format!(r#"{{"message": "{token}", "errors": {{"x": "{token}"}}}}"#),
            )
        }))
    };
    let sent_back = |status| {
        Act::Answer(Box::new(move |request: &crate::server::Received| {
            let token = request.header("authorization").unwrap();
            reply(
                status,
                &[("location", "/login?token=planted-s3cret-t0ken")],
                token,
            )
        }))
    };
    let mut texts = Vec::new();
    for act in [
        echo(),
        sent_back(200),
        sent_back(302),
        sent_back(500),
        Act::CutRead,
    ] {
        let server = Server::start([act]).await;
        let coolify = client(&server).with_retry(RetryPolicy::none());
        texts.push(format!("{coolify:?}"));
        for error in [
            read(&coolify).await.unwrap_err(),
            write(&coolify).await.unwrap_err(),
        ] {
            texts.push(everything(&error));
        }
    }
    let texts = texts.concat();
    let lines = traces.take();
    for secret in [TOKEN, "planted-s3cret-t0ken"] {
        assert!(!texts.contains(secret), "{texts}");
        assert!(!lines.contains(secret), "{lines}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_trace_names_the_operation_and_no_values() {
    let traces = Traces::start();
    let server = Server::start([
        Act::CutRead,
        json(200, r#"[{"uuid": "private-uuid", "name": "private"}]"#),
        with(500, &[], "private body"),
    ])
    .await;
    let coolify = client(&server);
    read(&coolify).await.unwrap();
    write(&coolify).await.unwrap_err();
    let text = traces.take();
    for part in [
        "http.request.method=GET",
        "url.template=\"/projects\"",
        "server.address=\"127.0.0.1\"",
        "coolify.operation=\"list-projects\"",
        "http.response.status_code=500",
        "attempt=2",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(
        !text.contains("private") && !text.contains("shop"),
        "{text}"
    );
}

#[test]
fn clients_and_errors_can_go_anywhere() {
    fn anywhere<T: Send + Sync + 'static>() {}
    fn travels<T: Send>(_: &T) {}
    anywhere::<coolify_sdk::Coolify>();
    anywhere::<Error>();
    let coolify = coolify_sdk::Coolify::builder()
        .url("http://c.example")
        .token("t")
        .build();
    let coolify = coolify.unwrap();
    travels(&read(&coolify));
    travels(&write(&coolify));
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}
