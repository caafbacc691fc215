//! The outcome of a live test.

use std::fmt;

use coolify_sdk::Error;
use coolify_sdk::operations::Ability;

use super::Needs;

/// The result of a live test.
pub type Outcome = Result<(), Stop>;

/// Why a live test ends early.
#[derive(Debug)]
pub enum Stop {
    /// It cannot run here, for this reason.
    Skip(String),
    /// A call failed.
    Failed(Box<Error>),
}

impl Stop {
    /// Skips the test for this reason.
    pub fn skip(reason: impl Into<String>) -> Self {
        Self::Skip(reason.into())
    }

    /// Returns why the test was skipped, unless it failed.
    ///
    /// It is not a failure if the server's version lacks an operation or a field, if the
    /// token lacks an ability that the test names, or if a fake does not have an operation:
    /// a real Coolify never answers 501.
    pub(super) fn reason_to_skip(&self, needs: &Needs) -> Option<String> {
        let error = match self {
            Self::Skip(reason) => return Some(reason.clone()),
            Self::Failed(error) => error,
        };
        if error.status() == Some(501) {
            let operation = error.operation().unwrap_or("an operation");
            return Some(format!("{operation} is not served here"));
        }
        if let Some(unsupported) = error.unsupported() {
            return Some(format!("needs Coolify {}", unsupported.versions));
        }
        if let Some(ability) = error.missing_ability() {
            let named = ability == Ability::Read || needs.abilities.contains(&ability.as_str());
            return named.then(|| format!("the token lacks `{ability}`"));
        }
        let crowded = error
            .message()
            .is_some_and(|it| it.starts_with("Server has multiple destinations"));
        crowded.then(|| {
            "the server has several destinations, which this Coolify does not list".to_owned()
        })
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skip(reason) => f.write_str(reason),
            Self::Failed(error) => write!(f, "{}", error.report()),
        }
    }
}
