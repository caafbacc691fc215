//! The tiers that customers pay for, and how they cap what is asked for.

use std::fmt;
use std::str::FromStr;

use coolify_sdk::limits::{ApplicationQuota, CappedLimit, Cpus, Memory, ResourceLimits};
use serde_json::{Map, Value, json};

/// A tier, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Tier {
    /// 1 vCPU, 1024M, 3 applications.
    Free,
    /// 2 vCPU, 2048M, 10 applications.
    Starter,
    /// 4 vCPU, 8192M, 50 applications.
    Pro,
    /// Without limits.
    Enterprise,
}

/// The requested limits. `None` stands for the limit of the tier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub cpu: Option<Cpus>,
    pub memory: Option<Memory>,
}

/// The limits that a tier grants.
#[derive(Clone, Debug)]
pub struct Granted {
    pub tier: Tier,
    /// All limits are set, so that a change to a larger tier lifts them.
    pub limits: ResourceLimits,
    pub capped: Vec<CappedLimit>,
}

impl Tier {
    pub const ALL: [Self; 4] = [Self::Free, Self::Starter, Self::Pro, Self::Enterprise];

    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Starter => "starter",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
        }
    }

    /// Returns the processors and the memory of each application; `0` is no limit.
    fn amounts(self) -> (&'static str, &'static str) {
        match self {
            Self::Free => ("1", "1024M"),
            Self::Starter => ("2", "2048M"),
            Self::Pro => ("4", "8192M"),
            Self::Enterprise => ("0", "0"),
        }
    }

    /// Returns how many applications a customer may have.
    pub fn quota(self) -> ApplicationQuota {
        match self {
            Self::Free => ApplicationQuota::at_most(3),
            Self::Starter => ApplicationQuota::at_most(10),
            Self::Pro => ApplicationQuota::at_most(50),
            Self::Enterprise => ApplicationQuota::unlimited(),
        }
    }

    /// Caps the requested limits.
    ///
    /// Swap space counts as memory: the sum of both is limited to the granted memory,
    /// so that swap cannot be used to exceed the limit.
    pub fn grant(self, asked: &Asked) -> Granted {
        let (cpu, memory) = self.amounts();
        let mut ceiling = ResourceLimits::default();
        // The amounts of the tiers are valid, as a test shows.
        ceiling.cpus = cpu.parse().ok();
        ceiling.memory = memory.parse().ok();
        let mut wanted = ResourceLimits::default();
        wanted.cpus.clone_from(&asked.cpu);
        wanted.memory.clone_from(&asked.memory);
        let granted = wanted.capped_at(&ceiling);
        let mut limits = granted.limits;
        limits.memory_swap.clone_from(&limits.memory);
        Granted {
            tier: self,
            limits,
            capped: granted.capped,
        }
    }
}

impl Granted {
    /// Adds the limits to the fields of a request to Coolify.
    pub fn write_to(&self, fields: &mut Map<String, Value>) {
        let texts = [
            (
                "limits_cpus",
                self.limits.cpus.as_ref().map(Cpus::to_string),
            ),
            (
                "limits_memory",
                self.limits.memory.as_ref().map(Memory::to_string),
            ),
            (
                "limits_memory_swap",
                self.limits.memory_swap.as_ref().map(Memory::to_string),
            ),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                fields.insert(field.to_owned(), text.into());
            }
        }
    }

    /// Returns the limits for an answer. `capped` lists the reduced limits.
    pub fn to_json(&self) -> Value {
        let capped: Vec<_> = self.capped.iter().map(capped_json).collect();
        json!({
            "tier": self.tier.name(),
            "cpu": self.limits.cpus.as_ref().map(shown),
            "memory": self.limits.memory.as_ref().map(shown),
            "capped": capped,
        })
    }
}

/// Returns the name that a limit of Coolify has in the API of the platform.
pub fn field_of(limit: &str) -> &'static str {
    if limit == "limits_cpus" {
        "cpu"
    } else {
        "memory"
    }
}

fn capped_json(limit: &CappedLimit) -> Value {
    json!({
        "field": field_of(limit.field),
        "asked": shown(&limit.asked),
        "applied": shown(&limit.allowed),
    })
}

/// Returns an amount for display: 0 is shown as no limit.
pub fn shown(amount: &impl ToString) -> String {
    let amount = amount.to_string();
    if amount == "0" {
        "unlimited".to_owned()
    } else {
        amount
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads a tier from the database.
impl FromStr for Tier {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        let known = all.find(|tier| tier.name() == name);
        known.ok_or_else(|| format!("there is no tier {name:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(cpu: &str, memory: &str) -> Asked {
        Asked {
            cpu: Some(cpu.parse().expect("a number")),
            memory: Some(memory.parse().expect("an amount")),
        }
    }

    fn texts(granted: &Granted) -> (String, String, String) {
        let limits = &granted.limits;
        let text = |it: &Option<Memory>| it.as_ref().expect("it is set").to_string();
        (
            limits.cpus.as_ref().expect("it is set").to_string(),
            text(&limits.memory),
            text(&limits.memory_swap),
        )
    }

    #[test]
    fn each_tier_has_its_limits() {
        let table = [
            (Tier::Free, "1", "1024M", Some(3)),
            (Tier::Starter, "2", "2048M", Some(10)),
            (Tier::Pro, "4", "8192M", Some(50)),
            (Tier::Enterprise, "0", "0", None),
        ];
        for (tier, cpu, memory, applications) in table {
            let nothing = tier.grant(&Asked::default());
            assert_eq!(texts(&nothing), (cpu.into(), memory.into(), memory.into()));
            assert!(nothing.capped.is_empty());
            assert_eq!(tier.quota().used(0).allowed, applications);
            assert_eq!(tier.name().parse(), Ok(tier));
        }
    }

    #[test]
    fn more_is_capped_and_less_is_granted() {
        let granted = Tier::Free.grant(&asked("2", "2G"));
        assert_eq!(
            texts(&granted),
            ("1".into(), "1024M".into(), "1024M".into())
        );
        assert_eq!(
            granted.to_json()["capped"],
            json!([
                { "field": "memory", "asked": "2G", "applied": "1024M" },
                { "field": "cpu", "asked": "2", "applied": "1" },
            ])
        );
        let granted = Tier::Free.grant(&asked("0.5", "256M"));
        assert_eq!(
            texts(&granted),
            ("0.5".into(), "256M".into(), "256M".into())
        );
        assert!(granted.capped.is_empty());
    }

    #[test]
    fn no_limit_is_more_than_any_limit() {
        let granted = Tier::Pro.grant(&asked("0", "0"));
        assert_eq!(
            texts(&granted),
            ("4".into(), "8192M".into(), "8192M".into())
        );
        assert_eq!(granted.capped.len(), 2);
        assert!(Tier::Enterprise.grant(&asked("0", "0")).capped.is_empty());
        assert!(Tier::Enterprise.grant(&asked("64", "1T")).capped.is_empty());
    }
}
