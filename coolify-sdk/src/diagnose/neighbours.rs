//! The domains and ports that the resources of a team take.

use serde::Serialize;

use super::{
    facts::{server_of, subject_of},
    finding::Subject,
};
use crate::{ResourceState, Uuid, address, resources::Resource};

/// The domains and ports that the resources of a team take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Neighbours {
    claims: Vec<Claim>,
    ports: Vec<PortUse>,
}

/// A domain that a resource has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Claim {
    /// The domain, as the resource has it.
    pub url: String,
    /// The server of the resource.
    pub server: Option<Uuid>,
    /// The resource.
    pub subject: Subject,
    /// Whether the resource has stopped, so that the proxy does not know the domain.
    pub is_stopped: bool,
    /// The host and the path, in which two equal domains agree.
    #[serde(skip)]
    key: String,
}

/// A port of a server that a resource takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PortUse {
    /// The first port.
    pub first: u16,
    /// The last port of a range; otherwise the same.
    pub last: u16,
    /// Whether it is a port of UDP instead of TCP.
    pub udp: bool,
    /// The address of the server; empty for all addresses.
    pub address: String,
    /// The setting that takes the port.
    pub setting: &'static str,
    /// The server.
    pub server: Option<Uuid>,
    /// The resource.
    pub subject: Subject,
    /// Whether the resource has stopped, so that the port is free for now.
    pub is_stopped: bool,
}

impl Neighbours {
    /// Collects the domains and ports of resources.
    #[must_use]
    pub fn of<'a>(resources: impl IntoIterator<Item = &'a Resource>) -> Self {
        let mut all = Self::default();
        for resource in resources {
            all.add(resource);
        }
        all
    }

    /// Returns all domains.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter()
    }

    /// Returns all ports.
    pub fn ports(&self) -> impl Iterator<Item = &PortUse> {
        self.ports.iter()
    }

    /// Returns the resources other than `own` that have the same domain.
    pub fn also_claiming<'a>(
        &'a self,
        url: &str,
        own: &'a Uuid,
    ) -> impl Iterator<Item = &'a Claim> {
        let wanted = key(url);
        self.claims
            .iter()
            .filter(move |it| it.key == wanted && it.subject.uuid.as_ref() != Some(own))
    }

    fn add(&mut self, resource: &Resource) {
        let subject = subject_of(resource);
        let server = server_of(resource).map(|it| it.uuid.clone());
        let state = resource.status().map(|it| &it.state);
        let is_stopped = state == Some(&ResourceState::Exited);
        for url in resource.domains() {
            self.claims.push(Claim {
                key: key(&url),
                url,
                server: server.clone(),
                subject: subject.clone(),
                is_stopped,
            });
        }
        for (setting, mapping) in mappings(resource) {
            let Some((first, last, udp, address)) = host_ports(&mapping) else {
                continue;
            };
            self.ports.push(PortUse {
                first,
                last,
                udp,
                address,
                setting,
                server: server.clone(),
                subject: subject.clone(),
                is_stopped,
            });
        }
    }
}

impl PortUse {
    /// Returns whether both cannot be taken at the same time.
    #[must_use]
    pub fn collides_with(&self, other: &Self) -> bool {
        let same_address =
            self.address.is_empty() || other.address.is_empty() || self.address == other.address;
        self.server.is_some()
            && self.server == other.server
            && self.udp == other.udp
            && same_address
            && self.first <= other.last
            && other.first <= self.last
    }

    /// Returns the port or the range as text.
    #[must_use]
    pub fn port(&self) -> String {
        let range = if self.first == self.last {
            self.first.to_string()
        } else {
            format!("{}-{}", self.first, self.last)
        };
        if self.udp {
            format!("{range}/udp")
        } else {
            range
        }
    }
}

/// Returns the parts of a resource that take ports of the server.
fn mappings(resource: &Resource) -> Vec<(&'static str, String)> {
    let split = |setting: &'static str, text: Option<&str>| {
        let parts: Vec<_> = address::split(text.unwrap_or_default())
            .map(|it| (setting, it.to_owned()))
            .collect();
        parts
    };
    let public = |is_public: Option<bool>, port: Option<i64>| {
        let port = port.filter(|_| is_public == Some(true));
        port.map(|port| ("public_port", format!("{port}:0")))
    };
    match resource {
        Resource::Application(it) => split("ports_mappings", it.ports_mappings.as_deref()),
        Resource::Database(it) => {
            let mut all = split("ports_mappings", it.ports_mappings.as_deref());
            all.extend(public(it.is_public, it.public_port));
            all
        }
        Resource::Service(it) => {
            let mut all = Vec::new();
            for part in it.applications.iter().flatten() {
                all.extend(split("ports", part.ports.as_deref()));
            }
            for part in it.databases.iter().flatten() {
                all.extend(split("ports", part.ports.as_deref()));
                all.extend(public(part.is_public, part.public_port));
            }
            all
        }
        Resource::Unknown(_) => Vec::new(),
    }
}

/// Reads the part of a mapping that is on the server: `8080:80`,
/// `127.0.0.1:8080:80/tcp`, `3000-3005:3000-3005`. A mapping without a port of the server
/// takes any free one.
fn host_ports(mapping: &str) -> Option<(u16, u16, bool, String)> {
    let (mapping, udp) = match mapping.split_once('/') {
        Some((mapping, protocol)) => (mapping, protocol.trim() == "udp"),
        None => (mapping, false),
    };
    let (rest, _) = mapping.trim().rsplit_once(':')?;
    let (address, ports) = rest.rsplit_once(':').unwrap_or(("", rest));
    let address = match address.trim_matches(['[', ']']) {
        "0.0.0.0" | "::" => "",
        other => other,
    };
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    Some((first, last, udp, address.to_owned()))
}

/// Returns the host and the path. The scheme and the port do not matter: the port in a
/// domain is that of the container.
fn key(url: &str) -> String {
    let url = address::without_port(url.trim()).to_lowercase();
    let rest = url.split_once("://").map_or(&*url, |(_, rest)| rest);
    rest.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_the_server_are_read() {
        let read = |text: &str| {
            host_ports(text)
                .map(|(first, last, udp, address)| format!("{first} {last} {udp} {address}"))
        };
        let cases = [
            ("8080:80", Some("8080 8080 false ")),
            ("127.0.0.1:8080:80", Some("8080 8080 false 127.0.0.1")),
            ("0.0.0.0:53:53/udp", Some("53 53 true ")),
            ("[::1]:53:53", Some("53 53 false ::1")),
            (" 127.0.0.1:53:53 ", Some("53 53 false 127.0.0.1")),
            (" 3000 - 3005 :3000-3005", Some("3000 3005 false ")),
            ("53:53/ udp ", Some("53 53 true ")),
            ("53:53/tcp/udp", Some("53 53 false ")),
            ("1-2-3:1", None),
            ("0:0", Some("0 0 false ")),
            ("65536:1", None),
            ("a-b:1", None),
            ("", None),
            (":", None),
            ("3000-3005:3000-3005", Some("3000 3005 false ")),
            ("80", None),
            ("${PORT}:80", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(read(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn a_domain_is_the_same_with_another_scheme_or_port() {
        assert_eq!(key("https://A.example/"), key("http://a.example:3000"));
        assert_ne!(key("https://a.example/x"), key("https://a.example"));
    }
}
