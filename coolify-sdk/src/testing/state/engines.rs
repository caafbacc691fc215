//! The engines of databases and their particularities.

use serde_json::Value;

use crate::testing::state::forms;

/// One kind of database.
pub(in crate::testing) struct Engine {
    /// Its name in the path for creating a database.
    pub(in crate::testing) name: &'static str,
    /// Coolify's internal name.
    pub(in crate::testing) model: &'static str,
    pub(in crate::testing) form: fn() -> Value,
    /// Its list in an environment; some engines are in no list.
    pub(in crate::testing) group: Option<&'static str>,
    /// The fields that only this engine accepts.
    pub(in crate::testing) fields: &'static [&'static str],
    /// The fields besides the URLs that need `read:sensitive`.
    pub(in crate::testing) secrets: &'static [&'static str],
    /// The template of the internal URL; empty if it listens on no port.
    pub(in crate::testing) url: &'static str,
    /// The volumes of a new database: the beginnings of their names, and their paths.
    pub(in crate::testing) volumes: &'static [(&'static str, &'static str)],
    /// Whether Coolify can back it up.
    pub(in crate::testing) has_backups: bool,
}

impl Engine {
    /// Returns whether its databases listen on a port.
    pub(in crate::testing) fn has_port(&self) -> bool {
        !self.url.is_empty()
    }
}

/// All engines, in the order of the list of databases.
pub(in crate::testing) static ENGINES: [Engine; 9] = [
    Engine {
        name: "postgresql",
        model: "App\\Models\\StandalonePostgresql",
        form: forms::database_postgresql,
        group: Some("postgresqls"),
        fields: &[
            "postgres_user",
            "postgres_password",
            "postgres_db",
            "postgres_initdb_args",
            "postgres_host_auth_method",
            "postgres_conf",
        ],
        secrets: &["postgres_password", "init_scripts"],
        url: "postgres://{postgres_user}:{postgres_password}@{uuid}:5432/{postgres_db}",
        volumes: &[("postgres-data", "/var/lib/postgresql/data")],
        has_backups: true,
    },
    Engine {
        name: "redis",
        model: "App\\Models\\StandaloneRedis",
        form: forms::database_redis,
        group: Some("redis"),
        fields: &["redis_password", "redis_conf"],
        secrets: &[],
        url: "redis://default:{redis_password}@{uuid}:6379/0",
        volumes: &[("redis-data", "/data")],
        has_backups: false,
    },
    Engine {
        name: "mongodb",
        model: "App\\Models\\StandaloneMongodb",
        form: forms::database_mongodb,
        group: Some("mongodbs"),
        fields: &[
            "mongo_conf",
            "mongo_initdb_root_username",
            "mongo_initdb_root_password",
            "mongo_initdb_database",
        ],
        secrets: &["mongo_initdb_root_password"],
        url: "mongodb://{mongo_initdb_root_username}:{mongo_initdb_root_password}@{uuid}:27017/?directConnection=true",
        volumes: &[
            ("mongodb-configdb", "/data/configdb"),
            ("mongodb-db", "/data/db"),
        ],
        has_backups: true,
    },
    Engine {
        name: "mysql",
        model: "App\\Models\\StandaloneMysql",
        form: forms::database_mysql,
        group: Some("mysqls"),
        fields: &[
            "mysql_root_password",
            "mysql_password",
            "mysql_user",
            "mysql_database",
            "mysql_conf",
        ],
        secrets: &["mysql_password", "mysql_root_password"],
        url: "mysql://{mysql_user}:{mysql_password}@{uuid}:3306/{mysql_database}",
        volumes: &[("mysql-data", "/var/lib/mysql")],
        has_backups: true,
    },
    Engine {
        name: "mariadb",
        model: "App\\Models\\StandaloneMariadb",
        form: forms::database_mariadb,
        group: Some("mariadbs"),
        fields: &[
            "mariadb_conf",
            "mariadb_root_password",
            "mariadb_user",
            "mariadb_password",
            "mariadb_database",
        ],
        secrets: &["mariadb_password", "mariadb_root_password"],
        url: "mysql://{mariadb_user}:{mariadb_password}@{uuid}:3306/{mariadb_database}",
        volumes: &[("mariadb-data", "/var/lib/mysql")],
        has_backups: true,
    },
    Engine {
        name: "keydb",
        model: "App\\Models\\StandaloneKeydb",
        form: forms::database_keydb,
        group: None,
        fields: &["keydb_password", "keydb_conf"],
        secrets: &["keydb_password"],
        url: "redis://:{keydb_password}@{uuid}:6379/0",
        volumes: &[("keydb-data", "/data")],
        has_backups: false,
    },
    Engine {
        name: "dragonfly",
        model: "App\\Models\\StandaloneDragonfly",
        form: forms::database_dragonfly,
        group: None,
        fields: &["dragonfly_password"],
        secrets: &["dragonfly_password"],
        url: "redis://:{dragonfly_password}@{uuid}:6379/0",
        volumes: &[("dragonfly-data", "/data")],
        has_backups: false,
    },
    Engine {
        name: "clickhouse",
        model: "App\\Models\\StandaloneClickhouse",
        form: forms::database_clickhouse,
        group: None,
        fields: &["clickhouse_admin_user", "clickhouse_admin_password"],
        secrets: &["clickhouse_admin_password"],
        url: "clickhouse://{clickhouse_admin_user}:{clickhouse_admin_password}@{uuid}:9000/{clickhouse_db}",
        volumes: &[("clickhouse-data", "/var/lib/clickhouse")],
        has_backups: true,
    },
    Engine {
        name: "sqlite",
        model: "App\\Models\\StandaloneSqlite",
        form: forms::database_sqlite,
        group: None,
        fields: &["sqlite_databases"],
        secrets: &[],
        url: "",
        volumes: &[("sqlite-data", "/var/lib/sqlite")],
        has_backups: true,
    },
];
