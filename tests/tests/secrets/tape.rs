//! Records cassettes from a server with given replies.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use coolify_sdk::Coolify;
use coolify_sdk::testing::{Cassette, CassetteError, RecordMode};
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const TOKEN: &str = "7|fake-token-of-a-test";

/// A cassette, whose file is removed at the end.
pub struct Tape {
    folder: PathBuf,
}

impl Tape {
    /// Records what `test` does with a server that answers every request like this.
    pub async fn record(
        answer: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static,
        test: impl AsyncFnOnce(&Cassette, &Coolify),
    ) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("coolify-sdk-tape-{}-{number}", std::process::id());
        let tape = Self {
            folder: std::env::temp_dir().join(name),
        };
        let server = MockServer::start().await;
        let respond = move |request: &Request| match request.url.path() {
            "/api/v1/version" => ResponseTemplate::new(200).set_body_string("4.3.11"),
            _ => answer(request),
        };
        Mock::given(any())
            .respond_with(respond)
            .mount(&server)
            .await;
        let opening = Cassette::open(tape.path()).mode(RecordMode::Record);
        let opened = opening.server(server.uri(), TOKEN).await;
        let cassette = opened.expect("the server answers");
        test(&cassette, &cassette.client()).await;
        cassette.finish().expect("it can be written");
        tape
    }

    fn path(&self) -> PathBuf {
        self.folder.join("tape.json")
    }

    /// Returns the file, with a fixed version of the SDK.
    pub fn text(&self) -> String {
        let text = fs::read_to_string(self.path()).expect("it was written");
        text.replace(env!("CARGO_PKG_VERSION"), "0.0.0")
    }

    /// Returns the recorded replies.
    pub fn replies(&self) -> Vec<Value> {
        let tape: Value = serde_json::from_str(&self.text()).expect("it is JSON");
        let exchanges = tape["exchanges"].as_array().expect("a list").iter();
        exchanges.map(|it| it["reply"].clone()).collect()
    }

    /// Replays it, and returns the differences that its end reports.
    pub async fn replay(&self, test: impl AsyncFnOnce(&Coolify)) -> Vec<String> {
        let cassette = Cassette::open(self.path()).mode(RecordMode::Replay);
        let cassette = cassette.await.expect("it was written");
        test(&cassette.client()).await;
        match cassette.finish() {
            Ok(()) => Vec::new(),
            Err(CassetteError::Differs(_, problems)) => problems,
            Err(error) => panic!("{error}"),
        }
    }

    /// Replaces a text of the file.
    pub fn replace(&self, old: &str, new: &str) {
        let text = fs::read_to_string(self.path()).expect("it was written");
        assert!(text.contains(old), "{old} in {text}");
        fs::write(self.path(), text.replace(old, new)).expect("it can be written");
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
