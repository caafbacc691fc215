//! A health check that gives up before the application is up.

use std::time::Duration;

use super::Builtin;
use crate::{
    DeploymentStatus,
    applications::BuildPack,
    deployments::Deployment,
    diagnose::{facts::ResourceFacts, finding::Finding},
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "health-check-start-period",
    "The health check of a sick application gives up sooner than an earlier deployment took.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(application) = facts.application() else {
        return Vec::new();
    };
    if application.health_check_enabled != Some(true)
        || application.build_pack == Some(BuildPack::DockerCompose)
    {
        return Vec::new();
    }
    let newest = facts.newest_deployment().map(|it| &it.status);
    let is_in_trouble = facts.is_sick() || newest == Some(&DeploymentStatus::Failed);
    let number = |value: Option<i64>, default: u64| {
        value.and_then(|it| u64::try_from(it).ok()).unwrap_or(default)
    };
    let start = number(application.health_check_start_period, 5);
    let interval = number(application.health_check_interval, 5);
    let retries = number(application.health_check_retries, 10);
    let patience = Duration::from_secs(start + interval * retries);
    let mut started = facts.deployments.items().iter().filter_map(|it| start_of(facts, it));
    let Some(took) = started.next().filter(|it| *it > patience && is_in_trouble) else {
        return Vec::new();
    };
    vec![
        Finding::warning("The health check gives up sooner than an earlier start took.")
            .value("health_check_start_period", start)
            .value("health_check_interval", interval)
            .value("health_check_retries", retries)
            .value("seconds of an earlier start", took.as_secs())
            .next("Raise `health_check_start_period` above the time that the program needs to start."),
    ]
}

/// Returns how long a deployment took, if it only started containers. For any other
/// deployment, the time of the build is unknown.
fn start_of(facts: &ResourceFacts, deployment: &Deployment) -> Option<Duration> {
    let application = facts.application()?;
    let is_start = deployment.restart_only == Some(true)
        || application.build_pack == Some(BuildPack::DockerImage);
    if deployment.status != DeploymentStatus::Finished || !is_start {
        return None;
    }
    let begun = deployment.created_at.as_ref()?.to_system_time()?;
    let ended = deployment.finished_at.as_ref()?.to_system_time()?;
    ended.duration_since(begun).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, deployment, finds, read},
        RULE,
    };
    use crate::diagnose::Severity::Warning;

    #[test]
    fn a_check_without_patience_is_found() {
        let restart = deployment(&json!({"restart_only": true}));
        let failed = deployment(&json!({"status": "failed"}));
        let mut facts = application(&json!({"health_check_retries": 3}));
        facts.deployments = read(json!([failed, restart]));
        finds(&RULE, &facts, &[Warning]);
        facts.deployments = read(json!([restart]));
        finds(&RULE, &facts, &[]);
        facts.deployments = read(json!([failed, deployment(&json!({}))]));
        finds(&RULE, &facts, &[]);
        let mut patient = application(&json!({"health_check_start_period": 120}));
        patient.deployments = read(json!([failed, restart]));
        finds(&RULE, &patient, &[]);
    }
}
