//! Scheduled backups of databases.

use serde_json::{Map, Value, json};

use super::{
    call::Call,
    clock,
    job::Job,
    replies,
    reply::{Answer, Reply},
    routes::{Does::Run, Routes},
    state::{State, only, text},
    tasks::is_frequency,
    validation::Findings,
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("get-database-backups-by-uuid", Run(list)),
    ("create-database-backup", Run(create)),
    ("update-database-backup", Run(update)),
    ("delete-backup-configuration-by-uuid", Run(delete)),
    ("list-backup-executions", Run(executions)),
    ("delete-backup-execution-by-uuid", Run(delete_execution)),
];

/// A schedule with the backups that it made.
pub(super) struct Backup {
    /// The uuid of its database.
    pub(super) owner: String,
    row: Value,
    executions: Vec<(Job, Value)>,
}

impl Backup {
    /// The row with its owner, for assertions.
    pub(super) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["owner"] = self.owner.clone().into();
        row
    }

    /// One request has come: runs what waits for it.
    pub(super) fn pass_time(&mut self) {
        for (job, _) in &mut self.executions {
            job.is_due();
        }
    }

    fn finished(&self) -> impl Iterator<Item = &Value> {
        let done = self.executions.iter().filter(|(job, _)| !job.waits());
        done.map(|(_, execution)| execution)
    }
}

/// The schedules of a database, as its entry in the list of databases embeds them.
pub(super) fn of_database(state: &State, uuid: &str) -> Value {
    let backups = state.backups.iter().filter(|backup| backup.owner == uuid);
    backups.map(|backup| backup.row.clone()).collect()
}

/// `GET /databases/{uuid}/backups`.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
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
pub(super) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let body = call.object()?;
    let mut findings = Findings::default();
    findings.require(&body, &["frequency"]);
    check_frequency(&body, findings)?;
    let (id, model) = state.identity(&owner)?;
    let mut row = state.fresh(replies::backup());
    row["database_id"] = id;
    row["database_type"] = model.into();
    let uuid = text(&row, "uuid");
    let mut backup = Backup {
        owner: owner.uuid,
        row,
        executions: Vec::new(),
    };
    fill(&mut backup.row, &body);
    state.backups.push(backup);
    run_if_asked(state, state.backups.len() - 1, &body);
    Ok(Reply::json(
        201,
        json!({"uuid": uuid, "message": "Backup configuration created successfully."}),
    ))
}

/// `PATCH /databases/{uuid}/backups/{backup}`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let position = position(state, call)?;
    check_frequency(&body, Findings::default())?;
    fill(&mut state.backups[position].row, &body);
    run_if_asked(state, position, &body);
    Ok(Reply::message(200, "Database backup configuration updated"))
}

/// `DELETE /databases/{uuid}/backups/{backup}`.
pub(super) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let position = position(state, call)?;
    state.backups.remove(position);
    Ok(Reply::message(
        200,
        "Backup configuration and all executions deleted.",
    ))
}

/// `GET /databases/{uuid}/backups/{backup}/executions`.
pub(super) fn executions(state: &mut State, call: &Call<'_>) -> Answer {
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
            // Here, and only here, the time zone is written out.
            let created = text(execution, "created_at").replace(".000000Z", "+00:00");
            shown["created_at"] = created.into();
            shown
        })
        .collect();
    Ok(Reply::json(200, json!({ "executions": shown })))
}

/// `DELETE /databases/{uuid}/backups/{backup}/executions/{execution}`.
pub(super) fn delete_execution(state: &mut State, call: &Call<'_>) -> Answer {
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

fn check_frequency(body: &Map<String, Value>, mut findings: Findings) -> Result<(), Reply> {
    let frequency = body.get("frequency").and_then(Value::as_str);
    if frequency.is_some_and(|frequency| !is_frequency(frequency)) {
        findings.add("frequency", "Invalid cron expression or frequency format.");
    }
    findings.refuse()
}

fn fill(row: &mut Value, body: &Map<String, Value>) {
    for (field, value) in body.iter().filter(|(field, _)| *field != "uuid") {
        if row.get(field).is_some() {
            row[field] = value.clone();
        }
    }
    row["updated_at"] = clock::now().into();
}

fn run_if_asked(state: &mut State, position: usize, body: &Map<String, Value>) {
    if body.get("backup_now") != Some(&Value::Bool(true)) {
        return;
    }
    let lag = Job::after(state.settings.job_lag);
    let mut execution = state.fresh(replies::backup_execution());
    let backup = &mut state.backups[position];
    execution["scheduled_database_backup_id"] = backup.row["id"].clone();
    execution["finished_at"] = clock::now().into();
    backup.executions.insert(0, (lag, execution));
}
