//! A tenant on a fake server, and clients of the agent's workspace.
#![allow(dead_code, reason = "each test needs a part of it")]

mod tee;

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use coolify_sdk::testing::FakeCoolify;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CallToolResult, ClientRequest,
    ProgressNotificationParam, ServerResult,
};
use rmcp::service::{
    NotificationContext, PeerRequestOptions, RequestHandle, RoleClient, RunningService,
};
use rmcp::{ClientHandler, ServiceExt as _};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use self::tee::Tee;

pub const PATIENCE: Duration = Duration::from_secs(60);
pub const SUFFIX: &str = "mark.example.com";

/// A project of a fake server, with one running application.
pub struct Tenant {
    pub fake: FakeCoolify,
    pub project: String,
    pub app: String,
}

impl Tenant {
    pub async fn start() -> Self {
        Self::with_pace(Duration::from_millis(50)).await
    }

    pub async fn with_pace(pace: Duration) -> Self {
        let fake = FakeCoolify::builder().deploy_pace(pace).start().await;
        let project = fake.seed_project("tenant");
        let app = fake.seed_application(&project, "web");
        fake.set_application(&app, "status", "running:healthy");
        Self { fake, project, app }
    }

    /// Returns the number of writes.
    pub fn writes(&self) -> usize {
        let requests = self.fake.requests();
        requests.iter().filter(|it| it.method != "GET").count()
    }

    /// Returns the program, with this server and this project.
    pub fn command(&self) -> Command {
        let mut command = program();
        command
            .env("COOLIFY_URL", self.fake.url())
            .env("COOLIFY_TOKEN", self.fake.token())
            .args(["--project", &self.project]);
        command
    }

    /// Starts a session in which domains are limited.
    pub async fn session(&self) -> Session {
        self.session_with(&["--domain-suffix", SUFFIX]).await
    }

    pub async fn session_with(&self, arguments: &[&str]) -> Session {
        let mut command = self.command();
        command.args(arguments);
        Session::start(command).await
    }
}

/// Returns the program, without a server and without a configuration.
pub fn program() -> Command {
    let mut command = Command::new(coolify_sdk_tests::example("agent_workspace"));
    for name in [
        "COOLIFY_URL",
        "COOLIFY_TOKEN",
        "COOLIFY_PROJECT",
        "COOLIFY_SERVER",
        "COOLIFY_DESTINATION",
        "AGENT_WORKSPACE_TOKEN",
    ] {
        command.env_remove(name);
    }
    command.env("HOME", "/nonexistent").kill_on_drop(true);
    command
}

/// A client that remembers the progress of its calls.
#[derive(Clone, Default)]
pub struct Listener(Arc<Mutex<VecDeque<String>>>);

impl ClientHandler for Listener {
    async fn on_progress(
        &self,
        progress: ProgressNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        let message = progress.message.unwrap_or_default();
        self.0.lock().expect("no panic").push_back(message);
    }
}

pub type Client = RunningService<RoleClient, Listener>;

/// A session on stdin and stdout.
pub struct Session {
    pub client: Client,
    listener: Listener,
    child: Child,
    /// Everything that the program has written to stdout.
    said: Tee,
}

impl Session {
    pub async fn start(mut command: Command) -> Self {
        let command = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("it is built with the tests");
        let stdin = child.stdin.take().expect("a pipe");
        let said = Tee::new(child.stdout.take().expect("a pipe"));
        let listener = Listener::default();
        let connected = listener.clone().serve((said.clone(), stdin));
        let client = timeout(PATIENCE, connected).await.expect("in time");
        Self {
            client: client.expect("it speaks the protocol"),
            listener,
            child,
            said,
        }
    }

    /// Returns the progress so far.
    pub fn progress(&self) -> Vec<String> {
        let progress = self.listener.0.lock().expect("no panic");
        progress.iter().cloned().collect()
    }

    pub async fn ask(&self, tool: &str, arguments: Value) -> CallToolResult {
        ask(&self.client, tool, arguments).await
    }

    /// Calls a tool that has to succeed.
    pub async fn ok(&self, tool: &str, arguments: Value) -> Value {
        ok(&self.client, tool, arguments).await
    }

    /// Calls a tool that has to fail.
    pub async fn fail(&self, tool: &str, arguments: Value) -> Value {
        fail(&self.client, tool, arguments).await
    }

    /// Closes the session and returns everything that was printed, including stderr.
    pub async fn end(mut self) -> String {
        let _ = self.client.cancel().await;
        let status = timeout(PATIENCE, self.child.wait()).await;
        let mut stderr = String::new();
        let pipe = self.child.stderr.as_mut().expect("a pipe");
        pipe.read_to_string(&mut stderr).await.expect("text");
        let status = status.expect("in time").expect("an end");
        assert!(status.success(), "{stderr}");
        let said = self.said.text();
        // Nothing but the protocol.
        for line in said.lines() {
            let message: Value = serde_json::from_str(line).expect("a message");
            assert_eq!(message["jsonrpc"], "2.0", "{line}");
        }
        said + &stderr
    }
}

fn params(tool: &str, arguments: Value) -> CallToolRequestParams {
    let Value::Object(arguments) = arguments else {
        panic!("arguments are an object");
    };
    CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments)
}

/// Begins a call that can be cancelled.
pub async fn begin(client: &Client, tool: &str, arguments: Value) -> RequestHandle<RoleClient> {
    let request = CallToolRequest::new(params(tool, arguments));
    let request = ClientRequest::CallToolRequest(request);
    let options = PeerRequestOptions::no_options();
    let begun = client.send_cancellable_request(request, options).await;
    begun.expect("it is sent")
}

pub async fn ask(client: &Client, tool: &str, arguments: Value) -> CallToolResult {
    let begun = begin(client, tool, arguments).await;
    let answer = timeout(PATIENCE, begun.await_response()).await;
    match answer.expect("in time").expect("an answer") {
        ServerResult::CallToolResult(result) => result,
        other => panic!("{tool}: {other:?}"),
    }
}

/// Returns the JSON in the text of a result.
fn text(result: &CallToolResult) -> Value {
    let text = result.content.first().and_then(|it| it.as_text());
    serde_json::from_str(&text.expect("a text").text).expect("JSON")
}

pub async fn ok(client: &Client, tool: &str, arguments: Value) -> Value {
    let result = ask(client, tool, arguments).await;
    let value = text(&result);
    assert_ne!(result.is_error, Some(true), "{tool}: {value}");
    assert_eq!(result.structured_content.as_ref(), Some(&value), "{tool}");
    value
}

pub async fn fail(client: &Client, tool: &str, arguments: Value) -> Value {
    let result = ask(client, tool, arguments).await;
    let value = text(&result);
    assert_eq!(result.is_error, Some(true), "{tool}: {value}");
    let next = value["next"].as_str().unwrap_or_default();
    assert!(["stop", "fix", "retry"].contains(&next), "{tool}: {value}");
    for told in ["kind", "message", "hint"] {
        let is_told = value[told].as_str().is_some_and(|it| !it.is_empty());
        assert!(is_told, "{tool} has no {told}: {value}");
    }
    value
}

/// Fails with the sentence unless a value is one of a list of objects.
pub fn urls(domains: &Value) -> Vec<&str> {
    let domains = domains.as_array().expect("a list").iter();
    domains.filter_map(|it| it["url"].as_str()).collect()
}

pub fn image(name: &str) -> Value {
    json!({
        "name": name, "ports": [80],
        "source": { "kind": "image", "image": "nginx", "tag": "1.29" },
    })
}
