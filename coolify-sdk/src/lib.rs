//! A Rust SDK for [Coolify](https://coolify.io), the self-hosted PaaS. It
//! supports Coolify 4.0.0 to 4.5.0. Each operation of the versions up to 4.3.11 was
//! checked against the replies of real servers; what is newer is known from Coolify's
//! source.
//!
//! Start with [`Coolify`]. It gives access to everything else, under the names of
//! Coolify's dashboard:
//!
//! | in the dashboard | in the SDK |
//! |---|---|
//! | Dashboard, search | `coolify.overview()`, `coolify.find(name)`, with the feature `estate` |
//! | Many resources at once | `coolify.select()`, with the feature `estate` |
//! | Projects, environments | [`coolify.projects()`](Coolify::projects), [`coolify.project(uuid)`](Coolify::project) |
//! | Applications | [`coolify.applications()`](Coolify::applications), [`coolify.application(uuid)`](Coolify::application) |
//! | Databases, their backups | [`coolify.databases()`](Coolify::databases), [`coolify.database(uuid)`](Coolify::database) |
//! | Services | [`coolify.services()`](Coolify::services), [`coolify.service(uuid)`](Coolify::service) |
//! | Deployments | [`application.deploy()`](applications::ApplicationHandle::deploy), [`coolify.deployments()`](Coolify::deployments) |
//! | Previews of pull requests | [`application.previews()`](applications::ApplicationHandle::previews), [`application.deploy().pull_request(number)`](deployments::Deploy::pull_request) |
//! | Rollback | [`application.rollback(commit)`](applications::ApplicationHandle::rollback) |
//! | Domains | `.domains()` of an application or service: [`domains`] |
//! | Health checks, resource limits, advanced settings | setters of [`applications::Update`] and the updates of databases; [`limits`] |
//! | Environment variables, also from a `.env` file | `.envs()` of an application, database or service: [`envs`] |
//! | Persistent storages | `.storages()` of an application, database or service: [`storages`] |
//! | Scheduled tasks | `.scheduled_tasks()` of an application or service: [`scheduled_tasks`] |
//! | Terminal: a single command | [`.scheduled_tasks().run_command(command)`](scheduled_tasks::ScheduledTasks::run_command) |
//! | Tags | `.tags()` of an application, database or service, [`coolify.tags()`](Coolify::tags) |
//! | Logs, stop, move, clone, delete | methods of an application, database or service: [`resource`] |
//! | Servers, proxy, Sentinel, Docker cleanup | [`coolify.servers()`](Coolify::servers), [`coolify.server(uuid)`](Coolify::server) |
//! | Destinations | [`coolify.destinations()`](Coolify::destinations) |
//! | Shared variables | [`coolify.shared_variables(scope)`](Coolify::shared_variables) |
//! | Notifications | [`coolify.notifications()`](Coolify::notifications); what they send: `events` |
//! | Keys & Tokens | [`coolify.private_keys()`](Coolify::private_keys), [`coolify.cloud_tokens()`](Coolify::cloud_tokens), [`coolify.cloud_init_scripts()`](Coolify::cloud_init_scripts) |
//! | Sources | [`coolify.github_apps()`](Coolify::github_apps), [`coolify.gitlab_apps()`](Coolify::gitlab_apps) |
//! | S3 storages | [`coolify.s3_storages()`](Coolify::s3_storages) |
//! | Teams | [`coolify.teams()`](Coolify::teams) |
//! | Hetzner, DigitalOcean, Vultr | [`coolify.hetzner(token)`](Coolify::hetzner), [`coolify.digitalocean(token)`](Coolify::digitalocean), [`coolify.vultr(token)`](Coolify::vultr) |
//! | Several Coolifys | [`Coolify::from_context`] by name, [`fleet`] for all at once: feature `contexts` |
//! | Instance settings | [`coolify.instance()`](Coolify::instance) |
//! | What is wrong | `coolify.doctor()`, `coolify.find_issues()`, and `.diagnose()` of a resource or server, with the feature `diagnose` |
//!
//! ```no_run
//! # async fn demo() -> coolify_sdk::Result<()> {
//! use coolify_sdk::Coolify;
//!
//! let coolify = Coolify::from_env()?; // COOLIFY_URL and COOLIFY_TOKEN
//! let finished = coolify
//!     .application("khzsv5nucvscskrm5gez3p8v")
//!     .deploy()
//!     .await? // the deployment was accepted: a run that streams its events
//!     .await?; // the deployment has finished; it is an error with the last log lines if it failed
//! println!("{} is out", finished.deployment_uuid);
//! # Ok(()) }
//! ```
//!
//! - A call with a body is a builder, such as [`applications::Update`] or
//!   [`private_keys::Create`]. What Coolify requires is an argument, every other
//!   field that the endpoint accepts has a setter, and nothing is sent before
//!   `.send()` or `.await`.
//! - Failures are an [`Error`] with predicates and a hint. A write is repeated
//!   only if the server has certainly not carried it out;
//!   [`outcome_unknown`](Error::outcome_unknown) is true if that cannot be known.
//! - [`Coolify::in_project`] returns a client for one tenant, tool or agent,
//!   which cannot reach beyond a project. It needs the feature `scope`, which is on by
//!   default.
//! - The documentation of each method names the token ability that it needs and
//!   the first Coolify that has it; so does
//!   [`operations`](operations::operations).
//! - [`corrections`] lists where the server differs from Coolify's own document.
//! - [`telemetry`] describes what is traced, and the defaults of retry and
//!   pacing.
//! - [`testing::FakeCoolify`] lets you test what you build on this SDK, and
//!   [`testing::Cassette`] replays a test that was recorded against a real server. They
//!   need the feature `testing`.
//! - Each module is a feature of this crate. All of them are on by default, except
//!   `blocking`, `contexts`, `diagnose`, `estate`, `events`, `request-json` and
//!   `testing`. The documentation of an item names the feature that it needs.
//!
//! # Versions
//!
//! The server's version is requested once where it matters. An operation that the
//! server is known not to have, or a field that it is known not to take, is refused
//! before anything is sent, with both versions in [`Error::unsupported`]. Some versions
//! prove nothing: see [`operations::Versions::on`]. A Coolify newer than 4.5.0 is
//! treated like 4.5.0. Unknown values and fields are kept, and are never an error.

