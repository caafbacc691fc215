//! Groups fields that a document can only list individually. A patch marks which
//! fields belong together.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use super::visit::{self, Role};

/// Turns a body whose fields exclude each other into a choice of bodies:
/// `x-sdk-bodies` names each with the fields that only it has.
pub fn bodies(document: &mut Value) -> Result<usize> {
    let mut hits = 0;
    visit::operations_mut(document, |operation| {
        for (role, schema) in visit::roots_mut(operation) {
            let marked = schema.as_object_mut();
            let Some(bodies) = marked.and_then(|schema| schema.remove("x-sdk-bodies")) else {
                continue;
            };
            if role != Role::Request {
                bail!("x-sdk-bodies marks something other than a request body");
            }
            *schema = choice(schema, &bodies)?;
            hits += 1;
        }
        Ok(())
    })?;
    Ok(hits)
}

fn choice(whole: &Value, bodies: &Value) -> Result<Value> {
    let bodies = bodies
        .as_object()
        .context("x-sdk-bodies is not an object")?;
    let taken: BTreeSet<&str> = bodies
        .values()
        .flat_map(|body| names(body, "fields"))
        .collect();
    let bodies = bodies.iter().map(|(name, body)| {
        let own: BTreeSet<&str> = names(body, "fields").collect();
        let mut schema = whole.clone();
        let properties = properties(&mut schema)?;
        if let Some(missing) = own.iter().find(|field| !properties.contains_key(**field)) {
            bail!("{name}: the body has no field {missing}");
        }
        properties.retain(|field, _| !taken.contains(&**field) || own.contains(&**field));
        require(&mut schema, names(body, "required"));
        schema["x-sdk-name"] = name.as_str().into();
        schema["description"] = body["description"].clone();
        Ok(schema)
    });
    Ok(json!({
        "description": "The request body of the operation, in one of its forms.",
        "anyOf": bodies.collect::<Result<Vec<_>>>()?,
    }))
}

/// Groups fields that a type of the library reads as one part: `x-sdk-part` lists
/// the fields and gives the part's type and name.
pub fn parts(document: &mut Value) -> Result<usize> {
    let mut hits = 0;
    visit::schemas_mut(document, &mut |schema, _| {
        let Some(part) = schema.remove("x-sdk-part") else {
            return Ok(());
        };
        let name = part["name"].as_str().context("an x-sdk-part has no name")?;
        let mut whole = Value::Object(std::mem::take(schema));
        let properties = properties(&mut whole)?;
        for field in names(&part, "fields") {
            if properties.remove(field).is_none() {
                bail!("{name}: the object has no field {field}");
            }
        }
        let description = &part["description"];
        let property = json!({"x-sdk-type": part["type"], "description": description});
        properties.insert(name.to_owned(), property);
        require(&mut whole, std::iter::once(name));
        if let Value::Object(whole) = whole {
            *schema = whole;
        }
        hits += 1;
        Ok(())
    })?;
    Ok(hits)
}

fn names<'a>(holder: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    let list = holder[key].as_array().into_iter().flatten();
    list.filter_map(Value::as_str)
}

fn properties(schema: &mut Value) -> Result<&mut Map<String, Value>> {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    properties.context("a schema marked with x-sdk-part has no properties")
}

fn require<'a>(schema: &mut Value, fields: impl Iterator<Item = &'a str>) {
    let mut required: Vec<Value> = fields.map(Value::from).collect();
    if let Some(known) = schema["required"].as_array() {
        required.extend(known.iter().cloned());
    }
    if !required.is_empty() {
        schema["required"] = required.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_keeps_what_all_share_and_what_is_its_own() {
        let mut document = json!({"paths": {"/pets": {"post": {"requestBody": {"content": {
            "application/json": {"schema": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {}, "fur": {}, "scales": {}},
                "x-sdk-bodies": {
                    "Cat": {"description": "A cat.", "fields": ["fur"], "required": ["fur"]},
                    "Fish": {"description": "A fish.", "fields": ["scales"]},
                },
            }},
        }}}}}});
        assert_eq!(bodies(&mut document).unwrap(), 1);
        let path = "/paths/~1pets/post/requestBody/content/application~1json/schema/anyOf";
        let cat = document.pointer(path).unwrap()[0].clone();
        assert_eq!(cat["properties"], json!({"name": {}, "fur": {}}));
        assert_eq!(cat["required"], json!(["fur", "name"]));
        assert_eq!(cat["x-sdk-name"], "Cat");
    }

    #[test]
    fn a_part_takes_its_fields_along() {
        let mut document = json!({"components": {"schemas": {"Pet": {
            "properties": {"name": {}, "fur": {}},
            "x-sdk-part": {"name": "coat", "type": "Coat", "fields": ["fur"], "description": "D."},
        }}}});
        assert_eq!(parts(&mut document).unwrap(), 1);
        let pet = &document["components"]["schemas"]["Pet"];
        assert_eq!(pet["properties"]["coat"]["x-sdk-type"], "Coat");
        assert!(pet["properties"].get("fur").is_none());
        assert_eq!(pet["required"], json!(["coat"]));
    }
}
