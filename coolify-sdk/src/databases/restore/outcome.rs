//! What a restore returns, and what it leaves if it fails.

use std::fmt;

use serde::Serialize;

use super::RestorePlan;
use crate::Uuid;
use crate::databases::BackupExecution;
use crate::error::{Detail, Error};
use crate::imports::DatabaseImport;

/// A backup that was restored: [`RestoreBackup`](super::RestoreBackup).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RestoredBackup {
    /// The plan that was carried out.
    pub plan: RestorePlan,
    /// The executions of the backup that was made of the target before: the way back.
    /// Empty without a backup.
    pub way_back: Vec<BackupExecution>,
    /// The import, as it ended.
    pub import: DatabaseImport,
}

/// How far a restore came before it failed: [`Error::unfinished_restore`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UnfinishedRestore {
    /// The executions of the backup that was made of the target before: the way back.
    pub way_back: Vec<BackupExecution>,
    /// The scheduled backup that was created for the way back. It is disabled.
    pub schedule: Option<Uuid>,
    /// The id of the import, if one was started. `None` as well if the reply to its
    /// start was lost: see [`Error::outcome_unknown`]. Wait for it with
    /// [`DatabaseImports::run`](crate::imports::DatabaseImports::run).
    pub import: Option<i64>,
}

impl UnfinishedRestore {
    /// Adds to an error what the restore has left.
    pub(super) fn of(self, error: Error) -> Error {
        let mut error = error;
        if let Some(schedule) = &self.schedule {
            error = error.leaving("scheduled backup", schedule);
        }
        for execution in &self.way_back {
            error = error.leaving("backup execution", &execution.uuid);
        }
        error.with_detail(self)
    }
}

impl Detail for UnfinishedRestore {
    fn fmt_report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.import {
            Some(import) => write!(f, "\n  the import {import} was started"),
            None => Ok(()),
        }
    }
}

impl Error {
    /// Returns how far a [restore](crate::databases::RestoreBackup) came, if it failed
    /// after its checks.
    #[must_use]
    pub fn unfinished_restore(&self) -> Option<&UnfinishedRestore> {
        self.detail()
    }
}
