//! Error replies of Coolify.

use serde::Serialize;

use serde_json::{Map, Value};

use crate::HIDDEN;

/// Texts of a server are cut to this number of characters.
const LONGEST_TEXT: usize = 1_000;

/// A reply with an error status, as far as it can be read.
///
/// Coolify's errors have a dozen shapes, and those of a proxy or a login page
/// have others. All of them can be read: whatever is missing, cut off or not JSON
/// is absent here. The body itself is not kept.
///
/// ```
/// use coolify_sdk::ErrorReply;
///
/// let body = br#"{"message": "Validation failed.", "errors": {"name": ["Too long."]}}"#;
/// let reply = ErrorReply::parse(422, Some("application/json"), body);
/// assert_eq!(reply.message(), Some("Validation failed."));
/// assert_eq!(reply.field_errors()[0].field(), Some("name"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorReply {
    status: u16,
    json: bool,
    message: Option<String>,
    error: Option<String>,
    details: Option<String>,
    warning: Option<String>,
    docs: Option<String>,
    title: Option<String>,
    field_errors: Vec<FieldError>,
    conflicts: Vec<Conflict>,
    valid_service_types: Vec<String>,
    read_only_fields: Vec<String>,
    unknown_keys: Vec<String>,
    wants_https: bool,
}

/// How servers report plain HTTP on a port for HTTPS: nginx, Go, Apache.
const WANTS_HTTPS: [&str; 3] = [
    "plain HTTP request was sent to HTTPS port",
    "HTTP request to an HTTPS server",
    "speaking plain HTTP to an SSL-enabled server port",
];

/// One validation error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    pub(crate) field: Option<String>,
    pub(crate) message: String,
}

impl FieldError {
    /// Returns the name of the field, if Coolify names it.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// Returns Coolify's message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// A domain that another resource already has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Conflict {
    /// The domain that both resources want.
    pub domain: Option<String>,
    /// The name of the resource that has it.
    pub resource_name: Option<String>,
    /// The uuid of that resource.
    pub resource_uuid: Option<String>,
    /// The kind of that resource, such as `application`.
    pub resource_type: Option<String>,
    /// Coolify's message about the conflict.
    pub message: Option<String>,
}

impl ErrorReply {
    /// Reads a reply. It never fails, whatever the body is.
    #[must_use]
    pub fn parse(status: u16, content_type: Option<&str>, body: &[u8]) -> Self {
        let mut reply = Self {
            status,
            ..Self::default()
        };
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => {
                reply.json = true;
                reply.read(fields);
            }
            Ok(_) => reply.json = true,
            Err(_) => {
                let page = String::from_utf8_lossy(body);
                reply.wants_https = WANTS_HTTPS.iter().any(|text| page.contains(text));
                if content_type.is_none_or(|kind| kind.contains("html")) {
                    reply.title = title(&page);
                }
            }
        }
        reply
    }

    fn read(&mut self, fields: Map<String, Value>) {
        for (key, value) in fields {
            match (key.as_str(), value) {
                ("message", Value::String(text)) => self.message = Some(clip(&text)),
                ("error", Value::String(text)) => self.error = text_of(&text),
                ("details", Value::String(text)) => self.details = text_of(&text),
                ("warning", Value::String(text)) => self.warning = text_of(&text),
                ("docs", Value::String(text)) => self.docs = text_of(&text),
                ("errors", errors) => self.field_errors = field_errors(errors),
                ("conflicts", Value::Array(conflicts)) => {
                    self.conflicts = conflicts.iter().map(conflict).collect();
                }
                ("valid_service_types", Value::Array(types)) => {
                    self.valid_service_types = texts(types);
                }
                ("read_only_fields", Value::Array(names)) => self.read_only_fields = texts(names),
                // It is `true` even on refusals, so it means nothing.
                ("success", Value::Bool(_)) => {}
                _ => self.unknown_keys.push(key),
            }
        }
    }

    /// Returns the HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns whether the body was JSON, like every reply of Coolify's API.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Returns Coolify's message. It is empty where Coolify hides that a route
    /// exists.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the reason besides the message, such as `Empty JSON.`.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Returns a longer explanation.
    #[must_use]
    pub fn details(&self) -> Option<&str> {
        self.details.as_deref()
    }

    /// Returns what would happen if the request were forced.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    /// Returns a link to the documentation. A 404 with a link means that the
    /// server does not know the route.
    #[must_use]
    pub fn docs(&self) -> Option<&str> {
        self.docs.as_deref()
    }

    /// Returns the title of an HTML page that came instead of a JSON reply.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Returns what is wrong with the request, field by field.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.field_errors
    }

    /// Returns the domains that are already in use.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    pub(crate) fn conflicts_mut(&mut self) -> &mut [Conflict] {
        &mut self.conflicts
    }

    /// Returns the one-click service types that exist, if an unknown one was
    /// requested.
    #[must_use]
    pub fn valid_service_types(&self) -> &[String] {
        &self.valid_service_types
    }

    /// Returns the fields that cannot be changed.
    #[must_use]
    pub fn read_only_fields(&self) -> &[String] {
        &self.read_only_fields
    }

    /// Returns whether something other than Coolify requires HTTPS.
    pub(crate) fn wants_https(&self) -> bool {
        self.wants_https
    }

    /// Returns the keys of the reply that this SDK does not use, or whose value
    /// has an unexpected type.
    #[must_use]
    pub fn unknown_keys(&self) -> &[String] {
        &self.unknown_keys
    }
}

