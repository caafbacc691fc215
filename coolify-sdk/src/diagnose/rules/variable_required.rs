//! A variable that is required, and has no value.

use super::Builtin;
use crate::{
    diagnose::{facts::ResourceFacts, finding::Finding},
    envs::EnvironmentVariable,
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "variable-required",
    "A required environment variable has no value.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let envs = facts.envs.items().iter();
    let empty = envs.filter(|it| it.is_preview != Some(true) && is_missing(it));
    let keys: Vec<_> = empty.map(|it| it.key.as_str()).collect();
    if keys.is_empty() {
        return Vec::new();
    }
    let message = "Required environment variables have no value.";
    let finding = if facts.is_running() {
        Finding::warning(message)
    } else {
        Finding::critical(message)
    };
    vec![
        finding
            .value("keys", keys.join(", "))
            .next("Set the variables, and deploy again."),
    ]
}

/// Coolify says so itself in newer versions; the value is hidden from many tokens.
fn is_missing(variable: &EnvironmentVariable) -> bool {
    variable.is_really_required == Some(true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds, read},
        RULE,
    };
    use crate::diagnose::Severity::{Critical, Warning};

    #[test]
    fn a_required_variable_without_a_value_is_found() {
        let envs = |really: bool, preview: bool| {
            read(json!([{"uuid": "e", "key": "API_KEY", "is_required": true,
                "is_really_required": really, "is_preview": preview}]))
        };
        let mut facts = application(&json!({}));
        facts.envs = envs(true, false);
        finds(&RULE, &facts, &[Warning]);
        facts.envs = envs(false, false);
        finds(&RULE, &facts, &[]);
        facts.envs = envs(true, true);
        finds(&RULE, &facts, &[]);
        let mut stopped = application(&json!({"status": "exited"}));
        stopped.envs = envs(true, false);
        finds(&RULE, &stopped, &[Critical]);
    }
}
