//! The Coolify that the suite runs against.

use std::env;
use std::time::Duration;

use coolify_sdk::servers::Server;
use coolify_sdk::{Coolify, Pacing, Result, Uuid, Version};

use super::exchanges;
use super::record::Recorder;

/// The Coolify of the environment, and what is known of it.
pub struct Target {
    pub coolify: Coolify,
    pub version: Version,
    servers: Vec<Server>,
}

/// Whether there is a server to run against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Here,
    /// Neither variable is set.
    Nowhere,
}

impl Target {
    /// Whether `COOLIFY_URL` and `COOLIFY_TOKEN` name one; one without the other
    /// is a mistake that the connection reports.
    pub fn presence() -> Presence {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        if is_set("COOLIFY_URL") || is_set("COOLIFY_TOKEN") {
            Presence::Here
        } else {
            Presence::Nowhere
        }
    }

    /// A client that tells the report of all its exchanges.
    pub async fn connect() -> Result<Self> {
        let url = env::var("COOLIFY_URL").unwrap_or_default();
        let token = env::var("COOLIFY_TOKEN").unwrap_or_default();
        Self::of(&url, &token).await
    }

    pub(super) async fn of(url: &str, token: &str) -> Result<Self> {
        let recorder = Recorder::from_env();
        let coolify = Coolify::builder()
            .url(url)
            .token(token)
            // All tests share one minute's worth of requests, in turn.
            .pacing(Pacing::default().max_wait(Duration::from_secs(3600)))
            .timeout(Duration::from_secs(120))
            .observe(move |exchange| {
                exchanges::note(exchange);
                if let Some(recorder) = &recorder {
                    recorder.note(exchange);
                }
            })
            .build()?;
        let version = coolify.version().await?;
        let servers = coolify.servers().list().await?;
        Ok(Self {
            coolify,
            version,
            servers,
        })
    }

    /// A server that things can be placed on: one that works if there is any.
    pub fn server(&self) -> Option<&Uuid> {
        let hosts = || self.servers.iter().filter(|it| can_host(it));
        let server = hosts().find(|it| works(it)).or_else(|| hosts().next())?;
        Some(&server.uuid)
    }

    /// A server that things can be run on.
    pub fn working_server(&self) -> Option<&Uuid> {
        let server = self.servers.iter().find(|it| can_host(it) && works(it))?;
        Some(&server.uuid)
    }

    /// All servers of the team.
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }
}

fn can_host(server: &Server) -> bool {
    let is_off = |switch: Option<bool>| !switch.unwrap_or_default();
    server.settings.as_ref().is_some_and(|settings| {
        is_off(settings.is_build_server)
            && is_off(settings.force_disabled)
            && is_off(settings.is_swarm_manager)
            && is_off(settings.is_swarm_worker)
    })
}

fn works(server: &Server) -> bool {
    let is_on = |switch: Option<bool>| switch.unwrap_or_default();
    server
        .settings
        .as_ref()
        .is_some_and(|settings| is_on(settings.is_reachable) && is_on(settings.is_usable))
}