/// `errors` is a map from fields to lists or single texts, or a list.
fn field_errors(errors: Value) -> Vec<FieldError> {
    let one = |field: Option<&str>, value: &Value| {
        value.as_str().map(|text| FieldError {
            field: field.map(clip),
            message: clip(text),
        })
    };
    match errors {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(field, messages)| match messages {
                Value::Array(messages) => messages
                    .iter()
                    .filter_map(|message| one(Some(field), message))
                    .collect(),
                single => Vec::from_iter(one(Some(field), single)),
            })
            .collect(),
        Value::Array(messages) => messages.iter().filter_map(|text| one(None, text)).collect(),
        single => Vec::from_iter(one(None, &single)),
    }
}

fn conflict(value: &Value) -> Conflict {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(clip);
    Conflict {
        domain: text("domain"),
        resource_name: text("resource_name"),
        resource_uuid: text("resource_uuid"),
        resource_type: text("resource_type"),
        message: text("message"),
    }
}

fn texts(values: Vec<Value>) -> Vec<String> {
    let text = |value| match value {
        Value::String(text) => Some(text),
        _ => None,
    };
    values.into_iter().filter_map(text).collect()
}

fn text_of(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| clip(text))
}

/// Cuts a text to one line of limited length, because it may contain a stack
/// trace, and hides credentials, because it may repeat what the request said.
fn clip(text: &str) -> String {
    let text = hide_credentials(text);
    let mut clipped: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST_TEXT)
        .collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped
}

/// Hides the user and the password of each address.
fn hide_credentials(text: &str) -> String {
    let mut parts = text.split("://");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_end = |it: char| it.is_whitespace() || "/?#\"'<>".contains(it);
        let authority = part.split(is_end).next().unwrap_or_default();
        let after = authority.rfind('@').and_then(|at| part.get(at..));
        shown.push_str("://");
        shown.extend(after.map(|_| HIDDEN));
        shown.push_str(after.unwrap_or(part));
    }
    shown
}

fn title(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("<title>")?;
    let (title, _) = rest.split_once("</title>")?;
    text_of(title.trim())
}

#[cfg(test)]
mod tests {
    use super::ErrorReply;

    fn parse(body: &str) -> ErrorReply {
        ErrorReply::parse(422, Some("application/json"), body.as_bytes())
    }

    fn fields(body: &str) -> Vec<(Option<String>, String)> {
        let reply = parse(body);
        let errors = reply.field_errors().iter();
        errors
            .map(|e| (e.field().map(str::to_owned), e.message().to_owned()))
            .collect()
    }

    #[test]
    fn errors_come_in_three_shapes() {
        let name = Some("name".to_owned());
        assert_eq!(
            fields(r#"{"errors": {"name": ["a", "b"]}}"#),
            [(name.clone(), "a".into()), (name.clone(), "b".into())]
        );
        assert_eq!(fields(r#"{"errors": {"name": "a"}}"#), [(name, "a".into())]);
        assert_eq!(fields(r#"{"errors": ["a"]}"#), [(None, "a".into())]);
    }

    #[test]
    fn credentials_in_a_message_are_hidden() {
        let reply = parse(
            r#"{"message": "a https://u:p@ss@a.example/b@c, 'ssh://git@b' and http://c", "errors": {"url": "Invalid URL: https://token@d .x"}}"#,
        );
        assert_eq!(
            reply.message(),
            Some("a https://(hidden)@a.example/b@c, 'ssh://(hidden)@b' and http://c")
        );
        assert_eq!(
            reply.field_errors()[0].message(),
            "Invalid URL: https://(hidden)@d .x"
        );
        // The credentials end where the address does.
        for shown in [
            "https://a me@x",
            "https://a?b@c",
            "https://a#b@c",
            "https://a/b@c",
            "<https://a>b@c",
            "'https://a'b@c",
            "a@b://c",
        ] {
            let body = serde_json::json!({"message": shown}).to_string();
            assert_eq!(parse(&body).message(), Some(shown));
        }
    }

    #[test]
    fn anything_can_be_read() {
        for body in [
            "",
            "{\"message\": \"cut",
            "[]",
            "null",
            "\u{0}",
            "{\"errors\": 1}",
        ] {
            let reply = parse(body);
            assert_eq!((reply.status(), reply.message()), (422, None), "{body}");
        }
        let page = b"<html><head><title> Bad gateway\n</title>";
        let reply = ErrorReply::parse(502, Some("text/html"), page);
        assert_eq!(reply.title(), Some("Bad gateway"));
        // Some proxies do not say what they send.
        let reply = ErrorReply::parse(502, None, page);
        assert_eq!(reply.title(), Some("Bad gateway"));
        let reply = ErrorReply::parse(502, Some("text/plain"), page);
        assert_eq!(reply.title(), None);
        assert!(!reply.is_json());
    }

    #[test]
    fn unknown_keys_are_listed() {
        let reply = parse(r#"{"message": 1, "success": true, "trace": []}"#);
        assert_eq!(reply.unknown_keys(), ["message", "trace"]);
    }

    #[test]
    fn long_texts_are_cut_and_kept_on_one_line() {
        let reply = parse(&format!(r#"{{"message": "a\n{}"}}"#, "é".repeat(5_000)));
        let message = reply.message().unwrap();
        assert!(message.starts_with("a é") && message.ends_with("é…"));
        assert_eq!(message.chars().count(), 1_001);
    }

    #[test]
    fn a_conflict_says_who_has_the_domain() {
        let reply = parse(
            r#"{"conflicts": [{"domain": "https://a.example", "resource_name": "web",
                "resource_uuid": "a1", "resource_type": "application", "message": "taken"}]}"#,
        );
        let text = |text: &str| Some(text.to_owned());
        let wanted = super::Conflict {
            domain: text("https://a.example"),
            resource_name: text("web"),
            resource_uuid: text("a1"),
            resource_type: text("application"),
            message: text("taken"),
        };
        assert_eq!(reply.conflicts(), [wanted]);
    }
}
