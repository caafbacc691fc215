//! A client of the API.

use std::fmt;
use std::time::Duration;

use coolify_sdk_examples::Result;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::api::API_KEY;

const PATIENCE: Duration = Duration::from_secs(150);

/// Calls the API as a customer.
pub struct Client {
    http: reqwest::Client,
    url: String,
    key: String,
}

/// A refusal of the platform.
#[derive(Debug)]
pub struct Refusal {
    pub status: StatusCode,
    pub body: Value,
}

impl Client {
    pub fn new(url: &str, key: String) -> Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            // The key must not follow one.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            http,
            url: url.trim_end_matches('/').to_owned(),
            key,
        })
    }

    /// Calls a path below `/api/v1/applications`.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        let url = format!("{}/api/v1/applications{path}", self.url);
        let mut request = self.http.request(method, url).header(API_KEY, &self.key);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() && body.is_object() {
            return Ok(body);
        }
        Err(Refusal { status, body }.into())
    }
}

impl Refusal {
    /// Returns the code, such as `QUOTA_EXCEEDED`.
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = &self.body["error"];
        let Some(message) = error["message"].as_str() else {
            return write!(f, "this is not a platform: it answers {}", self.status);
        };
        write!(f, "{}: {message}", self.code())?;
        let details = error["details"].as_array().filter(|it| it.len() > 1);
        for detail in details.into_iter().flatten() {
            let text = |name: &str| detail[name].as_str().unwrap_or_default();
            write!(f, "\n  {}: {}", text("field"), text("message"))?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
