//! The tags of the team and of one resource.

#[cfg(feature = "_resources")]
mod resource;
#[cfg(feature = "tags")]
mod team;

#[cfg(feature = "_resources")]
pub use resource::ResourceTags;
#[cfg(feature = "tags")]
pub use team::{TagHandle, Tags};

pub use crate::raw::types::Tag;
