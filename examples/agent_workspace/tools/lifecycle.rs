//! What is the same for applications, databases and auth providers.

use coolify_sdk::Uuid;
use coolify_sdk::resource::{self, Deletion, StatusWatch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::workspace::patience;

/// What becomes of the data.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Volumes {
    /// It stays on the server.
    Keep,
    /// It is deleted, for ever.
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

/// Where something stands.
#[derive(Serialize)]
pub struct Status {
    uuid: Uuid,
    /// As Coolify has it, as in `running:healthy`; missing when nobody waited.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

/// Waits for a status that was asked for already.
pub async fn settle(uuid: &Uuid, watch: StatusWatch, wait: Option<u64>) -> Outcome<Status> {
    let status = match patience(wait, 300) {
        Some(longest) => Some(watch.max_wait(longest).wait().await?.to_string()),
        None => None,
    };
    let uuid = uuid.clone();
    Ok(Status { uuid, status })
}

/// Waits until what was deleted is gone.
pub async fn vanish(deletion: Deletion, wait: Option<u64>) -> Outcome<Value> {
    let Some(longest) = patience(wait, 120) else {
        return Ok(json!({ "gone": false, "message": deletion.message() }));
    };
    deletion.max_wait(longest).wait().await?;
    Ok(json!({ "gone": true }))
}

/// For what the SDK has no `delete_confirmed` of.
pub fn confirm(asked: &str, actual: &str) -> Outcome<()> {
    if asked == actual {
        return Ok(());
    }
    let message = format!("nothing was deleted: it is named {actual:?}, not {asked:?}");
    Err(Failure::new("invalid_request", message))
}
