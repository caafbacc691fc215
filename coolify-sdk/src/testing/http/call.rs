//! A request, as a handler sees it.

use serde_json::{Map, Value};
use url::form_urlencoded;
use wiremock::Request;

use crate::testing::http::{Reply, multipart, php};

/// A request with the parameters of its path.
pub(in crate::testing) struct Call<'a> {
    request: &'a Request,
    params: Vec<(&'static str, String)>,
    /// Whether the token may see secrets.
    pub(in crate::testing) sensitive: bool,
}

impl<'a> Call<'a> {
    /// Makes a call from a request and the parameters of its path.
    pub(in crate::testing) fn new(
        request: &'a Request,
        params: Vec<(&'static str, String)>,
        sensitive: bool,
    ) -> Self {
        Self {
            request,
            params,
            sensitive,
        }
    }

    /// Returns a parameter of the path. It is empty if the route has no such
    /// parameter.
    pub(in crate::testing) fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(param, _)| *param == name)
            .map_or("", |(_, value)| value)
    }

    /// Returns the kind of resource: the first segment of the path.
    pub(in crate::testing) fn family(&self) -> &str {
        let path = self.request.url.path();
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        path.split('/').nth(1).unwrap_or_default()
    }

    /// Returns the path, with `/api/v1`.
    pub(in crate::testing) fn path(&self) -> &str {
        self.request.url.path()
    }

    /// Returns the URL without its query.
    pub(in crate::testing) fn url(&self) -> String {
        let mut url = self.request.url.clone();
        url.set_query(None);
        url.into()
    }

    /// Returns a header.
    pub(in crate::testing) fn header(&self, name: &str) -> Option<&str> {
        self.request.headers.get(name)?.to_str().ok()
    }

    /// Returns the parts of a form.
    pub(in crate::testing) fn form(&self) -> Vec<multipart::Part> {
        let mime = self.header("content-type").unwrap_or_default();
        multipart::parts(mime, &self.request.body)
    }

    /// Returns the last segment of the path.
    pub(in crate::testing) fn last_segment(&self) -> &str {
        let path = self.request.url.path();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// Returns a parameter of the query.
    pub(in crate::testing) fn query(&self, name: &str) -> Option<String> {
        self.request
            .url
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Returns a value from the query or from the JSON body, as text.
    pub(in crate::testing) fn input(&self, name: &str) -> Option<String> {
        self.query(name).or_else(|| match &self.body()[name] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        })
    }

    /// Returns a boolean from the query or from the JSON body.
    pub(in crate::testing) fn switch(&self, name: &str) -> bool {
        self.input(name)
            .is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on" | "yes"))
    }

    /// Returns the body, or an empty object if there is none. Its texts are
    /// cleaned as the framework does.
    pub(in crate::testing) fn body(&self) -> Value {
        let body = serde_json::from_slice(&self.request.body);
        php::cleaned(body.unwrap_or_else(|_| Value::Object(Map::new())))
    }

    /// Returns the body for an endpoint that checks it before anything else.
    pub(in crate::testing) fn object(&self) -> Result<Map<String, Value>, Reply> {
        if !self.is_json() {
            return Err(Reply::invalid_request(
                "Content-Type must be application/json.",
            ));
        }
        match serde_json::from_slice(&self.request.body).map(php::cleaned) {
            Ok(Value::Object(body)) if !body.is_empty() => Ok(body),
            Ok(Value::Array(items)) if !items.is_empty() => Ok(numbered(items)),
            // PHP turns a scalar into a list with one item.
            Ok(scalar @ (Value::String(_) | Value::Number(_) | Value::Bool(true))) => {
                Ok(numbered(vec![scalar]))
            }
            Ok(Value::Object(_) | Value::Array(_)) => Err(Reply::invalid_request("Empty JSON.")),
            Ok(_) | Err(_) => Err(Reply::invalid_request("Invalid JSON.")),
        }
    }

    fn is_json(&self) -> bool {
        self.header("content-type")
            .is_some_and(|value| value.contains("json"))
    }
}

fn numbered(items: Vec<Value>) -> Map<String, Value> {
    items
        .into_iter()
        .enumerate()
        .map(|(position, item)| (position.to_string(), item))
        .collect()
}

/// Decodes the percent signs in one segment of a path.
pub(in crate::testing) fn decode_segment(segment: &str) -> String {
    let as_form = segment
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    form_urlencoded::parse(as_form.as_bytes())
        .next()
        .map_or_else(String::new, |(text, _)| text.into_owned())
}
