//! Domains as they are read: they are written as lists and come back as text.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Application, ComposeDomain, Redirect};
use crate::{Clearable, address};

impl Application {
    /// Its addresses, as full URLs. A compose application has
    /// [`compose_domains`](Self::compose_domains) instead.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        address::split(self.fqdn.as_deref().unwrap_or_default())
    }

    /// The domains of the services in its compose file, as an update takes them.
    /// Empty for other applications, and before Coolify has read the file.
    #[must_use]
    pub fn compose_domains(&self) -> Vec<ComposeDomain> {
        let text = self.docker_compose_domains.as_deref().unwrap_or_default();
        // PHP writes an empty map as `[]`, which is no map.
        let read: BTreeMap<String, Read> = serde_json::from_str(text).unwrap_or_default();
        read.into_iter()
            .map(|(name, read)| {
                let mut domain = ComposeDomain::new(name);
                domain.domain = read.domain.map(Clearable::Set);
                domain.redirect = read.redirect.map(Clearable::Set);
                domain
            })
            .collect()
    }
}

/// What the map holds for one service.
#[derive(Deserialize)]
struct Read {
    domain: Option<String>,
    redirect: Option<Redirect>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application(fields: &str) -> Application {
        serde_json::from_str(&format!(r#"{{"uuid": "a", "name": "web", {fields}}}"#)).unwrap()
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
    fn an_empty_map_is_no_map_on_the_wire() {
        let compose = application(r#""docker_compose_domains": "[]""#);
        assert_eq!(compose.compose_domains(), []);
    }
}
