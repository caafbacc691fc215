//! Auth providers: one-click services, from a list.

use coolify_sdk::domains::Domain;
use coolify_sdk::services::{Service, ServiceHandle};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::{Container, OneDomain, containers, domains_of_service};
use super::domains::DomainArgument;
use super::lifecycle::{Deleted, Settled, Volumes, settle, vanish};
use super::placing::place;
use super::registry::{Nothing, Tools, adds, destroys, reads, sets};
use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

/// The one-click service types that an agent may create. Others can mount the Docker
/// socket.
const ALLOWED: [&str; 7] = [
    "keycloak",
    "keycloak-with-postgres",
    "logto",
    "pocket-id",
    "pocket-id-with-postgresql",
    "pocketbase",
    "supertokens-with-postgresql",
];

/// It mounts the Docker socket, so the operator has to ask for it.
const AUTHENTIK: &str = "authentik";

pub fn register(tools: &mut Tools) {
    tools.add(
        reads(
            "auth_types",
            "List types of auth providers",
            "Lists the types of auth providers that can be created.",
        ),
        types,
    );
    tools.add(
        reads(
            "auth_list",
            "List auth providers",
            "Lists the auth providers of the workspace.",
        ),
        list,
    );
    tools.add(
        reads(
            "auth_get",
            "Show an auth provider",
            "Returns the current state of one auth provider, with its containers.",
        ),
        get,
    );
    tools.add(
        adds(
            "auth_create",
            "Create an auth provider",
            "Creates an auth provider of one of `auth_types` with a domain of the workspace, starts \
             it, and waits until it is healthy.",
        ),
        create,
    );
    tools.add(
        sets(
            "auth_start",
            "Start an auth provider",
            "Starts an auth provider.",
        ),
        start,
    );
    tools.add(
        destroys(
            "auth_stop",
            "Stop an auth provider",
            "Stops an auth provider.",
        ),
        stop,
    );
    tools.add(
        destroys(
            "auth_restart",
            "Restart an auth provider",
            "Restarts an auth provider.",
        ),
        restart,
    );
    tools.add(
        destroys(
            "auth_delete",
            "Delete an auth provider",
            "Deletes an auth provider. Takes its exact name. Its volumes, which hold its users, are \
             kept unless `volumes` is `delete`.",
        ),
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
    /// One of `auth_types`.
    #[serde(rename = "type")]
    kind: String,
    /// Its name.
    name: String,
    /// Its domain. The default is the workspace's domain for its name.
    domain: Option<DomainArgument>,
    /// How many seconds to wait until it is healthy; 0 returns at once. The
    /// default is 45.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Switch {
    /// The auth provider's uuid.
    provider: String,
    /// How many seconds to wait for the new status; 0 returns at once. The
    /// default is 45.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The auth provider's uuid.
    provider: String,
    /// The exact name of the auth provider.
    name: String,
    /// Whether its data is kept or deleted. The default is `keep`.
    #[serde(default)]
    volumes: Volumes,
    /// How many seconds to wait until it is deleted; 0 returns at once. The
    /// default is 45.
    wait_seconds: Option<u64>,
}

#[derive(Serialize, JsonSchema)]
struct Types {
    types: Vec<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct Listed {
    providers: Vec<View>,
}

#[derive(Serialize, JsonSchema)]
struct View {
    uuid: String,
    name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    status: Option<String>,
    domains: Vec<OneDomain>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<Container>,
}

#[derive(Serialize, JsonSchema)]
struct Created {
    #[serde(flatten)]
    settled: Settled,
    domains: Vec<OneDomain>,
    /// What was not done, and how to do it.
    warnings: Vec<String>,
}

impl From<&Service> for View {
    fn from(service: &Service) -> Self {
        Self {
            domains: domains_of_service(service),
            uuid: service.uuid.to_string(),
            name: service.name.clone(),
            kind: service.service_type.clone(),
            status: service.status.as_ref().map(ToString::to_string),
            services: containers(service),
        }
    }
}

/// Returns the types that the workspace allows.
pub fn allowed(workspace: &Workspace) -> Vec<&'static str> {
    let authentik = workspace.authentik.is_some().then_some(AUTHENTIK);
    authentik.into_iter().chain(ALLOWED).collect()
}

/// Returns a service of the project that is an auth provider. Agents cannot reach
/// other services.
async fn provider(workspace: &Workspace, uuid: &str) -> Outcome<(ServiceHandle, Service)> {
    let handle = workspace.coolify.service(uuid);
    let service = handle.get().await?;
    let types = allowed(workspace);
    let is_allowed = |kind: &str| types.contains(&kind);
    if service.service_type.as_deref().is_some_and(is_allowed) {
        return Ok((handle, service));
    }
    let message = format!("the service {uuid} is not an auth provider");
    Err(Failure::fix("out_of_scope", message).hint("`auth_list` lists the auth providers"))
}

async fn types(call: Call, _: Nothing) -> Outcome<Types> {
    Ok(Types {
        types: allowed(&call),
    })
}

async fn list(call: Call, _: Nothing) -> Outcome<Listed> {
    let services = call.coolify.services().list().await?;
    let types = allowed(&call);
    let is_provider = |it: &&Service| {
        it.service_type
            .as_deref()
            .is_some_and(|kind| types.contains(&kind))
    };
    Ok(Listed {
        providers: services
            .iter()
            .filter(is_provider)
            .map(View::from)
            .collect(),
    })
}

async fn get(call: Call, it: One) -> Outcome<View> {
    let (_, service) = provider(&call, &it.provider).await?;
    Ok(View::from(&service))
}

async fn create(call: Call, it: Create) -> Outcome<Created> {
    let types = allowed(&call);
    if !types.contains(&it.kind.as_str()) {
        let message = format!("there is no auth provider of the type {:?}", it.kind);
        let failure = Failure::fix("invalid_arguments", message);
        return Err(failure.hint(format!("use one of {}", types.join(", "))));
    }
    let domain = match &it.domain {
        Some(domain) => Some(domain.check(&call, &it.name)?),
        None => call.terms.domains.default_of(&it.name)?.map(Domain::from),
    };
    // Only this call may create a service that uses the server itself.
    let coolify = match &call.authentik {
        Some(powerful) if it.kind == AUTHENTIK => powerful,
        _ => &call.coolify,
    };
    let request = coolify
        .services()
        .create_one_click(call.place.clone(), it.kind);
    let uuid = request.name(it.name).await?.uuid;
    let known = |failure: Failure| {
        failure.with("created", &uuid).with(
            "created_note",
            "the auth provider exists: do not create it again",
        )
    };
    let handle = call.coolify.service(&uuid);
    let service = handle.get().await.map_err(|error| known(error.into()))?;
    let mut warnings = Vec::new();
    if let Some(domain) = domain {
        match place(&service, &domain) {
            Some(domains) => {
                let set = handle.domains().set(domains).await;
                let report = set.map_err(|error| known(error.into()))?;
                warnings.extend(report.dropped.iter().map(|it| format!("dropped: {it}")));
            }
            None => warnings.push(format!("{domain} was not set: the provider takes none")),
        }
    }
    let watch = handle.start().await.map_err(|error| known(error.into()))?;
    let settled = settle(&call, &uuid, watch, it.wait_seconds)
        .await
        .map_err(known)?;
    let domains = handle
        .domains()
        .list()
        .await
        .map_err(|error| known(error.into()))?;
    Ok(Created {
        settled,
        domains: domains.iter().map(OneDomain::from).collect(),
        warnings,
    })
}

async fn start(call: Call, it: Switch) -> Outcome<Settled> {
    let (service, _) = provider(&call, &it.provider).await?;
    let watch = service.start().await?;
    settle(&call, service.uuid(), watch, it.wait_seconds).await
}

async fn stop(call: Call, it: Switch) -> Outcome<Settled> {
    let (service, _) = provider(&call, &it.provider).await?;
    let watch = service.stop().await?;
    settle(&call, service.uuid(), watch, it.wait_seconds).await
}

async fn restart(call: Call, it: Switch) -> Outcome<Settled> {
    let (service, _) = provider(&call, &it.provider).await?;
    let watch = service.restart().await?;
    settle(&call, service.uuid(), watch, it.wait_seconds).await
}

async fn delete(call: Call, it: Delete) -> Outcome<Deleted> {
    let (service, _) = provider(&call, &it.provider).await?;
    let deletion = service.delete_confirmed(it.name, it.volumes.into());
    vanish(deletion.await?, it.volumes, it.wait_seconds).await
}
