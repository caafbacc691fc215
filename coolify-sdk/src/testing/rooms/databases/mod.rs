//! Databases.

pub(super) mod backups;
mod fields;

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{
        Answer, Call, Release, Reply,
        php::{self, is_truthy},
    },
    rooms::{
        Does::Run,
        Routes,
        databases::fields::{COLUMNS, SHARED, UPDATED, of_engine, shown_image},
        embedded, placement, storages, tags,
    },
    state::{
        Database, Job, Kind, Log, Owner, Page, Place, State, clock,
        database::{RUNNING, STOPPED},
        engines::{ENGINES, Engine},
        text, without,
    },
    validation::{
        Findings, encoded, hold,
        rules::{self, Field},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-databases", Run(list)),
    ("create-database-postgresql", Run(create)),
    ("create-database-mysql", Run(create)),
    ("create-database-mariadb", Run(create)),
    ("create-database-mongodb", Run(create)),
    ("create-database-redis", Run(create)),
    ("create-database-keydb", Run(create)),
    ("create-database-dragonfly", Run(create)),
    ("create-database-clickhouse", Run(create)),
    ("create-database-sqlite", Run(create)),
    ("get-database-by-uuid", Run(get)),
    ("update-database-by-uuid", Run(update)),
    ("delete-database-by-uuid", Run(delete)),
    ("get-database-logs-by-uuid", Run(logs)),
    ("start-database-by-uuid", Run(start)),
    ("restart-database-by-uuid", Run(restart)),
    ("stop-database-by-uuid", Run(stop)),
];

/// The first version whose list of databases is complete.
const ALL_SINCE: &str = "4.3.3";

impl Database {
    fn fill(&mut self, body: &Map<String, Value>) -> Result<(), Reply> {
        for (field, value) in body {
            if field == "redis_password" {
                value
                    .as_str()
                    .unwrap_or_default()
                    .clone_into(&mut self.password);
            } else if let ("image", Some(image)) = (field.as_str(), value.as_str()) {
                let image = shown_image(image).into();
                COLUMNS.write(&mut self.row, field, &image)?;
            } else if self.row.get(field).is_some() {
                COLUMNS.write(&mut self.row, field, value)?;
            }
        }
        self.settle_url();
        self.row["updated_at"] = clock::now().into();
        Ok(())
    }

    /// Writes the URL, which contains the uuid and the password.
    fn settle_url(&mut self) {
        if self.engine.has_port() {
            self.row["internal_db_url"] = self.url().into();
        }
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

/// `GET /databases`.
pub(in crate::testing) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let shown = listed(state)
        .into_iter()
        .map(|database| {
            let mut shown =
                embedded::plain_database(state, database, call.sensitive, call.sensitive);
            let uuid = text(&database.row, "uuid");
            shown["backup_configs"] = backups::of_database(state, &uuid);
            without(shown, &["id"])
        })
        .collect();
    Ok(Reply::json(200, shown))
}

/// Returns the databases grouped by engine. Ids are only unique within an engine,
/// and older versions return only the last of several databases with the same id.
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
pub(in crate::testing) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let database = state.database(call.param("uuid"))?;
    let mut shown = embedded::plain_database(state, database, call.sensitive, call.sensitive);
    if state.release().has("4.2.0") {
        shown["environment"] = embedded::environment(state, &database.row["environment_id"]);
    }
    Ok(Reply::json(200, without(shown, &["id"])))
}

