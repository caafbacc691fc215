//! Changing domains, and what became of it.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use super::owner::Holdings;
use super::{Domain, HasDomains};
use crate::address;
use crate::error::Result;
use crate::verify::DropReason;

/// A change of domains, waiting to be made.
///
/// Nothing is sent before [`send`](Self::send) or `.await`.
#[must_use = "nothing is changed before `.send()` or `.await`"]
#[derive(Clone, Debug)]
pub struct ChangeDomains<R> {
    resource: R,
    change: Change,
    domains: Vec<Domain>,
    force: bool,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Set,
    Add,
    Remove,
}

/// The domains after a change, as they were read back.
#[must_use = "the report says which domains Coolify dropped"]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DomainReport {
    /// The domains that there are.
    pub domains: Vec<Domain>,
    /// Domains that were asked for and are not there.
    pub dropped: Vec<Ineffective>,
    /// Domains that were to go and are still there.
    pub kept: Vec<Ineffective>,
}

/// A domain of which a change had no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ineffective {
    /// The domain.
    pub domain: Domain,
    /// The likely reason, where there is one to be found.
    pub reason: Option<DropReason>,
}

impl DomainReport {
    /// Whether the domains are as they were asked for.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.dropped.is_empty() && self.kept.is_empty()
    }

    fn new(wanted: &[Domain], seen: Holdings) -> Self {
        let ineffective = |domain: &Domain| Ineffective {
            domain: domain.clone(),
            reason: seen.reason(domain),
        };
        let is_in = |stored: &Domain, wanted: &Domain| {
            stored.service == wanted.service && address::is_stored_as(&wanted.url, &stored.url)
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

impl fmt::Display for Ineffective {
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
        }
    }

    /// Takes domains that other resources have all the same. The others keep
    /// them too; which one the proxy then leads to is left to chance.
    pub fn override_conflicts(mut self) -> Self {
        self.force = true;
        self
    }

    /// Makes the change, and reads what came of it. When nothing is to be
    /// changed, nothing is written.
    ///
    /// # Errors
    ///
    /// As [`Domains::set`](super::Domains::set). A connection that broke is no
    /// error when the change is seen to have been made.
    pub async fn send(self) -> Result<DomainReport> {
        let before = self.resource.read_domains().await?;
        let wanted = self.change.apply(&before, self.domains)?;
        if wanted == sorted(before.domains.clone()) {
            return Ok(DomainReport::new(&wanted, before));
        }
        let written = self
            .resource
            .write_domains(&before, &wanted, self.force)
            .await;
        if let Err(error) = written {
            if !error.outcome_unknown() {
                return Err(error);
            }
            return match self.resource.read_domains().await {
                Ok(seen) => {
                    let report = DomainReport::new(&wanted, seen);
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
            error.with_hint("Coolify took the change; which domains there are could not be read")
        })?;
        Ok(DomainReport::new(&wanted, seen))
    }
}

impl Change {
    /// The domains that are to be there, each once, one service after the other.
    fn apply(self, before: &Holdings, named: Vec<Domain>) -> Result<Vec<Domain>> {
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
            let is_there = wanted.iter().any(|there| is_meant(&domain, there));
            if !is_there {
                wanted.push(domain);
            }
        }
        Ok(sorted(wanted))
    }
}

/// Whether it is this domain that was named; without a service it is in any.
fn is_meant(named: &Domain, domain: &Domain) -> bool {
    (named.service.is_none() || named.service == domain.service)
        && address::same(&named.url, &domain.url)
}

/// In the order of the services; within one the order counts.
fn sorted(mut domains: Vec<Domain>) -> Vec<Domain> {
    domains.sort_by(|a, b| a.service.cmp(&b.service));
    domains
}

impl<R: HasDomains> IntoFuture for ChangeDomains<R> {
    type Output = Result<DomainReport>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
