//! Imports of dumps into databases, and into those of services. They are known from
//! Coolify's source.

mod uploads;

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply, php},
    rooms::{Does::Run, Routes, databases, services::parts},
    state::{Import, Job, State, find, text, without},
    validation::{
        Findings, hosts, is_blank,
        rules::{self, Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("create-database-import", Run(create)),
    ("get-database-import", Run(get)),
    ("upload-database-import", Run(uploads::upload)),
    ("create-service-database-import", Run(create)),
    ("get-service-database-import", Run(get)),
    ("upload-service-database-import", Run(uploads::upload)),
];

const NEW: &[Field] = &[
    (
        "source",
        &[Rule::Required, Rule::OneOf(&["upload", "s3", "server"])],
    ),
    ("upload_id", &[Rule::Is(is_upload_id)]),
    ("s3_storage_uuid", &[Rule::Text]),
    ("path", &[Rule::Text, Rule::Max(4096)]),
    ("dump_all", &[Rule::Switch]),
    ("replace_existing", &[Rule::Switch]),
    ("keep_owners", &[Rule::Switch]),
    ("restore_mysql_users", &[Rule::Switch]),
    (
        "sqlite_database",
        &[Rule::Nullable, Rule::Text, Rule::Max(255)],
    ),
];

/// The fields that depend on the source, and the sources that need them.
const OF_SOURCES: &[(&str, &[&str])] = &[
    ("upload_id", &["upload"]),
    ("s3_storage_uuid", &["s3"]),
    ("path", &["s3", "server"]),
];

/// The characters that a path may not have.
const FORBIDDEN: &str = "$()`|;&><\r\n\0'\"\\";

php::patterns! {
    is_upload_id = r"(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
}

/// The database of a path.
struct Target {
    uuid: String,
    /// The engine, or the image of a service's database.
    kind: String,
    is_running: bool,
    /// Whether a start or a restart waits.
    is_starting: bool,
    /// The files of a `sqlite` database.
    files: Vec<String>,
}

/// `POST …/imports`.
fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let target = target(state, call)?;
    let body = call.body();
    let body = body.as_object().cloned().unwrap_or_default();
    check(state, &body)?;
    check_target(state, &target, &body)?;
    let source = php::text(&body["source"]);
    let path = body.get("path").and_then(Value::as_str).unwrap_or_default();
    match source.as_str() {
        "upload" => take_upload(state, &target, &php::text(&body["upload_id"]))?,
        "server" if !path.starts_with('/') || !is_path(path) => {
            return Err(Reply::message(422, "The server path is invalid."));
        }
        "server" => {}
        _ => {
            check_storage(state, &php::text(&body["s3_storage_uuid"]))?;
            let key = path.trim_start_matches('/');
            if key.is_empty() || !is_path(key) {
                return Err(Reply::message(422, "The S3 path is invalid."));
            }
        }
    }
    let form = json!({"status": "queued", "exit_code": null, "output": ""});
    let row = without(state.fresh(form), &["uuid"]);
    let id = row["id"].clone();
    state.imports.push(Import {
        owner: target.uuid,
        row,
        job: Job::after(state.settings.job_lag),
    });
    let url = format!("{}/{id}", call.path());
    let reply = json!({
        "id": id,
        "status": "queued",
        "message": "Database import queued.",
        "status_url": url,
    });
    Ok(Reply::json(202, reply).header("Location", &url))
}

/// `GET …/imports/{activity_id}`.
fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let target = target(state, call)?;
    let id = call.param("activity_id").parse::<u64>().ok();
    let mut imports = state.imports.iter();
    let import = imports
        .find(|it| it.owner == target.uuid && id.is_some() && it.row["id"].as_u64() == id)
        .ok_or_else(|| Reply::not_found("Database import"))?;
    let mut shown = import.row.clone();
    shown["finished_at"] = if import.is_open() {
        Value::Null
    } else {
        shown["updated_at"].clone()
    };
    if !call.sensitive {
        shown = without(shown, &["output"]);
    }
    Ok(Reply::json(200, shown))
}

