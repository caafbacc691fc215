//! The log of an application, and commands in its container.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Tools;
use crate::failure::Outcome;
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add(
        "apps.logs",
        "Returns the last lines of an application's log. Values of its variables are hidden.",
        logs,
    );
    tools.add(
        "apps.run",
        "Runs one command in the container of an application and returns its output. Values of \
         its variables are hidden.",
        run,
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Logs {
    /// The application's uuid.
    app: String,
    /// How many of the last lines, at most 1000. The default is 100.
    lines: Option<u16>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Run {
    /// The application's uuid.
    app: String,
    /// A shell command of at most 255 characters.
    command: String,
    /// How many seconds the command may take, at most 3600. The default is 300.
    timeout_seconds: Option<u16>,
}

async fn logs(workspace: Workspace, it: Logs) -> Outcome<Value> {
    let application = workspace.coolify.application(it.app);
    let lines = it.lines.unwrap_or(100).clamp(1, 1000);
    let text = application.logs().lines(lines).await?;
    workspace.learn_values(&application).await?;
    Ok(match text {
        Some(text) => json!({ "running": true, "log": workspace.veil.over(&text) }),
        None => json!({ "running": false }),
    })
}

async fn run(workspace: Workspace, it: Run) -> Outcome<Value> {
    let application = workspace.coolify.application(it.app);
    workspace.learn_values(&application).await?;
    let timeout = it.timeout_seconds.unwrap_or(300).clamp(1, 3600);
    let tasks = application.scheduled_tasks();
    let output = tasks
        .run_command(it.command)
        .timeout(timeout.into())
        .await?;
    Ok(json!({
        "success": output.is_success(),
        "status": output.status,
        "output": workspace.veil.over(&output.output),
        "leftover": output.leftover,
    }))
}
