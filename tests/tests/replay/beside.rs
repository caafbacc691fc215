//! Further requests of calls with several steps.

use coolify_sdk_tests::Recording;
use serde_json::{Value, json};

use super::engines;

/// Returns the status, content type and body for `path`, so that the call
/// continues.
pub fn reply(recording: &Recording, path: &str) -> (u16, &'static str, String) {
    if path == "/version" {
        let version = recording.coolify.clone();
        return (200, "text/html; charset=utf-8", version);
    }
    let steps: Vec<_> = path.split('/').skip(1).collect();
    let uuid = "zgc0wkskwoswkk8c0gkk8ow4";
    let (status, reply) = match steps[..] {
        // The update of a variable keeps its flags; this one has none.
        [_, _, "envs"] => {
            let body = recording.request.body.as_ref().unwrap_or(&Value::Null);
            let same =
                json!([{"uuid": uuid, "key": body["key"], "is_preview": body["is_preview"]}]);
            (200, same)
        }
        ["deployments", "applications", _] => {
            let queued = json!({"deployment_uuid": uuid, "status": "queued"});
            (200, json!({"count": 1, "deployments": [queued]}))
        }
        ["deployments", uuid] => {
            let cancelled = json!({"deployment_uuid": uuid, "status": "cancelled-by-user"});
            (200, cancelled)
        }
        ["databases", uuid] => {
            let engine = engines::of(uuid);
            (
                200,
                json!({"uuid": uuid, "name": "db", "database_type": engine}),
            )
        }
        ["resources"] => (200, json!([])),
        _ => (
            404,
            json!({"message": "Not found.", "docs": "https://coolify.io/docs"}),
        ),
    };
    (status, "application/json", reply.to_string())
}
