//! Moving a resource to another environment, copying it, and taking it to
//! another server.

use super::Resource;
use crate::Uuid;
use crate::error::Result;
use crate::raw::types;
use crate::request::Request;

#[cfg(feature = "applications")]
pub use crate::raw::types::{CloneApplicationByUuidBody, MigrateApplicationByUuidBody};
#[cfg(feature = "databases")]
pub use crate::raw::types::{CloneDatabaseByUuidBody, MigrateDatabaseByUuidBody};
#[cfg(feature = "services")]
pub use crate::raw::types::{CloneServiceByUuidBody, MigrateServiceByUuidBody};
pub use crate::raw::types::{CreatedWithMessage, MigratedResource, MovedResource};

macro_rules! transfer {
    (
        $feature:literal, $handle:path, $noun:literal,
        $move:ident($move_body:ident),
        $clone:ident($clone_body:ident),
        $migrate:ident($migrate_body:ident)
    ) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("Moves the ", $noun, " to another environment, of this project or")]
            /// another. It stays on its server and goes on running.
            ///
            /// Needs the `write` ability. Since Coolify 4.2.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_conflict`](crate::Error::is_conflict) when it is
            /// there already;
            /// [`Error::is_not_found`](crate::Error::is_not_found) for an
            /// unknown environment.
            pub async fn move_to(&self, environment: impl Into<Uuid>) -> Result<MovedResource> {
                let body = types::$move_body::new(environment);
                let raw = self.coolify().raw();
                raw.$move(self.uuid().as_str(), &body).await
            }

            #[doc = concat!("Makes a copy of the ", $noun, " on this destination, in the same")]
            /// environment; gives the copy's uuid.
            ///
            /// Variables, storages, scheduled tasks, backup schedules and tags come
            /// along. The copy of an application gets a generated domain in place of
            /// the original's. It is not started, and its volumes are empty unless
            /// `clone_volumes(true)`. Without `name`, Coolify makes one up that ends in
            /// the copy's uuid.
            ///
            /// Needs the `write` ability. Since Coolify 4.3.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_not_found`](crate::Error::is_not_found) for an
            /// unknown destination.
            #[inline]
            pub fn clone_to(
                &self,
                destination: impl Into<Uuid>,
            ) -> Request<types::$clone_body, CreatedWithMessage> {
                let uuid = self.uuid().clone();
                let body = types::$clone_body::new(destination);
                Request::new(self.coolify(), body, move |raw, body| {
                    raw.$clone(uuid.as_str(), &body)
                })
            }

            #[doc = concat!("Takes the ", $noun, " to a destination on another server. It is")]
            /// stopped; once its volumes are there ([`MigratedResource::async_`]
            /// says whether they are still on the way) it can be started anew.
            ///
            /// Needs the `write` ability. Since Coolify 4.3.0, on development
            /// instances only.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) on every
            /// production instance.
            #[inline]
            pub fn migrate(
                &self,
                destination: impl Into<Uuid>,
            ) -> Request<types::$migrate_body, MigratedResource> {
                let uuid = self.uuid().clone();
                let body = types::$migrate_body::new(destination);
                Request::new(self.coolify(), body, move |raw, body| {
                    raw.$migrate(uuid.as_str(), &body)
                })
            }
        }
    };
}

transfer!(
    "applications",
    crate::applications::ApplicationHandle,
    "application",
    move_application_by_uuid(MoveApplicationByUuidBody),
    clone_application_by_uuid(CloneApplicationByUuidBody),
    migrate_application_by_uuid(MigrateApplicationByUuidBody)
);
transfer!(
    "databases",
    crate::databases::DatabaseHandle,
    "database",
    move_database_by_uuid(MoveDatabaseByUuidBody),
    clone_database_by_uuid(CloneDatabaseByUuidBody),
    migrate_database_by_uuid(MigrateDatabaseByUuidBody)
);
transfer!(
    "services",
    crate::services::ServiceHandle,
    "service",
    move_service_by_uuid(MoveServiceByUuidBody),
    clone_service_by_uuid(CloneServiceByUuidBody),
    migrate_service_by_uuid(MigrateServiceByUuidBody)
);
