//! A resource in a snapshot.

use std::fmt;

use serde::Serialize;

use crate::deployments::Deployment;
use crate::resources::Resource;
use crate::servers::Server;
use crate::{DeploymentStatus, Id, ResourceKind, ResourceStatus, Timestamp, Uuid};

/// A resource in an [`Overview`](super::Overview).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OverviewResource {
    /// The kind. It is `None` for a kind that this version of the library does not
    /// know.
    pub kind: Option<ResourceKind>,
    /// The uuid.
    pub uuid: Uuid,
    /// The name.
    pub name: String,
    /// The project that it is in.
    pub project: Option<Named>,
    /// The environment that it is in.
    pub environment: Option<Named>,
    /// The servers that it runs on. The first one is its main server.
    pub servers: Vec<Named>,
    /// The status of its containers.
    pub status: Option<ResourceStatus>,
    /// Its domains, as full URLs.
    pub domains: Vec<String>,
    /// The names of its tags. It is `None` if they were not
    /// [requested](super::TakeOverview::tags) or could not be read.
    pub tags: Option<Vec<String>>,
    /// The latest deployment of an application. If the latest deployments were not
    /// [requested](super::TakeOverview::latest_deployments), it is only present while
    /// it is queued or in progress.
    pub latest_deployment: Option<LatestDeployment>,
    /// The resource with all its fields. It is not serialized.
    #[serde(skip)]
    pub details: Resource,
}

/// The uuid and the name of a project, an environment or a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Named {
    /// The uuid.
    pub uuid: Uuid,
    /// The name.
    pub name: String,
}

/// A deployment in an [`Overview`](super::Overview), without its log.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LatestDeployment {
    /// The uuid.
    pub uuid: Uuid,
    /// The status.
    pub status: DeploymentStatus,
    /// The commit that it deploys.
    pub commit: Option<String>,
    /// The time when it was requested, in UTC.
    pub created_at: Option<Timestamp>,
    /// The time when it ended, in UTC.
    pub finished_at: Option<Timestamp>,
}

impl OverviewResource {
    pub(super) fn new(details: Resource) -> Self {
        Self {
            kind: details.resource_kind(),
            uuid: details.uuid().clone(),
            name: details.name().to_owned(),
            project: None,
            environment: None,
            servers: servers(&details),
            status: details.status().cloned(),
            domains: details.domains(),
            tags: None,
            latest_deployment: None,
            details,
        }
    }

    /// Returns the path `project/environment/name`, as far as it is known.
    #[must_use]
    pub fn path(&self) -> String {
        path(self.project.as_ref(), self.environment.as_ref(), &self.name)
    }

    /// Returns the numeric id of an application, by which deployments name it.
    pub(super) fn application_id(&self) -> Option<Id> {
        match &self.details {
            Resource::Application(it) => it.id,
            _ => None,
        }
    }
}

/// Returns the path `project/environment/name`, as far as it is known.
pub(crate) fn path(project: Option<&Named>, environment: Option<&Named>, name: &str) -> String {
    let above = [project, environment].into_iter().flatten();
    let above = above.map(|it| it.name.as_str());
    let all: Vec<_> = above.chain([name]).collect();
    all.join("/")
}

impl Named {
    pub(crate) fn new(uuid: &Uuid, name: &str) -> Self {
        Self {
            uuid: uuid.clone(),
            name: name.to_owned(),
        }
    }

    /// Returns whether this is its name or its uuid.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.name == text || self.uuid == *text
    }
}

impl LatestDeployment {
    pub(super) fn new(deployment: &Deployment) -> Self {
        Self {
            uuid: deployment.deployment_uuid.clone(),
            status: deployment.status.clone(),
            commit: deployment.commit.clone(),
            created_at: deployment.created_at.clone(),
            finished_at: deployment.finished_at.clone(),
        }
    }
}

fn servers(resource: &Resource) -> Vec<Named> {
    let named = |it: &Server| Named::new(&it.uuid, &it.name);
    match resource {
        Resource::Application(it) => {
            let main = it.destination.as_ref().and_then(|it| it.server.as_ref());
            let more = it.additional_servers.iter().flatten();
            let more = more.filter_map(|it| {
                let it = it.expose();
                let text = |field: &str| it.get(field)?.as_str();
                Some(Named::new(&text("uuid")?.into(), text("name")?))
            });
            main.map(named).into_iter().chain(more).collect()
        }
        Resource::Database(it) => {
            let main = it.destination.as_ref().and_then(|it| it.server.as_ref());
            main.map(named).into_iter().collect()
        }
        Resource::Service(it) => {
            let of_destination = it.destination.as_ref().and_then(|it| it.server.as_ref());
            let main = it.server.as_ref().or(of_destination);
            main.map(named).into_iter().collect()
        }
        Resource::Unknown(_) => Vec::new(),
    }
}

/// Writes the path, the kind, the status, the domains and the servers in one line.
impl fmt::Display for OverviewResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.path(), self.details.kind())?;
        if let Some(status) = &self.status {
            write!(f, ", {status}")?;
        }
        f.write_str(")")?;
        for domain in &self.domains {
            write!(f, " {domain}")?;
        }
        for (at, server) in self.servers.iter().enumerate() {
            write!(f, "{} {}", if at == 0 { " on" } else { "," }, server.name)?;
        }
        Ok(())
    }
}
