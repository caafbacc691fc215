//! Scripts of deployments.

use std::time::Duration;

/// The script of a deployment: what it logs and how it ends.
///
/// As on a real server, the end of the log comes after the last status: the
/// reason of a failure, the output of the post-deployment command
/// ([`then_logs`](Self::then_logs)), and a line of Coolify's own.
///
/// ```no_run
/// # use coolify_sdk::testing::DeploymentScript;
/// let fine = DeploymentScript::finishes(["Building.", "Started."]);
/// let broken = DeploymentScript::fails(["npm ERR! missing script: build"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentScript {
    pub(in crate::testing) lines: Vec<Line>,
    pub(in crate::testing) ends: Ending,
    /// The lines that are logged after the last status.
    pub(in crate::testing) late: Vec<Line>,
}

/// One line of a deployment's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::testing) struct Line {
    pub(in crate::testing) text: String,
    pub(in crate::testing) stderr: bool,
    /// Coolify shows such lines only if debug logs are on.
    pub(in crate::testing) hidden: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::testing) enum Ending {
    Finished,
    Failed,
}

impl DeploymentScript {
    /// Makes a deployment that logs these lines and succeeds; the application
    /// runs afterwards.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::DeploymentScript;
    /// let script = DeploymentScript::finishes(["Building.", "Started."]);
    /// ```
    #[must_use]
    pub fn finishes<L: Into<String>>(lines: impl IntoIterator<Item = L>) -> Self {
        Self {
            lines: lines.into_iter().map(Line::output).collect(),
            ends: Ending::Finished,
            late: Vec::new(),
        }
    }

    /// Makes a deployment that begins as usual, fails, and logs these lines as
    /// errors.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::DeploymentScript;
    /// let script = DeploymentScript::fails(["npm ERR! missing script: build"]);
    /// ```
    #[must_use]
    pub fn fails<L: Into<String>>(lines: impl IntoIterator<Item = L>) -> Self {
        Self {
            lines: Self::default().lines.into_iter().take(3).collect(),
            ends: Ending::Failed,
            late: lines.into_iter().map(Line::error).collect(),
        }
    }

    /// Adds lines after the last status, as a post-deployment command does.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::DeploymentScript;
    /// let script = DeploymentScript::default().then_logs(["Post-deployment command failed."]);
    /// ```
    #[must_use]
    pub fn then_logs<L: Into<String>>(mut self, lines: impl IntoIterator<Item = L>) -> Self {
        self.late.extend(lines.into_iter().map(Line::output));
        self
    }
}

/// Makes a successful build, which contains a hidden line like real ones.
impl Default for DeploymentScript {
    fn default() -> Self {
        let mut script = Self::finishes([
            "Starting deployment to localhost.",
            "Importing the source.",
            "Building the image.",
            "docker inspect: healthy",
            "Rolling update started.",
            "New container is healthy.",
        ]);
        script.lines[3].hidden = true;
        script
    }
}

impl Line {
    pub(in crate::testing) fn output(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            stderr: false,
            hidden: false,
        }
    }

    pub(in crate::testing) fn error(text: impl Into<String>) -> Self {
        Self {
            stderr: true,
            ..Self::output(text)
        }
    }
}

/// What makes a deployment advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::testing) enum Pace {
    /// Polls: this many take it from queued to its end.
    Looks(u32),
    /// Time: it takes this long.
    Time(Duration),
}
