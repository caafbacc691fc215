//! The changes of one schema and the schemas inside it.

use serde_json::Value;

use super::report::{Changes, Kind};
use super::sides;

/// Keywords that are compared by their meaning; all others are compared by value.
const UNDERSTOOD: [&str; 9] = [
    "$ref",
    "type",
    "format",
    "nullable",
    "enum",
    "required",
    "properties",
    "items",
    "additionalProperties",
];

/// The place of a schema, for the description of a change.
pub struct Place {
    /// The object whose schema this is: `request`, `response 200`; empty for a
    /// component, because its changes are listed under its name.
    whole: String,
    /// The path inside that object, such as `settings.ports[]`.
    path: String,
}

impl Place {
    /// Returns the place of a schema that is not inside another one.
    pub fn whole(whole: &str) -> Self {
        Self {
            whole: whole.to_owned(),
            path: String::new(),
        }
    }

    /// Returns the place of a component's schema.
    pub fn component() -> Self {
        Self::whole("")
    }

    fn field(&self, name: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.inside(&format!("{dot}{name}"))
    }

    fn inside(&self, step: &str) -> Self {
        Self {
            whole: self.whole.clone(),
            path: format!("{}{step}", self.path),
        }
    }

    fn words(&self) -> String {
        match (self.whole.as_str(), self.path.as_str()) {
            ("", "[]") => "an entry".to_owned(),
            (whole, "[]") => format!("{whole}, an entry"),
            ("", "") => "the schema".to_owned(),
            ("", path) => format!("field `{path}`"),
            (whole, "") => whole.to_owned(),
            (whole, path) => format!("{whole} field `{path}`"),
        }
    }
}

/// Compares two schemas; the target of a `$ref` is compared at its own place.
pub fn compare(place: &Place, old: &Value, new: &Value, changes: &mut Changes) {
    if old == new {
        return;
    }
    let words = place.words();
    let both_lists = is_list(old) && is_list(new);
    let is_same = if both_lists {
        // Changes of the lists' entries are reported separately.
        kinds(old) == kinds(new)
    } else {
        describe(old) == describe(new)
    };
    if !is_same {
        let (was, is) = (describe(old), describe(new));
        changes.push(Kind::Type, format!("{words}: {was} became {is}"));
    }
    if both_lists {
        compare(&place.inside("[]"), &old["items"], &new["items"], changes);
    }
    compare_values(&words, &old["enum"], &new["enum"], changes);
    compare_fields(place, old, new, changes);
    let (old_rest, new_rest) = (&old["additionalProperties"], &new["additionalProperties"]);
    if old_rest.is_object() && new_rest.is_object() {
        compare(&place.inside("{}"), old_rest, new_rest, changes);
    } else {
        let words = format!("{words}: `additionalProperties`");
        compare_keyword(
            &words,
            old.get("additionalProperties"),
            new.get("additionalProperties"),
            changes,
        );
    }
    for (key, (old, new)) in sides(old, new) {
        if !UNDERSTOOD.contains(&key) {
            compare_keyword(&format!("{words}: `{key}`"), old, new, changes);
        }
    }
}

fn compare_fields(place: &Place, old: &Value, new: &Value, changes: &mut Changes) {
    let demands = |schema: &Value, name: &str| {
        schema["required"]
            .as_array()
            .is_some_and(|names| names.iter().any(|required| required == name))
    };
    for (name, field) in sides(&old["properties"], &new["properties"]) {
        let place = place.field(name);
        let words = place.words();
        match field {
            (None, Some(field)) => {
                let what = describe(field);
                let required = if demands(new, name) { ", required" } else { "" };
                changes.push(
                    Kind::FieldAdded,
                    format!("{words} ({what}{required}) added"),
                );
            }
            (Some(field), None) => {
                let what = describe(field);
                changes.push(Kind::FieldRemoved, format!("{words} ({what}) removed"));
            }
            (Some(old_field), Some(new_field)) => {
                compare(&place, old_field, new_field, changes);
                match (demands(old, name), demands(new, name)) {
                    (false, true) => {
                        changes.push(Kind::Required, format!("{words} is now required"));
                    }
                    (true, false) => {
                        changes.push(Kind::Required, format!("{words} is no longer required"));
                    }
                    _ => {}
                }
            }
            (None, None) => {}
        }
    }
}

fn compare_values(words: &str, old: &Value, new: &Value, changes: &mut Changes) {
    let missing = |from: &[Value], in_: &[Value]| -> Vec<String> {
        from.iter()
            .filter(|value| !in_.contains(value))
            .map(literal)
            .collect()
    };
    match (old.as_array(), new.as_array()) {
        (Some(old), Some(new)) => {
            for value in missing(new, old) {
                changes.push(Kind::ValueAdded, format!("{words}: value {value} added"));
            }
            for value in missing(old, new) {
                changes.push(
                    Kind::ValueRemoved,
                    format!("{words}: value {value} removed"),
                );
            }
        }
        (None, Some(new)) => {
            let values = missing(new, &[]).join(", ");
            changes.push(Kind::Type, format!("{words}: now limited to {values}"));
        }
        (Some(old), None) => {
            let values = missing(old, &[]).join(", ");
            changes.push(
                Kind::Type,
                format!("{words}: no longer limited to {values}"),
            );
        }
        (None, None) => {}
    }
}

