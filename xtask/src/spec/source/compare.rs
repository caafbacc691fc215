//! Compares the facts of two releases.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Facts of one kind by name.
pub type Named = BTreeMap<String, Value>;

/// The differences between the facts of one kind, sorted by name.
#[derive(Debug, Default, PartialEq)]
pub struct Differences {
    pub added: Vec<(String, Value)>,
    pub removed: Vec<(String, Value)>,
    /// The name, the older and the newer fact.
    pub changed: Vec<(String, Value, Value)>,
}

impl Differences {
    pub fn new(mut old: Named, new: Named) -> Self {
        let mut differences = Self::default();
        for (name, new) in new {
            match old.remove(&name) {
                None => differences.added.push((name, new)),
                Some(old) if old != new => differences.changed.push((name, old, new)),
                Some(_) => {}
            }
        }
        differences.removed.extend(old);
        differences
    }
}

/// Routes by method and path below `/v1`. The first of several equal routes counts.
pub fn routes(facts: &Value) -> Named {
    let mut named = Named::new();
    for route in facts.as_array().into_iter().flatten() {
        let text = |name: &str| route[name].as_str().unwrap_or_default();
        let path = text("path");
        let path = path.strip_prefix("/v1").unwrap_or(path);
        let fact = json!({ "abilities": route["abilities"], "action": text("action") });
        named
            .entry(format!("{} {path}", text("method")))
            .or_insert(fact);
    }
    named
}

/// The accepted fields by action and branch.
pub fn allowlists(facts: &Value) -> Named {
    let mut named = Named::new();
    for (action, lists) in facts.as_object().into_iter().flatten() {
        for list in lists.as_array().into_iter().flatten() {
            let name = match list["when"].as_str() {
                Some(when) => format!("{action}, {when}"),
                None => action.clone(),
            };
            let fields = named.entry(name).or_insert_with(|| json!([]));
            if let (Some(fields), Some(more)) = (fields.as_array_mut(), list["fields"].as_array()) {
                fields.extend(more.iter().cloned());
            }
        }
    }
    named
}

/// The rules by action and field.
pub fn rules(facts: &Value) -> Named {
    let mut named = Named::new();
    for (action, checks) in facts.as_object().into_iter().flatten() {
        for check in checks.as_array().into_iter().flatten() {
            for (field, rules) in check["fields"].as_object().into_iter().flatten() {
                let name = match check["when"].as_str() {
                    Some(when) => format!("{action}, {when}: {field}"),
                    None => format!("{action}: {field}"),
                };
                named.insert(name, rules.clone());
            }
        }
    }
    named
}

/// The actions by message and status, for messages that explain a failure.
pub fn refusals(facts: &Value) -> Named {
    let mut named = Named::new();
    for (message, statuses) in facts.as_object().into_iter().flatten() {
        for (status, actions) in statuses.as_object().into_iter().flatten() {
            if status.starts_with(['4', '5']) {
                named.insert(format!("{message:?} ({status})"), actions.clone());
            }
        }
    }
    named
}

/// Facts with two names, such as a table and a column.
pub fn pairs(facts: &Value) -> Named {
    let mut named = Named::new();
    for (outer, inner) in facts.as_object().into_iter().flatten() {
        for (name, fact) in inner.as_object().into_iter().flatten() {
            named.insert(format!("{outer}.{name}"), fact.clone());
        }
    }
    named
}

/// Describes which entries of a list were added and removed.
pub fn rows(old: &Value, new: &Value) -> String {
    let list = |value: &Value| -> Vec<String> {
        let rows = value.as_array().into_iter().flatten();
        rows.map(plain).collect()
    };
    let (old, new) = (list(old), list(new));
    let missing = |from: &[String], of: &[String]| -> Vec<String> {
        of.iter().filter(|it| !from.contains(it)).cloned().collect()
    };
    let (added, removed) = (missing(&old, &new), missing(&new, &old));
    let mut parts = Vec::new();
    if !added.is_empty() {
        parts.push(format!("added {}", added.join(", ")));
    }
    if !removed.is_empty() {
        parts.push(format!("removed {}", removed.join(", ")));
    }
    if parts.is_empty() {
        parts.push("another order".to_owned());
    }
    parts.join("; ")
}

/// Returns a fact in one line.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{key} {}", plain(value)));
            entries.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_removed_and_changed_facts_are_told_apart() {
        let named = |text: &str| -> Named { serde_json::from_str(text).unwrap() };
        let differences = Differences::new(
            named(r#"{"a": 1, "b": 1, "c": 1}"#),
            named(r#"{"b": 2, "c": 1, "d": 1}"#),
        );
        let expected = Differences {
            added: vec![("d".to_owned(), json!(1))],
            removed: vec![("a".to_owned(), json!(1))],
            changed: vec![("b".to_owned(), json!(1), json!(2))],
        };
        assert_eq!(differences, expected);
    }

    #[test]
    fn facts_have_names_that_stay_the_same() {
        let lists = json!({ "A@b": [
            { "when": null, "fields": ["x"] },
            { "when": null, "extends_previous": true, "fields": ["y"] },
            { "when": "k", "fields": null },
        ] });
        assert_eq!(
            json!(allowlists(&lists)),
            json!({ "A@b": ["x", "y"], "A@b, k": [] })
        );
        let checks = json!({ "A@b": [{ "when": "k", "fields": { "x": ["string"] } }] });
        assert_eq!(json!(rules(&checks)), json!({ "A@b, k: x": ["string"] }));
        assert_eq!(
            json!(pairs(&json!({ "t": { "c": 1 } }))),
            json!({ "t.c": 1 })
        );
        let found = routes(&json!([
            { "method": "GET", "path": "/v1/x", "action": "A@x", "abilities": ["read"] },
            { "method": "GET", "path": "/v1/x", "action": "A@y", "abilities": [] },
        ]));
        assert_eq!(
            json!(found),
            json!({ "GET /x": { "abilities": ["read"], "action": "A@x" } })
        );
    }

    #[test]
    fn rows_are_compared_as_sets() {
        assert_eq!(
            rows(&json!(["a", "b"]), &json!(["b", "c"])),
            "added c; removed a"
        );
        assert_eq!(
            rows(&json!(["a", "b"]), &json!(["b", "a"])),
            "another order"
        );
    }
}
