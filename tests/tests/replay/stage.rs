//! The server of one exchange.

use std::sync::{Arc, Mutex, PoisonError};

use super::engines;
use coolify_sdk::{Coolify, Pacing, RetryPolicy};
use coolify_sdk_tests::Recording;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A server that answers one request as recorded, and what a call asks beside it
/// so that the call goes on.
pub struct Stage {
    server: MockServer,
    http: reqwest::Client,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
pub struct Seen {
    /// How often the recorded request came.
    pub times: usize,
    /// What it had otherwise.
    pub differences: Vec<String>,
    /// What else was asked for.
    pub others: Vec<String>,
}

impl Stage {
    pub async fn of(recording: &Recording, http: &reqwest::Client) -> Self {
        let seen = Arc::default();
        let server = MockServer::start().await;
        let play = Play {
            recording: recording.clone(),
            seen: Arc::clone(&seen),
        };
        Mock::given(any()).respond_with(play).mount(&server).await;
        let http = http.clone();
        Self { server, http, seen }
    }

    pub fn client(&self) -> Coolify {
        Coolify::builder()
            .url(self.server.uri())
            .token("1|replayed")
            .http_client(self.http.clone())
            .pacing(Pacing::off())
            .retry(RetryPolicy::none())
            .build()
            .expect("a loopback URL is fine")
    }

    pub fn seen(self) -> Seen {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Play {
    recording: Recording,
    seen: Arc<Mutex<Seen>>,
}

impl Respond for Play {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().trim_start_matches("/api/v1");
        let recorded = &self.recording.request;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if request.method.as_str() == recorded.method && path == self.recording.path() {
            seen.times += 1;
            seen.differences.extend(self.recording.differences(request));
            return self.recording.reply();
        }
        seen.others.push(format!("{} {path}", request.method));
        self.beside(path)
    }
}

impl Play {
    /// What flows of several calls look at before or after.
    fn beside(&self, path: &str) -> ResponseTemplate {
        if path == "/version" {
            let version = self.recording.coolify.as_str();
            return ResponseTemplate::new(200).set_body_raw(version, "text/html; charset=utf-8");
        }
        let steps: Vec<_> = path.split('/').skip(1).collect();
        let uuid = "zgc0wkskwoswkk8c0gkk8ow4";
        let reply = match steps[..] {
            // A variable's update keeps what the variable has; this one has nothing.
            [_, _, "envs"] => {
                let body = self.recording.request.body.as_ref().unwrap_or(&Value::Null);
                json!([{"uuid": uuid, "key": body["key"], "is_preview": body["is_preview"]}])
            }
            ["deployments", "applications", _] => {
                json!({"count": 1, "deployments": [{"deployment_uuid": uuid, "status": "queued"}]})
            }
            ["deployments", _] => json!({"deployment_uuid": uuid, "status": "cancelled-by-user"}),
            ["databases", database] => {
                json!({"uuid": database, "name": "db", "database_type": engines::of(database)})
            }
            ["resources"] => json!([]),
            _ => {
                let unknown = json!({"message": "Not found.", "docs": "https://coolify.io/docs"});
                return ResponseTemplate::new(404).set_body_json(unknown);
            }
        };
        ResponseTemplate::new(200).set_body_json(reply)
    }
}
