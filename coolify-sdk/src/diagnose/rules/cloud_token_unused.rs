//! A cloud token that made no server.

use super::Builtin;
use crate::diagnose::{
    facts::TeamFacts,
    finding::{Finding, Subject, SubjectKind},
};

pub(super) const RULE: Builtin = Builtin::of_the_team(
    "cloud-token-unused",
    "No server of the team was created with a cloud token.",
    check,
);

fn check(facts: &TeamFacts) -> Vec<Finding> {
    let tokens = facts.cloud_tokens.items().iter();
    let unused = tokens.filter(|it| it.servers_count == Some(0));
    unused
        .map(|it| {
            let name = Subject::new(SubjectKind::CloudToken, it.name.clone());
            Finding::info("No server was created with this token of a cloud provider.")
                .about(name.uuid(it.uuid.clone()))
                .value("provider", it.provider.as_str())
                .value("servers_count", 0)
                .next("Delete the token, and revoke it at the provider, if nobody needs it.")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{finds_in_team, read, team},
        RULE,
    };
    use crate::diagnose::Severity::Info;

    #[test]
    fn a_token_without_servers_is_found() {
        let mut facts = team();
        facts.cloud_tokens = read(json!([
            {"uuid": "a", "name": "a", "provider": "hetzner", "servers_count": 0},
            {"uuid": "b", "name": "b", "provider": "hetzner", "servers_count": 2},
            {"uuid": "c", "name": "c", "provider": "hetzner"},
        ]));
        finds_in_team(&RULE, &facts, &[Info]);
    }
}
