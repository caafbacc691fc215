//! Databases of the eight engines, and their backups.

#[cfg(feature = "databases")]
mod backups;
#[cfg(feature = "databases")]
mod create;
mod engine;
#[cfg(feature = "databases")]
mod handle;
#[cfg(feature = "databases")]
mod provision;
#[cfg(feature = "databases")]
mod update;

#[cfg(feature = "databases")]
pub use backups::{BackupHandle, Backups, S3Copies};
pub use engine::{
    Clickhouse, Dragonfly, Engine, Keydb, Mariadb, Mongodb, Mysql, Postgresql, Redis,
};
#[cfg(feature = "databases")]
pub use handle::{DatabaseHandle, Databases};
#[cfg(feature = "databases")]
pub use provision::{BackupPlan, NewDatabase, ProvisionDatabase, ProvisionedDatabase};

pub use crate::raw::types::{BackupExecution, BackupExecutionStatus, Database, DatabaseBackup};
#[cfg(feature = "databases")]
pub use crate::raw::types::{
    CreateDatabaseBackupBody, CreateDatabaseClickhouseBody, CreateDatabaseDragonflyBody,
    CreateDatabaseKeydbBody, CreateDatabaseMariadbBody, CreateDatabaseMongodbBody,
    CreateDatabaseMysqlBody, CreateDatabasePostgresqlBody, CreateDatabaseRedisBody,
    CreatedDatabase, CreatedWithMessage, UpdateDatabaseBackupBody, UpdateDatabaseClickhouseBody,
    UpdateDatabaseDragonflyBody, UpdateDatabaseKeydbBody, UpdateDatabaseMariadbBody,
    UpdateDatabaseMongodbBody, UpdateDatabaseMysqlBody, UpdateDatabasePostgresqlBody,
    UpdateDatabaseRedisBody,
};
