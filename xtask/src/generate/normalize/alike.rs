//! Merges request bodies that are equal for several kinds of resources into one
//! type.

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};

use super::visit;

/// The common name and the bodies that it replaces. Other bodies, such as those
/// with only a name, are equal by chance.
const ALIKE: [(&str, &[&str]); 11] = [
    (
        "CloneResourceBody",
        &[
            "CloneApplicationByUuidBody",
            "CloneDatabaseByUuidBody",
            "CloneServiceByUuidBody",
        ],
    ),
    (
        "MigrateResourceBody",
        &[
            "MigrateApplicationByUuidBody",
            "MigrateDatabaseByUuidBody",
            "MigrateServiceByUuidBody",
        ],
    ),
    (
        "MoveResourceBody",
        &[
            "MoveApplicationByUuidBody",
            "MoveDatabaseByUuidBody",
            "MoveServiceByUuidBody",
        ],
    ),
    (
        "CreateResourceTagBody",
        &[
            "CreateTagByApplicationUuidBody",
            "CreateTagByDatabaseUuidBody",
            "CreateTagByServiceUuidBody",
        ],
    ),
    (
        "CreateScheduledTaskBody",
        &[
            "CreateScheduledTaskByApplicationUuidBody",
            "CreateScheduledTaskByServiceUuidBody",
        ],
    ),
    (
        "UpdateScheduledTaskBody",
        &[
            "UpdateScheduledTaskByApplicationUuidBody",
            "UpdateScheduledTaskByServiceUuidBody",
        ],
    ),
    (
        "CreateStorageBody",
        &[
            "CreateStorageByApplicationUuidBody",
            "CreateStorageByDatabaseUuidBody",
        ],
    ),
    (
        "UpdateStorageBody",
        &[
            "UpdateStorageByApplicationUuidBody",
            "UpdateStorageByDatabaseUuidBody",
            "UpdateStorageByServiceUuidBody",
        ],
    ),
    (
        "CreateVariableBody",
        &["CreateEnvByDatabaseUuidBody", "CreateEnvByServiceUuidBody"],
    ),
    (
        "UpdateVariableBody",
        &["UpdateEnvByDatabaseUuidBody", "UpdateEnvByServiceUuidBody"],
    ),
    (
        "UpdateVariablesBody",
        &[
            "UpdateEnvsByDatabaseUuidBody",
            "UpdateEnvsByServiceUuidBody",
        ],
    ),
];

/// Replaces the listed bodies with one component, and returns an error if they are
/// no longer equal.
pub fn merge(document: &mut Value) -> Result<usize> {
    merge_all(document, &ALIKE)
}

fn merge_all(document: &mut Value, alike: &[(&str, &[&str])]) -> Result<usize> {
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
        .context("the document has no components")?;
    let mut hits = 0;
    for (name, bodies) in alike {
        let mut one: Option<Value> = None;
        for body in *bodies {
            let schema = schemas.remove(*body);
            let mut schema =
                schema.with_context(|| format!("the document no longer has {body}"))?;
            // The names of enums and the description name the operation of a single body.
            rename_parts(&mut schema, body, name);
            schema["description"] = format!("The request body of `{name}`.").into();
            let same = one.as_ref().is_none_or(|one| *one == schema);
            ensure!(same, "{body} no longer equals the other bodies of {name}");
            one = Some(schema);
            hits += 1;
        }
        ensure!(
            !schemas.contains_key(*name),
            "the document already has a component {name}"
        );
        schemas.insert((*name).to_owned(), one.unwrap_or_default());
    }
    visit::operations_mut(document, |operation| {
        rename(operation, alike);
        Ok(())
    })?;
    Ok(hits)
}

/// Renames the parts that are named after a body: they get the common name.
fn rename_parts(schema: &mut Value, body: &str, name: &str) {
    match schema {
        Value::Object(map) => {
            for (key, value) in map {
                let part = value.as_str().and_then(|it| it.strip_prefix(body));
                match part.filter(|_| key == "x-sdk-name") {
                    Some(part) => *value = format!("{name}{part}").into(),
                    None => rename_parts(value, body, name),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| rename_parts(it, body, name)),
        _ => {}
    }
}

fn rename(map: &mut Map<String, Value>, alike: &[(&str, &[&str])]) {
    for (key, value) in map {
        if key == "$ref" {
            let body = visit::component_name(value).unwrap_or_default();
            let merged = alike.iter().find(|(_, bodies)| bodies.contains(&body));
            if let Some((name, _)) = merged {
                *value = format!("#/components/schemas/{name}").into();
            }
        } else if let Some(inner) = value.as_object_mut() {
            rename(inner, alike);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(second: &str) -> Value {
        let body = |name: &str, field: &str| json!({"description": name, "properties": {field: {"type": "string"}}});
        let takes = |name: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            json!({"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}})
        };
        json!({
            "paths": {"/cats": takes("Cat"), "/dogs": takes("Dog")},
            "components": {"schemas": {"Cat": body("a cat", "name"), "Dog": body("a dog", second)}},
        })
    }

    const PETS: [(&str, &[&str]); 1] = [("Pet", &["Cat", "Dog"])];

    #[test]
    fn what_is_alike_becomes_one() {
        let mut document = document("name");
        assert_eq!(merge_all(&mut document, &PETS).unwrap(), 2);
        let schemas = document["components"]["schemas"].as_object().unwrap();
        assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Pet"]);
        let text = document["paths"].to_string();
        assert_eq!(text.matches("schemas/Pet").count(), 2, "{text}");
    }

    #[test]
    fn what_is_named_after_a_body_is_named_after_the_one() {
        let mut document = document("name");
        for body in ["Cat", "Dog"] {
            let field = &mut document["components"]["schemas"][body]["properties"]["name"];
            field["x-sdk-name"] = format!("{body}Name").into();
        }
        merge_all(&mut document, &PETS).unwrap();
        let field = &document["components"]["schemas"]["Pet"]["properties"]["name"];
        assert_eq!(field["x-sdk-name"], "PetName");
    }

    #[test]
    fn what_is_not_alike_any_more_is_named() {
        let error = merge_all(&mut document("bark"), &PETS).unwrap_err();
        assert!(error.to_string().contains("Dog"), "{error}");
    }
}
