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
    /// The names of the containers whose stop arrived at the webhook since the last poll.
    stopped: Vec<String>,
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
            Event::ContainerStopped(it) => self.stopped.extend(it.container_name.clone()),
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
        let told = std::mem::take(&mut self.stopped);
        let is_told = |it: &Event| match it {
            Event::ContainerStopped(it) => {
                let name = it.container_name.as_ref();
                name.is_some_and(|name| told.contains(name))
            }
            _ => false,
        };
        news.retain(|it| !is_told(it));
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn resources(rows: Value) -> Vec<Resource> {
        serde_json::from_value(rows).unwrap()
    }

    fn application(status: &str) -> Vec<Resource> {
        resources(json!([{
            "uuid": "a1", "name": "web", "type": "application", "fqdn": "https://a.example",
            "status": status,
        }]))
    }

    fn servers(is_reachable: Option<bool>) -> Vec<Server> {
        let row = json!([{"uuid": "s1", "name": "box", "is_reachable": is_reachable}]);
        serde_json::from_value(row).unwrap()
    }

    fn deployment(uuid: &str, status: &str) -> Deployment {
        let row = json!({
            "deployment_uuid": uuid, "status": status, "application_name": "web",
            "deployment_url": "/project/p/deployment/d", "pull_request_id": 0,
        });
        serde_json::from_value(row).unwrap()
    }

    fn event(body: &Value) -> Event {
        Event::parse(body.to_string().as_bytes()).unwrap()
    }

    fn names(news: &[Event]) -> Vec<&str> {
        news.iter().map(Event::name).collect()
    }

    #[test]
    fn what_runs_and_then_has_exited_has_stopped() {
        let mut seen = Seen::default();
        let mut look = |status: &str| seen.stopped(&application(status)).len();
        // The first poll is only a reference.
        assert_eq!(look("exited"), 0);
        assert_eq!(look("running:healthy"), 0);
        assert_eq!(look("exited"), 1);
        assert_eq!(look("exited"), 0);
        // A starting resource has not stopped; its last known state is kept.
        assert_eq!(look("running:unhealthy"), 0);
        assert_eq!(look("restarting"), 0);
        assert_eq!(look("exited:unhealthy"), 1);
        assert_eq!(look("starting"), 0);
        assert_eq!(look("exited"), 0);
    }

    #[test]
    fn a_resource_that_is_being_deleted_or_gone_has_not_stopped() {
        let gone = "2026-11-29T10:00:00.000000Z";
        for kind in ["application", "service", "standalone-postgresql"] {
            let row = |status: &str, deleted: Option<&str>| {
                resources(json!([{
                    "uuid": "r1", "name": "one", "type": kind, "status": status,
                    "deleted_at": deleted,
                }]))
            };
            let mut seen = Seen::default();
            assert!(seen.stopped(&row("running", None)).is_empty());
            assert!(
                seen.stopped(&row("exited", Some(gone))).is_empty(),
                "{kind}"
            );
            // A resource that is listed again later is new.
            let mut seen = Seen::default();
            seen.stopped(&row("running", None));
            assert!(seen.stopped(&[]).is_empty());
            assert!(seen.stopped(&row("exited", None)).is_empty(), "{kind}");
            let mut seen = Seen::default();
            seen.stopped(&row("running", None));
            assert_eq!(seen.stopped(&row("exited", None)).len(), 1, "{kind}");
        }
    }

    #[test]
    fn a_stop_tells_what_has_stopped() {
        let mut seen = Seen::default();
        seen.stopped(&application("running"));
        let Event::StatusChanged(it) = &seen.stopped(&application("exited"))[0] else {
            panic!("the status of an application has changed");
        };
        assert_eq!(it.application_name.as_deref(), Some("web"));
        assert_eq!(it.application_uuid, Some("a1".into()));
        assert_eq!(it.fqdn.as_deref(), Some("https://a.example"));
        let service = |status: &str| {
            resources(json!([{"uuid": "r1", "name": "wiki", "type": "service", "status": status}]))
        };
        seen.stopped(&service("running"));
        let Event::ContainerStopped(it) = &seen.stopped(&service("exited"))[0] else {
            panic!("the containers of a service have stopped");
        };
        assert_eq!(it.container_name.as_deref(), Some("wiki"));
    }

    #[test]
    fn a_server_is_told_when_it_changes() {
        let mut seen = Seen::default();
        let mut look = |is_reachable| {
            let news = seen.reachable(&servers(is_reachable));
            names(&news).concat()
        };
        assert_eq!(look(None), "");
        assert_eq!(look(Some(true)), "");
        // An unknown state is not a change.
        assert_eq!(look(None), "");
        assert_eq!(look(Some(false)), "server_unreachable");
        assert_eq!(look(None), "");
        assert_eq!(look(Some(false)), "");
        assert_eq!(look(Some(true)), "server_reachable");
        assert_eq!(look(Some(true)), "");
    }

    #[test]
    fn what_the_webhook_told_polling_does_not_tell_again() {
        let mut seen = Seen::default();
        seen.stopped(&application("running"));
        seen.reachable(&servers(Some(true)));
        let stop = json!({"event": "status_changed", "application_uuid": "a1"});
        assert!(seen.arrives(&event(&stop)));
        assert!(seen.stopped(&application("exited")).is_empty());
        let lost = json!({"event": "server_unreachable", "server_uuid": "s1"});
        assert!(seen.arrives(&event(&lost)));
        assert!(seen.reachable(&servers(Some(false))).is_empty());
        let back = json!({"event": "server_reachable", "server_uuid": "s1"});
        assert!(seen.arrives(&event(&back)));
        assert!(seen.reachable(&servers(Some(true))).is_empty());
        // Coolify sends each of them, so each is reported.
        assert!(seen.arrives(&event(&back)));
    }

    #[test]
    fn what_polling_told_is_no_news_from_the_webhook_once() {
        let mut seen = Seen::default();
        seen.stopped(&application("running"));
        assert_eq!(seen.stopped(&application("exited")).len(), 1);
        let stop = event(&json!({"event": "status_changed", "application_uuid": "a1"}));
        let other = event(&json!({"event": "status_changed", "application_uuid": "a2"}));
        let unnamed = event(&json!({"event": "status_changed"}));
        assert!(seen.arrives(&other));
        assert!(seen.arrives(&unnamed) && seen.arrives(&unnamed));
        assert!(!seen.arrives(&stop));
        assert!(seen.arrives(&stop), "it has stopped again");
    }

    #[test]
    fn a_deployment_that_left_the_list_stays_until_its_end_was_read() {
        let mut seen = Seen::default();
        let list = [deployment("d1", "in_progress"), deployment("d2", "queued")];
        assert!(seen.left(&list).is_empty());
        assert_eq!(seen.left(&list[1..]), ["d1"]);
        // Its end could not be read, or it is about to be listed again.
        let running = deployment("d1", "in_progress");
        let end = |seen: &mut Seen, it: &Deployment| {
            let uuid = it.deployment_uuid.clone();
            seen.ended(&uuid, it, Some("a1".into()), "https://c.example")
        };
        assert_eq!(end(&mut seen, &running), None);
        assert_eq!(seen.left(&list[1..]), ["d1"]);
        let Some(Event::DeploymentSucceeded(it)) = end(&mut seen, &deployment("d1", "finished"))
        else {
            panic!("it has succeeded");
        };
        let url = "https://c.example/project/p/deployment/d";
        assert_eq!(it.deployment_url.as_deref(), Some(url));
        assert_eq!(it.application_uuid, Some("a1".into()));
        assert_eq!(it.pull_request_id, None, "0 is no pull request");
        assert!(seen.left(&list[1..]).is_empty());

        assert_eq!(seen.left(&[]), ["d2"]);
        let failed = end(&mut seen, &deployment("d2", "failed"));
        assert!(matches!(failed, Some(Event::DeploymentFailed(_))));
        assert!(seen.left(&[]).is_empty());
        assert_eq!(end(&mut seen, &deployment("d3", "cancelled-by-user")), None);
    }

    #[test]
    fn an_end_that_the_webhook_told_is_not_read() {
        let mut seen = Seen::default();
        let list = [deployment("d1", "in_progress")];
        seen.left(&list);
        let told = json!({"event": "deployment_success", "deployment_uuid": "d1"});
        assert!(seen.arrives(&event(&told)));
        // The list may be older than the event.
        assert!(seen.left(&list).is_empty());
        assert!(seen.left(&[]).is_empty());
    }

    #[test]
    fn only_the_latest_are_remembered() {
        let mut all = VecDeque::new();
        (0..REMEMBERED + 2).for_each(|number| push(&mut all, number));
        assert_eq!((all.len(), all[0]), (REMEMBERED, 2));
        assert_eq!(all.back(), Some(&(REMEMBERED + 1)));
    }
}