/// Compares a keyword by value.
pub fn compare_keyword(
    words: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    changes: &mut Changes,
) {
    if old == new {
        return;
    }
    let is_short = |value: Option<&Value>| value.is_none_or(|value| !value.is_object());
    let change = match (old.map(literal), new.map(literal)) {
        _ if !is_short(old) || !is_short(new) => format!("{words} changed"),
        (None, Some(new)) => format!("{words} is now {new}"),
        (Some(old), None) => format!("{words} is no longer {old}"),
        (Some(old), Some(new)) => format!("{words}: {old} became {new}"),
        (None, None) => return,
    };
    changes.push(Kind::Other, change);
}

/// Returns the type of a schema in words: `array of Server`, `string or null`.
pub fn describe(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return named(reference);
    }
    for (key, joint) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if let Some(parts) = schema[key].as_array() {
            let parts: Vec<_> = parts.iter().map(describe).collect();
            return parts.join(joint);
        }
    }
    let kinds = kinds(schema).into_iter().map(|kind| match kind.as_str() {
        "array" => format!("array of {}", describe(&schema["items"])),
        _ => kind,
    });
    kinds.collect::<Vec<_>>().join(" or ")
}

/// Returns the types that a value may have, without the types inside it.
fn kinds(schema: &Value) -> Vec<String> {
    let mut kinds: Vec<String> = match &schema["type"] {
        Value::String(kind) => vec![kind.clone()],
        Value::Array(kinds) => kinds.iter().map(literal).collect(),
        _ if schema["properties"].is_object() => vec!["object".to_owned()],
        _ => vec!["anything".to_owned()],
    };
    if let Some(format) = schema["format"].as_str()
        && let Some(first) = kinds.first_mut()
    {
        *first = format!("{first} as {format}");
    }
    if schema["nullable"] == true && !kinds.iter().any(|kind| kind == "null") {
        kinds.push("null".to_owned());
    }
    kinds
}

/// Returns the name at the end of a `$ref`.
pub fn named(reference: &str) -> String {
    let name = reference.rsplit('/').next().unwrap_or(reference);
    name.to_owned()
}

fn is_list(schema: &Value) -> bool {
    kinds(schema).iter().any(|kind| kind == "array")
}

fn literal(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::Array(items) => items.iter().map(literal).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_told_as_one_says_them() {
        for (schema, words) in [
            (json!({"type": "string"}), "string"),
            (
                json!({"type": "string", "format": "date-time", "nullable": true}),
                "string as date-time or null",
            ),
            (json!({"type": ["string", "null"]}), "string or null"),
            (json!({"$ref": "#/components/schemas/Server"}), "Server"),
            (
                json!({"type": "array", "items": {"$ref": "#/components/schemas/Server"}}),
                "array of Server",
            ),
            (
                json!({"type": ["array", "null"], "items": {"type": "string"}}),
                "array of string or null",
            ),
            (json!({"properties": {}}), "object"),
            (
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
                "string or integer",
            ),
            (json!({}), "anything"),
        ] {
            assert_eq!(describe(&schema), words);
        }
    }

    #[test]
    fn fields_are_named_by_the_way_to_them() {
        let schema = |kind: &str| json!({"type": "array", "items": {"properties": {"a": {"properties": {"b": {"type": kind}}}}}});
        assert_eq!(
            differences(&schema("string"), &schema("integer")),
            ["field `[].a.b`: string became integer"]
        );
    }

    #[test]
    fn a_list_and_its_entries_are_told_apart() {
        let list = json!({"type": "array", "items": {"type": "string"}});
        let maybe = json!({"type": ["array", "null"], "items": {"type": "integer"}});
        assert_eq!(
            differences(&list, &maybe),
            [
                "the schema: array of string became array of integer or null",
                "an entry: string became integer",
            ]
        );
    }

    #[test]
    fn limits_and_defaults_are_told_by_their_values() {
        let old = json!({"type": "integer", "minimum": 1, "default": 5});
        let new = json!({"type": "integer", "minimum": 2, "maximum": 9});
        assert_eq!(
            differences(&old, &new),
            [
                "the schema: `default` is no longer 5",
                "the schema: `maximum` is now 9",
                "the schema: `minimum`: 1 became 2",
            ]
        );
    }

    #[test]
    fn an_enum_can_come_and_go() {
        let (open, closed) = (
            json!({"type": "string"}),
            json!({"type": "string", "enum": ["a", "b"]}),
        );
        assert_eq!(
            differences(&open, &closed),
            ["the schema: now limited to a, b"]
        );
        assert_eq!(
            differences(&closed, &open),
            ["the schema: no longer limited to a, b"]
        );
    }

    fn differences(old: &Value, new: &Value) -> Vec<String> {
        let mut changes = Changes::default();
        compare(&Place::component(), old, new, &mut changes);
        changes.words()
    }
}
