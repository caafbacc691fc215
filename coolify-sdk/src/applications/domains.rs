//! The domains of applications, which are written as lists and read as text.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Application, ApplicationHandle, BuildPack, ComposeDomain, CreatedApplication};
use crate::domains::{
    Containers, Domain, Domains, HasDomains, Holdings, compose_services, named, on, urls_of,
};
use crate::error::Result;
use crate::{Clearable, address};

impl Application {
    /// Returns its domains, as full URLs. A compose application has
    /// [`compose_domains`](Self::compose_domains) instead.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        address::split(self.fqdn.as_deref().unwrap_or_default())
    }

    /// Returns the domains of the services in its compose file, in the form that
    /// an update accepts. It is empty for other applications, and before Coolify
    /// has read the file.
    #[must_use]
    pub fn compose_domains(&self) -> Vec<ComposeDomain> {
        let text = self.docker_compose_domains.as_deref().unwrap_or_default();
        // PHP writes an empty map as `[]`.
        let read: BTreeMap<String, Value> = serde_json::from_str(text).unwrap_or_default();
        read.into_iter()
            .map(|(name, entry)| compose_domain(name, entry))
            .collect()
    }
}

impl CreatedApplication {
    /// Returns its domains, as full URLs. It is empty for a compose application,
    /// whose services get their domains when Coolify has read the file.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        address::split(self.domains.as_deref().unwrap_or_default())
    }
}

/// Reads the entry of one service, as far as possible, so that an odd entry does
/// not affect the others.
fn compose_domain(name: String, entry: Value) -> ComposeDomain {
    let mut domain = ComposeDomain::new(name);
    let mut fields = match entry {
        Value::Object(fields) => fields,
        Value::String(text) => [("domain".to_owned(), text.into())].into_iter().collect(),
        _ => return domain,
    };
    let mut text = |field: &str| match fields.remove(field)? {
        Value::String(text) => Some(Clearable::Set(text)),
        _ => None,
    };
    domain.domain = text("domain");
    domain.redirect = match text("redirect") {
        Some(Clearable::Set(redirect)) => Some(Clearable::Set(redirect.into())),
        _ => None,
    };
    domain
}

impl ApplicationHandle {
    /// Returns a handle for its domains. Those of a compose application belong to
    /// its services.
    #[must_use]
    pub fn domains(&self) -> Domains<Self> {
        Domains::new(self)
    }
}

impl HasDomains for ApplicationHandle {
    async fn read_domains(&self) -> Result<Holdings> {
        Ok(of_application(&self.get().await?))
    }

    async fn write_domains(&self, before: &Holdings, wanted: &[Domain], force: bool) -> Result<()> {
        let mut request = self.update();
        if let Containers::Compose { mapped, .. } = &before.containers {
            // Coolify replaces the whole map: a service that is missing in it loses its
            // domains and its redirect.
            let mut names: Vec<_> = mapped.iter().map(String::as_str).collect();
            names.extend(wanted.iter().filter_map(|domain| domain.service.as_deref()));
            names.sort_unstable();
            names.dedup();
            request = request.docker_compose_domains(names.into_iter().map(|name| {
                let mut entry = ComposeDomain::new(name);
                entry.domain = Some(urls_of(name, wanted));
                entry
            }));
        } else if wanted.is_empty() {
            request = request.clear_domains();
        } else {
            request = request.domains(wanted.iter().map(|domain| &domain.url));
        }
        if force {
            request = request.force_domain_override(true);
        }
        request.send().await.map(drop)
    }
}

fn of_application(application: &Application) -> Holdings {
    let server = application
        .destination
        .as_ref()
        .and_then(|it| it.server.as_ref());
    let (domains, containers) = if application.build_pack == Some(BuildPack::DockerCompose) {
        let file = application.docker_compose_raw.as_ref();
        let services = compose_services(
            application
                .docker_compose_domains
                .as_deref()
                .unwrap_or_default(),
            file.map_or("", |file| file.expose()),
        );
        let map = application.compose_domains().into_iter().map(|entry| {
            let urls = match entry.domain {
                Some(Clearable::Set(urls)) => urls,
                _ => String::new(),
            };
            (named(&entry.name, &services).to_owned(), urls)
        });
        let map: Vec<(String, String)> = map.collect();
        let domains = map
            .iter()
            .flat_map(|(name, urls)| address::split(urls).map(move |url| Domain::of(name, url)))
            .collect();
        let mapped = map.into_iter().map(|(name, _)| name).collect();
        (domains, Containers::Compose { services, mapped })
    } else {
        (
            application.domains().map(Domain::from).collect(),
            Containers::Single,
        )
    };
    Holdings {
        domains,
        containers,
        server: on(server),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application(fields: &str) -> Application {
        serde_json::from_str(&format!(r#"{{"uuid": "a", "name": "web", {fields}}}"#)).unwrap()
    }

    #[test]
    fn a_created_application_has_a_list_as_well() {
        let text = r#"{"uuid":"a","domains":"https://a.example.com,https://b.example.com"}"#;
        let created: CreatedApplication = serde_json::from_str(text).unwrap();
        let domains: Vec<&str> = created.domains().collect();
        assert_eq!(domains, ["https://a.example.com", "https://b.example.com"]);
        let none: CreatedApplication = serde_json::from_str(r#"{"uuid":"a"}"#).unwrap();
        assert_eq!(none.domains().count(), 0);
    }

    #[test]
    fn domains_are_a_list_again() {
        let web = application(r#""fqdn": "https://a.example, https://b.example""#);
        let domains: Vec<_> = web.domains().collect();
        assert_eq!(domains, ["https://a.example", "https://b.example"]);
        assert_eq!(application(r#""fqdn": null"#).domains().count(), 0);
    }

    #[test]
    fn compose_domains_are_what_an_update_takes() {
        let text = r#"{\"web\": {\"domain\": \"https://a.example\"}, \"api\": {\"domain\": null}}"#;
        let compose = application(&format!(r#""docker_compose_domains": "{text}""#));
        let domains = compose.compose_domains();
        assert_eq!(domains[0], ComposeDomain::new("api"));
        assert_eq!(
            domains[1],
            ComposeDomain::new("web").domain(["https://a.example"])
        );
    }

    #[test]
    fn an_odd_entry_takes_no_other_along() {
        let text = r#"{\"a\": {\"domain\": \"https://a.example\", \"redirect\": 3}, \"b\": {\"domain\": 5}, \"c\": null, \"d\": [1], \"e\": \"https://e.example\"}"#;
        let compose = application(&format!(r#""docker_compose_domains": "{text}""#));
        let domains = compose.compose_domains();
        let expected = [
            ComposeDomain::new("a").domain(["https://a.example"]),
            ComposeDomain::new("b"),
            ComposeDomain::new("c"),
            ComposeDomain::new("d"),
            ComposeDomain::new("e").domain(["https://e.example"]),
        ];
        assert_eq!(domains, expected);
    }

    #[test]
    fn an_empty_map_is_no_map_on_the_wire() {
        let compose = application(r#""docker_compose_domains": "[]""#);
        assert_eq!(compose.compose_domains(), []);
    }
}
