//! What a restore replaces, and whether it can.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use super::RestoreBackup;
use crate::databases::{BackupExecution, BackupExecutionStatus, Database, DatabaseBackup, Engine};
use crate::error::{Error, ErrorKind, Result};
use crate::operations::{Availability, Operation};
use crate::resource::ResourceHandle;
use crate::{Timestamp, Uuid};

/// The operation that a server needs for a restore.
const IMPORT: &str = "create-database-import";

/// The largest file that Coolify imports, in bytes.
const MOST: i64 = 10 * 1024 * 1024 * 1024;

/// The plan of a restore: [`RestoreBackup::plan`].
///
/// `Display` writes it in a few lines, for the person who has to agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RestorePlan {
    /// The database that was backed up.
    pub source: Uuid,
    /// The name of that database.
    pub source_name: String,
    /// The execution whose file is restored.
    pub execution: Uuid,
    /// When the backup was made.
    pub backed_up_at: Option<Timestamp>,
    /// The name within the engine of the database that was backed up.
    pub database_name: Option<String>,
    /// The size of the file, in bytes.
    pub size: Option<i64>,
    /// Where the file is taken from.
    pub copy: BackupCopy,
    /// The database whose data is replaced.
    pub target: Uuid,
    /// The name of that database, which [`RestoreBackup::confirm`] takes.
    pub target_name: String,
    /// The engine of both, such as `standalone-postgresql`.
    pub engine: String,
    /// The current image of the database that was backed up.
    pub source_image: Option<String>,
    /// The current image of the database whose data is replaced.
    pub target_image: Option<String>,
    /// Whether the file contains all databases of the server instead of one.
    pub dump_all: bool,
    /// Whether existing objects are dropped before they are restored. Only PostgreSQL
    /// needs it; dumps of other engines replace what they contain by themselves.
    #[allow(clippy::doc_markdown, reason = "the names of engines are not code")]
    pub replace_existing: bool,
    /// The backup of the target that is made before.
    pub way_back: WayBack,
}

/// Where the file of a backup is taken from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BackupCopy {
    /// An S3 storage.
    S3 {
        /// The uuid of the storage, or its numeric id.
        storage: Uuid,
        /// The key of the object.
        key: String,
    },
    /// The server of both databases.
    Server {
        /// The path of the file.
        path: String,
    },
}

/// The backup of the target before a restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WayBack {
    /// This scheduled backup is run.
    Run(Uuid),
    /// A scheduled backup is created, disabled, and run once.
    Create,
    /// No backup is made.
    Without,
}

impl RestoreBackup {
    /// Reads the plan, and changes nothing.
    ///
    /// Needs the `read` ability. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// See [`RestoreBackup`].
    pub async fn plan(&self) -> Result<RestorePlan> {
        self.check_server().await?;
        let source = self.backup.database.get().await?;
        let backups = self.backup.database.backups().list().await?;
        let (schedule, execution) = self.find(&backups)?;
        let target = match &self.target {
            None => source.clone(),
            Some(target) => target.get().await?,
        };
        check_execution(execution)?;
        check_engines(&source.engine, &target.engine)?;
        if !self.any_version {
            check_versions(source.image.as_deref(), target.image.as_deref())?;
        }
        check_status(&target)?;
        let copy = self.copy(schedule, execution, &source, &target)?;
        let way_back = self.way_back(&backups, &target).await?;
        let dump_all = schedule.dump_all == Some(true);
        let is_archive = matches!(target.engine, Engine::Postgresql(_)) && !dump_all;
        Ok(RestorePlan {
            source: source.uuid,
            source_name: source.name,
            execution: execution.uuid.clone(),
            backed_up_at: execution.created_at.clone(),
            database_name: execution.database_name.clone(),
            size: execution.size,
            copy,
            target: target.uuid,
            target_name: target.name,
            engine: target.engine.as_str().to_owned(),
            source_image: source.image,
            target_image: target.image,
            dump_all,
            replace_existing: is_archive && !self.keeps_existing,
            way_back,
        })
    }

