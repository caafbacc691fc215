//! What the rules look at: everything that was read about one thing.

use std::{sync::Arc, time::SystemTime};

use super::{
    finding::{Subject, SubjectKind},
    neighbours::Neighbours,
    report::{Report, Unread},
};
use crate::{
    Error, ErrorKind, Health, ResourceState, ResourceStatus, Timestamp,
    applications::Application,
    cloud_tokens::CloudToken,
    databases::{Database, DatabaseBackup},
    deployments::Deployment,
    envs::EnvironmentVariable,
    private_keys::PrivateKey,
    resources::Resource,
    s3_storages::S3Storage,
    scheduled_tasks::{ScheduledTask, ScheduledTaskExecution},
    servers::{DockerCleanupExecution, Server},
    services::Service,
    storages::StorageList,
};

/// A part of the facts, which may be missing for a known reason.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Part<T> {
    /// It was read.
    Read(T),
    /// It could not be read, for this reason. The report says so.
    Unread(String),
    /// It was not requested, because nothing called for it, or there is none on this
    /// server or for this resource.
    #[default]
    NotAsked,
}

impl<T> Part<T> {
    /// Returns the part, if it was read.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Read(part) => Some(part),
            _ => None,
        }
    }

    pub(super) fn of(result: crate::Result<T>) -> Self {
        match result {
            Ok(part) => Self::Read(part),
            // What the server does not have, nothing is wrong with.
            Err(error) if error.kind() == ErrorKind::Unsupported => Self::NotAsked,
            Err(error) => Self::Unread(reason(&error)),
        }
    }

    fn note(&self, subject: &Subject, name: &'static str, report: &mut Report) {
        if let Self::Unread(reason) = self {
            report
                .unread
                .push(Unread::new(subject, name, reason.clone()));
        }
    }
}

impl<T> Part<Vec<T>> {
    /// Returns the items; none if the list was not read.
    pub fn items(&self) -> &[T] {
        self.get().map_or(&[], Vec::as_slice)
    }
}

/// Returns why something could not be read.
pub(super) fn reason(error: &Error) -> String {
    match error.missing_ability() {
        Some(ability) => format!("the token lacks the ability `{ability}`"),
        None => match error.hint() {
            Some(hint) => {
                let said = error.to_string();
                format!("{}: {hint}", said.trim_end_matches('.'))
            }
            None => error.to_string(),
        },
    }
}

/// What a [`Rule`](super::Rule) looks at.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Facts<'a> {
    /// An application, a service or a database.
    Resource(&'a ResourceFacts),
    /// A server.
    Server(&'a ServerFacts),
    /// What belongs to the team and to no resource.
    Team(&'a TeamFacts),
}

impl Facts<'_> {
    /// Returns what the facts are about.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        match self {
            Self::Resource(it) => &it.subject,
            Self::Server(it) => &it.subject,
            Self::Team(it) => &it.subject,
        }
    }

    /// Adds what could not be read to a report.
    pub(super) fn note_unread(&self, report: &mut Report) {
        let subject = self.subject();
        match self {
            Self::Resource(it) => {
                it.server.note(subject, "the server", report);
                it.neighbours.note(subject, "the other resources", report);
                it.deployments.note(subject, "the deployments", report);
                it.envs.note(subject, "the environment variables", report);
                it.storages.note(subject, "the storages", report);
                it.tasks.note(subject, "the scheduled tasks", report);
                it.backups.note(subject, "the backups", report);
                it.log.note(subject, "the log", report);
                for task in it.tasks.items() {
                    task.executions
                        .note(subject, "the executions of a scheduled task", report);
                }
            }
            Self::Server(it) => {
                it.neighbours.note(subject, "the resources", report);
                it.cleanups.note(subject, "the Docker cleanups", report);
            }
            Self::Team(it) => {
                it.unfinished.note(subject, "the deployment queue", report);
                it.private_keys.note(subject, "the private keys", report);
                it.cloud_tokens.note(subject, "the cloud tokens", report);
                it.s3_storages.note(subject, "the S3 storages", report);
                it.used_keys
                    .note(subject, "the use of the private keys", report);
            }
        }
    }
}

/// What was read about an application, a service or a database.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ResourceFacts {
    /// The resource or server, as findings name it.
    pub subject: Subject,
    /// The resource itself.
    pub resource: Resource,
    /// The server on which it runs.
    pub server: Part<Server>,
    /// The domains and ports of all resources.
    pub neighbours: Part<Arc<Neighbours>>,
    /// The newest deployments of an application, the newest first.
    pub deployments: Part<Vec<Deployment>>,
    /// Its environment variables.
    pub envs: Part<Vec<EnvironmentVariable>>,
    /// Its storages.
    pub storages: Part<StorageList>,
    /// Its scheduled tasks.
    pub tasks: Part<Vec<TaskFacts>>,
    /// The scheduled backups of a database.
    pub backups: Part<Vec<DatabaseBackup>>,
    /// The last lines of its log. It is read if the state calls for it.
    pub log: Part<Vec<String>>,
    /// The time of the diagnosis.
    pub now: SystemTime,
}

