//! The course of a deployment.

use std::time::Duration;

/// How a deployment goes: what it logs and how it ends.
///
/// ```no_run
/// # use coolify_sdk::testing::DeploymentScript;
/// let fine = DeploymentScript::finishes(["Building.", "Started."]);
/// let broken = DeploymentScript::fails(["npm ERR! missing script: build"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentScript {
    pub(super) lines: Vec<Line>,
    pub(super) ends: Ending,
}

/// One line of a deployment's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) stderr: bool,
    /// Coolify shows such lines only with debug logs switched on.
    pub(super) hidden: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Finished,
    Failed,
}

impl DeploymentScript {
    /// Logs these lines and succeeds: the application runs afterwards.
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
        }
    }

    /// Begins as usual, logs these lines as errors and fails.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::DeploymentScript;
    /// let script = DeploymentScript::fails(["npm ERR! missing script: build"]);
    /// ```
    #[must_use]
    pub fn fails<L: Into<String>>(lines: impl IntoIterator<Item = L>) -> Self {
        let beginning = Self::default().lines.into_iter().take(3);
        Self {
            lines: beginning
                .chain(lines.into_iter().map(Line::error))
                .collect(),
            ends: Ending::Failed,
        }
    }
}

/// A build that goes well, with a hidden line in it as real ones have.
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
    pub(super) fn output(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            stderr: false,
            hidden: false,
        }
    }

    pub(super) fn error(text: impl Into<String>) -> Self {
        Self {
            stderr: true,
            ..Self::output(text)
        }
    }
}

/// What makes a deployment go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Being looked at: this many looks take it from queued to its end.
    Looks(u32),
    /// Time: it takes that long.
    Time(Duration),
}
