//! A deployment that succeeded, while the containers crash.

use super::{Builtin, restart_loop::log};
use crate::{
    DeploymentStatus, ResourceState,
    diagnose::{
        facts::ResourceFacts,
        finding::{Evidence, Finding},
    },
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "deployed-but-restarting",
    "The newest deployment succeeded, but its containers crash.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(deployment) = facts.newest_deployment() else {
        return Vec::new();
    };
    let Some(finished) = &deployment.finished_at else {
        return Vec::new();
    };
    let state = facts.resource.status().map(|it| &it.state);
    let crashed_since = facts
        .crashes()
        .and_then(|it| it.at)
        .is_some_and(|at| at >= finished);
    let is_down = state == Some(&ResourceState::Restarting)
        || facts.was_stopped_after_crashes()
        || (crashed_since && !facts.is_healthy() && state != Some(&ResourceState::Exited));
    if deployment.status != DeploymentStatus::Finished || !is_down {
        return Vec::new();
    }
    let mut finding = Finding::critical(
        "The newest deployment counts as successful, but its containers crash since.",
    )
    .value("deployment", &deployment.deployment_uuid)
    .evidence(Evidence::time("finished", finished));
    if let Some(commit) = &deployment.commit {
        finding = finding.value("commit", commit);
    }
    let checked = facts.application().and_then(|it| it.health_check_enabled);
    let next = if checked == Some(true) {
        "Roll back to the last image that worked, and read the log of the new one."
    } else {
        "Roll back to the last image that worked, and switch a health check on: then such a \
         deployment fails, and the old containers go on running."
    };
    vec![finding.evidence(log(facts)).next(next)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, deployment, finds, read},
        RULE,
    };
    use crate::diagnose::Severity::Critical;

    #[test]
    fn a_success_that_crashes_is_found() {
        let mut facts = application(&json!({"status": "restarting:unknown"}));
        facts.deployments = read(json!([deployment(&json!({}))]));
        finds(&RULE, &facts, &[Critical]);
        let mut facts = application(&json!({"status": "running:unknown", "restart_count": 2,
            "last_restart_type": "crash", "last_restart_at": "2026-11-29T11:30:00.000000Z"}));
        facts.deployments = read(json!([deployment(&json!({}))]));
        finds(&RULE, &facts, &[Critical]);
    }

    #[test]
    fn a_success_that_runs_and_a_failure_are_not() {
        let mut facts = application(&json!({}));
        facts.deployments = read(json!([deployment(&json!({}))]));
        finds(&RULE, &facts, &[]);
        let mut facts = application(&json!({"status": "restarting:unknown"}));
        facts.deployments = read(json!([deployment(&json!({"status": "failed"}))]));
        finds(&RULE, &facts, &[]);
    }
}
