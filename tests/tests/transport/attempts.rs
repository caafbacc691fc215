//! What a program is told about each attempt, and the retries that all tasks share.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use coolify_sdk::operations::Method;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{Attempt, Coolify, CoolifyBuilder, ErrorKind, RetryBudget, RetryPolicy};

use crate::server::{Act, Server, json, reply, with};
use crate::{builder, read, write};

const PROJECTS: &str = r#"[{"uuid": "abc", "name": "shop"}]"#;

fn observed(builder: CoolifyBuilder) -> (CoolifyBuilder, Arc<Mutex<Vec<Attempt>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let all = seen.clone();
    let builder = builder.on_attempt(move |attempt| {
        all.lock().unwrap().push(attempt.clone());
    });
    (builder, seen)
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_told() {
    let script = [
        json(503, "{}"),
        Act::CutWithin(reply(200, &[], PROJECTS)),
        json(200, PROJECTS),
    ];
    let server = Server::start(script).await;
    let (builder, seen) = observed(builder(&server));
    read(&builder.build().unwrap()).await.unwrap();
    let seen = seen.lock().unwrap().clone();
    let told: Vec<_> = seen
        .iter()
        .map(|it| (it.attempt, it.status, it.error, it.is_last))
        .collect();
    assert_eq!(
        told,
        [
            (1, Some(503), Some(ErrorKind::Server), false),
            (2, None, Some(ErrorKind::Interrupted), false),
            (3, Some(200), None, true),
        ]
    );
    assert!(seen.iter().all(|it| it.operation == "list-projects"));
    assert!(seen.iter().all(|it| it.method == Method::Get));
    assert_eq!(seen[2].bytes, PROJECTS.len());
    assert_eq!(seen[0].waited, Duration::ZERO);
    // The first wait is between an eighth and a quarter of a second.
    assert!(seen[1].waited >= Duration::from_millis(125), "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_write_and_a_wait_for_the_rate_limit_are_told() {
    let limited = with(
        429,
        &[("retry-after", "3")],
        r#"{"message": "Too Many Attempts."}"#,
    );
    let server = Server::start([limited, json(201, r#"{"uuid": "abc"}"#)]).await;
    let (builder, seen) = observed(builder(&server));
    write(&builder.build().unwrap()).await.unwrap();
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!((seen[0].status, seen[0].is_last), (Some(429), false));
    assert_eq!(seen[1].method, Method::Post);
    assert!(seen[1].waited >= Duration::from_secs(3), "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn tasks_share_the_retries() {
    let down = || json(503, "{}");
    let calls = |budget| async move {
        let server = Server::start((0..200).map(|_| down())).await;
        let coolify = builder(&server).retry_budget(budget).build().unwrap();
        let tasks = (0..20).map(|_| {
            let coolify = coolify.clone();
            async move { read(&coolify).await.unwrap_err() }
        });
        let failed = futures_util::future::join_all(tasks).await;
        assert!(failed.iter().all(|it| it.status() == Some(503)));
        server.acts()
    };
    assert_eq!(
        calls(RetryBudget::unlimited()).await,
        80,
        "four attempts of each"
    );
    let some = calls(RetryBudget::new(10)).await;
    // The budget gains one in a second, and all is over after two seconds.
    assert!((30..=33).contains(&some), "{some}");
    assert_eq!(calls(RetryBudget::new(0)).await, 20);
}

#[tokio::test(start_paused = true)]
async fn the_rate_limit_takes_nothing_from_the_budget() {
    let limited = || {
        with(
            429,
            &[("retry-after", "1")],
            r#"{"message": "Too Many Attempts."}"#,
        )
    };
    let server = Server::start([limited(), limited(), json(200, PROJECTS)]).await;
    let coolify = builder(&server).retry_budget(RetryBudget::new(0));
    read(&coolify.build().unwrap()).await.unwrap();
    assert_eq!(server.acts(), 3);
}

/// A read that the HTTP client refuses to send would be refused each time.
#[tokio::test(start_paused = true)]
async fn what_the_http_client_refuses_is_not_repeated() {
    let server = Server::start([json(200, PROJECTS)]).await;
    // A plain reqwest client needs a crypto provider for the whole process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().https_only(true).build().unwrap();
    let (builder, seen) = observed(builder(&server).http_client(http));
    read(&builder.build().unwrap()).await.unwrap_err();
    let seen = seen.lock().unwrap().clone();
    assert_eq!((seen.len(), seen[0].is_last), (1, true), "{seen:?}");
    assert_eq!(server.acts(), 0);
}

/// The time before an attempt and the time of the attempt are told apart, each time.
#[tokio::test(start_paused = true)]
async fn each_attempt_has_its_own_times() {
    let limited = || {
        let message = r#"{"message": "Too Many Attempts."}"#;
        with(429, &[("retry-after", "3")], message)
    };
    let server = Server::start([limited(), limited(), limited(), json(200, PROJECTS)]).await;
    let (builder, seen) = observed(builder(&server));
    let policy = RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO);
    read(&builder.retry(policy).build().unwrap()).await.unwrap();
    let seen = seen.lock().unwrap().clone();
    let waited: Vec<_> = seen.iter().map(|it| it.waited.as_secs()).collect();
    assert_eq!(waited, [0, 3, 3, 3]);
    assert!(seen.iter().all(|it| it.duration.as_secs() == 0), "{seen:?}");
}

/// Before 4.2.0, Coolify takes some writes as GET only.
#[tokio::test]
async fn the_method_is_the_one_that_was_sent() {
    for (version, method) in [("4.1.2", Method::Get), ("4.2.0", Method::Post)] {
        let fake = FakeCoolify::builder().version(version).start().await;
        let builder = Coolify::builder().url(fake.url()).token(fake.token());
        let (builder, seen) = observed(builder);
        let instance = builder.build().unwrap().instance();
        instance.enable_api().await.unwrap();
        let seen = seen.lock().unwrap();
        let told = seen.iter().find(|it| it.operation == "enable-api");
        assert_eq!(
            told.map(|it| it.method),
            Some(method),
            "{version}: {seen:?}"
        );
    }
}
