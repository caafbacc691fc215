//! The nine engines, and the fields that only one of them has.
#![allow(clippy::doc_markdown, reason = "the names of engines are not code")]

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::raw::types::DatabaseBackup;
use crate::scalar::model;
use crate::{Secret, SecretJson, UnknownFields};

/// Defines each engine: its variant, its struct, and the names of its fields in
/// the API.
macro_rules! engines {
    ($(
        $(#[$doc:meta])*
        $name:ident = $tag:literal {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $wire:literal, )*
        }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[non_exhaustive]
            pub struct $name {
                $(
                    $(#[$field_doc])*
                    #[serde(rename = $wire, skip_serializing_if = "Option::is_none")]
                    pub $field: Option<$type>,
                )*
            }
        )*

        /// The engine of a database, with the fields that only this engine has.
        ///
        /// Passwords are absent without the `read:sensitive` ability.
        ///
        /// ```
        /// use coolify_sdk::databases::{Database, Engine};
        ///
        /// fn superuser(database: &Database) -> Option<&str> {
        ///     match &database.engine {
        ///         Engine::Postgresql(postgresql) => postgresql.user.as_deref(),
        ///         Engine::Mongodb(mongodb) => mongodb.root_username.as_deref(),
        ///         _ => None,
        ///     }
        /// }
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(tag = "database_type")]
        #[non_exhaustive]
        pub enum Engine {
            $(
                $(#[$doc])*
                #[serde(rename = $tag)]
                $name($name),
            )*
            /// An engine that this version of the library does not know.
            #[serde(untagged)]
            Unknown(UnknownFields),
        }

        impl Engine {
            /// Returns the engine as Coolify writes it, such as `standalone-postgresql`.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$name(_) => $tag, )*
                    Self::Unknown(fields) => {
                        fields.get(TYPE).and_then(Value::as_str).unwrap_or_default()
                    }
                }
            }

            /// Returns whether Coolify can back up databases of this engine on a
            /// schedule.
            ///
            /// Before 4.2.0, Coolify accepted a schedule for every engine, and the
            /// backups failed if this is `false`.
            #[must_use]
            pub fn has_backups(&self) -> bool {
                matches!(
                    self,
                    Self::Postgresql(_)
                        | Self::Mysql(_)
                        | Self::Mariadb(_)
                        | Self::Mongodb(_)
                        | Self::Clickhouse(_)
                        | Self::Sqlite(_)
                )
            }

            fn of_row(row: Map<String, Value>) -> serde_json::Result<Self> {
                let tag = match row.get(TYPE) {
                    Some(Value::String(tag)) => tag.as_str(),
                    // The reply for a KeyDB database never names the engine.
                    _ if row.contains_key("keydb_conf") => KEYDB,
                    _ => "",
                };
                match tag {
                    $( $tag => $name::deserialize(Value::Object(row)).map(Self::$name), )*
                    _ => Ok(Self::Unknown(row.into())),
                }
            }
        }
    };
}

/// Writes the usual name of the engine, such as `postgresql`.
impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.as_str();
        f.write_str(text.strip_prefix("standalone-").unwrap_or(text))
    }
}

/// The field with the name of the engine.
const TYPE: &str = "database_type";
const KEYDB: &str = "standalone-keydb";

