//! Services and their containers.

use serde_json::Value;

use crate::testing::{
    http::Reply,
    state::{Job, Log, State, clock, text},
};

pub(in crate::testing) const RUNNING: &str = "running:healthy";
pub(in crate::testing) const STOPPED: &str = "exited";

/// A service with its containers.
pub(in crate::testing) struct Service {
    pub(in crate::testing) row: Value,
    pub(in crate::testing) parts: Vec<Part>,
    pub(in crate::testing) tags: Vec<String>,
    pub(in crate::testing) change: (Job, &'static str),
    pub(in crate::testing) deletion: Job,
}

impl Service {
    /// Returns the row with its containers and tags, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut row = self.with_parts();
        row["tags"] = self.tags.clone().into();
        row
    }

    /// Advances by one request: starts or stops, or returns that it has to be
    /// removed.
    pub(in crate::testing) fn pass_time(&mut self) -> bool {
        if self.change.0.is_due() {
            let status = self.change.1;
            self.parts.iter_mut().for_each(|part| part.turn(status));
            self.row["status"] = status.into();
            self.row["config_hash"] = "0123456789abcdef0123456789abcdef".into();
        }
        self.parts.iter_mut().for_each(Part::pass_time);
        self.deletion.is_due()
    }

    pub(in crate::testing) fn is_running(&self) -> bool {
        text(&self.row, "status").starts_with("running")
    }

    /// Returns the row with its containers, as replies have it.
    pub(in crate::testing) fn with_parts(&self) -> Value {
        let of = |databases: bool| -> Value {
            let parts = self.parts.iter();
            parts
                .filter(|part| part.is_database == databases)
                .map(|part| part.row.clone())
                .collect()
        };
        let mut row = self.row.clone();
        row["applications"] = of(false);
        row["databases"] = of(true);
        row
    }

    /// Returns the URLs of its containers.
    pub(in crate::testing) fn urls(&self) -> Vec<String> {
        let urls = self.parts.iter().map(|part| text(&part.row, "fqdn"));
        urls.filter(|url| !url.is_empty()).collect()
    }
}

/// A container of a service.
pub(in crate::testing) struct Part {
    pub(in crate::testing) row: Value,
    pub(in crate::testing) is_database: bool,
    pub(in crate::testing) change: (Job, &'static str),
    pub(in crate::testing) log: Log,
}

impl Part {
    /// Sets its status at once.
    pub(in crate::testing) fn turn(&mut self, status: &str) {
        self.row["status"] = status.into();
        if status == RUNNING {
            self.row["last_online_at"] = clock::now_plain().into();
        }
    }

    /// Advances by one request: starts or stops.
    pub(in crate::testing) fn pass_time(&mut self) {
        if self.change.0.is_due() {
            self.turn(self.change.1);
        }
    }

    pub(in crate::testing) fn kind(&self) -> &'static str {
        if self.is_database {
            "database"
        } else {
            "application"
        }
    }

    /// Returns Coolify's internal name of its kind.
    pub(in crate::testing) fn model(&self) -> &'static str {
        if self.is_database {
            "App\\Models\\ServiceDatabase"
        } else {
            "App\\Models\\ServiceApplication"
        }
    }
}

impl State {
    /// Returns a service by its uuid.
    pub(in crate::testing) fn service(&self, uuid: &str) -> Result<&Service, Reply> {
        let mut services = self.services.iter();
        services
            .find(|service| service.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Service"))
    }

    /// Returns a service by its uuid, to be changed.
    pub(in crate::testing) fn service_mut(&mut self, uuid: &str) -> Result<&mut Service, Reply> {
        let mut services = self.services.iter_mut();
        services
            .find(|service| service.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Service"))
    }

    /// Removes a service temporarily, so that it can be changed together with the
    /// state.
    pub(in crate::testing) fn take_service(&mut self, uuid: &str) -> Result<Service, Reply> {
        let mut services = self.services.iter();
        let position = services.position(|it| it.row["uuid"] == uuid);
        let position = position.ok_or_else(|| Reply::not_found("Service"))?;
        Ok(self.services.remove(position))
    }
}
