//! Selects resources.

use std::fmt;
use std::sync::Arc;

use super::action::Deed;
use super::request::Bulk;
use crate::error::{Error, ErrorKind, Result};
use crate::estate::{Named, Overview, OverviewResource};
use crate::{Coolify, ResourceKind, Secret};

/// A condition that a caller supplies.
type Condition = Arc<dyn Fn(&OverviewResource) -> bool + Send + Sync>;

/// A selection of resources for an action: [`Coolify::select`].
///
/// Conditions of the same sort are alternatives, and those of different sorts have to
/// be met together: `.project("shop").project("blog").tag("web")` selects the resources
/// with the tag in either project. Nothing is selected without a condition;
/// [`all`](Self::all) selects everything.
///
/// It reads an [`Overview`]: four calls and one for each project, and those of
/// [`TakeOverview::tags`](crate::estate::TakeOverview::tags) if a tag is a condition.
/// [`among`](Self::among) uses one that has been read already.
///
/// A client that is [bound to a project](crate::Coolify::in_project) selects only
/// resources of the project.
///
/// Needs the `read` ability, and the ability of the action. Since Coolify 4.0.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::ResourceKind;
///
/// let unhealthy = coolify
///     .select()
///     .kind(ResourceKind::Application)
///     .filter(|it| it.status.as_ref().is_some_and(|status| !status.is_healthy()));
/// for resource in unhealthy.resources().await? {
///     println!("{resource}");
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a selection does nothing"]
pub struct Selection {
    pub(super) coolify: Coolify,
    projects: Vec<String>,
    environments: Vec<String>,
    servers: Vec<String>,
    tags: Vec<String>,
    kinds: Vec<ResourceKind>,
    conditions: Vec<Condition>,
    all: bool,
    overview: Option<Overview>,
}

impl Coolify {
    /// Selects resources of the team, to deploy, restart, stop, start or move them, or to
    /// set a variable of them. See [`Selection`].
    ///
    /// Needs the `read` ability, and the ability of the action. Since Coolify 4.0.0.
    #[doc(alias("bulk", "restart all", "stop all", "deploy all"))]
    pub fn select(&self) -> Selection {
        Selection {
            coolify: self.clone(),
            projects: Vec::new(),
            environments: Vec::new(),
            servers: Vec::new(),
            tags: Vec::new(),
            kinds: Vec::new(),
            conditions: Vec::new(),
            all: false,
            overview: None,
        }
    }
}

impl Selection {
    /// Selects the resources in this project, which is named by its name or its uuid.
    pub fn project(mut self, project: impl Into<String>) -> Self {
        self.projects.push(project.into());
        self
    }

