//! A domain that does not lead to the server, as Coolify's own check says.

use super::Builtin;
use crate::diagnose::{facts::ResourceFacts, finding::Finding};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "dns-mismatch",
    "Coolify's last check of the DNS found that a domain does not lead to the server.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let statuses = facts.application().and_then(|it| it.domain_dns_statuses.as_ref());
    let entries = statuses.and_then(serde_json::Value::as_object);
    let domains = facts.resource.domains();
    let mut findings = Vec::new();
    for (key, entry) in entries.into_iter().flatten() {
        let text = |name: &str| entry.get(name).and_then(serde_json::Value::as_str);
        // The entry of a compose service has its name in front of the domain.
        let domain = key.split_once('|').map_or(&**key, |(_, domain)| domain);
        // Coolify keeps the entries of domains that were removed.
        if text("status") != Some("failed") || !domains.iter().any(|it| it == domain) {
            continue;
        }
        let mut finding = Finding::warning("The domain does not lead to the server.")
            .value("domain", domain);
        for name in ["expected_ip", "checked_at"] {
            if let Some(value) = text(name) {
                finding = finding.value(name, value);
            }
        }
        findings.push(finding.next(
            "Let the DNS record of the domain point to the expected address, and check it again in \
             the dashboard. If a proxy of another provider is in front, ignore this.",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds},
        RULE,
    };
    use crate::diagnose::Severity::Warning;

    #[test]
    fn a_failed_check_of_a_present_domain_is_found() {
        let with = |domain: &str, status: &str| {
            application(&json!({"domain_dns_statuses": {domain: {"status": status,
                "message": "x", "expected_ip": "203.0.113.7"}}}))
        };
        finds(&RULE, &with("https://web.example", "failed"), &[Warning]);
        for status in ["ok", "skipped", "checking"] {
            finds(&RULE, &with("https://web.example", status), &[]);
        }
        finds(&RULE, &with("https://old.example", "failed"), &[]);
        finds(&RULE, &application(&json!({})), &[]);
    }
}
