//! Steps on operations: tags, replies, required bodies.

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use super::visit;
use crate::generate::operations::UNTAGGED;

/// Tags the few operations that Coolify's document leaves without a tag.
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

/// Removes declared errors, so that the library's only decoder receives every
/// failure with its unread status, headers and body.
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

/// Reduces each operation to one success reply for any status. A reply that no
/// schema describes decodes as raw JSON and is not lost.
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
            bail!("{id} declares different success bodies: choose the correct one in a patch");
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

/// Removes the request bodies that a patch marks as repetitions of the query.
/// Coolify would reject such a body if it were empty.
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

/// Makes every declared body required: the server rejects an empty one.
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
