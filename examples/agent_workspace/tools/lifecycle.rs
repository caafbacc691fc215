//! What applications, databases and auth providers have in common.

use coolify_sdk::Uuid;
use coolify_sdk::resource::{self, Deletion, StatusWatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::workspace::patience;

/// Whether data is kept or deleted.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Volumes {
    /// It stays on the server.
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

/// The status of a resource.
#[derive(Serialize)]
pub struct Status {
    uuid: Uuid,
    /// The status of Coolify, such as `running:healthy`; absent if the tool did
    /// not wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

/// Waits for a change of status that has already been requested.
pub async fn settle(uuid: &Uuid, watch: StatusWatch, wait: Option<u64>) -> Outcome<Status> {
    let status = match patience(wait, 300) {
        Some(longest) => Some(watch.max_wait(longest).wait().await?.to_string()),
        None => None,
    };
    let uuid = uuid.clone();
    Ok(Status { uuid, status })
}

/// Waits until a deleted resource is gone.
pub async fn vanish(deletion: Deletion, wait: Option<u64>) -> Outcome<Value> {
    let Some(longest) = patience(wait, 120) else {
        return Ok(json!({ "gone": false, "message": deletion.message() }));
    };
    deletion.max_wait(longest).wait().await?;
    Ok(json!({ "gone": true }))
}

/// Compares the names, for resources that have no `delete_confirmed` in the SDK.
pub fn confirm(asked: &str, actual: &str) -> Outcome<()> {
    if asked == actual {
        return Ok(());
    }
    let message = format!("nothing was deleted: the resource is named {actual:?}, not {asked:?}");
    Err(Failure::new("invalid_request", message))
}
