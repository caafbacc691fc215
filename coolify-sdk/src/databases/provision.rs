//! A database with its backups and its connection URL, in one flow.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use super::{
    CreateDatabaseBackupBody, CreateDatabaseClickhouseBody, CreateDatabaseDragonflyBody,
    CreateDatabaseKeydbBody, CreateDatabaseMariadbBody, CreateDatabaseMongodbBody,
    CreateDatabaseMysqlBody, CreateDatabasePostgresqlBody, CreateDatabaseRedisBody,
    CreatedDatabase, DatabaseHandle,
};
#[cfg(feature = "s3-storages")]
use crate::Coolify;
use crate::error::{Error, ErrorKind, Result};
use crate::request::{Body, Request};
use crate::resource::StatusWatch;
use crate::{ResourceStatus, Secret, Uuid};

/// A backup that a new database gets: where to, how often, and for how long it
/// is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a plan does nothing before it is given to a flow"]
pub struct BackupPlan {
    frequency: String,
    s3_storage: Option<Uuid>,
    keep_days: Option<i64>,
    run_now: bool,
}

impl BackupPlan {
    /// Kept on the server. `frequency` is a cron expression, or `hourly`,
    /// `daily`, `weekly`, `monthly` or `yearly`.
    pub fn local(frequency: impl Into<String>) -> Self {
        Self {
            frequency: frequency.into(),
            s3_storage: None,
            keep_days: None,
            run_now: false,
        }
    }

    /// Kept on the server, and copied to this S3 storage.
    pub fn s3(frequency: impl Into<String>, storage: impl Into<Uuid>) -> Self {
        Self {
            s3_storage: Some(storage.into()),
            ..Self::local(frequency)
        }
    }

    /// Deletes backups and copies after so many days; for ever unless set.
    pub fn keep_days(mut self, days: i64) -> Self {
        self.keep_days = Some(days);
        self
    }

    /// Runs it as soon as the database is up, in addition to its schedule; the
    /// flow waits until the database is healthy for this.
    pub fn run_now(mut self) -> Self {
        self.run_now = true;
        self
    }

    fn body(&self) -> CreateDatabaseBackupBody {
        let mut body = CreateDatabaseBackupBody::new(self.frequency.as_str());
        // Coolify's own default is to try S3, whether there is one or not.
        body.save_s3 = Some(self.s3_storage.is_some());
        body.s3_storage_uuid.clone_from(&self.s3_storage);
        body.database_backup_retention_days_locally = self.keep_days;
        body.database_backup_retention_days_s3 = self.s3_storage.as_ref().and(self.keep_days);
        body
    }
}

/// A new database of some engine.
///
/// It is implemented by the bodies of the eight creates and by nothing else.
pub trait NewDatabase: Body + sealed::Sealed + Clone + Send + 'static {
    /// Whether Coolify can back up databases of this engine.
    #[doc(hidden)]
    const HAS_BACKUPS: bool;

    /// Has it started with its creation unless the caller has said otherwise;
    /// gives whether it is.
    #[doc(hidden)]
    fn start(&mut self) -> bool;
}

mod sealed {
    /// Keeps [`NewDatabase`](super::NewDatabase) to this crate.
    pub trait Sealed {}
}

macro_rules! new_database {
    ($($body:ident: $has_backups:literal),* $(,)?) => { $(
        impl sealed::Sealed for $body {}

        impl NewDatabase for $body {
            const HAS_BACKUPS: bool = $has_backups;

            fn start(&mut self) -> bool {
                *self.instant_deploy.get_or_insert(true)
            }
        }
    )* };
}

new_database! {
    CreateDatabasePostgresqlBody: true,
    CreateDatabaseMysqlBody: true,
    CreateDatabaseMariadbBody: true,
    CreateDatabaseMongodbBody: true,
    CreateDatabaseClickhouseBody: true,
    CreateDatabaseRedisBody: false,
    CreateDatabaseKeydbBody: false,
    CreateDatabaseDragonflyBody: false,
}

impl<B: NewDatabase> Request<B, CreatedDatabase> {
    /// Makes a flow of it: the database is created and started, gets its
    /// backups, is waited for if that is wanted, and is read back for its
    /// connection URLs.
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
    pub fn provision(self) -> ProvisionDatabase<B> {
        ProvisionDatabase {
            request: self,
            backups: Vec::new(),
            wait: false,
            poll_every: None,
            max_wait: None,
        }
    }
}

/// A database that is about to be created, with all that belongs to it: made by
/// [`provision`](Request::provision) of its create, sent by `.await`.
///
/// What can be seen to be wrong is refused before anything is created: backups
/// of an engine that has none, an S3 storage that does not exist, waiting for a
/// database that is not started. What fails later leaves the database where it
/// is, and the error says so: [`Error::left_behind`].
#[must_use = "nothing is created before `.send()` or `.await`"]
pub struct ProvisionDatabase<B> {
    request: Request<B, CreatedDatabase>,
    backups: Vec<BackupPlan>,
    wait: bool,
    poll_every: Option<Duration>,
    max_wait: Option<Duration>,
}

