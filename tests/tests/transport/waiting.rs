//! Waiting for the rate limit appears in the traces.

use coolify_sdk::{Pacing, RetryPolicy};
use coolify_sdk_tests::Traces;

use crate::{
    builder, client, read,
    server::{Act, Server, json, with},
    write,
};

const TOO_MANY: &str = r#"{"message": "Too Many Attempts."}"#;

#[tokio::test(start_paused = true)]
async fn waiting_for_the_rate_limit_is_told_before_it_begins() {
    let traces = Traces::start();
    let refusal = with(429, &[("retry-after", "17")], TOO_MANY);
    let server = Server::start([refusal, json(200, "[]")]).await;
    read(&client(&server)).await.unwrap();
    let told = traces.take();
    for part in [
        "INFO",
        "waiting for the rate limit",
        "milliseconds=17000",
        "coolify.operation=\"list-projects\"",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_next_attempt_is_told() {
    let traces = Traces::start();
    let server = Server::start([Act::CutRead, json(200, "[]")]).await;
    read(&client(&server)).await.unwrap();
    let told = traces.take();
    assert!(told.contains("waiting before the next attempt"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn being_held_back_is_told_when_it_begins_and_when_it_ends() {
    let traces = Traces::start();
    let server = Server::start([json(201, r#"{"uuid": "abc"}"#)]).await;
    let coolify = builder(&server).pacing(Pacing::per_minute(2)).build();
    let coolify = coolify.unwrap();
    write(&coolify).await.unwrap();
    write(&coolify).await.unwrap();
    assert!(!traces.take().contains("held back"), "there was room");
    write(&coolify).await.unwrap();
    let told = traces.take();
    let begins = told.find("held back to keep under the rate limit").unwrap();
    let ends = told.find("held back no longer").unwrap();
    assert!(
        begins < ends && told[begins..ends].contains("milliseconds=59"),
        "{told}"
    );
    assert!(told[ends..].contains("milliseconds=60000"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn what_the_documentation_says_of_the_defaults_is_so() {
    let page = include_str!("../../../coolify-sdk/src/telemetry.md");
    let retry = format!("{:?}", RetryPolicy::default());
    let pacing = format!("{:?}", Pacing::default());
    for (stated, set, default) in [
        ("4 attempts", "attempts: 4", &retry),
        ("250 ms", "first: 250ms", &retry),
        ("8 s", "longest: 8s", &retry),
        ("2 minutes", "max_wait: 120s", &retry),
        ("10 minutes", "max_wait: 600s", &pacing),
        ("learned", "mode: Learned", &pacing),
    ] {
        assert!(page.contains(stated), "{stated}");
        assert!(default.contains(set), "{set}: {default}");
    }
    let traces = Traces::start();
    let server = Server::start([Act::CutRead, json(200, "[]")]).await;
    read(&client(&server)).await.unwrap();
    let told = traces.take();
    // Each field of the span and each event that the page lists.
    for line in page.lines().filter_map(|line| line.strip_prefix("| `")) {
        let (name, _) = line.split_once('`').unwrap();
        let name = name.split([':', '=']).next().unwrap();
        let conditional = ["http.response.status_code", "error.type"];
        if name.contains('.') && !conditional.contains(&name) {
            assert!(told.contains(&format!("{name}=")), "{name}: {told}");
        }
    }
}
