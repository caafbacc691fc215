//! Adds the facts of `spec/fields.yaml` to the descriptions of reply fields.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::spec::fields::Facts;

/// Appends the facts about each field to its description, as sentences.
///
/// # Errors
///
/// Returns an error if the document does not have the schema or field of a fact: the
/// file is then older than the patches.
pub fn add(document: &mut Value, facts: &Facts) -> Result<()> {
    for (schema, fields) in facts {
        for (name, fact) in fields {
            let field = document
                .get_mut("components")
                .and_then(|it| it.get_mut("schemas")?.get_mut(schema))
                .and_then(|it| it.get_mut("properties")?.get_mut(name)?.as_object_mut())
                .with_context(|| {
                    format!(
                        "spec/fields.yaml lists the field {schema}.{name}, which the document \
                         lacks: run `cargo xtask spec fields`"
                    )
                })?;
            let described = field.get("description").and_then(Value::as_str);
            let described = described.unwrap_or_default().trim().to_owned();
            let mut sentences = fact.sentences(&described);
            if !described.is_empty() {
                sentences.insert(0, described);
            }
            field.insert("description".to_owned(), sentences.join(" ").into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sentences_follow_the_description_and_repeat_nothing() {
        let mut document = json!({ "components": { "schemas": { "Thing": { "properties": {
            "mood": { "description": "How it is. Null before it wakes." },
            "secret": { "description": "Hidden without `read:sensitive`." },
            "age": {},
        } } } } });
        let facts: Facts = yaml_serde::from_str(
            "Thing:
  mood: { in: lists and get, null: true }
  secret: { in: get, needs: read:sensitive, null: true }
  age: { absent_until: 4.2.0, needs: read:sensitive }
",
        )
        .unwrap();
        add(&mut document, &facts).unwrap();
        let fields = &document["components"]["schemas"]["Thing"]["properties"];
        assert_eq!(
            fields["mood"]["description"],
            "How it is. Null before it wakes. Returned in lists and by `get`."
        );
        assert_eq!(
            fields["secret"]["description"],
            "Hidden without `read:sensitive`. Only returned by `get`. May be null."
        );
        assert_eq!(
            fields["age"]["description"],
            "Only returned to tokens with the `read:sensitive` ability. Absent in Coolify 4.2.0 and older."
        );
    }

    #[test]
    fn a_field_that_nobody_has_is_named() {
        let facts: Facts = yaml_serde::from_str("Thing: { mood: { null: true } }").unwrap();
        let error = add(&mut json!({}), &facts).unwrap_err();
        assert!(error.to_string().contains("Thing.mood"));
    }
}
