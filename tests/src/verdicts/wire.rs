//! Sends plain JSON over HTTP, for inputs that the SDK rejects or cannot express.

use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

/// A server and a token for it.
pub struct Wire {
    client: Client,
    url: String,
    token: String,
}

/// The reply: the status, and the body if it is JSON.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Reply {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns whether the router answered because this Coolify does not have the
    /// operation.
    pub(super) fn is_no_route(&self) -> bool {
        self.status == 404 && self.body.get("docs").is_some()
    }
}

impl Wire {
    /// The server at `url`, which may end in `/api/v1`.
    ///
    /// # Panics
    ///
    /// Panics if no client can be built.
    #[must_use]
    pub fn new(url: &str, token: &str) -> Self {
        // The first call installs it for the whole process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = url.trim_end_matches('/').trim_end_matches("/api/v1");
        let client = Client::builder().timeout(Duration::from_secs(120)).build();
        Self {
            client: client.expect("a client needs nothing from outside"),
            url: format!("{url}/api/v1"),
            token: token.to_owned(),
        }
    }

    /// Sends a request, after waiting for the rate limit if necessary.
    pub(super) async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        loop {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let mut request = self
                .client
                .request(method, format!("{}{path}", self.url))
                .bearer_auth(&self.token)
                .header("Accept", "application/json");
            if let Some(body) = body {
                request = request
                    .header("Content-Type", "application/json")
                    .body(body.to_string());
            }
            let reply = request
                .send()
                .await
                .unwrap_or_else(|error| panic!("{path}: {error}"));
            if reply.status() == StatusCode::TOO_MANY_REQUESTS {
                let after = reply.headers().get("retry-after");
                let after = after.and_then(|it| it.to_str().ok()?.parse().ok());
                tokio::time::sleep(Duration::from_secs(after.unwrap_or(5))).await;
                continue;
            }
            let status = reply.status().as_u16();
            let body = reply.bytes().await.unwrap_or_default();
            let body = serde_json::from_slice(&body).unwrap_or_default();
            return Reply { status, body };
        }
    }
}
