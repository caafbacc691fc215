//! Reads a snapshot.

use std::collections::{HashMap, HashSet};

use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, future, stream};

use super::{LatestDeployment, Named, Overview, OverviewResource, Unread};
use crate::deployments::Deployment;
use crate::error::Result;
use crate::projects::{Environment, Project};
use crate::request::awaitable;
use crate::{Coolify, Id, ResourceKind, Uuid};

/// The number of calls that are sent at the same time.
const AT_ONCE: usize = 8;

/// Reads a snapshot of the team, when it is awaited: [`Coolify::overview`].
///
/// It takes four calls, and one for each project, whatever the number of resources.
///
/// Needs the `read` ability. Since Coolify 4.0.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let overview = coolify.overview().await?;
/// for server in &overview.servers {
///     println!("{}", server.name);
///     for resource in overview.on_server(&server.name) {
///         println!("  {resource}");
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is read before `.send()` or `.await`"]
pub struct TakeOverview {
    coolify: Coolify,
    tags: bool,
    latest_deployments: bool,
}

impl Coolify {
    /// Returns a request for a snapshot of the team's servers, projects and resources.
    /// See [`TakeOverview`].
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    #[doc(alias("status", "dashboard", "inventory", "infrastructure overview"))]
    pub fn overview(&self) -> TakeOverview {
        TakeOverview {
            coolify: self.clone(),
            tags: false,
            latest_deployments: false,
        }
    }
}

impl TakeOverview {
    /// Reads the tags of the resources as well. That takes one call more, one for each
    /// tag, and one for each database and service. Before Coolify 4.2.0 the tags cannot
    /// be read.
    pub fn tags(mut self) -> Self {
        self.tags = true;
        self
    }

    /// Reads the latest deployment of each application as well. That takes one call
    /// more for each application.
    pub fn latest_deployments(mut self) -> Self {
        self.latest_deployments = true;
        self
    }

    /// Reads the snapshot.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails; see [`Error`](crate::Error). Parts that the
    /// token may not read are listed in [`Overview::unread`]. They are an error only if
    /// the token may read nothing.
    pub async fn send(self) -> Result<Overview> {
        let coolify = &self.coolify;
        let (resources, projects, servers, unfinished) = future::join4(
            coolify.resources().list(),
            coolify.projects().list(),
            coolify.servers().list(),
            coolify.deployments().unfinished(),
        )
        .await;
        let resources = match resources {
            // Nothing can be read: that is no overview.
            Err(error) if projects.is_err() && servers.is_err() => return Err(error),
            resources => resources,
        };
        let mut unread = Vec::new();
        let resources = allowed(resources, "resources", &mut unread)?;
        let projects = allowed(projects, "projects", &mut unread)?;
        let servers = allowed(servers, "servers", &mut unread)?;
        let unfinished = allowed(unfinished, "unfinished deployments", &mut unread)?;
        let mut overview = Overview {
            servers,
            projects: with_environments(coolify, projects, &mut unread).await?,
            resources: resources.into_iter().map(OverviewResource::new).collect(),
            unread,
        };
        overview.place();
        overview.put_unfinished(&unfinished);
        if self.tags {
            overview.put_tags(coolify).await?;
        }
        if self.latest_deployments {
            overview.put_latest(coolify).await?;
        }
        Ok(overview)
    }
}

awaitable!(TakeOverview, send -> Overview);

impl Overview {
    /// Fills in the project and the environment of each resource.
    fn place(&mut self) {
        let environments = self.projects.iter().flat_map(|project| {
            let environments = project.environments.iter().flatten();
            environments.filter_map(move |it| Some((it.id?, (project, it))))
        });
        let environments: HashMap<Id, (&Project, &Environment)> = environments.collect();
        for resource in &mut self.resources {
            let id = resource.details.environment_id();
            if let Some((project, environment)) = id.and_then(|id| environments.get(&id)) {
                resource.project = Some(Named::new(&project.uuid, &project.name));
                resource.environment = Some(Named::new(&environment.uuid, &environment.name));
            }
        }
    }

    fn put_unfinished(&mut self, unfinished: &[Deployment]) {
        for resource in &mut self.resources {
            let Some(id) = resource.application_id() else {
                continue;
            };
            let own = unfinished
                .iter()
                .filter(|it| it.application_id == Some(id) && !is_preview(it));
            let latest = own.max_by_key(|it| it.id);
            resource.latest_deployment = latest.map(LatestDeployment::new);
        }
    }

