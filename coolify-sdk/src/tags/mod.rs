//! The tags of the team and of one resource.

#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
mod resource;
#[cfg(feature = "tags")]
mod team;

#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
pub use resource::ResourceTags;
#[cfg(feature = "tags")]
pub use team::{TagHandle, Tags};

pub use crate::raw::types::Tag;
