//! A Rust SDK for [Coolify](https://coolify.io), the self-hosted PaaS, that
//! tells the truth: Coolify 4.0.0 to 4.3.11, each operation checked against what
//! real servers answered.
//!
//! Start with [`Coolify`]; everything hangs on it, under the name that it has in
//! Coolify's dashboard:
//!
//! | in the dashboard | here |
//! |---|---|
//! | Projects, environments | [`coolify.projects()`](Coolify::projects), [`coolify.project(uuid)`](Coolify::project) |
//! | Applications | [`coolify.applications()`](Coolify::applications), [`coolify.application(uuid)`](Coolify::application) |
//! | Databases, their backups | [`coolify.databases()`](Coolify::databases), [`coolify.database(uuid)`](Coolify::database) |
//! | Services | [`coolify.services()`](Coolify::services), [`coolify.service(uuid)`](Coolify::service) |
//! | Deployments | [`application.deploy()`](applications::ApplicationHandle::deploy), [`coolify.deployments()`](Coolify::deployments) |
//! | Environment variables, also from a `.env` file | `.envs()` of the three: [`envs`] |
//! | Persistent storages | `.storages()` of the three: [`storages`] |
//! | Scheduled tasks | `.scheduled_tasks()`: [`scheduled_tasks`] |
//! | Tags | `.tags()` of the three, [`coolify.tags()`](Coolify::tags) |
//! | Logs, stop, move, clone, delete | methods of the three: [`resource`] |
//! | Servers, proxy, Sentinel, Docker cleanup | [`coolify.servers()`](Coolify::servers), [`coolify.server(uuid)`](Coolify::server) |
//! | Destinations | [`coolify.destinations()`](Coolify::destinations) |
//! | Shared variables | [`coolify.shared_variables(scope)`](Coolify::shared_variables) |
//! | Notifications | [`coolify.notifications()`](Coolify::notifications) |
//! | Keys & Tokens | [`coolify.private_keys()`](Coolify::private_keys), [`coolify.cloud_tokens()`](Coolify::cloud_tokens), [`coolify.cloud_init_scripts()`](Coolify::cloud_init_scripts) |
//! | Sources | [`coolify.github_apps()`](Coolify::github_apps), [`coolify.gitlab_apps()`](Coolify::gitlab_apps) |
//! | S3 storages | [`coolify.s3_storages()`](Coolify::s3_storages) |
//! | Teams | [`coolify.teams()`](Coolify::teams) |
//! | Hetzner, DigitalOcean, Vultr | [`coolify.hetzner(token)`](Coolify::hetzner), [`coolify.digitalocean(token)`](Coolify::digitalocean), [`coolify.vultr(token)`](Coolify::vultr) |
//! | Instance settings | [`coolify.instance()`](Coolify::instance) |
//!
//! ```no_run
//! # async fn demo() -> coolify_sdk::Result<()> {
//! use coolify_sdk::Coolify;
//!
//! let coolify = Coolify::from_env()?; // COOLIFY_URL and COOLIFY_TOKEN
//! let finished = coolify
//!     .application("khzsv5nucvscskrm5gez3p8v")
//!     .deploy()
//!     .await? // asked for: a run that streams what happens
//!     .await?; // over: finished, or an error with the last log lines
//! println!("{} is out", finished.deployment_uuid);
//! # Ok(()) }
//! ```
//!
//! - A call with a body is a builder of its own, such as
//!   [`applications::Update`] or [`private_keys::Create`]: what Coolify requires is
//!   an argument, the rest are setters, and a field that the endpoint does not take
//!   has no setter. Nothing is sent before `.send()` or `.await`.
//! - What fails is an [`Error`] with predicates and a hint. A write is never sent
//!   twice unless it was certainly not carried out;
//!   [`outcome_unknown`](Error::outcome_unknown) says when nobody can know.
//! - A client for one tenant, tool or agent: [`Coolify::in_project`] gives one
//!   that cannot reach beyond a project.
//! - What only some tokens may do, and what only newer servers have, is in each
//!   method's documentation and in [`operations`](operations::operations).
//! - What Coolify's own document says otherwise is listed in [`corrections`].
//! - What is traced, and what is repeated and held back by default, is in
//!   [`telemetry`].
//! - What you build on this can be tested against [`testing::FakeCoolify`], with
//!   the feature `testing`.
//! - Each room is a feature of the crate's, and all of them are on by default;
//!   what a feature brings says so where it is described.
//!
//! A Coolify newer than 4.3.11 is spoken to as 4.3.11 is: values and fields that
//! nobody knew are kept, and never an error.

