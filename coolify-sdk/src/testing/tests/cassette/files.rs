//! Files, modes and errors.

use std::{error::Error as _, fs};

use super::{Shelf, differences};
use crate::testing::{CassetteError, FakeCoolify, Fault, RecordMode};
use crate::{Error, Pacing, RetryPolicy};

#[tokio::test]
async fn a_missing_file_says_how_to_record_it() {
    let shelf = Shelf::new();
    let error = shelf.open(RecordMode::Replay).await.unwrap_err();
    assert!(matches!(&error, CassetteError::Missing(path) if *path == shelf.path()));
    let text = error.to_string();
    for word in [
        "COOLIFY_RECORD=1",
        "COOLIFY_URL",
        "COOLIFY_TOKEN",
        "test.json",
    ] {
        assert!(text.contains(word), "{text}");
    }
    let error = Error::from(error);
    assert!(
        format!("{error:?}").contains("COOLIFY_RECORD=1"),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_unreadable_file_is_a_typed_error() {
    let shelf = Shelf::new();
    for (text, reason) in [
        ("not JSON", "expected"),
        ("{}", "it has no `format`"),
        (r#"{"format": "1"}"#, "it has no `format`"),
        (
            r#"{"format": 1, "sdk": "0.1.0"}"#,
            "missing field `coolify`",
        ),
    ] {
        shelf.write(text);
        let error = shelf.open(RecordMode::Replay).await.unwrap_err();
        assert!(matches!(&error, CassetteError::Invalid(..)), "{error:?}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    shelf.write(r#"{"format": 2, "reels": []}"#);
    let error = shelf.open(RecordMode::Replay).await.unwrap_err();
    assert!(matches!(error, CassetteError::Newer(_, 2)), "{error:?}");
    let folder = crate::testing::Cassette::open(shelf.0.clone()).mode(RecordMode::Replay);
    let error = folder.await.unwrap_err();
    assert!(matches!(error, CassetteError::Io(..)) && error.source().is_some());
}

#[tokio::test]
async fn only_finish_writes_and_only_completely() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let cassette = shelf.record(&fake).await;
    assert!(cassette.is_recording() && cassette.coolify() == "4.3.11");
    cassette.client().projects().create("shop").await.unwrap();
    drop(cassette);
    assert!(!shelf.path().exists(), "the test did not come to its end");

    shelf.write("older");
    let cassette = shelf.record(&fake).await;
    let error = cassette.finish().unwrap_err();
    assert!(error.to_string().contains("no request was made"), "{error}");
    assert_eq!(shelf.text(), "older");

    let cassette = shelf.record(&fake).await;
    cassette.client().projects().list().await.unwrap();
    cassette.finish().unwrap();
    assert!(shelf.text().starts_with("{\n  \"format\": 1,\n  \"sdk\": "));
    assert_eq!(
        fs::read_dir(&shelf.0).unwrap().count(),
        1,
        "no temporary file is left"
    );
}

#[tokio::test]
async fn a_write_without_a_reply_is_not_recorded() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let cassette = shelf.record(&fake).await;
    fake.fail_next(Fault::lost_reply().on("POST", "/projects"));
    let error = cassette
        .client()
        .projects()
        .create("shop")
        .await
        .unwrap_err();
    assert!(error.outcome_unknown());
    let error = cassette.finish().unwrap_err();
    assert!(matches!(error, CassetteError::NotRecorded(..)), "{error:?}");
    assert!(
        error.to_string().contains("POST /projects got no reply"),
        "{error}"
    );
    assert!(!shelf.path().exists());

    // A read is only repeated.
    let cassette = shelf.record(&fake).await;
    fake.fail_next(Fault::cut().on("GET", "/projects"));
    cassette.client().projects().list().await.unwrap();
    cassette.finish().unwrap();
    let cassette = shelf.replay().await;
    cassette.client().projects().list().await.unwrap();
    cassette.finish().unwrap();
}

#[tokio::test]
async fn without_a_server_nothing_is_recorded() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let opening = shelf.open(RecordMode::Record).server(fake.url(), "1|wrong");
    let error = opening.await.unwrap_err();
    let CassetteError::NoServer(error) = &error else {
        panic!("{error:?}");
    };
    assert!(error.is_unauthenticated());
}

#[tokio::test]
async fn what_is_missing_is_recorded_once() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    for records in [true, false] {
        let opening = shelf.open(RecordMode::RecordMissing);
        let cassette = opening.server(fake.url(), fake.token()).await.unwrap();
        assert_eq!(cassette.is_recording(), records);
        cassette.client().servers().list().await.unwrap();
        cassette.finish().unwrap();
    }
    let lists = fake.requests();
    assert_eq!(lists.iter().filter(|it| it.path == "/servers").count(), 1);
}

#[tokio::test]
async fn a_cassette_of_another_sdk_may_lack_what_is_sent_now() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let cassette = shelf.record(&fake).await;
    cassette.client().projects().create("shop").await.unwrap();
    cassette.finish().unwrap();
    let create = |cassette: &crate::testing::Cassette| {
        let create = cassette.client().projects().create("shop");
        create.description("goods").send()
    };

    let cassette = shelf.replay().await;
    create(&cassette).await.unwrap_err();
    assert_eq!(differences(cassette).len(), 2);

    let recorded = shelf.text();
    let own = format!("\"sdk\": {:?}", env!("CARGO_PKG_VERSION"));
    assert!(recorded.contains(&own));
    shelf.write(&recorded.replace(&own, "\"sdk\": \"0.0.9\", \"reels\": 2"));
    let cassette = shelf.replay().await;
    create(&cassette).await.unwrap();
    cassette.finish().unwrap();
}

#[tokio::test]
async fn the_version_of_the_server_is_replayed() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::version("4.1.2").start().await;
    let test = async |cassette: &crate::testing::Cassette| {
        let coolify = cassette.client();
        assert_eq!(coolify.version().await.unwrap().to_string(), "4.1.2");
        let tags = coolify.raw().list_tags().await.unwrap_err();
        assert!(tags.unsupported().is_some(), "{tags:?}");
        coolify.servers().list().await.unwrap();
    };
    let cassette = shelf.record(&fake).await;
    test(&cassette).await;
    cassette.finish().unwrap();
    drop(fake);
    let cassette = shelf.replay().await;
    assert_eq!(cassette.coolify(), "4.1.2");
    test(&cassette).await;
    cassette.finish().unwrap();
}

#[tokio::test]
async fn a_refusal_by_the_rate_limit_is_replayed_without_its_wait() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let minute = std::time::Duration::from_secs(60);
    let cassette = shelf.record(&fake).await;
    let coolify = cassette
        .builder()
        .retry(RetryPolicy::none())
        .pacing(Pacing::off())
        .build()
        .unwrap();
    fake.fail_next(Fault::status(429).retry_after(minute));
    let error = coolify.projects().create("shop").await.unwrap_err();
    assert_eq!(error.retry_after(), Some(minute));
    coolify.projects().create("shop").await.unwrap();
    cassette.finish().unwrap();
    assert!(shelf.text().contains("\"retry-after\": \"60\""));

    let cassette = shelf.replay().await;
    let begun = std::time::Instant::now();
    // The client repeats what the test repeated by itself.
    cassette.client().projects().create("shop").await.unwrap();
    assert!(begun.elapsed() < minute / 10);
    cassette.finish().unwrap();
}
