//! Databases.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Map, Value, json};

use super::{
    backups,
    call::Call,
    clock,
    engines::{ENGINES, Engine},
    environments,
    job::Job,
    owners::{Kind, Owner},
    placement,
    reply::{Answer, Reply},
    servers,
    state::{State, text, without},
    storages, tags,
    validation::Findings,
};

/// What every engine takes on create and on update.
const SHARED: &[&str] = &[
    "name",
    "description",
    "image",
    "public_port",
    "public_port_timeout",
    "is_public",
    "instant_deploy",
    "limits_memory",
    "limits_memory_swap",
    "limits_memory_swappiness",
    "limits_memory_reservation",
    "limits_cpus",
    "limits_cpuset",
    "limits_cpu_shares",
];

const CREATE_ONLY: &[&str] = &[
    "project_uuid",
    "environment_name",
    "environment_uuid",
    "server_uuid",
    "destination_uuid",
    "tags",
];

const UPDATE_ONLY: &[&str] = &[
    "health_check_enabled",
    "health_check_interval",
    "health_check_timeout",
    "health_check_retries",
    "health_check_start_period",
];

const RUNNING: &str = "running:healthy";
const STOPPED: &str = "exited:unhealthy";

/// A database with what belongs to it alone.
pub(super) struct Database {
    pub(super) row: Value,
    pub(super) engine: &'static Engine,
    pub(super) tags: Vec<String>,
    /// Kept beside the row, where redis has no column for it.
    password: String,
    change: (Job, &'static str),
    deletion: Job,
}

impl Database {
    /// The row with its tags, for assertions.
    pub(super) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["engine"] = self.engine.name.into();
        row["tags"] = self.tags.clone().into();
        row
    }

    /// One request has come: starts, stops, or says that it is to be removed.
    pub(super) fn pass_time(&mut self) -> bool {
        if self.change.0.is_due() {
            self.row["status"] = self.change.1.into();
            if self.change.1 == RUNNING {
                self.row["last_online_at"] = clock::now_plain().into();
            }
        }
        self.deletion.is_due()
    }

    fn is_running(&self) -> bool {
        text(&self.row, "status").starts_with("running")
    }

    fn fill(&mut self, body: &Map<String, Value>) {
        for (field, value) in body {
            if field == "redis_password" {
                value
                    .as_str()
                    .unwrap_or_default()
                    .clone_into(&mut self.password);
            } else if self.row.get(field).is_some() {
                self.row[field] = value.clone();
            }
        }
        self.row["internal_db_url"] = self.url().into();
        self.row["updated_at"] = clock::now().into();
    }

    fn url(&self) -> String {
        let url = self.engine.url.replace("{redis_password}", &self.password);
        let fields = self.row.as_object().into_iter().flatten();
        fields
            .filter_map(|(field, value)| Some((field, value.as_str()?)))
            .fold(url, |url, (field, value)| {
                url.replace(&format!("{{{field}}}"), value)
            })
    }
}

impl State {
    /// A database by its uuid.
    pub(super) fn database(&self, uuid: &str) -> Result<&Database, Reply> {
        self.databases
            .iter()
            .find(|database| database.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Database"))
    }

    /// A database by its uuid, to be changed.
    pub(super) fn database_mut(&mut self, uuid: &str) -> Result<&mut Database, Reply> {
        self.databases
            .iter_mut()
            .find(|database| database.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Database"))
    }
}

/// `GET /databases`.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let by_engine = ENGINES.iter().flat_map(|engine| {
        let databases = state.databases.iter();
        databases.filter(move |database| database.engine.name == engine.name)
    });
    let shown = by_engine
        .map(|database| {
            let mut shown = bare(state, database, call.sensitive, call.sensitive);
            let uuid = text(&database.row, "uuid");
            shown["backup_configs"] = backups::of_database(state, &uuid);
            without(shown, &["id"])
        })
        .collect();
    Ok(Reply::json(200, shown))
}

/// `GET /databases/{uuid}`.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let database = state.database(call.param("uuid"))?;
    let mut shown = bare(state, database, call.sensitive, call.sensitive);
    shown["environment"] = environments::embedded(state, &database.row["environment_id"]);
    Ok(Reply::json(200, without(shown, &["id"])))
}

/// `POST /databases/{engine}`.
pub(super) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let engine = ENGINES
        .iter()
        .find(|engine| engine.name == call.param("engine"))
        .ok_or_else(Reply::no_such_route)?;
    let environment =
        placement::check(state, &body, &[SHARED, CREATE_ONLY, engine.fields].concat())?;
    check_port(&body)?;
    let body = with_plain_configuration(&body)?;
    let uuid = add(state, engine, &environment, &body);
    let mut reply = json!({ "uuid": uuid });
    // Dragonfly's endpoint is the one that leaves the URL out.
    if engine.name != "dragonfly" {
        reply["internal_db_url"] = state.database(&uuid)?.row["internal_db_url"].clone();
    }
    Ok(Reply::json(201, reply))
}

