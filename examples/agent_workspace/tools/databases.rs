//! Databases of all engines. Their passwords are never shown: `envs.connect`
//! gives an application the connection URL.

use coolify_sdk::databases::{BackupPlan, Database, ProvisionedDatabase};
use coolify_sdk::{ResourceStatus, Uuid};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::lifecycle::{Status, Volumes, settle, vanish};
use super::{Nothing, Tools};
use crate::failure::Outcome;
use crate::workspace::{Workspace, patience};

pub fn register(tools: &mut Tools) {
    tools.add(
        "databases.list",
        "Lists the databases of the workspace.",
        list,
    );
    tools.add(
        "databases.get",
        "Returns the current state of one database.",
        get,
    );
    tools.add(
        "databases.create",
        "Creates a database and waits until it is healthy. Users and passwords are generated: \
         `envs.connect` gives its URL to an application.",
        create,
    );
    tools.add("databases.start", "Starts a database.", start);
    tools.add("databases.stop", "Stops a database.", stop);
    tools.add("databases.restart", "Restarts a database.", restart);
    tools.add(
        "databases.delete",
        "Deletes a database. Takes its exact name, and whether to keep its volumes, which hold the data.",
        delete,
    );
}

/// The arguments of a tool for one database.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct One {
    /// The database's uuid.
    pub database: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Engine {
    Postgresql,
    Mysql,
    Mariadb,
    Mongodb,
    Clickhouse,
    Redis,
    Keydb,
    Dragonfly,
}

/// It does not take `is_public` or a port, which would be a port of the server,
/// nor an image or limits: see [`crate::settings`].
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// The engine.
    engine: Engine,
    /// Its name.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Backups on the server: not for `redis`, `keydb` and `dragonfly`.
    backup: Option<Backup>,
    /// How many seconds to wait until it is healthy; 0 returns at once. The
    /// default is 300.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Backup {
    /// A cron expression, or hourly, daily, weekly, monthly or yearly.
    frequency: String,
    /// After how many days a backup file is deleted; they are kept if it is not
    /// set.
    keep_days: Option<u16>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Switch {
    /// The database's uuid.
    database: String,
    /// How many seconds to wait for the new status; 0 returns at once. The
    /// default is 300.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The database's uuid.
    database: String,
    /// The exact name of the database.
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
    description: Option<String>,
    engine: String,
    image: Option<String>,
    status: Option<ResourceStatus>,
    public: bool,
}

impl From<Database> for View {
    fn from(database: Database) -> Self {
        let engine = database.engine.as_str();
        Self {
            engine: engine.trim_start_matches("standalone-").to_owned(),
            uuid: database.uuid,
            name: database.name,
            description: database.description,
            image: database.image,
            status: database.status,
            public: database.is_public.unwrap_or(false),
        }
    }
}

async fn list(workspace: Workspace, _: Nothing) -> Outcome<Vec<View>> {
    let databases = workspace.coolify.databases().list().await?;
    Ok(databases.into_iter().map(View::from).collect())
}

async fn get(workspace: Workspace, it: One) -> Outcome<View> {
    Ok(workspace.coolify.database(it.database).get().await?.into())
}

async fn create(workspace: Workspace, it: Create) -> Outcome<Value> {
    let place = workspace.place.clone();
    let databases = workspace.coolify.databases();
    // The eight bodies are different types with these fields in common.
    macro_rules! provision {
        ($create:ident) => {{
            let mut request = databases.$create(place).name(it.name).instant_deploy(true);
            if let Some(description) = it.description {
                request = request.description(description);
            }
            let mut flow = request.provision();
            if let Some(backup) = it.backup {
                let plan = BackupPlan::local(backup.frequency);
                flow = flow.backup(match backup.keep_days {
                    Some(days) => plan.keep_days(days.into()),
                    None => plan,
                });
            }
            if let Some(longest) = patience(it.wait_seconds, 300) {
                flow = flow.until_healthy().max_wait(longest);
            }
            flow.await?
        }};
    }
    let created: ProvisionedDatabase = match it.engine {
        Engine::Postgresql => provision!(create_postgresql),
        Engine::Mysql => provision!(create_mysql),
        Engine::Mariadb => provision!(create_mariadb),
        Engine::Mongodb => provision!(create_mongodb),
        Engine::Clickhouse => provision!(create_clickhouse),
        Engine::Redis => provision!(create_redis),
        Engine::Keydb => provision!(create_keydb),
        Engine::Dragonfly => provision!(create_dragonfly),
    };
    Ok(json!({
        "uuid": created.uuid,
        "status": created.status,
        "backups": created.backups,
    }))
}

async fn start(workspace: Workspace, it: Switch) -> Outcome<Status> {
    let database = workspace.coolify.database(it.database);
    let watch = database.start().await?;
    settle(database.uuid(), watch, it.wait_seconds).await
}

async fn stop(workspace: Workspace, it: Switch) -> Outcome<Status> {
    let database = workspace.coolify.database(it.database);
    let watch = database.stop().await?;
    settle(database.uuid(), watch, it.wait_seconds).await
}

async fn restart(workspace: Workspace, it: Switch) -> Outcome<Status> {
    let database = workspace.coolify.database(it.database);
    let watch = database.restart().await?;
    settle(database.uuid(), watch, it.wait_seconds).await
}

async fn delete(workspace: Workspace, it: Delete) -> Outcome<Value> {
    let database = workspace.coolify.database(it.database);
    let deletion = database.delete_confirmed(it.name, it.volumes.into());
    vanish(deletion.await?, it.wait_seconds).await
}
