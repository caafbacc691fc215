//! A `SERVICE_*` variable without a value.

use super::Builtin;
use crate::{
    diagnose::{facts::ResourceFacts, finding::Finding},
    envs::EnvironmentVariable,
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "service-variable-unfilled",
    "A variable `SERVICE_*`, which Coolify should fill, has no value.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let envs = facts.envs.items();
    // Without `read:sensitive` no value is visible, so that nothing is known.
    if envs.iter().all(|it| !has_value(it)) {
        return Vec::new();
    }
    let empty = envs.iter().filter(|it| {
        it.is_preview != Some(true) && it.key.starts_with("SERVICE_") && !has_value(it)
    });
    let keys: Vec<_> = empty.map(|it| it.key.as_str()).collect();
    if keys.is_empty() {
        return Vec::new();
    }
    vec![
        Finding::warning("Coolify has not filled variables that the compose file refers to.")
            .value("keys", keys.join(", "))
            .next(
                "Give the containers that the names refer to a domain, or correct the names in the \
                 compose file, and deploy again.",
            ),
    ]
}

fn has_value(variable: &EnvironmentVariable) -> bool {
    let value = variable.value.as_ref();
    value.is_some_and(|it| !it.expose().is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{finds, read, service},
        RULE,
    };
    use crate::diagnose::Severity::Warning;

    #[test]
    fn a_variable_that_nothing_fills_is_found_if_values_are_visible() {
        let mut facts = service(&json!({}));
        facts.envs = read(json!([
            {"uuid": "1", "key": "SERVICE_FQDN_APP", "value": null},
            {"uuid": "2", "key": "SERVICE_PASSWORD_APP", "value": "x"},
        ]));
        finds(&RULE, &facts, &[Warning]);
        facts.envs = read(json!([
            {"uuid": "1", "key": "SERVICE_FQDN_APP"},
            {"uuid": "2", "key": "SERVICE_PASSWORD_APP"},
        ]));
        finds(&RULE, &facts, &[]);
        facts.envs = read(json!([
            {"uuid": "1", "key": "MAIL_HOST", "value": null},
            {"uuid": "2", "key": "SERVICE_PASSWORD_APP", "value": "x"},
        ]));
        finds(&RULE, &facts, &[]);
    }
}
