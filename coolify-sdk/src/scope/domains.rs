//! Domains whose host belongs to a resource outside of the project.
//!
//! Coolify compares whole URLs, so it sees no conflict if a domain has the host of
//! another one with a different scheme, port or path. The proxy routes by the host, and
//! prefers the longer path. It does not compare the domains of previews, which it makes
//! with a template from the domains of an application, nor those in variables.

use serde_json::Value;

use super::Scope;
use super::ScopePower::ForeignHosts;
use super::fields::{Reading, reading};
use super::request::route;
use super::texts::{hosts, previews, trim::trimmed};
use crate::operations::Operation;
use crate::transport::Lookup;
use crate::{Conflict, Error, ErrorKind, Result};

const TEMPLATE: &str = "preview_url_template";
const DEFAULT_TEMPLATE: &str = "{{pr_id}}.{{domain}}";

impl Scope {
    /// Refuses a domain whose host belongs to a resource outside of the project, or to
    /// Coolify itself.
    pub(super) async fn check_domains(
        &self,
        lookup: Lookup<'_>,
        operation: &Operation,
        body: &Value,
        resource: Option<&Value>,
    ) -> Result<()> {
        let mut domains = Vec::new();
        collect(operation.path, body, &mut domains);
        let has_previews = operation.path.starts_with("/applications");
        let previews = has_previews.then(|| previews_of(body, &domains, resource));
        let previews = previews.unwrap_or_default();
        if (domains.is_empty() && previews.is_empty()) || self.policy.allows(ForeignHosts) {
            return Ok(());
        }
        let foreign = self.foreign_hosts(lookup).await?;
        let is_taken = |domain: &str| hosts::named(domain).any(|host| foreign.contains(&host));
        domains.retain(|domain| is_taken(domain));
        let makes = |(template, domain): &(&str, String)| {
            foreign
                .iter()
                .any(|host| previews::makes(template, domain, host))
        };
        let previews = previews.iter().filter(|it| makes(it));
        let previews: Vec<_> = previews
            .map(|(template, domain)| template.replace("{{domain}}", domain))
            .collect();
        domains.extend(previews.iter().map(String::as_str));
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

/// Returns the template of the previews and the hosts that it is applied to, if a request
/// sets one of them.
fn previews_of<'b>(
    body: &'b Value,
    domains: &[&str],
    resource: Option<&'b Value>,
) -> Vec<(&'b str, String)> {
    let new = body[TEMPLATE].as_str().filter(|it| !trimmed(it).is_empty());
    let template = new.or_else(|| resource?[TEMPLATE].as_str());
    let template = template.unwrap_or(DEFAULT_TEMPLATE);
    let mut hosts: Vec<_> = domains.iter().flat_map(|it| hosts::of_list(it)).collect();
    if let (Some(_), Some(resource)) = (new, resource) {
        hosts_of(resource, &mut hosts);
    }
    hosts.into_iter().map(|host| (template, host)).collect()
}

/// Adds each domain that a request sets.
fn collect<'b>(path: &str, body: &'b Value, domains: &mut Vec<&'b str>) {
    match body {
        Value::Array(items) => items.iter().for_each(|item| collect(path, item, domains)),
        Value::Object(fields) => {
            domains.extend(route(path, fields));
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

        let body = json!({"data": [
            {"key": "MINIO_SERVER_URL", "value": " https://a.example"},
            {"key": "OTHER", "value": "https://b.example"},
        ]});
        let mut domains = Vec::new();
        collect("/services/{uuid}/envs/bulk", &body, &mut domains);
        assert_eq!(domains, ["https://a.example"]);
        collect("/databases/{uuid}/envs/bulk", &body, &mut domains);
        assert_eq!(domains.len(), 1);
    }

    #[test]
    fn previews_have_the_new_domains_and_those_that_stay() {
        let resource = json!({"fqdn": "https://a.example", TEMPLATE: "x.{{domain}}"});
        let found = |body: Value, domains: &[&str], resource| {
            let found = previews_of(&body, domains, resource);
            let found = found
                .into_iter()
                .map(|(template, host)| format!("{template} {host}"));
            found.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(found(json!({}), &[], Some(&resource)), "");
        let template = json!({ TEMPLATE: "y.{{domain}}" });
        assert_eq!(
            found(template.clone(), &["https://b.example"], Some(&resource)),
            "y.{{domain}} b.example, y.{{domain}} a.example"
        );
        assert_eq!(
            found(json!({}), &["https://b.example/x,c"], Some(&resource)),
            "x.{{domain}} b.example"
        );
        assert_eq!(
            found(json!({ TEMPLATE: " " }), &["https://b.example"], None),
            "{{pr_id}}.{{domain}} b.example"
        );
        assert_eq!(found(template, &[], None), "");
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
