//! A resource of any kind that is waited for, and its status.

use std::fmt;

use serde::Serialize;

use crate::error::{Detail, Error, Result};
use crate::raw::types::Logs;
use crate::{Call, Coolify, ResourceStatus, Uuid, raw};

/// How many of the last log lines a report contains.
const TAIL: i64 = 20;

/// How many of the last log lines the report of an error shows.
const SHOWN: usize = 10;

/// How many characters of each line the report shows.
const WIDTH: usize = 300;

/// The status of a resource at the last poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatusReport {
    /// The status of the whole resource.
    pub status: ResourceStatus,
    /// The status of each container of a service. It is empty for applications
    /// and databases.
    pub parts: Vec<PartStatus>,
    /// The last lines of its log; for a service, those of the first container
    /// that is not healthy. It is empty if no container is running or Coolify has
    /// no log.
    pub last_lines: Vec<String>,
}

impl Detail for StatusReport {
    fn fmt_report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            write!(f, "\n  {} is {}", part.name, part.status)?;
        }
        if !self.last_lines.is_empty() {
            f.write_str("\n  the log ends with:")?;
        }
        let hidden = self.last_lines.len().saturating_sub(SHOWN);
        for line in &self.last_lines[hidden..] {
            write!(f, "\n    {line:.WIDTH$}")?;
        }
        Ok(())
    }
}

impl Error {
    /// Returns the last known state of a resource if waiting for it failed: its
    /// status, the status of each container of a service, and the end of its log.
    #[must_use]
    pub fn last_status(&self) -> Option<&StatusReport> {
        self.detail()
    }
}

/// The status of one container of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartStatus {
    /// Its name in the compose file.
    pub name: String,
    /// The status.
    pub status: ResourceStatus,
}

/// A resource of any kind.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    coolify: Coolify,
    uuid: Uuid,
    /// The uuid of a container, if this is about a single container of a service.
    part: String,
    kind: &'static Kind,
}

/// The calls that differ between the kinds.
#[derive(Debug)]
struct Kind {
    noun: &'static str,
    look: fn(&raw::Client, &Uuid, &str) -> Call<StatusReport>,
    /// The last parameter is the container of a service, by its uuid or its name.
    log: fn(&raw::Client, &Uuid, &str) -> Call<Logs>,
}

impl Subject {
    pub(crate) fn noun(&self) -> &'static str {
        self.kind.noun
    }

    /// Returns its status, without its log.
    pub(crate) fn look(&self) -> Call<StatusReport> {
        (self.kind.look)(&self.coolify.raw(), &self.uuid, &self.part)
    }

    /// Returns whether it still exists.
    pub(crate) async fn exists(&self) -> Result<bool> {
        match self.look().await {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Returns the last lines of its log; none if they cannot be read.
    pub(crate) async fn last_lines(&self, parts: &[PartStatus]) -> Vec<String> {
        let unwell = parts.iter().find(|part| !part.status.is_healthy());
        let part = unwell.map_or(&self.part, |part| &part.name);
        let reply = (self.kind.log)(&self.coolify.raw(), &self.uuid, part).await;
        reply.map_or_else(
            |_| Vec::new(),
            |reply| reply.logs.lines().map(str::to_owned).collect(),
        )
    }
}

impl StatusReport {
    fn new(status: Option<ResourceStatus>) -> Self {
        Self {
            status: status.unwrap_or_else(|| "unknown".into()),
            parts: Vec::new(),
            last_lines: Vec::new(),
        }
    }

    fn part(&mut self, name: String, status: Option<ResourceStatus>) {
        let Self { status, .. } = Self::new(status);
        self.parts.push(PartStatus { name, status });
    }
}

macro_rules! subject {
    (
        $feature:literal, $handle:path, $noun:literal, $get:ident => $report:expr,
        $logs:ident($($name:ident)?)
    ) => {
        #[cfg(feature = $feature)]
        impl $handle {
            pub(crate) fn subject(&self) -> Subject {
                use super::Resource;
                static KIND: Kind = Kind {
                    noun: $noun,
                    look: |raw, uuid, _| raw.$get(uuid.as_str()).map($report),
                    log: |raw, uuid, _name| {
                        $(let $name = _name;)?
                        raw.$logs(uuid.as_str(), Some(TAIL), None $(, $name)?)
                    },
                };
                Subject {
                    coolify: self.coolify().clone(),
                    uuid: self.uuid().clone(),
                    part: String::new(),
                    kind: &KIND,
                }
            }
        }
    };
}

subject!(
    "applications",
    crate::applications::ApplicationHandle,
    "application",
    get_application_by_uuid => |it: raw::types::Application| StatusReport::new(it.status),
    get_application_logs_by_uuid()
);
subject!(
    "databases",
    crate::databases::DatabaseHandle,
    "database",
    get_database_by_uuid => |it: raw::types::Database| StatusReport::new(it.status),
    get_database_logs_by_uuid()
);
subject!(
    "services",
    crate::services::ServiceHandle,
    "service",
    get_service_by_uuid => |it: raw::types::Service| {
        let mut report = StatusReport::new(it.status);
        for one in it.applications.unwrap_or_default() {
            report.part(one.name, one.status);
        }
        for one in it.databases.unwrap_or_default() {
            report.part(one.name, one.status);
        }
        report
    },
    get_service_logs_by_uuid(container)
);

/// Defines the kinds for the containers of services.
macro_rules! part {
    ($handle:path, $noun:literal, $get:ident, $logs:ident) => {
        #[cfg(feature = "services")]
        impl $handle {
            pub(crate) fn subject(&self) -> Subject {
                use super::Resource;
                static KIND: Kind = Kind {
                    noun: $noun,
                    look: |raw, service, part| {
                        let it = raw.$get(service.as_str(), part);
                        it.map(|it| StatusReport::new(it.status))
                    },
                    log: |raw, service, part| raw.$logs(service.as_str(), part, Some(TAIL)),
                };
                Subject {
                    coolify: self.service().coolify().clone(),
                    uuid: self.service().uuid().clone(),
                    part: self.uuid().as_str().to_owned(),
                    kind: &KIND,
                }
            }
        }
    };
}

part!(
    crate::services::ServiceApplicationHandle,
    "service application",
    get_service_application_by_service_and_app_uuid,
    get_service_application_logs_by_service_and_app_uuid
);
part!(
    crate::services::ServiceDatabaseHandle,
    "service database",
    get_service_database_by_service_and_database_uuid,
    get_service_database_logs_by_service_and_database_uuid
);
