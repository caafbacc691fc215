//! The logs of applications and deployments, as tools and as resources.

use coolify_sdk::applications::BuildPack;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::{App, Container, container, containers};
use super::registry::{Tools, reads};
use crate::call::Call;
use crate::failure::Outcome;
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add(
        reads(
            "apps_logs",
            "Read a log",
            "Returns the last lines that an application has printed. In a compose file with several \
             services, name the service. Values of variables are hidden.",
        ),
        logs,
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Arguments {
    /// The application's uuid.
    app: String,
    /// The service, if the application is made of a compose file.
    service: Option<String>,
    /// How many of the last lines, at most 1000. The default is 100.
    lines: Option<u16>,
}

#[derive(Serialize, JsonSchema)]
struct Log {
    /// Whether a container is running, so that there is a log.
    running: bool,
    text: String,
    status: Option<String>,
    /// The containers of a compose file, with warnings about those that do not run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<Container>,
}

async fn logs(call: Call, it: Arguments) -> Outcome<Log> {
    let lines = it.lines.unwrap_or(100).clamp(1, 1000);
    read(&call, &it.app, it.service.as_deref(), lines).await
}

async fn read(workspace: &Workspace, app: &str, service: Option<&str>, lines: u16) -> Outcome<Log> {
    let app = App::find(workspace, app).await?;
    let status = app.view().status;
    let (text, services) = match &app {
        App::Application(handle, application) => {
            workspace.learn_values(&handle.envs()).await?;
            if let Some(repository) = &application.git_repository {
                workspace.veil.learn_url(repository.expose());
            }
            let is_compose = application.build_pack == Some(BuildPack::DockerCompose);
            let logs = match service {
                // An application with a single container has no services to choose from.
                Some(service) if is_compose => handle.logs_of(service),
                _ => handle.logs(),
            };
            (logs.lines(lines).await?, Vec::new())
        }
        App::Compose(handle, of) => {
            workspace.learn_values(&handle.envs()).await?;
            let name = container(of, service)?;
            (handle.logs(name).lines(lines).await?, containers(of))
        }
    };
    Ok(Log {
        running: text.is_some(),
        text: workspace.veil.over(&text.unwrap_or_default()),
        status,
        services,
    })
}

/// Returns the log of an application, or the reason why it is empty.
pub async fn application_log(
    workspace: &Workspace,
    app: &str,
    service: Option<&str>,
    lines: u16,
) -> Outcome<String> {
    let log = read(workspace, app, service, lines).await?;
    if log.running {
        return Ok(log.text);
    }
    let warnings = log.services.into_iter().filter_map(|it| it.warning);
    let lines = ["no container is running".to_owned()]
        .into_iter()
        .chain(warnings);
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// Returns the visible lines of a deployment's log. Lines that Coolify hides are internal
/// commands, and contain variables.
pub async fn deployment_lines(
    workspace: &Workspace,
    uuid: &str,
) -> Outcome<(coolify_sdk::deployments::Deployment, Vec<String>)> {
    let deployment = workspace.coolify.deployment(uuid).get().await?;
    if let Some(application) = &deployment.application {
        let handle = workspace.coolify.application(&application.uuid);
        workspace.learn_values(&handle.envs()).await?;
        if let Some(repository) = &application.git_repository {
            workspace.veil.learn_url(repository.expose());
        }
    }
    let lines = deployment.log_lines().into_iter();
    let lines = lines.filter(|line| !line.hidden);
    let lines = lines
        .map(|line| workspace.veil.over(&line.output))
        .collect();
    Ok((deployment, lines))
}

/// Returns the whole visible log of a deployment.
pub async fn deployment_log(workspace: &Workspace, uuid: &str) -> Outcome<String> {
    let (_, lines) = deployment_lines(workspace, uuid).await?;
    Ok(lines.join("\n"))
}
