//! The replies of the fake.

use std::time::Duration;

use serde_json::{Map, Value, json};
use wiremock::ResponseTemplate;

use crate::operations::Operation;

use crate::testing::http::{Release, newer_versions, older_versions};

/// The result of a handler. Both variants are replies, so that `?` ends a handler
/// with the server's refusal.
pub(in crate::testing) type Answer = Result<Reply, Reply>;

/// One reply of the server.
#[derive(Debug, Clone)]
pub(in crate::testing) struct Reply {
    pub(in crate::testing) status: u16,
    body: Body,
    headers: Vec<(&'static str, String)>,
    delay: Duration,
    /// Whether it has the headers of the rate limit.
    pub(in crate::testing) is_metered: bool,
}

#[derive(Debug, Clone)]
enum Body {
    Json(Value),
    /// Coolify sends its plain texts as HTML.
    Html(String),
}

impl Reply {
    /// Makes a JSON reply.
    pub(in crate::testing) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            body: Body::Json(body),
            headers: Vec::new(),
            delay: Duration::ZERO,
            is_metered: true,
        }
    }

    /// Makes a text reply, which is sent as HTML.
    pub(in crate::testing) fn html(status: u16, text: impl Into<String>) -> Self {
        Self::json(status, Value::Null).with_html(text)
    }

    /// Makes a JSON reply with a message.
    pub(in crate::testing) fn message(status: u16, message: impl Into<String>) -> Self {
        Self::json(status, json!({ "message": message.into() }))
    }

    /// Makes the 500 for a value that the database cannot store.
    pub(in crate::testing) fn server_error() -> Self {
        Self::message(500, "Server Error")
    }

    /// Makes the 404 for a resource that does not exist; `what` is its kind.
    pub(in crate::testing) fn not_found(what: &str) -> Self {
        Self::message(404, format!("{what} not found."))
    }

    /// Makes the 404 for a route that this Coolify does not have.
    pub(in crate::testing) fn no_such_route() -> Self {
        Self::json(
            404,
            json!({"message": "Not found.", "docs": "https://coolify.io/docs"}),
        )
    }

    /// Makes the 501 for an operation that Coolify has and the fake does not.
    pub(in crate::testing) fn not_played(operation: &Operation) -> Self {
        let Operation {
            id, method, path, ..
        } = operation;
        Self::message(
            501,
            format!("FakeCoolify does not have the operation {id} ({method} {path})."),
        )
    }

    /// Makes the 400 for a body that is not a JSON object, or that is empty.
    pub(in crate::testing) fn invalid_request(error: &str) -> Self {
        Self::json(400, json!({"message": "Invalid request.", "error": error}))
    }

    /// Makes a 422; `errors` is a map or a list, depending on the endpoint.
    pub(in crate::testing) fn invalid(errors: impl Into<Value>) -> Self {
        Self::json(
            422,
            json!({"message": "Validation failed.", "errors": errors.into()}),
        )
    }

    /// Makes a 422 for one field, whose error is a plain string, as in some
    /// checks.
    pub(in crate::testing) fn invalid_field(field: &str, error: &str) -> Self {
        let mut errors = Map::new();
        errors.insert(field.to_owned(), error.into());
        Self::invalid(errors)
    }

    /// Replaces the body by this JSON.
    pub(in crate::testing) fn with_json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    /// Replaces the body by this text, sent as HTML.
    pub(in crate::testing) fn with_html(mut self, text: impl Into<String>) -> Self {
        self.body = Body::Html(text.into());
        self
    }

    /// Returns the JSON; null if it is a text.
    pub(in crate::testing) fn value(&self) -> &Value {
        match &self.body {
            Body::Json(value) => value,
            Body::Html(_) => &Value::Null,
        }
    }

    /// Adds a header.
    pub(in crate::testing) fn header(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// Removes columns that a version does not have, and what it hides. A refusal is
    /// not changed, because it names fields, not columns.
    pub(in crate::testing) fn of(mut self, release: Release) -> Self {
        if let (Body::Json(body), ..400) = (&mut self.body, self.status) {
            older_versions::make_older(body, release);
            newer_versions::make_newer(body, release);
        }
        self
    }

    /// Removes the headers of the rate limit.
    pub(in crate::testing) fn unmetered(mut self) -> Self {
        self.is_metered = false;
        self
    }

    /// Delays the reply.
    pub(in crate::testing) fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Converts the reply for wiremock.
    pub(in crate::testing) fn template(&self) -> ResponseTemplate {
        let (bytes, mime) = match &self.body {
            Body::Json(value) => (value.to_string(), "application/json"),
            Body::Html(text) => (text.clone(), "text/html; charset=utf-8"),
        };
        let template = ResponseTemplate::new(self.status)
            .set_body_raw(bytes, mime)
            .set_delay(self.delay);
        self.headers
            .iter()
            .fold(template, |template, (name, value)| {
                template.append_header(*name, value.as_str())
            })
    }
}
