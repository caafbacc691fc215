//! The server over HTTP: tokens, sessions, hosts.

use std::path::PathBuf;
use std::process::Stdio;

use crate::common::{Listener, PATIENCE, Tenant, fail, ok};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use rmcp::ServiceExt as _;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

const MARK: &str = "token-of-mark-0123456789abcdef";
const ANN: &str = "token-of-ann-0123456789abcdef";

/// The program with two workspaces.
struct Server {
    it: Tenant,
    of_ann: String,
    address: String,
    child: Child,
    file: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

impl Server {
    async fn start(name: &str) -> Self {
        let it = Tenant::start().await;
        let project = it.fake.seed_project("ann");
        let of_ann = it.fake.seed_application(&project, "blog");
        let file = std::env::temp_dir();
        let file = file.join(format!("workspaces-{name}-{}.toml", std::process::id()));
        let text = format!(
            "[[workspace]]\nname = \"mark\"\ntoken = \"{MARK}\"\nproject = \"{}\"\n\
             domain_suffix = \"mark.example.com\"\n\n\
             [[workspace]]\nname = \"ann\"\ntoken_env = \"ANN_TOKEN\"\nproject = \"{project}\"\n\
             domain_suffix = \"ann.example.com\"\n",
            it.project
        );
        std::fs::write(&file, text).expect("a file");
        let mut command = crate::common::program();
        command
            .env("COOLIFY_URL", it.fake.url())
            .env("COOLIFY_TOKEN", it.fake.token())
            .env("ANN_TOKEN", ANN)
            .args(["--listen", "127.0.0.1:0", "--workspaces"])
            .arg(&file);
        let (child, address) = listening(command).await;
        Self {
            it,
            of_ann,
            address,
            child,
            file,
        }
    }

    fn client(&self, token: &str) -> impl Future<Output = crate::common::Client> + use<> {
        let config = StreamableHttpClientTransportConfig::with_uri(self.address.clone());
        let config = config.auth_header(token);
        let transport = StreamableHttpClientTransport::with_client(browser(), config);
        let connected = Listener::default().serve(transport);
        async move {
            let client = timeout(PATIENCE, connected).await.expect("in time");
            client.expect("the token is right")
        }
    }

    /// Begins a request as a client would send it.
    fn post(&self, token: Option<&str>, body: &Value) -> RequestBuilder {
        let request = browser()
            .post(&self.address)
            .header("accept", "application/json, text/event-stream")
            .header("content-type", "application/json")
            .body(body.to_string());
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Begins a session by hand, and returns its id.
    async fn session(&self, token: &str) -> String {
        let reply = sent(self.post(Some(token), &hello())).await;
        assert_eq!(reply.status(), StatusCode::OK);
        let id = reply.headers().get("mcp-session-id").expect("a session");
        id.to_str().expect("text").to_owned()
    }
}

/// Starts the program, and returns where it listens.
async fn listening(mut command: Command) -> (Child, String) {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it is built");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let address = async {
        while let Some(line) = lines.next_line().await.expect("text") {
            if let Some((_, address)) = line.split_once("listening on ") {
                return address.to_owned();
            }
        }
        panic!("it does not listen");
    };
    let address = timeout(PATIENCE, address).await.expect("in time");
    // The pipe stays open, because the program goes on writing.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (child, address)
}

async fn sent(request: RequestBuilder) -> Response {
    let reply = timeout(PATIENCE, request.send()).await;
    reply.expect("in time").expect("a reply")
}

/// Returns a client that needs no TLS.
fn browser() -> Client {
    let provider = rustls::crypto::ring::default_provider();
    // Another test may have installed it.
    let _ = provider.install_default();
    Client::new()
}

fn hello() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": { "name": "by hand", "version": "1" },
    }})
}

fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" })
}

#[tokio::test]
async fn each_token_opens_its_own_workspace() {
    let server = Server::start("each").await;
    let (mark, ann) = (server.client(MARK).await, server.client(ANN).await);
    let of_mark = ok(&mark, "apps_list", json!({})).await;
    assert_eq!(of_mark["applications"][0]["uuid"], server.it.app);
    let of_ann = ok(&ann, "workspace_describe", json!({})).await;
    assert_eq!(of_ann["applications"][0]["uuid"], server.of_ann);
    assert_eq!(of_ann["domain_suffix"], "ann.example.com");
    let app = json!({ "app": server.it.app });
    let error = fail(&ann, "apps_get", app.clone()).await;
    assert_eq!(error["kind"], "out_of_scope");
    let taken = json!({ "app": server.of_ann, "domains": ["https://x.mark.example.com"] });
    assert_eq!(
        fail(&ann, "domains_add", taken).await["kind"],
        "domain_refused"
    );
    let deployed = ok(&mark, "apps_deploy", app).await;
    assert_eq!(deployed["finished"], true, "{deployed}");
}

