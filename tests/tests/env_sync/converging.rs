//! For any file and any initial variables: after a sync there is nothing to do,
//! and the same file has the same meaning.

use std::collections::BTreeMap;

use coolify_sdk::Result;
use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::envs::{BulkApplicationVariable, EnvFile, Envs};
use coolify_sdk::testing::FakeCoolify;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use tokio::runtime::Runtime;

const KEYS: [&str; 4] = ["A", "B", "C", "D"];

/// Values as a file writes them.
const WRITTEN: [&str; 14] = [
    "",
    "1",
    "2",
    "'x$y'",
    "x$$y",
    "$B",
    "\"${B}\\n\"",
    "\"1\\n2\"",
    "'\n\n1'",
    "\u{200b}1",
    "\"1\u{2060} \"",
    "it's",
    "'\\\\'",
    " 1 # one",
];

/// Values as they are before.
const BEFORE: [&str; 8] = ["", "1", "2", "x$y", "$B", "1\n2", "1\u{200b}", "it's"];

fn variable() -> impl Strategy<Value = BulkApplicationVariable> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), 0..5);
    (select(&KEYS), select(&BEFORE), flags).prop_map(|(key, value, flags)| {
        let (is_preview, is_literal, is_multiline, once) = flags;
        BulkApplicationVariable::new(key)
            .value(value)
            .is_preview(is_preview)
            .is_literal(is_literal)
            .is_multiline(is_multiline)
            .is_shown_once(once == 0)
    })
}

/// Calls with several variables each: a key that one call contains twice becomes
/// two variables.
fn before() -> impl Strategy<Value = Vec<Vec<BulkApplicationVariable>>> {
    let call = proptest::collection::vec(variable(), 1..6);
    proptest::collection::vec(call, 0..3)
}

fn file() -> impl Strategy<Value = String> {
    let line = (
        select(&KEYS),
        proptest::option::weighted(0.9, select(&WRITTEN)),
        any::<bool>(),
    );
    let line = line.prop_map(|(key, value, yaml)| match value {
        Some(value) if yaml => format!("{key}: {value}\n"),
        Some(value) => format!("{key}={value}\n"),
        None => format!("{key}\n"),
    });
    proptest::collection::vec(line, 0..5).prop_map(|lines| lines.concat())
}

#[derive(Debug, Clone)]
struct Case {
    before: Vec<Vec<BulkApplicationVariable>>,
    file: String,
    prune: bool,
    previews: bool,
}

fn case() -> impl Strategy<Value = Case> {
    (before(), file(), any::<bool>(), any::<bool>()).prop_map(|(before, file, prune, previews)| {
        Case {
            before,
            file,
            prune,
            previews,
        }
    })
}

struct Stage {
    fake: FakeCoolify,
    project: String,
}

/// The meaning of variables, by key and side; `None` for unreadable values.
type Meanings = BTreeMap<(String, bool), Vec<Option<(String, bool, bool)>>>;

impl Stage {
    async fn set() -> Self {
        let fake = FakeCoolify::start().await;
        let project = fake.seed_project("shop");
        Self { fake, project }
    }

    fn envs(&self) -> Envs<ApplicationHandle> {
        let app = self.fake.seed_application(&self.project, "web");
        self.fake.client().application(app).envs()
    }

    /// Plans and applies twice. Returns the variables after that.
    async fn follow(&self, envs: &Envs<ApplicationHandle>, case: &Case) -> Result<Meanings> {
        let sync = || {
            let sync = envs.sync(EnvFile::parse(&case.file)?).prune(case.prune);
            Ok::<_, coolify_sdk::Error>(if case.previews {
                sync.for_previews()
            } else {
                sync
            })
        };
        let plan = sync()?.plan().await?;
        let planned = plan.to_string();
        let report = plan.apply().await?;
        assert!(report.is_complete(), "{report}");
        let again = sync()?.plan().await?;
        assert!(again.is_empty(), "{case:?}\n{planned}\nand then\n{again}");
        let mut meanings = Meanings::new();
        for one in envs.list().await? {
            let is = |flag: Option<bool>| flag.unwrap_or_default();
            if is(one.is_buildpack_control) {
                continue;
            }
            let value = one
                .value
                .map_or(String::new(), |value| value.expose().to_owned());
            let meaning = (value, is(one.is_literal), is(one.is_multiline));
            let meaning = (!is(one.is_shown_once)).then_some(meaning);
            let name = (one.key, is(one.is_preview));
            meanings.entry(name).or_default().push(meaning);
        }
        Ok(meanings)
    }

    async fn check(&self, case: &Case) -> Result<()> {
        let envs = self.envs();
        for call in &case.before {
            envs.bulk(call.iter().cloned()).await?;
        }
        let after = self.follow(&envs, case).await?;
        let afresh = self.follow(&self.envs(), case).await?;
        let mut wanted = Vec::new();
        for entry in EnvFile::parse(&case.file)? {
            let name = (entry.key, case.previews);
            if entry.value.is_some() {
                let (after, afresh) = (&after[&name], &afresh[&name]);
                assert_eq!(after.len(), 1, "{name:?} of {case:?}");
                assert!(
                    after == afresh || *after == [None],
                    "{name:?} of {case:?}: {after:?}"
                );
            } else {
                assert_eq!(afresh.get(&name), None, "{name:?} of {case:?}");
            }
            wanted.push(name.0);
        }
        let is_kept = |key: &String| wanted.contains(key);
        if case.prune && !wanted.is_empty() {
            let mut left = after
                .keys()
                .filter(|(_, preview)| *preview == case.previews);
            assert!(
                left.all(|(key, _)| is_kept(key) || case.previews),
                "{case:?}: {after:?}"
            );
        }
        Ok(())
    }
}

#[test]
fn any_file_is_followed_from_any_variables() {
    let runtime = Runtime::new().expect("a runtime");
    let stage = runtime.block_on(Stage::set());
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if !asked {
        config.cases = 150;
        config.rng_seed = RngSeed::Fixed(0xC001);
    }
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&case(), |case| {
        let done = runtime.block_on(stage.check(&case));
        done.map_err(|error| TestCaseError::fail(format!("{case:?}: {error}")))
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
