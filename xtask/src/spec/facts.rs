//! Reduces a document to its facts in a fixed order: the part that an import keeps.
//!
//! Words such as `description` are dropped where they are keywords and kept where
//! they are names of the API's fields. Distinguishing them requires the place in
//! the document, hence the small grammar of `OpenAPI` below.

use std::cmp::Ordering;

use serde_json::{Map, Value};

/// Keywords that contain prose or examples, wherever keywords are allowed.
const PROSE: [&str; 7] = [
    "$comment",
    "description",
    "example",
    "examples",
    "externalDocs",
    "summary",
    "title",
];

/// The parts of a document that have their own keywords.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Document,
    Info,
    Server,
    Tag,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    Components,
    Schema,
    SecurityScheme,
}

/// The way in which a keyword contains its parts.
enum Held {
    One(Part),
    List(Part),
    /// By names that the API defines, not `OpenAPI`.
    Named(Part),
}

/// Drops prose and examples and sorts everything whose order has no meaning.
pub fn of(document: Value) -> Value {
    Part::Document.facts(document)
}

impl Part {
    fn facts(self, value: Value) -> Value {
        let Value::Object(map) = value else {
            return value;
        };
        let mut facts: Vec<(String, Value)> = map
            .into_iter()
            .filter(|(key, _)| !self.is_prose(key))
            .map(|(key, value)| {
                let value = self.value(&key, value);
                (key, value)
            })
            .collect();
        if self == Self::Response && !facts.iter().any(|(key, _)| key == "$ref") {
            // OpenAPI requires a description, and readers reject a response without
            // one.
            facts.push(("description".to_owned(), Value::String(String::new())));
        }
        facts.sort_by(|(a, _), (b, _)| self.rank(a).cmp(&self.rank(b)).then_with(|| a.cmp(b)));
        Value::Object(facts.into_iter().collect())
    }

    /// Returns whether a keyword is prose. The title of the document is kept: every
    /// document needs one, and Coolify's is its name.
    fn is_prose(self, key: &str) -> bool {
        PROSE.contains(&key) && !(self == Self::Info && key == "title")
    }

    fn value(self, key: &str, value: Value) -> Value {
        match (self.holds(key), value) {
            (Some(Held::One(part)), value) => part.facts(value),
            (Some(Held::Named(part)), Value::Object(map)) => Value::Object(named(part, map)),
            (Some(Held::List(part)), Value::Array(items)) => {
                let mut items: Vec<_> = items.into_iter().map(|item| part.facts(item)).collect();
                part.sort(&mut items);
                Value::Array(items)
            }
            (None, Value::Array(items)) if self.is_set(key) => Value::Array(set(items)),
            (_, value) => value,
        }
    }

    fn holds(self, key: &str) -> Option<Held> {
        Some(match (self, key) {
            (Self::Document, "info") => Held::One(Self::Info),
            (Self::Document, "servers") => Held::List(Self::Server),
            (Self::Document, "tags") => Held::List(Self::Tag),
            (Self::Document, "paths") => Held::Named(Self::PathItem),
            (Self::Document, "components") => Held::One(Self::Components),
            (Self::Components | Self::Response, "headers") => Held::Named(Self::Header),
            (Self::Components, "parameters") => Held::Named(Self::Parameter),
            (Self::Components, "requestBodies") => Held::Named(Self::RequestBody),
            (Self::Components | Self::Operation, "responses") => Held::Named(Self::Response),
            (Self::Components, "schemas") => Held::Named(Self::Schema),
            (Self::Components, "securitySchemes") => Held::Named(Self::SecurityScheme),
            (Self::PathItem | Self::Operation, "parameters") => Held::List(Self::Parameter),
            (Self::PathItem, "get" | "head" | "post" | "put" | "patch" | "delete" | "options") => {
                Held::One(Self::Operation)
            }
            (Self::Operation, "requestBody") => Held::One(Self::RequestBody),
            (Self::Parameter | Self::RequestBody | Self::Response | Self::Header, "content") => {
                Held::Named(Self::MediaType)
            }
            (Self::Parameter | Self::Header | Self::MediaType, "schema") => Held::One(Self::Schema),
            (Self::Schema, "properties" | "patternProperties" | "$defs") => {
                Held::Named(Self::Schema)
            }
            (Self::Schema, "items" | "additionalProperties" | "not" | "contains") => {
                Held::One(Self::Schema)
            }
            (Self::Schema, "allOf" | "anyOf" | "oneOf" | "prefixItems") => Held::List(Self::Schema),
            _ => return None,
        })
    }

    /// Returns whether the order of a list has no meaning.
    fn is_set(self, key: &str) -> bool {
        self == Self::Schema && matches!(key, "required" | "enum" | "type")
    }

    fn sort(self, items: &mut [Value]) {
        let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        match self {
            Self::Parameter => {
                items.sort_by_cached_key(|item| {
                    (text(item, "in"), text(item, "name"), text(item, "$ref"))
                });
            }
            Self::Tag => items.sort_by_cached_key(|item| text(item, "name")),
            _ => {}
        }
    }