#![cfg_attr(docsrs, feature(doc_cfg))]
// Internal: the documentation names the features that bring it.
#![cfg_attr(
    docsrs,
    doc(auto_cfg(hide(feature = "_compose", feature = "_resources")))
)]
// The library never panics because of what a server or a caller sends.
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
// Without some features, code that only their modules use is unused.
#![cfg_attr(not(feature = "full"), allow(dead_code, unused_macros, unused_imports))]

mod address;
mod client;
#[cfg(feature = "_compose")]
mod compose;
mod config;
mod error;
mod json_object;
mod mend;
pub mod operations;
mod placement;
// Other modules re-export its types; `cargo xtask public-api` checks that they do.
#[cfg_attr(not(public_api), doc(hidden))]
#[rustfmt::skip] // generated, and formatted by the generator
pub mod raw;
mod request;
mod scalar;
#[cfg(feature = "scope")]
mod scope;
mod segment;
#[cfg(feature = "testing")]
#[cfg_attr(
    not(test),
    allow(
        clippy::expect_used,
        clippy::panic,
        clippy::unwrap_used,
        reason = "a wrong setup ends the test"
    )
)]
pub mod testing;
mod transport;
mod untyped;
mod version;
mod wait;

#[cfg(feature = "applications")]
pub mod applications;
#[cfg(feature = "audit-events")]
pub mod audit_events;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "estate")]
pub mod bulk;
#[cfg(feature = "cloud-init-scripts")]
pub mod cloud_init_scripts;
#[cfg(feature = "cloud-tokens")]
pub mod cloud_tokens;
#[cfg(feature = "contexts")]
pub mod contexts;
#[cfg(any(feature = "databases", feature = "projects"))]
pub mod databases;
#[cfg(feature = "deployments")]
pub mod deployments;
#[cfg(feature = "destinations")]
pub mod destinations;
#[cfg(feature = "diagnose")]
pub mod diagnose;
#[cfg(feature = "digitalocean")]
pub mod digitalocean;
#[cfg(any(feature = "applications", feature = "services"))]
pub mod domains;
#[cfg(any(feature = "_resources", feature = "shared-environment-variables"))]
#[cfg_attr(
    docsrs,
    doc(cfg(any(
        feature = "applications",
        feature = "databases",
        feature = "services",
        feature = "shared-environment-variables"
    )))
)]
pub mod envs;
#[cfg(feature = "estate")]
pub mod estate;
#[cfg(feature = "events")]
pub mod events;
#[cfg(feature = "contexts")]
pub mod fleet;
#[cfg(feature = "github-apps")]
pub mod github_apps;
#[cfg(feature = "gitlab-apps")]
pub mod gitlab_apps;
#[cfg(feature = "hetzner")]
pub mod hetzner;
#[cfg(any(feature = "databases", feature = "services"))]
pub mod imports;
pub mod instance;
#[cfg(any(feature = "applications", feature = "databases"))]
pub mod limits;
#[cfg(feature = "notifications")]
pub mod notifications;
#[cfg(feature = "private-keys")]
pub mod private_keys;
#[cfg(feature = "projects")]
pub mod projects;
#[cfg(feature = "_resources")]
#[cfg_attr(
    docsrs,
    doc(cfg(any(feature = "applications", feature = "databases", feature = "services")))
)]
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
#[cfg(feature = "secret-managers")]
pub mod secret_managers;
#[cfg(feature = "servers")]
pub mod servers;
#[cfg(feature = "services")]
pub mod services;
#[cfg(feature = "shared-environment-variables")]
pub mod shared_variables;
#[cfg(feature = "_resources")]
#[cfg_attr(
    docsrs,
    doc(cfg(any(feature = "applications", feature = "databases", feature = "services")))
)]
pub mod storages;
#[cfg(any(feature = "_resources", feature = "tags"))]
#[cfg_attr(
    docsrs,
    doc(cfg(any(
        feature = "applications",
        feature = "databases",
        feature = "services",
        feature = "tags"
    )))
)]
pub mod tags;
#[cfg(feature = "teams")]
pub mod teams;
pub mod verify;
#[cfg(feature = "vultr")]
pub mod vultr;

// Appears in the signatures of the generated layer only.
#[doc(hidden)]
pub use self::scalar::List;

pub use self::{
    client::Coolify,
    config::CoolifyBuilder,
    error::{Conflict, Error, ErrorKind, ErrorReply, FieldError, LeftBehind, Result},
    placement::{EnvironmentRef, Placement},
    request::IntoList,
    scalar::{
        Clearable, DeploymentStatus, Exposed, GitRepository, HIDDEN, Health, Id, ResourceKind,
        ResourceState, ResourceStatus, Secret, SecretJson, Timestamp, UnknownFields, Uuid,
    },
    transport::{Attempt, Call, RetryBudget, pacing::Pacing, retry::RetryPolicy},
    untyped::UntypedRequest,
    version::Version,
};

#[cfg(feature = "request-json")]
pub use self::request::Fields;
#[cfg(feature = "scope")]
pub use self::scope::{ScopePolicy, ScopePower};

/// Describes what is traced, and the defaults of retry and pacing.
#[cfg_attr(doc, doc = "", doc = include_str!("telemetry.md"))]
pub mod telemetry {}

/// Lists where the server differs from Coolify's document.
#[cfg_attr(doc, doc = "", doc = include_str!("raw/corrections.md"))]
pub mod corrections {}