/// A scheduled task with its executions.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TaskFacts {
    /// The task.
    pub task: ScheduledTask,
    /// Its executions, the newest first.
    pub executions: Part<Vec<ScheduledTaskExecution>>,
}

/// What was read about a server.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServerFacts {
    /// The resource or server, as findings name it.
    pub subject: Subject,
    /// The server itself.
    pub server: Server,
    /// The domains and ports of all resources.
    pub neighbours: Part<Arc<Neighbours>>,
    /// The executions of the Docker cleanup, the newest first.
    pub cleanups: Part<Vec<DockerCleanupExecution>>,
    /// The time of the diagnosis.
    pub now: SystemTime,
}

/// What was read about the team.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TeamFacts {
    /// The team.
    pub subject: Subject,
    /// The deployments that wait or run.
    pub unfinished: Part<Vec<Deployment>>,
    /// The servers of the team.
    pub servers: Vec<Server>,
    /// The private keys.
    pub private_keys: Part<Vec<PrivateKey>>,
    /// The numeric ids of the private keys that something uses.
    pub used_keys: Part<Vec<crate::Id>>,
    /// The cloud tokens.
    pub cloud_tokens: Part<Vec<CloudToken>>,
    /// The S3 storages.
    pub s3_storages: Part<Vec<S3Storage>>,
    /// The time of the diagnosis.
    pub now: SystemTime,
}

impl ResourceFacts {
    /// Returns facts that consist of the resource alone, with what the resource itself
    /// contains.
    #[must_use]
    pub fn new(resource: Resource, now: SystemTime) -> Self {
        let server = server_of(&resource).cloned();
        Self {
            subject: subject_of(&resource),
            server: server.map_or(Part::NotAsked, Part::Read),
            resource,
            neighbours: Part::NotAsked,
            deployments: Part::NotAsked,
            envs: Part::NotAsked,
            storages: Part::NotAsked,
            tasks: Part::NotAsked,
            backups: Part::NotAsked,
            log: Part::NotAsked,
            now,
        }
    }

    /// Returns the application, if it is one.
    #[must_use]
    pub fn application(&self) -> Option<&Application> {
        match &self.resource {
            Resource::Application(it) => Some(it),
            _ => None,
        }
    }

    /// Returns the service, if it is one.
    #[must_use]
    pub fn service(&self) -> Option<&Service> {
        match &self.resource {
            Resource::Service(it) => Some(it),
            _ => None,
        }
    }

    /// Returns the database, if it is one.
    #[must_use]
    pub fn database(&self) -> Option<&Database> {
        match &self.resource {
            Resource::Database(it) => Some(it),
            _ => None,
        }
    }

    /// Returns the restarts after crashes; `None` for a service, for which Coolify does
    /// not count them.
    #[must_use]
    pub fn crashes(&self) -> Option<Crashes<'_>> {
        let (count, most, at, kind) = match &self.resource {
            Resource::Application(it) => (
                it.restart_count,
                it.max_restart_count,
                it.last_restart_at.as_ref(),
                it.last_restart_type.as_deref(),
            ),
            Resource::Database(it) => (
                it.restart_count,
                None,
                it.last_restart_at.as_ref(),
                it.last_restart_type.as_deref(),
            ),
            _ => return None,
        };
        let count = count.unwrap_or_default();
        (count > 0 && kind == Some("crash")).then_some(Crashes { count, most, at })
    }

    /// Returns whether it is running, whatever its health.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let state = self.resource.status().map(|it| &it.state);
        state == Some(&ResourceState::Running)
    }

    /// Returns whether it is running and healthy.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.resource
            .status()
            .is_some_and(ResourceStatus::is_healthy)
    }

    /// Returns whether it is running or trying to, but not as it should.
    #[must_use]
    pub fn is_sick(&self) -> bool {
        let Some(status) = self.resource.status() else {
            return false;
        };
        match &status.state {
            ResourceState::Running => status.health == Some(Health::Unhealthy),
            ResourceState::Exited => self.was_stopped_after_crashes(),
            ResourceState::Restarting | ResourceState::Degraded | ResourceState::Dead => true,
            _ => false,
        }
    }

    /// Returns whether Coolify stopped the application because it crashed too often.
    ///
    /// Coolify forgets the crashes when somebody stops an application, so that a
    /// deliberate stop never counts.
    #[must_use]
    pub fn was_stopped_after_crashes(&self) -> bool {
        let state = self.resource.status().map(|it| &it.state);
        if state != Some(&ResourceState::Exited) {
            return false;
        }
        let said = self.application().and_then(|it| it.restart_limit_reached);
        let crashes = self.crashes();
        said == Some(true)
            || crashes.is_some_and(|it| it.most.is_some_and(|most| most > 0 && it.count >= most))
    }

    /// Returns the containers of a service that count for its status. It is empty for other
    /// resources.
    #[must_use]
    pub fn containers(&self) -> Vec<Container<'_>> {
        let Some(service) = self.service() else {
            return Vec::new();
        };
        let applications = service.applications.iter().flatten();
        let databases = service.databases.iter().flatten();
        let all = applications
            .map(|it| (&it.name, &it.status, it.exclude_from_status))
            .chain(databases.map(|it| (&it.name, &it.status, it.exclude_from_status)));
        all.filter(|(_, _, excluded)| *excluded != Some(true))
            .filter_map(|(name, status, _)| {
                let status = status.as_ref()?;
                Some(Container { name, status })
            })
            .collect()
    }

    /// Returns the newest deployment of production.
    #[must_use]
    pub fn newest_deployment(&self) -> Option<&Deployment> {
        let mut all = self.deployments.items().iter();
        all.find(|it| it.pull_request_id.unwrap_or_default() == 0)
    }

    /// Returns how long ago something was; `None` for a time of an unknown form.
    #[must_use]
    pub fn age(&self, time: &Timestamp) -> Option<std::time::Duration> {
        age(self.now, time)
    }
}

