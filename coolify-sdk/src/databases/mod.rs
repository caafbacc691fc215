//! Databases of the nine engines, and their backups.

#[cfg(feature = "databases")]
mod backup_run;
#[cfg(feature = "databases")]
mod backups;
#[cfg(feature = "databases")]
mod create;
mod engine;
#[cfg(feature = "databases")]
mod fields;
#[cfg(feature = "databases")]
mod handle;
#[cfg(feature = "databases")]
mod kind;
#[cfg(feature = "databases")]
mod provision;
#[cfg(feature = "databases")]
mod restore;
#[cfg(feature = "databases")]
mod update;

#[cfg(feature = "databases")]
pub use backup_run::RunBackup;
#[cfg(feature = "databases")]
pub use backups::{BackupHandle, Backups, CreateBackup, S3Copies, UpdateBackup};
#[cfg(feature = "databases")]
pub use create::{
    CreateClickhouse, CreateDragonfly, CreateKeydb, CreateMariadb, CreateMongodb, CreateMysql,
    CreatePostgresql, CreateRedis, CreateSqlite,
};
pub use engine::{
    Clickhouse, Dragonfly, Engine, Keydb, Mariadb, Mongodb, Mysql, Postgresql, Redis, Sqlite,
};
#[cfg(feature = "databases")]
pub use handle::{DatabaseHandle, Databases};
#[cfg(feature = "databases")]
pub use provision::{BackupPlan, ProvisionDatabase, ProvisionedDatabase};
#[cfg(feature = "databases")]
pub use restore::{
    BackupCopy, RestoreBackup, RestorePlan, RestoredBackup, UnfinishedRestore, WayBack,
};
#[cfg(feature = "databases")]
pub use update::{
    UpdateClickhouse, UpdateDragonfly, UpdateKeydb, UpdateMariadb, UpdateMongodb, UpdateMysql,
    UpdatePostgresql, UpdateRedis, UpdateSqlite,
};

pub use crate::raw::types::{BackupExecution, BackupExecutionStatus, Database, DatabaseBackup};
#[cfg(feature = "databases")]
pub use crate::raw::types::{CreatedDatabase, CreatedWithMessage};
