//! Changes of domains, and their reports.

use std::fmt;

use serde::Serialize;

use super::holdings::Holdings;
use super::{Domain, HasDomains};
use crate::error::{Error, Result};
use crate::request::awaitable;
use crate::verify::{DropReason, hides_ports};
use crate::{Version, address};

/// A change of domains that has not been made yet.
///
/// Nothing is sent before [`send`](Self::send) or `.await`.
#[must_use = "nothing is changed before `.send()` or `.await`"]
#[derive(Clone, Debug)]
pub struct ChangeDomains<R> {
    resource: R,
    change: Change,
    domains: Vec<Domain>,
    force: bool,
    keeps_ports: bool,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Set,
    Add,
    Remove,
}

/// The domains after a change, as they were read back.
#[must_use = "the report says which domains Coolify dropped"]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DomainReport {
    /// The domains that the resource has.
    pub domains: Vec<Domain>,
    /// Domains that were requested, but that the resource does not have.
    pub dropped: Vec<IneffectiveDomain>,
    /// Domains that should be removed, but that the resource still has.
    pub kept: Vec<IneffectiveDomain>,
}

/// A domain for which the change had no effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IneffectiveDomain {
    /// The domain.
    pub domain: Domain,
    /// The likely reason, if one was found.
    pub reason: Option<DropReason>,
}

impl DomainReport {
    /// Returns whether the resource has the requested domains.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.dropped.is_empty() && self.kept.is_empty()
    }

    /// `ports_hidden` tells whether the server shows domains without their ports.
    fn new(wanted: &[Domain], seen: Holdings, ports_hidden: bool) -> Self {
        let ineffective = |domain: &Domain| IneffectiveDomain {
            domain: domain.clone(),
            reason: seen.reason(domain),
        };
        let is_in = |stored: &Domain, wanted: &Domain| {
            stored.service == wanted.service
                && (address::is_stored_as(&wanted.url, &stored.url)
                    || ports_hidden
                        && address::is_stored_as(&address::without_port(&wanted.url), &stored.url))
        };
        let dropped = wanted
            .iter()
            .filter(|wanted| !seen.domains.iter().any(|stored| is_in(stored, wanted)))
            .map(ineffective)
            .collect();
        let kept = seen
            .domains
            .iter()
            .filter(|stored| !wanted.iter().any(|wanted| is_in(stored, wanted)))
            .map(ineffective)
            .collect();
        Self {
            dropped,
            kept,
            domains: seen.domains,
        }
    }
}

impl fmt::Display for IneffectiveDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Some(reason) => write!(f, "{}: {reason}", self.domain),
            None => self.domain.fmt(f),
        }
    }
}

impl<R: HasDomains> ChangeDomains<R> {
    pub(super) fn set(resource: &R, domains: Vec<Domain>) -> Self {
        Self::new(resource, Change::Set, domains)
    }

    pub(super) fn add(resource: &R, domains: Vec<Domain>) -> Self {
        Self::new(resource, Change::Add, domains)
    }

    pub(super) fn remove(resource: &R, domains: Vec<Domain>) -> Self {
        Self::new(resource, Change::Remove, domains)
    }

    fn new(resource: &R, change: Change, domains: Vec<Domain>) -> Self {
        Self {
            resource: resource.clone(),
            change,
            domains,
            force: false,
            keeps_ports: false,
        }
    }

    /// Sets domains even if other resources have them. The other resources keep
    /// them too, and it is undefined which resource the proxy then routes to.
    pub fn override_conflicts(mut self) -> Self {
        self.force = true;
        self
    }

    /// Gives each domain without a port the port that the domains of its container have
    /// now. A domain with a port keeps its own.
    ///
    /// The port at the end of a domain is the port of the container that the proxy leads
    /// to; visitors do not type it. Coolify generates the domains of one-click services
    /// with such a port, as in `http://budget.example.com:5006`, and many of them cannot
    /// be reached by a domain without it. Has no effect on
    /// [`remove`](super::Domains::remove).
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let domains = coolify.service("z5nlnxsn1n3caj9setkwj40p").domains();
    /// let report = domains.set("https://budget.example.com").keep_ports().await?;
    /// println!("{:?}", report.domains); // https://budget.example.com:5006
    /// # Ok(()) }
    /// ```
    pub fn keep_ports(mut self) -> Self {
        self.keeps_ports = true;
        self
    }

