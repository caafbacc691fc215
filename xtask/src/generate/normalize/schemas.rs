//! Steps on schemas that progenitor cannot express, or would translate wrongly.

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use super::names::drop_null;
use super::visit::{self, Role};

type Schema = Map<String, Value>;

/// Removes keywords: `default` would always be sent, bounds and formats would
/// reject replies that the server really sends, and numbers are as wide as
/// possible.
pub fn keywords(document: &mut Value) -> Result<usize> {
    const DROPPED: [&str; 14] = [
        "default",
        "example",
        "examples",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "format",
    ];
    count(document, |schema, _| {
        Ok(DROPPED
            .iter()
            .filter(|k| schema.remove(**k).is_some())
            .count())
    })
}

/// Makes reply fields that may be null optional: in replies, `Option` stands for
/// both absent and null.
pub fn reply_nulls(document: &mut Value) -> Result<usize> {
    count(document, |schema, role| {
        if role != Role::Reply {
            return Ok(0);
        }
        let nullable = take_nullable_properties(schema);
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.retain(|name| !nullable.iter().any(|n| name == n));
        }
        Ok(nullable.len())
    })
}

/// Marks request fields that can be cleared: in requests, null clears a field, and
/// an absent field stays unchanged.
pub fn clearable(document: &mut Value) -> Result<usize> {
    count(document, |schema, role| {
        if role != Role::Request {
            return Ok(0);
        }
        let nullable = take_nullable_properties(schema);
        for name in &nullable {
            let property = &mut schema["properties"][name];
            let inner = property.clone();
            if let Some(property) = property.as_object_mut() {
                replace(property, sdk_type("Clearable", &[inner]));
            }
        }
        Ok(nullable.len())
    })
}

fn take_nullable_properties(schema: &mut Schema) -> Vec<String> {
    let mut nullable = Vec::new();
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        let Some(map) = property.as_object_mut() else {
            continue;
        };
        if drop_null(map) {
            nullable.push(name.clone());
        } else if let Some(inner) = nullable_union(map) {
            nullable.push(name.clone());
            *property = inner;
        }
    }
    nullable
}

/// Recognises `oneOf: [X, null]`, with which 3.1 makes a reference nullable.
fn nullable_union(schema: &mut Schema) -> Option<Value> {
    let key = ["oneOf", "anyOf"]
        .into_iter()
        .find(|k| schema.contains_key(*k))?;
    let variants = schema[key].as_array_mut()?;
    let before = variants.len();
    variants.retain(|v| v["type"] != "null");
    if variants.len() == before {
        return None;
    }
    match &mut variants[..] {
        [only] => Some(only.take()),
        _ => Some(Value::Object(schema.clone())),
    }
}

/// Replaces schemas marked with `x-sdk-type` with the SDK's own types.
pub fn sdk_types(document: &mut Value) -> Result<usize> {
    const KNOWN: [&str; 13] = [
        "Uuid",
        "Id",
        "Timestamp",
        "ResourceStatus",
        "DeploymentStatus",
        "GitRepository",
        "Secret",
        "SecretJson",
        "Integer",
        "Decimal",
        "Json",
        "databases::Engine",
        "resources::Resource",
    ];
    count(document, |schema, role| {
        let Some(name) = schema.remove("x-sdk-type") else {
            return Ok(0);
        };
        let Some(name) = name.as_str().filter(|name| KNOWN.contains(name)) else {
            bail!("unknown x-sdk-type {name}; the known types are {KNOWN:?}");
        };
        if role == Role::Parameter {
            return Ok(0);
        }
        replace(
            schema,
            if name == "Json" {
                json_type()
            } else {
                sdk_type(name, &[])
            },
        );
        Ok(1)
    })
}

