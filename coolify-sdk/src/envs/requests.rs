//! Requests that create and update one variable.

use coolify_sdk_macros::builder;

use crate::Uuid;
use crate::raw::types::EnvironmentVariable;
#[cfg(feature = "applications")]
use crate::raw::types::{CreateEnvByApplicationUuidBody, UpdateEnvByApplicationUuidBody};
#[cfg(any(feature = "databases", feature = "services"))]
use crate::raw::types::{CreateVariableBody, UpdateVariableBody};
use crate::request::Request;

/// Creates an environment variable of an application, and returns its uuid:
/// [`Envs::create`](super::Envs::create).
///
/// For a new production variable, Coolify also creates a preview variable with
/// the same value. That one can be read even if this variable is shown once. If
/// this matters, use [`Envs::sync`](super::Envs::sync), which creates the preview
/// variable first.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if there already is a
/// variable with this key; [`Error::is_validation`](crate::Error::is_validation)
/// for an invalid key.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let envs = coolify.application("khzsv5nucvscskrm5gez3p8v").envs();
/// envs.create("NODE_ENV", "production").is_buildtime(true).await?;
/// # Ok(()) }
/// ```
#[cfg(feature = "applications")]
#[builder]
pub struct CreateApplicationVariable(Request<CreateEnvByApplicationUuidBody, Uuid>);

/// Sets the value of an environment variable of an application, and returns the
/// variable: [`Envs::update`](super::Envs::update).
///
/// Coolify resets flags that an update does not name to their defaults, so the
/// variable is read first, and flags that are not set here are sent unchanged.
/// The production variable is updated, unless `is_preview(true)` is set.
///
/// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown variable.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let envs = coolify.application("khzsv5nucvscskrm5gez3p8v").envs();
/// envs.update("NODE_ENV", "staging").is_preview(true).await?;
/// # Ok(()) }
/// ```
#[cfg(feature = "applications")]
#[builder]
pub struct UpdateApplicationVariable(Request<UpdateEnvByApplicationUuidBody, EnvironmentVariable>);

/// Creates an environment variable of a database or service, and returns its uuid:
/// [`Envs::create`](super::Envs::create).
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if there already is a
/// variable with this key; [`Error::is_validation`](crate::Error::is_validation)
/// for an invalid key.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let envs = coolify.service("z5nlnxsn1n3caj9setkwj40p").envs();
/// envs.create("SMTP_HOST", "smtp.example.com").is_literal(true).await?;
/// # Ok(()) }
/// ```
#[cfg(any(feature = "databases", feature = "services"))]
#[builder]
pub struct CreateVariable(Request<CreateVariableBody, Uuid>);

/// Sets the value of an environment variable of a database or service, and returns
/// the variable: [`Envs::update`](super::Envs::update).
///
/// Coolify resets flags that an update does not name to their defaults, so the
/// variable is read first, and flags that are not set here are sent unchanged.
///
/// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown variable.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let envs = coolify.service("z5nlnxsn1n3caj9setkwj40p").envs();
/// envs.update("SMTP_HOST", "mail.example.com").await?;
/// # Ok(()) }
/// ```
#[cfg(any(feature = "databases", feature = "services"))]
#[builder]
pub struct UpdateVariable(Request<UpdateVariableBody, EnvironmentVariable>);
