//! Deployments: start, watch, inspect and cancel them.

use coolify_sdk::deployments::Deployment;
use coolify_sdk::{DeploymentStatus, Timestamp, Uuid};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Tools;
use crate::failure::{Failure, Outcome};
use crate::workspace::{Workspace, patience};

pub fn register(tools: &mut Tools) {
    tools.add(
        "apps.deploy",
        "Deploys an application. A failed deployment is an error with the last lines of its \
         log.",
        deploy,
    );
    tools.add(
        "deployments.list",
        "Lists the deployments of an application, the newest first.",
        list,
    );
    tools.add(
        "deployments.get",
        "Returns one deployment, with the end of its log.",
        get,
    );
    tools.add("deployments.cancel", "Cancels a deployment.", cancel);
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Deploy {
    /// The application's uuid.
    app: String,
    /// Whether everything is rebuilt, even if nothing has changed.
    #[serde(default)]
    force: bool,
    /// How many seconds to wait until it has ended; 0 returns at once. The
    /// default is 900.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct List {
    /// The application's uuid.
    app: String,
    /// How many deployments to skip.
    #[serde(default)]
    skip: u16,
    /// How many deployments to return, at most 100. The default is 10.
    take: Option<u16>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Get {
    /// The deployment's uuid.
    deployment: String,
    /// How many of the last lines of its log. The default is 50.
    lines: Option<usize>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct One {
    /// The deployment's uuid.
    deployment: String,
}

#[derive(Serialize)]
struct View {
    deployment: Uuid,
    status: DeploymentStatus,
    commit: Option<String>,
    commit_message: Option<String>,
    pull_request: Option<i64>,
    created_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
}

impl From<Deployment> for View {
    fn from(deployment: Deployment) -> Self {
        Self {
            deployment: deployment.deployment_uuid,
            status: deployment.status,
            commit: deployment.commit,
            commit_message: deployment.commit_message,
            pull_request: deployment.pull_request_id.filter(|number| *number != 0),
            created_at: deployment.created_at,
            finished_at: deployment.finished_at,
        }
    }
}

async fn deploy(workspace: Workspace, it: Deploy) -> Outcome<Value> {
    let application = workspace.coolify.application(it.app);
    let mut deploy = application.deploy();
    if it.force {
        deploy = deploy.force();
    }
    let run = deploy.await?;
    let (deployment, joined) = (run.uuid().clone(), run.joined());
    let status = match patience(it.wait_seconds, 900) {
        Some(longest) => {
            // The values have to be known before the log can become part of an error.
            workspace.learn_values(&application).await?;
            let finished = run.max_wait(longest).await;
            let failed = |error| Failure::from(error).with("deployment", &deployment);
            Some(finished.map_err(failed)?.status)
        }
        None => None,
    };
    Ok(json!({ "deployment": deployment, "joined": joined, "status": status }))
}

async fn list(workspace: Workspace, it: List) -> Outcome<Value> {
    let deployments = workspace.coolify.application(it.app).deployments();
    let take = it.take.unwrap_or(10).clamp(1, 100);
    let page = deployments.page(it.skip.into(), take.into()).await?;
    let rows: Vec<View> = page.deployments.into_iter().map(View::from).collect();
    Ok(json!({ "count": page.count, "deployments": rows }))
}

async fn get(workspace: Workspace, it: Get) -> Outcome<Value> {
    let deployment = workspace.coolify.deployment(it.deployment).get().await?;
    let application = deployment.application.as_ref().map(|it| &it.uuid);
    if let Some(uuid) = application {
        let application = workspace.coolify.application(uuid);
        workspace.learn_values(&application).await?;
    }
    // Lines that Coolify hides are internal commands, and contain variables.
    let lines = deployment
        .log_lines()
        .into_iter()
        .filter(|line| !line.hidden);
    let lines: Vec<String> = lines
        .map(|line| workspace.veil.over(&line.output))
        .collect();
    let first = lines.len().saturating_sub(it.lines.unwrap_or(50));
    let mut view = json!(View::from(deployment));
    view["log"] = json!(lines[first..]);
    Ok(view)
}

async fn cancel(workspace: Workspace, it: One) -> Outcome<Value> {
    let cancelled = workspace.coolify.deployment(it.deployment).cancel().await?;
    Ok(json!({ "message": cancelled.message, "status": cancelled.status }))
}