/// Replaces schemas with several JSON types, unless an SDK type covers them.
pub fn mixed_types(document: &mut Value) -> Result<usize> {
    count(document, |schema, role| {
        if role == Role::Request && is_choice(schema) {
            // typify translates `anyOf` to a struct with all fields, and `oneOf` to
            // an enum.
            let bodies = schema.remove("anyOf").unwrap_or_default();
            schema.insert("oneOf".into(), bodies);
            return Ok(0);
        }
        if drop_null(schema) {
            schema.insert("nullable".into(), true.into());
        }
        let mixed = schema.get("type").is_some_and(Value::is_array);
        let union = ["oneOf", "anyOf"].iter().any(|k| schema.contains_key(*k));
        if let Some(item) = numeric_keyed_list(schema) {
            replace(schema, sdk_type("List", &[item]));
        } else if mixed || union {
            replace(schema, json_type());
        }
        Ok(usize::from(mixed || union))
    })
}

/// Returns whether a schema is a choice of bodies, each of them a component.
fn is_choice(schema: &Schema) -> bool {
    let alternatives = schema.get("anyOf").and_then(Value::as_array);
    alternatives.is_some_and(|list| list.iter().all(|one| one["$ref"].is_string()))
}

/// Recognises a list or the object with numeric keys that PHP makes of one.
fn numeric_keyed_list(schema: &Schema) -> Option<Value> {
    let variants = schema
        .get("oneOf")
        .or_else(|| schema.get("anyOf"))?
        .as_array()?;
    let [first, second] = &variants[..] else {
        return None;
    };
    let (list, map) = if first["type"] == "array" {
        (first, second)
    } else {
        (second, first)
    };
    let same = list["items"] == map["additionalProperties"] && list["items"].is_object();
    same.then(|| list["items"].clone())
}

/// Replaces objects without fields with raw JSON: PHP sends an empty map as `[]`,
/// which no Rust map accepts.
pub fn bare_objects(document: &mut Value) -> Result<usize> {
    count(document, |schema, _| {
        let bare =
            schema.get("type").is_some_and(|t| t == "object") && !schema.contains_key("properties");
        if bare {
            replace(schema, json_type());
        }
        Ok(usize::from(bare))
    })
}

/// Wraps references with a description: `OpenAPI` 3.0 ignores keywords beside a
/// reference.
pub fn described_references(document: &mut Value) -> Result<usize> {
    count(document, |schema, _| {
        let described = schema.contains_key("$ref") && schema.contains_key("description");
        if described && let Some(reference) = schema.remove("$ref") {
            schema.insert("allOf".into(), json!([{"$ref": reference}]));
        }
        Ok(usize::from(described))
    })
}

/// Keeps optional lists optional: an absent list differs from an empty one, and
/// null must decode.
pub fn optional_lists(document: &mut Value) -> Result<usize> {
    count(document, |schema, _| {
        let required = schema.get("required").cloned().unwrap_or(Value::Null);
        let is_required = |name: &str| {
            required
                .as_array()
                .is_some_and(|list| list.iter().any(|r| r == name))
        };
        let mut hits = 0;
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if property["type"] == "array" && !is_required(name) {
                property["nullable"] = true.into();
                hits += 1;
            }
        }
        Ok(hits)
    })
}

/// Replaces the schema with `other` and keeps its description.
fn replace(schema: &mut Schema, other: Value) {
    let description = schema.remove("description");
    if let Value::Object(other) = other {
        *schema = other;
    }
    if let Some(text) = description {
        schema.insert("description".into(), text);
    }
}

fn json_type() -> Value {
    json!({"x-rust-type": {
        "crate": "serde_json", "version": "*", "path": "serde_json::Value"
    }})
}

/// Returns the schema that stands for a type of the library.
pub fn sdk_type(name: &str, parameters: &[Value]) -> Value {
    json!({"x-rust-type": {
        "crate": "coolify-sdk",
        "version": "*",
        "path": format!("coolify_sdk::{name}"),
        "parameters": parameters,
    }})
}

fn count(
    document: &mut Value,
    mut act: impl FnMut(&mut Schema, Role) -> Result<usize>,
) -> Result<usize> {
    let mut hits = 0;
    visit::schemas_mut(document, &mut |schema, role| {
        hits += act(schema, role)?;
        Ok(())
    })?;
    Ok(hits)
}