    /// Returns the position of a keyword; the ones not listed here follow in
    /// alphabetical order.
    fn rank(self, key: &str) -> usize {
        let order: &[&str] = match self {
            Self::Document => &["openapi", "info", "servers", "tags", "paths", "components"],
            Self::PathItem => &[
                "parameters",
                "get",
                "head",
                "post",
                "put",
                "patch",
                "delete",
            ],
            Self::Operation => &[
                "operationId",
                "tags",
                "deprecated",
                "parameters",
                "requestBody",
                "responses",
            ],
            Self::Parameter => &["name", "in", "required"],
            Self::RequestBody => &["required"],
            Self::Response => &["description", "headers"],
            Self::Schema => &["$ref", "type", "format", "nullable", "enum", "default"],
            _ => &[],
        };
        let last: &[&str] = match self {
            Self::Schema => &["required", "properties", "items", "additionalProperties"],
            _ => &[],
        };
        let place = |list: &[&str]| list.iter().position(|name| *name == key);
        place(order)
            .or_else(|| place(last).map(|place| order.len() + 1 + place))
            .unwrap_or(order.len())
    }
}

fn named(part: Part, map: Map<String, Value>) -> Map<String, Value> {
    let mut entries: Vec<_> = map
        .into_iter()
        .map(|(name, value)| (name, part.facts(value)))
        .collect();
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries.into_iter().collect()
}

/// Sorts the items and removes duplicates; `null` comes last for readability.
fn set(mut items: Vec<Value>) -> Vec<Value> {
    let is_null = |value: &Value| value.is_null() || value == "null";
    items.sort_by(|a, b| {
        let by_number = a.as_f64().partial_cmp(&b.as_f64());
        is_null(a)
            .cmp(&is_null(b))
            .then(by_number.unwrap_or(Ordering::Equal))
            .then_with(|| a.to_string().cmp(&b.to_string()))
    });
    items.dedup();
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;

    fn facts(yaml: &str) -> String {
        document::to_yaml(&of(document::parse(yaml).unwrap())).unwrap()
    }

    #[test]
    fn prose_goes_and_fields_of_the_same_name_stay() {
        let text = facts(
            "
components:
  schemas:
    Thing:
      title: A thing
      description: Prose.
      example: {a: 1}
      properties:
        title: {type: string, title: T, example: x}
        summary: {type: string, summary: S}
        example: {type: string}
        description: {type: string, description: Prose.}
      required: [title, description]
",
        );
        assert_eq!(
            text,
            "\
components:
  schemas:
    Thing:
      required:
      - description
      - title
      properties:
        description:
          type: string
        example:
          type: string
        summary:
          type: string
        title:
          type: string
"
        );
    }

    #[test]
    fn everything_has_its_place() {
        let text = facts(
            "
tags:
  - {name: B, description: B}
  - {name: A}
paths:
  /b: {}
  /a:
    patch: {operationId: patch-a, summary: Patch}
    get:
      security: [{bearer: []}]
      responses:
        '404': {$ref: '#/components/responses/404'}
        '200':
          description: Fine.
          content:
            text/html: {example: x, schema: {type: string}}
            application/json:
              schema: {properties: {x: {enum: [c, a, b, a], type: ['null', string]}}, type: object}
      parameters:
        - {in: query, name: b, schema: {type: integer, example: 1}}
        - {in: query, name: a, description: A, required: false}
        - {in: path, name: z}
      description: Get it.
      summary: Get
      operationId: get-a
      tags: [B, A]
info: {version: '0.1', title: Coolify, description: Prose}
openapi: 3.1.0
",
        );
        assert_eq!(
            text,
            "\
openapi: 3.1.0
info:
  title: Coolify
  version: '0.1'
tags:
- name: A
- name: B
paths:
  /a:
    get:
      operationId: get-a
      tags:
      - B
      - A
      parameters:
      - name: z
        in: path
      - name: a
        in: query
        required: false
      - name: b
        in: query
        schema:
          type: integer
      responses:
        '200':
          description: ''
          content:
            application/json:
              schema:
                type: object
                properties:
                  x:
                    type:
                    - string
                    - 'null'
                    enum:
                    - a
                    - b
                    - c
            text/html:
              schema:
                type: string
        '404':
          $ref: '#/components/responses/404'
      security:
      - bearer: []
    patch:
      operationId: patch-a
  /b: {}
"
        );
    }

    #[test]
    fn numbers_of_an_enum_are_in_order() {
        let text = facts("components: {schemas: {A: {enum: [10, 9, null, 2]}}}");
        assert!(
            text.contains("- 2\n      - 9\n      - 10\n      - null\n"),
            "{text}"
        );
    }

    #[test]
    fn facts_of_facts_are_the_same() {
        let once = facts("paths: {/a: {get: {responses: {'200': {description: x}}}}}");
        assert_eq!(facts(&once), once);
    }
}