    async fn put_latest(&mut self, coolify: &Coolify) -> Result<()> {
        let applications = self.resources.iter_mut().filter(|it| {
            it.kind == Some(ResourceKind::Application) && it.latest_deployment.is_none()
        });
        let asked = applications.map(|resource| {
            let application = coolify.application(resource.uuid.clone());
            let page = application.deployments().page(0, 1);
            async move { (resource, page.await) }
        });
        let mut found = at_once(asked);
        let mut denied = None;
        while let Some((resource, page)) = found.next().await {
            match page {
                Ok(page) => {
                    let latest = page.deployments.first();
                    resource.latest_deployment = latest.map(LatestDeployment::new);
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => denied = Some(Unread::sort("latest deployments", error)?),
            }
        }
        drop(found);
        self.unread.extend(denied);
        Ok(())
    }

    async fn put_tags(&mut self, coolify: &Coolify) -> Result<()> {
        let tags = match coolify.tags().list().await {
            Ok(tags) => tags,
            Err(error) => {
                self.unread.push(Unread::sort("tags", error)?);
                return Ok(());
            }
        };
        // Only the list of applications can be filtered by a tag.
        let asked = tags.into_iter().map(|tag| {
            let applications = coolify.applications().list_tagged(&tag.name);
            async move {
                let applications = applications.await?.into_iter().map(|it| it.uuid);
                let applications: HashSet<Uuid> = applications.collect();
                Result::<_>::Ok((tag.name, applications))
            }
        });
        let mut tagged: Vec<_> = at_once(asked).try_collect().await?;
        tagged.sort_by(|a, b| a.0.cmp(&b.0));
        let others = self.resources.iter_mut().filter_map(|resource| {
            let uuid = resource.uuid.clone();
            let tags = match resource.kind? {
                ResourceKind::Application => {
                    let own = tagged.iter().filter(|(_, all)| all.contains(&uuid));
                    resource.tags = Some(own.map(|(name, _)| name.clone()).collect());
                    return None;
                }
                ResourceKind::Database => coolify.database(uuid).tags().list(),
                ResourceKind::Service => coolify.service(uuid).tags().list(),
            };
            Some(async move { (resource, tags.await) })
        });
        let mut others = at_once(others);
        while let Some((resource, tags)) = others.next().await {
            match tags {
                Ok(tags) => resource.tags = Some(tags.into_iter().map(|it| it.name).collect()),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn is_preview(deployment: &Deployment) -> bool {
    deployment.pull_request_id.is_some_and(|it| it != 0)
}

/// Reads the environments of each project. A project that was deleted meanwhile is left
/// out.
pub(crate) async fn with_environments(
    coolify: &Coolify,
    projects: Vec<Project>,
    unread: &mut Vec<Unread>,
) -> Result<Vec<Project>> {
    let asked = projects.into_iter().enumerate().map(|(at, project)| {
        let environments = coolify.project(project.uuid.clone()).environments().list();
        async move { (at, project, environments.await) }
    });
    let mut read: Vec<_> = at_once(asked).collect().await;
    read.sort_by_key(|it| it.0);
    let mut all = Vec::new();
    for (_, mut project, environments) in read {
        match environments {
            Err(error) if error.is_not_found() => continue,
            environments => {
                let what = format!("environments of {}", project.name);
                project.environments = Some(allowed(environments, what, unread)?);
            }
        }
        all.push(project);
    }
    Ok(all)
}

/// Returns the rows. If this client may not read them, returns none and adds a note.
pub(crate) fn allowed<T>(
    rows: Result<Vec<T>>,
    what: impl Into<String>,
    unread: &mut Vec<Unread>,
) -> Result<Vec<T>> {
    match rows {
        Ok(rows) => Ok(rows),
        Err(error) => {
            unread.push(Unread::sort(what, error)?);
            Ok(Vec::new())
        }
    }
}

/// Awaits the futures, some of them at the same time.
fn at_once<F: Future>(all: impl Iterator<Item = F>) -> impl Stream<Item = F::Output> {
    // The stream has to own the futures: one that makes them from borrowed rows is not
    // `Send`.
    let all: Vec<F> = all.collect();
    stream::iter(all).buffer_unordered(AT_ONCE)
}
