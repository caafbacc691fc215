//! What a server does with an input.

use std::fmt;

use serde_json::{Value, json};

/// What a server does with an input.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It reads back as it was sent.
    Taken,
    /// It reads back as another value.
    Becomes(Value),
    /// It was rejected with this status, for these fields. `[]` means a list of
    /// errors without fields.
    Refused(u16, Vec<String>),
    /// It was accepted, but the resource could not be read.
    Unreadable(u16),
    /// This Coolify does not have the operation.
    NoRoute,
}

impl Verdict {
    /// Returns the verdict of an error reply.
    pub(super) fn refusal(status: u16, body: &Value) -> Self {
        let fields = match &body["errors"] {
            Value::Object(errors) => errors.keys().cloned().collect(),
            Value::Array(_) => vec!["[]".to_owned()],
            _ => Vec::new(),
        };
        Self::refused(status, fields)
    }

    /// Makes a rejection, with its fields sorted.
    fn refused(status: u16, mut fields: Vec<String>) -> Self {
        fields.sort();
        Self::Refused(status, fields)
    }

    /// Returns the row of the book for an input.
    pub(super) fn row(&self, input: &Value) -> Value {
        match self {
            Self::Taken => json!([input, "taken"]),
            Self::Becomes(value) => json!([input, "becomes", value]),
            Self::Refused(status, fields) if fields.is_empty() => json!([input, status]),
            Self::Refused(status, fields) => json!([input, status, fields.join(" ")]),
            Self::Unreadable(status) => json!([input, "unreadable", status]),
            Self::NoRoute => json!([input, "no route"]),
        }
    }

    /// Returns the verdict of a row, and its input.
    pub(super) fn of_row(row: &Value) -> (Value, Self) {
        let status = |value: &Value| value.as_u64().and_then(|it| u16::try_from(it).ok());
        let verdict = match row[1].as_str() {
            Some("taken") => Self::Taken,
            Some("becomes") => Self::Becomes(row[2].clone()),
            Some("unreadable") => Self::Unreadable(status(&row[2]).expect("a status")),
            Some("no route") => Self::NoRoute,
            Some(word) => panic!("{word} is no verdict"),
            None => {
                let fields = row[2].as_str().unwrap_or_default();
                let fields = fields.split_whitespace().map(str::to_owned).collect();
                Self::refused(status(&row[1]).expect("a status"), fields)
            }
        };
        (row[0].clone(), verdict)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken => f.write_str("takes it"),
            Self::Becomes(value) => write!(f, "makes {value} of it"),
            Self::Refused(status, fields) if fields.is_empty() => write!(f, "refuses it, {status}"),
            Self::Refused(status, fields) => {
                write!(f, "refuses it, {status} {}", fields.join(" "))
            }
            Self::Unreadable(status) => write!(f, "takes it and then answers {status}"),
            Self::NoRoute => f.write_str("has no such operation"),
        }
    }
}
