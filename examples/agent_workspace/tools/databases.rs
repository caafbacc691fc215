//! Databases of all engines. Their passwords and URLs are never shown: `envs_connect`
//! gives an application the connection URL.

use coolify_sdk::Uuid;
use coolify_sdk::databases::{Database, Engine as SdkEngine};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lifecycle::{Deleted, Settled, Volumes, settle, vanish};
use super::registry::{Nothing, Tools, adds, destroys, reads, sets};
use crate::call::Call;
use crate::failure::{Failure, Outcome};

pub fn register(tools: &mut Tools) {
    tools.add(
        reads(
            "databases_list",
            "List databases",
            "Lists the databases of the workspace.",
        ),
        list,
    );
    tools.add(
        reads(
            "databases_get",
            "Show a database",
            "Returns the current state of one database.",
        ),
        get,
    );
    tools.add(
        adds(
            "databases_create",
            "Create a database",
            "Creates a database, starts it, and waits until it is healthy. Users and passwords are \
             generated and never shown: `envs_connect` gives the URL to an application, or pass \
             `connect` here.",
        ),
        create,
    );
    tools.add(
        sets(
            "databases_update",
            "Change a database",
            "Changes the name or description of a database.",
        ),
        update,
    );
    tools.add(
        sets("databases_start", "Start a database", "Starts a database."),
        start,
    );
    tools.add(
        destroys("databases_stop", "Stop a database", "Stops a database."),
        stop,
    );
    tools.add(
        destroys(
            "databases_restart",
            "Restart a database",
            "Restarts a database.",
        ),
        restart,
    );
    tools.add(
        destroys(
            "databases_delete",
            "Delete a database",
            "Deletes a database. Takes its exact name. Its volumes, which hold the data, are kept \
             unless `volumes` is `delete`.",
        ),
        delete,
    );
}

