//! Changes databases, with one call for each engine, which only has the fields of
//! that engine.
#![allow(clippy::doc_markdown, reason = "the names of engines are not code")]

use coolify_sdk_macros::builder;

use super::DatabaseHandle;
use crate::error::Result;
use crate::raw::types::{
    UpdateDatabaseByUuidBody, UpdateDatabaseClickhouseBody, UpdateDatabaseDragonflyBody,
    UpdateDatabaseKeydbBody, UpdateDatabaseMariadbBody, UpdateDatabaseMongodbBody,
    UpdateDatabaseMysqlBody, UpdateDatabasePostgresqlBody, UpdateDatabaseRedisBody,
    UpdateDatabaseSqliteBody,
};
use crate::request::{Body, Request};
use crate::resource::ResourceHandle;
use crate::verify::Subject;

macro_rules! update {
    ($engine:literal, $update:ident, $builder:ident($body:ident) $(, $(#[$doc:meta])+)?) => {
        #[doc = concat!("Changes a ", $engine, " database, and returns Coolify's message:")]
        #[doc = concat!("[`DatabaseHandle::", stringify!($update), "`].")]
        ///
        /// Most changes take effect when the database is restarted. `is_public(true)`
        /// opens the port only together with a `public_port`.
        ///
        $($(#[$doc])+)?
        /// Needs the `write` ability. Since Coolify 4.0.0.
        ///
        /// # Errors
        ///
        /// [`Error::is_validation`](crate::Error::is_validation) for a port that is
        /// out of range, and if the database has another engine;
        /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
        /// database.
        ///
        /// ```no_run
        /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
        /// let database = coolify.database("xkzsv5nucvscskrm5gez3p8v");
        /// database
        #[doc = concat!("    .", stringify!($update), "()")]
        ///     .description("Orders of the shop")
        ///     .limits_memory("1G")
        ///     .await?;
        /// # Ok(()) }
        /// ```
        #[builder]
        pub struct $builder(Request<$body, String>, Subject);

        impl DatabaseHandle {
            #[doc = concat!("Changes a ", $engine, " database, and returns Coolify's message. See")]
            #[doc = concat!("[`", stringify!($builder), "`].")]
            ///
            /// Needs the `write` ability. Since Coolify 4.0.0.
            #[inline]
            pub fn $update(&self) -> $builder {
                let (request, subject) = self.update($body::default());
                $builder(request, subject)
            }
        }
    };
}

update!(
    "PostgreSQL",
    update_postgresql,
    UpdatePostgresql(UpdateDatabasePostgresqlBody),
    /// ```compile_fail
    /// # fn demo(database: coolify_sdk::databases::DatabaseHandle) {
    /// database.update_postgresql().mysql_user("app"); // a field of another engine
    /// # }
    /// ```
    ///
);
update!("MySQL", update_mysql, UpdateMysql(UpdateDatabaseMysqlBody));
update!(
    "MariaDB",
    update_mariadb,
    UpdateMariadb(UpdateDatabaseMariadbBody)
);
update!(
    "MongoDB",
    update_mongodb,
    UpdateMongodb(UpdateDatabaseMongodbBody)
);
update!(
    "Redis",
    update_redis,
    UpdateRedis(UpdateDatabaseRedisBody),
    /// The password is the environment variable `REDIS_PASSWORD`.
    ///
);
update!("KeyDB", update_keydb, UpdateKeydb(UpdateDatabaseKeydbBody));
update!(
    "Dragonfly",
    update_dragonfly,
    UpdateDragonfly(UpdateDatabaseDragonflyBody)
);
update!(
    "ClickHouse",
    update_clickhouse,
    UpdateClickhouse(UpdateDatabaseClickhouseBody)
);
update!(
    "SQLite",
    update_sqlite,
    UpdateSqlite(UpdateDatabaseSqliteBody),
    /// SQLite has no port. It exists since Coolify 4.4.0.
    ///
);

impl DatabaseHandle {
    fn update<B>(&self, body: B) -> (Request<B, String>, Subject)
    where
        B: Body + Into<UpdateDatabaseByUuidBody> + Send + 'static,
    {
        let uuid = self.uuid().clone();
        let request = Request::new(self.coolify(), body, move |raw, body| {
            let updating = raw.update_database_by_uuid(uuid.as_str(), &body.into());
            updating.message()
        });
        (request, Subject::new("get-database-by-uuid", self.uuid()))
    }
}

impl Body for UpdateDatabaseByUuidBody {
    /// It is made from a body that has already been checked.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}
