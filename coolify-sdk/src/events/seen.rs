//! The events that have been noticed already.

use std::collections::{HashMap, VecDeque};

use super::{ContainerEvent, DeploymentEvent, Event, ResourceEvent, ServerEvent};
use crate::deployments::Deployment;
use crate::resources::Resource;
use crate::servers::Server;
use crate::{DeploymentStatus, ResourceState, Uuid};

/// The number of events that are remembered, in order to recognise them when they are
/// noticed in the other way as well.
const REMEMBERED: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Whether each resource was running when it was looked at last.
    running: HashMap<Uuid, bool>,
    /// Whether each server was reachable when it was looked at last.
    reachable: HashMap<Uuid, bool>,
    /// The deployments that were queued or in progress at the last poll.
    unfinished: Vec<Uuid>,
    /// The events that polling noticed first, and that may still arrive at the webhook.
    polled: VecDeque<String>,
    /// The deployments whose end arrived at the webhook.
    told: VecDeque<Uuid>,
}

impl Seen {
    /// Takes note of an event of the webhook, and returns whether it is news.
    pub(super) fn arrives(&mut self, event: &Event) -> bool {
        match event {
            Event::DeploymentSucceeded(it) | Event::DeploymentFailed(it) => {
                if let Some(uuid) = &it.deployment_uuid {
                    self.forget(uuid);
                    push(&mut self.told, uuid.clone());
                }
            }
            Event::StatusChanged(it) | Event::RestartLimitReached(it) => {
                let uuid = it.application_uuid.clone();
                self.running.extend(uuid.map(|uuid| (uuid, false)));
            }
            Event::ServerReachable(it) => {
                let uuid = it.server_uuid.clone();
                self.reachable.extend(uuid.map(|uuid| (uuid, true)));
            }
            Event::ServerUnreachable(it) => {
                let uuid = it.server_uuid.clone();
                self.reachable.extend(uuid.map(|uuid| (uuid, false)));
            }
            _ => {}
        }
        let Some(key) = key(event) else {
            return true;
        };
        let at = self.polled.iter().position(|it| *it == key);
        at.and_then(|at| self.polled.remove(at)).is_none()
    }

    /// Returns the resources whose containers have stopped since the last poll.
    pub(super) fn stopped(&mut self, resources: &[Resource]) -> Vec<Event> {
        let mut news = Vec::new();
        let mut running = HashMap::new();
        for resource in resources.iter().filter(|it| !is_being_deleted(it)) {
            let before = self.running.get(resource.uuid()).copied();
            let now = match resource.status() {
                Some(status) if status.is_running() => Some(true),
                Some(status) if status.state == ResourceState::Exited => Some(false),
                // It is on its way.
                _ => before,
            };
            if before == Some(true) && now == Some(false) {
                news.push(stop_of(resource));
            }
            running.extend(now.map(|now| (resource.uuid().clone(), now)));
        }
        self.running = running;
        self.polled(news)
    }

    /// Returns the servers that became reachable or unreachable.
    pub(super) fn reachable(&mut self, servers: &[Server]) -> Vec<Event> {
        let mut news = Vec::new();
        let mut reachable = HashMap::new();
        for server in servers {
            let before = self.reachable.get(&server.uuid).copied();
            let now = server.is_reachable.or(before);
            let payload = || ServerEvent {
                server_name: Some(server.name.clone()),
                server_uuid: Some(server.uuid.clone()),
                ..ServerEvent::default()
            };
            match (before, now) {
                (Some(true), Some(false)) => news.push(Event::ServerUnreachable(payload())),
                (Some(false), Some(true)) => news.push(Event::ServerReachable(payload())),
                _ => {}
            }
            reachable.extend(now.map(|now| (server.uuid.clone(), now)));
        }
        self.reachable = reachable;
        self.polled(news)
    }

    /// Returns the deployments that were unfinished and are not any more.
    pub(super) fn left(&mut self, unfinished: &[Deployment]) -> Vec<Uuid> {
        let is_listed = |uuid: &Uuid| unfinished.iter().any(|it| it.deployment_uuid == *uuid);
        let left: Vec<_> = self
            .unfinished
            .iter()
            .filter(|it| !is_listed(it))
            .cloned()
            .collect();
        let listed = unfinished.iter().map(|it| it.deployment_uuid.clone());
        let listed: Vec<_> = listed.filter(|it| !self.told.contains(it)).collect();
        // One that has left stays until its end has been read.
        self.unfinished = listed.into_iter().chain(left.iter().cloned()).collect();
        left
    }

    /// Returns the end of a deployment that has left the list.
    pub(super) fn ended(
        &mut self,
        uuid: &Uuid,
        deployment: &Deployment,
        application: Option<Uuid>,
        dashboard: &str,
    ) -> Option<Event> {
        if !deployment.status.is_terminal() {
            return None;
        }
        self.forget(uuid);
        let path = deployment.deployment_url.as_deref();
        let payload = DeploymentEvent {
            application_name: deployment.application_name.clone(),
            application_uuid: application,
            deployment_uuid: Some(uuid.clone()),
            deployment_url: path.map(|path| format!("{dashboard}{path}")),
            pull_request_id: deployment.pull_request_id.filter(|it| *it != 0),
            ..DeploymentEvent::default()
        };
        let news = match deployment.status {
            DeploymentStatus::Finished => Event::DeploymentSucceeded(payload),
            DeploymentStatus::Failed => Event::DeploymentFailed(payload),
            // Coolify does not tell that somebody cancelled one.
            _ => return None,
        };
        self.polled(vec![news]).pop()
    }

    pub(super) fn forget(&mut self, deployment: &Uuid) {
        self.unfinished.retain(|it| it != deployment);
    }

    /// Remembers events that may still arrive at the webhook.
    fn polled(&mut self, news: Vec<Event>) -> Vec<Event> {
        for key in news.iter().filter_map(key) {
            push(&mut self.polled, key);
        }
        news
    }
}

/// A resource that is being deleted stops as well.
fn is_being_deleted(resource: &Resource) -> bool {
    match resource {
        Resource::Application(it) => it.deleted_at.is_some(),
        Resource::Database(it) => it.deleted_at.is_some(),
        Resource::Service(it) => it.deleted_at.is_some(),
        Resource::Unknown(_) => false,
    }
}

/// Returns the event of a resource whose containers have stopped.
fn stop_of(resource: &Resource) -> Event {
    match resource {
        Resource::Application(it) => Event::StatusChanged(ResourceEvent {
            application_name: Some(it.name.clone()),
            application_uuid: Some(it.uuid.clone()),
            fqdn: it.fqdn.clone(),
            ..ResourceEvent::default()
        }),
        it => Event::ContainerStopped(ContainerEvent {
            container_name: Some(it.name().to_owned()),
            ..ContainerEvent::default()
        }),
    }
}

/// Returns a key that is equal for the same event from both sources.
fn key(event: &Event) -> Option<String> {
    let about = match event {
        Event::DeploymentSucceeded(it) | Event::DeploymentFailed(it) => {
            it.deployment_uuid.as_ref()?.as_str()
        }
        Event::StatusChanged(it) => it.application_uuid.as_ref()?.as_str(),
        Event::ContainerStopped(it) => it.container_name.as_deref()?,
        Event::ServerReachable(it) | Event::ServerUnreachable(it) => {
            it.server_uuid.as_ref()?.as_str()
        }
        _ => return None,
    };
    Some(format!("{} {about}", event.name()))
}

fn push<T>(all: &mut VecDeque<T>, one: T) {
    if all.len() >= REMEMBERED {
        all.pop_front();
    }
    all.push_back(one);
}
