//! The tiers that customers pay for.

use std::fmt;

use coolify_sdk::Result;
use coolify_sdk::limits::{ApplicationQuota, ResourceLimits};

pub struct Tier {
    name: &'static str,
    /// The highest limits of each application.
    pub limits: ResourceLimits,
    /// How many applications a customer may have.
    pub applications: ApplicationQuota,
}

impl Tier {
    pub fn free() -> Result<Self> {
        Self::new("free", "512M", "0.5", ApplicationQuota::at_most(1))
    }

    pub fn starter() -> Result<Self> {
        Self::new("starter", "1G", "1", ApplicationQuota::at_most(3))
    }

    pub fn pro() -> Result<Self> {
        Self::new("pro", "4G", "2", ApplicationQuota::at_most(10))
    }

    pub fn enterprise() -> Result<Self> {
        Self::new("enterprise", "16G", "8", ApplicationQuota::unlimited())
    }

    fn new(
        name: &'static str,
        memory: &str,
        cpus: &str,
        applications: ApplicationQuota,
    ) -> Result<Self> {
        let limits = ResourceLimits::default().memory(memory)?.cpus(cpus)?;
        Ok(Self {
            name,
            // Memory and swap together, so that swap cannot be used to get around the
            // limit.
            limits: limits.memory_swap(memory)?,
            applications,
        })
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if let (Some(memory), Some(cpus)) = (&self.limits.memory, &self.limits.cpus) {
            write!(
                f,
                ": {memory} of memory and {cpus} cpus for each application"
            )?;
        }
        Ok(())
    }
}