#![cfg_attr(docsrs, feature(doc_cfg))]
// Nothing that a server or a caller says is a reason to panic.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
// With some rooms left out, what only they use is idle.
#![cfg_attr(not(feature = "full"), allow(dead_code, unused_macros, unused_imports))]

mod address;
mod client;
mod compose;
mod config;
mod error;
mod mend;
mod object;
pub mod operations;
mod placement;
// Rooms re-export its models; `cargo xtask public-api` holds them to it.
#[cfg_attr(not(public_api), doc(hidden))]
#[rustfmt::skip] // generated, and formatted by the generator
pub mod raw;
mod request;
mod scalar;
mod scope;
mod segment;
#[cfg(feature = "testing")]
#[cfg_attr(
    not(test),
    allow(
        clippy::expect_used,
        clippy::panic,
        clippy::unwrap_used,
        reason = "a test that is set up wrongly ends there"
    )
)]
pub mod testing;
mod transport;
mod version;
mod wait;

#[cfg(feature = "applications")]
pub mod applications;
#[cfg(feature = "cloud-init-scripts")]
pub mod cloud_init_scripts;
#[cfg(feature = "cloud-tokens")]
pub mod cloud_tokens;
#[cfg(any(feature = "databases", feature = "projects"))]
pub mod databases;
#[cfg(feature = "deployments")]
pub mod deployments;
#[cfg(feature = "destinations")]
pub mod destinations;
#[cfg(feature = "digitalocean")]
pub mod digitalocean;
#[cfg(any(feature = "applications", feature = "services"))]
pub mod domains;
#[cfg(any(
    feature = "applications",
    feature = "databases",
    feature = "services",
    feature = "shared-environment-variables"
))]
pub mod envs;
#[cfg(feature = "github-apps")]
pub mod github_apps;
#[cfg(feature = "gitlab-apps")]
pub mod gitlab_apps;
#[cfg(feature = "hetzner")]
pub mod hetzner;
pub mod instance;
#[cfg(any(feature = "applications", feature = "databases"))]
pub mod limits;
#[cfg(feature = "notifications")]
pub mod notifications;
#[cfg(feature = "private-keys")]
pub mod private_keys;
#[cfg(feature = "projects")]
pub mod projects;
#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
pub mod resource;
#[cfg(feature = "resources")]
pub mod resources;
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
pub mod verify;
#[cfg(feature = "vultr")]
pub mod vultr;

// In the signatures of the generated layer only.
#[doc(hidden)]
pub use self::scalar::List;

pub use self::{
    client::Coolify,
    config::CoolifyBuilder,
    error::{Conflict, Error, ErrorKind, ErrorReply, FieldError, LeftBehind, Result},
    placement::{EnvironmentRef, Placement},
    request::Body,
    scalar::{
        Clearable, DeploymentStatus, Exposed, HIDDEN, Health, Id, ResourceState, ResourceStatus,
        Secret, SecretJson, Timestamp, UnknownFields, Uuid,
    },
    scope::{ScopePolicy, ScopePower},
    transport::{Call, pacing::Pacing, retry::RetryPolicy},
    version::Version,
};

#[cfg(feature = "request-json")]
pub use self::request::Fields;

/// What is traced, and the defaults of retry and pacing.
#[cfg_attr(doc, doc = "", doc = include_str!("telemetry.md"))]
pub mod telemetry {}

/// What Coolify's document says otherwise than the server does.
#[cfg_attr(doc, doc = "", doc = include_str!("raw/corrections.md"))]
pub mod corrections {}