/// The arguments of a tool for one database.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OneDatabase {
    /// The database's uuid.
    pub database: String,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
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
    /// An application whose variable gets the connection URL.
    connect: Option<Connect>,
    /// How many seconds to wait until it is healthy; 0 returns at once. The
    /// default is 45.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Connect {
    /// The application's uuid.
    app: String,
    /// The name of the application's variable. The default is `DATABASE_URL`.
    key: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Update {
    /// The database's uuid.
    database: String,
    /// Its new name.
    name: Option<String>,
    /// What it is for.
    description: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Switch {
    /// The database's uuid.
    database: String,
    /// How many seconds to wait for the new status; 0 returns at once. The
    /// default is 45.
    wait_seconds: Option<u64>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The database's uuid.
    database: String,
    /// The exact name of the database.
    name: String,
    /// Whether its data is kept or deleted. The default is `keep`.
    #[serde(default)]
    volumes: Volumes,
    /// How many seconds to wait until it is deleted; 0 returns at once. The
    /// default is 45.
    wait_seconds: Option<u64>,
}

#[derive(Serialize, JsonSchema)]
struct Listed {
    databases: Vec<View>,
}

#[derive(Serialize, JsonSchema)]
pub struct View {
    uuid: String,
    name: String,
    description: Option<String>,
    engine: String,
    image: Option<String>,
    /// Coolify's status, such as `running:healthy`.
    status: Option<String>,
    /// Whether it can be reached from the internet.
    public: bool,
}

#[derive(Serialize, JsonSchema)]
struct Created {
    #[serde(flatten)]
    settled: Settled,
    /// The variable of the application that has the connection URL.
    connected: Option<String>,
}

impl From<&Database> for View {
    fn from(database: &Database) -> Self {
        let engine = database.engine.as_str();
        Self {
            engine: engine.trim_start_matches("standalone-").to_owned(),
            uuid: database.uuid.to_string(),
            name: database.name.clone(),
            description: database.description.clone(),
            image: database.image.clone(),
            status: database.status.as_ref().map(ToString::to_string),
            public: database.is_public.unwrap_or(false),
        }
    }
}

async fn list(call: Call, _: Nothing) -> Outcome<Listed> {
    let databases = call.coolify.databases().list().await?;
    Ok(Listed {
        databases: databases.iter().map(View::from).collect(),
    })
}

async fn get(call: Call, it: OneDatabase) -> Outcome<View> {
    let database = call.coolify.database(it.database).get().await?;
    Ok(View::from(&database))
}

async fn create(call: Call, it: Create) -> Outcome<Created> {
    let connect = match it.connect {
        Some(Connect { app, key }) => {
            let key = key.unwrap_or_else(|| "DATABASE_URL".to_owned());
            super::envs::check_keys([&key])?;
            // Checked before the database is created.
            super::app::App::find(&call, &app).await?;
            Some((app, key))
        }
        None => None,
    };
    let place = call.place.clone();
    let databases = call.coolify.databases();
    // The eight bodies are different types with these fields in common.
    macro_rules! create {
        ($create:ident) => {{
            let mut request = databases.$create(place).name(it.name).instant_deploy(true);
            if let Some(description) = it.description {
                request = request.description(description);
            }
            request.await?.uuid
        }};
    }
    let uuid: Uuid = match it.engine {
        Engine::Postgresql => create!(create_postgresql),
        Engine::Mysql => create!(create_mysql),
        Engine::Mariadb => create!(create_mariadb),
        Engine::Mongodb => create!(create_mongodb),
        Engine::Clickhouse => create!(create_clickhouse),
        Engine::Redis => create!(create_redis),
        Engine::Keydb => create!(create_keydb),
        Engine::Dragonfly => create!(create_dragonfly),
    };
    let known = |failure: Failure| failure.with("created", &uuid);
    let mut connected = None;
    if let Some((app, key)) = connect {
        let wired = super::envs::wire(&call, &app, &key, uuid.as_str()).await;
        wired.map_err(known)?;
        connected = Some(key);
    }
    let watch = call.coolify.database(&uuid).until_healthy();
    let settled = settle(&call, &uuid, watch, it.wait_seconds).await;
    Ok(Created {
        settled: settled.map_err(known)?,
        connected,
    })
}

async fn update(call: Call, it: Update) -> Outcome<View> {
    let handle = call.coolify.database(&it.database);
    let engine = handle.get().await?.engine;
    // The eight bodies are different types with these fields in common.
    macro_rules! update {
        ($update:ident) => {{
            let mut request = handle.$update();
            if let Some(name) = it.name {
                request = request.name(name);
            }
            if let Some(description) = it.description {
                request = request.description(description);
            }
            request.await?;
        }};
    }
    match engine {
        SdkEngine::Postgresql(_) => update!(update_postgresql),
        SdkEngine::Mysql(_) => update!(update_mysql),
        SdkEngine::Mariadb(_) => update!(update_mariadb),
        SdkEngine::Mongodb(_) => update!(update_mongodb),
        SdkEngine::Clickhouse(_) => update!(update_clickhouse),
        SdkEngine::Redis(_) => update!(update_redis),
        SdkEngine::Keydb(_) => update!(update_keydb),
        SdkEngine::Dragonfly(_) => update!(update_dragonfly),
        other => {
            let message = format!(
                "databases of the engine {} cannot be changed",
                other.as_str()
            );
            return Err(Failure::stop("unsupported", message));
        }
    }
    Ok(View::from(&handle.get().await?))
}

async fn start(call: Call, it: Switch) -> Outcome<Settled> {
    let database = call.coolify.database(it.database);
    let watch = database.start().await?;
    settle(&call, database.uuid(), watch, it.wait_seconds).await
}

async fn stop(call: Call, it: Switch) -> Outcome<Settled> {
    let database = call.coolify.database(it.database);
    let watch = database.stop().await?;
    settle(&call, database.uuid(), watch, it.wait_seconds).await
}

async fn restart(call: Call, it: Switch) -> Outcome<Settled> {
    let database = call.coolify.database(it.database);
    let watch = database.restart().await?;
    settle(&call, database.uuid(), watch, it.wait_seconds).await
}

async fn delete(call: Call, it: Delete) -> Outcome<Deleted> {
    let database = call.coolify.database(it.database);
    let deletion = database.delete_confirmed(it.name, it.volumes.into());
    vanish(deletion.await?, it.volumes, it.wait_seconds).await
}
