//! Applications: list, inspect, stop and delete them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::{App, OneApp, View, is_compose};
use super::lifecycle::{Deleted, Settled, Volumes, settle, vanish};
use super::registry::{Nothing, Tools, destroys, reads};
use crate::call::Call;
use crate::failure::Outcome;

pub fn register(tools: &mut Tools) {
    tools.add(
        reads(
            "apps_list",
            "List applications",
            "Lists the applications of the workspace, also those made of a compose file.",
        ),
        list,
    );
    tools.add(
        reads(
            "apps_get",
            "Show an application",
            "Returns the current state of one application, with the containers of a compose file.",
        ),
        get,
    );
    tools.add(
        destroys("apps_stop", "Stop an application", "Stops an application."),
        stop,
    );
    tools.add(
        destroys(
            "apps_delete",
            "Delete an application",
            "Deletes an application. Takes its exact name. Its volumes are kept unless `volumes` \
             is `delete`.",
        ),
        delete,
    );
}

#[derive(Serialize, JsonSchema)]
struct Listed {
    applications: Vec<View>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Stop {
    /// The application's uuid.
    app: String,
    /// How many seconds to wait until it has stopped; 0 returns at once. The
    /// default is 45.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The application's uuid.
    app: String,
    /// The exact name of the application.
    name: String,
    /// Whether its data is kept or deleted. The default is `keep`.
    #[serde(default)]
    volumes: Volumes,
    /// How many seconds to wait until it is deleted; 0 returns at once. The
    /// default is 45.
    wait_seconds: Option<u64>,
}

async fn list(call: Call, _: Nothing) -> Outcome<Listed> {
    let applications = call.coolify.applications().list().await?;
    let services = call.coolify.services().list().await?;
    let applications = applications.iter().map(View::from);
    let compose = services.iter().filter(|it| is_compose(it)).map(View::from);
    Ok(Listed {
        applications: applications.chain(compose).collect(),
    })
}

async fn get(call: Call, it: OneApp) -> Outcome<View> {
    Ok(App::find(&call, &it.app).await?.view())
}

async fn stop(call: Call, it: Stop) -> Outcome<Settled> {
    let app = App::find(&call, &it.app).await?;
    let watch = match &app {
        App::Application(handle, _) => handle.stop().await?,
        App::Compose(handle, _) => handle.stop().await?,
    };
    settle(&call, app.uuid(), watch, it.wait_seconds).await
}

async fn delete(call: Call, it: Delete) -> Outcome<Deleted> {
    let app = App::find(&call, &it.app).await?;
    let volumes = it.volumes;
    let (deletion, key) = match &app {
        App::Application(handle, application) => {
            let key = call.deploy_keys.of(application).await?;
            (handle.delete_confirmed(it.name, volumes.into()).await?, key)
        }
        App::Compose(handle, _) => (
            handle.delete_confirmed(it.name, volumes.into()).await?,
            None,
        ),
    };
    let deleted = vanish(deletion, volumes, it.wait_seconds).await?;
    if let Some(key) = key {
        call.deploy_keys.withdraw(&key).await;
    }
    Ok(deleted)
}
