//! Runs the live tests in one process or, under nextest, in one process for each.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::{env, fs, io, thread, time::Duration};

use coolify_sdk::operations::Ability;
use futures_util::FutureExt as _;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;

use super::context::{Live, has};
use super::exchanges::{self, Replies};
use super::report::{Ran, Report, Result as TestResult};
use super::target::{Presence, Target};
use super::{LiveTest, Needs};

/// The message of a test without a server.
const NO_SERVER: &str = "COOLIFY_URL and COOLIFY_TOKEN are not set";

/// One runtime for all tests: they share a client, and its connections live in
/// the runtime that opened them.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Runtime::new().expect("the runtime needs nothing but threads"));

static TARGET: OnceCell<Result<Arc<Target>, String>> = OnceCell::const_new();

static RAN: Mutex<Vec<Ran>> = Mutex::new(Vec::new());

/// Runs the live suite. The report is written into `folder`, and `rehearsals` are
/// run if there is no server.
pub fn main(folder: &Path, rehearsals: impl FnOnce() -> Vec<Trial>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    let presence = Target::presence();
    if presence == Presence::Here {
        // One after the other by default, because the tests share the rate limit, and
        // because no test should read a list from which another test removes entries.
        arguments.test_threads.get_or_insert(1);
    }
    let tests = inventory::iter::<LiveTest>.into_iter();
    let mut trials: Vec<_> = tests.map(|test| trial(test, presence)).collect();
    trials.sort_by(|a, b| a.name().cmp(b.name()));
    if presence == Presence::Nowhere {
        trials.extend(rehearsals());
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if presence == Presence::Here && !arguments.list {
        let folder =
            env::var_os("COOLIFY_LIVE_REPORT").map_or_else(|| folder.into(), PathBuf::from);
        match write_report(&folder) {
            Ok(()) => println!("report: {}", folder.join("report.md").display()),
            Err(error) => {
                eprintln!("error: no report in {}: {error}", folder.display());
                return ExitCode::FAILURE;
            }
        }
    }
    conclusion.exit_code()
}

fn trial(test: &'static LiveTest, presence: Presence) -> Trial {
    for ability in test.needs.abilities {
        assert!(
            ability.parse::<Ability>().is_ok(),
            "{ability} is no ability"
        );
    }
    let name = exchanges::short(test.name);
    Trial::ignorable_test(name, move || {
        if presence == Presence::Nowhere {
            return Ok(Completion::ignored_with(NO_SERVER));
        }
        let (result, reason) = RUNTIME.block_on(run(test));
        let mut ran = RAN.lock().unwrap_or_else(PoisonError::into_inner);
        ran.push(Ran {
            test: name.to_owned(),
            result,
            reason: reason.clone(),
        });
        let reason = reason.unwrap_or_default();
        match result {
            TestResult::Passed => Ok(Completion::Completed),
            TestResult::Skipped => Ok(Completion::ignored_with(reason)),
            TestResult::Failed => Err(Failed::from(reason)),
        }
    })
}

async fn run(test: &'static LiveTest) -> (TestResult, Option<String>) {
    let target = TARGET.get_or_init(|| async {
        let target = Target::connect().await;
        target
            .map(Arc::new)
            .map_err(|error| error.report().to_string())
    });
    match target.await {
        Ok(target) => run_on(target.clone(), test).await,
        Err(reason) => (TestResult::Failed, Some(reason.clone())),
    }
}

async fn run_on(target: Arc<Target>, test: &'static LiveTest) -> (TestResult, Option<String>) {
    if let Some(reason) = unmet(&test.needs, &target) {
        return (TestResult::Skipped, Some(reason));
    }
    let live = Live::new(target, test.name);
    let hands = live.clone();
    let guarded = async move {
        // In its own task, so that a panic does not affect the other tests.
        let ended = AssertUnwindSafe((test.run)(live)).catch_unwind().await;
        let left = AssertUnwindSafe(hands.clean_up()).catch_unwind().await;
        (ended, left)
    };
    let (ended, left) = exchanges::TEST.scope(test.name, guarded).await;
    let (mut result, mut reasons) = match ended {
        Ok(Ok(())) => (TestResult::Passed, Vec::new()),
        Ok(Err(stop)) => match stop.reason_to_skip(&test.needs) {
            Some(reason) => (TestResult::Skipped, vec![reason]),
            None => (TestResult::Failed, vec![stop.to_string()]),
        },
        Err(panic) => (TestResult::Failed, vec![said(&*panic)]),
    };
    let left = left.unwrap_or_else(|panic| vec![format!("cleaning up: {}", said(&*panic))]);
    if !left.is_empty() {
        result = TestResult::Failed;
        reasons.extend(left);
    }
    (result, (!reasons.is_empty()).then(|| reasons.join("\n")))
}

/// Returns why the test cannot run on this server.
fn unmet(needs: &Needs, target: &Target) -> Option<String> {
    if let Some(since) = needs.since
        && !has(&target.version, since)
    {
        return Some(format!("needs Coolify {since}, this is {}", target.version));
    }
    if needs.server && target.working_server().is_none() {
        return Some("needs a server that is reachable and usable; there is none".to_owned());
    }
    None
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it panicked").to_owned()
}

/// The part of a report that one process contributes.
#[derive(Default, Serialize, Deserialize)]
struct Part {
    coolify: Option<String>,
    tests: Vec<Ran>,
    seen: BTreeMap<String, Replies>,
}

fn write_report(folder: &Path) -> io::Result<()> {
    let target = TARGET.get().and_then(|target| target.as_ref().ok());
    let mut whole = Part {
        coolify: target.map(|target| target.version.to_string()),
        tests: RAN.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        seen: exchanges::seen(),
    };
    // Under nextest this process has seen one test of the run.
    let Some(run) = env::var_os("NEXTEST_RUN_ID") else {
        return write(&whole, folder);
    };
    let parts = folder.join("parts").join(run);
    fs::create_dir_all(&parts)?;
    let own = parts.join(format!("{}.json", std::process::id()));
    let _lock = Lock::take(parts.join("lock"));
    fs::write(own, serde_json::to_vec(&whole)?)?;
    whole = Part::default();
    for entry in fs::read_dir(&parts)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "json") {
            let part: Part = serde_json::from_slice(&fs::read(path)?)?;
            whole.coolify = whole.coolify.or(part.coolify);
            whole.tests.extend(part.tests);
            for (operation, replies) in part.seen {
                whole.seen.entry(operation).or_default().absorb(replies);
            }
        }
    }
    write(&whole, folder)
}

