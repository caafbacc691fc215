//! Shared variables, which the environment variables of several resources can
//! refer to.

mod sync;

use coolify_sdk_macros::builder;

use crate::raw::types::{NewSharedEnvironmentVariable, SharedEnvironmentVariableUpdate};
use crate::request::Request;
use crate::{Call, Coolify, Id, Secret, Uuid, raw};

pub use self::sync::DesiredSharedVariable;
pub use crate::raw::types::{
    CreatedSharedEnvironmentVariable, SharedEnvironmentVariable, SharedVariableScope,
};

/// The resources that share a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SharedScope {
    /// All resources of the token's team.
    Team,
    /// All resources of a project.
    Project(Uuid),
    /// All resources in an environment of a project.
    Environment {
        /// The project.
        project: Uuid,
        /// The environment's name or uuid.
        environment: String,
    },
    /// All resources on a server.
    Server(Uuid),
}

impl SharedScope {
    /// All resources of a project.
    pub fn project(project: impl Into<Uuid>) -> Self {
        Self::Project(project.into())
    }

    /// All resources in an environment of a project, by its name or its uuid.
    pub fn environment(project: impl Into<Uuid>, name_or_uuid: impl Into<String>) -> Self {
        Self::Environment {
            project: project.into(),
            environment: name_or_uuid.into(),
        }
    }

    /// All resources on a server.
    pub fn server(server: impl Into<Uuid>) -> Self {
        Self::Server(server.into())
    }
}

/// A handle for the shared variables of one scope: [`Coolify::shared_variables`],
/// and `shared_variables()` of a project, an environment and a server.
///
/// A resource refers to a shared variable as `{{team.KEY}}`, `{{project.KEY}}`,
/// `{{environment.KEY}}` or `{{server.KEY}}` in the value of one of its own
/// variables. Shared variables have numeric ids.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::shared_variables::SharedScope;
///
/// let team = coolify.shared_variables(SharedScope::Team);
/// let created = team.create("SMTP_HOST", "smtp.example.com").await?;
/// team.update(created.id).comment("the new one").await?;
/// # Ok(()) }
/// ```
#[doc(alias = "Shared Variables")]
#[derive(Clone, Debug)]
pub struct SharedVariables {
    coolify: Coolify,
    scope: SharedScope,
}

impl Coolify {
    /// Returns a handle for the shared variables of a team, a project, an
    /// environment or a server.
    #[must_use]
    pub fn shared_variables(&self, scope: SharedScope) -> SharedVariables {
        SharedVariables {
            coolify: self.clone(),
            scope,
        }
    }
}

/// Creates a shared variable, and returns its id: [`SharedVariables::create`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if the scope already has a
/// variable with this key.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::shared_variables::SharedScope;
///
/// let team = coolify.shared_variables(SharedScope::Team);
/// let created = team.create("SMTP_HOST", "smtp.example.com").await?;
/// println!("{}", created.id);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<NewSharedEnvironmentVariable, CreatedSharedEnvironmentVariable>);

/// Changes a shared variable, and returns it: [`SharedVariables::update`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) if the variable does not
/// exist; [`Error::is_conflict`](crate::Error::is_conflict) if another variable
/// has the new key.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::shared_variables::SharedScope;
///
/// let team = coolify.shared_variables(SharedScope::Team);
/// team.update(12).comment("the new one").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<SharedEnvironmentVariableUpdate, SharedEnvironmentVariable>);

impl SharedVariables {
    /// Returns the scope.
    #[must_use]
    pub fn scope(&self) -> &SharedScope {
        &self.scope
    }

    /// Returns all variables of the scope.
    ///
    /// Needs the `read` ability; the values need `read:sensitive` and are
    /// absent without it. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// project, environment or server.
    #[inline]
    pub fn list(&self) -> Call<Vec<SharedEnvironmentVariable>> {
        let raw = self.coolify.raw();
        match &self.scope {
            SharedScope::Team => raw.list_team_shared_envs(),
            SharedScope::Project(project) => raw.list_project_shared_envs(project.as_str()),
            SharedScope::Environment {
                project,
                environment,
            } => raw.list_environment_shared_envs(project.as_str(), environment),
            SharedScope::Server(server) => raw.list_server_shared_envs(server.as_str()),
        }
    }

    /// Creates a shared variable, and returns its id. See [`Create`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn create(&self, key: impl Into<String>, value: impl Into<Secret>) -> Create {
        let scope = self.scope.clone();
        let mut body = NewSharedEnvironmentVariable::new(key);
        body.value = Some(value.into());
        Create(Request::new(&self.coolify, body, move |raw, body| {
            create(&raw, &scope, &body)
        }))
    }

    /// Changes a shared variable, and returns it. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self, id: impl Into<Id>) -> Update {
        let (scope, id) = (self.scope.clone(), id.into().get());
        let body = SharedEnvironmentVariableUpdate::default();
        Update(Request::new(&self.coolify, body, move |raw, body| {
            update(&raw, &scope, id, &body)
        }))
    }

    /// Deletes a variable, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn delete(&self, id: impl Into<Id>) -> Call<String> {
        let id = id.into().get();
        let raw = self.coolify.raw();
        let call = match &self.scope {
            SharedScope::Team => raw.delete_team_shared_env(id),
            SharedScope::Project(project) => raw.delete_project_shared_env(project.as_str(), id),
            SharedScope::Environment {
                project,
                environment,
            } => raw.delete_environment_shared_env(project.as_str(), environment, id),
            SharedScope::Server(server) => raw.delete_server_shared_env(server.as_str(), id),
        };
        call.message()
    }
}

fn create(
    raw: &raw::Client,
    scope: &SharedScope,
    body: &NewSharedEnvironmentVariable,
) -> Call<CreatedSharedEnvironmentVariable> {
    match scope {
        SharedScope::Team => raw.create_team_shared_env(body),
        SharedScope::Project(project) => raw.create_project_shared_env(project.as_str(), body),
        SharedScope::Environment {
            project,
            environment,
        } => raw.create_environment_shared_env(project.as_str(), environment, body),
        SharedScope::Server(server) => raw.create_server_shared_env(server.as_str(), body),
    }
}

fn update(
    raw: &raw::Client,
    scope: &SharedScope,
    id: i64,
    body: &SharedEnvironmentVariableUpdate,
) -> Call<SharedEnvironmentVariable> {
    match scope {
        SharedScope::Team => raw.update_team_shared_env(id, body),
        SharedScope::Project(project) => raw.update_project_shared_env(project.as_str(), id, body),
        SharedScope::Environment {
            project,
            environment,
        } => raw.update_environment_shared_env(project.as_str(), environment, id, body),
        SharedScope::Server(server) => raw.update_server_shared_env(server.as_str(), id, body),
    }
}
