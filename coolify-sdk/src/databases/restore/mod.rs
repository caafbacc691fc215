//! Restoring a backup into a database: from its file to a database that runs again.

mod outcome;
mod plan;

use std::fmt;

use super::{BackupExecution, BackupHandle, DatabaseHandle};
use crate::Uuid;
use crate::error::{Error, ErrorKind, Result};
use crate::imports::{DatabaseImport, ImportRun};
use crate::request::awaitable;
use crate::resource::ResourceHandle;
use crate::wait::{Patience, waits};

pub use self::outcome::{RestoredBackup, UnfinishedRestore};
pub use self::plan::{BackupCopy, RestorePlan, WayBack};

/// The schedule of a backup that runs only when it is asked for.
const NEVER: &str = "yearly";

/// Restores a backup into the database it was made of, or into another one:
/// [`BackupHandle::restore`].
///
/// It finds the file of the backup, makes a backup of the target and waits for it,
/// imports the file and waits for the end, and reads the target again. Because the data
/// of the target is replaced, [`confirm`](Self::confirm) has to name it exactly.
/// [`plan`](Self::plan) describes beforehand what it replaces.
///
/// The file is taken from S3 if it was uploaded there, else from the server. The key in
/// S3 is the path on the server without the slash at its beginning. A file on the
/// server can only be restored on the same server, and needs the `deploy` ability as
/// well. The behavior of imports is known from Coolify's source, not from a server.
///
/// Coolify restores `PostgreSQL`, `MySQL`, `MariaDB`, `MongoDB` and `SQLite`. The objects
/// of a `PostgreSQL` database are dropped before they are restored, except with
/// [`keep_existing`](Self::keep_existing).
///
/// Needs the `read` and `write` abilities. Since Coolify 4.4.0.
///
/// # Errors
///
/// Before anything is changed: [`Error::unsupported`] for an older server;
/// [`Error::is_not_found`] for an unknown execution; [`ErrorKind::InvalidRequest`] if the
/// confirmation is missing or wrong, if the execution failed or has no file any more, for
/// another engine or an older version of it, and for a file of more than 10 GiB;
/// [`Error::is_conflict`] if the target is not running.
///
/// [`ErrorKind::BackupFailed`] if the backup of the target failed; nothing was replaced
/// then. [`ErrorKind::ImportFailed`] if the import failed, and [`ErrorKind::NotHealthy`]
/// if the target does not run after it. From the backup of the target on,
/// [`Error::left_behind`] names it, and [`Error::unfinished_restore`] the import.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let orders = coolify.database("xkzsv5nucvscskrm5gez3p8v");
/// let backup = orders.backup("pws8ow0cgkgk80gsok8gksgc");
/// let latest = backup.executions().await?.remove(0);
/// let restore = backup.restore(latest.uuid);
/// println!("{}", restore.plan().await?);
///
/// let restored = restore.confirm("orders").await?;
/// println!("the way back: {:?}", restored.way_back);
/// # Ok(()) }
/// ```
#[allow(clippy::struct_excessive_bools, reason = "independent settings")]
#[must_use = "nothing is restored before `.send()` or `.await`"]
pub struct RestoreBackup {
    backup: BackupHandle,
    execution: Uuid,
    target: Option<DatabaseHandle>,
    confirmed: Option<String>,
    s3_storage: Option<Uuid>,
    from_server: bool,
    keeps_existing: bool,
    any_version: bool,
    has_way_back: bool,
    patience: Patience,
}

waits!(RestoreBackup, "six hours for the import");

impl BackupHandle {
    /// Restores an execution of this backup into the database, or into another one. See
    /// [`RestoreBackup`].
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.4.0.
    pub fn restore(&self, execution: impl Into<Uuid>) -> RestoreBackup {
        RestoreBackup {
            backup: self.clone(),
            execution: execution.into(),
            target: None,
            confirmed: None,
            s3_storage: None,
            from_server: false,
            keeps_existing: false,
            any_version: false,
            has_way_back: true,
            patience: Patience::default(),
        }
    }
}

impl RestoreBackup {
    /// Restores into another database of the same engine.
    pub fn into_database(mut self, database: impl Into<Uuid>) -> Self {
        let coolify = self.backup.database.coolify();
        self.target = Some(coolify.database(database));
        self
    }

    /// Confirms that the data of the target may be replaced, by the exact name of the
    /// target.
    pub fn confirm(mut self, name: impl Into<String>) -> Self {
        self.confirmed = Some(name.into());
        self
    }

    /// Names the S3 storage that has the file. The default is the storage that the
    /// schedule has now, by its numeric id.
    pub fn s3_storage(mut self, storage: impl Into<Uuid>) -> Self {
        self.s3_storage = Some(storage.into());
        self
    }

