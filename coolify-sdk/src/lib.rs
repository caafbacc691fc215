//! A truthful Rust SDK for Coolify.
// With some rooms left out, what only they use is idle.
#![cfg_attr(not(feature = "full"), allow(dead_code, unused_macros, unused_imports))]

mod client;
mod config;
mod error;
pub mod operations;
mod placement;
#[rustfmt::skip] // generated, and formatted by the generator
pub mod raw;
mod request;
mod scalar;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
mod version;

#[cfg(feature = "applications")]
pub mod applications;
#[cfg(feature = "databases")]
pub mod databases;
#[cfg(feature = "deployments")]
pub mod deployments;
#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
pub mod envs;
#[cfg(feature = "projects")]
pub mod projects;
#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
pub mod resource;
#[cfg(all(
    feature = "scheduled-tasks",
    any(feature = "applications", feature = "services")
))]
pub mod scheduled_tasks;
#[cfg(feature = "servers")]
pub mod servers;
#[cfg(feature = "services")]
pub mod services;
#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
pub mod storages;
#[cfg(any(
    feature = "applications",
    feature = "databases",
    feature = "services",
    feature = "tags"
))]
pub mod tags;

pub use self::{
    client::Coolify,
    config::CoolifyBuilder,
    error::{Conflict, Error, ErrorKind, ErrorReply, FieldError, Result},
    placement::{EnvironmentRef, Placement},
    request::{Body, Request},
    scalar::{
        Clearable, DeploymentStatus, Health, Id, List, ResourceState, ResourceStatus, Secret,
        SecretJson, Timestamp, Uuid,
    },
    transport::{pacing::Pacing, retry::RetryPolicy},
    version::Version,
};

/// What Coolify's document says otherwise than the server does.
#[cfg_attr(doc, doc = "", doc = include_str!("raw/corrections.md"))]
pub mod corrections {}
