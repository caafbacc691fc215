//! Environment variables of applications, databases and services ([`Envs`]),
//! reading them from a file ([`EnvFile`]), and synchronising them and shared
//! variables ([`EnvSync`]).

#[cfg(feature = "_resources")]
mod calls;
#[cfg(feature = "_resources")]
mod copy;
mod dotenv;
mod file;
#[cfg(feature = "_resources")]
mod requests;
mod sync;
#[cfg(feature = "_resources")]
mod variables;
mod writing;

#[cfg(feature = "_resources")]
pub(crate) use self::calls::has_envs;
pub use self::file::{EnvEntry, EnvFile};
#[cfg(feature = "applications")]
pub use self::requests::{CreateApplicationVariable, UpdateApplicationVariable};
#[cfg(any(feature = "databases", feature = "services"))]
pub use self::requests::{CreateVariable, UpdateVariable};
#[cfg(feature = "estate")]
pub(crate) use self::sync::check_key;
#[cfg(any(feature = "_resources", feature = "shared-environment-variables"))]
pub(crate) use self::sync::is_multiline;
#[cfg(any(feature = "_resources", feature = "shared-environment-variables"))]
pub(crate) use self::sync::{Asked, Flags, comment};
pub use self::sync::{
    EnvSync, FieldChange, SyncPlan, SyncReport, SyncTarget, VariableChange, VariableName,
};
#[cfg(feature = "shared-environment-variables")]
pub(crate) use self::sync::{Known, KnownValue, Write, desired};
#[cfg(feature = "_resources")]
pub use self::{calls::HasEnvs, variables::Envs};

#[cfg(feature = "applications")]
pub use crate::raw::types::BulkApplicationVariable;
#[cfg(any(feature = "databases", feature = "services"))]
pub use crate::raw::types::BulkVariable;
#[cfg(feature = "_resources")]
pub use crate::raw::types::EnvironmentVariable;
