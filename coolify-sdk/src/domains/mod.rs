//! The domains of applications and services.

mod change;
#[cfg(feature = "applications")]
mod compose;
mod holdings;

use std::fmt;

use serde::Serialize;

pub use change::{ChangeDomains, DomainReport, IneffectiveDomain};
#[cfg(feature = "applications")]
pub(crate) use compose::{compose_services, named};
pub use holdings::HasDomains;
pub(crate) use holdings::{Containers, Holdings, on, urls_of};

use crate::Call;
use crate::request::{IntoList, TextItem, TypedItem};

/// A domain: the full URL of a container.
///
/// In compose applications and services, which have several containers, a domain
/// belongs to one of them.
///
/// ```
/// use coolify_sdk::domains::Domain;
///
/// let shop = Domain::from("https://shop.example.com");
/// assert_eq!(shop.service, None);
/// let api = Domain::of("api", "https://shop.example.com/api");
/// assert_eq!(api.service.as_deref(), Some("api"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Domain {
    /// The URL: `http://` or `https://`, a host, and optionally a port and a
    /// path.
    pub url: String,
    /// The service in the compose file that has the domain. It is `None` for an
    /// application with a single container, and may be `None` if there is only
    /// one service.
    pub service: Option<String>,
}

impl Domain {
    /// Makes a domain of one service of a compose file.
    pub fn of(service: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            service: Some(service.into()),
        }
    }
}

impl From<&str> for Domain {
    fn from(url: &str) -> Self {
        url.to_owned().into()
    }
}

impl From<String> for Domain {
    fn from(url: String) -> Self {
        Self { url, service: None }
    }
}

impl From<&Domain> for Domain {
    fn from(domain: &Domain) -> Self {
        domain.clone()
    }
}

impl TextItem for Domain {}
impl TypedItem for Domain {}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.service {
            Some(service) => write!(f, "{service} {}", self.url),
            None => f.write_str(&self.url),
        }
    }
}

/// A handle for the domains of one application or service: `.domains()` of their
/// handles.
///
/// Each change reads the domains, writes the differences, and reads the domains
/// again for its report. Coolify silently drops domains if the server runs no
/// proxy, and domains of services that are not in the compose file.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::domains::Domain;
///
/// let domains = coolify.application("khzsv5nucvscskrm5gez3p8v").domains();
/// let report = domains.set(["https://example.com", "https://www.example.com"]).await?;
/// for dropped in &report.dropped {
///     println!("{dropped}");
/// }
///
/// let domains = coolify.service("z5nlnxsn1n3caj9setkwj40p").domains();
/// match domains.add([Domain::of("web", "https://web.example.com")]).await {
///     Err(error) if error.is_conflict() => println!("taken: {:?}", error.conflicts()),
///     report => println!("{:?}", report?.domains),
/// }
/// # Ok(()) }
/// ```
#[doc(alias("FQDN", "URL"))]
#[derive(Clone, Debug)]
pub struct Domains<R> {
    resource: R,
}

impl<R: HasDomains> Domains<R> {
    pub(crate) fn new(resource: &R) -> Self {
        Self {
            resource: resource.clone(),
        }
    }

    /// Returns all domains, grouped by container. The first domain of a container
    /// is the main one.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// resource.
    pub fn list(&self) -> Call<Vec<Domain>> {
        let resource = self.resource.clone();
        Call::several(async move { Ok(resource.read_domains().await?.domains) })
    }

    /// Sets the domains of the resource.
    ///
    /// Other domains are removed from all containers of the resource.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use:
    /// [`conflicts`](crate::Error::conflicts) returns the resources that use it,
    /// and [`override_conflicts`](ChangeDomains::override_conflicts) sets it
    /// anyway. [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest),
    /// before anything is written, for an invalid URL and for a domain whose
    /// container is ambiguous.
    /// [`Error::is_validation`](crate::Error::is_validation) if Coolify has not
    /// read the compose file of the application yet.
    pub fn set<Form>(&self, domains: impl IntoList<Form, Domain>) -> ChangeDomains<R> {
        ChangeDomains::set(&self.resource, domains.into_items())
    }

    /// Adds domains.
    ///
    /// Coolify only accepts the whole list, so one of two simultaneous changes
    /// can be lost.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Those of [`set`](Self::set).
    pub fn add<Form>(&self, domains: impl IntoList<Form, Domain>) -> ChangeDomains<R> {
        ChangeDomains::add(&self.resource, domains.into_items())
    }

    /// Removes domains. A domain without a service is removed from all services.
    /// It is not an error if the resource does not have the domain.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Those of [`set`](Self::set): the remaining domains can be in use
    /// elsewhere, too.
    pub fn remove<Form>(&self, domains: impl IntoList<Form, Domain>) -> ChangeDomains<R> {
        ChangeDomains::remove(&self.resource, domains.into_items())
    }

    /// Removes all domains.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Those of [`set`](Self::set).
    pub fn clear(&self) -> ChangeDomains<R> {
        ChangeDomains::set(&self.resource, Vec::new())
    }
}
