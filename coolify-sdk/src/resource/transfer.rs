//! Moves resources to another environment, copies them, and moves them to another
//! server.

use coolify_sdk_macros::builder;

use super::Resource;
use crate::raw::types::{CloneResourceBody, MigrateResourceBody, MoveResourceBody};
use crate::request::Request;
use crate::{Call, Uuid};

pub use crate::raw::types::{CreatedWithMessage, MigratedResource, MovedResource};

/// Copies an application, a database or a service to a destination, in the same
/// environment, and returns the uuid of the copy: `clone_to` of their handles.
///
/// The copy has the variables, storages, scheduled tasks, backup schedules and
/// tags of the original. The copy of an application gets a generated domain. The
/// copy is not started, and its volumes are empty, unless `clone_volumes(true)`
/// is set. Without `name`, Coolify generates a name that ends in the copy's uuid.
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown destination.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let copy = coolify
///     .application("khzsv5nucvscskrm5gez3p8v")
///     .clone_to("pwjqmjqf6xf7aaf47pf3w6m9")
///     .name("web-copy")
///     .await?;
/// println!("{}", copy.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CloneTo(Request<CloneResourceBody, CreatedWithMessage>);

/// Moves an application, a database or a service to a destination on another
/// server: `migrate` of their handles.
///
/// The resource is stopped. It can be started again once its volumes have been
/// copied; [`MigratedResource::async_`] tells whether they are still being
/// copied.
///
/// Needs the `write` ability. Since Coolify 4.3.0, on development instances only.
///
/// # Errors
///
/// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) on every production
/// instance.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let database = coolify.database("xkzsv5nucvscskrm5gez3p8v");
/// database.migrate("pwjqmjqf6xf7aaf47pf3w6m9").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Migrate(Request<MigrateResourceBody, MigratedResource>);

macro_rules! transfer {
    (
        $feature:literal, $handle:path, $noun:literal,
        $move:ident,
        $clone:ident,
        $migrate:ident
    ) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("Moves the ", $noun, " to another environment, of this project or")]
            /// another. It stays on its server and keeps running.
            ///
            /// Needs the `write` ability. Since Coolify 4.2.0.
            ///
            /// # Errors
            ///
            /// [`Error::is_conflict`](crate::Error::is_conflict) if it is already there;
            /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
            /// environment.
            #[inline]
            pub fn move_to(&self, environment: impl Into<Uuid>) -> Call<MovedResource> {
                let body = MoveResourceBody::new(environment);
                let raw = self.coolify().raw();
                raw.$move(self.uuid().as_str(), &body)
            }

            #[doc = concat!("Copies the ", $noun, " to a destination. See")]
            /// [`CloneTo`](crate::resource::CloneTo).
            ///
            /// Needs the `write` ability. Since Coolify 4.3.0.
            #[inline]
            pub fn clone_to(&self, destination: impl Into<Uuid>) -> CloneTo {
                let uuid = self.uuid().clone();
                let body = CloneResourceBody::new(destination);
                CloneTo(Request::new(self.coolify(), body, move |raw, body| {
                    raw.$clone(uuid.as_str(), &body)
                }))
            }

            #[doc = concat!("Moves the ", $noun, " to a destination on another server. See")]
            /// [`Migrate`](crate::resource::Migrate).
            ///
            /// Needs the `write` ability. Since Coolify 4.3.0, on development
            /// instances only.
            #[inline]
            pub fn migrate(&self, destination: impl Into<Uuid>) -> Migrate {
                let uuid = self.uuid().clone();
                let body = MigrateResourceBody::new(destination);
                Migrate(Request::new(self.coolify(), body, move |raw, body| {
                    raw.$migrate(uuid.as_str(), &body)
                }))
            }
        }
    };
}

transfer!(
    "applications",
    crate::applications::ApplicationHandle,
    "application",
    move_application_by_uuid,
    clone_application_by_uuid,
    migrate_application_by_uuid
);
transfer!(
    "databases",
    crate::databases::DatabaseHandle,
    "database",
    move_database_by_uuid,
    clone_database_by_uuid,
    migrate_database_by_uuid
);
transfer!(
    "services",
    crate::services::ServiceHandle,
    "service",
    move_service_by_uuid,
    clone_service_by_uuid,
    migrate_service_by_uuid
);