    async fn check_server(&self) -> Result<()> {
        let coolify = self.backup.database.coolify();
        let version = coolify.version().await?;
        match Operation::find(IMPORT) {
            Some(import) if import.versions.on(&version) == Availability::NotYet => {
                let error = Error::new(ErrorKind::Unsupported, "");
                Err(error.lacking(import, Some(&version)))
            }
            _ => Ok(()),
        }
    }

    fn find<'a>(
        &self,
        backups: &'a [DatabaseBackup],
    ) -> Result<(&'a DatabaseBackup, &'a BackupExecution)> {
        let missing = |what| Error::new(ErrorKind::NotFound, what);
        let mut schedules = backups.iter();
        let schedule = schedules
            .find(|it| it.uuid == *self.backup.uuid())
            .ok_or_else(|| missing("the database has no such scheduled backup"))?;
        let mut executions = schedule.executions.iter().flatten();
        let execution = executions
            .find(|it| it.uuid == self.execution)
            .ok_or_else(|| missing("the scheduled backup has no such execution"))?;
        Ok((schedule, execution))
    }

    /// Chooses the copy of the file: the one in S3, which another server reaches too.
    fn copy(
        &self,
        schedule: &DatabaseBackup,
        execution: &BackupExecution,
        source: &Database,
        target: &Database,
    ) -> Result<BackupCopy> {
        let path = execution.filename.as_deref().filter(|it| !it.is_empty());
        let path = path.ok_or_else(|| refused("the execution has no file"))?;
        let is_in_s3 =
            execution.s3_uploaded == Some(true) && execution.s3_storage_deleted != Some(true);
        if is_in_s3 && !self.from_server {
            let id = schedule.s3_storage_id.as_ref().map(ToString::to_string);
            let storage = self.s3_storage.clone().or_else(|| id.map(Uuid::from));
            let storage = storage.ok_or_else(|| {
                let unnamed = "the schedule does not name the S3 storage of its files any more";
                refused(unnamed).with_hint("name it by `s3_storage`")
            })?;
            let key = path.trim_start_matches('/').to_owned();
            return Ok(BackupCopy::S3 { storage, key });
        }
        if execution.local_storage_deleted == Some(true) {
            return Err(refused("the file of the execution was deleted"));
        }
        let server = |database: &Database| {
            let destination = database.destination.as_ref();
            destination.and_then(|it| it.server_id)
        };
        let (from, to) = (server(source), server(target));
        if from.is_some() && to.is_some() && from != to {
            let apart = "the file is on the server of the source, and the target is on another";
            return Err(refused(apart).with_hint(
                "restore a backup that is in S3, or copy the file and use `imports` of the target",
            ));
        }
        let path = path.to_owned();
        Ok(BackupCopy::Server { path })
    }

    async fn way_back(&self, backups: &[DatabaseBackup], target: &Database) -> Result<WayBack> {
        if !self.has_way_back {
            return Ok(WayBack::Without);
        }
        let Some(other) = &self.target else {
            return Ok(WayBack::Run(self.backup.uuid().clone()));
        };
        if target.uuid == *self.backup.database.uuid() {
            return Ok(usable(backups));
        }
        Ok(usable(&other.backups().list().await?))
    }
}

/// Chooses a scheduled backup, one that is enabled if there is one.
fn usable(backups: &[DatabaseBackup]) -> WayBack {
    let enabled = backups.iter().find(|it| it.enabled != Some(false));
    let chosen = enabled.or(backups.first());
    chosen.map_or(WayBack::Create, |it| WayBack::Run(it.uuid.clone()))
}

