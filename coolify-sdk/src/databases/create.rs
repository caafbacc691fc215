//! New databases, one call for each engine.

use super::{
    CreateDatabaseClickhouseBody, CreateDatabaseDragonflyBody, CreateDatabaseKeydbBody,
    CreateDatabaseMariadbBody, CreateDatabaseMongodbBody, CreateDatabaseMysqlBody,
    CreateDatabasePostgresqlBody, CreateDatabaseRedisBody, CreatedDatabase, Databases,
};
use crate::Placement;
use crate::placement::put_place;
use crate::request::Request;

macro_rules! create {
    ($engine:literal, $create:ident, $body:ident, $call:ident $(, $(#[$doc:meta])+)?) => {
        impl Databases {
            #[doc = concat!("A new ", $engine, " database; gives its uuid and how to reach it.")]
            ///
            /// Users and passwords that are not set are made up. Nothing is
            /// started unless `instant_deploy(true)`. To be reached from
            /// outside it needs both `is_public(true)` and a `public_port`,
            /// from 1024 to 65535.
            ///
            $($(#[$doc])+)?
            /// Needs the `write` ability; the URLs in the answer need
            /// `read:sensitive`. Since Coolify 4.0.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_validation`](crate::Error::is_validation) for a port
            /// that is out of range or in use;
            /// [`Error::is_not_found`](crate::Error::is_not_found) for an
            /// unknown project, environment or server.
            #[inline]
            pub fn $create(&self, place: Placement) -> Request<$body, CreatedDatabase> {
                let mut body = $body::new(place.project, place.server);
                put_place!(body, place);
                Request::new(&self.coolify, body, |raw, body| raw.$call(&body))
            }
        }
    };
}

create!(
    "PostgreSQL",
    create_postgresql,
    CreateDatabasePostgresqlBody,
    create_database_postgresql,
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
    ///     .create_postgresql(place)
    ///     .name("orders")
    ///     .postgres_user("shop")
    ///     .instant_deploy(true)
    ///     .await?;
    /// println!("{}", created.uuid);
    /// # Ok(()) }
    /// ```
    ///
);
create!(
    "MySQL",
    create_mysql,
    CreateDatabaseMysqlBody,
    create_database_mysql
);
create!(
    "MariaDB",
    create_mariadb,
    CreateDatabaseMariadbBody,
    create_database_mariadb
);
create!(
    "MongoDB",
    create_mongodb,
    CreateDatabaseMongodbBody,
    create_database_mongodb
);
create!(
    "Redis",
    create_redis,
    CreateDatabaseRedisBody,
    create_database_redis
);
create!(
    "KeyDB",
    create_keydb,
    CreateDatabaseKeydbBody,
    create_database_keydb
);
create!(
    "Dragonfly",
    create_dragonfly,
    CreateDatabaseDragonflyBody,
    create_database_dragonfly,
    /// The answer holds no URL; read the database back for it.
    ///
);
create!(
    "ClickHouse",
    create_clickhouse,
    CreateDatabaseClickhouseBody,
    create_database_clickhouse
);
