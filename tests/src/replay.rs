//! A server that answers with recordings.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use coolify_sdk::{Coolify, Pacing, operations};
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::Recording;

/// A server that answers each request with the next recording for its method and
/// path, and collects differences from the recorded request.
pub struct Replay {
    server: MockServer,
    script: Arc<Script>,
}

struct Script {
    version: String,
    open: Mutex<VecDeque<Recording>>,
    complaints: Mutex<Vec<String>>,
}

impl Replay {
    /// Serves recordings by their names, such as `list-projects.ok`.
    ///
    /// # Panics
    ///
    /// Panics if a recording does not exist.
    pub async fn of(names: &[&str]) -> Self {
        Self::recordings(names.iter().map(|name| Recording::load(name)).collect()).await
    }

    /// Serves recordings of one version.
    pub async fn recordings(recordings: Vec<Recording>) -> Self {
        let version = recordings.first().map(|first| first.coolify.clone());
        let script = Arc::new(Script {
            version: version.unwrap_or_else(|| operations::NEWEST_RECORDED.to_string()),
            open: Mutex::new(recordings.into()),
            complaints: Mutex::default(),
        });
        let server = MockServer::start().await;
        let answer = Answer(script.clone());
        Mock::given(any()).respond_with(answer).mount(&server).await;
        Self { server, script }
    }

    /// Returns a client for it, which does not pace itself.
    ///
    /// # Panics
    ///
    /// Panics if the SDK refuses a loopback URL.
    #[must_use]
    pub fn client(&self) -> Coolify {
        Coolify::builder()
            .url(self.server.uri())
            .token("1|replayed")
            .pacing(Pacing::off())
            .build()
            .expect("a loopback URL is fine")
    }

    /// Fails the test unless every recording was requested exactly as recorded.
    ///
    /// # Panics
    ///
    /// Panics with all differences.
    pub fn check(self) {
        let mut complaints = take(&self.script.complaints);
        for recording in take(&self.script.open) {
            complaints.push(format!(
                "{} {} was not asked for",
                recording.operation, recording.case
            ));
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }
}

fn take<T: Default>(place: &Mutex<T>) -> T {
    std::mem::take(&mut *place.lock().unwrap_or_else(PoisonError::into_inner))
}

struct Answer(Arc<Script>);

impl Respond for Answer {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().trim_start_matches("/api/v1");
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let found = open.iter().position(|recording| {
            recording.request.method == request.method.as_str() && recording.path() == path
        });
        let Some(recording) = found.and_then(|index| open.remove(index)) else {
            if path == "/version" {
                let version = self.0.version.clone();
                return ResponseTemplate::new(200)
                    .set_body_raw(version, "text/html; charset=utf-8");
            }
            self.complain(format!("{} {path} is not recorded", request.method));
            return ResponseTemplate::new(404)
                .set_body_json(serde_json::json!({"message": "Not found.", "docs": ""}));
        };
        for complaint in recording.differences(request) {
            self.complain(complaint);
        }
        recording.reply()
    }
}

impl Answer {
    fn complain(&self, complaint: String) {
        let mut complaints = self
            .0
            .complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        complaints.push(complaint);
    }
}

impl Recording {
    /// Returns the reply for the mock server.
    #[must_use]
    pub fn reply(&self) -> ResponseTemplate {
        let mut reply = ResponseTemplate::new(self.response.status);
        for (name, value) in &self.response.headers {
            reply = reply.append_header(name.as_str(), value.as_str());
        }
        let kind = self.response.headers.get("content-type");
        let kind = kind.map_or("application/json", String::as_str);
        match (&self.response.json, &self.response.text) {
            (Some(json), _) => reply.set_body_raw(json.to_string(), kind),
            (None, Some(text)) => reply.set_body_raw(text.clone(), kind),
            (None, None) => reply,
        }
    }

    /// Returns the differences of a request from the recorded one, besides method
    /// and path.
    #[must_use]
    pub fn differences(&self, request: &Request) -> Vec<String> {
        let mut differences = Vec::new();
        let name = format!("{}.{}", self.operation, self.case);
        let query: BTreeMap<_, _> = request.url.query_pairs().into_owned().collect();
        if query != self.query() {
            let recorded = self.query();
            differences.push(format!("{name}: query {query:?}, recorded {recorded:?}"));
        }
        let sent: Option<Value> = serde_json::from_slice(&request.body).ok();
        // If Coolify accepts both, the recordings have an empty object and the SDK
        // sends no body.
        let nothing = Some(Value::Object(serde_json::Map::new()));
        if sent != self.request.body && (sent.is_some() || self.request.body != nothing) {
            let recorded = self.request.body.as_ref().unwrap_or(&Value::Null);
            let sent = sent.unwrap_or_default();
            differences.push(format!("{name}: body {sent}, recorded {recorded}"));
        }
        let body = (!request.body.is_empty()).then_some(("content-type", "application/json"));
        let always = [
            ("authorization", "Bearer 1|replayed"),
            ("accept", "application/json"),
        ];
        for (header, wanted) in always.into_iter().chain(body) {
            let sent = request.headers.get(header).and_then(|v| v.to_str().ok());
            if sent != Some(wanted) {
                differences.push(format!("{name}: {header} is not {wanted}"));
            }
        }
        differences
    }
}
