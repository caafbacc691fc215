//! Reads the facts.

use std::{sync::Arc, time::SystemTime};

use futures_util::future::{join, join3};

use super::{
    facts::{Part, ResourceFacts, ServerFacts, TaskFacts},
    neighbours::Neighbours,
};
use crate::{
    Call, Coolify, ResourceState, Result, Uuid,
    applications::ApplicationHandle,
    databases::DatabaseHandle,
    envs::EnvironmentVariable,
    resource::ContainerLogs,
    resources::Resource,
    scheduled_tasks::{HasScheduledTasks, ScheduledTasks},
    services::ServiceHandle,
    storages::StorageList,
};

/// How many of an application's newest deployments are read.
const DEPLOYMENTS: i64 = 5;

/// How many times to request the log of a container that is not running.
const ATTEMPTS: u32 = 3;

/// What to read about a resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// Whether to read what belongs to it even if its state does not call for it.
    pub(super) everything: bool,
    /// How many of the last lines of a log to read.
    pub(super) lines: u16,
}

/// Reads everything about one resource, which was just read itself.
pub(super) async fn resource(
    coolify: &Coolify,
    row: Resource,
    neighbours: Part<Arc<Neighbours>>,
    reading: Reading,
) -> ResourceFacts {
    let mut facts = ResourceFacts::new(row, SystemTime::now());
    facts.neighbours = neighbours;
    let is_sick = facts.is_sick();
    if !is_sick && !reading.everything {
        return facts;
    }
    let uuid = facts.resource.uuid().clone();
    match &facts.resource {
        Resource::Application(_) => {
            let handle = coolify.application(uuid);
            of_application(coolify, &handle, &mut facts, reading).await;
        }
        Resource::Service(_) => {
            of_service(coolify, &coolify.service(uuid), &mut facts, reading).await;
        }
        Resource::Database(_) => {
            of_database(coolify, &coolify.database(uuid), &mut facts, reading).await;
        }
        Resource::Unknown(_) => {}
    }
    facts
}

async fn of_application(
    coolify: &Coolify,
    handle: &ApplicationHandle,
    facts: &mut ResourceFacts,
    reading: Reading,
) {
    let history = handle.deployments();
    let deployments = async { history.page(0, DEPLOYMENTS).await.map(|it| it.deployments) };
    if facts.was_stopped_after_crashes() {
        // No call can show the log any more.
        let reason = "Coolify removed the containers when it stopped them";
        facts.log = Part::Unread(reason.to_owned());
        facts.deployments = Part::of(deployments.await);
    } else if facts.is_sick() {
        let log = handle.logs();
        let (deployments, log) = join(deployments, last_lines(log, coolify, reading)).await;
        facts.deployments = Part::of(deployments);
        facts.log = log;
    } else {
        facts.deployments = Part::of(deployments.await);
    }
    if reading.everything {
        let settings = settings(facts, handle.envs().list(), handle.storages().list());
        let ((), tasks) = join(settings, tasks(handle.scheduled_tasks())).await;
        facts.tasks = tasks;
    }
}

async fn of_service(
    coolify: &Coolify,
    handle: &ServiceHandle,
    facts: &mut ResourceFacts,
    reading: Reading,
) {
    // The log of one that has ended cannot be read.
    let containers = facts.containers();
    let mut running = containers
        .iter()
        .filter(|it| it.is_sick() && it.status.state != ResourceState::Exited);
    let container = running.next().map(|it| it.name.to_owned());
    if let Some(container) = container {
        facts.log = last_lines(handle.logs(container), coolify, reading).await;
    }
    if reading.everything {
        let settings = settings(facts, handle.envs().list(), handle.storages().list());
        let ((), tasks) = join(settings, tasks(handle.scheduled_tasks())).await;
        facts.tasks = tasks;
    }
}

async fn of_database(
    coolify: &Coolify,
    handle: &DatabaseHandle,
    facts: &mut ResourceFacts,
    reading: Reading,
) {
    if facts.is_sick() {
        facts.log = last_lines(handle.logs(), coolify, reading).await;
    }
    if reading.everything {
        settings(facts, handle.envs().list(), handle.storages().list()).await;
    }
}

/// Reads the environment variables and the storages of a resource.
async fn settings(
    facts: &mut ResourceFacts,
    envs: Call<Vec<EnvironmentVariable>>,
    storages: Call<StorageList>,
) {
    let (envs, storages) = join(envs, storages).await;
    facts.envs = Part::of(envs);
    facts.storages = Part::of(storages);
}

/// Reads the scheduled backups of one database, without those of other engines that have
/// the same numeric id.
pub(super) async fn backups(coolify: &Coolify, facts: &mut ResourceFacts) {
    let Some(database) = facts.database() else {
        return;
    };
    if !database.engine.has_backups() {
        return;
    }
    let raw = coolify.raw();
    let mut backups = raw
        .get_database_backups_by_uuid(database.uuid.as_str())
        .await;
    if let Ok(backups) = &mut backups {
        backups.retain(|it| database.engine.has(it));
    }
    facts.backups = Part::of(backups);
}

/// Reads the end of a log. Coolify only shows the log of a running container, which one
/// that keeps restarting is from time to time.
async fn last_lines(log: ContainerLogs, coolify: &Coolify, reading: Reading) -> Part<Vec<String>> {
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            tokio::time::sleep(coolify.poll_interval()).await;
        }
        match log.clone().lines(reading.lines).await {
            Ok(Some(text)) => return Part::Read(text.lines().map(str::to_owned).collect()),
            Ok(None) => {}
            Err(error) => return Part::of(Err(error)),
        }
    }
    let reason = "no container was running, and Coolify only shows the log of a running one";
    Part::Unread(reason.to_owned())
}

async fn tasks<R: HasScheduledTasks>(handle: ScheduledTasks<R>) -> Part<Vec<TaskFacts>> {
    let tasks = match handle.list().await {
        Ok(tasks) => tasks,
        Err(error) => return Part::of(Err(error)),
    };
    let mut facts = Vec::new();
    for task in tasks {
        let executions = if task.enabled == Some(false) {
            Part::NotAsked
        } else {
            Part::of(handle.executions(task.uuid.clone()).await)
        };
        facts.push(TaskFacts { task, executions });
    }
    Part::Read(facts)
}

/// Reads everything about one server.
pub(super) async fn server(coolify: &Coolify, uuid: &Uuid) -> Result<ServerFacts> {
    let handle = coolify.server(uuid.clone());
    let (server, resources, cleanups) = join3(
        handle.get(),
        coolify.resources().list(),
        handle.docker_cleanup().executions(),
    )
    .await;
    let mut facts = ServerFacts::new(server?, SystemTime::now());
    facts.neighbours = neighbours(resources);
    facts.cleanups = Part::of(cleanups);
    Ok(facts)
}

/// Collects the domains and ports of a list of resources.
pub(super) fn neighbours(resources: Result<Vec<Resource>>) -> Part<Arc<Neighbours>> {
    Part::of(resources.map(|it| Arc::new(Neighbours::of(&it))))
}
