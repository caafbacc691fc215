//! Imports of dumps into databases.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::testing::state::{Job, State, clock};

/// An import and the database that it writes to.
pub(in crate::testing) struct Import {
    /// The uuid of the database.
    pub(in crate::testing) owner: String,
    pub(in crate::testing) row: Value,
    /// The job that begins it, and then the one that ends it.
    pub(in crate::testing) job: Job,
}

/// A file that is uploaded for an import, or was.
pub(in crate::testing) struct Upload {
    /// The uuid of the database.
    pub(in crate::testing) owner: String,
    pub(in crate::testing) id: String,
    pub(in crate::testing) name: String,
    /// The chunks by their numbers, until the file is whole.
    pub(in crate::testing) chunks: BTreeMap<u64, Vec<u8>>,
    pub(in crate::testing) is_whole: bool,
}

impl Import {
    /// Returns whether it is queued or running.
    pub(in crate::testing) fn is_open(&self) -> bool {
        matches!(self.row["status"].as_str(), Some("queued" | "in_progress"))
    }

    /// Returns the row with its owner, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["owner"] = self.owner.clone().into();
        row
    }

    /// Advances by one request: a queued import begins, a running one ends.
    fn pass_time(&mut self, lag: u32) {
        if !self.job.is_due() {
            return;
        }
        if self.row["status"] == "queued" {
            self.row["status"] = "in_progress".into();
            self.row["output"] = "Restoring the backup.".into();
            self.job = Job::after(lag);
        } else {
            self.row["status"] = "finished".into();
            self.row["exit_code"] = 0.into();
            self.row["output"] = "Restoring the backup.\nThe backup was restored.".into();
        }
        self.row["updated_at"] = clock::now().into();
    }
}

impl State {
    /// Returns whether an import into a database is queued or running.
    pub(in crate::testing) fn is_importing(&self, database: &str) -> bool {
        let mut imports = self.imports.iter();
        imports.any(|it| it.owner == database && it.is_open())
    }

    /// Advances all imports by one request.
    pub(in crate::testing) fn advance_imports(&mut self) {
        let lag = self.settings.job_lag;
        self.imports.iter_mut().for_each(|it| it.pass_time(lag));
    }
}
