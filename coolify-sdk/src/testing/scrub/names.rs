//! Judges texts by the name of their field.

use serde_json::{Map, Value};

/// The place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::testing) enum Place {
    /// In a field that holds secrets, or somewhere inside of one.
    Secret,
    /// In a message of Coolify's.
    Said,
    /// Anywhere else.
    Plain,
}

impl Place {
    /// Returns the place of what stands under `key`.
    pub(in crate::testing) fn inside(self, key: &str, siblings: &Map<String, Value>) -> Self {
        let key = key.to_lowercase();
        // `errors` maps the names of fields, secret ones too, to messages.
        let is_said = matches!(
            &*key,
            "errors" | "message" | "error" | "details" | "warning" | "warnings" | "hint"
        );
        match self {
            Self::Secret => Self::Secret,
            // The output of a command.
            _ if key == "message" && siblings.contains_key("finished_at") => Self::Secret,
            _ if is_said => Self::Said,
            Self::Said if is_message(siblings) => Self::Said,
            _ if is_secret(&key, siblings) => Self::Secret,
            _ => Self::Plain,
        }
    }
}

/// The beginnings of messages about a field.
const SAYS: [&str; 3] = ["The ", "This ", "Cannot "];

/// Returns whether an object only holds messages, as `errors` does.
fn is_message(fields: &Map<String, Value>) -> bool {
    let is_text = |value: &Value| match value {
        Value::Array(items) => items.iter().all(Value::is_string),
        other => other.is_string(),
    };
    let says = |text: &str| SAYS.iter().any(|start| text.starts_with(start));
    let first = |value: &Value| match value {
        Value::Array(items) => items.first().and_then(Value::as_str).is_some_and(says),
        other => other.as_str().is_some_and(says),
    };
    !fields.is_empty() && fields.values().all(is_text) && fields.values().any(first)
}

/// Words in the names of fields that hold secrets.
const SECRET: &[&str] = &[
    "authorization",
    "bundle",
    "compose",
    "content",
    "cookie",
    "credential",
    "custom_config",
    "custom_labels",
    "custom_nginx",
    "db_url",
    "dockerfile",
    "error_details",
    "fingerprint",
    "init_script",
    "license",
    "output",
    "passphrase",
    "passwd",
    "password",
    "payload",
    "proxy_configuration",
    "pwd",
    "run_options",
    "script",
    "secret",
    "telegram_chat_id",
    "token",
    "username",
    "validation_logs",
    "webhook_url",
];

/// Endings of the names of such fields.
const SECRET_ENDINGS: &[&str] = &[
    "_conf",
    "_command",
    "_key",
    "command",
    "configuration",
    "value",
];

/// Names that contain such a word although the field is not secret.
const OPEN: &[&str] = &[
    "cloud_provider_token_id",
    "cloud_provider_token_uuid",
    "compose_parsing_version",
    "compose_version",
    "compose_version_checked_at",
    "docker_compose_location",
    "dockerfile_location",
];

/// Returns whether everything under a name in lower case is secret.
fn is_secret(name: &str, siblings: &Map<String, Value>) -> bool {
    match name {
        _ if OPEN.contains(&name) => false,
        // The key of a variable is its name, but the key of an S3 storage is a
        // secret.
        "key" => !siblings.contains_key("value") && !siblings.contains_key("is_literal"),
        "logs" => true,
        _ => {
            SECRET.iter().any(|word| name.contains(word))
                || SECRET_ENDINGS.iter().any(|end| name.ends_with(end))
        }
    }
}
