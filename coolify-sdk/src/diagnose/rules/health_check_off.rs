//! An application whose health nobody checks.

use super::Builtin;
use crate::{
    applications::BuildPack,
    diagnose::{facts::ResourceFacts, finding::Finding},
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "health-check-off",
    "The health of a running application is not checked.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(application) = facts.application() else {
        return Vec::new();
    };
    // A health check in the Dockerfile or in the image shows in the status.
    let is_checked = application.health_check_enabled != Some(false)
        || application.custom_healthcheck_found == Some(true)
        || facts.is_healthy();
    let is_compose = application.build_pack == Some(BuildPack::DockerCompose);
    if is_checked || is_compose || !facts.is_running() || facts.resource.domains().is_empty() {
        return Vec::new();
    }
    vec![
        Finding::info(
            "Its health is not checked: a deployment succeeds as soon as the container starts.",
        )
        .value("health_check_enabled", false)
        .next("Switch a health check on, so that a broken version does not replace a good one."),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds},
        RULE,
    };
    use crate::diagnose::Severity::Info;

    #[test]
    fn it_is_worth_knowing_if_nothing_else_checks() {
        let off = json!({"health_check_enabled": false, "status": "running:unknown"});
        finds(&RULE, &application(&off), &[Info]);
        for changes in [
            json!({}),
            json!({"health_check_enabled": false}),
            json!({"health_check_enabled": false, "status": "exited"}),
            json!({"health_check_enabled": false, "status": "running:unknown",
                "custom_healthcheck_found": true}),
            json!({"health_check_enabled": false, "status": "running:unknown", "fqdn": null}),
        ] {
            finds(&RULE, &application(&changes), &[]);
        }
    }
}