fn check_execution(execution: &BackupExecution) -> Result<()> {
    match &execution.status {
        Some(BackupExecutionStatus::Success) => {}
        Some(BackupExecutionStatus::Running) => {
            let running = "the backup is still running";
            return Err(Error::new(ErrorKind::Conflict, running).with_hint("wait for its end"));
        }
        _ => return Err(refused("the backup failed, so there is nothing to restore")),
    }
    if execution.size.is_some_and(|size| size > MOST) {
        return Err(refused(format!(
            "the file has {} bytes; Coolify imports at most {MOST}",
            execution.size.unwrap_or_default()
        )));
    }
    Ok(())
}

fn check_engines(source: &Engine, target: &Engine) -> Result<()> {
    if matches!(source, Engine::Clickhouse(_)) {
        return Err(refused(
            "Coolify cannot import into databases of the engine clickhouse",
        ));
    }
    // An engine that the SDK does not know may have imports.
    if source.as_str() == target.as_str() {
        return Ok(());
    }
    Err(refused(format!(
        "the backup is one of {source}, and the target is a database of {target}"
    )))
}

/// Refuses a target with an older major version than the source has now.
fn check_versions(source: Option<&str>, target: Option<&str>) -> Result<()> {
    let major = |image: Option<&str>| major(image?);
    if let (Some(from), Some(to)) = (major(source), major(target))
        && to < from
    {
        let older = format!("the backup is one of version {from}, and the target has version {to}");
        return Err(refused(older).with_hint(
            "restore into a database of the same or a newer version, or set `any_version`",
        ));
    }
    Ok(())
}

/// Returns the major version in the tag of an image.
fn major(image: &str) -> Option<u32> {
    let name = image.split('@').next()?;
    let (_, tag) = name
        .rsplit_once(':')
        .filter(|(_, tag)| !tag.contains('/'))?;
    let digits = tag.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn check_status(target: &Database) -> Result<()> {
    match &target.status {
        Some(status) if !status.is_running() => {
            let summary = format!("the target cannot be imported into: its status is {status}");
            Err(Error::new(ErrorKind::Conflict, summary).with_hint("start it first"))
        }
        _ => Ok(()),
    }
}

fn refused(summary: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidRequest, summary)
}

impl fmt::Display for RestorePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.database_name.as_deref().unwrap_or(&self.source_name);
        write!(f, "restores the backup {} of {name}", self.execution)?;
        if let Some(at) = &self.backed_up_at {
            write!(f, " from {at}")?;
        }
        if let Some(size) = self.size {
            write!(f, ", {size} bytes")?;
        }
        match &self.copy {
            BackupCopy::S3 { storage, key } => {
                write!(f, "\nfrom {key} in the S3 storage {storage}")?;
            }
            BackupCopy::Server { path } => write!(f, "\nfrom {path} on the server")?,
        }
        let Self {
            target_name,
            target,
            ..
        } = self;
        write!(f, "\ninto the database {target_name} ({target})")?;
        if let Some(image) = &self.target_image {
            write!(f, ", {image}")?;
        }
        f.write_str(if self.dump_all {
            "\nall of its databases are replaced"
        } else {
            "\nits data is replaced"
        })?;
        match &self.way_back {
            WayBack::Run(backup) => write!(f, " after a backup of it by the schedule {backup}"),
            WayBack::Create => f.write_str(" after a backup of it by a new, disabled schedule"),
            WayBack::Without => f.write_str(" without a backup of it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_in_the_tag() {
        assert_eq!(major("postgres:17-alpine"), Some(17));
        assert_eq!(major("host:5000/postgres:16.4"), Some(16));
        assert_eq!(major("host:5000/postgres"), None);
        assert_eq!(major("postgres:16@sha256:17"), Some(16));
        assert_eq!(major("mongo:latest"), None);
        assert!(check_versions(Some("postgres:16"), Some("postgres:17")).is_ok());
        assert!(check_versions(Some("postgres:17"), Some("postgres:17.2")).is_ok());
        assert!(check_versions(Some("postgres:17"), Some("postgres:latest")).is_ok());
        assert!(check_versions(Some("postgres:17"), Some("postgres:9")).is_err());
    }
}
