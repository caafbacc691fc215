use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tolerant;
use crate::open_enum;

open_enum! {
    /// The status of a deployment.
    pub enum DeploymentStatus {
        /// Waiting for its turn.
        Queued = "queued",
        /// Being built or rolled out.
        InProgress = "in_progress",
        /// Finished, and the application is running.
        Finished = "finished",
        /// Ended without success.
        Failed = "failed",
        /// Cancelled by a user.
        CancelledByUser = "cancelled-by-user",
    }
}

impl DeploymentStatus {
    /// Returns whether the deployment has ended. An unknown status does not count
    /// as an end.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Finished | Self::Failed | Self::CancelledByUser)
    }
}

open_enum! {
    /// The state of a resource's containers.
    pub enum ResourceState {
        /// Up.
        Running = "running",
        /// Down.
        Exited = "exited",
        /// Some containers are up, others are not.
        Degraded = "degraded",
        /// Coming up.
        Starting = "starting",
        /// Restarting, often without end.
        Restarting = "restarting",
        /// Created, but never started.
        Created = "created",
        /// Paused.
        Paused = "paused",
        /// Being removed.
        Removing = "removing",
        /// Docker could not remove it.
        Dead = "dead",
    }
}

open_enum! {
    /// The result of a resource's health check.
    pub enum Health {
        /// It passes.
        Healthy = "healthy",
        /// It fails.
        Unhealthy = "unhealthy",
        /// It has not passed yet.
        Starting = "starting",
        /// There is no health check, or it has not run.
        NotChecked = "unknown",
    }
}

/// The combined status of an application, database or service.
///
/// Coolify writes `running:healthy`, `exited:unhealthy`, `degraded` or
/// `running (healthy)`, and appends `:excluded` if containers are excluded from
/// the health check. Do not compare the text (`unhealthy` contains `healthy`);
/// compare the parts. Two statuses are equal if their parts are equal, however
/// they are written.
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
    /// The state of the containers.
    pub state: ResourceState,
    /// The result of the health check; `None` if the status does not contain one.
    pub health: Option<Health>,
    /// Whether containers are excluded from the health check.
    pub excluded: bool,
    text: Box<str>,
}

impl ResourceStatus {
    /// Returns the text that Coolify sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns whether it is running, whatever its health.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.state == ResourceState::Running
    }

    /// Returns whether it is running and its health check passes.
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

/// Any text can be parsed, so this never fails.
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

    #[test]
    fn the_first_word_about_health_counts() {
        let status = ResourceStatus::from("running:unhealthy:healthy");
        assert_eq!(status.health, Some(Health::Unhealthy));
    }
}
