//! Scheduled backups of databases.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply, php},
    rooms::{Does::Run, Routes, s3_storages::STORAGES, scheduled_tasks::check_frequency},
    state::{Backup, Columns, Job, Owner, State, clock, forms, only, text as text_of},
    validation::{
        Findings, NOTE, hold, is_blank,
        rules::{Field, Rule},
        text,
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("get-database-backups-by-uuid", Run(list)),
    ("create-database-backup", Run(create)),
    ("update-database-backup", Run(update)),
    ("delete-backup-configuration-by-uuid", Run(delete)),
    ("list-backup-executions", Run(executions)),
    ("delete-backup-execution-by-uuid", Run(delete_execution)),
];

const NEEDED: &[Field] = &[("frequency", &[Rule::Required, Rule::Text])];
const CHANGED: &[Field] = &[("frequency", &[Rule::Text])];

/// The fields of a schedule besides its frequency.
const FIELDS: &[Field] = &[
    ("enabled", &[Rule::Switch]),
    ("save_s3", &[Rule::Switch]),
    ("dump_all", &[Rule::Switch]),
    ("backup_now", &[Rule::Nullable, Rule::Switch]),
    ("s3_storage_uuid", &[NOTE]),
    ("databases_to_backup", &[NOTE]),
    ("database_backup_retention_amount_locally", COUNT),
    ("database_backup_retention_days_locally", COUNT),
    ("database_backup_retention_max_storage_locally", SIZE),
    ("database_backup_retention_amount_s3", COUNT),
    ("database_backup_retention_days_s3", COUNT),
    ("database_backup_retention_max_storage_s3", SIZE),
    ("timeout", &[Rule::Whole, Rule::Min(60), Rule::Max(36000)]),
];

const COUNT: &[Rule] = &[Rule::Whole, Rule::Min(0)];

/// A number of gigabytes, which may have a fraction.
const SIZE: &[Rule] = &[
    Rule::Since("4.1.0", &[Rule::Number]),
    Rule::Before("4.1.0", &[Rule::Whole]),
    Rule::Min(0),
];

const COLUMNS: Columns = Columns {
    long: &["databases_to_backup"],
    whole: &[
        "database_backup_retention_amount_locally",
        "database_backup_retention_days_locally",
        "database_backup_retention_amount_s3",
        "database_backup_retention_days_s3",
        "timeout",
    ],
    decimal: &[
        "database_backup_retention_max_storage_locally",
        "database_backup_retention_max_storage_s3",
    ],
    switch: &["enabled", "save_s3", "dump_all"],
    ..Columns::PLAIN
};

impl Backup {
    fn finished(&self) -> impl Iterator<Item = &Value> {
        let done = self.executions.iter().filter(|(job, _)| !job.waits());
        done.map(|(_, execution)| execution)
    }
}

/// Returns the schedules of a database in the form of the list of databases.
pub(in crate::testing) fn of_database(state: &State, uuid: &str) -> Value {
    let backups = state.backups.iter().filter(|backup| backup.owner == uuid);
    backups.map(|backup| backup.row.clone()).collect()
}

/// `GET /databases/{uuid}/backups`.
pub(in crate::testing) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let shown = state
        .backups
        .iter()
        .filter(|backup| backup.owner == owner.uuid)
        .map(|backup| {
            let mut row = backup.row.clone();
            row["executions"] = backup.finished().cloned().collect();
            row
        })
        .collect();
    Ok(Reply::json(200, shown))
}

/// `POST /databases/{uuid}/backups`.
pub(in crate::testing) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    check(state, &body, &[NEEDED, FIELDS].concat())?;
    let owner = state.owner(call)?;
    if state.release().has("4.2.0") && !state.database(&owner.uuid)?.engine.has_backups {
        return Err(Reply::message(
            422,
            "Scheduled backups are not supported for this database type.",
        ));
    }
    check_more(state, &body)?;
    let body = with_database(state, &owner.uuid, body)?;
    let (id, model) = state.identity(&owner)?;
    let mut row = state.fresh(forms::backup());
    row["database_id"] = id;
    row["database_type"] = model.into();
    let uuid = text_of(&row, "uuid");
    let mut backup = Backup {
        owner: owner.uuid,
        row,
        executions: Vec::new(),
    };
    fill(state, &mut backup.row, &body)?;
    state.backups.push(backup);
    run_if_asked(state, state.backups.len() - 1, &body);
    Ok(Reply::json(
        201,
        json!({"uuid": uuid, "message": "Backup configuration created successfully."}),
    ))
}

/// Copies the schedules of a database, without their executions.
pub(in crate::testing) fn copy(
    state: &mut State,
    original: &Owner,
    copied: &Owner,
) -> Result<(), Reply> {
    let (id, _) = state.identity(copied)?;
    let of_original = state.backups.iter().filter(|it| it.owner == original.uuid);
    let rows: Vec<Value> = of_original.map(|it| it.row.clone()).collect();
    for row in rows {
        let mut row = state.fresh(row);
        row["database_id"] = id.clone();
        state.backups.push(Backup {
            owner: copied.uuid.clone(),
            row,
            executions: Vec::new(),
        });
    }
    Ok(())
}

