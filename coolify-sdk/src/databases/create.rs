//! Creates databases, with one call for each engine.
#![allow(clippy::doc_markdown, reason = "the names of engines are not code")]

use coolify_sdk_macros::builder;

use super::{CreatedDatabase, Databases};
use crate::Placement;
use crate::placement::put_place;
use crate::raw::types::{
    CreateDatabaseClickhouseBody, CreateDatabaseDragonflyBody, CreateDatabaseKeydbBody,
    CreateDatabaseMariadbBody, CreateDatabaseMongodbBody, CreateDatabaseMysqlBody,
    CreateDatabasePostgresqlBody, CreateDatabaseRedisBody, CreateDatabaseSqliteBody,
};
use crate::request::Request;

macro_rules! create {
    (
        $engine:literal, $create:ident, $builder:ident($body:ident), $call:ident
        $(, $(#[$doc:meta])+)?
    ) => {
        #[doc = concat!("Creates a ", $engine, " database, and returns its uuid and its URLs:")]
        #[doc = concat!("[`Databases::", stringify!($create), "`].")]
        ///
        /// Users and passwords that are not set are generated. Nothing is started,
        /// unless `instant_deploy(true)` is set. To be reachable from outside, it
        /// needs both `is_public(true)` and a `public_port`, from 1024 to 65535.
        ///
        $($(#[$doc])+)?
        /// Needs the `write` ability; the URLs in the reply need `read:sensitive`.
        /// Since Coolify 4.0.0.
        /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`](crate::Error::is_validation) for a port that is
        /// out of range or in use;
        /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
        /// project, environment or server.
        ///
        /// ```no_run
        /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
        /// use coolify_sdk::{EnvironmentRef, Placement};
        ///
        /// let place = Placement::new(
        ///     "gwgmpnq6u26xpsihsouontfu",
        ///     EnvironmentRef::name("production"),
        ///     "ndfqlt8mg8zla6bo50nyqhg8",
        /// );
        /// let created = coolify
        ///     .databases()
        #[doc = concat!("    .", stringify!($create), "(place)")]
        ///     .name("orders")
        ///     .instant_deploy(true)
        ///     .await?;
        /// println!("{}", created.uuid);
        /// # Ok(()) }
        /// ```
        #[builder]
        pub struct $builder(Request<$body, CreatedDatabase>);

        impl Databases {
            #[doc = concat!("Creates a ", $engine, " database, and returns its uuid and its URLs.")]
            #[doc = concat!("See [`", stringify!($builder), "`].")]
            ///
            /// Needs the `write` ability; the URLs in the reply need
            /// `read:sensitive`. Since Coolify 4.0.0.
            /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
            #[inline]
            pub fn $create(&self, place: Placement) -> $builder {
                let mut body = $body::new(place.project, place.server);
                put_place!(body, place);
                $builder(Request::new(&self.coolify, body, |raw, body| raw.$call(&body)))
            }
        }
    };
}

create!(
    "PostgreSQL",
    create_postgresql,
    CreatePostgresql(CreateDatabasePostgresqlBody),
    create_database_postgresql
);
create!(
    "MySQL",
    create_mysql,
    CreateMysql(CreateDatabaseMysqlBody),
    create_database_mysql
);
create!(
    "MariaDB",
    create_mariadb,
    CreateMariadb(CreateDatabaseMariadbBody),
    create_database_mariadb
);
create!(
    "MongoDB",
    create_mongodb,
    CreateMongodb(CreateDatabaseMongodbBody),
    create_database_mongodb
);
create!(
    "Redis",
    create_redis,
    CreateRedis(CreateDatabaseRedisBody),
    create_database_redis
);
create!(
    "KeyDB",
    create_keydb,
    CreateKeydb(CreateDatabaseKeydbBody),
    create_database_keydb
);
create!(
    "Dragonfly",
    create_dragonfly,
    CreateDragonfly(CreateDatabaseDragonflyBody),
    create_database_dragonfly,
    /// The reply has no URL; read the database to get it.
    ///
);
create!(
    "ClickHouse",
    create_clickhouse,
    CreateClickhouse(CreateDatabaseClickhouseBody),
    create_database_clickhouse
);

/// Creates a SQLite database, and returns its uuid: [`Databases::create_sqlite`].
///
/// The database is a volume with files and the container that looks after them. It has no
/// port and no URL; applications mount the volume. Nothing is started, unless
/// `instant_deploy(true)` is set.
///
/// Needs the `write` ability; `instant_deploy` also needs the `deploy` ability.
/// Since Coolify 4.4.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown project, environment
/// or server. [`Error::is_validation`](crate::Error::is_validation) for an invalid name of a
/// file.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::{EnvironmentRef, Placement};
///
/// let place = Placement::new(
///     "gwgmpnq6u26xpsihsouontfu",
///     EnvironmentRef::name("production"),
///     "ndfqlt8mg8zla6bo50nyqhg8",
/// );
/// let created = coolify
///     .databases()
///     .create_sqlite(place)
///     .name("orders")
///     .sqlite_databases(["orders.sqlite", "events.sqlite"])
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateSqlite(Request<CreateDatabaseSqliteBody, CreatedDatabase>);

impl Databases {
    /// Creates a SQLite database, and returns its uuid. See [`CreateSqlite`].
    ///
    /// Needs the `write` ability; `instant_deploy` also needs the `deploy` ability.
    /// Since Coolify 4.4.0.
    #[inline]
    pub fn create_sqlite(&self, place: Placement) -> CreateSqlite {
        let mut body = CreateDatabaseSqliteBody::new(place.project, place.server);
        put_place!(body, place);
        CreateSqlite(Request::new(&self.coolify, body, |raw, body| {
            raw.create_database_sqlite(&body)
        }))
    }
}
