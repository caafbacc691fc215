//! The candidates of a search.

use futures_util::future;

use super::failure;
use super::query::{Query, Target as _};
use super::target::{Found, FoundKind};
use crate::Coolify;
use crate::error::Result;
use crate::estate::overview::{Unread, allowed, with_environments};
use crate::projects::Project;
use crate::resources::Resource;

/// The candidates of a search.
pub(super) struct Pool {
    coolify: Coolify,
    /// The noun for messages.
    noun: &'static str,
    all: Vec<Found>,
    /// The projects of the team, once they have been read.
    projects: Option<Vec<Project>>,
    unread: Vec<Unread>,
}

impl Pool {
    pub(super) async fn of_all(coolify: &Coolify) -> Result<Self> {
        let (resources, projects, servers) = future::join3(
            coolify.resources().list(),
            coolify.projects().list(),
            coolify.servers().list(),
        )
        .await;
        let mut unread = Vec::new();
        let resources = allowed(resources, "resources", &mut unread)?;
        let projects = allowed(projects, "projects", &mut unread)?;
        let servers = allowed(servers, "servers", &mut unread)?;
        let resources = resources
            .iter()
            .filter_map(|it| Found::resource(coolify, it));
        let of_projects = projects.iter().map(|it| Found::of_project(coolify, it));
        let servers = servers.iter().map(|it| Found::of_server(coolify, it));
        Ok(Self {
            coolify: coolify.clone(),
            noun: "resource, project or server",
            all: resources.chain(of_projects).chain(servers).collect(),
            projects: Some(projects),
            unread,
        })
    }

    /// The resources of one kind.
    pub(super) fn of_resources(
        coolify: &Coolify,
        noun: &'static str,
        rows: impl IntoIterator<Item = Resource>,
    ) -> Self {
        let all = rows.into_iter();
        let all = all.filter_map(|it| Found::resource(coolify, &it)).collect();
        Self::new(coolify, noun, all)
    }

    pub(super) fn new(coolify: &Coolify, noun: &'static str, all: Vec<Found>) -> Self {
        Self {
            coolify: coolify.clone(),
            noun,
            all,
            projects: None,
            unread: Vec::new(),
        }
    }

    /// Returns the only match. The error contains similar names, or all matches.
    pub(super) async fn only(mut self, query: &Query) -> Result<Found> {
        if query.text().is_empty() {
            return Err(failure::empty(self.noun));
        }
        let mut found = self.matches(query).await?;
        match (found.pop(), found.is_empty()) {
            (None, _) => {
                let names = self.all.iter().map(|it| it.name.as_str());
                Err(failure::none(self.noun, query.text(), names, &self.unread))
            }
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                found.push(last);
                self.place(&mut found).await?;
                Err(failure::several(query.text(), found))
            }
        }
    }

    /// Returns all matches.
    pub(super) async fn matches(&mut self, query: &Query) -> Result<Vec<Found>> {
        let found = query.best(self.all.clone());
        match query.path() {
            Some(path) if found.is_empty() && self.has_paths() => self.at(path).await,
            _ => Ok(found),
        }
    }

    fn has_paths(&self) -> bool {
        let without = [FoundKind::Project, FoundKind::Server];
        self.projects.is_some() || self.all.iter().any(|it| !without.contains(&it.kind))
    }

    /// Returns the matches of a path, whose first part is a project.
    async fn at(
        &mut self,
        (project, second, third): (&str, &str, Option<&str>),
    ) -> Result<Vec<Found>> {
        let projects = self.projects().await?;
        let projects = projects
            .into_iter()
            .filter(|it| is(&it.uuid, &it.name, project));
        let projects =
            with_environments(&self.coolify, projects.collect(), &mut self.unread).await?;
        let mut found = Vec::new();
        for project in &projects {
            for environment in project.environments.iter().flatten() {
                let is_second = is(&environment.uuid, &environment.name, second);
                let name = match third {
                    Some(_) if !is_second => continue,
                    Some(name) => name,
                    None => second,
                };
                if third.is_none() && is_second && self.projects.is_some() {
                    found.push(Found::of_environment(&self.coolify, project, environment));
                }
                let within = self.all.iter().filter(|it| {
                    it.environment_id.is_some()
                        && it.environment_id == environment.id
                        && is(it.uuid(), &it.name, name)
                });
                found.extend(within.cloned().map(|mut it| {
                    it.put_at(project, environment);
                    it
                }));
            }
        }
        Ok(found)
    }

    /// Reads the projects and environments of the matches, unless they are known.
    pub(super) async fn place(&mut self, found: &mut [Found]) -> Result<()> {
        let is_lost = |it: &Found| it.environment_id.is_some() && it.environment.is_none();
        if !found.iter().any(is_lost) {
            return Ok(());
        }
        let projects = self.projects().await?;
        let projects = with_environments(&self.coolify, projects, &mut self.unread).await?;
        for one in found.iter_mut().filter(|it| is_lost(it)) {
            for project in &projects {
                let mut environments = project.environments.iter().flatten();
                if let Some(environment) = environments.find(|it| it.id == one.environment_id) {
                    one.put_at(project, environment);
                }
            }
        }
        Ok(())
    }

    async fn projects(&mut self) -> Result<Vec<Project>> {
        if let Some(projects) = &self.projects {
            return Ok(projects.clone());
        }
        let projects = self.coolify.projects().list().await;
        allowed(projects, "projects", &mut self.unread)
    }
}

fn is(uuid: &crate::Uuid, name: &str, text: &str) -> bool {
    *uuid == *text || name == text
}
