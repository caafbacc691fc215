//! What the examples share.

mod program;

use std::time::Duration;

use coolify_sdk::Coolify;
use coolify_sdk::servers::Server;
use coolify_sdk::testing::FakeCoolify;

pub use self::program::{Result, program};

/// The Coolify that an example talks to.
pub enum Target {
    /// The one that `COOLIFY_URL` and `COOLIFY_TOKEN` name.
    Real(Coolify),
    /// One in this process, which lives as long as this value.
    Embedded(Coolify, FakeCoolify),
}

impl Target {
    /// The real server when `COOLIFY_URL` or `COOLIFY_TOKEN` is set, the embedded
    /// one when neither is.
    ///
    /// # Errors
    ///
    /// When only one of the two is set, or the client cannot be made of them.
    pub async fn from_env() -> coolify_sdk::Result<Self> {
        let is_set = |name| std::env::var_os(name).is_some();
        if is_set("COOLIFY_URL") || is_set("COOLIFY_TOKEN") {
            return Coolify::from_env().map(Self::Real);
        }
        // Long enough to be seen, short enough to be waited for.
        let pace = Duration::from_secs(4);
        let fake = FakeCoolify::builder().deploy_pace(pace).start().await;
        Ok(Self::Embedded(fake.client(), fake))
    }

    /// The client.
    #[must_use]
    pub fn coolify(&self) -> &Coolify {
        match self {
            Self::Real(coolify) | Self::Embedded(coolify, _) => coolify,
        }
    }

    /// Whether there is no real server.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self, Self::Embedded(..))
    }
}

/// A server that things can be deployed to.
///
/// # Errors
///
/// When there is none, or the servers cannot be listed.
pub async fn usable_server(coolify: &Coolify) -> Result<Server> {
    let mut servers = coolify.servers().list().await?;
    let usable = |server: &Server| {
        let settings = server.settings.as_ref();
        let flag = |own: Option<bool>, setting: Option<bool>| own.or(setting).unwrap_or(false);
        flag(server.is_usable, settings.and_then(|s| s.is_usable))
            && !settings.and_then(|s| s.is_build_server).unwrap_or(false)
    };
    match servers.iter().position(usable) {
        Some(index) => Ok(servers.swap_remove(index)),
        None => Err("no server of this Coolify is ready to deploy to; validate one first".into()),
    }
}
