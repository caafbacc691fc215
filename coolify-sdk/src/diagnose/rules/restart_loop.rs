//! The containers keep restarting.

use std::time::Duration;

use super::Builtin;
use crate::{
    ResourceState,
    diagnose::{
        facts::{Container, ResourceFacts},
        finding::{Evidence, Finding},
    },
};

/// A crash that is this old is over.
const RECENT: Duration = Duration::from_secs(15 * 60);

pub(super) const RULE: Builtin = Builtin::of_resources(
    "restart-loop",
    "The containers keep restarting, or Coolify has stopped them because of that.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let status = facts.resource.status();
    let state = status.map(|it| &it.state);
    let crashes = facts.crashes();
    let recent = crashes.is_some_and(|it| {
        let age = it.at.and_then(|at| facts.age(at));
        age.is_some_and(|age| age < RECENT)
    });
    let mut restarting = facts.containers();
    restarting.retain(Container::restarts);
    let message = if facts.was_stopped_after_crashes() {
        "Coolify stopped it, because it crashed too often."
    } else if state == Some(&ResourceState::Restarting) || !restarting.is_empty() {
        "The containers keep restarting."
    } else if recent && state != Some(&ResourceState::Exited) {
        "The containers crashed and were restarted just now."
    } else {
        return Vec::new();
    };
    let mut finding = Finding::critical(message)
        .evidence(status.map(|it| Evidence::Status(it.to_string())))
        .next(
            "Read the last log lines: the program ends by itself. Typical reasons are a missing \
             variable, a database that does not answer, a port that is taken, and too little \
             memory.",
        );
    if let Some(crashes) = crashes {
        finding = finding.value("restart_count", crashes.count);
        if let Some(most) = crashes.most {
            finding = finding.value("max_restart_count", most);
        }
        finding = finding.evidence(crashes.at.map(|at| Evidence::time("last crash", at)));
    }
    for container in restarting {
        finding = finding.value("restarting container", container.name);
    }
    vec![finding.evidence(log(facts))]
}

/// Returns the last lines of the log as evidence, if they were read.
pub(super) fn log(facts: &ResourceFacts) -> Option<Evidence> {
    let lines = facts.log.get().filter(|it| !it.is_empty())?;
    Some(Evidence::Log(lines.clone()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, database, finds, service},
        RULE,
    };
    use crate::diagnose::{Severity::Critical, facts::Part};

    #[test]
    fn what_restarts_is_found_with_its_log() {
        let mut facts = application(&json!({"status": "restarting:unknown"}));
        facts.log = Part::Read(vec!["no such file".into()]);
        finds(&RULE, &facts, &[Critical]);
        let found = super::check(&facts);
        assert!(found[0].to_string().contains("| no such file"));
        let crashed = json!({"restart_count": 3, "last_restart_type": "crash",
            "last_restart_at": "2026-11-29T11:59:00.000000Z"});
        finds(&RULE, &application(&crashed), &[Critical]);
        finds(&RULE, &database(&crashed), &[Critical]);
        let part = json!({"applications": [
            {"uuid": "p", "name": "app", "status": "restarting:unknown"}]});
        finds(&RULE, &service(&part), &[Critical]);
    }

    #[test]
    fn what_coolify_stopped_is_found_and_what_a_user_stopped_is_not() {
        let limit = json!({"status": "exited", "restart_count": 10, "max_restart_count": 10,
            "last_restart_type": "crash", "last_restart_at": "2026-11-28T11:59:00.000000Z"});
        finds(&RULE, &application(&limit), &[Critical]);
        let newer = json!({"status": "exited", "restart_limit_reached": true});
        finds(&RULE, &application(&newer), &[Critical]);
        let stopped = json!({"status": "exited", "restart_count": 0, "max_restart_count": 10});
        finds(&RULE, &application(&stopped), &[]);
        finds(&RULE, &application(&json!({"status": "exited:unhealthy"})), &[]);
        finds(&RULE, &service(&json!({"status": "exited"})), &[]);
    }

    #[test]
    fn what_recovered_is_not_found() {
        let recovered = json!({"restart_count": 3, "last_restart_type": "crash",
            "last_restart_at": "2026-11-29T09:00:00.000000Z"});
        finds(&RULE, &application(&recovered), &[]);
        finds(&RULE, &application(&json!({})), &[]);
    }
}
