//! Backups of storages on a schedule.

use serde_json::{Map, Value, json};

use super::{
    call::Call,
    replies,
    reply::{Answer, Reply},
    routes::{Does::Run, Routes},
    state::{State, text},
    storages::Storage,
    tasks::is_frequency,
    validation::Findings,
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("set-application-storage-backup-schedule", Run(set)),
    ("set-database-storage-backup-schedule", Run(set)),
    ("set-service-storage-backup-schedule", Run(set)),
    ("run-application-storage-backup", Run(run)),
    ("run-database-storage-backup", Run(run)),
    ("run-service-storage-backup", Run(run)),
    ("delete-application-storage-backup-schedule", Run(delete)),
    ("delete-database-storage-backup-schedule", Run(delete)),
    ("delete-service-storage-backup-schedule", Run(delete)),
];

/// `PUT …/storages/{storage_uuid}/backups`.
fn set(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let uuid = state.mint();
    let storage = find(state, call)?;
    let is_new = storage.schedule.is_none();
    let mut findings = Findings::default();
    if is_new {
        findings.require(&body, &["frequency"]);
    }
    let frequency = body.get("frequency").and_then(Value::as_str);
    if frequency.is_some_and(|frequency| !is_frequency(frequency)) {
        findings.add("frequency", "Invalid cron expression or frequency format.");
    }
    findings.refuse()?;
    let kind = storage.kind();
    let mut schedule = storage.schedule.take().unwrap_or_else(|| {
        let mut form = replies::storage_backup();
        form["uuid"] = uuid.into();
        form["storage_type"] = kind.into();
        form
    });
    schedule["storage_uuid"] = call.param("storage_uuid").into();
    fill(&mut schedule, &body);
    storage.schedule = Some(schedule.clone());
    let (status, done) = if is_new {
        (201, "created")
    } else {
        (200, "updated")
    };
    schedule["message"] = format!("Storage backup schedule {done}.").into();
    if is_new {
        // A row that was only just written has not read the database's default.
        schedule["timeout"] = body.get("timeout").cloned().unwrap_or_default();
    }
    Ok(Reply::json(status, schedule))
}

/// `POST …/storages/{storage_uuid}/backups/run`.
fn run(state: &mut State, call: &Call<'_>) -> Answer {
    let schedule = find(state, call)?.schedule.as_ref();
    let uuid = text(schedule.ok_or_else(missing)?, "uuid");
    Ok(Reply::json(
        200,
        json!({"message": "Storage backup queued.", "uuid": uuid}),
    ))
}

/// `DELETE …/storages/{storage_uuid}/backups`.
fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    find(state, call)?.schedule.take().ok_or_else(missing)?;
    Ok(Reply::message(
        200,
        "Storage backup schedule and archives deleted.",
    ))
}

fn find<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Storage, Reply> {
    let owner = state.owner(call)?;
    let mut storages = state.storages.iter_mut();
    storages
        .find(|it| it.owner == owner.uuid && it.is(call.param("storage_uuid")))
        .ok_or_else(|| Reply::not_found("Storage"))
}

fn missing() -> Reply {
    Reply::not_found("Storage backup schedule")
}

fn fill(schedule: &mut Value, body: &Map<String, Value>) {
    for (field, value) in body {
        if schedule.get(field).is_some() && field != "uuid" {
            schedule[field] = value.clone();
        }
    }
}
