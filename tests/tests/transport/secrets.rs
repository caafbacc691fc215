//! Only the server sees the token.

use coolify_sdk::envs::BulkApplicationVariable;
use coolify_sdk::{Error, Exposed, HIDDEN, RetryPolicy, Secret};
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

#[tokio::test]
async fn the_placeholder_of_a_secret_is_not_sent_in_its_place() {
    let server = Server::start([]).await;
    let coolify = client(&server);
    let stored = serde_json::to_string(&Secret::from("hunter2")).unwrap();
    let lost: Secret = serde_json::from_str(&stored).unwrap();
    assert_eq!(lost.expose(), HIDDEN);

    let bulk = [
        BulkApplicationVariable::new("ONE").value("1"),
        BulkApplicationVariable::new("TWO").value(lost.clone()),
    ];
    let envs = coolify.application("web").envs();
    let update = coolify.database("db").update_postgresql();
    let update = update.postgres_password(lost.clone());
    let key = coolify.private_keys().create(lost);
    for (field, error) in [
        ("`data[1].value`", envs.bulk(bulk).await.unwrap_err()),
        ("`postgres_password`", update.await.unwrap_err()),
        ("`private_key`", key.await.unwrap_err()),
    ] {
        assert!(error.is_invalid_request(), "{error:?}");
        assert!(error.to_string().contains(field), "{error}");
        assert!(error.hint().unwrap().contains("Exposed"), "{error:?}");
    }
    assert_eq!(server.acts(), 0, "{:?}", server.lines());

    let stored = serde_json::to_string(&Exposed(&Secret::from("hunter2"))).unwrap();
    let kept: Secret = serde_json::from_str(&stored).unwrap();
    assert_eq!(kept.expose(), "hunter2");
}
