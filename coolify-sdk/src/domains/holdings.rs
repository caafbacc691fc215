//! The domains that a resource has, and the parts of it that can have any.

use std::future::Future;

use super::Domain;
use crate::Clearable;
use crate::address;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::types::Server;
use crate::request::comma_list;
use crate::resource::ResourceHandle;
use crate::scalar::stripped;
use crate::verify::DropReason;

/// A resource with domains: an application or a service.
///
/// Only the two handles implement it. It is the bound of generic functions over
/// [`Domains`](super::Domains).
pub trait HasDomains: ResourceHandle {
    #[doc(hidden)]
    fn read_domains(&self) -> impl Future<Output = Result<Holdings>> + Send;

    /// Writes the domains of all containers.
    #[doc(hidden)]
    fn write_domains(
        &self,
        before: &Holdings,
        wanted: &[Domain],
        force: bool,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// The domains of a resource.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Holdings {
    pub(crate) domains: Vec<Domain>,
    pub(crate) containers: Containers,
    /// The reason why the server stores no domains, if it does not.
    pub(crate) server: Option<DropReason>,
}

/// The parts of a resource that can have domains.
#[derive(Clone, Debug)]
pub(crate) enum Containers {
    /// One container.
    Single,
    /// The services of a compose application, by name. Coolify's map of domains
    /// contains some of them.
    Compose {
        services: Vec<String>,
        mapped: Vec<String>,
    },
    /// The containers of a service, by name.
    Service(Vec<String>),
}

impl Holdings {
    /// Returns a domain with its service, if the service is unambiguous.
    pub(super) fn place(&self, domain: Domain) -> Result<Domain> {
        let mut domain = Domain {
            url: stripped(&domain.url).to_owned(),
            ..domain
        };
        check(&domain.url)?;
        let (Containers::Compose { services, .. } | Containers::Service(services)) =
            &self.containers
        else {
            return match domain.service {
                None => Ok(domain),
                Some(_) => Err(invalid(format!(
                    "{} names a service, but the application has a single container",
                    domain.url
                ))
                .with_hint("pass only the URL")),
            };
        };
        match (&domain.service, &services[..]) {
            (_, []) if self.is_service() => Err(invalid(format!(
                "the service has no container that could have {}",
                domain.url
            ))),
            (None, []) => Err(invalid(format!(
                "no service of the application is known that could have {}",
                domain.url
            ))
            .with_hint(
                "name the service with `Domain::of`, or wait until Coolify has read the compose \
                 file",
            )),
            // The containers of a service are known for certain; those of a compose file
            // are only known to Coolify.
            (Some(service), known) if self.is_service() && !known.contains(service) => {
                Err(invalid(format!(
                    "the service has no container {service:?}; its containers are {}",
                    known.join(", ")
                )))
            }
            (Some(_), _) => Ok(domain),
            (None, [only]) => {
                domain.service = Some(only.clone());
                Ok(domain)
            }
            (None, known) => Err(invalid(format!(
                "the service of {} is ambiguous; the services are {}",
                domain.url,
                known.join(", ")
            ))
            .with_hint("name the service with `Domain::of`")),
        }
    }

    /// Gives domains without a port the port of the first domain of their container that
    /// has one.
    pub(super) fn with_ports(&self, domains: Vec<Domain>) -> Vec<Domain> {
        let with_port = |domain: Domain| {
            // A domain without a container is refused later, with the reason.
            let mut domain = self.place(domain.clone()).unwrap_or(domain);
            let mut own = self
                .domains
                .iter()
                .filter(|it| it.service == domain.service);
            if let Some(own) = own.find(|it| address::has_port(&it.url)) {
                domain.url = address::with_port_of(&domain.url, &own.url);
            }
            domain
        };
        domains.into_iter().map(with_port).collect()
    }

    /// Returns why a domain that was written is missing.
    pub(super) fn reason(&self, domain: &Domain) -> Option<DropReason> {
        match (&self.containers, &domain.service) {
            (Containers::Single, _) => self.server,
            (Containers::Compose { mapped, .. }, Some(service)) if !mapped.contains(service) => {
                Some(DropReason::UnknownService)
            }
            _ => None,
        }
    }

