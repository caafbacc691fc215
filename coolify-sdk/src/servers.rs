//! Servers.

use crate::error::Result;
use crate::{Coolify, Uuid};

pub use crate::raw::types::{Server, ServerSetting};

/// The servers of the team: [`Coolify::servers`].
#[derive(Clone, Debug)]
pub struct Servers {
    coolify: Coolify,
}

/// One server: [`Coolify::server`].
#[derive(Clone, Debug)]
pub struct ServerHandle {
    coolify: Coolify,
    uuid: Uuid,
}

impl Coolify {
    /// The servers of the team.
    #[must_use]
    pub fn servers(&self) -> Servers {
        Servers {
            coolify: self.clone(),
        }
    }

    /// One server.
    #[must_use]
    pub fn server(&self, uuid: impl Into<Uuid>) -> ServerHandle {
        ServerHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

impl Servers {
    /// All servers.
    ///
    /// Needs the `read` ability; some settings need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// What the server answers; see [`Error`](crate::Error).
    pub async fn list(&self) -> Result<Vec<Server>> {
        let raw = self.coolify.raw();
        raw.finish(raw.list_servers().await)
    }
}

impl ServerHandle {
    /// The server's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// The server as it is now.
    ///
    /// Needs the `read` ability; some settings need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is none.
    pub async fn get(&self) -> Result<Server> {
        let uuid = self.uuid.segment()?;
        let raw = self.coolify.raw();
        raw.finish(raw.get_server_by_uuid(uuid, None).await)
    }
}
