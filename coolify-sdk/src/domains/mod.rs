//! The domains of applications and services, in one way for all of them.

mod change;
mod compose;
mod owner;

use std::fmt;

use serde::Serialize;

pub use change::{ChangeDomains, DomainReport, IneffectiveDomain};
pub(crate) use compose::compose_services;
pub use owner::HasDomains;

use crate::error::Result;

/// A domain: the full URL that something is reached under.
///
/// Where there are several containers, in compose applications and services, a
/// domain belongs to one of them.
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
    /// The URL: `http://` or `https://`, a host, and a port and a path where
    /// wanted.
    pub url: String,
    /// The service in the compose file that has it. Not given for an application
    /// that is one container; may be left out where there is only one.
    pub service: Option<String>,
}

impl Domain {
    /// A domain of one service of a compose file.
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

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.service {
            Some(service) => write!(f, "{service} {}", self.url),
            None => f.write_str(&self.url),
        }
    }
}

/// The domains of one application or service: `.domains()` of their handles.
///
/// Each change reads what is there, writes what differs, and reads again: what
/// is reported was seen. Coolify drops domains without a word where the server
/// runs no proxy, and for services that a compose file does not have.
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

    /// Returns all domains, the most important one first; those of several
    /// containers one container after the other.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// resource.
    pub async fn list(&self) -> Result<Vec<Domain>> {
        Ok(self.resource.read_domains().await?.domains)
    }

    /// These domains and no others.
    ///
    /// What the resource has and is not among them is taken away, from all of
    /// its containers.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) when one is in use:
    /// [`conflicts`](crate::Error::conflicts) says by what, and
    /// [`override_conflicts`](ChangeDomains::override_conflicts) takes it all the
    /// same. [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest)
    /// before anything is written, for what is no URL and for a domain of which
    /// it is open which container is meant.
    /// [`Error::is_validation`](crate::Error::is_validation) when Coolify has not
    /// read the compose file of the application yet.
    pub fn set<D: Into<Domain>>(&self, domains: impl IntoIterator<Item = D>) -> ChangeDomains<R> {
        ChangeDomains::set(&self.resource, collect(domains))
    }

    /// These domains beside those that are there.
    ///
    /// Two changes at the same time can lose one another's: Coolify only takes
    /// the whole list.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    pub fn add<D: Into<Domain>>(&self, domains: impl IntoIterator<Item = D>) -> ChangeDomains<R> {
        ChangeDomains::add(&self.resource, collect(domains))
    }

    /// What is there without these domains; one without a service is taken from
    /// all of them. To take away what is not there is not an error.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set): what remains can be in use elsewhere too.
    pub fn remove<D: Into<Domain>>(
        &self,
        domains: impl IntoIterator<Item = D>,
    ) -> ChangeDomains<R> {
        ChangeDomains::remove(&self.resource, collect(domains))
    }

    /// No domains any more.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// As [`set`](Self::set).
    pub fn clear(&self) -> ChangeDomains<R> {
        ChangeDomains::set(&self.resource, Vec::new())
    }
}

fn collect<D: Into<Domain>>(domains: impl IntoIterator<Item = D>) -> Vec<Domain> {
    domains.into_iter().map(Into::into).collect()
}
