//! Facts for the tests of the rules: healthy ones, which a test changes.

use std::{sync::Arc, time::SystemTime};

use serde_json::{Value, json};

use super::{Builtin, Facts};
use crate::{
    Timestamp,
    diagnose::{
        facts::{Part, ResourceFacts, ServerFacts, TeamFacts},
        finding::{Finding, Severity, Subject, SubjectKind},
        neighbours::Neighbours,
    },
    resources::Resource,
};

/// The time of the diagnosis in these tests.
pub(super) fn now() -> SystemTime {
    let now = Timestamp::from("2026-11-29 12:00:00");
    now.to_system_time().unwrap()
}

/// Lays the fields of `changes` over an object.
fn over(mut base: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().into_iter().flatten() {
        match (base.get_mut(name), value) {
            (Some(old @ Value::Object(_)), Value::Object(_)) => *old = over(old.take(), value),
            _ => base[name] = value.clone(),
        }
    }
    base
}

fn server_json() -> Value {
    json!({
        "uuid": "server1", "name": "main", "id": 0, "ip": "203.0.113.7",
        "proxy": {"type": "TRAEFIK", "status": "running"},
        "settings": {"is_reachable": true, "is_usable": true, "is_build_server": false},
    })
}

fn facts(row: Value) -> ResourceFacts {
    let resource: Resource = serde_json::from_value(row).unwrap();
    ResourceFacts::new(resource, now())
}

/// A healthy application with a domain, with these fields changed.
pub(super) fn application(changes: &Value) -> ResourceFacts {
    let base = json!({
        "type": "application", "uuid": "web1", "name": "web", "status": "running:healthy",
        "build_pack": "nixpacks", "fqdn": "https://web.example", "ports_exposes": "3000",
        "restart_count": 0, "health_check_enabled": true, "health_check_type": "http",
        "health_check_path": "/", "health_check_start_period": 5, "health_check_interval": 5,
        "health_check_retries": 10, "limits_memory": "0", "limits_cpus": "0",
        "destination": {"uuid": "net1", "server": server_json()},
    });
    facts(over(base, changes))
}

/// A healthy database with this much changed.
pub(super) fn database(changes: &Value) -> ResourceFacts {
    let base = json!({
        "type": "standalone-postgresql", "database_type": "standalone-postgresql",
        "uuid": "db1", "name": "orders", "status": "running:healthy", "is_public": false,
        "restart_count": 0, "created_at": "2026-01-01T00:00:00.000000Z",
        "destination": {"uuid": "net1", "server": server_json()},
    });
    facts(over(base, changes))
}

/// A healthy service of one container, with this much changed.
pub(super) fn service(changes: &Value) -> ResourceFacts {
    let base = json!({
        "type": "service", "uuid": "svc1", "name": "wiki", "status": "running:healthy",
        "server": server_json(),
        "applications": [{"uuid": "part1", "name": "app", "status": "running:healthy",
            "fqdn": "https://wiki.example"}],
        "databases": [],
    });
    facts(over(base, changes))
}

/// A healthy server, with this much changed.
pub(super) fn server(changes: &Value) -> ServerFacts {
    let server = serde_json::from_value(over(server_json(), changes)).unwrap();
    ServerFacts::new(server, now())
}

/// A team that has nothing.
pub(super) fn team() -> TeamFacts {
    TeamFacts {
        subject: Subject::new(SubjectKind::Team, "team"),
        unfinished: Part::Read(Vec::new()),
        servers: vec![server(&json!({})).server],
        private_keys: Part::Read(Vec::new()),
        used_keys: Part::Read(Vec::new()),
        cloud_tokens: Part::Read(Vec::new()),
        s3_storages: Part::Read(Vec::new()),
        now: now(),
    }
}

/// A list from JSON, as a part that was read.
pub(super) fn read<T: serde::de::DeserializeOwned>(list: Value) -> Part<Vec<T>> {
    Part::Read(serde_json::from_value(list).unwrap())
}

/// The domains and ports of these facts.
pub(super) fn beside(all: &[&ResourceFacts]) -> Part<Arc<Neighbours>> {
    let resources = all.iter().map(|it| &it.resource);
    Part::Read(Arc::new(Neighbours::of(resources)))
}

/// A finished deployment, with this much changed.
pub(super) fn deployment(changes: &Value) -> Value {
    let base = json!({
        "deployment_uuid": "dep1", "status": "finished", "pull_request_id": 0,
        "created_at": "2026-11-29T11:00:00.000000Z",
        "finished_at": "2026-11-29T11:01:00.000000Z", "commit": "abc", "server_id": 0,
    });
    over(base, changes)
}

/// What a rule finds in facts, by severity.
pub(super) fn severities(findings: &[Finding]) -> Vec<Severity> {
    findings.iter().map(|it| it.severity).collect()
}

/// The findings of a rule; the rule has to look at such facts.
pub(super) fn check(rule: &Builtin, facts: Facts<'_>) -> Vec<Finding> {
    let findings = rule.apply(facts).expect("the rule looks at such facts");
    for finding in &findings {
        assert!(finding.message.ends_with('.'), "{}", finding.message);
        assert!(finding.next.ends_with('.'), "{}", finding.next);
    }
    findings
}

/// Checks what a rule finds in a resource.
#[track_caller]
pub(super) fn finds(rule: &Builtin, facts: &ResourceFacts, wanted: &[Severity]) {
    assert_eq!(severities(&check(rule, Facts::Resource(facts))), wanted);
}

/// Checks what a rule finds in a server.
#[track_caller]
pub(super) fn finds_in_server(rule: &Builtin, facts: &ServerFacts, wanted: &[Severity]) {
    assert_eq!(severities(&check(rule, Facts::Server(facts))), wanted);
}

/// Checks what a rule finds in a team.
#[track_caller]
pub(super) fn finds_in_team(rule: &Builtin, facts: &TeamFacts, wanted: &[Severity]) {
    assert_eq!(severities(&check(rule, Facts::Team(facts))), wanted);
}
