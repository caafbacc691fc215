//! A server that Coolify does not reach.

use super::Builtin;
use crate::diagnose::{facts::ServerFacts, finding::Finding};

pub(super) const RULE: Builtin = Builtin::of_servers(
    "server-unreachable",
    "Coolify does not reach a server over SSH.",
    check,
);

fn check(facts: &ServerFacts) -> Vec<Finding> {
    let server = &facts.server;
    if is_reachable(facts) != Some(false) || server.is_validating == Some(true) {
        return Vec::new();
    }
    let disabled = server.settings.as_ref().and_then(|it| it.force_disabled);
    if disabled == Some(true) {
        return vec![
            Finding::critical("The server is disabled: the team has more servers than its plan allows.")
                .value("force_disabled", true)
                .next("Remove a server, or extend the plan."),
        ];
    }
    let mut finding = Finding::critical("Coolify does not reach the server: nothing on it is deployed, stopped or backed up.");
    if let Some(ip) = &server.ip {
        finding = finding.value("ip", ip);
    }
    for (name, value) in [("port", server.port), ("unreachable_count", server.unreachable_count)] {
        if let Some(value) = value {
            finding = finding.value(name, value);
        }
    }
    vec![finding.next(
        "Check that the server is up, that the SSH port is open for Coolify, and that the key is \
         the right one; then validate the server: `coolify.server(uuid).validate()`.",
    )]
}

/// Lists and single replies have it at different places.
pub(super) fn is_reachable(facts: &ServerFacts) -> Option<bool> {
    let settings = facts.server.settings.as_ref();
    settings.and_then(|it| it.is_reachable).or(facts.server.is_reachable)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{finds_in_server, server},
        RULE,
    };
    use crate::diagnose::Severity::Critical;

    #[test]
    fn a_server_that_is_not_reached_is_found() {
        let down = json!({"settings": {"is_reachable": false, "is_usable": false}});
        finds_in_server(&RULE, &server(&down), &[Critical]);
        let disabled = json!({"settings": {"is_reachable": false, "force_disabled": true}});
        finds_in_server(&RULE, &server(&disabled), &[Critical]);
        finds_in_server(&RULE, &server(&json!({})), &[]);
        finds_in_server(&RULE, &server(&json!({"settings": null})), &[]);
        let validating = json!({"is_validating": true, "settings": {"is_reachable": false}});
        finds_in_server(&RULE, &server(&validating), &[]);
    }
}
