//! Applications: list, inspect, change, stop and delete them.

use coolify_sdk::applications::Application;
use coolify_sdk::verify::UpdateReport;
use coolify_sdk::{ResourceStatus, Uuid};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::lifecycle::{Status, Volumes, settle, vanish};
use super::{Nothing, Tools};
use crate::failure::Outcome;
use crate::settings::Settings;
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add(
        "apps.list",
        "Lists the applications of the workspace.",
        list,
    );
    tools.add(
        "apps.get",
        "Returns the current state of one application.",
        get,
    );
    tools.add(
        "apps.update",
        "Changes settings of an application and reads them back: reports which were applied, \
         ignored, rejected or sent as another one. Most take effect with the next deployment.",
        update,
    );
    tools.add("apps.stop", "Stops an application.", stop);
    tools.add(
        "apps.delete",
        "Deletes an application. Takes its exact name, and whether to keep its volumes.",
        delete,
    );
}

/// The arguments of a tool for one application.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// The application's uuid.
    pub app: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Update {
    /// The application's uuid.
    app: String,
    /// The settings to change.
    set: Settings,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Stop {
    /// The application's uuid.
    app: String,
    /// How many seconds to wait until it has stopped; 0 returns at once. The
    /// default is 300.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The application's uuid.
    app: String,
    /// The exact name of the application.
    name: String,
    /// Whether its data is kept or deleted.
    volumes: Volumes,
    /// How many seconds to wait until it is deleted; 0 returns at once. The
    /// default is 120.
    wait_seconds: Option<u64>,
}

/// What an agent may see of an application: no secret, and nothing about the
/// server.
#[derive(Serialize)]
struct View {
    uuid: Uuid,
    name: String,
    description: Option<String>,
    status: Option<ResourceStatus>,
    domains: Vec<String>,
    build_pack: Option<String>,
    repository: Option<String>,
    branch: Option<String>,
    commit: Option<String>,
    image: Option<String>,
    ports: Option<String>,
    base_directory: Option<String>,
    limits_memory: Option<String>,
    limits_cpus: Option<String>,
}

impl From<Application> for View {
    fn from(application: Application) -> Self {
        Self {
            domains: application.domains().map(Into::into).collect(),
            uuid: application.uuid,
            name: application.name,
            description: application.description,
            status: application.status,
            build_pack: application.build_pack.map(|it| it.to_string()),
            repository: application
                .git_repository
                .map(|it| it.without_credentials().into_owned()),
            branch: application.git_branch,
            commit: application.git_commit_sha,
            image: application.docker_registry_image_name,
            ports: application.ports_exposes,
            base_directory: application.base_directory,
            limits_memory: application.limits_memory,
            limits_cpus: application.limits_cpus,
        }
    }
}

async fn list(workspace: Workspace, _: Nothing) -> Outcome<Vec<View>> {
    let applications = workspace.coolify.applications().list().await?;
    Ok(applications.into_iter().map(View::from).collect())
}

async fn get(workspace: Workspace, it: App) -> Outcome<View> {
    Ok(workspace.coolify.application(it.app).get().await?.into())
}

async fn update(workspace: Workspace, it: Update) -> Outcome<Value> {
    let update = workspace.coolify.application(it.app).update();
    let report = update.fields(it.set.into_fields())?.verified().await?;
    Ok(told(&report))
}

fn told(report: &UpdateReport) -> Value {
    let ignored = report.ignored.iter().map(
        |it| json!({ "setting": it.field, "reason": it.reason.map(|reason| reason.to_string()) }),
    );
    let rejected = report
        .rejected
        .iter()
        .map(|it| json!({ "setting": it.field(), "message": it.message() }));
    let rerouted = report.rerouted.iter();
    let rerouted = rerouted.map(|it| json!({ "setting": it.field, "to": it.to }));
    let unseen = report.unseen.iter();
    let unseen = unseen.map(|it| json!({ "setting": it.field, "reason": it.reason.to_string() }));
    json!({
        "complete": report.is_complete(),
        "applied": report.applied,
        "ignored": ignored.collect::<Value>(),
        "rejected": rejected.collect::<Value>(),
        "rerouted": rerouted.collect::<Value>(),
        "unseen": unseen.collect::<Value>(),
    })
}

async fn stop(workspace: Workspace, it: Stop) -> Outcome<Status> {
    let application = workspace.coolify.application(it.app);
    let watch = application.stop().await?;
    settle(application.uuid(), watch, it.wait_seconds).await
}

async fn delete(workspace: Workspace, it: Delete) -> Outcome<Value> {
    let application = workspace.coolify.application(it.app);
    let deletion = application.delete_confirmed(it.name, it.volumes.into());
    vanish(deletion.await?, it.wait_seconds).await
}
