//! Gives inline objects a name and a place among the components.
//!
//! progenitor would name them after the first operation that uses them, and merge
//! different objects with the same name. Here a name comes from `x-sdk-name` in a
//! patch, or else from the operation and the field, and only equal schemas share a
//! name.

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use super::visit::{self, Role};

/// Names of fields that do not identify an enum without the name of their object.
const VAGUE: [&str; 6] = ["type", "status", "state", "provider", "mode", "kind"];

/// Moves every inline object to the components.
pub fn hoist(document: &mut Value) -> Result<usize> {
    let mut found = Components {
        schemas: std::mem::take(&mut document["components"]["schemas"]),
        hits: 0,
    };
    let names: Vec<String> = found.map()?.keys().cloned().collect();
    for name in names {
        let mut schema = found.map()?[&name].take();
        if let Some(schema) = schema.as_object_mut() {
            found.children(schema, &name)?;
        }
        found.map()?.insert(name, schema);
    }
    visit::operations_mut(document, |operation| {
        let id = pascal(operation["operationId"].as_str().unwrap_or_default());
        let doc = format!(
            "The request body of `{}`.",
            operation["operationId"].as_str().unwrap_or_default()
        );
        for (role, schema) in visit::roots_mut(operation) {
            match role {
                Role::Request => {
                    if schema.get("properties").is_some() && schema.get("description").is_none() {
                        schema["description"] = doc.clone().into();
                    }
                    found.place(schema, &format!("{id}Body"))?;
                }
                Role::Reply => found.place(schema, &format!("{id}Reply"))?,
                Role::Parameter => {}
            }
        }
        Ok(())
    })?;
    document["components"]["schemas"] = found.schemas;
    Ok(found.hits)
}

struct Components {
    schemas: Value,
    hits: usize,
}

impl Components {
    fn map(&mut self) -> Result<&mut Map<String, Value>> {
        match self.schemas.as_object_mut() {
            Some(map) => Ok(map),
            None => bail!("the document has no components"),
        }
    }

    /// Moves `schema`, after its children, to the components under `name` if it is
    /// an inline object.
    fn place(&mut self, schema: &mut Value, name: &str) -> Result<()> {
        let Some(map) = schema.as_object_mut() else {
            return Ok(());
        };
        let name = match map.remove("x-sdk-name") {
            Some(given) => given.as_str().unwrap_or(name).to_owned(),
            None => name.to_owned(),
        };
        if map.contains_key("enum") {
            map.insert("x-sdk-name".into(), name.into());
            return Ok(());
        }
        self.children(map, &name)?;
        if !map.contains_key("properties") || map.contains_key("x-sdk-type") {
            return Ok(());
        }
        let nullable = drop_null(map);
        let whole = schema.take();
        match self.map()?.get(&name) {
            Some(existing) if *existing != whole => {
                bail!("two different schemas get the name {name}: give one of them an x-sdk-name")
            }
            _ => self.map()?.insert(name.clone(), whole),
        };
        self.hits += 1;
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        *schema = if nullable {
            json!({"oneOf": [reference, {"type": "null"}]})
        } else {
            reference
        };
        Ok(())
    }

    fn children(&mut self, schema: &mut Map<String, Value>, name: &str) -> Result<()> {
        for (key, value) in schema {
            match key.as_str() {
                "properties" => {
                    for (field, child) in value.as_object_mut().into_iter().flatten() {
                        let alone = child.get("enum").is_some() && !VAGUE.contains(&&field[..]);
                        let parent = if alone { "" } else { name };
                        self.place(child, &format!("{parent}{}", pascal(field)))?;
                    }
                }
                "items" | "additionalProperties" => self.place(value, &format!("{name}Item"))?,
                "oneOf" | "anyOf" | "allOf" => {
                    for (index, child) in value.as_array_mut().into_iter().flatten().enumerate() {
                        self.place(child, &format!("{name}Variant{index}"))?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Removes `null` from a schema's types and returns whether it was there.
pub fn drop_null(schema: &mut Map<String, Value>) -> bool {
    let Some(Value::Array(types)) = schema.get_mut("type") else {
        return false;
    };
    let before = types.len();
    types.retain(|t| t != "null");
    let had = types.len() != before;
    if let [only] = &types[..] {
        schema["type"] = only.clone();
    }
    had
}

/// Converts a name such as `create-public-application` or `health_check` to the
/// name of a Rust type.
pub fn pascal(text: &str) -> String {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_ascii_uppercase().to_string() + letters.as_str()
            })
        })
        .collect()
}
