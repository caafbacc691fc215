//! Drives the agent's workspace on the server of the suite, as an MCP client would.

use std::process::Stdio;
use std::time::Duration;

use coolify_sdk_tests::example;
use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// The maximum time of a call: each deployment waits in the queue.
const PATIENCE: Duration = Duration::from_secs(900);
const SUFFIX: &str = "agent.sdk-live.example.com";

/// A conversation with the program, in the protocol itself.
struct Conversation {
    _child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    next_id: u64,
}

impl Conversation {
    async fn start(project: &str) -> Self {
        let mut command = Command::new(example("agent_workspace"));
        let command = command
            .args(["--project", project, "--domain-suffix", SUFFIX])
            .env_remove("COOLIFY_PROJECT")
            .env_remove("COOLIFY_SERVER")
            .env_remove("COOLIFY_DESTINATION")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("the example can be run");
        let mut it = Self {
            stdin: child.stdin.take().expect("a pipe"),
            lines: BufReader::new(child.stdout.take().expect("a pipe")).lines(),
            _child: child,
            next_id: 0,
        };
        let hello = json!({
            "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": { "name": "live", "version": "1" },
        });
        let answer = it.request("initialize", hello).await;
        assert!(
            answer["result"]["capabilities"]["tools"].is_object(),
            "{answer}"
        );
        it.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))
            .await;
        it
    }

    async fn send(&mut self, message: &Value) {
        let line = format!("{message}\n");
        self.stdin
            .write_all(line.as_bytes())
            .await
            .expect("it reads");
        self.stdin.flush().await.expect("it reads");
    }

    async fn request(&mut self, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
            .await;
        let answer = async {
            loop {
                let line = self.lines.next_line().await.expect("text");
                let line = line.expect("the program goes on");
                let message: Value = serde_json::from_str(&line).expect("JSON");
                if message["id"] == id {
                    return message;
                }
            }
        };
        let answer = timeout(PATIENCE, answer).await;
        answer.unwrap_or_else(|_| panic!("{method} takes more than {PATIENCE:?}"))
    }

    /// Calls a tool that has to succeed.
    async fn ok(&mut self, tool: &str, arguments: Value) -> Result<Value, Stop> {
        let params = json!({ "name": tool, "arguments": arguments });
        let mut answer = self.request("tools/call", params).await;
        let result = answer["result"].take();
        if result["isError"] == true {
            let text = result["content"][0]["text"].as_str().unwrap_or_default();
            let failure: Value = serde_json::from_str(text).unwrap_or_default();
            if let Some(ability) = failure["missing_ability"].as_str() {
                return Err(Stop::skip(format!("the token lacks `{ability}`")));
            }
            panic!("{tool} fails: {text}");
        }
        assert!(result["structuredContent"].is_object(), "{tool}: {answer}");
        Ok(result["structuredContent"].clone())
    }
}

/// An application with a database and an auth provider; a further domain; and everything
/// deleted.
#[live_test(
    ability = "write",
    ability = "deploy",
    ability = "read:sensitive",
    server
)]
async fn agent_workspace(live: Live) -> Outcome {
    let project = live.project().await?;
    let mut agent = Conversation::start(project.uuid().as_str()).await;
    let (shop, sso) = (live.name("shop"), live.name("login"));
    let source = json!({ "kind": "image", "image": "nginx", "tag": "alpine" });
    let create = json!({
        "name": shop, "ports": [80], "source": source, "variables": { "GREETING": "hello" },
    });
    let created = agent.ok("apps_create", create).await?;
    let app = created["uuid"].clone();
    let domain = format!("https://{shop}.{SUFFIX}");
    assert_eq!(created["domains"], json!([{ "url": domain }]), "{created}");
    let database = json!({
        "engine": "postgresql", "name": "orders", "connect": { "app": app }, "wait_seconds": 300,
    });
    let database = agent.ok("databases_create", database).await?;
    assert_eq!(database["connected"], "DATABASE_URL");
    let login = json!({ "type": "keycloak", "name": sso, "wait_seconds": 0 });
    let login = agent.ok("auth_create", login).await?;
    let url = login["domains"][0]["url"].as_str().unwrap_or_default();
    assert!(url.contains(SUFFIX), "{login}");
    let deploy = json!({ "app": app, "wait_seconds": 600 });
    let deployed = agent.ok("apps_deploy", deploy).await?;
    assert_eq!(deployed["status"], "finished", "{deployed}");

    let www = format!("https://www-{shop}.{SUFFIX}");
    let add = json!({ "app": app, "domains": [www] });
    let added = agent.ok("domains_add", add).await?;
    assert_eq!(added["domains"], json!([{ "url": domain }, { "url": www }]));

    for (tool, arguments) in [
        ("apps_delete", json!({ "app": app, "name": shop })),
        (
            "databases_delete",
            json!({ "database": database["uuid"], "name": "orders" }),
        ),
        (
            "auth_delete",
            json!({ "provider": login["uuid"], "name": sso }),
        ),
    ] {
        let mut arguments = arguments;
        arguments["volumes"] = "delete".into();
        arguments["wait_seconds"] = 300.into();
        let deleted = agent.ok(tool, arguments).await?;
        assert_eq!(deleted["gone"], true, "{tool}: {deleted}");
    }
    let rest = agent.ok("workspace_describe", json!({})).await?;
    assert_eq!(rest["applications"], json!([]), "{rest}");
    Ok(())
}
