//! How a live test ends.

use std::fmt;

use coolify_sdk::Error;
use coolify_sdk::operations::Ability;

use super::Needs;

/// What a live test returns.
pub type Outcome = Result<(), Stop>;

/// Why a live test ends before its time.
#[derive(Debug)]
pub enum Stop {
    /// It cannot be run here, and why.
    Skip(String),
    /// A call failed.
    Failed(Box<Error>),
}

impl Stop {
    /// The test cannot be run here, for this reason.
    pub fn skip(reason: impl Into<String>) -> Self {
        Self::Skip(reason.into())
    }

    /// Why the test was skipped, unless it failed.
    ///
    /// A token that lacks an ability which the test names is no failure, and
    /// neither is a fake that does not serve an operation: a real Coolify never
    /// answers 501.
    pub(super) fn reason_to_skip(&self, needs: &Needs) -> Option<String> {
        let error = match self {
            Self::Skip(reason) => return Some(reason.clone()),
            Self::Failed(error) => error,
        };
        if error.status() == Some(501) {
            let operation = error.operation().unwrap_or("an operation");
            return Some(format!("{operation} is not served here"));
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