engines! {
    /// PostgreSQL.
    Postgresql = "standalone-postgresql" {
        /// The superuser.
        user: String = "postgres_user",
        /// The superuser's password.
        password: Secret = "postgres_password",
        /// The database that is made at the first start.
        db: String = "postgres_db",
        /// Arguments for `initdb` at the first start.
        initdb_args: String = "postgres_initdb_args",
        /// How connections from other hosts authenticate, such as `scram-sha-256`.
        host_auth_method: String = "postgres_host_auth_method",
        /// The configuration file, as plain text.
        conf: Secret = "postgres_conf",
        /// Scripts for the first start, each with a `filename` and `content`;
        /// absent without the `read:sensitive` ability.
        init_scripts: SecretJson = "init_scripts",
    }
    /// MySQL.
    Mysql = "standalone-mysql" {
        /// The root user's password.
        root_password: Secret = "mysql_root_password",
        /// The user.
        user: String = "mysql_user",
        /// The user's password.
        password: Secret = "mysql_password",
        /// The database that is made at the first start.
        database: String = "mysql_database",
        /// The configuration file, as plain text.
        conf: Secret = "mysql_conf",
    }
    /// MariaDB.
    Mariadb = "standalone-mariadb" {
        /// The root user's password.
        root_password: Secret = "mariadb_root_password",
        /// The user.
        user: String = "mariadb_user",
        /// The user's password.
        password: Secret = "mariadb_password",
        /// The database that is made at the first start.
        database: String = "mariadb_database",
        /// The configuration file, as plain text.
        conf: Secret = "mariadb_conf",
    }
    /// MongoDB.
    Mongodb = "standalone-mongodb" {
        /// The root user.
        root_username: String = "mongo_initdb_root_username",
        /// The root user's password.
        root_password: Secret = "mongo_initdb_root_password",
        /// The database that is made at the first start.
        database: String = "mongo_initdb_database",
        /// The configuration file, as plain text.
        conf: Secret = "mongo_conf",
    }
    /// Redis. Its password is the environment variable `REDIS_PASSWORD`, and
    /// part of `internal_db_url`.
    Redis = "standalone-redis" {
        /// The user.
        username: String = "redis_username",
        /// The configuration file, as plain text.
        conf: Secret = "redis_conf",
    }
    /// KeyDB.
    Keydb = "standalone-keydb" {
        /// The password.
        password: Secret = "keydb_password",
        /// The configuration file, as plain text.
        conf: Secret = "keydb_conf",
    }
    /// Dragonfly.
    Dragonfly = "standalone-dragonfly" {
        /// The password.
        password: Secret = "dragonfly_password",
    }
    /// ClickHouse.
    Clickhouse = "standalone-clickhouse" {
        /// The administrator.
        admin_user: String = "clickhouse_admin_user",
        /// The administrator's password.
        admin_password: Secret = "clickhouse_admin_password",
        /// The database that is made at the first start.
        db: String = "clickhouse_db",
    }
    /// SQLite, since Coolify 4.4.0. It has no port, no password and no URL: resources mount
    /// its volume.
    Sqlite = "standalone-sqlite" {
        /// The names of the database files, comma-separated.
        databases: String = "sqlite_databases",
    }
}

impl<'de> Deserialize<'de> for Engine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = Map::deserialize(deserializer)?;
        Self::of_row(row).map_err(D::Error::custom)
    }
}

impl Engine {
    /// Returns whether a backup belongs to a database of this engine. Coolify
    /// looks backups up by the numeric id of the database, which is only unique
    /// within an engine.
    pub(crate) fn has(&self, backup: &DatabaseBackup) -> bool {
        let model = backup.database_type.as_deref().unwrap_or_default();
        matches!(self, Self::Unknown(_))
            || model::is_of_database(model, self.as_str()).unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine(row: &str) -> Engine {
        serde_json::from_str(row).unwrap()
    }

    #[test]
    fn an_engine_is_known_by_its_type() {
        let row = r#"{"database_type":"standalone-mysql","mysql_user":"app"}"#;
        let Engine::Mysql(mysql) = engine(row) else {
            panic!("MySQL is another engine");
        };
        assert_eq!(mysql.user.as_deref(), Some("app"));
    }

    #[test]
    fn keydb_is_known_by_its_fields() {
        assert!(matches!(engine(r#"{"keydb_conf":null}"#), Engine::Keydb(_)));
    }

    #[test]
    fn an_unknown_engine_keeps_what_it_has() {
        let row = r#"{"database_type":"standalone-cockroach","roach_legs":6}"#;
        let engine = engine(row);
        assert_eq!(engine.as_str(), "standalone-cockroach");
        assert_eq!(
            serde_json::to_string(&crate::Exposed(&engine)).unwrap(),
            row
        );
    }

    #[test]
    fn a_backup_of_another_engine_is_told_apart() {
        let backup = |model: &str| -> DatabaseBackup {
            serde_json::from_value(serde_json::json!({"uuid": "u", "database_type": model}))
                .unwrap()
        };
        let engine = engine(r#"{"database_type":"standalone-mysql"}"#);
        assert!(engine.has(&backup(r"App\Models\StandaloneMysql")));
        assert!(!engine.has(&backup(r"App\Models\StandalonePostgresql")));
        assert!(!engine.has(&backup(r"App\Models\ServiceDatabase")));
    }
}
