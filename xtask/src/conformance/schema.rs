//! Compares a JSON value with a schema, and finds the fields that no schema lists.
//!
//! A general validator cannot answer this question. A field is unknown if no schema
//! that applies to the object lists it, through references, `allOf` and the
//! matching alternative of a `oneOf`; JSON Schema can only express that with
//! `unevaluatedProperties` at each use of a component. And if no alternative
//! matches, the author of a patch needs the differences from the nearest one. So
//! this module implements the few keywords that the document uses; an unsupported
//! keyword is itself a finding.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::api::{Api, Located};
use super::finding::{Class, Finding};
use super::format;
use super::pointer::Pointer;

/// Keywords that only describe. They include `pattern`: it restricts requests, and
/// a server that accepted a value has already checked it.
const ANNOTATIONS: [&str; 11] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "discriminator",
    "externalDocs",
    "pattern",
];

const JUDGED: [&str; 19] = [
    "$ref",
    "type",
    "nullable",
    "enum",
    "const",
    "format",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
];

/// Returns every difference between the value and the schema.
pub fn judge<'d>(
    api: &Api<'d>,
    schema: &Located<'d>,
    value: &Value,
    pointer: &Pointer,
) -> Vec<Finding> {
    let mut judge = Judge {
        api,
        findings: Vec::new(),
    };
    judge.value(schema, value, pointer);
    judge.findings
}

/// Returns the type of a value in JSON Schema's terms.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The fields of one object that its schemas list.
#[derive(Default)]
struct Known<'d> {
    names: BTreeSet<&'d str>,
    /// Whether a schema lists the fields: otherwise the object is a map with any
    /// keys.
    listed: bool,
    /// Whether a schema allows any other fields.
    open: bool,
}

impl Known<'_> {
    fn merge(&mut self, other: Self) {
        self.names.extend(other.names);
        self.listed |= other.listed;
        self.open |= other.open;
    }

    fn unknown<'v>(&self, object: &'v Map<String, Value>) -> Vec<(&'v str, &'v Value)> {
        if self.open || !self.listed {
            return Vec::new();
        }
        let fields = object.iter().map(|(name, value)| (name.as_str(), value));
        fields
            .filter(|(name, _)| !self.names.contains(name))
            .collect()
    }
}

struct Judge<'a, 'd> {
    api: &'a Api<'d>,
    findings: Vec<Finding>,
}

