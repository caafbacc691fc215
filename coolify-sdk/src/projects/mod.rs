//! Projects and their environments.

mod contents;
mod delete;
mod environments;
mod fields;

pub use contents::ProjectContent;
pub use delete::Delete;
pub use environments::{CreateEnvironment, EnvironmentHandle, Environments, UpdateEnvironment};

use coolify_sdk_macros::builder;

use crate::Uuid;
use crate::raw::types::{CreateProjectBody, UpdateProjectByUuidBody};
pub use crate::raw::types::{Created, Environment, EnvironmentDetails, Project};
use crate::request::Request;
#[cfg(feature = "shared-environment-variables")]
use crate::shared_variables::{SharedScope, SharedVariables};
use crate::verify::Subject;
use crate::{Call, Coolify};

/// A handle for the projects of the team: [`Coolify::projects`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// for project in coolify.projects().list().await? {
///     println!("{} {}", project.uuid, project.name);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Projects {
    pub(crate) coolify: Coolify,
}

/// A handle for one project: [`Coolify::project`].
#[derive(Clone, Debug)]
pub struct ProjectHandle {
    coolify: Coolify,
    uuid: Uuid,
}

/// Creates a project, with an environment called `production`, and returns its
/// uuid: [`Projects::create`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let created = coolify
///     .projects()
///     .create("shop")
///     .description("Everything that sells")
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreateProjectBody, Created>);

/// Changes the name or the description of a project, and returns the project:
/// [`ProjectHandle::update`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let project = coolify.project("gwgmpnq6u26xpsihsouontfu");
/// project.update().name("store").clear_description().await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateProjectByUuidBody, Project>, Subject);

impl Coolify {
    /// Returns a handle for the projects of the team.
    #[must_use]
    pub fn projects(&self) -> Projects {
        Projects {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one project.
    #[must_use]
    pub fn project(&self, uuid: impl Into<Uuid>) -> ProjectHandle {
        ProjectHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

impl Projects {
    /// Returns all projects. A member who is not an administrator sees none.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<Project>> {
        self.coolify.raw().list_projects()
    }

    /// Creates a project, with an environment called `production`, and returns its
    /// uuid. See [`Create`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn create(&self, name: impl Into<String>) -> Create {
        let body = CreateProjectBody::new(name);
        Create(Request::new(&self.coolify, body, |raw, body| {
            raw.create_project(&body)
        }))
    }
}

impl ProjectHandle {
    /// Returns the project's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns the project with its environments.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<Project> {
        self.coolify.raw().get_project_by_uuid(self.uuid.as_str())
    }

    /// Changes the project, and returns it. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn update(&self) -> Update {
        let uuid = self.uuid.clone();
        let body = UpdateProjectByUuidBody::default();
        let request = Request::new(&self.coolify, body, move |raw, body| {
            raw.update_project_by_uuid(uuid.as_str(), &body)
        });
        Update(request, Subject::new("get-project-by-uuid", &self.uuid))
    }

    /// Deletes the project, which has to be empty. See [`Delete`].
    pub fn delete(&self) -> Delete {
        Delete::new(self)
    }

    /// Returns all resources of the project, in all environments.
    ///
    /// Coolify's reply for an environment lacks `KeyDB`, Dragonfly and
    /// `ClickHouse` databases. They are included if the feature `databases` of
    /// this crate is on.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the project does
    /// not exist.
    pub fn contents(&self) -> Call<Vec<ProjectContent>> {
        Call::several(contents::of(self.clone()))
    }

    /// Returns a handle for the project's environments.
    #[must_use]
    pub fn environments(&self) -> Environments {
        Environments::new(&self.coolify, &self.uuid)
    }

    /// Returns a handle for one environment, by its name or its uuid.
    #[must_use]
    pub fn environment(&self, name_or_uuid: impl Into<String>) -> EnvironmentHandle {
        EnvironmentHandle::new(&self.coolify, &self.uuid, name_or_uuid.into())
    }

    /// Returns a handle for the shared variables of the project.
    #[cfg(feature = "shared-environment-variables")]
    #[must_use]
    pub fn shared_variables(&self) -> SharedVariables {
        self.coolify
            .shared_variables(SharedScope::project(&self.uuid))
    }
}
