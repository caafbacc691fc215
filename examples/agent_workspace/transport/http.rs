//! The server over streamable HTTP, for several workspaces at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use coolify_sdk::Secret;
use coolify_sdk_examples::{Result, eprintln, stopped};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;

use super::FAREWELL;
use super::tokens::Tokens;
use crate::server::Server;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// The longest request in bytes. A whole `.env` file or Dockerfile fits many times.
const LONGEST_BODY: usize = 1024 * 1024;
/// How long a session without any message is kept.
const IDLE: Duration = Duration::from_secs(30 * 60);
const REFUSAL: &str = "\
This server needs the token of a workspace, in the header `Authorization: Bearer TOKEN`.
The operator of the server gives it to you.
";

/// Where to listen, and for whom.
pub struct Address {
    pub listen: SocketAddr,
    /// Names under which the server can be reached, besides those of this machine.
    pub hosts: Vec<String>,
    /// Web pages that may use the server.
    pub origins: Vec<String>,
}

/// The service of one workspace. Its sessions are separate, so a token never reaches a
/// session of another workspace.
type Door = StreamableHttpService<Server, LocalSessionManager>;

struct Gate {
    tokens: Tokens,
    doors: Vec<Door>,
}

/// Serves until the program is stopped.
///
/// # Errors
///
/// If the address cannot be used.
pub async fn serve(
    address: &Address,
    workspaces: Vec<(Secret, Workspace)>,
    tools: &Arc<Tools>,
) -> Result<()> {
    let listener = TcpListener::bind(address.listen).await?;
    let bound = listener.local_addr()?;
    let config = config(address, bound);
    let closing = config.cancellation_token.clone();
    let gate = Gate {
        tokens: Tokens::new(workspaces.iter().map(|(token, _)| token)),
        doors: workspaces
            .into_iter()
            .map(|(_, workspace)| door(workspace, tools.clone(), config.clone()))
            .collect(),
    };
    let router = Router::new()
        .route("/mcp", any(enter))
        .route("/health", get(|| async { "ok\n" }))
        .with_state(Arc::new(gate));
    eprintln!("agent_workspace: listening on http://{bound}/mcp");
    if !bound.ip().is_loopback() {
        eprintln!("agent_workspace: tokens are sent in the clear: put a proxy with TLS in front");
    }
    let stop = async move {
        stopped().await;
        closing.cancel();
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop);
    tokio::select! {
        end = serving => Ok(end?),
        // A stream that a client keeps open does not keep the program running.
        () = async { stopped().await; tokio::time::sleep(FAREWELL).await } => Ok(()),
    }
}

fn config(address: &Address, bound: SocketAddr) -> StreamableHttpServerConfig {
    let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(Into::into).into();
    if !bound.ip().is_unspecified() {
        hosts.push(bound.ip().to_string());
    }
    hosts.extend(address.hosts.iter().cloned());
    StreamableHttpServerConfig::default()
        .with_allowed_hosts(hosts)
        .with_allowed_origins(address.origins.iter().cloned())
        .enforce_origin_validation()
        .with_max_request_body_bytes(LONGEST_BODY)
}

fn door(workspace: Workspace, tools: Arc<Tools>, config: StreamableHttpServerConfig) -> Door {
    let mut sessions = LocalSessionManager::default();
    sessions.session_config.keep_alive = Some(IDLE);
    let session = move || Ok(Server::new(&workspace, &tools));
    StreamableHttpService::new(session, Arc::new(sessions), config)
}

async fn enter(State(gate): State<Arc<Gate>>, mut request: Request) -> Response {
    let door = gate.tokens.find(request.headers());
    let Some(door) = door.and_then(|place| gate.doors.get(place)) else {
        let mut refusal = (StatusCode::UNAUTHORIZED, REFUSAL).into_response();
        let challenge = HeaderValue::from_static("Bearer realm=\"agent_workspace\"");
        refusal.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        return refusal;
    };
    // Nothing behind the gate needs the token.
    request.headers_mut().remove(AUTHORIZATION);
    let ends_session = request.method() == Method::DELETE;
    let mut reply = door.handle(request).await.map(Body::new);
    if ends_session && reply.status() == StatusCode::ACCEPTED {
        // Some clients treat any other status as a failure.
        *reply.status_mut() = StatusCode::NO_CONTENT;
    }
    reply
}
