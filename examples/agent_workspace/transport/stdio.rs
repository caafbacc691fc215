//! The server on stdin and stdout, for a client that starts it.

use std::sync::Arc;

use coolify_sdk_examples::{Result, stopped};
use rmcp::ServiceExt as _;
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio_pipes;

use super::FAREWELL;
use crate::server::Server;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// Serves until the client closes its end. Returns true in that case, and false if the
/// program was stopped.
///
/// # Errors
///
/// If the client does not speak the protocol, or the connection breaks.
pub async fn serve(workspace: &Workspace, tools: &Arc<Tools>) -> Result<bool> {
    let server = Server::new(workspace, tools);
    let calls = server.calls();
    let session = async {
        match server.serve(stdio_pipes()).await {
            Ok(running) => running.waiting().await.map(drop).map_err(Into::into),
            // The client left before the first message.
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    };
    let end = tokio::select! {
        end = session => end.map(|()| true),
        () = stopped() => Ok(false),
    };
    if !calls.is_empty() {
        tokio::time::sleep(FAREWELL).await;
    }
    end
}
