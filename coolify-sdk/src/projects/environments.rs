//! The environments of a project.

use coolify_sdk_macros::builder;

use super::{Created, Environment, EnvironmentDetails};
use crate::Call;
use crate::raw::types::{CreateEnvironmentBody, UpdateEnvironmentBody};
use crate::request::Request;
#[cfg(feature = "shared-environment-variables")]
use crate::shared_variables::{SharedScope, SharedVariables};
use crate::{Coolify, Uuid};

/// A handle for the environments of one project:
/// [`ProjectHandle::environments`](super::ProjectHandle::environments).
#[derive(Clone, Debug)]
pub struct Environments {
    pub(crate) coolify: Coolify,
    pub(crate) project: Uuid,
}

/// A handle for one environment:
/// [`ProjectHandle::environment`](super::ProjectHandle::environment).
#[derive(Clone, Debug)]
pub struct EnvironmentHandle {
    coolify: Coolify,
    project: Uuid,
    name_or_uuid: String,
}

/// Creates an environment in a project, and returns its uuid:
/// [`Environments::create`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if the project has an
/// environment of this name.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let shop = coolify.project("gwgmpnq6u26xpsihsouontfu");
/// let staging = shop.environments().create("staging").await?;
/// println!("{}", staging.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateEnvironment(Request<CreateEnvironmentBody, Created>);

/// Changes the name or the description of an environment, and returns the
/// environment: [`EnvironmentHandle::update`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let staging = coolify
///     .project("gwgmpnq6u26xpsihsouontfu")
///     .environment("staging");
/// staging.update().description("Shown to customers first").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateEnvironment(Request<UpdateEnvironmentBody, Environment>);

impl Environments {
    pub(super) fn new(coolify: &Coolify, project: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            project: project.clone(),
        }
    }

    /// Returns all environments of the project.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown project.
    #[inline]
    pub fn list(&self) -> Call<Vec<Environment>> {
        self.coolify.raw().get_environments(self.project.as_str())
    }

    /// Creates an environment, and returns its uuid. See [`CreateEnvironment`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn create(&self, name: impl Into<String>) -> CreateEnvironment {
        let project = self.project.clone();
        let body = CreateEnvironmentBody::new(name);
        CreateEnvironment(Request::new(&self.coolify, body, move |raw, body| {
            raw.create_environment(project.as_str(), &body)
        }))
    }
}

impl EnvironmentHandle {
    pub(super) fn new(coolify: &Coolify, project: &Uuid, name_or_uuid: String) -> Self {
        Self {
            coolify: coolify.clone(),
            project: project.clone(),
            name_or_uuid,
        }
    }

    /// Returns the environment with all its resources.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<EnvironmentDetails> {
        let (project, environment) = self.path();
        let raw = self.coolify.raw();
        raw.get_environment_by_name_or_uuid(project, environment)
    }

    /// Changes the environment, and returns it. See [`UpdateEnvironment`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> UpdateEnvironment {
        let this = self.clone();
        let body = UpdateEnvironmentBody::default();
        UpdateEnvironment(Request::new(&self.coolify, body, move |raw, body| {
            let (project, environment) = this.path();
            raw.update_environment(project, environment, &body)
        }))
    }

    /// Deletes the environment, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Coolify rejects the request if the environment contains resources.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let (project, environment) = self.path();
        let raw = self.coolify.raw();
        raw.delete_environment(project, environment).message()
    }

    /// Returns a handle for the shared variables of the environment.
    #[cfg(feature = "shared-environment-variables")]
    #[must_use]
    pub fn shared_variables(&self) -> SharedVariables {
        let scope = SharedScope::environment(&self.project, self.name_or_uuid.as_str());
        self.coolify.shared_variables(scope)
    }

    fn path(&self) -> (&str, &str) {
        (self.project.as_str(), &self.name_or_uuid)
    }
}
