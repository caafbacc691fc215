//! Gives inline objects a name and a place among the components.
//!
//! progenitor would name them after whichever operation comes first and merge
//! what merely has the same name. Here a name comes from `x-sdk-name` in a
//! patch, or else from the operation and the field, and only equal schemas
//! share one.

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use super::visit::{self, Role};

/// Field names that say nothing about an enum without their object's name.
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
            "What `{}` takes.",
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

    /// Hoists `schema` under `name` if it is an inline object, after its children.
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
                bail!("two different schemas want the name {name}: give one an x-sdk-name")
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

/// Takes `null` out of a schema's types; says whether it was there.
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

/// `create-public-application` and `health_check` as Rust names types.
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
