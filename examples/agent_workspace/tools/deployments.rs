//! Deployments: start, watch, inspect and cancel them.

use std::time::Duration;

use coolify_sdk::deployments::{Deployment, DeploymentRun, RunEvent};
use coolify_sdk::{DeploymentStatus, ErrorKind};
use futures_util::StreamExt as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::app::App;
use super::lifecycle::{Told, settle};
use super::logs::deployment_lines;
use super::placing::hold;
use super::registry::{Tools, adds, destroys, reads};
use crate::call::{Call, Ending};
use crate::failure::{Failure, Outcome};
use crate::workspace::patience;

/// How often a line of the log is sent as progress, at most.
const PACE: Duration = Duration::from_millis(300);

pub fn register(tools: &mut Tools) {
    tools.add(
        adds(
            "apps_deploy",
            "Deploy an application",
            "Deploys an application, and follows the deployment for `wait_seconds`. A failed \
             deployment is an error with the end of its log. If it is not over in time, \
             `deployments_get` follows it further. Cancelling the call cancels a deployment that it \
             has started.",
        )
        .open_world()
        .ends_itself(),
        deploy,
    );
    tools.add(
        reads(
            "deployments_list",
            "List deployments",
            "Lists the deployments of an application, the newest first.",
        ),
        list,
    );
    tools.add(
        reads(
            "deployments_get",
            "Show a deployment",
            "Returns one deployment with the end of its log. With `wait_seconds` it first waits \
             until the deployment is over.",
        ),
        get,
    );
    tools.add(
        destroys(
            "deployments_cancel",
            "Cancel a deployment",
            "Cancels a deployment that is queued or in progress.",
        ),
        cancel,
    );
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
    /// default is 45.
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
    /// How many seconds to wait until it has ended. The default is 0.
    #[serde(default)]
    wait_seconds: u64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct One {
    /// The deployment's uuid.
    deployment: String,
}

/// The state of a deployment.
#[derive(Serialize, JsonSchema)]
struct Deployed {
    /// The deployment's uuid; null for a compose file of its own, which has no deployments.
    deployment: Option<String>,
    /// Whether an equal deployment was already queued, which this follows.
    joined: bool,
    /// The last known status.
    status: Option<String>,
    /// Whether it has ended. Otherwise it continues in Coolify.
    finished: bool,
}

#[derive(Serialize, JsonSchema)]
struct Listed {
    /// How many deployments there are.
    count: i64,
    deployments: Vec<View>,
}

#[derive(Serialize, JsonSchema)]
struct View {
    deployment: String,
    status: String,
    finished: bool,
    commit: Option<String>,
    commit_message: Option<String>,
    pull_request: Option<i64>,
    created_at: Option<String>,
    finished_at: Option<String>,
    /// The last lines of its log.
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Vec<String>>,
}

impl From<Deployment> for View {
    fn from(deployment: Deployment) -> Self {
        Self {
            deployment: deployment.deployment_uuid.to_string(),
            finished: is_over(&deployment.status),
            status: deployment.status.to_string(),
            commit: deployment.commit,
            commit_message: deployment.commit_message,
            pull_request: deployment.pull_request_id.filter(|number| *number != 0),
            created_at: deployment.created_at.map(|it| it.to_string()),
            finished_at: deployment.finished_at.map(|it| it.to_string()),
            log: None,
        }
    }
}

fn is_over(status: &DeploymentStatus) -> bool {
    !matches!(
        status,
        DeploymentStatus::Queued | DeploymentStatus::InProgress
    )
}

async fn deploy(call: Call, it: Deploy) -> Outcome<Deployed> {
    let application = match App::find(&call, &it.app).await? {
        App::Application(application, _) => application,
        App::Compose(service, state) => {
            call.learn_values(&service.envs()).await?;
            let watch = if state
                .status
                .as_ref()
                .is_some_and(|it| it.to_string().starts_with("running"))
            {
                service.restart().latest(it.force).await?
            } else {
                service.start().await?
            };
            let settled = settle(&call, service.uuid(), watch, it.wait_seconds).await?;
            // A start generates domains for containers that request one and have none.
            hold(&call, &service).await?;
            return Ok(Deployed {
                deployment: None,
                joined: false,
                status: settled.status,
                finished: settled.reached,
            });
        }
    };
    // The values have to be known before the log can become part of an answer.
    call.learn_values(&application.envs()).await?;
    let mut deploy = application.deploy();
    if it.force {
        deploy = deploy.force();
    }
    let run = deploy.await?;
    let joined = run.joined();
    let deployed = |status: Option<String>, finished| Deployed {
        deployment: Some(run.uuid().to_string()),
        joined,
        status,
        finished,
    };
    let Some(longest) = patience(it.wait_seconds) else {
        return Ok(deployed(None, false));
    };
    tokio::select! {
        ended = follow(&call, run.clone(), longest) => {
            let with_uuid = |failure: Failure| failure.with("deployment", run.uuid());
            let ended = ended.map_err(with_uuid)?;
            Ok(deployed(ended.status, ended.is_over))
        }
        ending = call.ended() => {
            if ending == Ending::Cancelled && !joined {
                run.cancel().await?;
                let hint = "the deployment was cancelled as well";
                return Err(Failure::ended(ending).hint(hint).with("deployment", run.uuid()));
            }
            Err(Failure::ended(ending).with("deployment", run.uuid()))
        }
    }
}

/// The state of a deployment at the end of the wait.
struct Followed {
    status: Option<String>,
    is_over: bool,
}

/// Follows a deployment and reports its progress. A failed deployment is an error with
/// the end of its log.
async fn follow(call: &Call, run: DeploymentRun, longest: Duration) -> Outcome<Followed> {
    let mut followed = Followed {
        status: None,
        is_over: false,
    };
    let run = run.max_wait(longest);
    let mut events = run.events();
    let mut told = None;
    while let Some(event) = events.next().await {
        match event {
            Ok(RunEvent::Status(status)) => {
                followed.is_over = is_over(&status);
                call.progress.tell(&format!("deployment {status}")).await;
                followed.status = Some(status.to_string());
                if status == DeploymentStatus::Finished {
                    return Ok(followed);
                }
            }
            Ok(RunEvent::Log(line)) if !line.hidden => {
                let is_time = told.is_none_or(|at: Instant| at.elapsed() >= PACE);
                let first = line.output.lines().next().unwrap_or_default();
                if is_time && !first.is_empty() {
                    told = Some(Instant::now());
                    call.progress.tell(first).await;
                }
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WaitExpired => return Ok(followed),
            Err(error) => return Err(error.into()),
        }
    }
    // It has failed: the error contains the end of the log.
    run.await?;
    Ok(followed)
}

async fn list(call: Call, it: List) -> Outcome<Listed> {
    let (application, _) = App::single(&call, &it.app).await?;
    let take = it.take.unwrap_or(10).clamp(1, 100);
    let deployments = application.deployments();
    let page = deployments.page(it.skip.into(), take.into()).await?;
    Ok(Listed {
        count: page.count,
        deployments: page.deployments.into_iter().map(View::from).collect(),
    })
}

async fn get(call: Call, it: Get) -> Outcome<View> {
    if let Some(longest) = patience(Some(it.wait_seconds)) {
        // Its values are known before its log is shown.
        deployment_lines(&call, &it.deployment).await?;
        let run = call.coolify.deployment(&it.deployment).follow();
        match follow(&call, run, longest).await {
            // The reply says how it ended.
            Err(failure) if failure.kind() != "deployment_failed" => return Err(failure),
            _ => {}
        }
    }
    let (deployment, lines) = deployment_lines(&call, &it.deployment).await?;
    let first = lines.len().saturating_sub(it.lines.unwrap_or(50));
    let mut view = View::from(deployment);
    view.log = Some(lines[first..].to_vec());
    Ok(view)
}

async fn cancel(call: Call, it: One) -> Outcome<Told> {
    let cancelled = call.coolify.deployment(it.deployment).cancel().await?;
    Ok(Told {
        message: cancelled.message,
    })
}
