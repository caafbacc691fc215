//! A domain that two resources have.

use super::Builtin;
use crate::{
    ResourceState,
    diagnose::{
        facts::ResourceFacts,
        finding::{Evidence, Finding},
    },
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "domain-conflict",
    "Several resources have the same domain.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(neighbours) = facts.neighbours.get() else {
        return Vec::new();
    };
    let own = facts.resource.uuid();
    let state = facts.resource.status().map(|it| &it.state);
    let is_stopped = state == Some(&ResourceState::Exited);
    let mut findings = Vec::new();
    for url in facts.resource.domains() {
        let mut others: Vec<_> = neighbours.also_claiming(&url, own).collect();
        others.dedup_by(|a, b| a.subject == b.subject);
        if others.is_empty() {
            continue;
        }
        let finding = if is_stopped || others.iter().all(|it| it.is_stopped) {
            Finding::warning("Another resource has the same domain, and at most one of them runs.")
        } else {
            Finding::critical(
                "Another resource has the same domain, so that the proxy sends requests to either.",
            )
        };
        let mut finding = finding.value("domain", &url).next(
            "Remove the domain from all resources but one, and deploy those again that lost it.",
        );
        for other in others {
            finding = finding.evidence(Evidence::Other(other.subject.clone()));
        }
        findings.push(finding);
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, beside, finds, service},
        RULE,
    };
    use crate::diagnose::Severity::{Critical, Warning};

    #[test]
    fn both_resources_are_told() {
        let mut web = application(&json!({}));
        let mut wiki = service(&json!({"applications": [{"uuid": "p", "name": "app",
            "fqdn": "http://WEB.example:8080,https://b.example"}]}));
        web.neighbours = beside(&[&web, &wiki]);
        wiki.neighbours = web.neighbours.clone();
        finds(&RULE, &web, &[Critical]);
        finds(&RULE, &wiki, &[Critical]);
        assert!(
            super::check(&web)[0]
                .to_string()
                .contains("also: service `wiki`")
        );
        let stopped = application(&json!({"uuid": "web2", "status": "exited"}));
        web.neighbours = beside(&[&web, &stopped]);
        finds(&RULE, &web, &[Warning]);
    }

    #[test]
    fn the_own_domain_and_other_paths_are_not() {
        let mut web = application(&json!({}));
        let other = application(&json!({"uuid": "web2", "fqdn": "https://web.example/api"}));
        web.neighbours = beside(&[&web, &other]);
        finds(&RULE, &web, &[]);
        finds(&RULE, &application(&json!({})), &[]);
    }
}
