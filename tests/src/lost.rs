//! Finds what a decoded reply has lost.

use coolify_sdk::Exposed;
use serde::Serialize;
use serde_json::Value;

/// Returns the paths of values that the reply contains and `decoded` does not.
/// Null equals an absent field, and a number equals its text.
///
/// # Panics
///
/// Panics if `decoded` cannot be written as JSON.
#[must_use]
pub fn lost(reply: &Value, decoded: &impl Serialize) -> Vec<String> {
    let decoded = serde_json::to_value(Exposed(decoded)).expect("what was read can be written");
    let mut paths = Vec::new();
    compare(reply, Some(&decoded), "$", &mut paths);
    paths
}

fn compare(reply: &Value, decoded: Option<&Value>, path: &str, lost: &mut Vec<String>) {
    match (reply, decoded) {
        (Value::Null, _) => {}
        (Value::Object(fields), Some(Value::Object(kept))) => {
            for (name, value) in fields {
                compare(value, kept.get(name), &format!("{path}.{name}"), lost);
            }
        }
        (Value::Array(items), Some(Value::Array(kept))) => {
            for (index, value) in items.iter().enumerate() {
                compare(value, kept.get(index), &format!("{path}[{index}]"), lost);
            }
        }
        // PHP numbers the keys of a list that it has filtered.
        (Value::Object(fields), Some(Value::Array(kept))) if fields.len() == kept.len() => {
            for ((name, value), kept) in fields.iter().zip(kept) {
                compare(value, Some(kept), &format!("{path}.{name}"), lost);
            }
        }
        (reply, Some(kept)) if same(reply, kept) => {}
        _ => lost.push(path.to_owned()),
    }
}

fn same(reply: &Value, kept: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    reply == kept || number(reply).is_some_and(|it| Some(it) == number(kept))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_loss_is_seen() {
        assert_eq!(
            lost(&json!({"a": 1, "b": null}), &json!({"a": "1"})),
            [""; 0]
        );
        assert_eq!(lost(&json!([{"a": 1}]), &json!([{}])), ["$[0].a"]);
        assert_eq!(lost(&json!([1, 2]), &json!([1])), ["$[1]"]);
        assert_eq!(
            lost(&json!({"0": {"a": "2.50"}}), &json!([{"a": 2.5}])),
            [""; 0]
        );
        assert_eq!(lost(&json!({"a": "x"}), &json!({"a": true})), ["$.a"]);
    }
}
