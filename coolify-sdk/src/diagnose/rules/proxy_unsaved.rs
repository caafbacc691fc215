//! A configuration of the proxy that it does not use yet.

use super::Builtin;
use crate::diagnose::{facts::ServerFacts, finding::Finding};

pub(super) const RULE: Builtin = Builtin::of_servers(
    "proxy-unsaved",
    "The proxy runs with an older configuration than the saved one.",
    check,
);

fn check(facts: &ServerFacts) -> Vec<Finding> {
    let Some(proxy) = &facts.server.proxy else {
        return Vec::new();
    };
    let (Some(saved), Some(applied)) = (&proxy.last_saved_settings, &proxy.last_applied_settings)
    else {
        return Vec::new();
    };
    if proxy.status.as_deref() != Some("running") || saved == applied {
        return Vec::new();
    }
    vec![
        Finding::info("The proxy runs with an older configuration than the saved one.")
            .value("last_saved_settings", saved)
            .value("last_applied_settings", applied)
            .next("Restart the proxy."),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{finds_in_server, server},
        RULE,
    };
    use crate::diagnose::Severity::Info;

    #[test]
    fn an_older_configuration_is_found() {
        let with = |applied: &str, status: &str| {
            server(&json!({"proxy": {"last_saved_settings": "a",
                "last_applied_settings": applied, "status": status}}))
        };
        finds_in_server(&RULE, &with("b", "running"), &[Info]);
        finds_in_server(&RULE, &with("a", "running"), &[]);
        finds_in_server(&RULE, &with("b", "exited"), &[]);
        finds_in_server(&RULE, &server(&json!({})), &[]);
    }
}
