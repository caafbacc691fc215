//! What was done.

use std::fmt;

use serde::Serialize;

use super::change::{VariableName, listed};
use crate::error::{Detail, Error};

/// What a sync has done.
///
/// When it could not be done to the end, the error carries it:
/// [`Error::sync_report`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SyncReport {
    /// What there is now that was missing.
    pub created: Vec<VariableName>,
    /// What is now as it was wanted.
    pub updated: Vec<VariableName>,
    /// What is gone.
    pub deleted: Vec<VariableName>,
    /// What was as it was wanted.
    pub unchanged: Vec<VariableName>,
    /// What was planned and has not been done.
    pub not_done: Vec<VariableName>,
    /// What was planned and may or may not have been done, or be done yet: the
    /// reply to the call got lost, and what there is does not tell.
    pub unknown: Vec<VariableName>,
    /// How many variables were named without a value and do not exist: see
    /// [`SyncPlan::undefined`](super::SyncPlan::undefined).
    pub undefined: usize,
}

impl SyncReport {
    /// Returns whether all that was planned is done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.not_done.is_empty() && self.unknown.is_empty()
    }
}

impl Detail for SyncReport {
    fn fmt_report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n  so far: {self}")
    }
}

impl Error {
    /// Returns what a sync of environment variables had done when it failed, and what
    /// it had not.
    #[must_use]
    pub fn sync_report(&self) -> Option<&SyncReport> {
        self.detail()
    }
}

impl fmt::Display for SyncReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} created, {} updated, {} deleted, {} unchanged",
            self.created.len(),
            self.updated.len(),
            self.deleted.len(),
            self.unchanged.len()
        )?;
        for (what, names) in [("not done", &self.not_done), ("unknown", &self.unknown)] {
            if !names.is_empty() {
                write!(f, "; {what}: ")?;
                listed(f, names)?;
            }
        }
        if self.undefined > 0 {
            write!(f, "; without a value and not there: {}", self.undefined)?;
        }
        Ok(())
    }
}
