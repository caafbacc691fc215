//! The state that all tools of one tenant share.

use std::sync::Arc;
use std::time::Duration;

use coolify_sdk::envs::{Envs, HasEnvs};
use coolify_sdk::{Coolify, EnvironmentRef, Placement, ScopePolicy, ScopePower, Secret};
use coolify_sdk_examples::{Result, usable_place, usable_server};

use crate::deploy_keys::DeployKeys;
use crate::failure::Outcome;
use crate::policy::DomainPolicy;
use crate::veil::Veil;

/// The longest that a tool waits, in seconds.
const LONGEST_WAIT: u64 = 60 * 60;
/// How long a tool waits unless the agent says otherwise, in seconds. Many clients give
/// up after a minute.
pub const USUAL_WAIT: u64 = 45;

/// The operator's settings of a workspace.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The name in the log.
    pub name: String,
    /// The uuid of the tenant's project.
    pub project: String,
    /// The environment of new resources; `None` is `production`.
    pub environment: Option<String>,
    /// The server that they run on; `None` is the first that is ready.
    pub server: Option<String>,
    /// The network, if the server has several; `None` is the first.
    pub destination: Option<String>,
    pub domains: DomainPolicy,
    pub powers: Powers,
}

/// Features that are refused unless the operator allows them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Powers {
    /// Compose files from a repository, which only the server reads.
    pub git_compose: bool,
    /// The auth provider authentik, which mounts the Docker socket.
    pub authentik: bool,
}

/// The part of a Coolify that belongs to one tenant.
#[derive(Clone)]
pub struct Workspace {
    pub terms: Arc<Terms>,
    /// The client, bound to the tenant's project.
    pub coolify: Coolify,
    /// Where new resources go. The agent cannot choose it.
    pub place: Placement,
    pub deploy_keys: DeployKeys,
    /// The client that may create services with access to the server. Only one call
    /// uses it, and only if the operator allows it.
    pub authentik: Option<Coolify>,
    pub veil: Veil,
}

impl Workspace {
    /// Finds the place of new resources, and binds a client to the project.
    ///
    /// # Errors
    ///
    /// If the project or the server does not exist, or no server is ready.
    pub async fn open(coolify: &Coolify, terms: Terms) -> Result<Self> {
        let server = match &terms.server {
            Some(server) => server.into(),
            None => usable_server(coolify).await?.uuid,
        };
        coolify.project(&terms.project).get().await?;
        let project = terms.project.as_str().into();
        let mut place = usable_place(coolify, &project, &server).await?;
        if let Some(environment) = &terms.environment {
            place.environment = EnvironmentRef::name(environment);
        }
        if let Some(destination) = &terms.destination {
            place = place.on_destination(destination);
        }
        let policy = policy(terms.powers);
        let veil = Veil::default();
        if let Ok(token) = std::env::var("COOLIFY_TOKEN") {
            veil.learn(&token);
        }
        Ok(Self {
            coolify: coolify.in_project_with(&project, policy),
            deploy_keys: DeployKeys::new(coolify, &project, policy),
            authentik: terms
                .powers
                .authentik
                .then(|| coolify.in_project_with(&project, policy.allow(ScopePower::HostAccess))),
            terms: Arc::new(terms),
            place,
            veil,
        })
    }

    /// Learns the values that a log or a command of an application may print, so
    /// that they can be hidden. Values that are shown only once cannot be learned
    /// afterwards.
    pub async fn learn_values<R: HasEnvs>(&self, variables: &Envs<R>) -> Outcome<()> {
        for variable in variables.list().await? {
            for value in [variable.value, variable.real_value].iter().flatten() {
                self.veil.learn(value.expose());
            }
        }
        // The URL of a database may be in a variable that is not shown any more.
        for database in self.coolify.databases().list().await? {
            if let Some(url) = database.internal_db_url {
                self.veil.learn(url.expose());
                self.veil.learn_url(url.expose());
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

/// The tools need hooks, tasks and a few one-click services, and no other power that a
/// policy could grant.
fn policy(powers: Powers) -> ScopePolicy {
    let policy = ScopePolicy::strict()
        .allow(ScopePower::Commands)
        .allow(ScopePower::OneClickServices);
    if powers.git_compose {
        policy.allow(ScopePower::GitCompose)
    } else {
        policy
    }
}

/// Returns how long to wait, from an argument that may be missing or absurd;
/// `None` for not at all.
pub fn patience(seconds: Option<u64>) -> Option<Duration> {
    let seconds = seconds.unwrap_or(USUAL_WAIT).min(LONGEST_WAIT);
    (seconds > 0).then(|| Duration::from_secs(seconds))
}
