//! A server on which Docker does not work.

use super::{Builtin, server_unreachable::is_reachable};
use crate::diagnose::{facts::ServerFacts, finding::Finding};

pub(super) const RULE: Builtin = Builtin::of_servers(
    "server-unusable",
    "Coolify reaches a server, but Docker does not work there.",
    check,
);

fn check(facts: &ServerFacts) -> Vec<Finding> {
    let settings = facts.server.settings.as_ref();
    let is_usable = settings.and_then(|it| it.is_usable).or(facts.server.is_usable);
    if is_reachable(facts) != Some(true)
        || is_usable != Some(false)
        || facts.server.is_validating == Some(true)
    {
        return Vec::new();
    }
    vec![
        Finding::critical("Coolify reaches the server, but Docker was not available at the last check.")
            .value("is_usable", false)
            .next(
                "Validate the server, which installs what is missing: \
                 `coolify.server(uuid).validate()`.",
            ),
    ]
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
    fn a_server_without_docker_is_found() {
        let unusable = json!({"settings": {"is_usable": false}});
        finds_in_server(&RULE, &server(&unusable), &[Critical]);
        finds_in_server(&RULE, &server(&json!({})), &[]);
        let down = json!({"settings": {"is_reachable": false, "is_usable": false}});
        finds_in_server(&RULE, &server(&down), &[]);
    }
}
