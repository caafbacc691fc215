//! What could not be read.

use std::fmt;

use serde::Serialize;

use crate::error::Error;
use crate::operations::Ability;

/// A part that could not be read, because the token is not allowed to, the client is
/// bound to a project, or the server does not have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unread {
    /// The part, such as `servers`.
    pub what: String,
    /// Why it could not be read.
    pub reason: String,
    /// The ability that the token lacks, as Coolify writes it.
    pub missing_ability: Option<&'static str>,
}

impl Unread {
    /// Turns a denied read into a note. Any other failure stays an error.
    pub(crate) fn sort(what: impl Into<String>, error: Error) -> Result<Self, Error> {
        let is_denied =
            error.is_forbidden() || error.is_out_of_scope() || error.unsupported().is_some();
        if !is_denied {
            return Err(error);
        }
        Ok(Self {
            what: what.into(),
            reason: error.to_string(),
            missing_ability: error.missing_ability().map(Ability::as_str),
        })
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not read {}: {}", self.what, self.reason)
    }
}
