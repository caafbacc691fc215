//! The differences of a reply from the recorded one.

use serde_json::{Map, Value};

/// Keys and JSON types must agree. Null stands for any type: that the SDK's types take
/// both is checked by reading the reply with them.
pub(crate) fn compare(at: &str, recorded: &Value, given: &Value, differences: &mut Vec<String>) {
    match (recorded, given) {
        (Value::Object(recorded), Value::Object(given)) if is_list(recorded) && is_list(given) => {
            let [recorded, given] = [recorded, given].map(|it| it.values().cloned().collect());
            compare(at, &recorded, &given, differences);
        }
        (Value::Object(recorded), Value::Object(given)) => {
            // The state of a proxy is one JSON column that grows with its history.
            let grows = at.ends_with("/proxy");
            let missing = |key: &&String| !grows && !given.contains_key(*key);
            for key in recorded.keys().filter(missing) {
                differences.push(format!("{at}/{key} is missing"));
            }
            for (key, value) in given {
                match recorded.get(key) {
                    Some(recorded) => {
                        compare(&format!("{at}/{key}"), recorded, value, differences);
                    }
                    None => differences.push(format!("{at}/{key} is not in the recording")),
                }
            }
        }
        (Value::Array(recorded), Value::Array(given)) => {
            if recorded.is_empty() != given.is_empty() {
                let (had, has) = (recorded.len(), given.len());
                differences.push(format!("{at}: recorded {had} entries, given {has}"));
            }
            // Each entry must have the form of a recorded one.
            for (position, value) in given.iter().enumerate() {
                let attempts = recorded.iter().map(|recorded| {
                    let mut found = Vec::new();
                    compare(&format!("{at}/{position}"), recorded, value, &mut found);
                    found
                });
                if let Some(closest) = attempts.min_by_key(Vec::len) {
                    differences.extend(closest);
                }
            }
        }
        (Value::Null, _)
        | (_, Value::Null)
        | (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => differences.push(format!("{at}: recorded {recorded}, given {given}")),
    }
}

/// Returns whether it is a list with gaps, which PHP writes as an object.
fn is_list(map: &Map<String, Value>) -> bool {
    !map.is_empty() && map.keys().all(|key| key.parse::<u32>().is_ok())
}
