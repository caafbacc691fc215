//! The errors of a tool.

use std::fmt::Display;

use coolify_sdk::Error;
use coolify_sdk::operations::Ability;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::veil::Veil;

pub type Outcome<T> = Result<T, Failure>;

/// An error as the agent receives it.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// The SDK's [`ErrorKind`](coolify_sdk::ErrorKind) in snake case, or
    /// `bad_request`, `unknown_tool` or `invalid_arguments`. An agent decides by
    /// it.
    kind: String,
    message: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// Present on some errors only.
    #[serde(flatten)]
    more: Box<Map<String, Value>>,
}

impl Failure {
    pub fn new(kind: &str, message: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            message: message.into(),
            hint: None,
            more: Box::default(),
        }
    }

    /// Of input that has another form. The value that is wrong may be a secret,
    /// and serde likes to quote it.
    pub fn malformed(kind: &str, error: &impl Display) -> Self {
        let message = error.to_string();
        let is_quoted = message.starts_with("invalid ");
        match message.split_once(", expected ") {
            Some((what, expected)) if is_quoted => {
                let what = what.split(':').next().unwrap_or_default();
                Self::new(kind, format!("{what}, expected {expected}"))
            }
            _ if is_quoted => Self::new(kind, "a value is invalid"),
            _ => Self::new(kind, message),
        }
    }

    /// The same about one argument.
    pub fn at(mut self, path: &str) -> Self {
        self.message = format!("`{path}`: {}", self.message);
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = json!(value);
        if !matches!(value, Value::Null | Value::Bool(false)) && value != json!([]) {
            self.more.insert(name.to_owned(), value);
        }
        self
    }

    /// The same without the secrets that are known.
    pub fn veiled(mut self, veil: &Veil) -> Self {
        self.message = veil.over(&self.message);
        self.hint = self.hint.map(|hint| veil.over(&hint));
        for value in self.more.values_mut() {
            veil.over_all(value);
        }
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failed = error.failed_deployment();
        let mut last_lines: Vec<&str> = Vec::new();
        if let Some(failed) = failed {
            last_lines.extend(failed.last_lines.iter().map(|line| line.output.as_str()));
        } else if let Some(status) = error.last_status() {
            last_lines.extend(status.last_lines.iter().map(String::as_str));
        }
        let domains = error
            .conflicts()
            .iter()
            .map(|conflict| json!({ "domain": conflict.domain, "of": conflict.resource_name }));
        let left = error.left_behind().iter();
        let left = left.map(|left| json!({ "kind": left.kind, "uuid": left.uuid }));
        let failure = Self::new(&snake_case(error.kind()), error.to_string())
            .with("status", error.status())
            .with("outcome_unknown", error.outcome_unknown())
            .with(
                "missing_ability",
                error.missing_ability().map(Ability::as_str),
            )
            .with(
                "retry_after_seconds",
                error.retry_after().map(|it| it.as_secs()),
            )
            .with("deployment", failed.map(|it| &it.uuid))
            .with("last_status", error.last_status().map(|it| &it.status))
            .with("last_lines", last_lines)
            .with("conflicts", domains.collect::<Vec<_>>())
            .with("left_behind", left.collect::<Vec<_>>());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// `OutOfScope` as `out_of_scope`, so that kinds which are new are there at once.
fn snake_case(kind: impl std::fmt::Debug) -> String {
    let mut name = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}
