//! The contents of a project.

use std::fmt;

use serde::Serialize;

use super::ProjectHandle;
use crate::error::Result;
use crate::{ResourceKind, Uuid};

/// An application, a database or a service in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ProjectContent {
    /// The kind.
    pub kind: ResourceKind,
    /// Its name.
    pub name: String,
    /// Its uuid.
    pub uuid: Uuid,
    /// The name of the environment that it is in.
    pub environment: String,
}

impl fmt::Display for ProjectContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            name,
            uuid,
            environment,
        } = self;
        write!(f, "the {kind} {name} ({uuid}) in {environment}")
    }
}

pub(super) async fn of(project: ProjectHandle) -> Result<Vec<ProjectContent>> {
    let mut contents = Vec::new();
    let environments = project.environments().list().await?;
    for environment in &environments {
        let found = project.environment(environment.uuid.as_str()).get().await?;
        let databases = [
            found.postgresqls,
            found.mysqls,
            found.mariadbs,
            found.mongodbs,
            found.redis,
        ];
        let applications = found.applications.into_iter();
        let databases = databases.into_iter().flatten();
        let services = found.services.into_iter();
        let all = applications
            .map(|it| (ResourceKind::Application, it.name, it.uuid))
            .chain(databases.map(|it| (ResourceKind::Database, it.name, it.uuid)))
            .chain(services.map(|it| (ResourceKind::Service, it.name, it.uuid)));
        contents.extend(all.map(|(kind, name, uuid)| ProjectContent {
            kind,
            name,
            uuid,
            environment: environment.name.clone(),
        }));
    }
    #[cfg(feature = "databases")]
    for database in project.coolify.databases().list().await? {
        let home = environments
            .iter()
            .find(|it| it.id.is_some() && it.id == database.environment_id);
        let is_known = contents.iter().any(|it| it.uuid == database.uuid);
        if let Some(environment) = home
            && !is_known
        {
            contents.push(ProjectContent {
                kind: ResourceKind::Database,
                name: database.name,
                uuid: database.uuid,
                environment: environment.name.clone(),
            });
        }
    }
    Ok(contents)
}
