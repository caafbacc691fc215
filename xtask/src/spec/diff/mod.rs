//! `cargo xtask spec diff`: prints the changes between two documents.

mod operation;
mod report;
mod schema;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::Value;

use self::report::{Changes, Group, Report};
use self::schema::Place;
use super::facts;
use crate::document;

/// The documents to compare.
#[derive(clap::Args)]
pub struct Args {
    /// Older document, as published or as imported.
    old: PathBuf,
    /// Newer document.
    new: PathBuf,
}

/// Prints the changes.
pub fn run(args: &Args) -> Result<()> {
    let read = |path: &Path| document::read(path).map(facts::of);
    print!("{}", compare(&read(&args.old)?, &read(&args.new)?));
    Ok(())
}

fn compare(old: &Value, new: &Value) -> Report {
    Report {
        operations: group(
            &operations(old),
            &operations(new),
            operation::title,
            operation::compare,
        ),
        schemas: group(
            &by_name(&old["components"]["schemas"]),
            &by_name(&new["components"]["schemas"]),
            name,
            |_, old, new, changes| schema::compare(&Place::component(), old, new, changes),
        ),
        responses: group(
            &by_name(&old["components"]["responses"]),
            &by_name(&new["components"]["responses"]),
            name,
            operation::compare_response,
        ),
        elsewhere: elsewhere(old, new),
    }
}

/// Sorts entries into added, removed and changed ones.
fn group(
    old: &BTreeMap<String, &Value>,
    new: &BTreeMap<String, &Value>,
    title: impl Fn(&str, &Value) -> String,
    compare: impl Fn(&str, &Value, &Value, &mut Changes),
) -> Group {
    let mut group = Group::default();
    for (key, old) in old {
        let Some(new) = new.get(key) else {
            group.removed.push(title(key, old));
            continue;
        };
        let mut changes = Changes::default();
        compare(key, old, new, &mut changes);
        if !changes.is_empty() {
            group.changed.push((title(key, new), changes));
        }
    }
    group.added = new
        .iter()
        .filter(|(key, _)| !old.contains_key(*key))
        .map(|(key, new)| title(key, new))
        .collect();
    group
}

fn name(key: &str, _: &Value) -> String {
    key.to_owned()
}

/// Returns every operation by the key that identifies it to a server: `/path GET`.
fn operations(document: &Value) -> BTreeMap<String, &Value> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let members = item.as_object().into_iter().flatten();
            members
                .filter(|(key, _)| *key != "parameters")
                .map(move |(method, operation)| {
                    (format!("{path} {}", method.to_uppercase()), operation)
                })
        })
        .collect()
}

fn by_name(map: &Value) -> BTreeMap<String, &Value> {
    map.as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value))
        .collect()
}

/// Compares parts that hardly ever change; a change is only reported, not
/// described.
fn elsewhere(old: &Value, new: &Value) -> Vec<String> {
    [
        ("/openapi", "the version of OpenAPI"),
        ("/info", "the version of the document"),
        ("/servers", "the servers"),
        ("/security", "the security of all operations"),
        ("/components/securitySchemes", "the ways to authenticate"),
    ]
    .into_iter()
    .filter(|(pointer, _)| old.pointer(pointer) != new.pointer(pointer))
    .map(|(_, name)| format!("{name} changed"))
    .collect()
}

/// Returns the members of two objects side by side, in alphabetical order.
fn sides<'a>(
    old: &'a Value,
    new: &'a Value,
) -> BTreeMap<&'a str, (Option<&'a Value>, Option<&'a Value>)> {
    let mut sides = BTreeMap::<&str, (Option<&Value>, Option<&Value>)>::new();
    for (name, value) in old.as_object().into_iter().flatten() {
        sides.entry(name).or_default().0 = Some(value);
    }
    for (name, value) in new.as_object().into_iter().flatten() {
        sides.entry(name).or_default().1 = Some(value);
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: &str, new: &str) -> String {
        let read = |text| facts::of(document::parse(text).unwrap());
        compare(&read(old), &read(new)).to_string()
    }

    #[test]
    fn two_equal_documents_differ_in_nothing() {
        let one = "paths: {/a: {get: {summary: A, responses: {'200': {description: x}}}}}";
        let other = "paths: {/a: {get: {responses: {'200': {}}}}}";
        assert_eq!(diff(one, other), "Nothing changed.\n");
    }

    #[test]
    fn operations_come_and_go() {
        let old = "paths: {/a: {get: {operationId: get-a}, post: {operationId: post-a}}}";
        let new = "paths: {/a: {get: {operationId: get-a}}, /b: {get: {operationId: get-b}}}";
        assert_eq!(
            diff(old, new),
            "\
Operations added
  GET /b (get-b)

Operations removed
  POST /a (post-a)

Operations: 1 added, 1 removed, 0 changed.
Schemas: 0 added, 0 removed, 0 changed.
Shared responses: 0 added, 0 removed, 0 changed.
"
        );
    }

    #[test]
    fn a_component_is_told_once() {
        let document = |fields: &str| {
            format!(
                "
paths:
  /a: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}
  /b: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}
components: {{schemas: {{A: {{properties: {{{fields}}}}}}}}}
"
            )
        };
        let text = diff(
            &document("x: {type: string}"),
            &document("x: {type: string}, y: {type: integer}"),
        );
        assert_eq!(text.matches("field `y` (integer) added").count(), 1);
        assert!(
            text.contains("Operations: 0 added, 0 removed, 0 changed."),
            "{text}"
        );
        assert!(
            text.ends_with("In those that changed: 1 field added.\n"),
            "{text}"
        );
    }

    #[test]
    fn what_changed_in_an_operation_is_told_in_words() {
        let old = "
paths:
  /a:
    post:
      parameters: [{name: q, in: query, schema: {type: string}}, {name: gone, in: query}]
      requestBody:
        content:
          application/json:
            schema:
              required: [old]
              properties: {old: {type: string}, kind: {enum: [a, b]}, gone: {type: string}}
      responses:
        '200': {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}}}
        '400': {$ref: '#/components/responses/400'}
";
        let new = "
paths:
  /a:
    post:
      parameters: [{name: q, in: query, required: true, schema: {type: integer}}]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              required: [added]
              properties: {old: {type: string}, kind: {enum: [a, c]}, added: {type: boolean}}
      responses:
        '200': {content: {application/json: {schema: {type: object}}}}
        '422': {$ref: '#/components/responses/422'}
";
        let text = diff(old, new);
        let (changes, counts) = text.split_once("\n\n").unwrap();
        assert_eq!(
            changes,
            "\
Operations changed
  POST /a
    query parameter `gone` removed
    query parameter `q`: string became integer
    query parameter `q` is now required
    the request body is now required
    request field `added` (boolean, required) added
    request field `gone` (string) removed
    request field `kind`: value c added
    request field `kind`: value b removed
    request field `old` is no longer required
    response 200: array of A became object
    response 400 removed
    response 422 added"
        );
        assert!(
            counts.ends_with(
                "In those that changed: 1 field added, 1 field removed, 1 parameter removed, 1 reply added, 1 reply removed, 2 types changed, 1 value added, 1 value removed, 3 requirements changed.\n"
            ),
            "{counts}"
        );
    }
}
