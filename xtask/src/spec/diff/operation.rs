//! The changes of one operation.

use serde_json::{Map, Value};

use super::report::{Changes, Kind};
use super::schema::{self, Place, named};
use super::sides;

/// The usual content type, which the report does not mention.
const JSON: &str = "application/json";

/// Returns the display name of an operation for its key `/path METHOD`.
pub fn title(key: &str, operation: &Value) -> String {
    let (path, method) = key.rsplit_once(' ').unwrap_or((key, ""));
    let id = operation["operationId"].as_str();
    let id = id.map_or_else(String::new, |id| format!(" ({id})"));
    format!("{method} {path}{id}")
}

/// Compares one operation of two documents.
pub fn compare(_key: &str, old: &Value, new: &Value, changes: &mut Changes) {
    for (key, name) in [
        ("operationId", "the operation id"),
        ("tags", "the list of tags"),
        ("security", "the security"),
    ] {
        schema::compare_keyword(name, old.get(key), new.get(key), changes);
    }
    let is_deprecated = |operation: &Value| operation["deprecated"] == true;
    match (is_deprecated(old), is_deprecated(new)) {
        (false, true) => changes.push(Kind::Other, "the operation is now deprecated".to_owned()),
        (true, false) => {
            changes.push(
                Kind::Other,
                "the operation is no longer deprecated".to_owned(),
            );
        }
        _ => {}
    }
    compare_parameters(old, new, changes);
    compare_request(&old["requestBody"], &new["requestBody"], changes);
    compare_responses(&old["responses"], &new["responses"], changes);
}

fn compare_parameters(old: &Value, new: &Value, changes: &mut Changes) {
    let (old, new) = (parameters(old), parameters(new));
    for (name, parameter) in sides(&old, &new) {
        match parameter {
            (None, Some(new)) => {
                let what = schema::describe(&new["schema"]);
                let required = if is_required(new) { ", required" } else { "" };
                changes.push(
                    Kind::ParameterAdded,
                    format!("{name} ({what}{required}) added"),
                );
            }
            (Some(_), None) => changes.push(Kind::ParameterRemoved, format!("{name} removed")),
            (Some(old), Some(new)) => {
                schema::compare(&Place::whole(name), &old["schema"], &new["schema"], changes);
                compare_required(name, is_required(old), is_required(new), changes);
            }
            (None, None) => {}
        }
    }
}

/// Returns the parameters of an operation by the key that identifies them.
fn parameters(operation: &Value) -> Value {
    let list = operation["parameters"].as_array().into_iter().flatten();
    let by_name: Map<_, _> = list
        .map(|parameter| {
            let place = parameter["in"].as_str().unwrap_or("shared");
            let name = parameter["name"]
                .as_str()
                .or_else(|| parameter["$ref"].as_str())
                .unwrap_or_default();
            (format!("{place} parameter `{name}`"), parameter.clone())
        })
        .collect();
    Value::Object(by_name)
}

fn compare_request(old: &Value, new: &Value, changes: &mut Changes) {
    match (old.is_null(), new.is_null()) {
        (true, true) => return,
        (true, false) => return changes.push(Kind::Other, "a request body added".to_owned()),
        (false, true) => return changes.push(Kind::Other, "the request body removed".to_owned()),
        (false, false) => {}
    }
    compare_required(
        "the request body",
        is_required(old),
        is_required(new),
        changes,
    );
    compare_content("request", &old["content"], &new["content"], changes);
}

fn compare_responses(old: &Value, new: &Value, changes: &mut Changes) {
    for (status, response) in sides(old, new) {
        match response {
            (None, Some(_)) => changes.push(Kind::ReplyAdded, format!("response {status} added")),
            (Some(_), None) => {
                changes.push(Kind::ReplyRemoved, format!("response {status} removed"));
            }
            (Some(old), Some(new)) => compare_response(status, old, new, changes),
            (None, None) => {}
        }
    }
}

/// Compares one response of two documents.
pub fn compare_response(status: &str, old: &Value, new: &Value, changes: &mut Changes) {
    let place = format!("response {status}");
    let shared = |response: &Value| response["$ref"].as_str().map(named);
    match (shared(old), shared(new)) {
        (Some(old), Some(new)) if old == new => {}
        (None, None) => {
            let headers = format!("{place}: the headers");
            schema::compare_keyword(&headers, old.get("headers"), new.get("headers"), changes);
            compare_content(&place, &old["content"], &new["content"], changes);
        }
        (old, new) => {
            let words = |name: Option<String>| {
                name.map_or_else(
                    || "its own".to_owned(),
                    |name| format!("the shared response {name}"),
                )
            };
            changes.push(
                Kind::Type,
                format!("{place}: {} became {}", words(old), words(new)),
            );
        }
    }
}

fn compare_content(place: &str, old: &Value, new: &Value, changes: &mut Changes) {
    for (media, content) in sides(old, new) {
        match content {
            (None, Some(new)) => {
                let what = schema::describe(&new["schema"]);
                changes.push(
                    Kind::ReplyAdded,
                    format!("{place}: content {media} ({what}) added"),
                );
            }
            (Some(_), None) => {
                changes.push(
                    Kind::ReplyRemoved,
                    format!("{place}: content {media} removed"),
                );
            }
            (Some(old), Some(new)) => {
                let place = if media == JSON {
                    Place::whole(place)
                } else {
                    Place::whole(&format!("{place} ({media})"))
                };
                schema::compare(&place, &old["schema"], &new["schema"], changes);
            }
            (None, None) => {}
        }
    }
}

fn is_required(value: &Value) -> bool {
    value["required"] == true
}

fn compare_required(what: &str, old: bool, new: bool, changes: &mut Changes) {
    match (old, new) {
        (false, true) => changes.push(Kind::Required, format!("{what} is now required")),
        (true, false) => changes.push(Kind::Required, format!("{what} is no longer required")),
        _ => {}
    }
}
