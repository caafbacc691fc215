//! The Coolify that the suite runs against.

use std::env;
use std::time::Duration;

use coolify_sdk::servers::Server;
use coolify_sdk::{Coolify, Pacing, Result, Uuid, Version};

use super::exchanges;
use super::record::Recorder;

/// The Coolify of the environment variables, and what is known about it.
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
    /// Returns whether `COOLIFY_URL` and `COOLIFY_TOKEN` are set; if only one is
    /// set, connecting reports the mistake.
    pub fn presence() -> Presence {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        if is_set("COOLIFY_URL") || is_set("COOLIFY_TOKEN") {
            Presence::Here
        } else {
            Presence::Nowhere
        }
    }

    /// Makes a client that reports all its exchanges.
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
            // All tests share the requests of one minute.
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

    /// Returns a server to place resources on, preferably a usable one.
    pub fn server(&self) -> Option<&Uuid> {
        let hosts = || self.servers.iter().filter(|it| can_host(it));
        let server = hosts().find(|it| works(it)).or_else(|| hosts().next())?;
        Some(&server.uuid)
    }

    /// Returns a usable server.
    pub fn working_server(&self) -> Option<&Uuid> {
        let server = self.servers.iter().find(|it| can_host(it) && works(it))?;
        Some(&server.uuid)
    }

    /// Returns all servers of the team.
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
