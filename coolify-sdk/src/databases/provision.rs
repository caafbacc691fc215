//! Creates a database with its backups, and reads its connection URLs.

use std::fmt;

use serde::Serialize;

use super::{
    CreateClickhouse, CreateDragonfly, CreateKeydb, CreateMariadb, CreateMongodb, CreateMysql,
    CreatePostgresql, CreateRedis, CreateSqlite, CreatedDatabase, DatabaseHandle,
};
use crate::error::{Error, ErrorKind, Result};
use crate::raw::types::CreateDatabaseBackupBody;
use crate::request::{BoxFuture, awaitable};
use crate::wait::{Patience, waits};
use crate::{Coolify, ResourceStatus, Secret, Uuid};

/// A scheduled backup for a new database: where it is stored, how often it runs,
/// and how long it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a plan does nothing until it is passed to `backup`"]
pub struct BackupPlan {
    frequency: String,
    s3_storage: Option<Uuid>,
    keep_days: Option<i64>,
    run_now: bool,
}

impl BackupPlan {
    /// Stores backups on the server. `frequency` is a cron expression, or
    /// `hourly`, `daily`, `weekly`, `monthly` or `yearly`.
    pub fn local(frequency: impl Into<String>) -> Self {
        Self {
            frequency: frequency.into(),
            s3_storage: None,
            keep_days: None,
            run_now: false,
        }
    }

    /// Stores backups on the server, and copies them to this S3 storage.
    pub fn s3(frequency: impl Into<String>, storage: impl Into<Uuid>) -> Self {
        Self {
            s3_storage: Some(storage.into()),
            ..Self::local(frequency)
        }
    }

    /// Sets after how many days backups and their copies are deleted. By default
    /// they are kept.
    pub fn keep_days(mut self, days: i64) -> Self {
        self.keep_days = Some(days);
        self
    }

    /// Also runs the backup once at the beginning. Provisioning waits until the
    /// database is healthy for this.
    pub fn run_now(mut self) -> Self {
        self.run_now = true;
        self
    }

    fn body(&self) -> CreateDatabaseBackupBody {
        let mut body = CreateDatabaseBackupBody::new(self.frequency.as_str());
        // Coolify tries S3 by default, even if there is no storage.
        body.save_s3 = Some(self.s3_storage.is_some());
        body.s3_storage_uuid.clone_from(&self.s3_storage);
        body.database_backup_retention_days_locally = self.keep_days;
        body.database_backup_retention_days_s3 = self.s3_storage.as_ref().and(self.keep_days);
        body
    }
}

macro_rules! provisions {
    ($($create:ident: $has_backups:literal),* $(,)?) => { $(
        impl $create {
            /// Creates and starts the database, schedules its backups, optionally waits
            /// until it is healthy, and reads its connection URLs. See
            /// [`ProvisionDatabase`].
            pub fn provision(mut self) -> ProvisionDatabase {
                ProvisionDatabase {
                    starts: *self.0.body.instant_deploy.get_or_insert(true),
                    has_backups: $has_backups,
                    coolify: self.0.coolify().clone(),
                    create: Box::pin(self.0.send()),
                    backups: Vec::new(),
                    wait: false,
                    patience: Patience::default(),
                }
            }
        }
    )* };
}

// The boolean says whether Coolify can back up databases of the engine.
provisions! {
    CreatePostgresql: true,
    CreateMysql: true,
    CreateMariadb: true,
    CreateMongodb: true,
    CreateClickhouse: true,
    CreateSqlite: true,
    CreateRedis: false,
    CreateKeydb: false,
    CreateDragonfly: false,
}

/// Creates and starts a database, schedules its backups, optionally waits until
/// it is healthy, and reads its connection URLs: `provision()` of a request that
/// creates a database, such as [`CreatePostgresql::provision`].
///
/// Some mistakes are rejected before anything is created: backups of an engine
/// that does not support them, an S3 storage that does not exist, waiting for a
/// database that is not started. If a later step fails, the database is not
/// deleted, and [`Error::left_behind`] contains it.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// use coolify_sdk::databases::BackupPlan;
///
/// let orders = coolify
///     .databases()
///     .create_postgresql(place)
///     .name("orders")
///     .provision()
///     .backup(BackupPlan::local("hourly").keep_days(2))
///     .backup(BackupPlan::s3("daily", "a2o3j5nrymlxeqxbvtosrtew").run_now())
///     .until_healthy()
///     .await?;
/// if let Some(url) = &orders.internal_url {
///     std::fs::write(".env", format!("DATABASE_URL={}", url.expose())).unwrap();
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is created before `.send()` or `.await`"]
pub struct ProvisionDatabase {
    coolify: Coolify,
    create: BoxFuture<Result<CreatedDatabase>>,
    /// Whether the database is started when it is created.
    starts: bool,
    has_backups: bool,
    backups: Vec<BackupPlan>,
    wait: bool,
    patience: Patience,
}

