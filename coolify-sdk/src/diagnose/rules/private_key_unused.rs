//! A private key that nothing uses.

use super::Builtin;
use crate::diagnose::{
    facts::TeamFacts,
    finding::{Finding, Subject, SubjectKind},
};

pub(super) const RULE: Builtin = Builtin::of_the_team(
    "private-key-unused",
    "A private key is used by no server, no application and no git source.",
    check,
);

fn check(facts: &TeamFacts) -> Vec<Finding> {
    // If one of the users is not known, no key is known to be unused.
    let Some(used) = facts.used_keys.get() else {
        return Vec::new();
    };
    let keys = facts.private_keys.items().iter();
    let unused = keys.filter(|it| {
        // The key of the instance has the id 0.
        let id = it.id.filter(|id| id.get() != 0);
        id.is_some_and(|id| !used.contains(&id)) && it.is_git_related != Some(true)
    });
    unused
        .map(|it| {
            let name = Subject::new(SubjectKind::PrivateKey, it.name.clone());
            Finding::info("Nothing uses this private key.")
                .about(name.uuid(it.uuid.clone()))
                .evidence(
                    it.created_at
                        .as_ref()
                        .map(|at| crate::diagnose::Evidence::time("created", at)),
                )
                .next("Delete the key if nothing outside of Coolify needs it.")
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
    use crate::{
        Id,
        diagnose::{Severity::Info, facts::Part},
    };

    #[test]
    fn only_a_key_that_is_known_to_be_unused_is_found() {
        let mut facts = team();
        facts.private_keys = read(json!([
            {"uuid": "k0", "id": 0, "name": "instance"},
            {"uuid": "k1", "id": 1, "name": "used"},
            {"uuid": "k2", "id": 2, "name": "old"},
            {"uuid": "k3", "id": 3, "name": "of a git app", "is_git_related": true},
        ]));
        facts.used_keys = Part::Read(vec![Id::from(1)]);
        finds_in_team(&RULE, &facts, &[Info]);
        facts.used_keys = Part::Unread("why".into());
        finds_in_team(&RULE, &facts, &[]);
    }
}