/// Returns the database of a service, or the database.
fn target(state: &State, call: &Call<'_>) -> Result<Target, Reply> {
    if call.family() == "services" {
        let part = parts::find(state, call)?;
        return Ok(Target {
            uuid: text(&part.row, "uuid"),
            kind: text(&part.row, "image"),
            is_running: text(&part.row, "status").starts_with("running"),
            is_starting: part.change.0.waits(),
            files: Vec::new(),
        });
    }
    let database = state.database(call.param("uuid"))?;
    let files = text(&database.row, "sqlite_databases");
    let files = files.split(',').map(str::trim).filter(|it| !it.is_empty());
    Ok(Target {
        uuid: text(&database.row, "uuid"),
        kind: database.engine.name.to_owned(),
        is_running: database.is_running(),
        is_starting: database.change.0.waits(),
        files: files.map(str::to_owned).collect(),
    })
}

/// Refuses a body that breaks the rules.
fn check(state: &State, body: &Map<String, Value>) -> Result<(), Reply> {
    let mut findings = Findings::default();
    findings.check(body, NEW, state);
    let source = body.get("source").map(php::text).unwrap_or_default();
    for (field, sources) in OF_SOURCES {
        let is_needed = sources.contains(&source.as_str());
        let words = field.replace('_', " ");
        match (is_needed, is_blank(body.get(*field))) {
            (true, true) => {
                let wrong = format!("The {words} field is required when source is {source}.");
                findings.add(field, wrong);
            }
            (false, false) => {
                let wrong = format!("The {words} field is prohibited with this source.");
                findings.add(field, wrong);
            }
            _ => {}
        }
    }
    findings.allow_only(body, &rules::known(NEW, state.release()));
    findings.refuse()
}

/// Refuses a database that cannot be imported into, or not now.
fn check_target(state: &State, target: &Target, body: &Map<String, Value>) -> Result<(), Reply> {
    let unfit = |said: &str| Err(Reply::message(422, said));
    let engines = ["postgres", "mysql", "mariadb", "mongo", "sqlite"];
    if !engines.iter().any(|it| target.kind.contains(it)) {
        return unfit("Database imports are not supported for this database type.");
    }
    if !target.is_running {
        return unfit("The database must be running before an import can start.");
    }
    let file = body.get("sqlite_database").and_then(Value::as_str);
    let is_foreign = file.is_some_and(|file| !target.files.iter().any(|it| it == file));
    if target.kind == "sqlite" && is_foreign {
        return unfit("The SQLite database file is not one of the files of this database.");
    }
    if state.is_importing(&target.uuid) {
        return Err(Reply::message(409, "A database import is already running."));
    }
    if target.is_starting {
        return Err(databases::is_busy());
    }
    Ok(())
}

fn check_storage(state: &State, uuid: &str) -> Result<(), Reply> {
    let storages = state.tables.of("s3_storages");
    // The numeric id is taken as well, which only schedules of backups show.
    let id = uuid.parse::<u64>().ok();
    let by_id = storages
        .iter()
        .find(|it| id.is_some() && it["id"].as_u64() == id);
    let storage = find(storages, "uuid", uuid).or(by_id);
    let storage = storage.filter(|it| it["is_usable"] == true);
    if storage.is_some_and(|it| hosts::bucket(&text(it, "bucket"))) {
        return Ok(());
    }
    Err(Reply::message(
        422,
        "S3 storage was not found or has an invalid bucket.",
    ))
}

/// Takes the file of an upload, which can be imported once, and only into the
/// database that it was uploaded for.
fn take_upload(state: &mut State, target: &Target, id: &str) -> Result<(), Reply> {
    let mut known = state.uploads.iter();
    let position = known.position(|it| it.is_whole && it.owner == target.uuid && it.id == id);
    let position =
        position.ok_or_else(|| Reply::message(422, "The completed upload was not found."))?;
    state.uploads.remove(position);
    Ok(())
}

fn is_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    !path.contains("..")
        && !path.contains(|it| FORBIDDEN.contains(it))
        && uploads::ending(name).is_some()
}
