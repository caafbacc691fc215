//! A snapshot of a team.

mod resource;
mod take;
mod unread;

use std::fmt;

use serde::Serialize;

pub(crate) use resource::path;
pub use resource::{LatestDeployment, Named, OverviewResource};
pub use take::TakeOverview;
pub(crate) use take::{allowed, with_environments};
pub use unread::Unread;

use crate::projects::Project;
use crate::servers::Server;

/// A snapshot of the servers, projects and resources of a team:
/// [`Coolify::overview`](crate::Coolify::overview).
///
/// It can be walked from both ends: [`on_server`](Self::on_server) returns the
/// resources on a server, [`in_project`](Self::in_project) those in a project.
///
/// A member of the team who is not an administrator sees servers, but no projects and
/// no resources: Coolify answers with empty lists.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Overview {
    /// The servers of the team.
    pub servers: Vec<Server>,
    /// The projects of the team, with their environments.
    pub projects: Vec<Project>,
    /// The applications, databases and services of the team.
    pub resources: Vec<OverviewResource>,
    /// The parts that this token or this server does not allow to be read. They are
    /// missing in the other fields.
    pub unread: Vec<Unread>,
}

impl Overview {
    /// Returns the resource with this uuid.
    #[must_use]
    pub fn resource(&self, uuid: &str) -> Option<&OverviewResource> {
        self.resources.iter().find(|it| it.uuid == *uuid)
    }

    /// Returns the resources in a project, which is named by its name or its uuid.
    pub fn in_project<'a>(
        &'a self,
        project: &'a str,
    ) -> impl Iterator<Item = &'a OverviewResource> {
        let within = move |it: &&OverviewResource| is(it.project.as_ref(), project);
        self.resources.iter().filter(within)
    }

    /// Returns the resources in an environment. The project and the environment are
    /// named by their names or their uuids.
    pub fn in_environment<'a>(
        &'a self,
        project: &'a str,
        environment: &'a str,
    ) -> impl Iterator<Item = &'a OverviewResource> {
        let within = move |it: &&OverviewResource| is(it.environment.as_ref(), environment);
        self.in_project(project).filter(within)
    }

    /// Returns the resources on a server, which is named by its name or its uuid. An
    /// application that runs on several servers is on each of them.
    pub fn on_server<'a>(&'a self, server: &'a str) -> impl Iterator<Item = &'a OverviewResource> {
        let on = move |it: &&OverviewResource| it.servers.iter().any(|one| one.is(server));
        self.resources.iter().filter(on)
    }

    /// Returns the resources with a tag. The tags are only known if they were
    /// [requested](TakeOverview::tags).
    pub fn tagged<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a OverviewResource> {
        let has = move |it: &&OverviewResource| {
            let tags = it.tags.iter().flatten();
            tags.into_iter().any(|one| one.eq_ignore_ascii_case(tag))
        };
        self.resources.iter().filter(has)
    }
}

fn is(named: Option<&Named>, text: &str) -> bool {
    named.is_some_and(|it| it.is(text))
}

/// Writes a line for each resource, and one for each part that could not be read.
impl fmt::Display for Overview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for resource in &self.resources {
            writeln!(f, "{resource}")?;
        }
        for unread in &self.unread {
            writeln!(f, "{unread}")?;
        }
        Ok(())
    }
}