/// A database that stands, with what a program needs to use it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProvisionedDatabase {
    /// The database's uuid.
    pub uuid: Uuid,
    /// The connection URL within the Docker network, with the password. `None`
    /// without the `read:sensitive` ability.
    pub internal_url: Option<Secret>,
    /// The connection URL from outside, with the password. `None` while the
    /// database is not public, and without the `read:sensitive` ability.
    pub external_url: Option<Secret>,
    /// The scheduled backups, in the order of their plans.
    pub backups: Vec<Uuid>,
    /// What its container does now.
    pub status: Option<ResourceStatus>,
}

impl<B: NewDatabase> ProvisionDatabase<B> {
    /// One more scheduled backup. Redis and the two engines that speak its
    /// protocol have none.
    pub fn backup(mut self, plan: BackupPlan) -> Self {
        self.wait |= plan.run_now;
        self.backups.push(plan);
        self
    }

    /// Waits until the database is up and well: see
    /// [`StatusWatch`].
    pub fn until_healthy(mut self) -> Self {
        self.wait = true;
        self
    }

    /// How often the server is asked while waiting; see
    /// [`StatusWatch::poll_every`].
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.poll_every = Some(interval);
        self
    }

    /// How long to wait at the most; see [`StatusWatch::max_wait`].
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.max_wait = Some(longest);
        self
    }

    /// Creates it, and all that belongs to it.
    ///
    /// Needs the `read` and `write` abilities, and for the URLs
    /// `read:sensitive`. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] and [`Error::is_not_found`] before anything
    /// was created. After that, what creating, waiting and reading give, with
    /// the database in [`Error::left_behind`].
    pub async fn send(mut self) -> Result<ProvisionedDatabase> {
        let starts = self.request.body.start();
        self.check(starts)?;
        let coolify = self.request.coolify().clone();
        #[cfg(feature = "s3-storages")]
        for storage in self
            .backups
            .iter()
            .filter_map(|plan| plan.s3_storage.as_ref())
        {
            s3_exists(&coolify, storage).await?;
        }
        let created = self.request.send().await?;
        let database = coolify.database(&created.uuid);
        let later = Later {
            plans: self.backups,
            wait: self.wait,
            poll_every: self.poll_every,
            max_wait: self.max_wait,
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

    fn check(&self, starts: bool) -> Result<()> {
        let reason = if !B::HAS_BACKUPS && !self.backups.is_empty() {
            "Coolify has no backups for databases of this engine"
        } else if self.wait && !starts {
            "a database that is not started never gets healthy: leave out `instant_deploy(false)`"
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::InvalidRequest, reason))
    }
}

/// What is left to do when the database is created.
struct Later {
    plans: Vec<BackupPlan>,
    wait: bool,
    poll_every: Option<Duration>,
    max_wait: Option<Duration>,
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
            request.body = plan.body();
            backups.push(request.send().await?.uuid);
        }
        if self.wait {
            self.watch(database).wait().await?;
        }
        for (plan, backup) in self.plans.iter().zip(&*backups) {
            if plan.run_now {
                database.backup(backup).run().await?;
            }
        }
        // Dragonfly's answer has no URL, and none has a public one.
        let now = database.get().await?;
        Ok(ProvisionedDatabase {
            uuid: created.uuid,
            internal_url: now.internal_db_url.or(created.internal_db_url),
            external_url: now.external_db_url.or(created.external_db_url),
            backups: backups.clone(),
            status: now.status,
        })
    }

    fn watch(&self, database: &DatabaseHandle) -> StatusWatch {
        let mut watch = database.until_healthy();
        if let Some(interval) = self.poll_every {
            watch = watch.poll_every(interval);
        }
        if let Some(longest) = self.max_wait {
            watch = watch.max_wait(longest);
        }
        watch
    }
}

/// Refuses a storage that is known not to exist. Where nobody can look, the
/// create of the backup tells: before 4.3.0, with a client that is bound to a
/// project, and without the cargo feature `s3-storages`.
#[cfg(feature = "s3-storages")]
async fn s3_exists(coolify: &Coolify, storage: &Uuid) -> Result<()> {
    match coolify.s3_storage(storage).get().await {
        Err(error) => match error.kind() {
            ErrorKind::Unsupported | ErrorKind::OutOfScope | ErrorKind::Forbidden => Ok(()),
            ErrorKind::NotFound => {
                Err(error.with_hint("there is no such S3 storage; nothing was created"))
            }
            _ => Err(error),
        },
        Ok(_) => Ok(()),
    }
}

impl<B: NewDatabase> IntoFuture for ProvisionDatabase<B> {
    type Output = Result<ProvisionedDatabase>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<B: fmt::Debug> fmt::Debug for ProvisionDatabase<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvisionDatabase")
            .field("request", &self.request)
            .field("backups", &self.backups)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}
