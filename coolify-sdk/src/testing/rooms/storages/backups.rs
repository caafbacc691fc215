//! Backups of storages on a schedule.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply, php},
    rooms::{Does::Run, Routes, s3_storages::STORAGES},
    state::{Columns, State, Storage, forms, text},
    validation::{
        Findings, NOTE,
        cron::is_frequency,
        rules::{self, Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
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

const FIELDS: &[Field] = &[
    ("frequency", &[Rule::Required, Rule::Text, Rule::Max(255)]),
    ("enabled", &[Rule::Switch]),
    ("save_s3", &[Rule::Switch]),
    ("disable_local_backup", &[Rule::Switch]),
    ("stop_during_backup", &[Rule::Switch]),
    ("s3_storage_uuid", &[NOTE]),
    ("retention_amount_locally", COUNT),
    ("retention_days_locally", DAYS),
    ("retention_max_storage_locally", SIZE),
    ("retention_amount_s3", COUNT),
    ("retention_days_s3", DAYS),
    ("retention_max_storage_s3", SIZE),
    ("timeout", &[Rule::Whole, Rule::Min(60), Rule::Max(36000)]),
];

const COUNT: &[Rule] = &[Rule::Whole, Rule::Min(0), Rule::Max(10_000)];
const DAYS: &[Rule] = &[Rule::Whole, Rule::Min(0), Rule::Max(i32::MAX as i64)];
const SIZE: &[Rule] = &[Rule::Number, Rule::Min(0), Rule::Max(9_999_999_999)];

const COLUMNS: Columns = Columns {
    whole: &[
        "retention_amount_locally",
        "retention_days_locally",
        "retention_amount_s3",
        "retention_days_s3",
        "timeout",
    ],
    decimal: &["retention_max_storage_locally", "retention_max_storage_s3"],
    switch: &[
        "enabled",
        "save_s3",
        "disable_local_backup",
        "stop_during_backup",
    ],
    ..Columns::PLAIN
};

/// `PUT …/storages/{storage_uuid}/backups`.
fn set(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let uuid = state.mint();
    let s3 = body
        .get("s3_storage_uuid")
        .map(php::text)
        .unwrap_or_default();
    let has_s3 = STORAGES
        .by_key(state, &s3)
        .is_some_and(|it| it["is_usable"] == true);
    find(state, call)?;
    let mut findings = Findings::default();
    findings.check(&body, FIELDS, state);
    findings.allow_only(&body, &rules::known(FIELDS, state.release()));
    if !findings.has("frequency") && !is_frequency(&php::text(&body["frequency"])) {
        findings.add("frequency", "Invalid cron expression or frequency format.");
    }
    let is_on = |field: &str| body.get(field).is_some_and(php::is_on);
    if is_on("disable_local_backup") && !is_on("save_s3") {
        findings.add(
            "disable_local_backup",
            "Without S3 there is the local backup only.",
        );
    }
    if is_on("save_s3") && !has_s3 {
        findings.add(
            "s3_storage_uuid",
            "Saving to S3 needs a storage that can be used.",
        );
    }
    findings.refuse()?;
    let storage = find(state, call)?;
    let is_new = storage.schedule.is_none();
    let kind = storage.kind();
    let mut schedule = storage.schedule.take().unwrap_or_else(|| {
        let mut form = forms::storage_backup();
        form["uuid"] = uuid.into();
        form["storage_type"] = kind.into();
        form
    });
    schedule["storage_uuid"] = call.param("storage_uuid").into();
    fill(&mut schedule, &body)?;
    storage.schedule = Some(schedule.clone());
    let (status, done) = if is_new {
        (201, "created")
    } else {
        (200, "updated")
    };
    schedule["message"] = format!("Storage backup schedule {done}.").into();
    if is_new {
        // A new row does not contain the database's default.
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

fn fill(schedule: &mut Value, body: &Map<String, Value>) -> Result<(), Reply> {
    for (field, value) in body {
        let goes_to_s3 = body.get("save_s3").is_some_and(php::is_on);
        if field == "s3_storage_uuid" && !goes_to_s3 {
            schedule[field] = Value::Null;
        } else if schedule.get(field).is_some() && field != "uuid" {
            COLUMNS.write(schedule, field, value)?;
        }
    }
    Ok(())
}
