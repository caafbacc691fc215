//! The checks of request bodies, with Coolify's messages.

pub(super) mod cron;
pub(super) mod domains;
pub(super) mod encoded;
pub(super) mod git;
pub(super) mod hosts;
pub(super) mod images;
pub(super) mod paths;
pub(super) mod rules;
#[cfg(test)]
mod tests;
pub(super) mod text;
pub(super) mod url;

use serde_json::{Map, Value, json};

use self::rules::{Field, Rule};
use crate::testing::{http::Reply, state::State};

/// The name of a project, an environment or a storage.
pub(super) const NAME: Rule = Rule::All(&[
    Rule::Text,
    Rule::Min(3),
    Rule::Max(255),
    Rule::Is(text::name),
]);

/// Its description.
pub(super) const DESCRIPTION: Rule = Rule::All(&[
    Rule::Nullable,
    Rule::Text,
    Rule::Max(255),
    Rule::Is(text::description),
]);

/// A name without restrictions.
pub(super) const ANY_NAME: Rule = Rule::All(&[Rule::Text, Rule::Max(255)]);

/// A text that may be empty.
pub(super) const NOTE: Rule = Rule::All(&[Rule::Nullable, Rule::Text]);

/// The tags of a new resource.
pub(super) const TAGS: Field = (
    "tags",
    &[
        Rule::NewIn("4.2.0"),
        Rule::Nullable,
        Rule::List,
        Rule::Each(&[Rule::Text, Rule::Min(2)]),
    ],
);

/// The key of an environment variable.
pub(super) const KEY: Rule = Rule::All(&[Rule::Required, IS_KEY]);

/// The key of an environment variable, if it is optional.
pub(super) const KEY_OR_NONE: Rule = Rule::All(&[Rule::Nullable, IS_KEY]);

const IS_KEY: Rule = Rule::All(&[
    Rule::Text,
    Rule::Since("4.2.0", &[Rule::Max(255), Rule::Is(text::variable)]),
]);

/// Refuses a body that breaks the rules of its fields, or has unknown fields.
pub(super) fn hold(
    body: &Map<String, Value>,
    fields: &[Field],
    state: &State,
) -> Result<(), Reply> {
    let mut findings = Findings::default();
    findings.check(body, fields, state);
    findings.allow_only(body, &rules::known(fields, state.release()));
    findings.refuse()
}

/// The errors of a body: a list of messages for each field.
#[derive(Default)]
pub(super) struct Findings(Map<String, Value>);

impl Findings {
    /// Adds a message about a field.
    pub(super) fn add(&mut self, field: &str, sentence: impl Into<String>) {
        let sentences = self
            .0
            .entry(field)
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(sentences) = sentences {
            sentences.push(Value::String(sentence.into()));
        }
    }

    /// Returns whether a field has errors.
    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// Adds an error for every field that is not on the allow-list.
    pub(super) fn allow_only(&mut self, body: &Map<String, Value>, allowed: &[&str]) {
        for field in body
            .keys()
            .filter(|field| !allowed.contains(&field.as_str()))
        {
            self.add(field, "This field is not allowed.");
        }
    }

    /// Adds an error for each missing field.
    pub(super) fn require(&mut self, body: &Map<String, Value>, fields: &[&str]) {
        for field in fields.iter().filter(|field| is_blank(body.get(**field))) {
            self.add(field, "This field is required.");
        }
    }

    /// Adds an error for each broken rule.
    pub(super) fn check(&mut self, body: &Map<String, Value>, fields: &[Field], state: &State) {
        rules::check(body, fields, state, self);
    }

    /// Refuses the body if there are errors.
    pub(super) fn refuse(self) -> Result<(), Reply> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Reply::invalid(self.0))
        }
    }
}

/// Makes the 422 of endpoints that use the framework's own validation.
pub(super) fn framework_refusal(field: &str, sentence: &str) -> Reply {
    Reply::json(
        422,
        json!({"message": sentence, "errors": {field: [sentence]}}),
    )
}

/// Returns whether a value is absent, null or an empty text.
pub(super) fn is_blank(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    }
}