    /// Makes the change, and reads the domains back. If there is nothing to
    /// change, nothing is written.
    ///
    /// # Errors
    ///
    /// Those of [`Domains::set`](super::Domains::set). A broken connection is not
    /// an error if the change turns out to have been made.
    pub async fn send(mut self) -> Result<DomainReport> {
        let before = self.resource.read_domains().await?;
        if self.keeps_ports && !matches!(self.change, Change::Remove) {
            self.domains = before.with_ports(self.domains);
        }
        let has_port = self.domains.iter().any(|it| address::has_port(&it.url));
        let ports_hidden = has_port && hides_ports(self.resource.coolify()).await;
        let wanted = self.change.apply(&before, self.domains, ports_hidden)?;
        if is_there(&self.resource, &wanted, &before).await {
            return Ok(DomainReport::new(&wanted, before, ports_hidden));
        }
        let written = self
            .resource
            .write_domains(&before, &wanted, self.force)
            .await;
        if let Err(error) = written {
            if !error.outcome_unknown() {
                return Err(explained(error, &wanted));
            }
            return match self.resource.read_domains().await {
                Ok(seen) => {
                    let report = DomainReport::new(&wanted, seen, ports_hidden);
                    if report.is_complete() {
                        Ok(report)
                    } else {
                        Err(error)
                    }
                }
                Err(_) => Err(error),
            };
        }
        let seen = self.resource.read_domains().await.map_err(|error| {
            error.and_hint("Coolify accepted the change, but the domains could not be read back")
        })?;
        Ok(DomainReport::new(&wanted, seen, ports_hidden))
    }
}

impl Change {
    /// Returns the requested domains, without duplicates and sorted by service.
    ///
    /// If the server hides ports, a domain with a port means the stored one without.
    fn apply(
        self,
        before: &Holdings,
        named: Vec<Domain>,
        ports_hidden: bool,
    ) -> Result<Vec<Domain>> {
        let is_meant = |named: &Domain, domain: &Domain| {
            is_meant(named, domain)
                || ports_hidden
                    && is_meant(
                        &Domain {
                            url: address::without_port(&named.url),
                            ..named.clone()
                        },
                        domain,
                    )
        };
        let mut wanted = match self {
            Self::Set => Vec::new(),
            Self::Add | Self::Remove => before.domains.clone(),
        };
        if let Self::Remove = self {
            wanted.retain(|domain| !named.iter().any(|named| is_meant(named, domain)));
            return Ok(sorted(wanted));
        }
        for domain in named {
            let domain = before.place(domain)?;
            let same = wanted.iter().position(|there| is_meant(&domain, there));
            match same.and_then(|at| wanted.get_mut(at)) {
                // Its port may be another one.
                Some(there) if ports_hidden && address::has_port(&domain.url) => *there = domain,
                Some(_) => {}
                None => wanted.push(domain),
            }
        }
        Ok(sorted(wanted))
    }
}

/// Adds a hint to a refusal: how to set domains that others have, and how to write host
/// names that are not ASCII.
fn explained(error: Error, wanted: &[Domain]) -> Error {
    if !error.conflicts().is_empty() {
        return error.with_hint(
            "`conflicts()` names the resources that have the domains; `override_conflicts` sets \
             the domains anyway",
        );
    }
    let is_ascii = wanted.iter().all(|domain| domain.url.is_ascii());
    if is_ascii || !error.is_validation() || error.hint().is_some() {
        return error;
    }
    error.with_hint("Coolify accepts only ASCII domains: write the host as `xn--…` (Punycode)")
}

/// The last Coolify that stores the URLs of services in lower case.
const LOWER_CASE: Version = Version::new(4, 1, 2);

/// Returns whether the resource has these domains, in the form in which Coolify
/// stores them.
async fn is_there<R: HasDomains>(resource: &R, wanted: &[Domain], before: &Holdings) -> bool {
    let stored = sorted(before.domains.clone());
    let all = |is_same: fn(&str, &str) -> bool| {
        wanted.len() == stored.len()
            && wanted
                .iter()
                .zip(&stored)
                .all(|(a, b)| a.service == b.service && is_same(&a.url, &b.url))
    };
    all(address::same)
        || before.is_service()
            && all(address::is_stored_as)
            && resource
                .coolify()
                .version()
                .await
                .is_ok_and(|version| version <= LOWER_CASE)
}

/// Returns whether the named domain is this one. A named domain without a service
/// matches all services.
fn is_meant(named: &Domain, domain: &Domain) -> bool {
    (named.service.is_none() || named.service == domain.service)
        && address::same(&named.url, &domain.url)
}

/// Sorts domains by service. Within a service, the order is kept, because it
/// matters.
fn sorted(mut domains: Vec<Domain>) -> Vec<Domain> {
    domains.sort_by(|a, b| a.service.cmp(&b.service));
    domains
}

awaitable!(ChangeDomains<R> where R: HasDomains, send -> DomainReport);

#[cfg(test)]
mod tests {
    use super::super::holdings::Containers;
    use super::*;

    const A: &str = "https://a.example";
    const B: &str = "https://b.example";

