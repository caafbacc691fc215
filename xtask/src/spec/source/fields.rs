//! Drafts the rows of `spec/request-fields.yaml`, and a patch with the new fields, from the
//! allow-lists of two releases.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::compare::Named;

/// An operation: its id and its call.
pub type Operation = (String, String);

/// A field that one of the releases takes and the other does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub operation: String,
    pub call: String,
    pub field: String,
    pub is_new: bool,
}

/// Returns the fields that came and went, for the operations whose action has an allow-list.
pub fn rows(old: &Named, new: &Named, actions: &BTreeMap<String, Vec<Operation>>) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for (name, after) in new {
        let Some(before) = old.get(name) else {
            continue;
        };
        let (before, after) = (set(before), set(after));
        for (field, is_new) in after
            .difference(&before)
            .map(|field| (field, true))
            .chain(before.difference(&after).map(|field| (field, false)))
        {
            for (operation, call) in of_list(name, actions) {
                rows.insert(Row {
                    operation: operation.clone(),
                    call: call.clone(),
                    field: field.clone(),
                    is_new,
                });
            }
        }
    }
    rows
}

/// Returns the operations of an allow-list, which is named after its action and branch. A
/// list of a function that several actions call, such as `create_application`, belongs to
/// the actions of the same controller whose names have all words of it and of its branch.
fn of_list<'a>(name: &str, actions: &'a BTreeMap<String, Vec<Operation>>) -> Vec<&'a Operation> {
    let (action, branch) = name.split_once(", ").unwrap_or((name, ""));
    if let Some(own) = actions.get(action) {
        return own.iter().collect();
    }
    let Some((controller, function)) = action.split_once('@') else {
        return Vec::new();
    };
    let words = |text: &str| -> Vec<String> {
        let words = text.split(['_', '-', ' ']);
        words
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let wanted = [words(function), words(branch)].concat();
    let found = actions.iter().filter(|(name, _)| {
        let known = name.split_once('@').filter(|(it, _)| *it == controller);
        known.is_some_and(|(_, it)| {
            let has = words(it);
            wanted.iter().all(|word| has.contains(word))
        })
    });
    found.flat_map(|(_, operations)| operations).collect()
}

fn set(list: &Value) -> BTreeSet<String> {
    let fields = list.as_array().into_iter().flatten();
    fields
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Writes the rows as entries of `spec/request-fields.yaml`.
pub fn entries(rows: &BTreeSet<Row>, version: &str, before: &str) -> String {
    let mut by_operation: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in rows {
        let bound = if row.is_new {
            format!("since: {version}")
        } else {
            format!("until: {before}")
        };
        let line = format!("    {}: {{ {bound} }}", row.field);
        by_operation.entry(&row.operation).or_default().push(line);
    }
    let mut text = format!("# {version}\n");
    for (operation, lines) in by_operation {
        let _ = writeln!(
            text,
            "- operations: [{operation}]\n  fields:\n{}",
            lines.join("\n")
        );
    }
    text
}

/// Writes an overlay that adds the new fields to the document. The types are those of the
/// rules, where there are some.
pub fn patch(
    rows: &BTreeSet<Row>,
    rules: &Named,
    actions: &BTreeMap<String, Vec<Operation>>,
    version: &str,
) -> String {
    let mut text = format!(
        "overlay: 1.0.0\ninfo: {{title: Fields of {version}, version: 1.0.0}}\n\
         extends: ../spec/openapi.yaml\nx-lie: The document lacks fields that {version} takes.\n\
         x-since: {version}\nx-evidence:\n"
    );
    let new = || rows.iter().filter(|row| row.is_new);
    let of = |row: &Row| {
        let mut all = actions.iter();
        let found =
            all.find(|(_, operations)| operations.iter().any(|(id, _)| *id == row.operation));
        found.map(|(action, _)| action.as_str()).unwrap_or_default()
    };
    let evidence: BTreeSet<&str> = new().map(of).collect();
    for action in evidence {
        let _ = writeln!(text, "  - 'source: {action}'");
    }
    text.push_str("actions:\n");
    let mut calls: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in new() {
        let kind = kind(rules, of(row), &row.field);
        let line = format!("      {}: {kind}", row.field);
        calls.entry(&row.call).or_default().push(line);
    }
    for (call, lines) in calls {
        let (method, path) = call.split_once(' ').unwrap_or_default();
        let _ = writeln!(
            text,
            "  - target: $.paths['{path}'].{}.requestBody.content['application/json']\
             .schema.properties\n    update:\n{}",
            method.to_lowercase(),
            lines.join("\n")
        );
    }
    text
}

/// Returns the type of a field by its rules.
fn kind(rules: &Named, action: &str, field: &str) -> Value {
    let mut all = rules.iter();
    let found = all.find(|(name, _)| {
        name.starts_with(action) && name.rsplit_once(": ").is_some_and(|(_, it)| it == field)
    });
    let said = found
        .map(|(_, rules)| rules.to_string())
        .unwrap_or_default();
    let is = |word: &str| said.contains(word);
    if is("boolean") {
        json!({"type": "boolean"})
    } else if is("integer") {
        json!({"type": "integer"})
    } else if is("array") {
        json!({"type": "array", "items": {}})
    } else if is("string") {
        json!({"type": "string"})
    } else {
        json!({})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_that_came_and_went_are_drafted() {
        let lists = |fields: Value| Named::from([("A@b".to_owned(), fields)]);
        let operation = ("make-b".to_owned(), "POST /bs".to_owned());
        let actions = BTreeMap::from([("A@b".to_owned(), vec![operation])]);
        let rows = rows(
            &lists(json!(["x", "z"])),
            &lists(json!(["x", "y"])),
            &actions,
        );
        let text = entries(&rows, "4.4.0", "4.3.9");
        let wanted = "# 4.4.0\n- operations: [make-b]\n  fields:\n    \
                      y: { since: 4.4.0 }\n    z: { until: 4.3.9 }\n";
        assert_eq!(text, wanted);
        let rules = Named::from([("A@b: y".to_owned(), json!(["boolean", "nullable"]))]);
        let text = patch(&rows, &rules, &actions, "4.4.0");
        for line in [
            "  - 'source: A@b'\n",
            "  - target: $.paths['/bs'].post.requestBody",
            "      y: {\"type\":\"boolean\"}\n",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("z:"));
    }

    #[test]
    fn the_list_of_a_shared_function_is_that_of_its_callers() {
        let operation = |id: &str| vec![(id.to_owned(), format!("POST /{id}"))];
        let actions = BTreeMap::from([
            (
                "A@create_public_application".to_owned(),
                operation("public"),
            ),
            (
                "A@create_private_gh_app_application".to_owned(),
                operation("app"),
            ),
            ("A@create_env".to_owned(), operation("env")),
            ("B@create_public_application".to_owned(), operation("other")),
        ]);
        let of = |name: &str| -> Vec<String> {
            let found = of_list(name, &actions).into_iter();
            found.map(|(id, _)| id.clone()).collect()
        };
        assert_eq!(of("A@create_application"), ["app", "public"]);
        assert_eq!(of("A@create_application, private-gh-app"), ["app"]);
        assert_eq!(of("A@create_env"), ["env"]);
        assert_eq!(of("A@nothing"), Vec::<String>::new());
    }
}
