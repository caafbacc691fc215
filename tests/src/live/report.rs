//! The report of a run of the live suite, as data and for people.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::Path;
use std::{fs, io};

use coolify_sdk::Version;
use coolify_sdk::operations::{Availability, Operation, operations};
use serde::{Deserialize, Serialize};

use super::exchanges::Replies;
use super::never::never;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Result {
    /// The test succeeded.
    Passed,
    /// The test failed.
    Failed,
    /// The test could not run.
    Skipped,
}

/// One test of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ran {
    /// Its name.
    pub test: String,
    /// How it ended.
    pub result: Result,
    /// Why it was skipped or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// One operation in the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Its id.
    pub operation: String,
    /// Its method and path.
    pub call: String,
    /// Its replies.
    #[serde(flatten)]
    pub replies: Replies,
    /// Why it was not called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_called: Option<String>,
}

/// The whole report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The version of the server; `None` if it could not be read.
    pub coolify: Option<String>,
    /// All tests of the run.
    pub tests: Vec<Ran>,
    /// Every operation that the SDK knows.
    pub operations: Vec<Called>,
}

impl Report {
    /// Makes the report from what was seen.
    pub(super) fn new(
        coolify: Option<&Version>,
        mut tests: Vec<Ran>,
        mut seen: BTreeMap<String, Replies>,
    ) -> Self {
        tests.sort_by(|a, b| a.test.cmp(&b.test));
        let operations = operations().iter().map(|operation| {
            let replies = seen.remove(operation.id).unwrap_or_default();
            let not_called = replies
                .statuses
                .is_empty()
                .then(|| reason(operation, coolify));
            Called {
                operation: operation.id.to_owned(),
                call: format!("{} {}", operation.method, operation.path),
                replies,
                not_called,
            }
        });
        Self {
            coolify: coolify.map(ToString::to_string),
            tests,
            operations: operations.collect(),
        }
    }

    /// Writes `report.json` and `report.md`.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let json = serde_json::to_string_pretty(self)?;
        fs::write(folder.join("report.json"), json + "\n")?;
        fs::write(folder.join("report.md"), self.to_string())
    }

    fn count(&self, result: Result) -> usize {
        self.tests.iter().filter(|it| it.result == result).count()
    }
}

/// The reason for an operation whose test was skipped, failed or filtered out.
pub const UNREACHED: &str = "its test was not run or ended before";

/// Returns why an operation was not called.
fn reason(operation: &Operation, coolify: Option<&Version>) -> String {
    let versions = &operation.versions;
    if let Some(version) = coolify
        && matches!(
            versions.on(version),
            Availability::NotYet | Availability::NoLonger
        )
    {
        return format!("Coolify has it {versions}");
    }
    let reason = never(operation.id).unwrap_or(UNREACHED);
    reason.to_owned()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.coolify.as_deref().unwrap_or("of an unknown version");
        writeln!(f, "# This SDK on Coolify {version}\n")?;
        let called = self.operations.iter().filter(|it| it.not_called.is_none());
        writeln!(
            f,
            "{} tests passed, {} failed, {} skipped; {} of {} operations called.\n",
            self.count(Result::Passed),
            self.count(Result::Failed),
            self.count(Result::Skipped),
            called.count(),
            self.operations.len(),
        )?;
        self.write_tests(f, Result::Failed, "Failed")?;
        self.write_tests(f, Result::Skipped, "Skipped")?;
        self.write_unknown(f)?;
        writeln!(f, "## Operations\n")?;
        writeln!(
            f,
            "| operation | call | replies | decoded |\n|---|---|---|---|"
        )?;
        for it in &self.operations {
            let Called {
                operation,
                call,
                replies,
                not_called,
            } = it;
            if not_called.is_none() {
                let (statuses, decoded) = (statuses(replies), decoded(replies));
                writeln!(f, "| `{operation}` | {call} | {statuses} | {decoded} |")?;
            }
        }
        writeln!(
            f,
            "\n## Not called\n\n| operation | call | why |\n|---|---|---|"
        )?;
        for it in &self.operations {
            let Called {
                operation,
                call,
                not_called,
                ..
            } = it;
            if let Some(reason) = not_called {
                writeln!(f, "| `{operation}` | {call} | {reason} |")?;
            }
        }
        Ok(())
    }
}

impl Report {
    fn write_tests(&self, f: &mut fmt::Formatter<'_>, result: Result, title: &str) -> fmt::Result {
        let mut tests = self
            .tests
            .iter()
            .filter(|it| it.result == result)
            .peekable();
        if tests.peek().is_none() {
            return Ok(());
        }
        writeln!(f, "## {title}\n\n| test | why |\n|---|---|")?;
        for it in tests {
            let reason = it.reason.as_deref().unwrap_or_default();
            let reason = reason.replace('|', "\\|").replace('\n', "<br>");
            writeln!(f, "| `{}` | {reason} |", it.test)?;
        }
        writeln!(f)
    }

    fn write_unknown(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "## What the SDK does not know\n")?;
        let mut rows = String::new();
        for it in &self.operations {
            let kinds = [
                ("does not decode", &it.replies.undecodable),
                ("field", &it.replies.unknown_fields),
                ("value", &it.replies.unknown_values),
            ];
            for (kind, list) in kinds {
                for what in list {
                    writeln!(rows, "| `{}` | {kind} | `{what}` |", it.operation)?;
                }
            }
        }
        if rows.is_empty() {
            return writeln!(
                f,
                "Nothing: every field and every value that came is known.\n"
            );
        }
        writeln!(f, "| operation | what | where |\n|---|---|---|\n{rows}")
    }
}

fn statuses(replies: &Replies) -> String {
    let statuses = replies.statuses.iter();
    let statuses: Vec<_> = statuses
        .map(|(status, times)| format!("{status} ×{times}"))
        .collect();
    statuses.join(", ")
}

fn decoded(replies: &Replies) -> &'static str {
    match (replies.undecodable.is_empty(), replies.decoded) {
        (false, _) => "**no**",
        (true, 0) => "no success to read",
        (true, _) => "yes",
    }
}
