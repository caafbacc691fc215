//! What spans resources, on the fake: overviews, finding, finding or creating, and
//! events.

mod bulk;
mod diagnose;
mod doctor;
mod ensure;
mod events;
mod facts;
mod find;
mod fleet;
mod gaps;
mod issues;
mod looks;
mod overview;
mod payloads;
mod plans;
mod planted;
mod report;

use coolify_sdk::testing::FakeCoolify;

/// Returns the calls that the server got since the last look, without `GET /version`.
fn calls(fake: &FakeCoolify, since: &mut usize) -> Vec<String> {
    let all = fake.requests();
    let new = all.iter().skip(*since);
    let new = new.map(|it| format!("{} {}", it.method, it.path));
    let new = new.filter(|it| !it.ends_with("/version")).collect();
    *since = all.len();
    new
}
