//! Reads and writes the domains of each kind of resource.

use std::future::Future;

use super::{Domain, Domains};
#[cfg(feature = "applications")]
use crate::applications::{Application, ApplicationHandle, BuildPack, ComposeDomain};
use crate::error::{Error, ErrorKind, Result};
use crate::raw::types::Server;
#[cfg(feature = "services")]
use crate::raw::types::{Service, ServiceUrl, UpdateServiceByUuidBody};
use crate::request::comma_list;
use crate::resource::Resource;
use crate::scalar::stripped;
#[cfg(feature = "services")]
use crate::services::ServiceHandle;
use crate::verify::DropReason;
use crate::{Clearable, address};

/// A resource with domains: an application or a service.
pub trait HasDomains: Resource {
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
    pub(super) domains: Vec<Domain>,
    pub(super) kind: Kind,
    /// The reason why the server stores no domains, if it does not.
    pub(super) server: Option<DropReason>,
}

/// The parts of a resource that can have domains.
#[derive(Clone, Debug)]
pub(super) enum Kind {
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
        let (Kind::Compose { services, .. } | Kind::Service(services)) = &self.kind else {
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

    /// Returns why a domain that was written is missing.
    pub(super) fn reason(&self, domain: &Domain) -> Option<DropReason> {
        match (&self.kind, &domain.service) {
            (Kind::Single, _) => self.server,
            (Kind::Compose { mapped, .. }, Some(service)) if !mapped.contains(service) => {
                Some(DropReason::UnknownService)
            }
            _ => None,
        }
    }

    pub(super) fn is_service(&self) -> bool {
        matches!(self.kind, Kind::Service(_))
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

fn on(server: Option<&Server>) -> Option<DropReason> {
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
fn urls_of(service: &str, domains: &[Domain]) -> Clearable<String> {
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

#[cfg(feature = "applications")]
impl ApplicationHandle {
    /// Returns a handle for its domains. Those of a compose application belong to
    /// its services.
    #[must_use]
    pub fn domains(&self) -> Domains<Self> {
        Domains::new(self)
    }
}

#[cfg(feature = "applications")]
impl HasDomains for ApplicationHandle {
    async fn read_domains(&self) -> Result<Holdings> {
        Ok(of_application(&self.get().await?))
    }

    async fn write_domains(&self, before: &Holdings, wanted: &[Domain], force: bool) -> Result<()> {
        let mut request = self.update();
        if let Kind::Compose { mapped, .. } = &before.kind {
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

#[cfg(feature = "applications")]
fn of_application(application: &Application) -> Holdings {
    let server = application
        .destination
        .as_ref()
        .and_then(|it| it.server.as_ref());
    let (domains, kind) = if application.build_pack == Some(BuildPack::Dockercompose) {
        let file = application.docker_compose_raw.as_ref();
        let services = super::compose_services(
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
            (
                super::compose::named(&entry.name, &services).to_owned(),
                urls,
            )
        });
        let map: Vec<(String, String)> = map.collect();
        let domains = map
            .iter()
            .flat_map(|(name, urls)| address::split(urls).map(move |url| Domain::of(name, url)))
            .collect();
        let mapped = map.into_iter().map(|(name, _)| name).collect();
        (domains, Kind::Compose { services, mapped })
    } else {
        (
            application.domains().map(Domain::from).collect(),
            Kind::Single,
        )
    };
    Holdings {
        domains,
        kind,
        server: on(server),
    }
}

#[cfg(feature = "services")]
impl ServiceHandle {
    /// Returns a handle for the domains of its containers.
    ///
    /// Coolify changes one container after the other. If one of several domains
    /// is in use elsewhere, other containers may already have theirs.
    #[must_use]
    pub fn domains(&self) -> Domains<Self> {
        Domains::new(self)
    }
}

#[cfg(feature = "services")]
impl HasDomains for ServiceHandle {
    async fn read_domains(&self) -> Result<Holdings> {
        let raw = self.coolify().raw();
        Ok(of_service(
            &raw.get_service_by_uuid(self.uuid().as_str()).await?,
        ))
    }

    async fn write_domains(&self, before: &Holdings, wanted: &[Domain], force: bool) -> Result<()> {
        let Kind::Service(containers) = &before.kind else {
            return Ok(());
        };
        let urls = containers.iter().filter_map(|name| {
            let urls = urls_of(name, wanted);
            (urls != urls_of(name, &before.domains)).then(|| {
                let mut url = ServiceUrl::new(name);
                url.url = Some(urls);
                url
            })
        });
        let body = UpdateServiceByUuidBody {
            urls: Some(urls.collect()),
            force_domain_override: force.then_some(true),
            ..UpdateServiceByUuidBody::default()
        };
        let raw = self.coolify().raw();
        let call = raw.update_service_by_uuid(self.uuid().as_str(), &body);
        drop(body);
        call.await.map(drop)
    }
}

#[cfg(feature = "services")]
fn of_service(service: &Service) -> Holdings {
    let containers = service.applications.as_deref().unwrap_or_default();
    let domains = containers.iter().flat_map(|container| {
        let urls = container.fqdn.as_deref().unwrap_or_default();
        address::split(urls).map(|url| Domain::of(&container.name, url))
    });
    Holdings {
        domains: domains.collect(),
        kind: Kind::Service(containers.iter().map(|it| it.name.clone()).collect()),
        server: on(service.server.as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holdings(kind: Kind) -> Holdings {
        Holdings {
            domains: Vec::new(),
            kind,
            server: Some(DropReason::NoProxy),
        }
    }

    fn compose(services: &[&str]) -> Holdings {
        holdings(Kind::Compose {
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
            "ftp://example.com",
            "https://a.example,https://b.example",
            "https://a example",
            "",
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        assert!(check("HTTPS://a.example:8080/x?y=z").is_ok());
        let placed = holdings(Kind::Single).place("\u{feff} https://a.example\n".into());
        assert_eq!(placed.unwrap(), "https://a.example".into());
    }

    #[test]
    fn a_domain_goes_where_there_is_no_doubt() {
        let url = "https://a.example";
        let single = holdings(Kind::Single);
        assert_eq!(single.place(url.into()).unwrap().service, None);
        assert!(single.place(Domain::of("web", url)).is_err());
        let one = compose(&["web"]).place(url.into()).unwrap();
        assert_eq!(one.service.as_deref(), Some("web"));
        let error = compose(&["web", "api"]).place(url.into()).unwrap_err();
        assert!(error.to_string().contains("web, api"), "{error}");
        assert!(compose(&["web"]).place(Domain::of("new", url)).is_ok());
        let service = holdings(Kind::Service(vec!["web".to_owned()]));
        assert!(service.place(Domain::of("new", url)).is_err());
    }

    #[test]
    fn the_reason_depends_on_the_kind() {
        let domain = Domain::of("web", "https://a.example");
        let single = holdings(Kind::Single).reason(&domain);
        assert_eq!(single, Some(DropReason::NoProxy));
        let unknown = compose(&["web"]).reason(&domain);
        assert_eq!(unknown, Some(DropReason::UnknownService));
    }
}
