//! Moves resources to another environment, copies them, and moves them to another
//! server.

use coolify_sdk_macros::builder;

use super::ResourceHandle;
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
#[doc(alias("Clone", "Resource Operations"))]
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
#[doc(alias = "Resource Operations")]
#[builder]
pub struct Migrate(Request<MigrateResourceBody, MigratedResource>);

impl CloneTo {
    pub(crate) fn new<R: ResourceHandle>(resource: &R, destination: Uuid) -> Self {
        let uuid = resource.uuid().clone();
        let body = CloneResourceBody::new(destination);
        Self(Request::new(resource.coolify(), body, move |raw, body| {
            R::clone_to(&raw, &uuid, &body)
        }))
    }
}

impl Migrate {
    pub(crate) fn new<R: ResourceHandle>(resource: &R, destination: Uuid) -> Self {
        let uuid = resource.uuid().clone();
        let body = MigrateResourceBody::new(destination);
        Self(Request::new(resource.coolify(), body, move |raw, body| {
            R::migrate(&raw, &uuid, &body)
        }))
    }
}

pub(crate) fn move_to<R: ResourceHandle>(resource: &R, environment: Uuid) -> Call<MovedResource> {
    let body = MoveResourceBody::new(environment);
    R::move_to(&resource.coolify().raw(), resource.uuid(), &body)
}
