//! Deploy keys that the agent provides.
//!
//! Coolify stores keys in the team, outside of the project, so this module uses a
//! client that is not bound to the project. It adds keys, and changes or removes only
//! keys that it has added for this project. It never returns a key.

use coolify_sdk::applications::{Application, ApplicationHandle, Applications};
use coolify_sdk::{Coolify, ScopePolicy, ScopePower, Secret, Uuid};

use crate::failure::Outcome;

#[derive(Clone)]
pub struct DeployKeys {
    /// The client of the operator.
    team: Coolify,
    /// The tenant's client, with the power to use keys of the team. No tool takes the
    /// uuid of a key, so an agent cannot use other keys.
    bound: Coolify,
    /// The prefix of the names of this project's keys.
    prefix: String,
}

impl DeployKeys {
    pub fn new(team: &Coolify, project: &Uuid, policy: ScopePolicy) -> Self {
        let policy = policy.allow(ScopePower::TeamCredentials);
        Self {
            team: team.clone(),
            bound: team.in_project_with(project, policy),
            prefix: format!("agent-{project}-"),
        }
    }

    /// Returns the handle that creates an application with a key.
    pub fn applications(&self) -> Applications {
        self.bound.applications()
    }

    /// Returns the handle of an application that has a key of this project, and may read
    /// another repository with it.
    pub fn application(&self, uuid: &Uuid) -> ApplicationHandle {
        self.bound.application(uuid)
    }

    /// Adds a key for an application, and returns its uuid.
    pub async fn add(&self, key: Secret, application: &str) -> Outcome<Uuid> {
        // Coolify's names have no special characters.
        let name: String = application
            .chars()
            .map(|it| if it.is_ascii_alphanumeric() { it } else { '-' })
            .take(60)
            .collect();
        let key = self.team.private_keys().create(key);
        Ok(key.name(format!("{}{name}", self.prefix)).await?.uuid)
    }

    /// Replaces a key that was added here.
    pub async fn replace(&self, uuid: &Uuid, key: Secret) -> Outcome<()> {
        self.team.private_key(uuid).update(key).await?;
        Ok(())
    }

    /// Removes a key whose application was not created.
    pub async fn withdraw(&self, key: &Uuid) {
        // A failure is ignored: the caller reports another error, and an unused key
        // gives access to nothing.
        let _ = self.team.private_key(key).delete().await;
    }

    /// Returns the uuid of the key of an application, if it was added here.
    pub async fn of(&self, application: &Application) -> Outcome<Option<Uuid>> {
        // Zero is the key of Coolify's own server, which is not a deploy key.
        let Some(id) = application
            .private_key_id
            .filter(|id| id.to_string() != "0")
        else {
            return Ok(None);
        };
        let keys = self.team.private_keys().list().await?;
        let own = keys
            .into_iter()
            .find(|key| key.id == Some(id) && key.name.starts_with(&self.prefix));
        Ok(own.map(|key| key.uuid))
    }
}