/// How long before `now` something was; zero for the future.
pub(super) fn age(now: SystemTime, time: &Timestamp) -> Option<std::time::Duration> {
    let then = time.to_system_time()?;
    Some(now.duration_since(then).unwrap_or_default())
}

/// A container of a service.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Container<'a> {
    /// Its name in the compose file.
    pub name: &'a str,
    /// Its status.
    pub status: &'a ResourceStatus,
}

impl Container<'_> {
    /// Returns whether it keeps restarting.
    #[must_use]
    pub fn restarts(&self) -> bool {
        self.status.state == ResourceState::Restarting
    }

    /// Returns whether it does not run, or fails its health check.
    #[must_use]
    pub fn is_sick(&self) -> bool {
        self.status.state != ResourceState::Running || self.status.health == Some(Health::Unhealthy)
    }
}

/// The restarts of a resource after crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Crashes<'a> {
    /// How many there were since the last deployment.
    pub count: i64,
    /// After how many Coolify stops an application.
    pub most: Option<i64>,
    /// When the last one was.
    pub at: Option<&'a Timestamp>,
}

impl ServerFacts {
    /// Returns facts that consist of the server alone.
    #[must_use]
    pub fn new(server: Server, now: SystemTime) -> Self {
        Self {
            subject: Subject::new(SubjectKind::Server, server.name.clone())
                .uuid(server.uuid.clone()),
            server,
            neighbours: Part::NotAsked,
            cleanups: Part::NotAsked,
            now,
        }
    }

    /// Returns the subjects of the resources on this server that have a domain.
    #[must_use]
    pub fn with_domains(&self) -> Vec<&Subject> {
        let neighbours = self.neighbours.get();
        let claims = neighbours.into_iter().flat_map(|it| it.claims());
        let mut subjects: Vec<&Subject> = claims
            .filter(|it| it.server.as_ref() == Some(&self.server.uuid))
            .map(|it| &it.subject)
            .collect();
        subjects.dedup();
        subjects
    }
}

/// Returns the server that a resource contains.
pub(super) fn server_of(resource: &Resource) -> Option<&Server> {
    let destination = match resource {
        Resource::Application(it) => it.destination.as_ref(),
        Resource::Database(it) => it.destination.as_ref(),
        Resource::Service(it) => {
            let nested = it.destination.as_ref().and_then(|it| it.server.as_ref());
            return it.server.as_ref().or(nested);
        }
        Resource::Unknown(_) => None,
    };
    destination?.server.as_ref()
}

/// Returns what a resource is.
pub(super) fn subject_of(resource: &Resource) -> Subject {
    let (kind, environment) = match resource {
        Resource::Application(it) => (SubjectKind::Application, it.environment.as_ref()),
        Resource::Service(it) => (SubjectKind::Service, it.environment.as_ref()),
        Resource::Database(it) => (SubjectKind::Database, it.environment.as_ref()),
        Resource::Unknown(_) => (SubjectKind::Resource, None),
    };
    let environment = environment.map(|it| match &it.project {
        Some(project) => format!("{}/{}", project.name, it.name),
        None => it.name.clone(),
    });
    Subject {
        environment,
        server: server_of(resource).map(|it| it.name.clone()),
        ..Subject::new(kind, resource.name()).uuid(resource.uuid().clone())
    }
}
