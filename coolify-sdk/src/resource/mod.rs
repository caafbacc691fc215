//! What applications, databases and services have in common: deleting, stopping,
//! moving and logs. Their other common modules (`envs`, `storages`, `tags`,
//! `scheduled_tasks`, `domains`) are implemented once for every [`ResourceHandle`]. Each kind
//! of resource names its own calls in its `kind.rs`.

mod delete;
mod deletion;
mod follow;
mod handle;
mod kind;
mod lifecycle;
pub(crate) mod logs;
pub(crate) mod subject;
pub(crate) mod transfer;
pub(crate) mod watch;

use std::fmt;

pub use delete::{Delete, Volumes};
pub use deletion::Deletion;
pub use follow::{ContainerLine, LogEvent};
#[cfg(feature = "databases")]
pub use lifecycle::RestartDatabase;
#[cfg(feature = "services")]
pub use lifecycle::RestartService;
#[cfg(any(feature = "databases", feature = "services"))]
pub use lifecycle::Start;
pub use lifecycle::Stop;
pub use logs::{ContainerLogs, Lines};
pub use subject::{PartStatus, StatusReport};
pub use transfer::{CloneTo, CreatedWithMessage, Migrate, MigratedResource, MovedResource};
pub use watch::StatusWatch;

pub use crate::raw::types::ResourceDestination;

pub(crate) use delete::DeleteOptions;
pub(crate) use handle::resource_handle;
pub(crate) use kind::{Kind, calls, kind};

use crate::{Coolify, Uuid};

/// A handle of an application, a database or a service.
///
/// Only the three handles implement it. It is the bound of generic functions over
/// what they share, such as [`Storages`](crate::storages::Storages). An entry of the
/// list of all resources is a `resources::Resource`.
pub trait ResourceHandle: kind::Kind + Clone + fmt::Debug + Send + Sync + 'static {
    /// Returns the resource's uuid.
    fn uuid(&self) -> &Uuid;

    #[doc(hidden)]
    fn coolify(&self) -> &Coolify;
}