    /// Takes the file from the server, even if it is in S3 as well. This needs the
    /// `deploy` ability too.
    pub fn from_server(mut self) -> Self {
        self.from_server = true;
        self
    }

    /// Keeps the objects that exist in a `PostgreSQL` database. The import fails where the
    /// backup has the same ones.
    pub fn keep_existing(mut self) -> Self {
        self.keeps_existing = true;
        self
    }

    /// Allows a target with an older version of the engine. The tags of the images
    /// decide.
    pub fn any_version(mut self) -> Self {
        self.any_version = true;
        self
    }

    /// Makes no backup of the target before.
    pub fn without_backup(mut self) -> Self {
        self.has_way_back = false;
        self
    }

    /// Restores the backup, and waits until the target runs again.
    ///
    /// # Errors
    ///
    /// See [`RestoreBackup`].
    pub async fn send(self) -> Result<RestoredBackup> {
        if self.confirmed.is_none() {
            let unconfirmed = "nothing was restored: the name of the target has to confirm it";
            return Err(Error::new(ErrorKind::InvalidRequest, unconfirmed)
                .with_hint("look at the `plan`, then `confirm` with the exact name"));
        }
        let plan = self.plan().await?;
        if let Some(name) = &self.confirmed
            && *name != plan.target_name
        {
            let wrong = format!(
                "nothing was restored: the target is named {:?}, not {name:?}",
                plan.target_name
            );
            return Err(Error::new(ErrorKind::InvalidRequest, wrong));
        }
        let target = self.backup.database.coolify().database(&plan.target);
        let mut left = UnfinishedRestore::default();
        match self.carry_out(&plan, &target, &mut left).await {
            Ok(import) => Ok(RestoredBackup {
                plan,
                way_back: left.way_back,
                import,
            }),
            Err(error) => Err(left.of(error)),
        }
    }

    async fn carry_out(
        &self,
        plan: &RestorePlan,
        target: &DatabaseHandle,
        left: &mut UnfinishedRestore,
    ) -> Result<DatabaseImport> {
        left.way_back = back_up(plan, target, left).await?;
        let run = start(plan, target).await;
        let run = run.map_err(|error| hinted(error, &plan.copy))?;
        left.import = Some(run.id());
        let import = run.with(self.patience).wait().await?;
        let status = target.get().await?.status;
        match status.filter(|status| !status.is_running()) {
            None => Ok(import),
            Some(status) => {
                let stopped = format!("the backup was imported, and the target is {status} now");
                Err(Error::new(ErrorKind::NotHealthy, stopped)
                    .with_hint("the log of the database has the reason"))
            }
        }
    }
}

/// Makes the backup of the target, and returns its executions.
async fn back_up(
    plan: &RestorePlan,
    target: &DatabaseHandle,
    left: &mut UnfinishedRestore,
) -> Result<Vec<BackupExecution>> {
    let schedule = match &plan.way_back {
        WayBack::Without => return Ok(Vec::new()),
        WayBack::Run(schedule) => schedule.clone(),
        WayBack::Create => {
            let schedule = target.backups().create(NEVER);
            let mut schedule = schedule.enabled(false).save_s3(false);
            if plan.dump_all {
                schedule = schedule.dump_all(true);
            }
            let created = schedule.await?.uuid;
            left.schedule = Some(created.clone());
            created
        }
    };
    target.backup(schedule).run().and_wait().await
}

/// Starts the import.
async fn start(plan: &RestorePlan, target: &DatabaseHandle) -> Result<ImportRun> {
    let imports = target.imports();
    macro_rules! with_settings {
        ($import:expr) => {{
            let mut import = $import;
            if plan.dump_all {
                import = import.dump_all(true);
            }
            if plan.replace_existing {
                import = import.replace_existing(true);
            }
            import.send().await
        }};
    }
    match &plan.copy {
        BackupCopy::S3 { storage, key } => {
            with_settings!(imports.from_s3(storage.clone(), key.clone()))
        }
        BackupCopy::Server { path } => with_settings!(imports.from_server(path.clone())),
    }
}

/// Coolify does not say which storage a file was uploaded to.
fn hinted(error: Error, copy: &BackupCopy) -> Error {
    let is_in_s3 = matches!(copy, BackupCopy::S3 { .. });
    if is_in_s3 && error.is_validation() && error.hint().is_none() {
        return error.with_hint(
            "if the file is in another S3 storage than the schedule has now, name it by \
             `s3_storage`",
        );
    }
    error
}

awaitable!(RestoreBackup, send -> RestoredBackup);

impl fmt::Debug for RestoreBackup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RestoreBackup")
            .field("backup", self.backup.uuid())
            .field("execution", &self.execution)
            .finish_non_exhaustive()
    }
}
