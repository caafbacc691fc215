//! What applications, databases and auth providers have in common.

use coolify_sdk::resource::{self, Deletion, StatusWatch};
use coolify_sdk::{ErrorKind, Uuid};
use futures_util::StreamExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::workspace::patience;

/// Whether data is kept or deleted.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Volumes {
    /// It stays on the server.
    #[default]
    Keep,
    /// It is deleted for ever.
    Delete,
}

impl From<Volumes> for resource::Volumes {
    fn from(volumes: Volumes) -> Self {
        match volumes {
            Volumes::Keep => Self::Keep,
            Volumes::Delete => Self::Delete,
        }
    }
}

/// The state of a resource that starts or stops.
#[derive(Serialize, JsonSchema)]
pub struct Settled {
    /// The uuid of the resource.
    uuid: String,
    /// Coolify's status, such as `running:healthy`; null if the tool did not wait.
    pub status: Option<String>,
    /// Whether the resource has reached the requested state. If not, check again later.
    pub reached: bool,
}

/// The result of deleting a resource.
#[derive(Serialize, JsonSchema)]
pub struct Deleted {
    /// Whether it no longer exists. Otherwise its deletion is queued.
    gone: bool,
    /// Whether its volumes are kept on the server.
    volumes_kept: bool,
}

/// A short reply.
#[derive(Serialize, JsonSchema)]
pub struct Told {
    pub message: String,
}

/// Waits for a change of status that has already been requested.
pub async fn settle(
    call: &Call,
    uuid: &Uuid,
    watch: StatusWatch,
    wait: Option<u64>,
) -> Outcome<Settled> {
    let mut settled = Settled {
        uuid: uuid.to_string(),
        status: None,
        reached: false,
    };
    let Some(longest) = patience(wait) else {
        return Ok(settled);
    };
    let mut events = watch.max_wait(longest).events();
    while let Some(event) = events.next().await {
        match event {
            Ok(status) => {
                let status = status.to_string();
                call.progress.tell(&status).await;
                settled.status = Some(status);
            }
            Err(error) if error.kind() == ErrorKind::WaitExpired => return Ok(settled),
            Err(error) => return Err(Failure::from(error).with("uuid", uuid)),
        }
    }
    settled.reached = true;
    Ok(settled)
}

/// Waits until a deleted resource is gone.
pub async fn vanish(deletion: Deletion, volumes: Volumes, wait: Option<u64>) -> Outcome<Deleted> {
    let gone = match patience(wait) {
        Some(longest) => match deletion.max_wait(longest).wait().await {
            Ok(()) => true,
            Err(error) if error.kind() == ErrorKind::WaitExpired => false,
            Err(error) => return Err(error.into()),
        },
        None => false,
    };
    Ok(Deleted {
        gone,
        volumes_kept: matches!(volumes, Volumes::Keep),
    })
}

/// Compares the names, for resources that have no `delete_confirmed` in the SDK.
pub fn confirm(asked: &str, actual: &str) -> Outcome<()> {
    if asked == actual {
        return Ok(());
    }
    let message = format!("nothing was deleted: the resource is named {actual:?}, not {asked:?}");
    Err(Failure::fix("invalid_request", message))
}