#[tokio::test]
async fn without_the_right_token_nothing_is_served() {
    let server = Server::start("without").await;
    for token in [None, Some(""), Some("wrong"), Some(&MARK[1..])] {
        let reply = sent(server.post(token, &hello())).await;
        assert_eq!(reply.status(), StatusCode::UNAUTHORIZED, "{token:?}");
        let challenge = reply.headers()["www-authenticate"].to_str().expect("text");
        assert!(challenge.starts_with("Bearer"), "{challenge}");
        let text = reply.text().await.expect("a text");
        assert!(text.contains("Authorization: Bearer"), "{text}");
    }
    let basic = server
        .post(None, &hello())
        .header("authorization", format!("Basic {MARK}"));
    assert_eq!(sent(basic).await.status(), StatusCode::UNAUTHORIZED);
    let get = browser()
        .get(&server.address)
        .header("accept", "text/event-stream");
    assert_eq!(sent(get).await.status(), StatusCode::UNAUTHORIZED);
    let health = server.address.replace("/mcp", "/health");
    assert_eq!(sent(browser().get(health)).await.status(), StatusCode::OK);
}

/// The id of a session gives no access without the token.
#[tokio::test]
async fn a_session_belongs_to_its_workspace() {
    let server = Server::start("session").await;
    let id = server.session(MARK).await;
    let ask = |token, body: &Value| server.post(token, body).header("mcp-session-id", &id);
    let own = sent(ask(Some(MARK), &list())).await;
    assert_eq!(own.status(), StatusCode::OK);
    assert_eq!(
        sent(ask(Some(ANN), &list())).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        sent(ask(None, &list())).await.status(),
        StatusCode::UNAUTHORIZED
    );
    let request = || browser().get(&server.address).header("mcp-session-id", &id);
    let listen = request()
        .header("accept", "text/event-stream")
        .bearer_auth(ANN);
    assert_eq!(sent(listen).await.status(), StatusCode::NOT_FOUND);
    let end = browser()
        .delete(&server.address)
        .header("mcp-session-id", &id);
    sent(end.bearer_auth(ANN)).await;
    let own = sent(ask(Some(MARK), &list())).await;
    assert_eq!(
        own.status(),
        StatusCode::OK,
        "another workspace cannot end it"
    );
    let end = browser()
        .delete(&server.address)
        .header("mcp-session-id", &id);
    let ended = sent(end.bearer_auth(MARK)).await;
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    let gone = sent(ask(Some(MARK), &list())).await;
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

/// A web page that a browser was made to open on this machine.
#[tokio::test]
async fn foreign_hosts_pages_and_bodies_are_refused() {
    let server = Server::start("foreign").await;
    let foreign = server
        .post(Some(MARK), &hello())
        .header("host", "evil.example.com");
    assert_eq!(sent(foreign).await.status(), StatusCode::FORBIDDEN);
    let page = server
        .post(Some(MARK), &hello())
        .header("origin", "https://evil.example.com");
    assert_eq!(sent(page).await.status(), StatusCode::FORBIDDEN);
    let mut long = hello();
    long["params"]["clientInfo"]["name"] = "x".repeat(2 * 1024 * 1024).into();
    let long = server.post(Some(MARK), &long);
    assert_eq!(sent(long).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let right = sent(server.post(Some(MARK), &hello())).await;
    assert_eq!(right.status(), StatusCode::OK);
}

#[tokio::test]
async fn stdout_stays_empty_and_ctrl_c_ends_it() {
    let mut server = Server::start("end").await;
    let client = server.client(MARK).await;
    ok(&client, "apps_list", json!({})).await;
    let id = server.child.id().expect("it runs").to_string();
    let killed = Command::new("kill").args(["-INT", &id]).status().await;
    assert!(killed.expect("there is a kill").success());
    let mut stdout = server.child.stdout.take().expect("a pipe");
    let ended = timeout(PATIENCE, server.child.wait())
        .await
        .expect("in time");
    assert!(ended.expect("an end").success());
    let mut said = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stdout, &mut said)
        .await
        .expect("text");
    assert_eq!(said, "");
}

#[tokio::test]
async fn a_wrong_file_is_a_misuse() {
    let it = Tenant::start().await;
    let mut command = crate::common::program();
    command
        .env("COOLIFY_URL", it.fake.url())
        .env("COOLIFY_TOKEN", it.fake.token())
        .args([
            "--listen",
            "127.0.0.1:0",
            "--workspaces",
            "/nonexistent.toml",
        ]);
    let output = command.output().await.expect("it is built");
    assert_eq!(output.status.code(), Some(2));
    let mut command = crate::common::program();
    command.args(["--workspaces", "x.toml"]);
    let output = command.output().await.expect("it is built");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(2) && said.contains("--listen"),
        "{said}"
    );
}
