//! The server of one exchange.

use std::sync::{Arc, Mutex, PoisonError};

use super::beside;
use coolify_sdk::{Coolify, Pacing, RetryPolicy};
use coolify_sdk_tests::Recording;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A server that answers one request as recorded, and further requests so that
/// the call continues.
pub struct Stage {
    server: MockServer,
    http: reqwest::Client,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
pub struct Seen {
    /// How many times the recorded request arrived.
    pub times: usize,
    /// Its differences from the recording.
    pub differences: Vec<String>,
    /// Other requests.
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
        let (status, kind, body) = beside::reply(&self.recording, path);
        ResponseTemplate::new(status).set_body_raw(body, kind)
    }
}
