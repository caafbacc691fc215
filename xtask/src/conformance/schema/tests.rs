use serde_json::json;

use super::*;

/// Returns the findings as `class pointer`, in order.
fn findings(schema: &Value, value: &Value) -> Vec<String> {
    let document = json!({"components": {"schemas": {
        "Team": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "integer"}, "name": {"type": ["string", "null"]}},
        },
        "Loop": {
            "type": "object",
            "properties": {"next": {"$ref": "#/components/schemas/Loop"}},
        },
        "Circle": {"$ref": "#/components/schemas/Circle"},
    }}});
    let schema = Located {
        value: schema,
        at: "#".to_owned(),
    };
    let findings = judge(&Api::new(&document), &schema, value, &Pointer::new(""));
    let told = |it: Finding| format!("{} {}", it.class.label(), it.pointer.exact());
    findings.into_iter().map(told).collect()
}

fn team() -> Value {
    json!({"$ref": "#/components/schemas/Team"})
}

#[test]
fn what_the_schema_says_is_no_finding() {
    assert!(findings(&team(), &json!({"id": 1, "name": null})).is_empty());
}

#[test]
fn types_nulls_and_absences_are_told_apart() {
    let teams = json!({"type": "array", "items": team()});
    let value = json!([{"id": "1"}, {"id": null}, {"name": "a"}, 7]);
    assert_eq!(
        findings(&teams, &value),
        ["type /0/id", "null /1/id", "required /2/id", "type /3"]
    );
}

#[test]
fn both_spellings_of_nullable_count() {
    assert!(findings(&json!({"type": "string", "nullable": true}), &json!(null)).is_empty());
    assert!(findings(&json!({"type": ["string", "null"]}), &json!(null)).is_empty());
    assert!(
        findings(
            &json!({"$ref": "#/components/schemas/Team", "nullable": true}),
            &json!(null)
        )
        .is_empty()
    );
    assert_eq!(
        findings(&json!({"type": "string"}), &json!(null)),
        ["null "]
    );
}

#[test]
fn a_float_is_no_integer_and_an_integer_is_a_number() {
    assert_eq!(
        findings(&json!({"type": "integer"}), &json!(1.0)),
        ["type "]
    );
    assert!(findings(&json!({"type": "number"}), &json!(1)).is_empty());
}

#[test]
fn a_field_that_no_schema_names_is_unknown() {
    let value = json!({"id": 1, "a/b": true});
    assert_eq!(findings(&team(), &value), ["unknown field /a~1b"]);
}

#[test]
fn all_parts_of_an_all_of_know_their_fields() {
    let schema = json!({"allOf": [team(), {"properties": {"extra": {"type": "string"}}}]});
    let value = json!({"id": 1, "extra": "x", "other": 1});
    assert_eq!(findings(&schema, &value), ["unknown field /other"]);
}

#[test]
fn properties_beside_a_reference_count() {
    let mut schema = team();
    schema["properties"] = json!({"extra": {"type": "string"}});
    assert_eq!(
        findings(&schema, &json!({"id": 1, "extra": 2})),
        ["type /extra"]
    );
}

#[test]
fn the_nearest_alternative_judges() {
    let other = json!({"type": "object", "properties": {"key": {"type": "string"}}});
    for keyword in ["oneOf", "anyOf"] {
        let schema = json!({keyword: [{"type": "string"}, other, team()]});
        assert!(findings(&schema, &json!("text")).is_empty());
        assert!(findings(&schema, &json!({"id": 1, "name": "a"})).is_empty());
        assert!(findings(&schema, &json!({"key": "a"})).is_empty());
        let value = json!({"id": 1, "name": "a", "extra": 1});
        assert_eq!(findings(&schema, &value), ["unknown field /extra"]);
        assert_eq!(findings(&schema, &json!(true)), ["type "]);
    }
}

#[test]
fn fields_beside_alternatives_belong_to_each() {
    let schema = json!({
        "properties": {"kind": {"type": "string"}},
        "oneOf": [team(), {"properties": {"key": {"type": "string"}}}],
    });
    assert!(findings(&schema, &json!({"kind": "a", "key": "b"})).is_empty());
    assert_eq!(
        findings(&schema, &json!({"kind": "a", "key": 1})),
        ["type /key"]
    );
}

#[test]
fn an_object_without_listed_fields_is_a_free_map() {
    let value = json!({"a": 1, "b": {"c": null}});
    assert!(findings(&json!({"type": "object"}), &value).is_empty());
    assert!(
        findings(
            &json!({"type": "object", "additionalProperties": true}),
            &value
        )
        .is_empty()
    );
    assert!(findings(&json!({}), &value).is_empty());
}

#[test]
fn the_entries_of_a_map_have_a_schema() {
    let schema = json!({
        "properties": {"total": {"type": "integer"}},
        "additionalProperties": team(),
    });
    let value = json!({"total": 1, "7": {"id": 1}, "8": {"id": "2", "x": 1}});
    assert_eq!(
        findings(&schema, &value),
        ["type /8/id", "unknown field /8/x"]
    );
}

#[test]
fn a_closed_object_is_closed_even_when_it_lists_nothing() {
    let schema = json!({"type": "object", "additionalProperties": false});
    assert_eq!(findings(&schema, &json!({"a": 1})), ["unknown field /a"]);
}

#[test]
fn an_empty_php_array_is_no_object() {
    assert_eq!(findings(&json!({"type": "object"}), &json!([])), ["type "]);
    assert!(findings(&json!({"type": ["object", "array"]}), &json!([])).is_empty());
}

#[test]
fn values_keep_to_lists_bounds_and_formats() {
    assert_eq!(
        findings(&json!({"enum": ["a", "b"]}), &json!("c")),
        ["enum "]
    );
    assert_eq!(
        findings(&json!({"enum": ["a", "b"]}), &json!(null)),
        ["null "]
    );
    assert_eq!(findings(&json!({"const": 1}), &json!(2)), ["enum "]);
    assert_eq!(
        findings(&json!({"type": "integer", "minimum": 1}), &json!(0)),
        ["bounds "]
    );
    assert_eq!(
        findings(&json!({"type": "string", "maxLength": 2}), &json!("äöü")),
        ["bounds "]
    );
    assert_eq!(
        findings(&json!({"type": "array", "minItems": 1}), &json!([])),
        ["bounds "]
    );
    assert_eq!(
        findings(&json!({"type": "string", "format": "uuid"}), &json!("x")),
        ["format "]
    );
}

#[test]
fn our_own_keywords_mean_nothing_and_foreign_ones_are_reported() {
    let schema = json!({"type": "string", "x-sdk-type": "Uuid", "description": "words"});
    assert!(findings(&schema, &json!("x")).is_empty());
    assert_eq!(
        findings(&json!({"not": {"type": "string"}}), &json!(1)),
        ["schema "]
    );
}

#[test]
fn a_reference_has_to_lead_somewhere() {
    for name in ["No", "Circle"] {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        assert_eq!(findings(&schema, &json!(1)), ["schema "], "{name}");
    }
}

#[test]
fn a_schema_may_contain_itself() {
    let schema = json!({"$ref": "#/components/schemas/Loop"});
    let value = json!({"next": {"next": {"last": true}}});
    assert_eq!(findings(&schema, &value), ["unknown field /next/next/last"]);
}
