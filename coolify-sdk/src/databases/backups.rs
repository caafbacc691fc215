//! Scheduled backups of a database, and their runs.

use coolify_sdk_macros::builder;

use super::{BackupExecution, CreatedWithMessage, DatabaseBackup, DatabaseHandle, RunBackup};
use crate::raw::types::{CreateDatabaseBackupBody, UpdateDatabaseBackupBody};
use crate::request::Request;
use crate::resource::ResourceHandle;
use crate::{Call, Uuid};

/// A handle for the scheduled backups of one database:
/// [`DatabaseHandle::backups`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let backups = coolify.database("xkzsv5nucvscskrm5gez3p8v").backups();
/// backups
///     .create("0 4 * * *")
///     .save_s3(true)
///     .s3_storage_uuid("a2o3j5nrymlxeqxbvtosrtew")
///     .backup_now(true)
///     .await?;
/// # Ok(()) }
/// ```
#[doc(alias = "Scheduled Backups")]
#[derive(Clone, Debug)]
pub struct Backups {
    database: DatabaseHandle,
}

/// A handle for one scheduled backup: [`DatabaseHandle::backup`].
#[derive(Clone, Debug)]
pub struct BackupHandle {
    pub(super) database: DatabaseHandle,
    uuid: Uuid,
}

/// Whether the copies in S3 are kept when backups are deleted. The files on the
/// server are always deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum S3Copies {
    /// The copies are kept.
    Keep,
    /// The copies are deleted as well.
    Delete,
}

impl S3Copies {
    fn are_deleted(self) -> bool {
        self == Self::Delete
    }
}

/// Creates a scheduled backup of a database, and returns its uuid:
/// [`Backups::create`].
///
/// With `backup_now(true)` it also runs at once. Set `save_s3(true)` and an
/// `s3_storage_uuid` to copy backups to S3. Without S3, set `save_s3(false)`,
/// because Coolify tries S3 by default. Redis, `KeyDB` and Dragonfly databases
/// cannot be backed up.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) for an invalid frequency
/// and for an unknown S3 storage.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let backups = coolify.database("xkzsv5nucvscskrm5gez3p8v").backups();
/// let nightly = backups
///     .create("0 4 * * *")
///     .save_s3(true)
///     .s3_storage_uuid("a2o3j5nrymlxeqxbvtosrtew")
///     .backup_now(true)
///     .await?;
/// println!("{}", nightly.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateBackup(Request<CreateDatabaseBackupBody, CreatedWithMessage>);

impl Backups {
    pub(super) fn new(database: &DatabaseHandle) -> Self {
        Self {
            database: database.clone(),
        }
    }

    /// Returns all scheduled backups, with their runs.
    ///
    /// Coolify looks them up by the numeric id of the database, which a database
    /// of another engine can have as well. Backups of other engines are removed;
    /// for this, the database is read as well.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// database.
    pub fn list(&self) -> Call<Vec<DatabaseBackup>> {
        let database = self.database.clone();
        Call::several(async move {
            let raw = database.coolify().raw();
            let listing = raw.get_database_backups_by_uuid(database.uuid().as_str());
            let mut backups = listing.await?;
            if !backups.is_empty() {
                let engine = database.get().await?.engine;
                backups.retain(|backup| engine.has(backup));
            }
            Ok(backups)
        })
    }

    /// Creates a scheduled backup of a database, and returns its uuid. See
    /// [`CreateBackup`].
    ///
    /// `frequency` is a cron expression, or `hourly`, `daily`, `weekly`,
    /// `monthly` or `yearly`.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn create(&self, frequency: impl Into<String>) -> CreateBackup {
        let database = self.database.uuid().clone();
        let body = CreateDatabaseBackupBody::new(frequency);
        CreateBackup(Request::new(
            self.database.coolify(),
            body,
            |raw, body| async move {
                let reply = raw.create_database_backup(database.as_str(), &body);
                reply.await
            },
        ))
    }
}

/// Changes a scheduled backup of a database, and returns Coolify's message:
/// [`BackupHandle::update`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist;
/// [`Error::is_validation`](crate::Error::is_validation) for an invalid
/// frequency.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let database = coolify.database("xkzsv5nucvscskrm5gez3p8v");
/// let backup = database.backup("pws8ow0cgkgk80gsok8gksgc");
/// backup.update().frequency("daily").enabled(true).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateBackup(Request<UpdateDatabaseBackupBody, String>);

impl BackupHandle {
    pub(super) fn new(database: &DatabaseHandle, uuid: Uuid) -> Self {
        Self {
            database: database.clone(),
            uuid,
        }
    }

    /// Returns the backup's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Changes a scheduled backup of a database, and returns Coolify's message.
    /// See [`UpdateBackup`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn update(&self) -> UpdateBackup {
        let this = self.clone();
        let body = UpdateDatabaseBackupBody::default();
        UpdateBackup(Request::new(
            self.database.coolify(),
            body,
            move |raw, body| {
                let (database, backup) = this.path();
                raw.update_database_backup(database, backup, &body)
                    .message()
            },
        ))
    }

    /// Runs it now, in addition to its schedule. See [`RunBackup`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    pub fn run(&self) -> RunBackup {
        RunBackup::new(self)
    }

    /// Deletes the schedule, all its runs and their files on the server, and returns
    /// Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn delete(&self, copies: S3Copies) -> Call<String> {
        let (database, backup) = self.path();
        let raw = self.database.coolify().raw();
        raw.delete_backup_configuration_by_uuid(database, backup, Some(copies.are_deleted()))
            .message()
    }

    /// Returns the runs of the backup, the latest first.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the backup does not
    /// exist.
    #[inline]
    pub fn executions(&self) -> Call<Vec<BackupExecution>> {
        let (database, backup) = self.path();
        let raw = self.database.coolify().raw();
        let reply = raw.list_backup_executions(database, backup);
        reply.map(|reply| reply.executions)
    }

    /// Deletes one run and its file on the server, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn delete_execution(&self, execution: impl Into<Uuid>, copies: S3Copies) -> Call<String> {
        let (database, backup) = self.path();
        let (execution, delete_s3) = (execution.into(), Some(copies.are_deleted()));
        let raw = self.database.coolify().raw();
        raw.delete_backup_execution_by_uuid(database, backup, execution.as_str(), delete_s3)
            .message()
    }

    pub(super) fn path(&self) -> (&str, &str) {
        (self.database.uuid().as_str(), self.uuid.as_str())
    }
}
