//! Converts values of an unexpected type.

use serde_json::{Error, Value};

use super::place::{has_numeric_keys, rows_of};

/// Returns the value as the type that the error says was expected, if possible.
pub(super) fn repaired(value: &Value, says: &str) -> Option<Value> {
    let (_, expected) = says.rsplit_once(", expected ")?;
    match value {
        Value::Number(number) if expected.starts_with("a string") => {
            Some(number.to_string().into())
        }
        Value::Bool(flag) if expected.starts_with("a string") => Some(flag.to_string().into()),
        Value::Number(_) | Value::String(_) if expected.starts_with("a boolean") => flag(value),
        Value::Object(fields) if is_list(expected) => {
            let rows = rows_of(value.clone()).into_iter().map(|(_, row)| row);
            (fields.is_empty() || has_numeric_keys(value)).then(|| rows.collect())
        }
        Value::Null if is_list(expected) => Some(Value::Array(Vec::new())),
        // PHP writes an object without fields as an empty array.
        Value::Array(items) if expected.starts_with("a map") && items.is_empty() => {
            Some(Value::Object(serde_json::Map::new()))
        }
        Value::String(text) if is_list(expected) => inner(text).filter(Value::is_array),
        Value::String(text) if is_object(expected) => inner(text).filter(Value::is_object),
        _ => None,
    }
}

fn is_list(expected: &str) -> bool {
    expected.starts_with("a sequence") || expected.starts_with("a list")
}

fn is_object(expected: &str) -> bool {
    expected.starts_with("a map") || expected.starts_with("struct ")
}

fn flag(value: &Value) -> Option<Value> {
    let text = match value {
        Value::String(text) => text.trim().to_ascii_lowercase(),
        other => other.to_string(),
    };
    match text.as_str() {
        "1" | "true" => Some(true.into()),
        "0" | "false" | "" => Some(false.into()),
        _ => None,
    }
}

/// Returns the JSON document inside a text.
fn inner(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// Returns the message of an error without the position.
pub(super) fn without_place(error: &Error) -> String {
    let text = error.to_string();
    let place = text.rfind(" at line ");
    place.map_or(text.clone(), |place| text[..place].to_owned())
}
