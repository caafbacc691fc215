//! Actions on many resources.

mod running;
mod selecting;

use std::collections::HashSet;
use std::time::Duration;

use crate::bulk::BulkOutcome;
use crate::testing::FakeCoolify;
use crate::{Coolify, Pacing, RetryPolicy};

/// A client without retries, so that each fault is seen.
fn client(fake: &FakeCoolify) -> Coolify {
    let builder = Coolify::builder().url(fake.url()).token(fake.token());
    let builder = builder.poll_every(Duration::from_millis(100));
    let coolify = builder.pacing(Pacing::off()).build().unwrap();
    coolify.with_retry(RetryPolicy::none())
}

/// Applications of one project, which run.
fn applications(fake: &FakeCoolify, count: usize) -> Vec<String> {
    let project = fake.seed_project("shop");
    let seed = |number| {
        let uuid = fake.seed_application(&project, &format!("web-{number:02}"));
        fake.set_application(&uuid, "status", "running:healthy");
        uuid
    };
    (0..count).map(seed).collect()
}

/// Returns how many requests changed something.
fn writes(fake: &FakeCoolify) -> usize {
    let requests = fake.requests();
    requests.iter().filter(|it| it.method != "GET").count()
}

fn reads(fake: &FakeCoolify, path: &str) -> usize {
    let requests = fake.requests();
    let of_path = |it: &&crate::testing::ReceivedRequest| it.method == "GET" && it.path == path;
    requests.iter().filter(of_path).count()
}

/// Returns the uuids in all parts of the outcome.
fn all(outcome: &BulkOutcome) -> Vec<&str> {
    let done = outcome.done.iter().map(|it| &it.resource);
    let failed = outcome.failed.iter().map(|it| &it.resource);
    let unknown = outcome.unknown.iter().map(|it| &it.resource);
    let skipped = outcome.skipped.iter().map(|it| &it.resource);
    let rest = outcome.not_tried.iter();
    let all = done.chain(failed).chain(unknown).chain(skipped).chain(rest);
    all.map(|it| it.uuid.as_str()).collect()
}

/// Checks that each resource is in the outcome exactly once.
fn nothing_is_lost(outcome: &BulkOutcome, uuids: &[String]) {
    let all = all(outcome);
    let once: HashSet<_> = all.iter().copied().collect();
    assert_eq!(all.len(), once.len(), "{outcome:?}");
    assert_eq!(once, uuids.iter().map(String::as_str).collect());
}
