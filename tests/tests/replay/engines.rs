//! Finds the engine of a recorded database, which the reply to an update does not
//! contain.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use coolify_sdk_tests::Recording;
use serde_json::Value;

static ENGINES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut engines = BTreeMap::new();
    for recording in Recording::everything() {
        collect(recording.response.json.as_ref(), &mut engines);
        // The reply to a create contains only the uuid; its operation names the
        // engine.
        let reply = recording.response.json.as_ref().map(|it| &it["uuid"]);
        let engine = recording.operation.strip_prefix("create-database-");
        if let (Some(Value::String(uuid)), Some(engine)) = (reply, engine) {
            engines.insert(uuid.clone(), format!("standalone-{engine}"));
        }
    }
    engines
});

/// Returns the engine, such as `standalone-redis`. It is empty if no recording
/// contains it.
pub fn of(uuid: &str) -> String {
    ENGINES.get(uuid).cloned().unwrap_or_default()
}

fn collect(value: Option<&Value>, engines: &mut BTreeMap<String, String>) {
    match value {
        Some(Value::Array(items)) => items.iter().for_each(|it| collect(Some(it), engines)),
        Some(Value::Object(fields)) => {
            if let (Some(Value::String(uuid)), Some(Value::String(engine))) =
                (fields.get("uuid"), fields.get("database_type"))
            {
                engines.insert(uuid.clone(), engine.clone());
            }
            fields.values().for_each(|it| collect(Some(it), engines));
        }
        _ => {}
    }
}
