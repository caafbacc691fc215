//! Domains whose host belongs to a resource outside of the project.
//!
//! Coolify compares whole URLs, so it sees no conflict if a domain has the host of
//! another one with a different scheme, port or path. The proxy routes by the host, and
//! prefers the longer path.

use serde_json::Value;

use super::Scope;
use super::ScopePower::ForeignHosts;
use super::fields::{Reading, reading};
use super::texts::{hosts, trim::trimmed};
use crate::operations::Operation;
use crate::transport::Lookup;
use crate::{Conflict, Error, ErrorKind, Result};

impl Scope {
    /// Refuses a domain whose host belongs to a resource outside of the project, or to
    /// Coolify itself.
    pub(super) async fn check_domains(
        &self,
        lookup: Lookup<'_>,
        operation: &Operation,
        body: &Value,
    ) -> Result<()> {
        let mut domains = Vec::new();
        collect(operation.path, body, &mut domains);
        if domains.is_empty() || self.policy.allows(ForeignHosts) {
            return Ok(());
        }
        let foreign = self.foreign_hosts(lookup).await?;
        let is_taken = |domain: &str| hosts::named(domain).any(|host| foreign.contains(&host));
        domains.retain(|domain| is_taken(domain));
        if domains.is_empty() {
            return Ok(());
        }
        let message = format!(
            "the host of {} belongs to a resource outside of the project {}",
            domains.join(", "),
            self.project
        );
        let conflict = |domain: &str| Conflict {
            domain: Some(domain.to_owned()),
            ..Conflict::default()
        };
        let conflicts = domains.into_iter().map(conflict).collect();
        Err(Error::new(ErrorKind::Conflict, message)
            .with_conflicts(conflicts)
            .with_hint("nothing was done: use another host, or ask the operator to allow `ScopePower::ForeignHosts` in the client's `ScopePolicy`"))
    }

    async fn foreign_hosts(&self, lookup: Lookup<'_>) -> Result<Vec<String>> {
        let mut foreign: Vec<_> = lookup.domain().map(str::to_owned).into_iter().collect();
        for operation in ["list-applications", "list-services"] {
            let rows: Vec<Value> = lookup.get(operation, &[]).await?;
            let own = self.environments.those_held(lookup, rows.iter()).await?;
            let others = rows.iter().zip(own).filter(|(_, is_own)| !is_own);
            others.for_each(|(row, _)| hosts_of(row, &mut foreign));
        }
        Ok(foreign)
    }
}

/// Adds each domain that a request sets.
fn collect<'b>(path: &str, body: &'b Value, domains: &mut Vec<&'b str>) {
    match body {
        Value::Array(items) => items.iter().for_each(|item| collect(path, item, domains)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if reading(path, name).0 == Reading::Domains => {
                        domains.extend(text.split(',').map(trimmed).filter(|it| !it.is_empty()));
                    }
                    value => collect(path, value, domains),
                }
            }
        }
        _ => {}
    }
}

/// Adds the hosts of an application, or of the applications of a service.
fn hosts_of(resource: &Value, hosts: &mut Vec<String>) {
    add_hosts(&resource["fqdn"], hosts);
    // A map of the services of a compose file, as text.
    let services = resource["docker_compose_domains"].as_str();
    if let Some(services) = services.and_then(|it| serde_json::from_str(it).ok()) {
        add_hosts(&services, hosts);
    }
    let parts = resource["applications"].as_array().into_iter().flatten();
    parts.for_each(|part| hosts_of(part, hosts));
}

fn add_hosts(domains: &Value, hosts: &mut Vec<String>) {
    match domains {
        Value::String(text) => hosts.extend(hosts::of_list(text)),
        Value::Array(items) => items.iter().for_each(|item| add_hosts(item, hosts)),
        Value::Object(fields) => fields.values().for_each(|value| add_hosts(value, hosts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_domains_of_a_request_are_found() {
        let body = json!({
            "domains": "https://a.example, https://b.example,",
            "docker_compose_domains": [{"name": "c", "domain": "https://c.example"}],
            "urls": [{"name": "d", "url": "https://d.example"}],
            "name": "https://no.example",
        });
        let mut domains = Vec::new();
        collect("/applications/public", &body, &mut domains);
        domains.sort_unstable();
        let wanted = [
            "https://a.example",
            "https://b.example",
            "https://c.example",
            "https://d.example",
        ];
        assert_eq!(domains, wanted);
    }

    #[test]
    fn all_hosts_of_a_resource_are_found() {
        let resource = json!({
            "fqdn": "https://a.example,https://b.example/x",
            "docker_compose_domains": "{\"web\":{\"domain\":\"https://c.example,https://c2.example\"},\"db\":{},\"api\":\"https://e.example\"}",
            "applications": [{"fqdn": "https://d.example"}, {"fqdn": null}],
        });
        let mut hosts = Vec::new();
        hosts_of(&resource, &mut hosts);
        hosts.sort_unstable();
        assert_eq!(
            hosts,
            [
                "a.example",
                "b.example",
                "c.example",
                "c2.example",
                "d.example",
                "e.example"
            ]
        );
        hosts.clear();
        hosts_of(
            &json!({"fqdn": null, "docker_compose_domains": "[]"}),
            &mut hosts,
        );
        assert_eq!(hosts, [""; 0]);
    }
}
