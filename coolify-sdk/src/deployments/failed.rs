//! The details of a failed deployment.

use std::collections::VecDeque;
use std::fmt;

use serde::Serialize;

use super::ending::LAST_LINE;
use super::log::{LogLine, LogStream};
use super::{Deployment, DeploymentRun};
use crate::error::{Detail, Error, ErrorKind};
use crate::{Coolify, DeploymentStatus, Uuid};

/// How many of the last log lines an error contains.
const CARRIED: usize = 20;

/// How many of the last log lines a report shows.
const SHOWN: usize = 10;

/// How many characters of a line a report shows: a line may contain the whole
/// output of a build.
const WIDTH: usize = 300;

/// How many characters of the reason a message contains.
const REASON: usize = 160;

/// The beginnings of lines that follow the reason and are not the reason.
const CLEAN_UP: [&str; 3] = [
    "Deployment failed. Removing",
    "Error stopping container",
    LAST_LINE,
];

/// A deployment that failed or was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FailedDeployment {
    /// The deployment.
    pub uuid: Uuid,
    /// The name of its application.
    pub application_name: Option<String>,
    /// The status: failed or cancelled.
    pub status: DeploymentStatus,
    /// The last lines of its log that Coolify's dashboard shows. It is empty
    /// without the `read:sensitive` ability.
    pub last_lines: Vec<LogLine>,
    /// Whether Coolify withholds the log, because the token lacks the
    /// `read:sensitive` ability.
    pub log_withheld: bool,
    /// The address of the deployment's page in Coolify's dashboard.
    pub dashboard_url: Option<String>,
}

/// Keeps the end of a log while it is read.
#[derive(Default)]
pub(super) struct Tail {
    lines: VecDeque<LogLine>,
    pub(super) is_withheld: bool,
}

impl Tail {
    pub(super) fn push(&mut self, line: LogLine) {
        if line.hidden {
            return;
        }
        if self.lines.len() == CARRIED {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }
}

impl FailedDeployment {
    pub(super) fn new(run: &DeploymentRun, ended: Option<Deployment>, tail: Tail) -> Self {
        Self {
            uuid: run.uuid().clone(),
            application_name: ended.as_ref().and_then(|it| it.application_name.clone()),
            dashboard_url: ended
                .as_ref()
                .and_then(|it| it.dashboard_url(run.coolify())),
            status: ended.map_or(DeploymentStatus::Failed, |it| it.status),
            last_lines: tail.lines.into(),
            log_withheld: tail.is_withheld,
        }
    }

    /// Returns the reason of the failure in one line, if the log contains it.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        let told = |line: &&LogLine| {
            !CLEAN_UP.iter().any(|it| line.output.starts_with(it))
                && line.output.chars().any(char::is_alphanumeric)
        };
        let mut lines = self.last_lines.iter().rev().filter(told);
        let error = lines.clone().find(|line| line.stream == LogStream::Stderr);
        let output = &error.or_else(|| lines.next())?.output;
        let says = |line: &&str| line.chars().any(char::is_alphanumeric);
        let line = output.lines().rev().map(str::trim).find(says)?;
        let line = line.strip_prefix("Error: ").unwrap_or(line);
        Some(shortened(line.trim_start(), REASON))
    }
}

impl Detail for FailedDeployment {
    fn fmt_report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let skip = self.last_lines.len().saturating_sub(SHOWN);
        let mut shown = self.last_lines[skip..].iter().peekable();
        if shown.peek().is_some() {
            f.write_str("\n  the log ends with:")?;
        }
        for line in shown {
            for line in last_of(&line.output) {
                write!(f, "\n    {}", shortened(line, WIDTH))?;
            }
        }
        if let Some(page) = &self.dashboard_url {
            write!(f, "\n  dashboard: {page}")?;
        }
        Ok(())
    }
}

impl Error {
    pub(super) fn failed_run(deployment: FailedDeployment) -> Self {
        let FailedDeployment { uuid, status, .. } = &deployment;
        let summary = match deployment.reason() {
            Some(reason) => format!("the deployment {uuid} ended as {status}: {reason}"),
            None => format!("the deployment {uuid} ended as {status}"),
        };
        let mut error = Self::new(ErrorKind::DeploymentFailed, summary);
        if deployment.log_withheld {
            error.set_hint(
                "Coolify hides the log from this token: use a token with the `read:sensitive` \
                 ability, or look at the deployment in the dashboard",
            );
        }
        error.with_detail(deployment)
    }

    /// Returns the deployment that failed or was cancelled, with the last lines
    /// of its log.
    #[must_use]
    pub fn failed_deployment(&self) -> Option<&FailedDeployment> {
        self.detail()
    }
}

