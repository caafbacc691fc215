//! The agent's workspace as a program that is spoken to.

use std::process::Stdio;
use std::time::Duration;

use coolify_sdk::testing::FakeCoolify;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::timeout;

use super::example;

const PATIENCE: Duration = Duration::from_secs(60);

/// A running workspace, and everything that it has printed.
pub struct Session {
    pub child: Child,
    pub stdin: Option<ChildStdin>,
    pub replies: Lines<BufReader<ChildStdout>>,
    pub said: String,
    next_id: u64,
}

impl Session {
    pub fn start(fake: Option<(&FakeCoolify, &str)>) -> Self {
        let mut command = example("agent_workspace");
        command.env_remove("COOLIFY_PROJECT");
        if let Some((fake, project)) = fake {
            command
                .env("COOLIFY_URL", fake.url())
                .env("COOLIFY_TOKEN", fake.token())
                .args(["--project", project]);
        }
        let command = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("it is built with the tests");
        let stdout = child.stdout.take().expect("a pipe");
        Self {
            stdin: child.stdin.take(),
            replies: BufReader::new(stdout).lines(),
            child,
            said: String::new(),
            next_id: 0,
        }
    }

    /// Sends raw bytes, including the end of the line.
    pub async fn send(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("it is open");
        stdin.write_all(bytes).await.expect("it reads");
        stdin.flush().await.expect("it reads");
    }

    pub async fn reply(&mut self) -> Value {
        let line = timeout(PATIENCE, self.replies.next_line()).await;
        let line = line.expect("in time").expect("a line").expect("a reply");
        self.said.push_str(&line);
        serde_json::from_str(&line).expect("a line of JSON")
    }

    pub async fn ask(&mut self, tool: &str, arguments: Value) -> Value {
        self.next_id += 1;
        let request = json!({ "id": self.next_id, "tool": tool, "arguments": arguments });
        self.send(format!("{request}\n").as_bytes()).await;
        let reply = self.reply().await;
        assert_eq!(reply["id"], self.next_id, "{reply}");
        reply
    }

    pub async fn ok(&mut self, tool: &str, arguments: Value) -> Value {
        let mut reply = self.ask(tool, arguments).await;
        assert!(reply.get("ok").is_some(), "{tool}: {reply}");
        reply["ok"].take()
    }

    pub async fn fail(&mut self, tool: &str, arguments: Value) -> Value {
        let mut reply = self.ask(tool, arguments).await;
        assert!(reply.get("error").is_some(), "{tool}: {reply}");
        reply["error"].take()
    }

    /// Closes the input and returns everything that was printed, including
    /// stderr.
    pub async fn end(mut self) -> String {
        drop(self.stdin.take());
        let rest = timeout(PATIENCE, self.replies.next_line()).await;
        assert_eq!(rest.expect("in time").expect("an end"), None);
        let status = timeout(PATIENCE, self.child.wait()).await;
        let mut stderr = String::new();
        let pipe = self.child.stderr.as_mut().expect("a pipe");
        pipe.read_to_string(&mut stderr).await.expect("text");
        assert!(
            status.expect("in time").expect("an end").success(),
            "{stderr}"
        );
        self.said + &stderr
    }
}
