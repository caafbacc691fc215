//! A request on its way to a handler.

use serde_json::{Map, Value};
use url::form_urlencoded;
use wiremock::Request;

use crate::testing::http::{Reply, php};

/// What a handler may ask a request for.
pub(in crate::testing) struct Call<'a> {
    request: &'a Request,
    params: Vec<(&'static str, String)>,
    /// Whether the token may see secrets.
    pub(in crate::testing) sensitive: bool,
}

impl<'a> Call<'a> {
    /// A request whose path gave these parameters.
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

    /// A parameter of the path. Empty when the route has none of that name.
    pub(in crate::testing) fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(param, _)| *param == name)
            .map_or("", |(_, value)| value)
    }

    /// The kind of resource in the path: its first segment.
    pub(in crate::testing) fn family(&self) -> &str {
        let path = self.request.url.path();
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        path.split('/').nth(1).unwrap_or_default()
    }

    /// The last segment of the path.
    pub(in crate::testing) fn last_segment(&self) -> &str {
        let path = self.request.url.path();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// A parameter of the query.
    pub(in crate::testing) fn query(&self, name: &str) -> Option<String> {
        self.request
            .url
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// A value from the query or from the JSON body, as text.
    pub(in crate::testing) fn input(&self, name: &str) -> Option<String> {
        self.query(name).or_else(|| match &self.body()[name] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        })
    }

    /// A switch from the query or from the JSON body.
    pub(in crate::testing) fn switch(&self, name: &str) -> bool {
        self.input(name)
            .is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on" | "yes"))
    }

    /// The body, whatever it is; an object when there is none. The framework has been
    /// through its texts.
    pub(in crate::testing) fn body(&self) -> Value {
        let body = serde_json::from_slice(&self.request.body);
        php::cleaned(body.unwrap_or_else(|_| Value::Object(Map::new())))
    }

    /// The body of an endpoint that checks it before anything else.
    pub(in crate::testing) fn object(&self) -> Result<Map<String, Value>, Reply> {
        if !self.is_json() {
            return Err(Reply::invalid_request(
                "Content-Type must be application/json.",
            ));
        }
        match serde_json::from_slice(&self.request.body).map(php::cleaned) {
            Ok(Value::Object(body)) if !body.is_empty() => Ok(body),
            Ok(Value::Array(items)) if !items.is_empty() => Ok(numbered(items)),
            // PHP makes a list of one out of a scalar.
            Ok(scalar @ (Value::String(_) | Value::Number(_) | Value::Bool(true))) => {
                Ok(numbered(vec![scalar]))
            }
            Ok(Value::Object(_) | Value::Array(_)) => Err(Reply::invalid_request("Empty JSON.")),
            Ok(_) | Err(_) => Err(Reply::invalid_request("Invalid JSON.")),
        }
    }

    fn is_json(&self) -> bool {
        self.request
            .headers
            .get("content-type")
            .and_then(|value| value.to_str().ok())
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

/// One segment of a path as people wrote it, without percent signs.
pub(in crate::testing) fn decode_segment(segment: &str) -> String {
    let as_form = segment
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    form_urlencoded::parse(as_form.as_bytes())
        .next()
        .map_or_else(String::new, |(text, _)| text.into_owned())
}
