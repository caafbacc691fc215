//! Changes to a database, one call for each engine: a field of another engine
//! does not exist there.

use super::{
    DatabaseHandle, UpdateDatabaseClickhouseBody, UpdateDatabaseDragonflyBody,
    UpdateDatabaseKeydbBody, UpdateDatabaseMariadbBody, UpdateDatabaseMongodbBody,
    UpdateDatabaseMysqlBody, UpdateDatabasePostgresqlBody, UpdateDatabaseRedisBody,
};
use crate::raw::types::UpdateDatabaseByUuidBody;
use crate::request::{Body, Request};
use crate::resource::Resource;
use crate::verify::Subject;

macro_rules! update {
    ($engine:literal, $update:ident, $body:ident $(, $(#[$doc:meta])+)?) => {
        impl DatabaseHandle {
            #[doc = concat!("Changes what is set on a ", $engine, " database; gives what Coolify says about it.")]
            ///
            /// A running database takes most of it up when it is restarted.
            /// `is_public(true)` opens the port only together with a
            /// `public_port`.
            ///
            $($(#[$doc])+)?
            /// Needs the `write` ability. Since Coolify 4.0.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_validation`](crate::Error::is_validation) for a port
            /// that is out of range, and for fields of this engine on a database
            /// of another one; [`Error::is_not_found`](crate::Error::is_not_found)
            /// when there is none.
            #[inline]
            pub fn $update(&self) -> Request<$body, String, Subject> {
                self.update($body::default())
            }
        }
    };
}

update!(
    "PostgreSQL",
    update_postgresql,
    UpdateDatabasePostgresqlBody,
    /// ```compile_fail
    /// # fn demo(database: coolify_sdk::databases::DatabaseHandle) {
    /// database.update_postgresql().mysql_user("app"); // a field of another engine
    /// # }
    /// ```
    ///
);
update!("MySQL", update_mysql, UpdateDatabaseMysqlBody);
update!("MariaDB", update_mariadb, UpdateDatabaseMariadbBody);
update!("MongoDB", update_mongodb, UpdateDatabaseMongodbBody);
update!(
    "Redis",
    update_redis,
    UpdateDatabaseRedisBody,
    /// The password is the environment variable `REDIS_PASSWORD`.
    ///
);
update!("KeyDB", update_keydb, UpdateDatabaseKeydbBody);
update!("Dragonfly", update_dragonfly, UpdateDatabaseDragonflyBody);
update!(
    "ClickHouse",
    update_clickhouse,
    UpdateDatabaseClickhouseBody
);

impl DatabaseHandle {
    fn update<B>(&self, body: B) -> Request<B, String, Subject>
    where
        B: Body + Into<UpdateDatabaseByUuidBody> + Send + 'static,
    {
        let uuid = self.uuid().clone();
        Request::new(self.coolify(), body, |raw, body| async move {
            let body = body.into();
            Ok(raw
                .update_database_by_uuid(uuid.as_str(), &body)
                .await?
                .message)
        })
        .about(Subject::new("get-database-by-uuid", self.uuid()))
    }
}
