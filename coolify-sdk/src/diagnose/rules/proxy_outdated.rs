//! A proxy that has a newer version.

use super::Builtin;
use crate::{
    diagnose::{facts::ServerFacts, finding::Finding},
    servers::TraefikUpdateType,
};

pub(super) const RULE: Builtin = Builtin::of_servers(
    "proxy-outdated",
    "Coolify's last check found a newer version of the proxy.",
    check,
);

fn check(facts: &ServerFacts) -> Vec<Finding> {
    let Some(update) = &facts.server.traefik_outdated_info else {
        return Vec::new();
    };
    let (Some(current), Some(latest)) = (&update.current, &update.latest) else {
        return Vec::new();
    };
    // Coolify keeps the result of the check until the next one, after an update too.
    let detected = facts.server.detected_traefik_version.as_deref();
    let detected = detected.map(|it| it.trim_start_matches('v'));
    if current == latest || detected.is_some_and(|it| it != current) {
        return Vec::new();
    }
    let finding = if update.type_ == Some(TraefikUpdateType::PatchUpdate) {
        Finding::warning("The proxy lacks corrections of its own version.")
    } else {
        Finding::info("There is a newer version of the proxy.")
    };
    vec![
        finding
            .value("current", current)
            .value("latest", latest)
            .next("Change the tag of the image in the proxy's configuration, and restart the proxy."),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{finds_in_server, server},
        RULE,
    };
    use crate::diagnose::Severity::{Info, Warning};

    #[test]
    fn a_newer_version_is_found() {
        let with = |kind: &str, detected: &str| {
            server(&json!({"detected_traefik_version": detected, "traefik_outdated_info":
                {"current": "3.6.1", "latest": "3.6.5", "type": kind}}))
        };
        finds_in_server(&RULE, &with("patch_update", "v3.6.1"), &[Warning]);
        finds_in_server(&RULE, &with("minor_upgrade", "v3.6.1"), &[Info]);
        finds_in_server(&RULE, &with("patch_update", "v3.6.5"), &[]);
        let up_to_date = server(&json!({"traefik_outdated_info":
            {"current": "3.6.5", "latest": "3.6.5", "type": "patch_update"}}));
        finds_in_server(&RULE, &up_to_date, &[]);
        finds_in_server(&RULE, &server(&json!({})), &[]);
    }
}
