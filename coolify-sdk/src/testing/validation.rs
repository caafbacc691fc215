//! The checks of request bodies and how Coolify words them.

use serde_json::{Map, Value, json};

use super::reply::Reply;

/// What is wrong with a body: a list of sentences for each field.
#[derive(Default)]
pub(super) struct Findings(Map<String, Value>);

impl Findings {
    /// Notes a sentence about a field.
    pub(super) fn add(&mut self, field: &str, sentence: impl Into<String>) {
        let sentences = self
            .0
            .entry(field)
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(sentences) = sentences {
            sentences.push(Value::String(sentence.into()));
        }
    }

    /// Notes every field that is not on the allow-list.
    pub(super) fn allow_only(&mut self, body: &Map<String, Value>, allowed: &[&str]) {
        for field in body
            .keys()
            .filter(|field| !allowed.contains(&field.as_str()))
        {
            self.add(field, "This field is not allowed.");
        }
    }

    /// Notes the fields that are missing.
    pub(super) fn require(&mut self, body: &Map<String, Value>, fields: &[&str]) {
        for field in fields.iter().filter(|field| is_blank(body.get(**field))) {
            self.add(field, "This field is required.");
        }
    }

    /// Notes the missing fields, where the endpoint names them in the sentence.
    pub(super) fn require_by_name(&mut self, body: &Map<String, Value>, fields: &[&str]) {
        for field in fields.iter().filter(|field| is_blank(body.get(**field))) {
            self.add(
                field,
                format!("The {} field is required.", field.replace('_', " ")),
            );
        }
    }

    /// Notes a name that is too short; a missing one only where it is required.
    pub(super) fn check_name(&mut self, body: &Map<String, Value>, required: bool) {
        match body.get("name").and_then(Value::as_str) {
            Some(name) if name.chars().count() < 3 => {
                self.add("name", "The name must be at least 3 characters.");
            }
            None if required => self.add("name", "The name field is required."),
            Some(_) | None => {}
        }
    }

    /// A refusal with all findings, if there are any.
    pub(super) fn refuse(self) -> Result<(), Reply> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Reply::invalid(self.0))
        }
    }
}

/// 422 as the endpoints give it that use the framework's own check.
pub(super) fn framework_refusal(field: &str, sentence: &str) -> Reply {
    Reply::json(
        422,
        json!({"message": sentence, "errors": {field: [sentence]}}),
    )
}

/// Absent, null or an empty text.
pub(super) fn is_blank(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.trim().is_empty(),
        Some(_) => false,
    }
}
