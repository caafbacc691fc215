//! Several Coolifys at once.

use std::time::{Duration, Instant};

use coolify_sdk::fleet::Fleet;
use coolify_sdk::testing::{FakeCoolify, Fault};
use coolify_sdk::{Coolify, ErrorKind};

async fn shop() -> FakeCoolify {
    let fake = FakeCoolify::start().await;
    fake.seed_application(&fake.seed_project("shop"), "web");
    fake
}

/// A client with a token that the fake does not know.
fn stranger(fake: &FakeCoolify) -> Coolify {
    let builder = Coolify::builder().url(fake.url()).token("9|unknown");
    builder.build().expect("a client")
}

#[tokio::test]
async fn everything_is_found_and_seen_on_those_that_answer() {
    let (one, two, empty) = (shop().await, shop().await, FakeCoolify::start().await);
    let fleet = Fleet::new([
        ("one", one.client()),
        ("stranger", stranger(&one)),
        ("two", two.client()),
        ("empty", empty.client()),
    ]);
    let fleet = fleet.expect("four names");

    let found = fleet.find("shop/production/web").await;
    let counts = found.answered().map(|(name, it)| (name, it.len()));
    assert_eq!(
        counts.collect::<Vec<_>>(),
        [("one", 1), ("two", 1), ("empty", 0)]
    );
    let failed: Vec<_> = found.failed().collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].0, "stranger");
    assert!(failed[0].1.is_unauthenticated());

    let overviews = fleet.overview().await;
    let names: Vec<_> = overviews.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["one", "stranger", "two", "empty"]);
    let printed = serde_json::to_string(&overviews).expect("JSON");
    for token in [one.token(), two.token(), "9|unknown"] {
        assert!(!printed.contains(token));
    }
    let resources = overviews.answered().map(|(_, it)| it.resources.len());
    assert_eq!(resources.collect::<Vec<_>>(), [1, 1, 0]);

    let issues = fleet.find_issues().await;
    let answered: Vec<_> = issues.answered().map(|(name, _)| name).collect();
    assert_eq!(answered, ["one", "two", "empty"]);

    let reports = fleet.doctor().await;
    let clean = reports.answered().map(|(name, it)| (name, it.is_clean()));
    let expected = [
        ("one", true),
        ("stranger", false),
        ("two", true),
        ("empty", true),
    ];
    assert_eq!(clean.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_slow_one_keeps_no_answer_back_for_longer_than_the_wait() {
    let (fast, slow) = (shop().await, shop().await);
    let late = Fault::slow(Duration::from_secs(60)).on("GET", "/projects");
    slow.fail_next(late);
    let fleet = Fleet::new([("slow", slow.client()), ("fast", fast.client())]);
    let fleet = fleet.expect("two names").max_wait(Duration::from_secs(1));
    let begun = Instant::now();
    let projects = fleet
        .each(|_, coolify| async move { coolify.projects().list().await })
        .await;
    assert!(begun.elapsed() < Duration::from_secs(30));
    let error = projects.get("slow").expect("it is named").result.as_ref();
    let error = error.expect_err("it is too slow");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.outcome_unknown(), "it may have been a write");
    let projects: Vec<_> = projects
        .answered()
        .map(|(name, it)| (name, it.len()))
        .collect();
    assert_eq!(projects, [("fast", 1)]);
    let error = fleet.versions().await.into_result();
    assert_eq!(error.expect("both answer now").len(), 2);
}