    pub(super) fn is_service(&self) -> bool {
        matches!(self.containers, Containers::Service(_))
    }
}

fn invalid(summary: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, summary)
}

/// Checks a URL, because Coolify's message does not name the invalid one, and
/// because Coolify would split a URL at a comma.
fn check(url: &str) -> Result<()> {
    let lower = url.to_ascii_lowercase();
    let host = lower
        .strip_prefix("http://")
        .or(lower.strip_prefix("https://"));
    let is_url = host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', ':']))
        && !url.contains(|c: char| c == ',' || c.is_whitespace());
    if is_url {
        return Ok(());
    }
    Err(invalid(format!("{url:?} is not the URL of a domain"))
        .with_hint("a domain is a full URL such as `https://www.example.com`"))
}

pub(crate) fn on(server: Option<&Server>) -> Option<DropReason> {
    let server = server?;
    DropReason::of_server(
        server
            .proxy
            .as_ref()
            .and_then(|proxy| proxy.type_.as_deref()),
        server.settings.as_ref().and_then(|it| it.is_build_server),
    )
}

/// Returns the URLs of one service, in the form of the API; null if there are
/// none.
pub(crate) fn urls_of(service: &str, domains: &[Domain]) -> Clearable<String> {
    let urls: Vec<_> = domains
        .iter()
        .filter(|domain| domain.service.as_deref() == Some(service))
        .map(|domain| &domain.url)
        .collect();
    if urls.is_empty() {
        Clearable::Clear
    } else {
        Clearable::Set(comma_list(urls))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holdings(containers: Containers) -> Holdings {
        Holdings {
            domains: Vec::new(),
            containers,
            server: Some(DropReason::NoProxy),
        }
    }

    fn compose(services: &[&str]) -> Holdings {
        holdings(Containers::Compose {
            services: services.iter().map(|&name| name.to_owned()).collect(),
            mapped: Vec::new(),
        })
    }

    #[test]
    fn only_urls_are_domains() {
        for bad in [
            "example.com",
            "https://",
            "https:///path",
            "https://:8080",
            "ftp://example.com",
            "https://a.example,https://b.example",
            "https://a example",
            "",
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        assert!(check("HTTPS://a.example:8080/x?y=z").is_ok());
        let placed = holdings(Containers::Single).place("\u{feff} https://a.example\n".into());
        assert_eq!(placed.unwrap(), "https://a.example".into());
    }

    #[test]
    fn a_domain_goes_where_there_is_no_doubt() {
        let url = "https://a.example";
        let single = holdings(Containers::Single);
        assert_eq!(single.place(url.into()).unwrap().service, None);
        assert!(single.place(Domain::of("web", url)).is_err());
        let one = compose(&["web"]).place(url.into()).unwrap();
        assert_eq!(one.service.as_deref(), Some("web"));
        let error = compose(&["web", "api"]).place(url.into()).unwrap_err();
        assert!(error.to_string().contains("web, api"), "{error}");
        assert!(compose(&["web"]).place(Domain::of("new", url)).is_ok());
        let service = holdings(Containers::Service(vec!["web".to_owned()]));
        assert!(service.place(Domain::of("new", url)).is_err());
    }

    #[test]
    fn a_domain_needs_a_container() {
        let domain = || Domain::of("web", "https://a.example");
        let service = holdings(Containers::Service(Vec::new()));
        for domain in [domain(), "https://a.example".into()] {
            let error = service.place(domain).unwrap_err().to_string();
            let told = "the service has no container that could have https://a.example";
            assert_eq!(error, told);
        }
        // A compose file may have services that only Coolify will know.
        assert!(compose(&[]).place(domain()).is_ok());
        let error = compose(&[]).place("https://a.example".into()).unwrap_err();
        assert!(error.to_string().starts_with("no service"), "{error}");
        assert!(error.hint().unwrap().contains("`Domain::of`"));
    }

    #[test]
    fn the_reason_depends_on_the_kind() {
        let domain = Domain::of("web", "https://a.example");
        let single = holdings(Containers::Single).reason(&domain);
        assert_eq!(single, Some(DropReason::NoProxy));
        let unknown = compose(&["web"]).reason(&domain);
        assert_eq!(unknown, Some(DropReason::UnknownService));
    }
}
