//! How much of the API the fake has, compared with `coverage.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use coolify_sdk::operations::{NEWEST_RECORDED, Operation, operations};
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_tests::Recording;

use crate::journey::steps;
use crate::replayed::{ALONE, DEVELOPMENT, JOURNEYS, OVER_THE_LIMIT};

/// The version whose operations are known from the source.
const NEWEST: &str = "4.4.2";

const NOT_REPLAYED: &str = include_str!("journeys/not-replayed.txt");

/// A recorded case, whatever the version.
struct Recorded {
    case: String,
    operation: Option<&'static Operation>,
    status: u16,
}

/// The recordings of an operation: the number of all, and of those that are
/// played.
#[derive(Default)]
struct Count {
    recorded: usize,
    played: usize,
    /// How many of those were carried out by the real server.
    done: usize,
}

/// Every recorded exchange is played, or the list of exceptions gives a reason.
#[test]
fn every_recording_is_played_or_has_a_reason() {
    let played = played();
    let excused: BTreeSet<&str> = excuses().collect();
    let mut recorded = BTreeSet::new();
    for Recorded { case, .. } in recordings() {
        let known = played.contains(case.as_str()) || excused.contains(case.as_str());
        assert!(known, "{case} is not played, and nothing says why");
        recorded.insert(case);
    }
    for case in played.iter().chain(&excused) {
        assert!(recorded.contains(*case), "{case} is no recording");
    }
    let both: Vec<_> = played.intersection(&excused).collect();
    assert!(both.is_empty(), "played all the same: {both:?}");
}

/// The table is up to date. `COVERAGE=write` writes it anew.
#[tokio::test]
async fn the_table_says_what_the_fake_has() {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let played = played();
    for recorded in recordings() {
        if let Some(operation) = recorded.operation {
            let is_played = played.contains(recorded.case.as_str());
            let count = counts.entry(operation.id).or_default();
            count.recorded += 1;
            count.played += usize::from(is_played);
            count.done += usize::from(is_played && recorded.status < 400);
        }
    }
    let recorded = FakeCoolify::start().await;
    let newest = FakeCoolify::version(NEWEST).start().await;
    let http = crate::journey::client();
    let (mut lines, mut replayed, mut from_source) = (String::new(), 0, 0);
    for operation in operations() {
        let count = counts.remove(operation.id).unwrap_or_default();
        let is_recorded = operation.versions.since <= NEWEST_RECORDED;
        let fake = if is_recorded { &recorded } else { &newest };
        let state = if !has(fake, &http, operation).await {
            "missing".to_owned()
        } else if count.played > 0 {
            replayed += 1;
            let refused = if count.done == 0 {
                ", which it refuses"
            } else {
                ""
            };
            format!("replayed {} of {}{refused}", count.played, count.recorded)
        } else {
            from_source += 1;
            "from the source".to_owned()
        };
        writeln!(lines, "{}: {state}", operation.id).expect("a text takes lines");
    }
    let all = operations().len();
    let table = format!(
        "# What `FakeCoolify` has of the API, operation by operation: with how many of its recorded\n\
         # exchanges played against it, or `from the source`: it plays what Coolify's source says,\n\
         # and nothing was recorded. The test of this folder keeps it true.\n\
         # Of {all} operations {replayed} are replayed, {from_source} from the source, {} missing.\n{lines}",
        all - replayed - from_source,
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fake/coverage.yaml");
    if std::env::var_os("COVERAGE").is_some_and(|it| it == "write") {
        std::fs::write(&path, &table).expect("the table can be written");
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        checked_in == table,
        "coverage.yaml is not what the fake has; COVERAGE=write writes it anew"
    );
}

/// Returns whether the fake has an operation. For others, it answers that it does not;
/// those of other versions it does not even know.
async fn has(fake: &FakeCoolify, http: &reqwest::Client, operation: &Operation) -> bool {
    let path = operation.path.replace(['{', '}'], "");
    let url = format!("{}/api/v1{path}", fake.url());
    let method = reqwest::Method::from_bytes(operation.method.as_str().as_bytes());
    let request = http.request(method.expect("a method"), url);
    let reply = request.bearer_auth(fake.token()).send().await;
    let reply = reply.expect("the fake answers");
    let status = reply.status();
    let said = reply.text().await.expect("a text");
    let is_known = !(status == 404 && said.contains("\"docs\""));
    status != 501 && is_known
}

/// Returns the cases that are played, whatever the version.
fn played() -> BTreeSet<&'static str> {
    let lists = JOURNEYS.iter().map(|(_, list)| *list);
    let lists = lists.chain([ALONE, DEVELOPMENT, OVER_THE_LIMIT]);
    lists.flat_map(cases).collect()
}

fn cases(list: &'static str) -> impl Iterator<Item = &'static str> {
    let steps = steps(list).filter(|step| !step.aside);
    steps.map(|step| step.words)
}

/// Returns the cases that are not played; each line gives a reason.
fn excuses() -> impl Iterator<Item = &'static str> {
    cases(NOT_REPLAYED).map(|line| {
        let (case, reason) = line.split_once(": ").unwrap_or((line, ""));
        assert!(!reason.is_empty(), "{case} needs a reason");
        case
    })
}

/// Returns all recorded cases by the names of their files, with their operations.
/// Undocumented operations were recorded under other names.
fn recordings() -> Vec<Recorded> {
    let mut all = Vec::new();
    for version in Recording::versions() {
        let folder = Recording::folder().join(version);
        for entry in std::fs::read_dir(&folder).expect("there are recordings") {
            let path = entry.expect("a file").path();
            let case = path.file_stem().and_then(|it| it.to_str()).expect("a name");
            let recording = Recording::load(&format!("{version}/{case}"));
            let called = |operation: &&Operation| {
                operation.method.as_str() == recording.request.method
                    && nameless(operation.path) == nameless(&recording.request.path)
            };
            let operation = Operation::find(&recording.operation);
            all.push(Recorded {
                operation: operation.or_else(|| operations().iter().find(called)),
                status: recording.response.status,
                case: case.to_owned(),
            });
        }
    }
    all
}

/// Removes the names of parameters, which do not matter here.
fn nameless(path: &str) -> String {
    let segments = path.split('/');
    let segments = segments.map(|it| if it.starts_with('{') { "{}" } else { it });
    segments.collect::<Vec<_>>().join("/")
}
