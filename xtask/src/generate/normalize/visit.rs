//! Walks over the schemas of a document.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use serde_json::{Map, Value};

/// HTTP methods of a path, in the order in which they are generated.
pub const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Where a schema is used. A component is used either in requests or in replies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Request,
    Reply,
    Parameter,
}

/// The function that a walk calls for each schema.
type Act<'a> = dyn FnMut(&mut Map<String, Value>, Role) -> Result<()> + 'a;

/// Returns every operation with its path and method.
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &'static str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| {
            let operation = item.get(*method)?;
            Some((path.as_str(), *method, operation))
        })
    })
}

/// Calls `act` for every operation.
pub fn operations_mut(
    document: &mut Value,
    mut act: impl FnMut(&mut Map<String, Value>) -> Result<()>,
) -> Result<()> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (_, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get_mut(*method).and_then(Value::as_object_mut) {
                act(operation)?;
            }
        }
    }
    Ok(())
}

/// Calls `act` for every schema, inner schemas first.
pub fn schemas_mut(document: &mut Value, act: &mut Act<'_>) -> Result<()> {
    let requests = request_components(document);
    operations_mut(document, |operation| {
        for (role, schema) in roots_mut(operation) {
            walk_mut(schema, role, act)?;
        }
        Ok(())
    })?;
    if let Some(components) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        for (name, schema) in components {
            let role = if requests.contains(name) {
                Role::Request
            } else {
                Role::Reply
            };
            walk_mut(schema, role, act)?;
        }
    }
    Ok(())
}

/// Returns the schemas directly in an operation.
pub fn roots_mut(operation: &mut Map<String, Value>) -> Vec<(Role, &mut Value)> {
    let mut roots = Vec::new();
    for (key, value) in operation {
        match key.as_str() {
            "parameters" => {
                for parameter in value.as_array_mut().into_iter().flatten() {
                    if let Some(schema) = parameter.get_mut("schema") {
                        roots.push((Role::Parameter, schema));
                    }
                }
            }
            "requestBody" => roots.extend(contents_mut(value).map(|s| (Role::Request, s))),
            "responses" => {
                for (_, response) in value.as_object_mut().into_iter().flatten() {
                    roots.extend(contents_mut(response).map(|s| (Role::Reply, s)));
                }
            }
            _ => {}
        }
    }
    roots
}

fn contents_mut(holder: &mut Value) -> impl Iterator<Item = &mut Value> {
    holder
        .get_mut("content")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
        .filter_map(|(_, media)| media.get_mut("schema"))
}

fn walk_mut(schema: &mut Value, role: Role, act: &mut Act<'_>) -> Result<()> {
    let Some(schema) = schema.as_object_mut() else {
        return Ok(());
    };
    for child in children_mut(schema) {
        walk_mut(child, role, act)?;
    }
    act(schema, role)
}

/// Returns the schemas directly inside a schema.
pub fn children_mut(schema: &mut Map<String, Value>) -> Vec<&mut Value> {
    let mut children = Vec::new();
    for (key, value) in schema {
        match key.as_str() {
            "properties" => {
                children.extend(value.as_object_mut().into_iter().flatten().map(|(_, v)| v));
            }
            "items" | "additionalProperties" => children.push(value),
            "x-rust-type" => {
                let parameters = value.get_mut("parameters").and_then(Value::as_array_mut);
                children.extend(parameters.into_iter().flatten());
            }
            "oneOf" | "anyOf" | "allOf" => {
                children.extend(value.as_array_mut().into_iter().flatten());
            }
            _ => {}
        }
    }
    children
}

/// Returns the components that only replies use. A component that both requests and
/// replies use is an error, because they differ in what may be absent or null.
pub fn reply_components(document: &Value) -> Result<Vec<String>> {
    let requests = request_components(document);
    let replies = reachable(document, |operation| &operation["responses"]);
    if let Some(name) = requests.intersection(&replies).next() {
        bail!("component {name} is used in a request and in a reply: split it in a patch");
    }
    Ok(replies.into_iter().collect())
}

pub fn request_components(document: &Value) -> BTreeSet<String> {
    reachable(document, |operation| &operation["requestBody"])
}

fn reachable(document: &Value, part: impl Fn(&Value) -> &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open: Vec<&Value> = operations(document).map(|(_, _, o)| part(o)).collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                if let Some(name) = map.get("$ref").and_then(component_name)
                    && names.insert(name.to_owned())
                {
                    open.push(&document["components"]["schemas"][name]);
                }
                open.extend(map.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    names
}

/// Returns the name of the component that a reference points to.
pub fn component_name(reference: &Value) -> Option<&str> {
    reference.as_str()?.strip_prefix("#/components/schemas/")
}
