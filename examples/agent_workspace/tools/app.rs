//! Finds an application, and shows it.
//!
//! To the agent, a compose file of its own is an application with several containers. To
//! Coolify, it is a service.

use coolify_sdk::applications::{Application, ApplicationHandle, BuildPack};
use coolify_sdk::domains::Domain;
use coolify_sdk::services::{Service, ServiceHandle};
use coolify_sdk::{Clearable, Uuid};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

/// What Coolify stores for an application without a repository.
const NO_REPOSITORY: &str = "coollabsio/coolify";

/// The arguments of a tool for one application.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OneApp {
    /// The application's uuid.
    pub app: String,
}

/// An application of the workspace, in one of two forms.
pub enum App {
    /// Built from a repository or a Dockerfile, or run from an image.
    Application(ApplicationHandle, Box<Application>),
    /// Made of the services in a compose file.
    Compose(ServiceHandle, Box<Service>),
}

impl App {
    /// Reads an application.
    pub async fn find(workspace: &Workspace, uuid: &str) -> Outcome<Self> {
        let handle = workspace.coolify.application(uuid);
        let missing = match handle.get().await {
            Ok(application) => return Ok(Self::Application(handle, Box::new(application))),
            Err(error) if error.is_not_found() => error,
            Err(error) => return Err(error.into()),
        };
        let handle = workspace.coolify.service(uuid);
        match handle.get().await {
            Ok(service) if is_compose(&service) => Ok(Self::Compose(handle, Box::new(service))),
            Ok(_) => {
                let message = format!("{uuid} is a one-click service, and no application");
                Err(Failure::fix("not_found", message).hint("the tools `auth_*` are for those"))
            }
            Err(error) if error.is_not_found() => Err(missing.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads an application that is not made of a compose file of its own.
    pub async fn single(
        workspace: &Workspace,
        uuid: &str,
    ) -> Outcome<(ApplicationHandle, Application)> {
        match Self::find(workspace, uuid).await? {
            Self::Application(handle, application) => Ok((handle, *application)),
            Self::Compose(..) => {
                let message =
                    "that is for applications with a single container, not for a compose file";
                Err(Failure::fix("invalid_request", message))
            }
        }
    }

    pub fn uuid(&self) -> &Uuid {
        match self {
            Self::Application(handle, _) => handle.uuid(),
            Self::Compose(handle, _) => handle.uuid(),
        }
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Application(_, application) => &application.name,
            Self::Compose(_, service) => &service.name,
        }
    }

    pub fn view(&self) -> View {
        match self {
            Self::Application(_, application) => View::from(&**application),
            Self::Compose(_, service) => View::from(&**service),
        }
    }
}

/// Returns whether a service was made of a compose file, and not of a one-click type.
pub fn is_compose(service: &Service) -> bool {
    service.service_type.as_ref().is_none_or(String::is_empty)
}

/// What an agent may see of an application: no secret, and nothing about the server.
#[derive(Serialize, JsonSchema)]
pub struct View {
    pub uuid: String,
    pub name: String,
    /// `application`, or `compose` for a compose file of its own.
    kind: &'static str,
    description: Option<String>,
    /// Coolify's status, such as `running:healthy`.
    pub status: Option<String>,
    pub domains: Vec<OneDomain>,
    #[serde(skip_serializing_if = "Option::is_none")]
    build_pack: Option<String>,
    /// The address without credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ports: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_directory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dockerfile_location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    docker_compose_location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits_memory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits_cpus: Option<String>,
    /// The containers of a compose file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Container>,
}

/// A domain, and the service of a compose file that has it.
#[derive(Serialize, JsonSchema)]
pub struct OneDomain {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<String>,
}

impl From<&Domain> for OneDomain {
    fn from(domain: &Domain) -> Self {
        Self {
            url: domain.url.clone(),
            service: domain.service.clone(),
        }
    }
}

/// A container of a compose file.
#[derive(Serialize, JsonSchema)]
pub struct Container {
    /// Its name in the compose file.
    pub name: String,
    pub status: Option<String>,
    /// Why its log may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

impl From<&Application> for View {
    fn from(application: &Application) -> Self {
        let is_compose = application.build_pack == Some(BuildPack::DockerCompose);
        let only_for = |is_it: bool, text: &Option<String>| text.clone().filter(|_| is_it);
        Self {
            uuid: application.uuid.to_string(),
            name: application.name.clone(),
            kind: "application",
            description: application.description.clone(),
            status: application.status.as_ref().map(ToString::to_string),
            domains: domains_of(application),
            build_pack: application.build_pack.as_ref().map(ToString::to_string),
            repository: repository(application),
            branch: application
                .git_branch
                .clone()
                .filter(|_| is_built(application)),
            commit: application
                .git_commit_sha
                .clone()
                .filter(|_| is_built(application)),
            image: application.docker_registry_image_name.clone(),
            ports: application.ports_exposes.clone(),
            base_directory: application.base_directory.clone(),
            dockerfile_location: only_for(
                application.build_pack == Some(BuildPack::Dockerfile),
                &application.dockerfile_location,
            ),
            docker_compose_location: only_for(is_compose, &application.docker_compose_location),
            limits_memory: application.limits_memory.clone(),
            limits_cpus: application.limits_cpus.clone(),
            services: Vec::new(),
        }
    }
}

impl From<&Service> for View {
    fn from(service: &Service) -> Self {
        Self {
            uuid: service.uuid.to_string(),
            name: service.name.clone(),
            kind: "compose",
            description: service.description.clone(),
            status: service.status.as_ref().map(ToString::to_string),
            domains: domains_of_service(service),
            build_pack: None,
            repository: None,
            branch: None,
            commit: None,
            image: None,
            ports: None,
            base_directory: None,
            dockerfile_location: None,
            docker_compose_location: None,
            limits_memory: None,
            limits_cpus: None,
            services: containers(service),
        }
    }
}

fn domains_of(application: &Application) -> Vec<OneDomain> {
    if application.build_pack != Some(BuildPack::DockerCompose) {
        let domains = application.domains().map(Domain::from);
        return domains.map(|domain| OneDomain::from(&domain)).collect();
    }
    let mut domains = Vec::new();
    for entry in application.compose_domains() {
        let Some(Clearable::Set(urls)) = entry.domain else {
            continue;
        };
        domains.extend(urls.split(',').map(|url| OneDomain {
            url: url.trim().to_owned(),
            service: Some(entry.name.clone()),
        }));
    }
    domains
}

pub fn domains_of_service(service: &Service) -> Vec<OneDomain> {
    let parts = service.applications.as_deref().unwrap_or_default();
    let urls = parts.iter().flat_map(|part| {
        let urls = part.fqdn.as_deref().unwrap_or_default().split(',');
        urls.filter(|url| !url.is_empty())
            .map(|url| OneDomain::from(&Domain::of(&part.name, url)))
    });
    urls.collect()
}

/// Returns the containers of a service, each with a warning if it does not run.
pub fn containers(service: &Service) -> Vec<Container> {
    let applications = service.applications.as_deref().unwrap_or_default();
    let databases = service.databases.as_deref().unwrap_or_default();
    let applications = applications
        .iter()
        .map(|it| (&it.name, &it.status, &it.created_at, &it.last_online_at));
    let databases = databases
        .iter()
        .map(|it| (&it.name, &it.status, &it.created_at, &it.last_online_at));
    applications
        .chain(databases)
        .map(|(name, status, created, online)| {
            let is_running = status
                .as_ref()
                .is_some_and(|it| it.to_string().starts_with("running"));
            // A new container shows its creation time as the time when it was last
            // online.
            let has_run = online.is_some() && online.as_ref() > created.as_ref();
            let warning = match (is_running, has_run) {
                (true, _) => None,
                (false, true) => Some(format!("{name} does not run now")),
                (false, false) => Some(format!(
                    "{name} has never run: deploy, and check its image and command"
                )),
            };
            Container {
                name: name.clone(),
                status: status.as_ref().map(ToString::to_string),
                warning,
            }
        })
        .collect()
}

/// Returns the name of the requested container, or of the only one.
pub fn container(service: &Service, wanted: Option<&str>) -> Outcome<String> {
    let mut names: Vec<String> = containers(service).into_iter().map(|it| it.name).collect();
    let known = names.join(", ");
    match wanted {
        Some(name) if names.iter().any(|it| it == name) => Ok(name.to_owned()),
        Some(name) => Err(
            Failure::fix("invalid_request", format!("there is no service {name:?}"))
                .hint(format!("the services are {known}")),
        ),
        None if names.len() == 1 => Ok(names.remove(0)),
        None => Err(
            Failure::fix("ambiguous", "the application has several services")
                .hint(format!("name one in `service`: {known}")),
        ),
    }
}

/// Returns the address of the repository without the token that it may contain.
pub fn repository(application: &Application) -> Option<String> {
    if !is_built(application) {
        return None;
    }
    let repository = application.git_repository.as_ref()?;
    Some(repository.without_credentials().into_owned())
}

/// Returns whether an application is built from a repository. The others have one of
/// Coolify's own in its place.
pub fn is_built(application: &Application) -> bool {
    let repository = application.git_repository.as_ref();
    application.build_pack != Some(BuildPack::DockerImage)
        && application.dockerfile.is_none()
        && repository.is_some_and(|it| it.expose() != NO_REPOSITORY)
}