/// `PATCH /databases/{uuid}`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let engine = state.database(call.param("uuid"))?.engine;
    let mut findings = Findings::default();
    findings.allow_only(&body, &[SHARED, UPDATE_ONLY, engine.fields].concat());
    findings.refuse()?;
    check_port(&body)?;
    let body = with_plain_configuration(&body)?;
    state.database_mut(call.param("uuid"))?.fill(&body);
    Ok(Reply::message(200, "Database updated."))
}

/// `DELETE /databases/{uuid}`.
pub(super) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let lag = state.settings.job_lag;
    state.database_mut(call.param("uuid"))?.deletion.queue(lag);
    Ok(Reply::message(200, "Database deletion request queued."))
}

/// `POST /databases/{uuid}/start`.
pub(super) fn start(state: &mut State, call: &Call<'_>) -> Answer {
    if state.database(call.param("uuid"))?.is_running() {
        return Err(Reply::message(400, "Database is already running."));
    }
    change(state, call, RUNNING, "Database starting request queued.")
}

/// `POST /databases/{uuid}/stop`.
pub(super) fn stop(state: &mut State, call: &Call<'_>) -> Answer {
    if !state.database(call.param("uuid"))?.is_running() {
        return Err(Reply::message(400, "Database is already stopped."));
    }
    change(state, call, STOPPED, "Database stopping request queued.")
}

/// `POST /databases/{uuid}/restart`.
pub(super) fn restart(state: &mut State, call: &Call<'_>) -> Answer {
    change(state, call, RUNNING, "Database restarting request queued.")
}

fn change(state: &mut State, call: &Call<'_>, to: &'static str, said: &str) -> Answer {
    let lag = Job::after(state.settings.job_lag);
    state.database_mut(call.param("uuid"))?.change = (lag, to);
    Ok(Reply::message(200, said))
}

/// Adds a database with the volume that it starts with.
pub(super) fn add(
    state: &mut State,
    engine: &'static Engine,
    environment: &Value,
    body: &Map<String, Value>,
) -> String {
    let mut row = state.fresh((engine.form)());
    let uuid = text(&row, "uuid");
    row["environment_id"] = environment.clone();
    row["name"] = format!("{}-database-{uuid}", engine.name).into();
    for field in engine.secrets.iter().filter(|it| it.ends_with("password")) {
        row[*field] = state.mint().into();
    }
    let mut database = Database {
        row,
        engine,
        tags: tags::from_body(state, body),
        password: state.mint(),
        change: (Job::default(), STOPPED),
        deletion: Job::default(),
    };
    database.fill(body);
    if body.get("instant_deploy") == Some(&json!(true)) {
        database.change = (Job::after(state.settings.job_lag), RUNNING);
    }
    state.databases.push(database);
    let owner = Owner {
        kind: Kind::Database,
        uuid: uuid.clone(),
    };
    let volume = format!("{}-data-{uuid}", engine.name);
    storages::add_volume(state, &owner, &volume, engine.data);
    uuid
}

/// As environments and storages embed a database.
pub(super) fn in_environment(state: &State, database: &Database, sensitive: bool) -> Value {
    bare(state, database, sensitive, false)
}

fn bare(state: &State, database: &Database, sensitive: bool, sensitive_server: bool) -> Value {
    let mut shown = database.row.clone();
    if !sensitive {
        shown = without(
            without(shown, database.engine.secrets),
            &["internal_db_url", "external_db_url"],
        );
    }
    shown["destination"] = servers::embedded_destination(state, sensitive_server);
    shown
}

fn check_port(body: &Map<String, Value>) -> Result<(), Reply> {
    match body.get("public_port").and_then(Value::as_u64) {
        Some(port) if !(1024..=65535).contains(&port) => Err(Reply::invalid_field(
            "public_port",
            "The public port should be between 1024 and 65535.",
        )),
        Some(_) | None => Ok(()),
    }
}

/// Configuration files come in base64 and are kept as text.
fn with_plain_configuration(body: &Map<String, Value>) -> Result<Map<String, Value>, Reply> {
    let mut plain = body.clone();
    for (field, value) in plain
        .iter_mut()
        .filter(|(field, _)| field.ends_with("_conf"))
    {
        let Some(encoded) = value.as_str() else {
            continue;
        };
        let text = BASE64
            .decode(encoded)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| {
                let wrong = format!("The {field} should be base64 encoded.");
                Reply::invalid_field(field, &wrong)
            })?;
        *value = text.into();
    }
    Ok(plain)
}
