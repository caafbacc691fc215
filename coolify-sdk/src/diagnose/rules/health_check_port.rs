//! A health check of a port that the application does not expose.

use super::Builtin;
use crate::{
    address,
    applications::{BuildPack, HealthCheckType},
    diagnose::{
        facts::ResourceFacts,
        finding::{Evidence, Finding},
    },
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "health-check-port",
    "The health check asks a port that the application does not expose.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(application) = facts.application() else {
        return Vec::new();
    };
    let by_command = application.health_check_type == Some(HealthCheckType::Cmd);
    let is_compose = application.build_pack == Some(BuildPack::DockerCompose);
    if application.health_check_enabled != Some(true) || by_command || is_compose {
        return Vec::new();
    }
    let exposed = application.ports_exposes.as_deref().unwrap_or_default();
    let Some(port) = application.health_check_port.as_deref().map(str::trim) else {
        return Vec::new();
    };
    let fits = exposed.trim().is_empty() || address::split(exposed).any(|it| it.trim() == port);
    // A check that passes asks the right port, whatever is exposed.
    if port.is_empty() || fits || facts.is_healthy() {
        return Vec::new();
    }
    let message = "The health check asks a port that the application does not expose.";
    let finding = if facts.is_sick() {
        Finding::critical(message)
    } else {
        Finding::warning(message)
    };
    let status = facts.resource.status().map(|it| Evidence::Status(it.to_string()));
    vec![
        finding
            .evidence(status)
            .value("health_check_port", port)
            .value("ports_exposes", exposed)
            .next("Set `health_check_port` to the port on which the program listens, and deploy again."),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds},
        RULE,
    };
    use crate::diagnose::Severity::{Critical, Warning};

    #[test]
    fn a_wrong_port_is_as_bad_as_what_it_does() {
        let wrong = |status: &str| {
            application(&json!({"health_check_port": "8080", "status": status}))
        };
        finds(&RULE, &wrong("running:unhealthy"), &[Critical]);
        finds(&RULE, &wrong("exited"), &[Warning]);
        finds(&RULE, &wrong("running:healthy"), &[]);
    }

    #[test]
    fn a_port_that_fits_is_not_found() {
        for changes in [
            json!({"status": "running:unhealthy", "health_check_port": "3000"}),
            json!({"status": "running:unhealthy", "health_check_port": null}),
            json!({"status": "exited", "health_check_port": "8080", "ports_exposes": "3000, 8080"}),
            json!({"status": "exited", "health_check_port": "8080", "health_check_type": "cmd"}),
            json!({"status": "exited", "health_check_port": "8080", "health_check_enabled": false}),
        ] {
            finds(&RULE, &application(&changes), &[]);
        }
    }
}
