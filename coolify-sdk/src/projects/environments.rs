//! The environments of a project.

use super::{
    CreateEnvironmentBody, Created, Environment, EnvironmentDetails, UpdateEnvironmentBody,
};
use crate::Call;
use crate::error::Result;
use crate::request::Request;
#[cfg(feature = "shared-environment-variables")]
use crate::shared_variables::{SharedScope, SharedVariables};
use crate::{Coolify, Uuid};

/// The environments of one project:
/// [`ProjectHandle::environments`](super::ProjectHandle::environments).
#[derive(Clone, Debug)]
pub struct Environments {
    coolify: Coolify,
    project: Uuid,
}

/// One environment: [`ProjectHandle::environment`](super::ProjectHandle::environment).
#[derive(Clone, Debug)]
pub struct EnvironmentHandle {
    coolify: Coolify,
    project: Uuid,
    name_or_uuid: String,
}

impl Environments {
    pub(super) fn new(coolify: &Coolify, project: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            project: project.clone(),
        }
    }

    /// All environments of the project.
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

    /// A new environment; gives its uuid.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) when the project has one of this name.
    #[inline]
    pub fn create(&self, name: impl Into<String>) -> Request<CreateEnvironmentBody, Created> {
        let project = self.project.clone();
        let body = CreateEnvironmentBody::new(name);
        Request::new(&self.coolify, body, move |raw, body| {
            raw.create_environment(project.as_str(), &body)
        })
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

    /// The environment with everything in it.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is none.
    #[inline]
    pub fn get(&self) -> Call<EnvironmentDetails> {
        let (project, environment) = self.path();
        let raw = self.coolify.raw();
        raw.get_environment_by_name_or_uuid(project, environment)
    }

    /// Changes what is set; gives the environment as it is then.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> Request<UpdateEnvironmentBody, Environment> {
        let this = self.clone();
        let body = UpdateEnvironmentBody::default();
        Request::new(&self.coolify, body, move |raw, body| {
            let (project, environment) = this.path();
            raw.update_environment(project, environment, &body)
        })
    }

    /// Deletes the environment; gives what Coolify says about it.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Coolify refuses while the environment holds resources.
    pub async fn delete(&self) -> Result<String> {
        let (project, environment) = self.path();
        let raw = self.coolify.raw();
        Ok(raw.delete_environment(project, environment).await?.message)
    }

    /// The variables that all resources in the environment share.
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
