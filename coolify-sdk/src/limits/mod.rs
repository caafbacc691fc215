//! Limits: how much memory and how many processors a resource may use, as values
//! that can be compared and capped, and how many applications a project may have.

mod docker;
mod quantity;
#[cfg(all(feature = "applications", feature = "projects"))]
mod quota;
mod requests;

use crate::error::Result;

pub use quantity::{Cpus, Memory};
#[cfg(all(feature = "applications", feature = "projects"))]
pub use quota::{ApplicationQuota, QuotaUse};

/// The limits of one application or database. An update does not change limits
/// that are `None`; a new resource has no such limits.
///
/// ```
/// use coolify_sdk::limits::ResourceLimits;
///
/// let free = ResourceLimits::default().memory("512M")?.cpus("0.5")?;
/// let asked = ResourceLimits::default().memory("2G")?.cpus("0.25")?;
/// let granted = asked.capped_at(&free);
/// assert_eq!(granted.limits.memory.unwrap().to_string(), "512M");
/// assert_eq!(granted.limits.cpus.unwrap().to_string(), "0.25");
/// assert_eq!(granted.capped[0].to_string(), "limits_memory: 2G capped at 512M");
/// # Ok::<(), coolify_sdk::Error>(())
/// ```
///
/// Requests take them by `limits`:
///
/// ```no_run
/// # use coolify_sdk::limits::ResourceLimits;
/// # async fn demo(coolify: coolify_sdk::Coolify, limits: ResourceLimits) -> coolify_sdk::Result<()> {
/// let application = coolify.application("khzsv5nucvscskrm5gez3p8v");
/// application.update().limits(&limits).await?;
/// # Ok(()) }
/// ```
#[doc(alias("Resource Limits", "quota"))]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceLimits {
    /// The memory: `limits_memory`.
    pub memory: Option<Memory>,
    /// The sum of memory and swap space: `limits_memory_swap`.
    pub memory_swap: Option<Memory>,
    /// The memory that the resource is reduced to when the server runs out of
    /// memory: `limits_memory_reservation`.
    pub memory_reservation: Option<Memory>,
    /// The processors: `limits_cpus`.
    pub cpus: Option<Cpus>,
}

/// The result of [`ResourceLimits::capped_at`].
#[must_use = "`capped_at` does not change the requested limits"]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CappedLimits {
    /// The limits to use.
    pub limits: ResourceLimits,
    /// The limits that were reduced.
    pub capped: Vec<CappedLimit>,
}

/// A limit that was higher than allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CappedLimit {
    /// The field of the API, such as `limits_memory`.
    pub field: &'static str,
    /// The requested limit; `0` for no limit.
    pub asked: String,
    /// The granted limit.
    pub allowed: String,
}

impl ResourceLimits {
    /// Sets the memory, such as `512M` or `1.5g`; `0` for no limit.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for an
    /// amount that Docker does not understand.
    pub fn memory(mut self, amount: &str) -> Result<Self> {
        self.memory = Some(amount.parse()?);
        Ok(self)
    }

    /// Sets the sum of memory and swap space; `0` or `-1` for no limit.
    ///
    /// # Errors
    ///
    /// As [`memory`](Self::memory).
    pub fn memory_swap(mut self, amount: &str) -> Result<Self> {
        self.memory_swap = Some(amount.parse()?);
        Ok(self)
    }

    /// Sets the memory that the resource is reduced to when the server runs out
    /// of memory; `0` for no such limit.
    ///
    /// # Errors
    ///
    /// As [`memory`](Self::memory).
    pub fn memory_reservation(mut self, amount: &str) -> Result<Self> {
        self.memory_reservation = Some(amount.parse()?);
        Ok(self)
    }

    /// Sets the number of processors, such as `0.5`; `0` for no limit.
    ///
    /// # Errors
    ///
    /// As [`memory`](Self::memory).
    pub fn cpus(mut self, number: &str) -> Result<Self> {
        self.cpus = Some(number.parse()?);
        Ok(self)
    }

