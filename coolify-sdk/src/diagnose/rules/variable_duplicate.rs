//! A variable that exists twice.

use super::Builtin;
use crate::diagnose::{SubjectKind, facts::ResourceFacts, finding::Finding};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "variable-duplicate",
    "An environment variable exists several times.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    // Only applications have variables of previews, which have the same keys.
    let has_previews = facts.subject.kind == SubjectKind::Application;
    let envs = facts.envs.items().iter();
    let mut keys: Vec<_> = envs
        .map(|it| (it.key.as_str(), has_previews && it.is_preview == Some(true)))
        .collect();
    keys.sort_unstable();
    let mut twice: Vec<_> = keys
        .windows(2)
        .filter(|it| it[0] == it[1])
        .map(|it| it[0].0)
        .collect();
    twice.dedup();
    if twice.is_empty() {
        return Vec::new();
    }
    vec![
        Finding::warning("Environment variables exist several times, and one of the values wins.")
            .value("keys", twice.join(", "))
            .next("Delete the variables that are not wanted, and deploy again."),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds, read, service},
        RULE,
    };
    use crate::diagnose::Severity::Warning;

    #[test]
    fn only_the_same_key_of_the_same_sort_is_found() {
        let mut facts = application(&json!({}));
        facts.envs = read(json!([
            {"uuid": "1", "key": "A", "is_preview": false},
            {"uuid": "2", "key": "A", "is_preview": true},
            {"uuid": "3", "key": "B", "is_preview": false},
        ]));
        finds(&RULE, &facts, &[]);
        facts.envs = read(json!([
            {"uuid": "1", "key": "A", "is_preview": false},
            {"uuid": "2", "key": "A", "is_preview": false},
            {"uuid": "3", "key": "A", "is_preview": false},
        ]));
        finds(&RULE, &facts, &[Warning]);
        let mut service = service(&json!({}));
        service.envs = read(json!([
            {"uuid": "1", "key": "A", "is_preview": false},
            {"uuid": "2", "key": "A", "is_preview": true},
        ]));
        finds(&RULE, &service, &[Warning]);
    }
}
