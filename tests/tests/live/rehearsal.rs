//! Runs the whole suite against a fake of each version, in its own process.
//! Without a server, this is all that runs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use coolify_sdk::operations::Operation;
use coolify_sdk::testing::{FakeCoolify, FakeCoolifyBuilder};
use coolify_sdk_tests::Recording;
use coolify_sdk_tests::live::{Found, Report, TestResult, UNREACHED};
use libtest_mimic::{Failed, Trial};
use tokio::runtime::Runtime;

const TOKEN: &str = "7|afakedtokenthatmustnotberecorded";

/// The newest version that the fake plays, which nobody has recorded.
const NEWEST: &str = "4.4.2";

/// Returns the rehearsals; their reports go into `folder`.
pub fn all(folder: &Path) -> Vec<Trial> {
    let trial = |version: &'static str| {
        let folder = folder.join(format!("fake-{version}"));
        Trial::test(format!("rehearsal::{version}"), move || {
            rehearse(version, &folder)
        })
    };
    let examples = Trial::test("examples::each_is_run", crate::examples::each_is_run);
    let versions = Recording::versions().chain([NEWEST]);
    versions.map(trial).chain([examples]).collect()
}

/// Deletions take effect at once, so that nothing has to wait.
fn fake(version: &str) -> FakeCoolifyBuilder {
    let fake = FakeCoolify::builder().version(version).token(TOKEN);
    fake.job_lag(0)
        .deploy_looks(2)
        .internal_hosts(["203.0.113.80"])
}

fn rehearse(version: &str, folder: &Path) -> Result<(), Failed> {
    let runtime = Runtime::new()?;
    let fake = runtime.block_on(fake(version).start());
    fake.seed_github_app("acme");
    let recordings = folder.join("recordings");
    let _ = fs::remove_dir_all(&recordings);
    let output = Command::new(env::current_exe()?)
        .env("COOLIFY_URL", fake.url())
        .env("COOLIFY_TOKEN", fake.token())
        .env("COOLIFY_LIVE_REPORT", folder)
        .env("COOLIFY_LIVE_RECORD", &recordings)
        .env("COOLIFY_LIVE_REPOSITORY", "acme/api")
        .env("COOLIFY_LIVE_HETZNER", "order")
        // `tests/verdicts.rs` plays the other topics.
        .env("COOLIFY_VERDICTS", "check")
        .env("COOLIFY_VERDICTS_OF", "names")
        .env_remove("NEXTEST_RUN_ID")
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        return Err(Failed::from(format!("on a fake {version}:\n{said}")));
    }
    let report: Report = serde_json::from_slice(&fs::read(path(folder))?)?;
    check(&report, version)?;
    check_recordings(&recordings.join(version))?;
    let left = runtime.block_on(Found::all(&fake.client()))?;
    if left.is_empty() {
        return Ok(());
    }
    Err(Failed::from(format!(
        "left behind on a fake {version}: {left:?}"
    )))
}

fn path(folder: &Path) -> PathBuf {
    folder.join("report.json")
}

/// Checks a run on a fake, in addition to the failures.
fn check(report: &Report, version: &str) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    if report.coolify.as_deref() != Some(version) {
        wrong.push(format!("the report is on {:?}", report.coolify));
    }
    for test in &report.tests {
        let reason = test.reason.as_deref().unwrap_or_default();
        let is_true = reason.contains("not served here") || reason.starts_with("needs Coolify");
        if test.result == TestResult::Skipped && !is_true {
            wrong.push(format!("{} was skipped: {reason}", test.test));
        }
    }
    for it in &report.operations {
        // On the newest versions each operation is called or has a reason.
        let is_newest = version == NEWEST || version == Recording::newest();
        if is_newest && it.not_called.as_deref() == Some(UNREACHED) {
            wrong.push(format!("{} is never called", it.operation));
        }
        let unknown = (
            &it.replies.undecodable,
            &it.replies.unknown_fields,
            &it.replies.unknown_values,
        );
        if !unknown.0.is_empty() || !unknown.1.is_empty() || !unknown.2.is_empty() {
            wrong.push(format!("{} is not understood: {unknown:?}", it.operation));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failed::from(wrong.join("\n")))
}

/// Checks that the recordings have the form of the fixtures and contain no
/// secrets.
fn check_recordings(folder: &Path) -> Result<(), Failed> {
    // The token, and how every private key of OpenSSH's begins.
    let secrets = ["afakedtoken", "b3BlbnNzaC1rZXktdjE"];
    let mut recorded = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let recording: Recording = serde_json::from_str(&text)?;
        if Operation::find(&recording.operation).is_none() {
            return Err(Failed::from(format!(
                "{} is of no operation",
                path.display()
            )));
        }
        if let Some(secret) = secrets.iter().find(|secret| text.contains(**secret)) {
            return Err(Failed::from(format!("{secret} is in {}", path.display())));
        }
        recorded += 1;
    }
    if recorded < 100 {
        return Err(Failed::from(format!("only {recorded} recordings")));
    }
    Ok(())
}
