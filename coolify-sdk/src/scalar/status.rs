use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tolerant;
use crate::open_enum;

open_enum! {
    /// How far a deployment is.
    pub enum DeploymentStatus {
        /// Waiting for its turn.
        Queued = "queued",
        /// Being built or rolled out.
        InProgress = "in_progress",
        /// Done, and running.
        Finished = "finished",
        /// Over without success.
        Failed = "failed",
        /// Stopped by somebody.
        CancelledByUser = "cancelled-by-user",
    }
}

impl DeploymentStatus {
    /// Whether nothing more will happen. An unknown status is not an end.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::CancelledByUser)
    }
}

open_enum! {
    /// What a resource's containers do.
    pub enum ResourceState {
        /// Up.
        Running = "running",
        /// Down.
        Exited = "exited",
        /// Some containers up, some not.
        Degraded = "degraded",
        /// On the way up.
        Starting = "starting",
        /// Going down and up again, often without end.
        Restarting = "restarting",
        /// Made, never started.
        Created = "created",
        /// Frozen.
        Paused = "paused",
        /// Going away.
        Removing = "removing",
        /// Beyond repair by Docker.
        Dead = "dead",
    }
}

open_enum! {
    /// What a resource's health check says.
    pub enum Health {
        /// It passes.
        Healthy = "healthy",
        /// It fails.
        Unhealthy = "unhealthy",
        /// It has not passed yet.
        Starting = "starting",
        /// There is no check, or nobody has looked.
        NotChecked = "unknown",
    }
}

/// The composite status of an application, database or service.
///
/// Coolify writes `running:healthy`, `exited:unhealthy`, `degraded`,
/// `running (healthy)`, and appends `:excluded` where containers are left out
/// of the health check. Comparing the text goes wrong sooner or later
/// (`unhealthy` contains `healthy`); compare the parts. Two statuses are equal when
/// their parts are, however they are written.
///
/// ```
/// use coolify_sdk::{Health, ResourceState, ResourceStatus};
///
/// let status = ResourceStatus::from("running:unhealthy:excluded");
/// assert_eq!(status.state, ResourceState::Running);
/// assert_eq!(status.health, Some(Health::Unhealthy));
/// assert!(status.excluded);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResourceStatus {
    /// What the containers do.
    pub state: ResourceState,
    /// What the health check says; `None` where the status has no such part.
    pub health: Option<Health>,
    /// Whether containers are left out of the health check.
    pub excluded: bool,
    text: Box<str>,
}

impl ResourceStatus {
    /// The text that Coolify sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is up, whatever its health.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.state == ResourceState::Running
    }

    /// Whether it is up and its health check passes.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.is_running() && self.health == Some(Health::Healthy)
    }
}

impl ResourceStatus {
    fn parts(&self) -> (&ResourceState, Option<&Health>, bool) {
        (&self.state, self.health.as_ref(), self.excluded)
    }
}

impl PartialEq for ResourceStatus {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for ResourceStatus {}

impl Hash for ResourceStatus {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

/// Any text becomes a status, so this never fails.
impl FromStr for ResourceStatus {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl From<&str> for ResourceStatus {
    fn from(text: &str) -> Self {
        let mut parts = text
            .split([':', '(', ')'])
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let state = parts.next().unwrap_or_default().into();
        let (mut health, mut excluded) = (None, false);
        for part in parts {
            if part == "excluded" {
                excluded = true;
            } else {
                health = health.or_else(|| Some(part.into()));
            }
        }
        Self {
            state,
            health,
            excluded,
            text: text.into(),
        }
    }
}

impl fmt::Display for ResourceStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for ResourceStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for ResourceStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tolerant::text(deserializer, |text| Self::from(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_equal_by_their_parts() {
        let status = |text: &str| text.parse::<ResourceStatus>().unwrap();
        assert_eq!(status("running:healthy"), status("running (healthy)"));
        assert_ne!(status("running:healthy"), status("running:unhealthy"));
        assert_ne!(status("running"), status("running:unknown"));
        assert_ne!(status("exited"), status("exited:excluded"));
    }

    #[test]
    fn every_outline_is_taken_apart() {
        use Health::{Healthy, Unhealthy};
        use ResourceState::{Degraded, Exited, Running};

        let parts = |text| {
            let status = ResourceStatus::from(text);
            (status.state, status.health, status.excluded)
        };
        assert_eq!(parts("running:healthy"), (Running, Some(Healthy), false));
        assert_eq!(parts("running (healthy)"), (Running, Some(Healthy), false));
        assert_eq!(parts("exited:unhealthy"), (Exited, Some(Unhealthy), false));
        assert_eq!(parts("degraded"), (Degraded, None, false));
        assert_eq!(
            parts("running:healthy:excluded"),
            (Running, Some(Healthy), true)
        );
        assert_eq!(
            parts("running (healthy:excluded)"),
            (Running, Some(Healthy), true)
        );
        assert_eq!(parts("exited:excluded"), (Exited, None, true));
    }

    #[test]
    fn unhealthy_is_not_healthy() {
        assert!(ResourceStatus::from("running:healthy").is_healthy());
        assert!(!ResourceStatus::from("running:unhealthy").is_healthy());
    }

    #[test]
    fn unknown_parts_are_kept() {
        let status: ResourceStatus = serde_json::from_str("\"hibernating:dreamy\"").unwrap();
        assert_eq!(status.state.as_str(), "hibernating");
        assert_eq!(status.health.as_ref().map(Health::as_str), Some("dreamy"));
        assert_eq!(
            serde_json::to_string(&status).unwrap(),
            "\"hibernating:dreamy\""
        );
        assert!(!DeploymentStatus::from("melted").is_terminal());
    }
}