impl Deployment {
    /// Returns the address of the deployment's page in Coolify's dashboard, with its
    /// log; `None` if Coolify does not say where the page is. Nothing is sent.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let deployment = coolify.deployment("vk8wo4c0kc8k0s4o8gs0ss4g").get().await?;
    /// if let Some(page) = deployment.dashboard_url(&coolify) {
    ///     println!("see {page}");
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn dashboard_url(&self, coolify: &Coolify) -> Option<String> {
        let page = self.deployment_url.as_deref().filter(|it| !it.is_empty());
        page.map(|page| page_url(coolify.url(), page))
    }
}

/// Returns the URL of a page of the dashboard, from a path or from a URL.
fn page_url(dashboard: &str, page: &str) -> String {
    if page.contains("://") {
        return page.to_owned();
    }
    let slash = if page.starts_with('/') { "" } else { "/" };
    format!("{dashboard}{slash}{page}")
}

/// Returns the last lines of a text.
fn last_of(text: &str) -> impl Iterator<Item = &str> {
    let skip = text.lines().count().saturating_sub(SHOWN);
    text.lines().skip(skip)
}

/// Cuts a text to a number of characters, and removes control characters.
fn shortened(text: &str, width: usize) -> String {
    let mut shown = text.chars().filter(|letter| !letter.is_control());
    let mut short: String = shown.by_ref().take(width).collect();
    if shown.next().is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployments::log;

    fn failed(lines: &str) -> FailedDeployment {
        let mut tail = Tail::default();
        for line in log::parse(lines) {
            tail.push(line);
        }
        FailedDeployment {
            uuid: "d1".into(),
            application_name: None,
            status: DeploymentStatus::Failed,
            last_lines: tail.lines.into(),
            log_withheld: false,
            dashboard_url: None,
        }
    }

    struct Report<'a>(&'a FailedDeployment);

    impl fmt::Display for Report<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.fmt_report(f)
        }
    }

    #[test]
    fn the_reason_is_the_last_that_went_wrong() {
        let rest = r#"{"output":"====","type":"stderr"},
            {"output":"Deployment failed. Removing the new version of your application.","type":"stderr"},
            {"output":"secret","type":"stderr","hidden":true},
            {"output":"Error stopping container d1: no such container","type":"stderr"},
            {"output":"Gracefully shutting down build container: d1","type":"stdout"}"#;
        let cases = [
            (
                r#"{"output":"Deployment failed: Command execution failed (exit code 125): docker run\nError: no such image\n","type":"stderr"}"#,
                "no such image",
            ),
            (
                r#"{"output":"npm ERR! missing script","type":"stderr"}"#,
                "npm ERR! missing script",
            ),
        ];
        for (line, reason) in cases {
            let failed = failed(&format!("[{line},{rest}]").replace("\\\\", "\\"));
            assert_eq!(failed.reason().as_deref(), Some(reason));
        }
        // Without such lines, the last line that says something.
        let quiet = failed(r#"[{"output":"Server is not functional."},{"output":"----"}]"#);
        assert_eq!(quiet.reason().as_deref(), Some("Server is not functional."));
        let clean = r#"[{"output":"Gracefully shutting down build container: d1"}]"#;
        assert_eq!(failed(clean).reason(), None);
        assert_eq!(failed("[]").reason(), None);
        let long = format!(r#"[{{"output":"{}"}}]"#, "ä".repeat(500));
        assert_eq!(failed(&long).reason().unwrap().chars().count(), REASON + 1);
    }

    #[test]
    fn a_report_shows_the_last_ten_lines() {
        let lines: Vec<_> = (1..=30)
            .map(|n| format!(r#"{{"output":"line {n}"}}"#))
            .collect();
        let mut failed = failed(&format!("[{}]", lines.join(",")));
        assert_eq!(failed.last_lines.len(), CARRIED);
        failed.dashboard_url = Some(page_url("https://c.example", "/project/p"));
        let report = Report(&failed).to_string();
        let shown: Vec<_> = report.lines().map(str::trim).collect();
        assert_eq!(shown[..3], ["", "the log ends with:", "line 21"]);
        assert_eq!(
            shown[11..],
            ["line 30", "dashboard: https://c.example/project/p"]
        );
        assert_eq!(shown.len(), 13);
    }

    #[test]
    fn a_page_has_its_address() {
        assert_eq!(
            page_url("http://c:8000/sub", "/project/x"),
            "http://c:8000/sub/project/x"
        );
        assert_eq!(page_url("http://c", "project/x"), "http://c/project/x");
        assert_eq!(
            page_url("http://c", "https://d/project/x"),
            "https://d/project/x"
        );
    }

    #[test]
    fn a_report_shows_the_end_of_a_long_entry() {
        let build: Vec<_> = (1..=500).map(|n| format!("step {n}")).collect();
        let entry = serde_json::json!([{ "output": build.join("\n") }]);
        let report = Report(&failed(&entry.to_string())).to_string();
        let shown: Vec<_> = report.lines().map(str::trim).collect();
        assert_eq!(shown[..3], ["", "the log ends with:", "step 491"]);
        assert_eq!(shown[11..], ["step 500"]);
    }
}