/// `PATCH /databases/{uuid}/backups/{backup}`.
pub(in crate::testing) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let position = position(state, call)?;
    check(state, &body, &[CHANGED, FIELDS].concat())?;
    check_more(state, &body)?;
    let mut row = state.backups[position].row.clone();
    fill(state, &mut row, &body)?;
    state.backups[position].row = row;
    run_if_asked(state, position, &body);
    Ok(Reply::message(200, "Database backup configuration updated"))
}

/// `DELETE /databases/{uuid}/backups/{backup}`.
pub(in crate::testing) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let position = position(state, call)?;
    state.backups.remove(position);
    Ok(Reply::message(
        200,
        "Backup configuration and all executions deleted.",
    ))
}

/// `GET /databases/{uuid}/backups/{backup}/executions`.
pub(in crate::testing) fn executions(state: &mut State, call: &Call<'_>) -> Answer {
    let position = position(state, call)?;
    let shown: Vec<_> = state.backups[position]
        .finished()
        .map(|execution| {
            let mut shown = only(
                execution,
                &[
                    "uuid",
                    "filename",
                    "size",
                    "created_at",
                    "message",
                    "status",
                ],
            );
            // Only this endpoint writes the time zone.
            let created = text_of(execution, "created_at").replace(".000000Z", "+00:00");
            shown["created_at"] = created.into();
            shown
        })
        .collect();
    Ok(Reply::json(200, json!({ "executions": shown })))
}

/// `DELETE /databases/{uuid}/backups/{backup}/executions/{execution}`.
pub(in crate::testing) fn delete_execution(state: &mut State, call: &Call<'_>) -> Answer {
    let position = position(state, call)?;
    let executions = &mut state.backups[position].executions;
    let before = executions.len();
    executions.retain(|(_, execution)| execution["uuid"] != call.param("execution_uuid"));
    if executions.len() == before {
        return Err(Reply::not_found("Backup execution"));
    }
    Ok(Reply::message(200, "Backup execution deleted."))
}

fn position(state: &State, call: &Call<'_>) -> Result<usize, Reply> {
    let owner = state.owner(call)?;
    state
        .backups
        .iter()
        .position(|backup| {
            backup.owner == owner.uuid && backup.row["uuid"] == call.param("scheduled_backup_uuid")
        })
        .ok_or_else(|| Reply::not_found("Backup config"))
}

fn check(state: &State, body: &Map<String, Value>, fields: &[Field]) -> Result<(), Reply> {
    let mut findings = Findings::default();
    findings.check(body, fields, state);
    let uuid = body.get("s3_storage_uuid").and_then(Value::as_str);
    if uuid.is_some_and(|uuid| STORAGES.by_key(state, uuid).is_none()) {
        findings.add(
            "s3_storage_uuid",
            "The selected s3 storage uuid is invalid.",
        );
    }
    findings.refuse()
}

/// Makes the checks that follow those of the fields.
fn check_more(state: &State, body: &Map<String, Value>) -> Result<(), Reply> {
    check_frequency(body)?;
    let mut findings = Findings::default();
    let goes_to_s3 = body.get("save_s3").is_some_and(php::is_on);
    if goes_to_s3 && is_blank(body.get("s3_storage_uuid")) {
        findings.add("s3_storage_uuid", "Saving to S3 needs a storage.");
    }
    let databases = body.get("databases_to_backup").map(php::text);
    if databases.is_some_and(|it| !text::databases(&it)) {
        findings.add("databases_to_backup", "A database has no such name.");
    }
    findings.refuse()?;
    hold(body, &[CHANGED, FIELDS].concat(), state)
}

/// Engines that need the name of a database back up their initial one.
fn with_database(
    state: &State,
    owner: &str,
    mut body: Map<String, Value>,
) -> Result<Map<String, Value>, Reply> {
    let database = state.database(owner)?;
    if is_blank(body.get("databases_to_backup")) {
        let fields = [
            "postgres_db",
            "mysql_database",
            "mariadb_database",
            "clickhouse_db",
        ];
        let name = fields.iter().find_map(|it| database.row.get(*it));
        let name = name.cloned().unwrap_or_default();
        body.insert("databases_to_backup".to_owned(), name);
    }
    Ok(body)
}

fn fill(state: &State, row: &mut Value, body: &Map<String, Value>) -> Result<(), Reply> {
    for (field, value) in body.iter().filter(|(field, _)| *field != "uuid") {
        if field == "s3_storage_uuid" {
            let storage = STORAGES.by_key(state, &php::text(value));
            row["s3_storage_id"] = storage.map(|it| it["id"].clone()).unwrap_or_default();
        } else if row.get(field).is_some() {
            COLUMNS.write(row, field, value)?;
        }
    }
    row["updated_at"] = clock::now().into();
    Ok(())
}

fn run_if_asked(state: &mut State, position: usize, body: &Map<String, Value>) {
    if body.get("backup_now") != Some(&Value::Bool(true)) {
        return;
    }
    let lag = Job::after(state.settings.job_lag);
    let mut execution = state.fresh(forms::backup_execution());
    let backup = &mut state.backups[position];
    execution["scheduled_database_backup_id"] = backup.row["id"].clone();
    execution["finished_at"] = clock::now().into();
    let goes_to_s3 = backup.row["save_s3"] == true && !backup.row["s3_storage_id"].is_null();
    if goes_to_s3 {
        execution["s3_uploaded"] = true.into();
    }
    backup.executions.insert(0, (lag, execution));
}
