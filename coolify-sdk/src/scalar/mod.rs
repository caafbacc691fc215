//! The small types of Coolify's fields.

mod clearable;
mod exposed;
mod git_repository;
mod id;
mod list;
pub(crate) mod model;
mod open_enum;
mod resource_kind;
mod secret;
mod secret_json;
mod status;
mod stripped;
mod timestamp;
pub(crate) mod tolerant;
mod unknown_fields;
#[cfg(feature = "testing")]
pub(crate) mod unknown_values;
mod uuid;

pub use clearable::Clearable;
pub use exposed::{Exposed, HIDDEN};
pub use git_repository::GitRepository;
pub use id::Id;
pub use list::List;
pub use resource_kind::ResourceKind;
pub use secret::Secret;
pub use secret_json::SecretJson;
pub use status::{DeploymentStatus, Health, ResourceState, ResourceStatus};
pub(crate) use stripped::stripped;
pub use timestamp::Timestamp;
pub use unknown_fields::UnknownFields;
pub use uuid::Uuid;