    /// Returns these limits, capped at those of `tier`.
    ///
    /// No limit counts as higher than any limit. A limit that was not requested
    /// becomes that of the tier, and does not count as capped. A limit that the
    /// tier does not set is not capped, except for the memory reservation,
    /// because Docker rejects one that is higher than the memory.
    pub fn capped_at(&self, tier: &Self) -> CappedLimits {
        let mut capped = Vec::new();
        let memory = cap(
            "limits_memory",
            self.memory.as_ref(),
            tier.memory.as_ref(),
            &mut capped,
        );
        let memory_swap = cap(
            "limits_memory_swap",
            self.memory_swap.as_ref(),
            tier.memory_swap.as_ref(),
            &mut capped,
        );
        // No reservation means that nothing is reserved, so there is nothing to cap.
        let reserved = self.memory_reservation.as_ref();
        let memory_reservation = match reserved.filter(|asked| !asked.is_unlimited()) {
            Some(asked) => {
                let ceilings = [tier.memory_reservation.as_ref(), memory.as_ref()];
                let ceiling = ceilings.into_iter().flatten().min();
                cap(
                    "limits_memory_reservation",
                    Some(asked),
                    ceiling,
                    &mut capped,
                )
            }
            None => reserved.cloned(),
        };
        let cpus = cap(
            "limits_cpus",
            self.cpus.as_ref(),
            tier.cpus.as_ref(),
            &mut capped,
        );
        CappedLimits {
            limits: Self {
                memory,
                memory_swap,
                memory_reservation,
                cpus,
            },
            capped,
        }
    }

    /// Returns whether none of these limits is higher than `tier`'s.
    #[must_use]
    pub fn fits(&self, tier: &Self) -> bool {
        self.capped_at(tier).capped.is_empty()
    }
}

fn cap<Q: Ord + Clone + ToString>(
    field: &'static str,
    asked: Option<&Q>,
    ceiling: Option<&Q>,
    capped: &mut Vec<CappedLimit>,
) -> Option<Q> {
    match (asked, ceiling) {
        (Some(asked), Some(ceiling)) if asked > ceiling => {
            capped.push(CappedLimit {
                field,
                asked: asked.to_string(),
                allowed: ceiling.to_string(),
            });
            Some(ceiling.clone())
        }
        (asked, ceiling) => asked.or(ceiling).cloned(),
    }
}

impl std::fmt::Display for CappedLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            field,
            asked,
            allowed,
        } = self;
        let asked = match asked.as_str() {
            "0" | "-1" => "no limit",
            asked => asked,
        };
        write!(f, "{field}: {asked} capped at {allowed}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(memory: &str, cpus: &str) -> ResourceLimits {
        let limits = ResourceLimits::default().memory(memory).unwrap();
        limits.cpus(cpus).unwrap()
    }

    #[test]
    fn no_limit_is_the_highest() {
        let granted = limits("0", "0").capped_at(&limits("1G", "2"));
        assert_eq!(granted.limits, limits("1024M", "2.0"));
        let texts: Vec<_> = granted.capped.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "limits_memory: no limit capped at 1G",
                "limits_cpus: no limit capped at 2"
            ]
        );
        let dockers = limits("-1", "1").capped_at(&limits("1G", "2"));
        assert_eq!(dockers.capped[0].to_string(), texts[0]);
        assert!(limits("0", "0").fits(&limits("0", "0")));
    }

    #[test]
    fn what_was_not_asked_for_gets_the_tiers_limit_without_a_word() {
        let granted = ResourceLimits::default().capped_at(&limits("1G", "2"));
        assert_eq!(granted.limits, limits("1G", "2"));
        assert!(granted.capped.is_empty());
    }

    #[test]
    fn a_reservation_stays_under_the_memory() {
        let asked = limits("2G", "1").memory_reservation("1G").unwrap();
        let granted = asked.capped_at(&limits("512M", "1"));
        assert_eq!(granted.limits.memory_reservation, granted.limits.memory);
        assert_eq!(granted.capped.len(), 2);
        let none = limits("1G", "1").memory_reservation("0").unwrap();
        assert!(none.fits(&limits("1G", "1")));
    }

    #[test]
    fn what_is_within_is_written_as_it_was_given() {
        let granted = limits("0.5g", "0.50").capped_at(&limits("1G", "1"));
        assert_eq!(granted.limits.memory.unwrap().to_string(), "0.5g");
        assert_eq!(granted.limits.cpus.unwrap().to_string(), "0.50");
    }
}
