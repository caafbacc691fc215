//! An application that nobody can reach.

use super::{Builtin, domain_without_proxy::Serving};
use crate::{
    applications::BuildPack,
    diagnose::{facts::ResourceFacts, finding::Finding},
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "domain-missing",
    "An application exposes a port, but has neither a domain nor a port on the server.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(application) = facts.application() else {
        return Vec::new();
    };
    let is_blank = |text: &Option<String>| text.as_ref().is_none_or(|it| it.trim().is_empty());
    let is_reachable = !facts.resource.domains().is_empty()
        || !is_blank(&application.ports_mappings)
        || (application.build_pack != Some(BuildPack::DockerCompose)
            && is_blank(&application.ports_exposes));
    // What is stopped needs no domain; a compose file may publish ports by itself.
    let publishes = application
        .docker_compose_raw
        .as_ref()
        .is_some_and(|it| it.expose().contains("ports:"));
    if is_reachable || publishes || !facts.is_running() {
        return Vec::new();
    }
    let serving = facts.server.get().map(Serving::of);
    let mut finding = Finding::info("It has no domain: only containers on its server reach it.");
    if let Some(ports) = &application.ports_exposes {
        finding = finding.value("ports_exposes", ports);
    }
    let next = match serving {
        Some(Serving::No(why)) => {
            finding = finding.value("server", why);
            "If it should be reachable, give it a domain. Coolify drops the domains of this \
             server's applications without an error: switch its proxy on first."
        }
        _ => "If it should be reachable, give it a domain. A worker needs none.",
    };
    vec![finding.next(next)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds},
        RULE,
    };
    use crate::diagnose::Severity::Info;

    #[test]
    fn an_application_without_a_domain_is_worth_knowing() {
        finds(&RULE, &application(&json!({"fqdn": null})), &[Info]);
        let facts = application(&json!({"fqdn": "", "destination":
            {"server": {"proxy": {"type": "NONE"}}}}));
        finds(&RULE, &facts, &[Info]);
        assert!(super::check(&facts)[0].next.contains("drops the domains"));
        let compose = json!({"fqdn": null, "build_pack": "dockercompose", "ports_exposes": null,
            "docker_compose_domains": "[]"});
        finds(&RULE, &application(&compose), &[Info]);
    }

    #[test]
    fn what_is_reachable_or_stopped_is_not() {
        for changes in [
            json!({}),
            json!({"fqdn": null, "ports_mappings": "8080:3000"}),
            json!({"fqdn": null, "ports_exposes": null}),
            json!({"fqdn": null, "status": "exited"}),
            json!({"fqdn": null, "build_pack": "dockercompose",
                "docker_compose_domains": "{\"web\":{\"domain\":\"https://w.example\"}}"}),
            json!({"fqdn": null, "build_pack": "dockercompose",
                "docker_compose_raw": "services:\n  web:\n    ports: ['80:80']\n"}),
        ] {
            finds(&RULE, &application(&changes), &[]);
        }
    }
}