    fn holdings(domains: &[Domain]) -> Holdings {
        let names = ["web", "api"].map(str::to_owned).to_vec();
        Holdings {
            domains: domains.to_vec(),
            containers: Containers::Service(names),
            server: None,
        }
    }

    fn apply(change: Change, before: &[Domain], named: &[Domain]) -> Vec<Domain> {
        change
            .apply(&holdings(before), named.to_vec(), false)
            .unwrap()
    }

    #[test]
    fn a_domain_is_removed_from_the_service_that_is_named() {
        let both = [Domain::of("web", A), Domain::of("api", A)];
        let left = apply(Change::Remove, &both, &[Domain::of("web", A)]);
        assert_eq!(left, [Domain::of("api", A)]);
        let left = apply(Change::Remove, &both, &[Domain::of("worker", A)]);
        assert_eq!(left, [Domain::of("api", A), Domain::of("web", A)]);
        let left = apply(Change::Remove, &both, &["HTTPS://A.example/".into()]);
        assert!(left.is_empty(), "without a service it is removed from all");
        let left = apply(Change::Remove, &both, &[B.into()]);
        assert_eq!(left.len(), 2);
    }

    #[test]
    fn a_domain_is_added_to_the_service_that_is_named() {
        let before = [Domain::of("web", A)];
        let same = apply(
            Change::Add,
            &before,
            &[Domain::of("web", "HTTPS://A.example/")],
        );
        assert_eq!(same, before);
        let wanted = apply(Change::Add, &before, &[Domain::of("api", A)]);
        assert_eq!(wanted, [Domain::of("api", A), Domain::of("web", A)]);
        let wanted = apply(Change::Add, &before, &[Domain::of("web", B)]);
        assert_eq!(wanted, [Domain::of("web", A), Domain::of("web", B)]);
    }

    #[test]
    fn what_is_set_is_there_once_and_alone() {
        let before = [Domain::of("web", A), Domain::of("api", B)];
        let named = [B, A, B].map(|url| Domain::of("web", url));
        let wanted = apply(Change::Set, &before, &named);
        assert_eq!(wanted, [Domain::of("web", B), Domain::of("web", A)]);
    }

    #[test]
    fn a_domain_gets_the_port_of_its_container() {
        let before = holdings(&[
            Domain::of("web", A),
            Domain::of("web", "http://web.generated.example:5006"),
            Domain::of("api", "http://api.generated.example:81"),
        ]);
        let named = [
            Domain::of("web", B),
            Domain::of("api", "https://c.example/v1"),
            Domain::of("api", "https://c.example:82/v2"),
            Domain::of("absent", B),
        ];
        let urls = before.with_ports(named.to_vec());
        let urls: Vec<_> = urls.iter().map(|it| it.url.as_str()).collect();
        let wanted = [
            "https://b.example:5006",
            "https://c.example:81/v1",
            "https://c.example:82/v2",
            B,
        ];
        assert_eq!(urls, wanted);
    }

    #[test]
    fn a_report_tells_each_service_apart() {
        let wanted = [Domain::of("web", A), Domain::of("web", B)];
        let seen = holdings(&[Domain::of("web", B), Domain::of("api", A)]);
        let report = DomainReport::new(&wanted, seen, false);
        assert_eq!(report.dropped[0].domain, Domain::of("web", A));
        assert_eq!(report.kept[0].domain, Domain::of("api", A));
        assert_eq!((report.dropped.len(), report.kept.len()), (1, 1));
        assert!(!report.is_complete());
    }

    #[test]
    fn one_domain_too_many_or_too_few_is_not_complete() {
        let missing = DomainReport::new(&[Domain::of("web", A)], holdings(&[]), false);
        assert!(!missing.is_complete() && missing.kept.is_empty());
        let extra = DomainReport::new(&[], holdings(&[Domain::of("web", A)]), false);
        assert!(!extra.is_complete() && extra.dropped.is_empty());
        assert!(DomainReport::new(&[], holdings(&[]), false).is_complete());
    }

    #[test]
    fn a_hidden_port_is_no_dropped_domain_and_may_be_another_one() {
        let with_port = Domain::of("web", "https://a.example:3000");
        let stored = holdings(&[Domain::of("web", A)]);
        let wanted = [with_port.clone()];
        assert!(DomainReport::new(&wanted, stored.clone(), true).is_complete());
        assert!(!DomainReport::new(&wanted, stored.clone(), false).is_complete());

        let change = |change: Change, hidden| {
            let named = vec![with_port.clone()];
            change.apply(&stored, named, hidden).unwrap()
        };
        assert_eq!(change(Change::Add, true), wanted);
        assert_eq!(change(Change::Add, false).len(), 2);
        assert!(change(Change::Remove, true).is_empty());
        assert_eq!(change(Change::Remove, false), stored.domains);
    }
}
