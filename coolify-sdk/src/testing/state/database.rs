//! Databases.

use serde_json::Value;

use crate::testing::{
    http::Reply,
    state::{Job, Log, State, clock, engines::Engine, text},
};

pub(in crate::testing) const RUNNING: &str = "running:healthy";
pub(in crate::testing) const STOPPED: &str = "exited:unhealthy";

/// A database with its own data.
pub(in crate::testing) struct Database {
    pub(in crate::testing) row: Value,
    pub(in crate::testing) engine: &'static Engine,
    pub(in crate::testing) tags: Vec<String>,
    /// Redis has no column for it, so it is stored here.
    pub(in crate::testing) password: String,
    pub(in crate::testing) change: (Job, &'static str),
    pub(in crate::testing) deletion: Job,
    pub(in crate::testing) log: Log,
}

impl Database {
    /// Returns the row with its tags, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["engine"] = self.engine.name.into();
        row["tags"] = self.tags.clone().into();
        row
    }

    /// Advances by one request: starts or stops, or returns that it has to be
    /// removed.
    pub(in crate::testing) fn pass_time(&mut self) -> bool {
        if self.change.0.is_due() {
            self.row["status"] = self.change.1.into();
            if self.change.1 == RUNNING {
                self.row["last_online_at"] = clock::now_plain().into();
            }
        }
        self.deletion.is_due()
    }

    pub(in crate::testing) fn is_running(&self) -> bool {
        text(&self.row, "status").starts_with("running")
    }
}

impl State {
    /// Returns a database by its uuid.
    pub(in crate::testing) fn database(&self, uuid: &str) -> Result<&Database, Reply> {
        self.databases
            .iter()
            .find(|database| database.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Database"))
    }

    /// Returns a database by its uuid, to be changed.
    pub(in crate::testing) fn database_mut(&mut self, uuid: &str) -> Result<&mut Database, Reply> {
        self.databases
            .iter_mut()
            .find(|database| database.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Database"))
    }
}
