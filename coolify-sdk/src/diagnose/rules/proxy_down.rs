//! A proxy that does not run.

use super::Builtin;
use crate::diagnose::{
    facts::ServerFacts,
    finding::{Evidence, Finding},
};

/// How many of the resources without a proxy are named.
const NAMED: usize = 5;

pub(super) const RULE: Builtin = Builtin::of_servers(
    "proxy-down",
    "The proxy of a server does not run, although resources there have domains.",
    check,
);

fn check(facts: &ServerFacts) -> Vec<Finding> {
    let Some(proxy) = &facts.server.proxy else {
        return Vec::new();
    };
    let kind = proxy.type_.as_deref().unwrap_or("NONE");
    let status = proxy.status.as_deref();
    let is_down = matches!(status, Some("exited" | "dead" | "created" | "paused"));
    if kind.eq_ignore_ascii_case("none") || !is_down {
        return Vec::new();
    }
    // Nobody misses the proxy of a server without domains.
    let affected = facts.with_domains();
    if affected.is_empty() {
        return Vec::new();
    }
    let stopped = proxy.force_stop == Some(true);
    let message = if stopped {
        "Somebody stopped the proxy, and resources on the server have domains."
    } else {
        "The proxy does not run: no domain of the server answers."
    };
    let finding = if stopped {
        Finding::warning(message)
    } else {
        Finding::critical(message)
    };
    let mut finding = finding
        .value("proxy", kind)
        .evidence(status.map(|it| Evidence::Status(it.to_owned())))
        .value("resources with domains", affected.len());
    for subject in affected.into_iter().take(NAMED) {
        finding = finding.evidence(Evidence::Other(subject.clone()));
    }
    vec![finding.next(
        "Start the proxy in the dashboard. If it does not start, something else has port 80 or 443.",
    )]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, beside, finds_in_server, server},
        RULE,
    };
    use crate::diagnose::Severity::{Critical, Warning};

    #[test]
    fn a_proxy_that_is_missed_is_found() {
        let web = application(&json!({}));
        let with = |changes| {
            let mut facts = server(&changes);
            facts.neighbours = beside(&[&web]);
            facts
        };
        let down = with(json!({"proxy": {"status": "exited"}}));
        finds_in_server(&RULE, &down, &[Critical]);
        let stopped = with(json!({"proxy": {"status": "exited", "force_stop": true}}));
        finds_in_server(&RULE, &stopped, &[Warning]);
        finds_in_server(&RULE, &with(json!({})), &[]);
        let none = with(json!({"proxy": {"type": "NONE", "status": "exited"}}));
        finds_in_server(&RULE, &none, &[]);
        let other = with(json!({"uuid": "server2", "proxy": {"status": "exited"}}));
        finds_in_server(&RULE, &other, &[]);
    }
}