    /// Selects the resources in environments with this name or this uuid.
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.environments.push(environment.into());
        self
    }

    /// Selects the resources on this server, which is named by its name or its uuid.
    pub fn server(mut self, server: impl Into<String>) -> Self {
        self.servers.push(server.into());
        self
    }

    /// Selects the resources with this tag. Before Coolify 4.2.0 the tags cannot be
    /// read.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// Selects resources of this kind.
    pub fn kind(mut self, kind: ResourceKind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// Selects the resources that meet this condition. If there are several conditions,
    /// all of them have to be met.
    pub fn filter(
        mut self,
        condition: impl Fn(&OverviewResource) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.conditions.push(Arc::new(condition));
        self
    }

    /// Selects all resources that meet the other conditions, even if there are no other
    /// conditions.
    pub fn all(mut self) -> Self {
        self.all = true;
        self
    }

    /// Selects from this overview, and does not read another one.
    pub fn among(mut self, overview: Overview) -> Self {
        self.overview = Some(overview);
        self
    }

    /// Returns the selected resources, and changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_request`], before anything is sent, without a condition;
    /// [`Error::is_not_found`], with [`suggestions`](Error::suggestions), for a project,
    /// environment, server or tag that does not exist; [`Error::is_forbidden`] if what a
    /// condition needs could not be read.
    pub async fn resources(self) -> Result<Vec<OverviewResource>> {
        let (_, selected) = self.take().await?;
        Ok(selected)
    }

    /// Deploys the selected applications, and watches their deployments. Databases and
    /// services are skipped, because they have no deployments: start or restart them.
    ///
    /// Needs the `deploy` and `read` abilities. Since Coolify 4.0.0.
    pub fn deploy(self) -> Bulk {
        Bulk::new(self, Deed::Deploy { force: false })
    }

    /// Restarts the selected resources. Stopped resources are skipped.
    ///
    /// Needs the `deploy` and `read` abilities. Since Coolify 4.0.0.
    pub fn restart(self) -> Bulk {
        Bulk::new(self, Deed::Restart)
    }

    /// Starts the selected resources. Running resources are skipped. Applications are
    /// started by a deployment.
    ///
    /// Needs the `deploy` and `read` abilities. Since Coolify 4.0.0.
    pub fn start(self) -> Bulk {
        Bulk::new(self, Deed::Start)
    }

    /// Stops the selected resources. Stopped resources are skipped.
    ///
    /// The unused images and containers of the server are not removed, unlike when a
    /// single resource is [stopped](crate::resource::Stop::docker_cleanup).
    ///
    /// Needs the `deploy` and `read` abilities. Since Coolify 4.0.0.
    pub fn stop(self) -> Bulk {
        Bulk::new(self, Deed::Stop)
    }

    /// Sets an environment variable of the selected resources: creates it, or changes its
    /// value and keeps its flags. Resources that have this value already are not changed,
    /// if the token can read values.
    ///
    /// The variable takes effect with the next deployment or restart.
    ///
    /// Needs the `read` and `write` abilities, and `read:sensitive` to compare values.
    /// Since Coolify 4.0.0.
    pub fn set_variable(self, key: impl Into<String>, value: impl Into<Secret>) -> Bulk {
        let (key, value) = (key.into(), value.into());
        Bulk::new(self, Deed::SetVariable { key, value })
    }

    /// Moves the selected resources to an environment, named by its uuid or as
    /// `project/environment`. They stay on their servers and keep running. Resources
    /// that are already in the environment are skipped.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.2.0.
    pub fn move_to(self, environment: impl Into<String>) -> Bulk {
        let asked = environment.into();
        Bulk::new(self, Deed::MoveTo { asked, found: None })
    }

    /// Returns the overview and the selected resources.
    pub(super) async fn take(self) -> Result<(Overview, Vec<OverviewResource>)> {
        let is_open = self.projects.is_empty()
            && self.environments.is_empty()
            && self.servers.is_empty()
            && self.tags.is_empty()
            && self.kinds.is_empty()
            && self.conditions.is_empty();
        if is_open && !self.all {
            let error = Error::new(ErrorKind::InvalidRequest, "nothing was selected");
            return Err(error.with_hint("set a condition, or select everything with `all()`"));
        }
        let overview = match &self.overview {
            Some(overview) => overview.clone(),
            None if self.tags.is_empty() => self.coolify.overview().await?,
            None => self.coolify.overview().tags().await?,
        };
        self.check(&overview)?;
        let selected = overview.resources.iter().filter(|it| self.selects(it));
        let selected = selected.cloned().collect();
        Ok((overview, selected))
    }

    fn selects(&self, resource: &OverviewResource) -> bool {
        let within = |names: &[String], place: &Option<Named>| {
            names.is_empty() || place.as_ref().is_some_and(|it| is_any(it, names))
        };
        let on = |it: &Named| is_any(it, &self.servers);
        let tags = || resource.tags.iter().flatten();
        within(&self.projects, &resource.project)
            && within(&self.environments, &resource.environment)
            && (self.servers.is_empty() || resource.servers.iter().any(on))
            && (self.tags.is_empty() || tags().any(|tag| is_tag_of(tag, &self.tags)))
            && (self.kinds.is_empty() || resource.kind.is_some_and(|it| self.kinds.contains(&it)))
            && self.conditions.iter().all(|meets| meets(resource))
    }

    /// Refuses unknown names, and an overview without the data that a condition needs.
    /// Otherwise a typing error would silently select nothing.
    fn check(&self, overview: &Overview) -> Result<()> {
        let mut needed = vec!["resources"];
        if !self.projects.is_empty() || !self.environments.is_empty() {
            needed.extend(["projects", "environments"]);
        }
        if !self.tags.is_empty() {
            needed.push("tags");
        }
        for unread in &overview.unread {
            let is_needed = |it: &&str| unread.what.starts_with(*it);
            if needed.iter().any(is_needed) {
                let error = Error::new(ErrorKind::Forbidden, unread.to_string());
                return Err(error.with_hint("without it, nobody knows what is selected"));
            }
        }
        let projects = || overview.projects.iter();
        let environments = || projects().flat_map(|it| it.environments.iter().flatten());
        let known: Vec<_> = projects().map(|it| (&it.uuid, &*it.name)).collect();
        exist("project", &self.projects, &known)?;
        let known: Vec<_> = environments().map(|it| (&it.uuid, &*it.name)).collect();
        exist("environment", &self.environments, &known)?;
        let used = overview.resources.iter().flat_map(|it| &it.servers);
        let known = overview.servers.iter().map(|it| (&it.uuid, &*it.name));
        let known: Vec<_> = known.chain(used.map(|it| (&it.uuid, &*it.name))).collect();
        exist("server", &self.servers, &known)?;
        self.check_tags(overview)
    }

    fn check_tags(&self, overview: &Overview) -> Result<()> {
        if self.tags.is_empty() || overview.resources.is_empty() {
            return Ok(());
        }
        if overview.resources.iter().all(|it| it.tags.is_none()) {
            let error = Error::new(ErrorKind::InvalidRequest, "the overview contains no tags");
            return Err(error.with_hint("take it with `overview().tags()`"));
        }
        let known = || {
            overview
                .resources
                .iter()
                .flat_map(|it| it.tags.iter().flatten())
        };
        for wanted in &self.tags {
            if !known().any(|tag| tag.eq_ignore_ascii_case(wanted)) {
                let error = Error::new(
                    ErrorKind::NotFound,
                    format!("nothing has the tag {wanted:?}"),
                );
                return Err(error.suggesting(wanted, known().map(String::as_str)));
            }
        }
        Ok(())
    }
}

fn is_any(place: &Named, names: &[String]) -> bool {
    names.iter().any(|name| place.is(name))
}

fn is_tag_of(tag: &str, tags: &[String]) -> bool {
    tags.iter().any(|it| it.eq_ignore_ascii_case(tag))
}

fn exist(noun: &str, wanted: &[String], known: &[(&crate::Uuid, &str)]) -> Result<()> {
    let is_missing = |it: &&String| {
        !known
            .iter()
            .any(|(uuid, name)| **it == *name || **uuid == ***it)
    };
    match wanted.iter().find(is_missing) {
        Some(missing) => {
            let summary = format!("no {noun} has the name or uuid {missing:?}");
            let error = Error::new(ErrorKind::NotFound, summary);
            Err(error.suggesting(missing, known.iter().map(|(_, name)| *name)))
        }
        None => Ok(()),
    }
}

impl fmt::Debug for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selection")
            .field("projects", &self.projects)
            .field("environments", &self.environments)
            .field("servers", &self.servers)
            .field("tags", &self.tags)
            .field("kinds", &self.kinds)
            .field("conditions", &self.conditions.len())
            .field("all", &self.all)
            .finish_non_exhaustive()
    }
}
