//! The request of one call.

use std::{fmt::Display, time::Duration};

use bytes::Bytes;
use reqwest::{
    Method, Request, Url,
    header::{CONTENT_TYPE, HeaderValue},
};
use serde_json::Value;

use super::{base_url::BaseUrl, form::Form, untyped};
use crate::{
    Error, ErrorKind, Exposed, HIDDEN, Result,
    json_object::Field,
    operations,
    operations::{Operation, RequestField},
    segment,
};

/// A request without the headers of every request, which are added for each
/// attempt.
pub(crate) struct OutgoingRequest {
    pub(crate) operation: &'static Operation,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<Bytes>,
    /// The form that is sent instead of a body.
    pub(super) form: Option<Form>,
    /// The fields in the query and the body that not every version takes.
    pub(super) bounded: Vec<&'static RequestField>,
}

/// Returns the operation with an id that this crate uses.
pub(super) fn known(id: &str) -> Result<&'static Operation> {
    let unknown = || {
        Error::new(
            ErrorKind::InvalidRequest,
            "the SDK does not know this operation",
        )
    };
    Operation::find(id).ok_or_else(unknown)
}

impl OutgoingRequest {
    /// Makes a request for these ids, in the order of the operation's path. An id
    /// that would change the path, such as `..`, is refused.
    pub(super) fn new(
        operation: &'static Operation,
        base: &BaseUrl,
        ids: &[impl Display],
    ) -> Result<Self> {
        let mut url = base.api().clone();
        let mut ids = ids.iter().map(ToString::to_string);
        // An HTTP URL always has segments.
        if let Ok(mut segments) = url.path_segments_mut() {
            for part in operation.path.split('/').skip(1) {
                if part.starts_with('{') {
                    let id = ids.next().unwrap_or_default();
                    segments.push(segment::id(part, &id)?);
                } else {
                    segments.push(part);
                }
            }
        }
        Ok(Self::with(operation, url))
    }

    /// Makes a request to a path that the caller has written. If it is the path of an
    /// operation, the rules of the operation apply.
    pub(super) fn untyped(method: operations::Method, path: &str, base: &BaseUrl) -> Result<Self> {
        let parts = untyped::parts(path)?;
        let operation = untyped::operation(method, &parts);
        let mut url = base.api().clone();
        // An HTTP URL always has segments.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(&parts);
        }
        Ok(Self::with(operation, url))
    }

    fn with(operation: &'static Operation, url: Url) -> Self {
        let method = match operation.method {
            operations::Method::Get => Method::GET,
            operations::Method::Post => Method::POST,
            operations::Method::Patch => Method::PATCH,
            operations::Method::Put => Method::PUT,
            operations::Method::Delete => Method::DELETE,
        };
        Self {
            operation,
            method,
            url,
            body: None,
            form: None,
            bounded: Vec::new(),
        }
    }

    pub(crate) fn set_query(&mut self, name: &str, value: &str) {
        self.bounded.extend(self.operation.field(name));
        self.url.query_pairs_mut().append_pair(name, value);
    }

    /// Sets the body. If every field is optional and none is set, no body is
    /// sent, because Coolify may reject an empty object. An update has to change
    /// something.
    pub(super) fn set_body(&mut self, body: &dyn Field) -> Result<()> {
        let json = Exposed(body).json().map_err(|cause| {
            Error::new(
                ErrorKind::InvalidRequest,
                "the body cannot be written as JSON",
            )
            .with_source(cause)
        })?;
        self.set_json(&json)
    }

    /// Sets the body, by the same rules.
    pub(super) fn set_json(&mut self, json: &Value) -> Result<()> {
        let is_empty = json.as_object().is_some_and(serde_json::Map::is_empty);
        if is_empty && self.method == Method::PATCH {
            let nothing = "nothing was set: an update has to change at least one field";
            return Err(Error::new(ErrorKind::InvalidRequest, nothing));
        }
        if let Some(field) = path_to_hidden(json, String::new()) {
            let hidden = format!("`{field}` is `{HIDDEN}`, the placeholder for a secret");
            return Err(Error::new(ErrorKind::InvalidRequest, hidden).with_hint(
                "set the secret itself; serialise a value as `Exposed` if it is to be read back",
            ));
        }
        let names = json.as_object().into_iter().flat_map(serde_json::Map::keys);
        self.bounded
            .extend(names.filter_map(|name| self.operation.field(name)));
        self.body = (!is_empty).then(|| json.to_string().into());
        Ok(())
    }

    /// Returns whether the call changes something, so that repeating it would do
    /// so twice. Old servers accept some of these calls as GET.
    pub(super) fn is_write(&self) -> bool {
        self.operation.method != operations::Method::Get
    }

    /// Returns the method that is sent: GET for some writes, on old servers.
    pub(super) fn sent_method(&self) -> operations::Method {
        if self.method == Method::GET {
            operations::Method::Get
        } else {
            self.operation.method
        }
    }

    /// Returns how much longer than other requests it may take.
    pub(super) fn allowance(&self) -> Duration {
        self.form.as_ref().map_or(Duration::ZERO, Form::allowance)
    }

    /// Returns the content type and the bytes of the form.
    #[cfg(feature = "testing")]
    pub(crate) fn form(&self) -> Option<(&str, &[u8])> {
        let form = self.form.as_ref()?;
        Some((form.content_type.to_str().ok()?, &form.bytes))
    }

    pub(super) fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        if let Some(body) = &self.body {
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(CONTENT_TYPE, json);
            *request.body_mut() = Some(body.clone().into());
        }
        if let Some(form) = &self.form {
            let content_type = form.content_type.clone();
            request.headers_mut().insert(CONTENT_TYPE, content_type);
            *request.body_mut() = Some(form.bytes.clone().into());
        }
        request
    }
}

fn is_hidden(text: &str) -> bool {
    let after = text.split_once("://").map(|(_, rest)| rest);
    let rest = after.and_then(|rest| rest.strip_prefix(HIDDEN));
    text == HIDDEN || rest.is_some_and(|rest| rest.starts_with('@'))
}

/// Returns the path of the first text that is only the placeholder for a secret, or
/// an address with the placeholder for its credentials. It would overwrite the secret
/// on the server.
fn path_to_hidden(json: &Value, path: String) -> Option<String> {
    match json {
        Value::String(text) => is_hidden(text).then_some(path),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| path_to_hidden(item, format!("{path}[{index}]")))
        }
        Value::Object(fields) => {
            let dot = if path.is_empty() { "" } else { "." };
            let mut fields = fields.iter();
            fields.find_map(|(name, value)| path_to_hidden(value, format!("{path}{dot}{name}")))
        }
        _ => None,
    }
}
