//! The rate limit, and similar refusals.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use coolify_sdk::{Pacing, RetryPolicy};
use tokio::{task::JoinSet, time::Instant};

use crate::{
    builder, client, read,
    server::{Act, Server, json, reply, with},
    write,
};

const TOO_MANY: &str = r#"{"message": "Too Many Attempts."}"#;
const QUEUE_FULL: &str =
    r#"{"message": "Deployment queue is full. Please wait for existing deployments to complete."}"#;

fn limited(seconds: &str) -> Act {
    let headers = [
        ("content-type", "application/json"),
        ("x-ratelimit-limit", "200"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "1795308680"),
        ("retry-after", seconds),
    ];
    with(429, &headers, TOO_MANY)
}

/// Limits as Coolify does, by the clock of the test.
fn limiter(limit: u32, refusals: Arc<Mutex<u32>>) -> Act {
    let window = Mutex::new((0, Instant::now()));
    Act::Answer(Box::new(move |request| {
        let mut window = window.lock().unwrap();
        let now = Instant::now();
        if window.0 == 0 || now >= window.1 {
            *window = (0, now + Duration::from_secs(60));
        }
        let limit_text = limit.to_string();
        if window.0 == limit {
            *refusals.lock().unwrap() += 1;
            let left = (window.1 - now).as_secs().to_string();
            let headers = [
                ("x-ratelimit-limit", &*limit_text),
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", "1"),
                ("retry-after", &left),
            ];
            return reply(429, &headers, TOO_MANY);
        }
        window.0 += 1;
        let left = (limit - window.0).to_string();
        let headers = [
            ("x-ratelimit-limit", &*limit_text),
            ("x-ratelimit-remaining", &left),
        ];
        if request.line().starts_with("GET") {
            reply(200, &headers, "[]")
        } else {
            reply(201, &headers, r#"{"uuid": "abc"}"#)
        }
    }))
}

#[tokio::test(start_paused = true)]
async fn a_thousand_mixed_calls_keep_under_the_limit() {
    let refusals = Arc::default();
    let server = Server::start([limiter(200, Arc::clone(&refusals))]).await;
    let coolify = client(&server);
    let start = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..20 {
        let coolify = coolify.clone();
        workers.spawn(async move {
            for number in 0..50 {
                if number % 3 == 0 {
                    write(&coolify).await.unwrap();
                } else {
                    read(&coolify).await.unwrap();
                }
            }
        });
    }
    workers.join_all().await;
    assert_eq!((server.acts(), *refusals.lock().unwrap()), (1_000, 0));
    assert!(
        start.elapsed() < Duration::from_secs(245),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn reads_and_writes_wait_for_the_limit() {
    let server = Server::start([limited("17"), json(200, "[]")]).await;
    let start = Instant::now();
    read(&client(&server)).await.unwrap();
    assert_eq!((start.elapsed().as_secs(), server.acts()), (17, 2));

    let server = Server::start([limited("17"), json(201, r#"{"uuid": "abc"}"#)]).await;
    write(&client(&server)).await.unwrap();
    assert_eq!(server.acts(), 2);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_limit_costs_no_attempts() {
    let script = (0..9).map(|_| limited("5")).chain([json(200, "[]")]);
    let server = Server::start(script).await;
    read(&client(&server)).await.unwrap();
    assert_eq!(server.acts(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_is_an_error() {
    let server = Server::start([limited("55")]).await;
    let impatient = RetryPolicy::default().max_wait(Duration::from_secs(30));
    for policy in [impatient, RetryPolicy::none()] {
        let coolify = builder(&server).retry(policy).build().unwrap();
        let start = Instant::now();
        let error = write(&coolify).await.unwrap_err();
        assert!(error.is_rate_limited() && !error.outcome_unknown());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(55)));
        assert_eq!((start.elapsed().as_secs(), error.attempts()), (0, 1));
    }
}

/// Refuses for a time that is only in `Retry-After`.
fn limited_by(seconds: &str) -> Act {
    with(429, &[("retry-after", seconds)], TOO_MANY)
}

#[tokio::test(start_paused = true)]
async fn an_absurd_wait_is_an_error_and_no_panic() {
    let day = Duration::from_secs(24 * 60 * 60);
    for seconds in ["86401", "18446744073709551615"] {
        let server = Server::start([limited_by(seconds)]).await;
        let coolify = client(&server);
        let start = Instant::now();
        let error = write(&coolify).await.unwrap_err();
        assert!(error.is_rate_limited() && !error.outcome_unknown());
        assert_eq!(error.retry_after(), Some(day), "{seconds}");
        // The next one is not even sent.
        let error = read(&coolify).await.unwrap_err();
        assert!(error.is_rate_limited());
        assert!(error.retry_after().unwrap() <= day);
        assert_eq!((start.elapsed().as_secs(), server.acts()), (0, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_nobody_can_read_is_the_clients_own() {
    let unreadable = [
        "",
        "soon",
        "-5",
        "1.5",
        "99999999999999999999",
        "Wed, 21 Oct 2026 07:28:00 GMT",
    ];
    for text in unreadable {
        let start = Instant::now();
        let server = Server::start([limited_by(text), json(201, r#"{"uuid": "abc"}"#)]).await;
        write(&client(&server)).await.unwrap();
        assert_eq!((start.elapsed().as_secs(), server.acts()), (0, 2), "{text}");

        // The call ends, although refusals with a known time do not count as
        // attempts.
        let server = Server::start([limited_by(text)]).await;
        let error = read(&client(&server)).await.unwrap_err();
        assert!(error.is_rate_limited() && error.retry_after().is_none());
        assert_eq!((error.attempts(), server.acts()), (4, 4), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_wait_cannot_be_read_the_time_of_reset_is() {
    let act = |seconds: &str| {
        let soon = SystemTime::now() + Duration::from_secs(30);
        let reset = soon.duration_since(UNIX_EPOCH).unwrap().as_secs();
        let reset = reset.to_string();
        let headers = [("retry-after", seconds), ("x-ratelimit-reset", &*reset)];
        with(429, &headers, TOO_MANY)
    };
    let server = Server::start([act("soon"), json(200, "[]")]).await;
    let start = Instant::now();
    read(&client(&server)).await.unwrap();
    let waited = start.elapsed().as_secs();
    assert!((28..=30).contains(&waited), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_never_ends_is_an_error() {
    let server = Server::start([limited("0")]).await;
    let pacing = Pacing::default().max_wait(Duration::from_secs(10));
    let coolify = builder(&server).pacing(pacing).build().unwrap();
    let start = Instant::now();
    let error = read(&coolify).await.unwrap_err();
    assert!(error.is_rate_limited());
    assert!(start.elapsed() <= Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn the_waits_of_all_attempts_count_together() {
    for (longest, acts) in [(15, 3), (10, 2)] {
        let server = Server::start([limited("7"), limited("7"), json(200, "[]")]).await;
        let pacing = Pacing::default().max_wait(Duration::from_secs(longest));
        let coolify = builder(&server).pacing(pacing).build().unwrap();
        let is_read = read(&coolify).await.is_ok();
        assert_eq!((is_read, server.acts()), (acts == 3, acts), "{longest} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_refuses_again_and_again_is_asked_ten_times() {
    for seconds in ["0", "1", "2", "7"] {
        for policy in [RetryPolicy::default(), RetryPolicy::default().attempts(2)] {
            let server = Server::start([limited(seconds)]).await;
            let coolify = builder(&server).retry(policy).build().unwrap();
            let error = write(&coolify).await.unwrap_err();
            assert!(error.is_rate_limited() && !error.outcome_unknown());
            assert_eq!((error.attempts(), server.acts()), (10, 10), "{seconds}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_refuses_all_calls_stops_each_of_them() {
    let server = Server::start([limited("1")]).await;
    let coolify = client(&server);
    let mut calls = JoinSet::new();
    for _ in 0..5 {
        let coolify = coolify.clone();
        calls.spawn(async move { read(&coolify).await.unwrap_err() });
    }
    let errors = calls.join_all().await;
    assert!(errors.iter().all(coolify_sdk::Error::is_rate_limited));
    assert!(server.acts() <= 50, "{}", server.acts());
}

#[tokio::test(start_paused = true)]
async fn there_is_always_a_wait_before_the_next_attempt() {
    for status in [502, 503, 504] {
        for seconds in ["0", "00", "1"] {
            let server = Server::start([with(status, &[("retry-after", seconds)], "")]).await;
            let start = Instant::now();
            let error = read(&client(&server)).await.unwrap_err();
            assert_eq!((error.attempts(), server.acts()), (4, 4));
            // A quarter of a second at least, and longer each time.
            assert!(start.elapsed() >= Duration::from_secs(1), "{seconds}");
        }
    }
    let soon = [("retry-after", "0"), ("x-ratelimit-limit", "9")];
    let soon = [soon[0], soon[1], ("x-ratelimit-remaining", "8")];
    let busy = r#"{"message": "The provider is busy."}"#;
    let server = Server::start([with(429, &soon, busy)]).await;
    let start = Instant::now();
    read(&client(&server)).await.unwrap_err();
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_makes_no_sense_is_none() {
    let nonsense = [
        ("0", "0"),
        ("0", "200"),
        ("200", "201"),
        ("-1", "-1"),
        ("many", "some"),
        ("", ""),
        ("99999999999", "0"),
    ];
    for (limit, remaining) in nonsense {
        let headers = [
            ("x-ratelimit-limit", limit),
            ("x-ratelimit-remaining", remaining),
        ];
        let server = Server::start([with(200, &headers, "[]")]).await;
        let coolify = client(&server);
        let start = Instant::now();
        for _ in 0..250 {
            read(&coolify).await.unwrap();
        }
        assert_eq!(start.elapsed().as_secs(), 0, "{limit} {remaining}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_tells_the_time_of_reset_is_coolifys_own() {
    let told = |reset: Option<&str>| {
        let mut headers = vec![
            ("retry-after", "17"),
            ("x-ratelimit-limit", "200"),
            ("x-ratelimit-remaining", "0"),
        ];
        headers.extend(reset.map(|time| ("x-ratelimit-reset", time)));
        with(429, &headers, r#"{"message": "Slow down."}"#)
    };
    let created = || json(201, r#"{"uuid": "abc"}"#);
    let server = Server::start([told(Some("1795308680")), created()]).await;
    write(&client(&server)).await.unwrap();
    assert_eq!(server.acts(), 2, "it was certainly not carried out");
    let server = Server::start([told(None), created()]).await;
    let error = write(&client(&server)).await.unwrap_err();
    assert!(error.hint().unwrap().contains("provider"));
    assert_eq!(server.acts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_time_of_reset_that_makes_no_sense_is_bounded() {
    for (reset, longest) in [("18446744073709551615", 61), ("1", 1), ("0", 1)] {
        let headers = [("x-ratelimit-reset", reset)];
        let server = Server::start([with(429, &headers, TOO_MANY), json(200, "[]")]).await;
        let start = Instant::now();
        read(&client(&server)).await.unwrap();
        let waited = start.elapsed();
        assert!(waited >= Duration::from_millis(250), "{reset}: {waited:?}");
        assert!(
            waited <= Duration::from_secs(longest),
            "{reset}: {waited:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_pacer_that_may_not_wait_says_so() {
    let server = Server::start([limiter(2, Arc::default())]).await;
    let pacing = Pacing::default().max_wait(Duration::from_secs(10));
    let coolify = builder(&server).pacing(pacing).build().unwrap();
    for _ in 0..2 {
        write(&coolify).await.unwrap();
    }
    let error = write(&coolify).await.unwrap_err();
    assert!(error.is_rate_limited() && error.message().is_none());
    assert!(error.retry_after().unwrap() > Duration::from_secs(10));
    assert_eq!((server.acts(), error.attempts()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_client_may_wait_for_ever() {
    let server = Server::start([limited("17"), json(200, "[]")]).await;
    let pacing = Pacing::default().max_wait(Duration::MAX);
    let retry = RetryPolicy::default().max_wait(Duration::MAX);
    let coolify = builder(&server).pacing(pacing).retry(retry);
    let coolify = coolify.timeout(Duration::MAX).build().unwrap();
    read(&coolify).await.unwrap();
    assert_eq!(server.acts(), 2);
}

#[tokio::test(start_paused = true)]
async fn without_pacing_the_limit_is_run_into() {
    let refusals = Arc::default();
    let server = Server::start([limiter(5, Arc::clone(&refusals))]).await;
    let coolify = builder(&server).pacing(Pacing::off()).build().unwrap();
    for _ in 0..6 {
        read(&coolify).await.unwrap();
    }
    assert!(*refusals.lock().unwrap() >= 1);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_is_not_the_rate_limit() {
    let headers = [
        ("retry-after", "60"),
        ("x-ratelimit-limit", "200"),
        ("x-ratelimit-remaining", "150"),
    ];
    let server = Server::start([with(429, &headers, QUEUE_FULL)]).await;
    let coolify = client(&server);
    let start = Instant::now();
    for error in [
        write(&coolify).await.unwrap_err(),
        read(&coolify).await.unwrap_err(),
    ] {
        assert!(error.is_queue_full() && !error.is_rate_limited());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    }
    assert_eq!((start.elapsed().as_secs(), server.acts()), (0, 2));
    let server = Server::start([json(400, QUEUE_FULL)]).await;
    assert!(write(&client(&server)).await.unwrap_err().is_queue_full());
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_a_cloud_provider_stops_no_other_call() {
    let headers = [
        ("retry-after", "17"),
        ("x-ratelimit-limit", "200"),
        ("x-ratelimit-remaining", "150"),
    ];
    let refusal = r#"{"message": "Rate limit exceeded. Please try again later."}"#;
    let server = Server::start([with(429, &headers, refusal), json(200, "[]")]).await;
    let coolify = client(&server);
    let start = Instant::now();
    let error = write(&coolify).await.unwrap_err();
    assert!(error.is_rate_limited() && error.hint().unwrap().contains("provider"));
    assert_eq!(server.acts(), 1, "the provider may have done a part of it");
    read(&coolify).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_before_coolify_has_done_nothing() {
    let refusal = with(429, &[("retry-after", "5")], "slow down");
    let server = Server::start([refusal, json(201, r#"{"uuid": "abc"}"#)]).await;
    let start = Instant::now();
    write(&client(&server)).await.unwrap();
    assert_eq!((start.elapsed().as_secs(), server.acts()), (5, 2));
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_takes_no_room() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let coolify = coolify_sdk::Coolify::builder().url(url).token(crate::TOKEN);
    let coolify = coolify.pacing(Pacing::per_minute(1)).build().unwrap();
    let coolify = coolify.with_retry(RetryPolicy::none());
    let start = Instant::now();
    for _ in 0..3 {
        let error = read(&coolify).await.unwrap_err();
        assert!(error.is_connect(), "{error:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_holds_back_all_clones() {
    for (asked, held) in [("0", 200), ("3", 2_900)] {
        let server = Server::start([limited(asked), json(200, "[]")]).await;
        let coolify = client(&server);
        let other = coolify.clone();
        let first = tokio::spawn(async move { read(&other).await });
        while server.acts() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        let start = Instant::now();
        read(&coolify).await.unwrap();
        assert!(start.elapsed() > Duration::from_millis(held), "{asked}");
        first.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_limit_refuses_leaves_the_attempts_to_what_fails() {
    let refusals = (0..3).map(|_| limited("1"));
    let cuts = (0..3).map(|_| Act::CutRead);
    let script = refusals.chain(cuts).chain([json(200, "[]")]);
    let server = Server::start(script).await;
    read(&client(&server)).await.unwrap();
    assert_eq!(server.acts(), 7);
}

#[tokio::test(start_paused = true)]
async fn more_left_than_the_limit_holds_nobody_back() {
    let headers = [("x-ratelimit-limit", "1"), ("x-ratelimit-remaining", "2")];
    let script = [
        with(200, &headers, "[]"),
        Act::Stall,
        Act::Stall,
        json(200, "[]"),
    ];
    let server = Server::start(script).await;
    let coolify = client(&server);
    read(&coolify).await.unwrap();
    let mut stalled = JoinSet::new();
    for _ in 0..2 {
        let coolify = coolify.clone();
        stalled.spawn(async move { read(&coolify).await.map(drop) });
    }
    while server.acts() < 3 {
        tokio::task::yield_now().await;
    }
    let start = Instant::now();
    read(&coolify).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 0);
}
