//! Databases.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Map, Value, json};

use super::{
    backups,
    call::Call,
    clock, destinations,
    engines::{ENGINES, Engine},
    environments,
    job::Job,
    logs::{Log, Page},
    owners::{Kind, Owner},
    placement::{self, Place},
    reply::{Answer, Reply},
    routes::{Does::Run, Routes},
    state::{State, text, without},
    storages, tags,
    validation::Findings,
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("list-databases", Run(list)),
    ("create-database-postgresql", Run(create)),
    ("create-database-mysql", Run(create)),
    ("create-database-mariadb", Run(create)),
    ("create-database-mongodb", Run(create)),
    ("create-database-redis", Run(create)),
    ("create-database-keydb", Run(create)),
    ("create-database-dragonfly", Run(create)),
    ("create-database-clickhouse", Run(create)),
    ("get-database-by-uuid", Run(get)),
    ("update-database-by-uuid", Run(update)),
    ("delete-database-by-uuid", Run(delete)),
    ("get-database-logs-by-uuid", Run(logs)),
    ("start-database-by-uuid", Run(start)),
    ("restart-database-by-uuid", Run(restart)),
    ("stop-database-by-uuid", Run(stop)),
];

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

const UPDATE_ONLY: &[&str] = &[
    "health_check_enabled",
    "health_check_interval",
    "health_check_timeout",
    "health_check_retries",
    "health_check_start_period",
];

/// Since when the list of databases loses none.
const ALL_SINCE: &str = "4.3.3";

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
    log: Log,
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
    let shown = listed(state)
        .into_iter()
        .map(|database| {
            let mut shown = bare(state, database, call.sensitive, call.sensitive);
            let uuid = text(&database.row, "uuid");
            shown["backup_configs"] = backups::of_database(state, &uuid);
            without(shown, &["id"])
        })
        .collect();
    Ok(Reply::json(200, shown))
}

/// The databases by their engines. Each engine counts its ids for itself, and older
/// versions keep only the last database of those that have the same id.
fn listed(state: &State) -> Vec<&Database> {
    let mut listed: Vec<(usize, &Database)> = Vec::new();
    let has_all = state.release().has(ALL_SINCE);
    for engine in &ENGINES {
        let databases = state.databases.iter();
        let of_engine = databases.filter(|database| database.engine.name == engine.name);
        for (id, database) in of_engine.enumerate() {
            match listed
                .iter_mut()
                .find(|(other, _)| !has_all && *other == id)
            {
                Some(entry) => entry.1 = database,
                None => listed.push((id, database)),
            }
        }
    }
    listed.into_iter().map(|(_, database)| database).collect()
}

/// `GET /databases/{uuid}`.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let database = state.database(call.param("uuid"))?;
    let mut shown = bare(state, database, call.sensitive, call.sensitive);
    if state.release().has("4.2.0") {
        shown["environment"] = environments::embedded(state, &database.row["environment_id"]);
    }
    Ok(Reply::json(200, without(shown, &["id"])))
}

/// `POST /databases/{engine}`.
pub(super) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let engine = ENGINES
        .iter()
        .find(|engine| engine.name == call.last_segment())
        .ok_or_else(Reply::no_such_route)?;
    let place = placement::check(state, &body, &[SHARED, engine.fields].concat())?;
    check_port(&body)?;
    let body = with_plain_configuration(&body)?;
    let uuid = add(state, engine, &place, &body);
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

/// `GET /databases/{uuid}/logs`.
pub(super) fn logs(state: &mut State, call: &Call<'_>) -> Answer {
    let page = Page::of(state, call);
    let database = state.database_mut(call.param("uuid"))?;
    if !database.is_running() {
        return Err(Reply::message(400, "Database is not running."));
    }
    let name = text(&database.row, "name");
    Ok(Reply::json(200, database.log.shown(&name, page)))
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
    place: &Place,
    body: &Map<String, Value>,
) -> String {
    let mut row = state.fresh((engine.form)());
    let uuid = text(&row, "uuid");
    place.settle(&mut row);
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
        log: Log::default(),
    };
    database.fill(body);
    if body.get("instant_deploy") == Some(&json!(true)) {
        database.change = (Job::after(state.settings.job_lag), RUNNING);
    }
    install(state, database);
    uuid
}

/// Adds a stopped copy of a database; gives its uuid.
pub(super) fn copy(state: &mut State, engine: &'static Engine, original: Value) -> String {
    let mut row = state.fresh(original);
    row["status"] = STOPPED.into();
    let uuid = text(&row, "uuid");
    let database = Database {
        row,
        engine,
        tags: Vec::new(),
        password: state.mint(),
        change: (Job::default(), STOPPED),
        deletion: Job::default(),
        log: Log::default(),
    };
    install(state, database);
    uuid
}

fn install(state: &mut State, database: Database) {
    let uuid = text(&database.row, "uuid");
    let engine = database.engine;
    state.databases.push(database);
    let owner = Owner {
        kind: Kind::Database,
        uuid: uuid.clone(),
    };
    let volume = format!("{}-data-{uuid}", engine.name);
    storages::add_volume(state, &owner, &volume, engine.data);
}

/// As environments and storages embed a database.
pub(super) fn in_environment(state: &State, database: &Database, sensitive: bool) -> Value {
    let sensitive = sensitive || !state.withholds_everywhere();
    bare(state, database, sensitive, false)
}

fn bare(state: &State, database: &Database, sensitive: bool, sensitive_server: bool) -> Value {
    let mut shown = database.row.clone();
    if !sensitive {
        let of_engine = database.engine.secrets.iter();
        // Scripts were no secret before 4.2.0.
        let is_secret = |field: &&&str| state.withholds_everywhere() || **field != "init_scripts";
        let of_engine: Vec<&str> = of_engine.filter(is_secret).copied().collect();
        shown = without(
            without(shown, &of_engine),
            &["internal_db_url", "external_db_url"],
        );
    }
    shown["destination"] =
        destinations::embedded(state, &database.row["destination_id"], sensitive_server);
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