/// A database that was created, with what a program needs to use it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ProvisionedDatabase {
    /// The database's uuid.
    pub uuid: Uuid,
    /// The connection URL within the Docker network, with the password. `None`
    /// without the `read:sensitive` ability.
    pub internal_url: Option<Secret>,
    /// The connection URL from outside, with the password. `None` if the database
    /// is not public, and without the `read:sensitive` ability.
    pub external_url: Option<Secret>,
    /// The scheduled backups, in the order of their plans.
    pub backups: Vec<Uuid>,
    /// The current status of its container.
    pub status: Option<ResourceStatus>,
}

waits!(ProvisionDatabase, "5 minutes");

impl ProvisionDatabase {
    /// Adds a scheduled backup. Redis, `KeyDB` and Dragonfly databases cannot be
    /// backed up.
    pub fn backup(mut self, plan: BackupPlan) -> Self {
        self.wait |= plan.run_now;
        self.backups.push(plan);
        self
    }

    /// Waits until the database is healthy: see [`StatusWatch`](crate::resource::StatusWatch).
    pub fn until_healthy(mut self) -> Self {
        self.wait = true;
        self
    }

    /// Creates the database and its backups.
    ///
    /// Needs the `read` and `write` abilities, and for the URLs
    /// `read:sensitive`. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] and [`Error::is_not_found`] before anything
    /// was created. After that, the errors of creating, waiting and reading, with
    /// the database in [`Error::left_behind`].
    pub async fn send(self) -> Result<ProvisionedDatabase> {
        self.check()?;
        #[cfg(feature = "s3-storages")]
        for storage in self
            .backups
            .iter()
            .filter_map(|plan| plan.s3_storage.as_ref())
        {
            s3_exists(&self.coolify, storage).await?;
        }
        let created = self.create.await?;
        let database = self.coolify.database(&created.uuid);
        let later = Later {
            plans: self.backups,
            wait: self.wait,
            patience: self.patience,
        };
        let mut backups = Vec::new();
        let finished = later.finish(&database, created, &mut backups).await;
        finished.map_err(|error| {
            let error = error.leaving("database", database.uuid());
            backups
                .iter()
                .fold(error, |error, uuid| error.leaving("scheduled backup", uuid))
        })
    }

    fn check(&self) -> Result<()> {
        let reason = if !self.has_backups && !self.backups.is_empty() {
            "Coolify cannot back up databases of this engine"
        } else if self.wait && !self.starts {
            "a database that is not started never becomes healthy: remove `instant_deploy(false)`"
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::InvalidRequest, reason))
    }
}

/// The steps after the database was created.
struct Later {
    plans: Vec<BackupPlan>,
    wait: bool,
    patience: Patience,
}

impl Later {
    async fn finish(
        self,
        database: &DatabaseHandle,
        created: CreatedDatabase,
        backups: &mut Vec<Uuid>,
    ) -> Result<ProvisionedDatabase> {
        for plan in &self.plans {
            let mut request = database.backups().create(plan.frequency.as_str());
            request.0.body = plan.body();
            backups.push(request.send().await?.uuid);
        }
        if self.wait {
            let watch = database.until_healthy().with(self.patience);
            watch.wait().await?;
        }
        for (plan, backup) in self.plans.iter().zip(&*backups) {
            if plan.run_now {
                database.backup(backup).run().await?;
            }
        }
        // The reply for Dragonfly has no URL, and no reply has the external one.
        let now = database.get().await?;
        Ok(ProvisionedDatabase {
            uuid: created.uuid,
            internal_url: now.internal_db_url.or(created.internal_db_url),
            external_url: now.external_db_url.or(created.external_db_url),
            backups: backups.clone(),
            status: now.status,
        })
    }
}

/// Rejects a storage that does not exist. If that cannot be checked, creating the
/// backup fails instead: before 4.3.0, with a client that is bound to a project,
/// and without the cargo feature `s3-storages`.
#[cfg(feature = "s3-storages")]
async fn s3_exists(coolify: &Coolify, storage: &Uuid) -> Result<()> {
    match coolify.s3_storage(storage).get().await {
        Err(error) => match error.kind() {
            ErrorKind::Unsupported | ErrorKind::OutOfScope | ErrorKind::Forbidden => Ok(()),
            ErrorKind::NotFound => {
                Err(error.with_hint("the S3 storage does not exist; nothing was created"))
            }
            _ => Err(error),
        },
        Ok(_) => Ok(()),
    }
}

awaitable!(ProvisionDatabase, send -> ProvisionedDatabase);

impl fmt::Debug for ProvisionDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvisionDatabase")
            .field("backups", &self.backups)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}
