//! The report of a sync.

use std::fmt;

use serde::Serialize;

use super::change::{VariableName, listed};
use crate::error::{Detail, Error};

/// The changes that a sync has made.
///
/// If the sync failed, the error contains it: [`Error::sync_report`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SyncReport {
    /// The variables that were created.
    pub created: Vec<VariableName>,
    /// The variables that were changed.
    pub updated: Vec<VariableName>,
    /// The variables that were deleted.
    pub deleted: Vec<VariableName>,
    /// The variables that needed no change.
    pub unchanged: Vec<VariableName>,
    /// The variables whose planned change was not made.
    pub not_done: Vec<VariableName>,
    /// The variables whose planned change may or may not have been made, or may
    /// still be made: the reply was lost, and reading the variables does not show
    /// it.
    pub unknown: Vec<VariableName>,
    /// How many desired variables without a value do not exist: see
    /// [`SyncPlan::undefined`](super::SyncPlan::undefined).
    pub undefined: usize,
}

impl SyncReport {
    /// Returns whether all planned changes were made.
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
    /// Returns the report of a sync of environment variables that failed: what it
    /// had done and what it had not.
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
