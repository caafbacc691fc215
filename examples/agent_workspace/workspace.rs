//! What all tools share.

use std::time::Duration;

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::{Coolify, Placement, Secret};

use crate::failure::Outcome;
use crate::veil::Veil;

/// The longest that a tool waits, in seconds.
const LONGEST_WAIT: u64 = 60 * 60;

/// The part of a Coolify that belongs to one tenant.
#[derive(Clone)]
pub struct Workspace {
    /// The client, bound to the tenant's project.
    pub coolify: Coolify,
    /// Where new resources go. The agent cannot choose it.
    pub place: Placement,
    pub veil: Veil,
}

impl Workspace {
    pub fn new(coolify: Coolify, place: Placement) -> Self {
        Self {
            coolify,
            place,
            veil: Veil::default(),
        }
    }

    /// Learns the values that a log or a command of an application may print, so
    /// that they can be hidden. Values that are shown only once cannot be learned
    /// afterwards.
    pub async fn learn_values(&self, application: &ApplicationHandle) -> Outcome<()> {
        for variable in application.envs().list().await? {
            for value in [variable.value, variable.real_value].iter().flatten() {
                self.veil.learn(value.expose());
            }
        }
        Ok(())
    }

    /// Learns a secret that the agent has passed.
    pub fn hide(&self, value: Secret) -> Secret {
        self.veil.learn(value.expose());
        value
    }
}

/// Returns how long to wait, from an argument that may be missing or absurd;
/// `None` for not at all.
pub fn patience(seconds: Option<u64>, usual: u64) -> Option<Duration> {
    let seconds = seconds.unwrap_or(usual).min(LONGEST_WAIT);
    (seconds > 0).then(|| Duration::from_secs(seconds))
}
