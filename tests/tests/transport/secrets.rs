//! The token is seen by the server alone.

use std::{
    error::Error as _,
    io::{self, Write},
    sync::{Arc, Mutex},
};

use coolify_sdk::{Error, RetryPolicy};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

use crate::{
    TOKEN, client, read,
    server::{Act, Server, json, reply, with},
    write,
};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Lines {
    fn collect(&self) -> DefaultGuard {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_span_events(FmtSpan::CLOSE)
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn everything(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?} {}", error.report());
    let mut source = error.source();
    while let Some(cause) = source {
        text.extend([cause.to_string(), format!("{cause:?}")]);
        source = cause.source();
    }
    text
}

#[tokio::test(start_paused = true)]
async fn the_token_shows_nowhere() {
    let lines = Lines::default();
    let guard = lines.collect();
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
    drop(guard);
    let texts = texts.concat();
    let traced = lines.text();
    for secret in [TOKEN, "planted-s3cret-t0ken"] {
        assert!(!texts.contains(secret), "{texts}");
        assert!(!traced.contains(secret), "{traced}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_trace_names_the_operation_and_no_values() {
    let lines = Lines::default();
    let guard = lines.collect();
    let server = Server::start([
        Act::CutRead,
        json(200, r#"[{"uuid": "private-uuid", "name": "private"}]"#),
        with(500, &[], "private body"),
    ])
    .await;
    let coolify = client(&server);
    read(&coolify).await.unwrap();
    write(&coolify).await.unwrap_err();
    drop(guard);
    let text = lines.text();
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
