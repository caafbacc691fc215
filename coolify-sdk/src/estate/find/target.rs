//! What can be found.

use std::fmt;

use serde::Serialize;

use super::query::Target;
use crate::applications::ApplicationHandle;
use crate::databases::DatabaseHandle;
use crate::estate::Named;
use crate::estate::overview::path;
use crate::projects::{Environment, EnvironmentHandle, Project, ProjectHandle};
use crate::resources::Resource;
use crate::servers::{Server, ServerHandle};
use crate::services::ServiceHandle;
use crate::{Coolify, Id, ResourceKind, Uuid};

/// The kind of something that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FoundKind {
    /// An application.
    Application,
    /// A database.
    Database,
    /// A service.
    Service,
    /// A project.
    Project,
    /// An environment of a project.
    Environment,
    /// A server.
    Server,
}

/// Something that was found by [`Coolify::find`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let found = coolify.find("shop.example.com").await?;
/// println!("{found}");
/// if let Some(application) = found.application() {
///     application.deploy().await?;
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Found {
    /// The kind.
    pub kind: FoundKind,
    /// The uuid.
    pub uuid: Uuid,
    /// The name.
    pub name: String,
    /// The domains of a resource, as full URLs.
    pub domains: Vec<String>,
    /// The project that it is in. It is only read if it was named by a path or if there
    /// are several matches.
    pub project: Option<Named>,
    /// The environment that it is in. It is only read together with the project.
    pub environment: Option<Named>,
    /// The host name or IP address of a server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    #[serde(skip)]
    pub(super) environment_id: Option<Id>,
    #[serde(skip)]
    coolify: Coolify,
}

impl Found {
    fn new(coolify: &Coolify, kind: FoundKind, uuid: &Uuid, name: &str) -> Self {
        Self {
            kind,
            uuid: uuid.clone(),
            name: name.to_owned(),
            domains: Vec::new(),
            project: None,
            environment: None,
            address: None,
            environment_id: None,
            coolify: coolify.clone(),
        }
    }

    /// A resource of an unknown kind cannot be found: nothing can be done with it.
    pub(super) fn resource(coolify: &Coolify, row: &Resource) -> Option<Self> {
        let kind = match row.resource_kind()? {
            ResourceKind::Application => FoundKind::Application,
            ResourceKind::Database => FoundKind::Database,
            ResourceKind::Service => FoundKind::Service,
        };
        let mut found = Self::new(coolify, kind, row.uuid(), row.name());
        found.domains = row.domains();
        found.environment_id = row.environment_id();
        Some(found)
    }

    pub(super) fn of_project(coolify: &Coolify, row: &Project) -> Self {
        Self::new(coolify, FoundKind::Project, &row.uuid, &row.name)
    }

    pub(super) fn of_environment(coolify: &Coolify, project: &Project, row: &Environment) -> Self {
        let mut found = Self::new(coolify, FoundKind::Environment, &row.uuid, &row.name);
        found.project = Some(Named::new(&project.uuid, &project.name));
        found
    }

    pub(super) fn of_server(coolify: &Coolify, row: &Server) -> Self {
        let mut found = Self::new(coolify, FoundKind::Server, &row.uuid, &row.name);
        found.address.clone_from(&row.ip);
        found
    }

    pub(super) fn put_at(&mut self, project: &Project, environment: &Environment) {
        self.project = Some(Named::new(&project.uuid, &project.name));
        self.environment = Some(Named::new(&environment.uuid, &environment.name));
    }

    /// Returns the application, if it is one.
    #[must_use]
    pub fn application(&self) -> Option<ApplicationHandle> {
        let is_one = self.kind == FoundKind::Application;
        is_one.then(|| self.coolify.application(self.uuid.clone()))
    }

    /// Returns the database, if it is one.
    #[must_use]
    pub fn database(&self) -> Option<DatabaseHandle> {
        let is_one = self.kind == FoundKind::Database;
        is_one.then(|| self.coolify.database(self.uuid.clone()))
    }

    /// Returns the service, if it is one.
    #[must_use]
    pub fn service(&self) -> Option<ServiceHandle> {
        let is_one = self.kind == FoundKind::Service;
        is_one.then(|| self.coolify.service(self.uuid.clone()))
    }

    /// Returns the project, if it is one.
    #[must_use]
    pub fn as_project(&self) -> Option<ProjectHandle> {
        let is_one = self.kind == FoundKind::Project;
        is_one.then(|| self.coolify.project(self.uuid.clone()))
    }

    /// Returns the environment, if it is one.
    #[must_use]
    pub fn as_environment(&self) -> Option<EnvironmentHandle> {
        let is_one = self.kind == FoundKind::Environment;
        let project = self.project.as_ref().filter(|_| is_one)?;
        let project = self.coolify.project(project.uuid.clone());
        Some(project.environment(self.uuid.as_str()))
    }

    /// Returns the server, if it is one.
    #[must_use]
    pub fn server(&self) -> Option<ServerHandle> {
        let is_one = self.kind == FoundKind::Server;
        is_one.then(|| self.coolify.server(self.uuid.clone()))
    }

    /// Returns the path `project/environment/name`, as far as it was read.
    #[must_use]
    pub fn path(&self) -> String {
        path(self.project.as_ref(), self.environment.as_ref(), &self.name)
    }
}

impl Target for Found {
    fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn domains(&self) -> &[String] {
        &self.domains
    }

    fn host(&self) -> Option<&str> {
        self.address.as_deref()
    }
}

impl fmt::Display for FoundKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Application => "application",
            Self::Database => "database",
            Self::Service => "service",
            Self::Project => "project",
            Self::Environment => "environment",
            Self::Server => "server",
        })
    }
}

/// Writes the kind, the path and the uuid.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.kind, self.path(), self.uuid)
    }
}
