//! What goes back over the wire.

use std::time::Duration;

use serde_json::{Map, Value, json};
use wiremock::ResponseTemplate;

use crate::operations::Operation;

use crate::testing::http::{Release, older_versions};

/// What a handler says: both sides are replies, so that `?` ends a handler with
/// the refusal that the server would give.
pub(in crate::testing) type Answer = Result<Reply, Reply>;

/// One reply of the server.
#[derive(Debug, Clone)]
pub(in crate::testing) struct Reply {
    pub(in crate::testing) status: u16,
    body: Body,
    headers: Vec<(&'static str, String)>,
    delay: Duration,
    /// Whether it says how much of the rate limit is left.
    pub(in crate::testing) is_metered: bool,
}

#[derive(Debug, Clone)]
enum Body {
    Json(Value),
    /// Coolify sends its plain texts as HTML.
    Html(String),
}

impl Reply {
    /// A JSON reply.
    pub(in crate::testing) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            body: Body::Json(body),
            headers: Vec::new(),
            delay: Duration::ZERO,
            is_metered: true,
        }
    }

    /// A reply that is text, sent as HTML.
    pub(in crate::testing) fn html(status: u16, text: impl Into<String>) -> Self {
        Self::json(status, Value::Null).with_html(text)
    }

    /// A JSON reply that holds one sentence.
    pub(in crate::testing) fn message(status: u16, message: impl Into<String>) -> Self {
        Self::json(status, json!({ "message": message.into() }))
    }

    /// 500, as of a value that the database cannot hold.
    pub(in crate::testing) fn server_error() -> Self {
        Self::message(500, "Server Error")
    }

    /// 404 for something that does not exist: `what` is the kind of resource.
    pub(in crate::testing) fn not_found(what: &str) -> Self {
        Self::message(404, format!("{what} not found."))
    }

    /// 404 for a route that this Coolify does not have.
    pub(in crate::testing) fn no_such_route() -> Self {
        Self::json(
            404,
            json!({"message": "Not found.", "docs": "https://coolify.io/docs"}),
        )
    }

    /// 501 for an operation that Coolify has and the fake does not.
    pub(in crate::testing) fn not_played(operation: &Operation) -> Self {
        let Operation {
            id, method, path, ..
        } = operation;
        Self::message(
            501,
            format!("FakeCoolify does not have the operation {id} ({method} {path})."),
        )
    }

    /// 400 for a body that is not a JSON object with something in it.
    pub(in crate::testing) fn invalid_request(error: &str) -> Self {
        Self::json(400, json!({"message": "Invalid request.", "error": error}))
    }

    /// 422; `errors` is a map or a list, as the endpoint has it.
    pub(in crate::testing) fn invalid(errors: impl Into<Value>) -> Self {
        Self::json(
            422,
            json!({"message": "Validation failed.", "errors": errors.into()}),
        )
    }

    /// 422 for one field, in the form in which some checks say it: a plain string.
    pub(in crate::testing) fn invalid_field(field: &str, error: &str) -> Self {
        let mut errors = Map::new();
        errors.insert(field.to_owned(), error.into());
        Self::invalid(errors)
    }

    /// Sends this JSON instead.
    pub(in crate::testing) fn with_json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    /// Sends this text instead, as HTML.
    pub(in crate::testing) fn with_html(mut self, text: impl Into<String>) -> Self {
        self.body = Body::Html(text.into());
        self
    }

    /// Adds a header.
    pub(in crate::testing) fn header(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// Takes out what a version does not have. A refusal names fields, not columns.
    pub(in crate::testing) fn of(mut self, release: Release) -> Self {
        if let (Body::Json(body), ..400) = (&mut self.body, self.status) {
            older_versions::make_older(body, release);
        }
        self
    }

    /// Leaves the rate limit out.
    pub(in crate::testing) fn unmetered(mut self) -> Self {
        self.is_metered = false;
        self
    }

    /// Sends the reply later.
    pub(in crate::testing) fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The reply as wiremock sends it.
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
