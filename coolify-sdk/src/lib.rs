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
mod segment;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
mod version;

#[cfg(feature = "applications")]
pub mod applications;
#[cfg(feature = "cloud-init-scripts")]
pub mod cloud_init_scripts;
#[cfg(feature = "cloud-tokens")]
pub mod cloud_tokens;
#[cfg(feature = "databases")]
pub mod databases;
#[cfg(feature = "deployments")]
pub mod deployments;
#[cfg(feature = "destinations")]
pub mod destinations;
#[cfg(feature = "digitalocean")]
pub mod digitalocean;
#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
pub mod envs;
#[cfg(feature = "github-apps")]
pub mod github_apps;
#[cfg(feature = "gitlab-apps")]
pub mod gitlab_apps;
#[cfg(feature = "hetzner")]
pub mod hetzner;
pub mod instance;
#[cfg(feature = "notifications")]
pub mod notifications;
#[cfg(feature = "private-keys")]
pub mod private_keys;
#[cfg(feature = "projects")]
pub mod projects;
#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
pub mod resource;
#[cfg(feature = "s3-storages")]
pub mod s3_storages;
#[cfg(all(
    feature = "scheduled-tasks",
    any(feature = "applications", feature = "services")
))]
pub mod scheduled_tasks;
#[cfg(feature = "servers")]
pub mod servers;
#[cfg(feature = "services")]
pub mod services;
#[cfg(feature = "shared-environment-variables")]
pub mod shared_variables;
#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
pub mod storages;
#[cfg(any(
    feature = "applications",
    feature = "databases",
    feature = "services",
    feature = "tags"
))]
pub mod tags;
#[cfg(feature = "teams")]
pub mod teams;
#[cfg(feature = "vultr")]
pub mod vultr;

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