fn write(part: &Part, folder: &Path) -> io::Result<()> {
    let version = part.coolify.as_deref().and_then(|it| it.parse().ok());
    Report::new(version.as_ref(), part.tests.clone(), part.seen.clone()).write(folder)
}

/// A lock, which is a folder that only one process can create.
struct Lock(PathBuf);

impl Lock {
    /// Waits for other processes, but not for one that died with the lock.
    fn take(path: PathBuf) -> Self {
        for _ in 0..100 {
            if fs::create_dir(&path).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        Self(path)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use coolify_sdk::testing::{FakeCoolify, FakeCoolifyBuilder};

    use super::super::{Found, Leftover, Outcome, Stop};
    use super::*;

    /// Runs a test on a fake. Returns how it ended, and whether anything is left.
    async fn run_on_fake(
        fake: FakeCoolifyBuilder,
        needs: Needs,
        run: fn(Live) -> std::pin::Pin<Box<dyn Future<Output = Outcome> + Send>>,
    ) -> (TestResult, String, bool) {
        let fake = fake.job_lag(0).start().await;
        let target = Target::of(&fake.url(), fake.token())
            .await
            .expect("a target");
        let name = "live::made_up";
        let test = Box::leak(Box::new(LiveTest { name, needs, run }));
        let (result, reason) = run_on(Arc::new(target), test).await;
        let left = Found::all(&fake.client()).await.expect("it can be asked");
        (result, reason.unwrap_or_default(), !left.is_empty())
    }

    const NEEDS: Needs = Needs {
        abilities: &["write"],
        since: None,
        server: false,
    };

    #[tokio::test]
    async fn a_panic_is_a_failure_and_leaves_nothing() {
        let run = run_on_fake(FakeCoolify::builder(), NEEDS, |live| {
            Box::pin(async move {
                live.project()
                    .await?
                    .environments()
                    .create("staging")
                    .await?;
                panic!("it went wrong");
            })
        });
        let (result, reason, is_left) = run.await;
        assert_eq!(
            (result, reason.as_str()),
            (TestResult::Failed, "it went wrong")
        );
        assert!(!is_left);
    }

    #[tokio::test]
    async fn a_failed_call_is_a_failure_and_leaves_nothing() {
        let run = run_on_fake(FakeCoolify::builder(), NEEDS, |live| {
            Box::pin(async move {
                let project = live.project().await?;
                let again = project.environments().create("production").await?;
                drop(again);
                Ok(())
            })
        });
        let (result, reason, is_left) = run.await;
        assert_eq!(result, TestResult::Failed);
        assert!(reason.contains("create-environment"), "{reason}");
        assert!(!is_left);
    }

    #[tokio::test]
    async fn what_cannot_be_removed_is_a_failure() {
        let run = run_on_fake(FakeCoolify::builder(), NEEDS, |live| {
            Box::pin(async move {
                // Not a uuid, because it would change the path.
                live.made(Leftover::Project("..".into()));
                Ok(())
            })
        });
        let (result, reason, _) = run.await;
        assert_eq!(result, TestResult::Failed);
        assert!(reason.contains("left behind"), "{reason}");
    }

    #[tokio::test]
    async fn tests_are_skipped_for_a_true_reason() {
        let reader = || FakeCoolify::builder().abilities(["read"]);
        let run = |live: Live| -> std::pin::Pin<Box<dyn Future<Output = Outcome> + Send>> {
            Box::pin(async move { live.project().await.map(drop) })
        };
        let (result, reason, _) = run_on_fake(reader(), NEEDS, run).await;
        let lacking = "the token lacks `write`";
        assert_eq!((result, reason.as_str()), (TestResult::Skipped, lacking));

        let unnamed = Needs {
            abilities: &[],
            ..NEEDS
        };
        let (result, _, _) = run_on_fake(reader(), unnamed, run).await;
        assert_eq!(
            result,
            TestResult::Failed,
            "a test has to say what it needs"
        );

        let old = || FakeCoolify::builder().version("4.1.2");
        let newer = Needs {
            since: Some("4.2.0"),
            ..NEEDS
        };
        let (result, reason, _) = run_on_fake(old(), newer, run).await;
        let too_old = "needs Coolify 4.2.0, this is 4.1.2";
        assert_eq!((result, reason.as_str()), (TestResult::Skipped, too_old));

        let skip = |_: Live| -> std::pin::Pin<Box<dyn Future<Output = Outcome> + Send>> {
            Box::pin(async { Err(Stop::skip("not today")) })
        };
        let (result, reason, _) = run_on_fake(old(), NEEDS, skip).await;
        assert_eq!(
            (result, reason.as_str()),
            (TestResult::Skipped, "not today")
        );
    }
}
