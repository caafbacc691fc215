//! Steps on operations: tags, replies, what is required.

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use super::visit;
use crate::generate::operations::UNTAGGED;

/// Upstream leaves a few operations without a tag.
pub fn tags(document: &mut Value) -> Result<usize> {
    let mut hits = 0;
    visit::operations_mut(document, |operation| {
        if operation.get("tags").and_then(|tags| tags.get(0)).is_none() {
            operation.insert("tags".into(), json!([UNTAGGED]));
            hits += 1;
        }
        Ok(())
    })?;
    Ok(hits)
}

/// Without declared errors every failure reaches our one decoder with its
/// status, headers and body unread.
pub fn errors(document: &mut Value) -> Result<usize> {
    let mut hits = 0;
    visit::operations_mut(document, |operation| {
        if let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        {
            let before = responses.len();
            responses.retain(|status, _| status.starts_with('2'));
            hits += before - responses.len();
        }
        Ok(())
    })?;
    Ok(hits)
}

/// One success an operation, whatever its exact status. What nobody has
/// described yet decodes as raw JSON rather than being thrown away.
pub fn success(document: &mut Value) -> Result<usize> {
    let mut hits = 0;
    visit::operations_mut(document, |operation| {
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let Some(responses) = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
        else {
            bail!("{id} declares no replies");
        };
        let mut bodies: Vec<Value> = Vec::new();
        let only_empty = responses.keys().all(|status| status == "204");
        for response in responses.values() {
            if let Some(content) = response.get("content") {
                bodies.push(content.clone());
            }
        }
        bodies.dedup();
        if bodies.len() > 1 {
            bail!("{id} declares different success bodies: say in a patch which one is true");
        }
        let mut merged = Map::new();
        merged.insert("description".into(), "".into());
        if let Some(content) = bodies.pop() {
            merged.insert("content".into(), content);
        } else if !only_empty {
            merged.insert(
                "content".into(),
                json!({"application/json": {"schema": {}}}),
            );
        }
        hits += responses.len();
        responses.clear();
        responses.insert("2XX".into(), merged.into());
        Ok(())
    })?;
    Ok(hits)
}

/// A body that only repeats what the query can say is marked so by a patch. Sent
/// empty beside a query, Coolify would refuse it.
pub fn repeated_bodies(document: &mut Value) -> Result<usize> {
    let mut hits = 0;
    visit::operations_mut(document, |operation| {
        if operation
            .get("requestBody")
            .is_some_and(|body| body["x-sdk-omit"] == true)
        {
            operation.remove("requestBody");
            hits += 1;
        }
        Ok(())
    })?;
    Ok(hits)
}

/// A body that is declared is needed: an empty one is refused by the server.
pub fn required(document: &mut Value) -> Result<usize> {
    let mut hits = 0;
    visit::operations_mut(document, |operation| {
        if let Some(body) = operation
            .get_mut("requestBody")
            .and_then(Value::as_object_mut)
            && body.insert("required".into(), true.into()) != Some(Value::Bool(true))
        {
            hits += 1;
        }
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            if parameter["in"] == "path" && parameter["required"] != true {
                parameter["required"] = true.into();
                hits += 1;
            }
        }
        Ok(())
    })?;
    Ok(hits)
}
