//! What applications, databases and services have in common: deleting, stopping,
//! moving and logs. Their other common modules (`envs`, `storages`, `tags`,
//! `scheduled_tasks`) are implemented once for every [`Resource`], with one table
//! of the calls of each kind.

mod delete;
mod deletion;
mod follow;
mod lifecycle;
pub(crate) mod logs;
mod subject;
mod transfer;
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
pub use logs::ContainerLogs;
pub use subject::{PartStatus, StatusReport};
pub use transfer::{CloneTo, CreatedWithMessage, Migrate, MigratedResource, MovedResource};
pub use watch::StatusWatch;

pub use crate::raw::types::ResourceDestination;

use crate::{Coolify, Uuid};

/// An application, a database or a service.
///
/// Only the three handles implement it.
pub trait Resource: sealed::Sealed + Clone + fmt::Debug + Send + Sync + 'static {
    /// Returns the resource's uuid.
    fn uuid(&self) -> &Uuid;

    #[doc(hidden)]
    fn coolify(&self) -> &Coolify;
}

pub(crate) mod sealed {
    /// Keeps other crates from implementing [`Resource`](super::Resource).
    pub trait Sealed {}
}

/// Defines the handle of a resource: its struct, the method of the client that
/// returns it, and its implementation of [`Resource`].
macro_rules! resource_handle {
    ($(#[$doc:meta])* $name:ident, $(#[$getter_doc:meta])* $getter:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            coolify: $crate::Coolify,
            uuid: $crate::Uuid,
        }

        impl $crate::Coolify {
            $(#[$getter_doc])*
            #[must_use]
            pub fn $getter(&self, uuid: impl Into<$crate::Uuid>) -> $name {
                $name { coolify: self.clone(), uuid: uuid.into() }
            }
        }

        impl $name {
            /// Returns its uuid.
            #[must_use]
            pub fn uuid(&self) -> &$crate::Uuid {
                &self.uuid
            }
        }

        impl $crate::resource::sealed::Sealed for $name {}

        impl $crate::resource::Resource for $name {
            fn uuid(&self) -> &$crate::Uuid {
                &self.uuid
            }

            fn coolify(&self) -> &$crate::Coolify {
                &self.coolify
            }
        }
    };
}

pub(crate) use resource_handle;