impl<'d> Judge<'_, 'd> {
    /// Checks a whole value: fields that none of its schemas lists are unknown.
    fn value(&mut self, schema: &Located<'d>, value: &Value, pointer: &Pointer) {
        let known = self.apply(schema, value, pointer);
        let Value::Object(object) = value else { return };
        let home = self
            .api
            .resolve(schema.clone())
            .map_or_else(|| schema.at.clone(), |it| it.at);
        for (name, value) in known.unknown(object) {
            self.findings.push(Finding {
                class: Class::Unknown,
                pointer: pointer.field(name),
                at: home.clone(),
                declared: name.to_owned(),
                seen: kind(value).to_owned(),
            });
        }
    }

    fn report(
        &mut self,
        class: Class,
        at: &str,
        pointer: &Pointer,
        declared: impl Into<String>,
        seen: impl Into<String>,
    ) {
        self.findings.push(Finding {
            class,
            pointer: pointer.clone(),
            at: at.to_owned(),
            declared: declared.into(),
            seen: seen.into(),
        });
    }

    /// Checks a value against one schema and returns the fields that the schema
    /// lists.
    fn apply(&mut self, schema: &Located<'d>, value: &Value, pointer: &Pointer) -> Known<'d> {
        let mut known = Known::default();
        let Some(keywords) = schema.value.as_object() else {
            self.report(
                Class::Schema,
                &schema.at,
                pointer,
                "no schema object",
                kind(value),
            );
            return known;
        };
        self.vocabulary(schema, keywords, pointer);
        if value.is_null() && keywords.get("nullable") == Some(&Value::Bool(true)) {
            return known;
        }
        if let Some(reference) = schema.text("$ref") {
            if let Some(target) = self.api.resolve(schema.clone()) {
                known.merge(self.apply(&target, value, pointer));
            } else {
                let declared = "a reference that leads somewhere";
                self.report(Class::Schema, &schema.at, pointer, declared, reference);
            }
        }
        if !self.has_type(schema, value, pointer) {
            return known;
        }
        self.one_of_the_listed(schema, value, pointer);
        self.bounds(schema, value, pointer);
        self.format(schema, value, pointer);
        match value {
            Value::Array(items) => {
                if let Some(schema) = schema.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        self.value(&schema, item, &pointer.entry(&index.to_string()));
                    }
                }
            }
            Value::Object(object) => known.merge(self.object(schema, object, pointer)),
            _ => {}
        }
        for part in schema.get("allOf").iter().flat_map(Located::items) {
            known.merge(self.apply(&part, value, pointer));
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(alternatives) = schema.get(keyword) {
                known.merge(self.nearest(&alternatives, value, pointer));
            }
        }
        known
    }

    fn vocabulary(&mut self, schema: &Located<'d>, keywords: &Map<String, Value>, at: &Pointer) {
        for word in keywords.keys().map(String::as_str) {
            if !JUDGED.contains(&word) && !ANNOTATIONS.contains(&word) && !word.starts_with("x-") {
                self.report(
                    Class::Schema,
                    &schema.at,
                    at,
                    format!("`{word}`"),
                    "not understood",
                );
            }
        }
    }

    fn has_type(&mut self, schema: &Located<'d>, value: &Value, pointer: &Pointer) -> bool {
        let types = types(schema.value);
        if types.is_empty() || types.iter().any(|name| is_a(value, name)) {
            return true;
        }
        let class = if value.is_null() {
            Class::Null
        } else {
            Class::Type
        };
        self.report(class, &schema.at, pointer, types.join(" or "), kind(value));
        false
    }

    fn one_of_the_listed(&mut self, schema: &Located<'d>, value: &Value, pointer: &Pointer) {
        let listed = schema.value.get("enum").and_then(Value::as_array);
        if listed.is_some_and(|listed| !listed.contains(value)) {
            let class = if value.is_null() {
                Class::Null
            } else {
                Class::Enum
            };
            self.report(
                class,
                &schema.at,
                pointer,
                "the listed values",
                value.to_string(),
            );
        }
        if let Some(only) = schema.value.get("const").filter(|only| *only != value) {
            self.report(
                Class::Enum,
                &schema.at,
                pointer,
                only.to_string(),
                value.to_string(),
            );
        }
    }

    fn bounds(&mut self, schema: &Located<'d>, value: &Value, pointer: &Pointer) {
        #[expect(clippy::cast_precision_loss, reason = "no length comes near 2^52")]
        let (measure, low, high) = match value {
            Value::Number(number) => (number.as_f64(), "minimum", "maximum"),
            Value::String(text) => (Some(text.chars().count() as f64), "minLength", "maxLength"),
            Value::Array(items) => (Some(items.len() as f64), "minItems", "maxItems"),
            _ => return,
        };
        let Some(measure) = measure else { return };
        let bound = |keyword| schema.value.get(keyword).and_then(Value::as_f64);
        let too_low = bound(low)
            .filter(|bound| measure < *bound)
            .map(|bound| (low, bound));
        let too_high = bound(high)
            .filter(|bound| measure > *bound)
            .map(|bound| (high, bound));
        if let Some((keyword, bound)) = too_low.or(too_high) {
            let declared = format!("{keyword} {bound}");
            self.report(
                Class::Bounds,
                &schema.at,
                pointer,
                declared,
                measure.to_string(),
            );
        }
    }

    fn format(&mut self, schema: &Located<'d>, value: &Value, pointer: &Pointer) {
        if let Some(format) = schema
            .text("format")
            .filter(|name| !format::fits(name, value))
        {
            self.report(
                Class::Format,
                &schema.at,
                pointer,
                format,
                value.to_string(),
            );
        }
    }

    fn object(
        &mut self,
        schema: &Located<'d>,
        object: &Map<String, Value>,
        pointer: &Pointer,
    ) -> Known<'d> {
        let mut known = Known::default();
        for name in schema
            .value
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = name.as_str().unwrap_or_default();
            if !object.contains_key(name) {
                let pointer = pointer.field(name);
                self.report(Class::Required, &schema.at, &pointer, name, "absent");
            }
        }
        let properties = schema.get("properties");
        let listed = properties.as_ref().and_then(|it| it.value.as_object());
        if let (Some(properties), Some(listed)) = (&properties, listed) {
            known.names.extend(listed.keys().map(String::as_str));
            known.listed = !listed.is_empty();
            for (name, value) in object {
                if let Some(property) = properties.get(name) {
                    self.value(&property, value, &pointer.field(name));
                }
            }
        }
        match schema.get("additionalProperties") {
            Some(others) if others.value.is_object() => {
                known.open = true;
                for (name, value) in object.iter().filter(|it| !known.names.contains(&**it.0)) {
                    self.value(&others, value, &pointer.entry(name));
                }
            }
            Some(others) if others.value == &Value::Bool(false) => known.listed = true,
            Some(_) => known.open = true,
            None => {}
        }
        known
    }

    /// Checks against the alternative that fits best. `oneOf` is treated as
    /// `anyOf`: without required fields alternatives overlap, and a decoder takes
    /// the first that fits.
    fn nearest(
        &mut self,
        alternatives: &Located<'d>,
        value: &Value,
        pointer: &Pointer,
    ) -> Known<'d> {
        let mut best: Option<((bool, usize), Vec<Finding>, Known<'d>)> = None;
        for alternative in alternatives.items() {
            let mut judge = Judge {
                api: self.api,
                findings: Vec::new(),
            };
            let known = judge.apply(&alternative, value, pointer);
            let unknown = value
                .as_object()
                .map_or(0, |object| known.unknown(object).len());
            let distance = (
                mistyped(&judge.findings, pointer),
                judge.findings.len() + unknown,
            );
            if best.as_ref().is_none_or(|(least, ..)| distance < *least) {
                best = Some((distance, judge.findings, known));
            }
        }
        let Some(((mistyped, _), findings, known)) = best else {
            return Known::default();
        };
        if mistyped {
            let class = if value.is_null() {
                Class::Null
            } else {
                Class::Type
            };
            let mut declared: Vec<_> = alternatives
                .items()
                .flat_map(|it| self.declared_types(it))
                .collect();
            declared.dedup();
            self.report(
                class,
                &alternatives.at,
                pointer,
                declared.join(" or "),
                kind(value),
            );
        } else {
            self.findings.extend(findings);
        }
        known
    }

    fn declared_types(&self, schema: Located<'d>) -> Vec<&'d str> {
        self.api
            .resolve(schema)
            .map_or_else(Vec::new, |schema| types(schema.value))
    }
}

/// Returns whether the value itself, not a part of it, has the wrong type.
fn mistyped(findings: &[Finding], pointer: &Pointer) -> bool {
    findings.iter().any(|finding| {
        matches!(finding.class, Class::Type | Class::Null) && finding.pointer == *pointer
    })
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Returns whether a value has a type. Unlike in JSON Schema, `1.0` is not an
/// integer, because decoders do not accept it as one.
fn is_a(value: &Value, name: &str) -> bool {
    kind(value) == name || (name == "number" && value.is_number())
}

#[cfg(test)]
mod tests;