/// `POST /databases/{engine}`.
pub(in crate::testing) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let engine = ENGINES
        .iter()
        .find(|engine| engine.name == call.last_segment())
        .ok_or_else(Reply::no_such_route)?;
    let release = state.release();
    let own = of_engine(engine);
    refuse_unknown(&body, release)?;
    if !engine.has_port() {
        refuse_ports(&body)?;
    }
    let place = placement::find(state, &body)?;
    refuse_taken_port(state, &body, None)?;
    tags::check_names(&body)?;
    check_port(&body)?;
    let mut findings = Findings::default();
    findings.check(&body, &own, state);
    findings.allow_only(&body, &allowed(&own, release));
    findings.refuse()?;
    let mut body = with_plain_configuration(&body)?;
    if body.get("is_public").is_some_and(is_truthy)
        && !body.get("public_port").is_some_and(is_truthy)
    {
        body.insert("is_public".to_owned(), false.into());
    }
    let uuid = add(state, engine, &place, &body)?;
    let mut reply = json!({ "uuid": uuid });
    // Dragonfly has a URL, which this endpoint does not return.
    if engine.has_port() && engine.name != "dragonfly" {
        reply["internal_db_url"] = state.database(&uuid)?.row["internal_db_url"].clone();
    }
    Ok(Reply::json(201, reply))
}

/// `PATCH /databases/{uuid}`.
pub(in crate::testing) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let engine = state.database(call.param("uuid"))?.engine;
    if !engine.has_port() {
        refuse_ports(&body)?;
    }
    let mut findings = Findings::default();
    findings.check(&body, SHARED, state);
    findings.refuse()?;
    refuse_taken_port(state, &body, Some(call.param("uuid")))?;
    let body = with_plain_configuration(&body)?;
    hold(
        &body,
        &[SHARED, UPDATED, &of_engine(engine)].concat(),
        state,
    )?;
    state.database_mut(call.param("uuid"))?.fill(&body)?;
    Ok(Reply::message(200, "Database updated."))
}

/// `DELETE /databases/{uuid}`.
pub(in crate::testing) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let lag = state.settings.job_lag;
    state.database_mut(call.param("uuid"))?.deletion.queue(lag);
    Ok(Reply::message(200, "Database deletion request queued."))
}

/// `POST /databases/{uuid}/start`.
pub(in crate::testing) fn start(state: &mut State, call: &Call<'_>) -> Answer {
    if state.database(call.param("uuid"))?.is_running() {
        return Err(Reply::message(400, "Database is already running."));
    }
    refuse_busy(state, call)?;
    change(state, call, RUNNING, "Database starting request queued.")
}

/// `POST /databases/{uuid}/stop`.
pub(in crate::testing) fn stop(state: &mut State, call: &Call<'_>) -> Answer {
    if !state.database(call.param("uuid"))?.is_running() {
        return Err(Reply::message(400, "Database is already stopped."));
    }
    change(state, call, STOPPED, "Database stopping request queued.")
}

/// `POST /databases/{uuid}/restart`.
pub(in crate::testing) fn restart(state: &mut State, call: &Call<'_>) -> Answer {
    refuse_busy(state, call)?;
    change(state, call, RUNNING, "Database restarting request queued.")
}

/// `GET /databases/{uuid}/logs`.
pub(in crate::testing) fn logs(state: &mut State, call: &Call<'_>) -> Answer {
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

/// Adds a database with its initial volume.
pub(in crate::testing) fn add(
    state: &mut State,
    engine: &'static Engine,
    place: &Place,
    body: &Map<String, Value>,
) -> Result<String, Reply> {
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
    database.fill(body)?;
    if body.get("instant_deploy") == Some(&json!(true)) {
        database.change = (Job::after(state.settings.job_lag), RUNNING);
    }
    install(state, database);
    Ok(uuid)
}

/// Adds a stopped copy of a database, and returns its uuid.
pub(in crate::testing) fn copy(
    state: &mut State,
    engine: &'static Engine,
    original: Value,
) -> String {
    let mut row = state.fresh(original);
    row["status"] = STOPPED.into();
    let uuid = text(&row, "uuid");
    let mut database = Database {
        row,
        engine,
        tags: Vec::new(),
        password: state.mint(),
        change: (Job::default(), STOPPED),
        deletion: Job::default(),
        log: Log::default(),
    };
    database.settle_url();
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
    for (name, path) in engine.volumes {
        storages::add_volume(state, &owner, &format!("{name}-{uuid}"), path);
    }
}

/// Refuses fields that no engine has. This is checked first, and the reply only
/// lists them.
fn refuse_unknown(body: &Map<String, Value>, release: Release) -> Result<(), Reply> {
    let of_all = ENGINES.iter().flat_map(of_engine).collect::<Vec<_>>();
    let allowed = allowed(&of_all, release);
    let unknown = body.keys().filter(|it| !allowed.contains(&it.as_str()));
    let unknown: Vec<&String> = unknown.collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Reply::invalid(json!(unknown)))
}

