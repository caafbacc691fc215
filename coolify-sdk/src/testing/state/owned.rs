//! The variables, storages, scheduled tasks and backups of a resource.

use serde_json::Value;

use crate::testing::state::{Job, Kind};

/// A variable and the resource that it belongs to.
pub(in crate::testing) struct Variable {
    /// The uuid of the resource.
    pub(in crate::testing) owner: String,
    pub(in crate::testing) kind: Kind,
    pub(in crate::testing) row: Value,
}

impl Variable {
    /// Returns the row with its owner, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["owner"] = self.owner.clone().into();
        row
    }
}

/// A storage and the resource that it belongs to.
pub(in crate::testing) struct Storage {
    /// The uuid of its resource.
    pub(in crate::testing) owner: String,
    /// The container of a service that it belongs to.
    pub(in crate::testing) part: Option<String>,
    pub(in crate::testing) is_file: bool,
    pub(in crate::testing) row: Value,
    /// Its backup schedule.
    pub(in crate::testing) schedule: Option<Value>,
}

impl Storage {
    /// Returns the row with its owner, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["owner"] = self.owner.clone().into();
        row
    }

    /// Returns whether that is its uuid.
    pub(in crate::testing) fn is(&self, uuid: &str) -> bool {
        self.row["uuid"] == uuid
    }

    /// The name of its kind in backup schedules.
    pub(in crate::testing) fn kind(&self) -> &'static str {
        if self.is_file { "file" } else { "persistent" }
    }
}

/// A task with the runs that it had.
pub(in crate::testing) struct Task {
    /// The uuid of its resource.
    pub(in crate::testing) owner: String,
    pub(in crate::testing) row: Value,
    pub(in crate::testing) executions: Vec<(Job, Value)>,
    /// When the schedule runs it again, if it runs every minute.
    pub(in crate::testing) next: u32,
    /// Whether the folder of its guard exists.
    pub(in crate::testing) is_guarded: bool,
}

impl Task {
    /// Returns the row with its owner, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["owner"] = self.owner.clone().into();
        row
    }
}

/// A schedule with the backups that it made.
pub(in crate::testing) struct Backup {
    /// The uuid of its database.
    pub(in crate::testing) owner: String,
    pub(in crate::testing) row: Value,
    pub(in crate::testing) executions: Vec<(Job, Value)>,
}

impl Backup {
    /// Returns the row with its owner, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["owner"] = self.owner.clone().into();
        row
    }

    /// Advances by one request: runs queued backups.
    pub(in crate::testing) fn pass_time(&mut self) {
        for (job, _) in &mut self.executions {
            job.is_due();
        }
    }
}
