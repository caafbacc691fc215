//! What applications, databases and services have in common: deleting, stopping,
//! moving, logs. The rooms that they share beside these (`envs`, `storages`,
//! `tags`, `scheduled_tasks`) are written once over [`Resource`]; each names, in
//! one table, the calls of the three kinds.

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

/// An application, a database or a service: what an environment holds.
///
/// It is implemented by the three handles and by nothing else.
pub trait Resource: sealed::Sealed + Clone + fmt::Debug + Send + Sync + 'static {
    /// Returns the resource's uuid.
    fn uuid(&self) -> &Uuid;

    #[doc(hidden)]
    fn coolify(&self) -> &Coolify;
}

pub(crate) mod sealed {
    /// Keeps [`Resource`](super::Resource) to this crate.
    pub trait Sealed {}
}

/// Defines a handle on one resource: its struct, how a client gives it, and
/// that it is a [`Resource`].
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
