//! The small types that Coolify's fields are made of.

mod clearable;
mod id;
mod list;
mod open_enum;
mod secret;
mod secret_json;
mod status;
mod timestamp;
pub(crate) mod tolerant;
mod trimmed;
mod unknown_fields;
mod uuid;

pub use clearable::Clearable;
pub use id::Id;
pub use list::List;
pub use secret::Secret;
pub use secret_json::SecretJson;
pub use status::{DeploymentStatus, Health, ResourceState, ResourceStatus};
pub use timestamp::Timestamp;
pub(crate) use trimmed::trimmed;
pub use unknown_fields::UnknownFields;
pub use uuid::Uuid;
