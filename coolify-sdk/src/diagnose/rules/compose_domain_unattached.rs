//! The domain of a service that the compose file does not have.

use super::Builtin;
use crate::{
    Clearable, address, compose,
    applications::BuildPack,
    diagnose::{facts::ResourceFacts, finding::Finding},
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "compose-domain-unattached",
    "A domain of a compose application belongs to no service of its compose file.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(application) = facts.application() else {
        return Vec::new();
    };
    if application.build_pack != Some(BuildPack::DockerCompose) {
        return Vec::new();
    }
    let file = application.docker_compose_raw.as_ref();
    let Some(Ok(services)) = file.map(|it| compose::service_names(it.expose())) else {
        return Vec::new();
    };
    // Before the first deployment Coolify has not read the file.
    if services.is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for entry in application.compose_domains() {
        let Some(Clearable::Set(domain)) = &entry.domain else {
            continue;
        };
        let is_known = services.iter().any(|it| address::is_same_service(it, &entry.name));
        if is_known || domain.trim().is_empty() {
            continue;
        }
        findings.push(
            Finding::warning(format!(
                "The domain of `{}` leads nowhere: the compose file has no such service.",
                entry.name
            ))
            .value("domain", domain)
            .value("services", services.join(", "))
            .next("Give the domain to a service of the compose file, and deploy again."),
        );
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
    fn a_domain_of_no_service_is_found() {
        let with = |name: &str, file: serde_json::Value| {
            let domains = json!({name: {"domain": "https://w.example"}}).to_string();
            application(&json!({"fqdn": null, "build_pack": "dockercompose",
                "docker_compose_domains": domains, "docker_compose_raw": file}))
        };
        let file = json!("services:\n  my-web:\n    image: nginx\n");
        finds(&RULE, &with("web", file.clone()), &[Warning]);
        finds(&RULE, &with("my-web", file.clone()), &[]);
        finds(&RULE, &with("my_web", file), &[]);
        finds(&RULE, &with("web", json!(null)), &[]);
        finds(&RULE, &application(&json!({})), &[]);
    }
}
