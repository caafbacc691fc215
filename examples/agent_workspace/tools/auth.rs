//! Auth providers: one-click services, from a list.

use coolify_sdk::services::{Service, ServiceHandle};
use coolify_sdk::{ResourceStatus, Uuid};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::lifecycle::{Status, Volumes, settle, vanish};
use super::{Nothing, Tools};
use crate::failure::{Failure, Outcome};
use crate::workspace::{Workspace, patience};

/// The one-click service types that an agent may create. Others, such as
/// authentik, can mount the Docker socket.
const ALLOWED: [&str; 7] = [
    "keycloak",
    "keycloak-with-postgres",
    "logto",
    "pocket-id",
    "pocket-id-with-postgresql",
    "supertokens-with-mysql",
    "supertokens-with-postgresql",
];

pub fn register(tools: &mut Tools) {
    tools.add(
        "auth.types",
        "Lists the types of auth providers that can be created.",
        types,
    );
    tools.add(
        "auth.list",
        "Lists the auth providers of the workspace.",
        list,
    );
    tools.add(
        "auth.get",
        "Returns the current state of one auth provider.",
        get,
    );
    tools.add(
        "auth.create",
        "Creates an auth provider of one of `auth.types`, and waits until it is healthy.",
        create,
    );
    tools.add("auth.start", "Starts an auth provider.", start);
    tools.add("auth.stop", "Stops an auth provider.", stop);
    tools.add("auth.restart", "Restarts an auth provider.", restart);
    tools.add(
        "auth.delete",
        "Deletes an auth provider. Takes its exact name, and whether to keep its volumes, \
         which hold its users.",
        delete,
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct One {
    /// The auth provider's uuid.
    provider: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// One of `auth.types`.
    #[serde(rename = "type")]
    kind: String,
    /// Its name.
    name: String,
    /// How many seconds to wait until it is healthy; 0 returns at once. The
    /// default is 600.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Switch {
    /// The auth provider's uuid.
    provider: String,
    /// How many seconds to wait for the new status; 0 returns at once. The
    /// default is 300.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The auth provider's uuid.
    provider: String,
    /// The exact name of the auth provider.
    name: String,
    /// Whether its data is kept or deleted.
    volumes: Volumes,
    /// How many seconds to wait until it is deleted; 0 returns at once. The
    /// default is 120.
    wait_seconds: Option<u64>,
}

#[derive(Serialize)]
struct View {
    uuid: Uuid,
    name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    status: Option<ResourceStatus>,
    domains: Vec<String>,
}

impl From<Service> for View {
    fn from(service: Service) -> Self {
        let parts = service.applications.unwrap_or_default().into_iter();
        let domains = parts.filter_map(|part| part.fqdn);
        Self {
            domains: domains.collect(),
            uuid: service.uuid,
            name: service.name,
            kind: service.service_type,
            status: service.status,
        }
    }
}

fn is_allowed(kind: &str) -> bool {
    ALLOWED.contains(&kind)
}

/// Returns a service of the project that is an auth provider. Agents cannot reach
/// other services.
async fn provider(workspace: &Workspace, uuid: &str) -> Outcome<(ServiceHandle, Service)> {
    let handle = workspace.coolify.service(uuid);
    let service = handle.get().await?;
    if service.service_type.as_deref().is_some_and(is_allowed) {
        return Ok((handle, service));
    }
    let message = format!("the service {uuid} is not an auth provider");
    Err(Failure::new("out_of_scope", message))
}

async fn types(_: Workspace, _: Nothing) -> Outcome<[&'static str; ALLOWED.len()]> {
    Ok(ALLOWED)
}

async fn list(workspace: Workspace, _: Nothing) -> Outcome<Vec<View>> {
    let services = workspace.coolify.services().list().await?.into_iter();
    let is_provider = |it: &Service| it.service_type.as_deref().is_some_and(is_allowed);
    Ok(services.filter(is_provider).map(View::from).collect())
}

async fn get(workspace: Workspace, it: One) -> Outcome<View> {
    let (_, service) = provider(&workspace, &it.provider).await?;
    Ok(service.into())
}

async fn create(workspace: Workspace, it: Create) -> Outcome<Value> {
    if !is_allowed(&it.kind) {
        let message = format!("there is no auth provider of the type {:?}", it.kind);
        let failure = Failure::new("invalid_arguments", message);
        return Err(failure.hint(format!("use one of {}", ALLOWED.join(", "))));
    }
    let services = workspace.coolify.services();
    let request = services.create_one_click(workspace.place.clone(), it.kind);
    let request = request.name(it.name);
    let Some(longest) = patience(it.wait_seconds, 600) else {
        let created = request.instant_deploy(true).await?;
        return Ok(json!({ "uuid": created.uuid, "domains": created.domains }));
    };
    let created = request.provision().max_wait(longest).await?;
    Ok(json!({ "uuid": created.uuid, "domains": created.domains, "status": created.status }))
}

async fn start(workspace: Workspace, it: Switch) -> Outcome<Status> {
    let (service, _) = provider(&workspace, &it.provider).await?;
    let watch = service.start().await?;
    settle(service.uuid(), watch, it.wait_seconds).await
}

async fn stop(workspace: Workspace, it: Switch) -> Outcome<Status> {
    let (service, _) = provider(&workspace, &it.provider).await?;
    let watch = service.stop().await?;
    settle(service.uuid(), watch, it.wait_seconds).await
}

async fn restart(workspace: Workspace, it: Switch) -> Outcome<Status> {
    let (service, _) = provider(&workspace, &it.provider).await?;
    let watch = service.restart().await?;
    settle(service.uuid(), watch, it.wait_seconds).await
}

async fn delete(workspace: Workspace, it: Delete) -> Outcome<Value> {
    let (service, _) = provider(&workspace, &it.provider).await?;
    let deletion = service.delete_confirmed(it.name, it.volumes.into());
    vanish(deletion.await?, it.wait_seconds).await
}
