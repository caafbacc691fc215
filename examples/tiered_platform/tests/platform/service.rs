//! Runs the platform as a process.

use std::process::{Output, Stdio};
use std::time::Duration;

use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_tests::example;
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(60);

/// A platform: its database, and the Coolify that it sells.
pub struct Platform {
    pub fake: FakeCoolify,
    folder: TempDir,
    options: Vec<String>,
}

/// A running service.
pub struct Service {
    child: Child,
    pub url: String,
    pub log: std::path::PathBuf,
}

/// A customer, as somebody with a key.
#[derive(Clone)]
pub struct Caller {
    http: reqwest::Client,
    url: String,
    key: String,
}

/// An answer of the platform.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Platform {
    pub async fn new(options: &[&str]) -> Self {
        Self::on(FakeCoolify::start().await, options)
    }

    pub fn on(fake: FakeCoolify, options: &[&str]) -> Self {
        Self {
            fake,
            folder: tempfile::tempdir().expect("a folder"),
            options: options.iter().map(ToString::to_string).collect(),
        }
    }

    /// Returns the command with these arguments, on the database of the platform.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(example("tiered_platform"));
        command
            .args(arguments)
            .env("COOLIFY_URL", self.fake.url())
            .env("COOLIFY_TOKEN", self.fake.token())
            .env(
                "TIERED_PLATFORM_DATABASE",
                self.folder.path().join("platform.db"),
            )
            .env_remove("COOLIFY_SERVER")
            .env_remove("COOLIFY_DESTINATION")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    pub async fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments)
            .output()
            .await
            .expect("it can be run")
    }

    /// Runs a command that has to succeed, and returns what it prints.
    pub async fn said(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        String::from_utf8(output.stdout).expect("text")
    }

    pub async fn serve(&self) -> Service {
        let log = self.folder.path().join("log.txt");
        let file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&log);
        let mut command =
            self.command(&["serve", "--listen", "127.0.0.1:0", "--settle-every", "1"]);
        let mut child = command
            .args(&self.options)
            .stdout(Stdio::piped())
            .stderr(file.expect("a file"))
            .spawn()
            .expect("it can be run");
        let stdout = child.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(PATIENCE, lines.next_line()).await.expect("in time");
        let line = line.expect("text").unwrap_or_default();
        assert!(line.starts_with("http://"), "{line:?}: {}", text_of(&log));
        Service {
            child,
            url: line,
            log,
        }
    }

    /// Adds a customer, and returns the key.
    pub async fn add(&self, name: &str, tier: &str) -> String {
        let said = self.said(&["customer", "add", name, "--tier", tier]).await;
        said.trim().to_owned()
    }

    /// Returns the bytes of the database and of the log.
    pub fn everything_stored(&self) -> String {
        let files = std::fs::read_dir(self.folder.path()).expect("a folder");
        let files = files.map(|file| std::fs::read(file.expect("a file").path()).expect("bytes"));
        files
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect()
    }

    /// Returns the rows of one kind in Coolify, such as `applications`.
    pub fn coolify(&self, what: &str) -> Vec<Value> {
        self.fake.state()[what].as_array().expect("a list").clone()
    }

    /// Waits until Coolify has received this request.
    pub async fn until_asked(&self, method: &str, path: &str) {
        let is_asked = || {
            let requests = self.fake.requests();
            requests
                .iter()
                .any(|it| it.method == method && it.path == path)
        };
        for _ in 0..600 {
            if is_asked() {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("Coolify was not asked for {method} {path}");
    }
}

impl Service {
    pub fn caller(&self, key: &str) -> Caller {
        // Only one test can be the first in a process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Caller {
            http: reqwest::Client::new(),
            url: self.url.clone(),
            key: key.to_owned(),
        }
    }

    /// Kills it, as a crash would.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("it runs");
    }

    /// Asks it to end, and waits until it has.
    pub async fn terminate(mut self) -> bool {
        let id = self.child.id().expect("it runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(asked.expect("there is kill").success());
        let ended = timeout(PATIENCE, self.child.wait()).await.expect("in time");
        ended.expect("an end").success()
    }

    pub fn logged(&self) -> String {
        text_of(&self.log)
    }
}

fn text_of(file: &std::path::Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

impl Caller {
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let headers = body
            .is_some()
            .then_some(("content-type", "application/json".to_owned()));
        let text = body.map(|it| it.to_string()).unwrap_or_default();
        self.send(method, path, headers.as_slice(), text).await
    }

    /// Sends any headers and any body.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, String)],
        body: String,
    ) -> Answer {
        let path = if path.starts_with("/health") {
            path.to_owned()
        } else {
            format!("/api/v1/applications{path}")
        };
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !self.key.is_empty() {
            request = request.header("X-API-Key", &self.key);
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = request
            .body(body)
            .send()
            .await
            .expect("the service answers");
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: serde_json::from_str(&response.text().await.expect("a body")).expect("JSON"),
        }
    }

    pub async fn create(&self, body: Value) -> Answer {
        self.call(Method::POST, "", Some(body)).await
    }

    /// Creates an application, which has to succeed, and returns its uuid.
    pub async fn created(&self, body: Value) -> String {
        let answer = self.create(body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["uuid"].as_str().expect("a uuid").to_owned()
    }

    pub async fn patch(&self, uuid: &str, body: Value) -> Answer {
        self.call(Method::PATCH, &format!("/{uuid}"), Some(body))
            .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn list(&self) -> Value {
        let answer = self.get("").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// Returns the faults of a validation, as `field: message`.
    pub fn faults(&self) -> Vec<String> {
        assert_eq!(
            (self.status.as_u16(), self.code()),
            (422, "VALIDATION_ERROR"),
            "{}",
            self.body
        );
        let details = self.body["error"]["details"].as_array().expect("details");
        let text = |it: &Value, name: &str| it[name].as_str().expect("a text").to_owned();
        let faults = details.iter();
        faults
            .map(|it| format!("{}: {}", text(it, "field"), text(it, "message")))
            .collect()
    }
}

/// Returns a minimal valid request.
pub fn image(name: &str) -> Value {
    json!({ "name": name, "image": "nginx:alpine" })
}

pub fn repository(name: &str) -> Value {
    json!({ "name": name, "repository": "https://github.com/acme/web" })
}