fn allowed(own: &[Field], release: Release) -> Vec<&'static str> {
    [
        placement::fields(release),
        rules::known(SHARED, release),
        rules::known(own, release),
    ]
    .concat()
}

/// Returns the refusal of what cannot be done while a start, a restart or an import
/// goes on.
pub(in crate::testing) fn is_busy() -> Reply {
    Reply::message(
        409,
        "Another start, restart or import of this database is already in progress.",
    )
}

/// Refuses a start or a restart meanwhile. Older versions carry it out.
fn refuse_busy(state: &State, call: &Call<'_>) -> Result<(), Reply> {
    let database = state.database(call.param("uuid"))?;
    let is_starting = database.change.0.waits() && database.change.1 == RUNNING;
    if state.release().has("4.4.0") && (is_starting || state.is_importing(call.param("uuid"))) {
        return Err(is_busy());
    }
    Ok(())
}

/// Refuses the fields of an engine that listens on a port.
fn refuse_ports(body: &Map<String, Value>) -> Result<(), Reply> {
    let mut findings = Findings::default();
    for field in ["is_public", "public_port", "public_port_timeout"] {
        if body.contains_key(field) {
            findings.add(field, "This field is not allowed.");
        }
    }
    findings.refuse()
}

/// Only creating checks the range of the port.
fn check_port(body: &Map<String, Value>) -> Result<(), Reply> {
    let port = body.get("public_port").filter(|port| is_truthy(port));
    let is_one =
        |port: &Value| php::number(port).is_some_and(|port| (1024.0..=65535.0).contains(&port));
    match port {
        Some(port) if !is_one(port) => Err(Reply::invalid_field(
            "public_port",
            "The public port should be between 1024 and 65535.",
        )),
        Some(_) | None => Ok(()),
    }
}

/// Refuses a port that another public database of the server has.
fn refuse_taken_port(
    state: &State,
    body: &Map<String, Value>,
    but: Option<&str>,
) -> Result<(), Reply> {
    let port = body.get("public_port").filter(|port| is_truthy(port));
    let is_public = body.get("is_public").is_some_and(is_truthy);
    let Some(port) = port.filter(|_| is_public) else {
        return Ok(());
    };
    let is_taken = |it: &Database| {
        but.is_none_or(|uuid| it.row["uuid"] != uuid)
            && it.row["is_public"] == true
            && php::text(&it.row["public_port"]) == php::text(port)
    };
    if state.databases.iter().any(is_taken) {
        return Err(Reply::message(
            400,
            "Public port already used by another database.",
        ));
    }
    Ok(())
}

/// Decodes configuration files, which are sent as base64 and stored as text.
fn with_plain_configuration(body: &Map<String, Value>) -> Result<Map<String, Value>, Reply> {
    let mut plain = body.clone();
    let files = plain
        .iter_mut()
        .filter(|(field, _)| field.ends_with("_conf"));
    for (field, value) in files {
        let text = value.as_str().and_then(encoded::text).ok_or_else(|| {
            let wrong = format!("The {field} should be base64 encoded.");
            Reply::invalid_field(field, &wrong)
        })?;
        *value = text.into();
    }
    Ok(plain)
}
