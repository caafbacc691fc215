//! The requests that the fake has received.

use std::fmt;

use serde_json::Value;
use wiremock::Request;

/// A request that the fake has received; see
/// [`FakeCoolify::requests`](crate::testing::FakeCoolify::requests).
///
/// ```no_run
/// # fn check(request: &coolify_sdk::testing::ReceivedRequest) {
/// assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/projects"));
/// assert_eq!(request.json()["name"], "shop");
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The method, in capitals.
    pub method: String,
    /// The path after `/api/v1`.
    pub path: String,
    /// The parameters of the query, in the order of arrival.
    pub query: Vec<(String, String)>,
    /// The headers, their names in lower case, without the token.
    pub headers: Vec<(String, String)>,
    /// The unchanged body.
    pub body: Vec<u8>,
}

impl ReceivedRequest {
    pub(in crate::testing) fn new(request: &Request, path: &str) -> Self {
        Self {
            method: request.method.to_string(),
            path: path.to_owned(),
            query: request
                .url
                .query_pairs()
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect(),
            headers: request
                .headers
                .iter()
                .filter(|(name, _)| *name != "authorization")
                .map(|(name, value)| {
                    (
                        name.to_string(),
                        String::from_utf8_lossy(value.as_bytes()).into_owned(),
                    )
                })
                .collect(),
            body: request.body.clone(),
        }
    }

    /// Returns the body as JSON; null if it is empty or not JSON.
    ///
    /// ```no_run
    /// # fn check(request: &coolify_sdk::testing::ReceivedRequest) {
    /// assert_eq!(request.json()["key"], "DATABASE_URL");
    /// # }
    /// ```
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns a parameter of the query.
    ///
    /// ```no_run
    /// # fn check(request: &coolify_sdk::testing::ReceivedRequest) {
    /// assert_eq!(request.query_param("delete_volumes"), Some("false"));
    /// # }
    /// ```
    #[must_use]
    pub fn query_param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Bodies contain secrets, so a failed assertion shows only their length.
impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        for (position, (key, value)) in self.query.iter().enumerate() {
            let sign = if position == 0 { '?' } else { '&' };
            write!(f, "{sign}{key}={value}")?;
        }
        match self.body.len() {
            0 => Ok(()),
            bytes => write!(f, " ({bytes} bytes)"),
        }
    }
}
