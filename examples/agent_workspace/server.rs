//! The MCP server of one session: its tools and resources.

use std::sync::Arc;
use std::time::Instant;

use coolify_sdk_examples::eprintln;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CancelledNotificationParam,
    ContentBlock, ErrorData, Implementation, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{RoleServer, ServerHandler};
use serde_json::{Value, json};

use crate::call::{Call, Calls, Ending};
use crate::failure::{Failure, Outcome};
use crate::resources;
use crate::tools::Tools;
use crate::workspace::Workspace;

const INSTRUCTIONS: &str = "\
The tools work on one project of a Coolify server: applications, databases and auth \
providers. Begin with `workspace_describe`. Nothing outside of the project can be reached.

A failed call returns JSON with `kind`, `message`, `hint` and `next`: `fix` means that \
another call or other arguments help, `retry` that the same call may help later, `stop` that \
only the operator can help; tell the user then.

Values of variables, passwords and keys go in and never come out. `envs_connect` gives an \
application the connection URL of a database without showing it. Changes take effect with \
the next `apps_deploy`. Calls that wait return after `wait_seconds` with the state so far. \
Cancelling `apps_deploy` cancels the deployment that it has started.";

/// A session, which is bound to one workspace.
#[derive(Clone)]
pub struct Server {
    workspace: Workspace,
    tools: Arc<Tools>,
    calls: Calls,
}

impl Server {
    pub fn new(workspace: &Workspace, tools: &Arc<Tools>) -> Self {
        Self {
            workspace: workspace.clone(),
            tools: tools.clone(),
            calls: Calls::default(),
        }
    }

    /// Returns the calls that are running.
    pub fn calls(&self) -> Calls {
        self.calls.clone()
    }

    async fn run(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Outcome<Value> {
        let tool = self.tools.get(&request.name);
        let tool = tool.ok_or_else(|| Failure::stop("unknown_tool", "there is no such tool"))?;
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        let call = Call::new(&self.workspace, context, &self.calls);
        let (progress, ended) = (call.progress.clone(), call.ended());
        let outcome = tokio::select! {
            outcome = tool.call(call, arguments) => outcome,
            never = progress.beat() => match never {},
            ending = ended, if !tool.ends_itself() => Err(Failure::ended(ending)),
        };
        outcome.map_err(|failure| failure.veiled(&self.workspace.veil))
    }
}

impl Failure {
    /// The client no longer waits for the call.
    pub fn ended(ending: Ending) -> Self {
        let how = match ending {
            Ending::Cancelled => "the call was cancelled",
            Ending::Gone => "the connection was closed",
        };
        Self::fix("cancelled", how).hint("what was already requested goes on in Coolify")
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .build();
        let itself = Implementation::new("agent_workspace", env!("CARGO_PKG_VERSION"))
            .with_title("Coolify workspace");
        ServerConfig::new(capabilities)
            .with_server_info(itself)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.tools.list()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools.get(name).map(|tool| tool.spec().clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = request.name.clone();
        if self.tools.get(&name).is_none() {
            return Err(ErrorData::invalid_params(
                format!("there is no tool {name:?}"),
                None,
            ));
        }
        let started = Instant::now();
        let outcome = self.run(request, context).await;
        let how = outcome.as_ref().map_or_else(Failure::kind, |_| "ok");
        // Arguments are not logged, because they may be secret.
        eprintln!(
            "agent_workspace: {} {name}: {how}, {} ms",
            self.workspace.terms.name,
            started.elapsed().as_millis()
        );
        let result = match outcome {
            Ok(value) => CallToolResult::structured(value),
            // As text only: structured content would have to match the tool's output
            // schema.
            Err(failure) => {
                CallToolResult::error(vec![ContentBlock::text(json!(failure).to_string())])
            }
        };
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let resources = resources::list(&self.workspace).await;
        resources
            .map(ListResourcesResult::with_all_items)
            .map_err(|failure| self.protocol_error(failure))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(
            resources::templates(),
        ))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let Some(resource) = resources::Address::parse(&request.uri) else {
            let message = format!("there is no resource {:?}", request.uri);
            return Err(ErrorData::resource_not_found(message, None));
        };
        let read = resources::read(&self.workspace, &resource, &request.uri).await;
        read.map(Into::into)
            .map_err(|failure| self.protocol_error(failure))
    }

    async fn on_cancelled(
        &self,
        notification: CancelledNotificationParam,
        _: NotificationContext<RoleServer>,
    ) {
        if let Some(id) = &notification.request_id {
            self.calls.cancel(id);
        }
    }
}

impl Server {
    /// Reading a resource has no error results, so its failures are errors of the
    /// protocol.
    fn protocol_error(&self, failure: Failure) -> ErrorData {
        let failure = failure.veiled(&self.workspace.veil);
        let data = json!(failure);
        let message = data["message"].as_str().unwrap_or_default().to_owned();
        match failure.kind() {
            "not_found" | "out_of_scope" => ErrorData::resource_not_found(message, Some(data)),
            _ => ErrorData::internal_error(message, Some(data)),
        }
    }
}
