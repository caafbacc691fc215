//! Running a scheduled backup now, and waiting for its end.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use tokio::time::Instant;

use super::{BackupExecution, BackupExecutionStatus, BackupHandle, Engine};
use crate::error::{Detail, Error, ErrorKind, Result};
use crate::raw::types::{DatabaseBackup, UpdateDatabaseBackupBody};
use crate::resource::ResourceHandle;
use crate::wait::{Patience, Wait, waits};
use crate::{Call, Uuid};

/// Coolify's default timeout of a backup, in seconds.
const TIMEOUT: u64 = 3600;

/// How long a run may take in addition to its timeout, because it has to wait for a
/// free worker.
const QUEUE: Duration = Duration::from_secs(120);

/// How long to look for a run whose request may or may not have been carried out.
const DOUBT: Duration = Duration::from_secs(60);

/// How long no execution may change before a run counts as ended although it has fewer
/// executions than its schedule seems to name.
const STILL: Duration = Duration::from_secs(10);

/// Runs a scheduled backup now, in addition to its schedule, and returns Coolify's
/// message: [`BackupHandle::run`].
///
/// The backup runs in Coolify's queue, some time after the reply.
/// [`and_wait`](Self::and_wait) waits for its end.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`] if the backup does not exist.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let database = coolify.database("xkzsv5nucvscskrm5gez3p8v");
/// let executions = database.backup("pws8ow0cgkgk80gsok8gksgc").run().and_wait().await?;
/// for one in executions {
///     println!("{:?}: {:?} bytes", one.filename, one.size);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "no backup runs before `.send()`, `.await` or `.and_wait()`"]
pub struct RunBackup {
    backup: BackupHandle,
    patience: Patience,
}

waits!(RunBackup, "two minutes longer than the backup may take");

impl RunBackup {
    pub(super) fn new(backup: &BackupHandle) -> Self {
        Self {
            backup: backup.clone(),
            patience: Patience::default(),
        }
    }

    /// Queues the run, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// See [`RunBackup`].
    pub fn send(self) -> Call<String> {
        let body = UpdateDatabaseBackupBody {
            backup_now: Some(true),
            ..UpdateDatabaseBackupBody::default()
        };
        let (database, backup) = self.backup.path();
        let raw = self.backup.database.coolify().raw();
        raw.update_database_backup(database, backup, &body)
            .message()
    }

    /// Runs the backup, waits for its end, and returns its executions: one for each
    /// database that the schedule names.
    ///
    /// A failed upload to S3 is not an error if the file is on the server; the
    /// [`message`](BackupExecution::message) of the execution reports it.
    ///
    /// Coolify does not say which executions it has queued, so all new ones count. If
    /// the schedule starts the same backup at the same moment, they may be that run's.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BackupFailed`] if an execution failed; [`Error::failed_backup`] has
    /// all of them. [`Error::is_conflict`], without a request for a run, if the database
    /// is not running, because Coolify skips its backups.
    /// [`ErrorKind::WaitExpired`] after the maximum wait, also if the same backup was
    /// already running.
    pub async fn and_wait(self) -> Result<Vec<BackupExecution>> {
        let database = self.backup.database.clone();
        let now = database.get().await?;
        if let Some(status) = now.status.filter(|status| !status.is_running()) {
            let summary = format!("the database cannot be backed up: its status is {status}");
            return Err(Error::new(ErrorKind::Conflict, summary).with_hint("start it first"));
        }
        let backups = database.backups().list().await?;
        let Some(backup) = backups.iter().find(|it| it.uuid == *self.backup.uuid()) else {
            let summary = "the database has no such scheduled backup";
            return Err(Error::new(ErrorKind::NotFound, summary));
        };
        let known = self.backup.executions().await?;
        let known = known.into_iter().map(|one| one.uuid).collect();
        let longest = Duration::from_secs(timeout(backup)).saturating_add(QUEUE);
        let handle = self.backup.clone();
        let patience = self.patience;
        let doubt = match self.send().await {
            Ok(_) => None,
            Err(error) if error.outcome_unknown() => Some(error),
            Err(error) => return Err(error),
        };
        let search = Search {
            backup: handle,
            known,
            expected: databases(&now.engine, backup),
            doubt,
        };
        search
            .end(patience.start(database.coolify(), longest))
            .await
    }
}

