//! A resource of any kind that is waited for, and its status.

use std::fmt;

use serde::Serialize;

use super::ResourceHandle;
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

/// A resource of any kind, or a container of a service.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    coolify: Coolify,
    uuid: Uuid,
    /// The uuid of a container, if this is about a single container of a service.
    part: String,
    reading: &'static Reading,
}

/// The calls that read the status and the log.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) noun: &'static str,
    pub(crate) look: fn(&raw::Client, &Uuid, &str) -> Call<StatusReport>,
    /// The third parameter is the container of a service, by its uuid or its name.
    pub(crate) log: fn(&raw::Client, &Uuid, &str, i64) -> Call<Logs>,
}

impl Subject {
    /// A resource.
    pub(crate) fn of<R: ResourceHandle>(resource: &R) -> Self {
        let reading = const {
            &Reading {
                noun: R::NOUN,
                look: |raw, uuid, _| R::get(raw, uuid).map(R::report),
                log: |raw, uuid, part, lines| R::logs(raw, uuid, part, Some(lines), None),
            }
        };
        Self::new(resource, String::new(), reading)
    }

    /// A container of a service.
    #[cfg(feature = "services")]
    pub(crate) fn part(
        service: &impl ResourceHandle,
        part: &Uuid,
        reading: &'static Reading,
    ) -> Self {
        Self::new(service, part.as_str().to_owned(), reading)
    }

    fn new(resource: &impl ResourceHandle, part: String, reading: &'static Reading) -> Self {
        Self {
            coolify: resource.coolify().clone(),
            uuid: resource.uuid().clone(),
            part,
            reading,
        }
    }

    pub(crate) fn coolify(&self) -> &Coolify {
        &self.coolify
    }

    pub(crate) fn noun(&self) -> &'static str {
        self.reading.noun
    }

    /// Returns its status, without its log.
    pub(crate) fn look(&self) -> Call<StatusReport> {
        (self.reading.look)(&self.coolify.raw(), &self.uuid, &self.part)
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
        let reply = (self.reading.log)(&self.coolify.raw(), &self.uuid, part, TAIL).await;
        reply.map_or_else(
            |_| Vec::new(),
            |reply| reply.logs.lines().map(str::to_owned).collect(),
        )
    }
}

impl StatusReport {
    pub(crate) fn of(status: Option<ResourceStatus>) -> Self {
        Self {
            status: status.unwrap_or_else(|| "unknown".into()),
            parts: Vec::new(),
            last_lines: Vec::new(),
        }
    }

    #[cfg(feature = "services")]
    pub(crate) fn part(&mut self, name: String, status: Option<ResourceStatus>) {
        let Self { status, .. } = Self::of(status);
        self.parts.push(PartStatus { name, status });
    }
}
