//! What all tools work on.

use std::time::Duration;

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::{Coolify, Placement, Secret};

use crate::failure::Outcome;
use crate::veil::Veil;

/// The longest that a tool waits for anything.
const LONGEST_WAIT: u64 = 60 * 60;

/// One tenant's part of a Coolify.
#[derive(Clone)]
pub struct Workspace {
    /// Bound to the tenant's project.
    pub coolify: Coolify,
    /// Where new things go: the agent has no say in it.
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

    /// What an application's log or a command may print, so that it is hidden
    /// there. Of values that are shown once nobody can know them afterwards.
    pub async fn learn_values(&self, application: &ApplicationHandle) -> Outcome<()> {
        for variable in application.envs().list().await? {
            for value in [variable.value, variable.real_value].iter().flatten() {
                self.veil.learn(value.expose());
            }
        }
        Ok(())
    }

    /// A secret on its way in.
    pub fn hide(&self, value: Secret) -> Secret {
        self.veil.learn(value.expose());
        value
    }
}

/// How long to wait, from an argument that may be missing or absurd; `None` for
/// not at all.
pub fn patience(seconds: Option<u64>, usual: u64) -> Option<Duration> {
    let seconds = seconds.unwrap_or(usual).min(LONGEST_WAIT);
    (seconds > 0).then(|| Duration::from_secs(seconds))
}