impl IntoFuture for RunBackup {
    type Output = Result<String>;
    type IntoFuture = Call<String>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

fn timeout(backup: &DatabaseBackup) -> u64 {
    let seconds = backup.timeout.and_then(|it| u64::try_from(it).ok());
    seconds.unwrap_or(TIMEOUT)
}

/// Returns the number of databases that a schedule names.
fn databases(engine: &Engine, backup: &DatabaseBackup) -> usize {
    if backup.dump_all == Some(true) {
        return 1;
    }
    // For MongoDB, commas separate the collections of a database.
    let separator = if matches!(engine, Engine::Mongodb(_)) {
        '|'
    } else {
        ','
    };
    let names = backup.databases_to_backup.as_deref().unwrap_or_default();
    let names = names
        .split(separator)
        .filter(|name| !name.trim().is_empty());
    names.count().max(1)
}

/// Searches for new executions, and for their end.
struct Search {
    backup: BackupHandle,
    known: Vec<Uuid>,
    /// The number of executions that the schedule announces.
    expected: usize,
    doubt: Option<Error>,
}

impl Search {
    async fn end(mut self, mut wait: Wait) -> Result<Vec<BackupExecution>> {
        let started = Instant::now();
        let mut changed = started;
        let mut ours: Vec<BackupExecution> = Vec::new();
        while wait.turn().await {
            let looking = self.backup.executions();
            let Some(seen) = wait.look(looking).await? else {
                continue;
            };
            let seen = seen.into_iter().rev();
            let new: Vec<_> = seen.filter(|one| !self.known.contains(&one.uuid)).collect();
            if new != ours {
                changed = Instant::now();
                ours = new;
            }
            if ours.is_empty() {
                if started.elapsed() >= DOUBT
                    && let Some(error) = self.doubt.take()
                {
                    return Err(error);
                }
                continue;
            }
            let is_whole = ours.len() >= self.expected || changed.elapsed() >= STILL;
            if is_whole && ours.iter().all(has_ended) {
                return judge(ours);
            }
        }
        if let Some(doubt) = self.doubt.take().filter(|_| ours.is_empty()) {
            return Err(doubt);
        }
        Err(if ours.is_empty() {
            wait.expired("the backup has not started").with_hint(
                "Coolify ignores the request while the same backup is running, and if the \
                 database is not running",
            )
        } else {
            wait.expired("the backup is still running")
                .with_hint("it continues on the server; wait longer with `max_wait`")
        })
    }
}

fn has_ended(execution: &BackupExecution) -> bool {
    !matches!(
        execution.status,
        None | Some(BackupExecutionStatus::Running)
    )
}

fn judge(executions: Vec<BackupExecution>) -> Result<Vec<BackupExecution>> {
    let succeeded = |one: &BackupExecution| one.status == Some(BackupExecutionStatus::Success);
    let Some(failed) = executions.iter().find(|one| !succeeded(one)) else {
        return Ok(executions);
    };
    let name = failed.database_name.as_deref().unwrap_or("the database");
    let summary = format!("the backup of {name} failed");
    Err(Error::new(ErrorKind::BackupFailed, summary)
        .with_hint("the `message` of the execution has the reason: see `Error::failed_backup`")
        .with_detail(FailedBackup(executions)))
}

#[derive(Debug)]
struct FailedBackup(Vec<BackupExecution>);

impl Detail for FailedBackup {
    fn fmt_report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.0 {
            let name = one.database_name.as_deref().unwrap_or("a database");
            let status = one.status.as_ref();
            let status = status.map_or("unknown", BackupExecutionStatus::as_str);
            write!(f, "\n  {name}: {status}")?;
        }
        Ok(())
    }
}

impl Error {
    /// Returns the executions of a backup that [`RunBackup::and_wait`] has run, if at
    /// least one of them failed. Their `message` has the reason.
    #[must_use]
    pub fn failed_backup(&self) -> Option<&[BackupExecution]> {
        let failed: Option<&FailedBackup> = self.detail();
        failed.map(|failed| failed.0.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn backup(names: &str) -> DatabaseBackup {
        serde_json::from_value(json!({"uuid": "b", "databases_to_backup": names})).unwrap()
    }

    #[test]
    fn a_schedule_says_how_many_databases_it_backs_up() {
        let mysql = serde_json::from_value(json!({"database_type": "standalone-mysql"}));
        let mysql: Engine = mysql.unwrap();
        assert_eq!(databases(&mysql, &backup("shop, blog,")), 2);
        assert_eq!(databases(&mysql, &backup("")), 1);
        let all = DatabaseBackup {
            dump_all: Some(true),
            ..backup("shop,blog")
        };
        assert_eq!(databases(&mysql, &all), 1);
        let mongo = serde_json::from_value(json!({"database_type": "standalone-mongodb"}));
        let mongo: Engine = mongo.unwrap();
        assert_eq!(databases(&mongo, &backup("shop:a,b|blog")), 2);
    }

    #[test]
    fn one_that_failed_fails_all() {
        let execution = |name: &str, status: &str| -> BackupExecution {
            let row = json!({"uuid": name, "database_name": name, "status": status});
            serde_json::from_value(row).unwrap()
        };
        let both = vec![execution("shop", "success"), execution("blog", "failed")];
        let error = judge(both).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BackupFailed);
        assert_eq!(error.to_string(), "the backup of blog failed");
        assert_eq!(error.failed_backup().unwrap().len(), 2);
        assert!(judge(vec![execution("shop", "success")]).is_ok());
    }
}
