//! A health check of a path that is not one.

use super::Builtin;
use crate::{
    applications::{BuildPack, HealthCheckType},
    diagnose::{facts::ResourceFacts, finding::Finding},
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "health-check-path",
    "The path of the health check does not begin with a slash, or has blanks.",
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
    let path = application.health_check_path.as_deref().unwrap_or("/");
    if (path.starts_with('/') && !path.contains(char::is_whitespace)) || facts.is_healthy() {
        return Vec::new();
    }
    vec![
        Finding::warning("The path of the health check does not begin with a slash, or has blanks.")
            .value("health_check_path", path)
            .next("Set `health_check_path` to a path such as `/health`, and deploy again."),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds},
        RULE,
    };
    use crate::diagnose::Severity::Warning;

    #[test]
    fn what_is_no_path_is_found() {
        let with = |path: &str, status: &str| {
            application(&json!({"health_check_path": path, "status": status}))
        };
        finds(&RULE, &with("health", "running:unhealthy"), &[Warning]);
        finds(&RULE, &with("/a b", "exited"), &[Warning]);
        finds(&RULE, &with("health", "running:healthy"), &[]);
        finds(&RULE, &with("/health", "running:unhealthy"), &[]);
    }
}
