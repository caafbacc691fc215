//! Containers that run, but do not work.

use super::{Builtin, restart_loop::log};
use crate::{
    Health, ResourceState,
    diagnose::{
        facts::ResourceFacts,
        finding::{Evidence, Finding},
    },
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "unhealthy",
    "A container runs but fails its health check, or some containers of several do not run.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(status) = facts.resource.status().filter(|it| !it.excluded) else {
        return Vec::new();
    };
    let message = match (&status.state, &status.health) {
        (ResourceState::Running, Some(Health::Unhealthy)) => {
            "It runs, but its health check fails; the proxy sends requests to healthy containers only."
        }
        (ResourceState::Degraded, _) => "Some of its containers do not run as they should.",
        (ResourceState::Dead, _) => "Docker could not remove or stop its container.",
        _ => return Vec::new(),
    };
    let mut finding = Finding::critical(message).evidence(Evidence::Status(status.to_string()));
    for it in facts.containers().iter().filter(|it| it.is_sick()) {
        finding = finding.value(format!("container {}", it.name), it.status);
    }
    if let Some(application) = facts.application()
        && let Some(path) = &application.health_check_path
        && application.health_check_enabled == Some(true)
    {
        finding = finding.value("health_check_path", path);
    }
    let next = if facts.service().is_some() {
        "Read the log of the containers that are named, and restart them. A container that is \
         meant to end can be excluded from the status."
    } else {
        "Read the last log lines, and run the health check in the container by hand."
    };
    vec![finding.evidence(log(facts)).next(next)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, database, finds, service},
        RULE,
    };
    use crate::diagnose::Severity::Critical;

    #[test]
    fn unhealthy_containers_are_found() {
        let unhealthy = json!({"status": "running:unhealthy"});
        finds(&RULE, &application(&unhealthy), &[Critical]);
        finds(&RULE, &database(&unhealthy), &[Critical]);
        let facts = service(&json!({"status": "degraded:unhealthy", "databases": [
            {"uuid": "p2", "name": "store", "status": "exited"}]}));
        finds(&RULE, &facts, &[Critical]);
        assert!(super::check(&facts)[0].to_string().contains("container store: exited"));
    }

    #[test]
    fn healthy_unknown_stopped_and_excluded_ones_are_not() {
        for status in [
            "running:healthy",
            "running:unknown",
            "running (healthy)",
            "exited",
            "exited:unhealthy",
            "starting:unknown",
            "running:unhealthy:excluded",
        ] {
            finds(&RULE, &application(&json!({"status": status})), &[]);
            finds(&RULE, &service(&json!({"status": status})), &[]);
        }
    }
}
