//! Scheduled backups of a database, kept on the server.

use coolify_sdk::databases::{BackupExecution, DatabaseBackup, S3Copies};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::databases::OneDatabase;
use super::lifecycle::Told;
use super::registry::{Tools, adds, destroys, reads};
use crate::call::Call;
use crate::failure::Outcome;
use crate::veil::Veil;

pub fn register(tools: &mut Tools) {
    tools.add(
        reads(
            "backups_list",
            "List backups",
            "Lists the scheduled backups of a database.",
        ),
        list,
    );
    tools.add(
        adds(
            "backups_create",
            "Schedule a backup",
            "Creates a scheduled backup of a database.",
        ),
        create,
    );
    tools.add(
        adds(
            "backups_run",
            "Back up now",
            "Runs a scheduled backup now; `backups_runs` shows the result.",
        ),
        run,
    );
    tools.add(
        reads(
            "backups_runs",
            "List runs of a backup",
            "Lists the runs of a scheduled backup, the latest first.",
        ),
        runs,
    );
    tools.add(
        destroys(
            "backups_delete",
            "Delete a backup",
            "Deletes a scheduled backup and every file that it made on the server. Takes the exact \
             name of the database.",
        ),
        delete,
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// The database's uuid.
    database: String,
    /// A cron expression, or hourly, daily, weekly, monthly or yearly.
    frequency: String,
    /// After how many days a backup file is deleted; they are kept if it is not
    /// set.
    keep_days: Option<u16>,
    /// Whether one is made at once as well.
    #[serde(default)]
    run_now: bool,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Backup {
    /// The database's uuid.
    database: String,
    /// The backup's uuid.
    backup: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Delete {
    /// The database's uuid.
    database: String,
    /// The exact name of the database.
    name: String,
    /// The backup's uuid.
    backup: String,
}

#[derive(Serialize, JsonSchema)]
struct Listed {
    backups: Vec<View>,
}

#[derive(Serialize, JsonSchema)]
struct View {
    backup: String,
    enabled: Option<bool>,
    frequency: Option<String>,
    keep_days: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
struct Created {
    backup: String,
}

#[derive(Serialize, JsonSchema)]
struct Runs {
    runs: Vec<Run>,
}

#[derive(Serialize, JsonSchema)]
struct Run {
    status: Option<String>,
    message: Option<String>,
    /// In bytes.
    size: Option<String>,
    created_at: Option<String>,
    finished_at: Option<String>,
}

impl From<DatabaseBackup> for View {
    fn from(backup: DatabaseBackup) -> Self {
        Self {
            backup: backup.uuid.to_string(),
            enabled: backup.enabled,
            frequency: backup.frequency,
            keep_days: backup.database_backup_retention_days_locally,
        }
    }
}

impl Run {
    fn new(run: BackupExecution, veil: &Veil) -> Self {
        Self {
            status: run.status.map(|it| it.to_string()),
            message: run.message.map(|text| veil.over(text.expose())),
            size: run.size.map(|it| it.to_string()),
            created_at: run.created_at.map(|it| it.to_string()),
            finished_at: run.finished_at.map(|it| it.to_string()),
        }
    }
}

async fn list(call: Call, it: OneDatabase) -> Outcome<Listed> {
    let backups = call.coolify.database(it.database).backups();
    Ok(Listed {
        backups: backups.list().await?.into_iter().map(View::from).collect(),
    })
}

async fn create(call: Call, it: Create) -> Outcome<Created> {
    let backups = call.coolify.database(it.database).backups();
    // S3 storages belong to the team.
    let mut request = backups.create(it.frequency).save_s3(false);
    if let Some(days) = it.keep_days {
        request = request.database_backup_retention_days_locally(days);
    }
    let created = request.backup_now(it.run_now).await?;
    Ok(Created {
        backup: created.uuid.to_string(),
    })
}

async fn run(call: Call, it: Backup) -> Outcome<Told> {
    let backup = call.coolify.database(it.database).backup(it.backup);
    Ok(Told {
        message: backup.run().await?,
    })
}

async fn runs(call: Call, it: Backup) -> Outcome<Runs> {
    let backup = call.coolify.database(it.database).backup(it.backup);
    let runs = backup.executions().await?.into_iter();
    Ok(Runs {
        runs: runs.map(|run| Run::new(run, &call.veil)).collect(),
    })
}

async fn delete(call: Call, it: Delete) -> Outcome<Told> {
    let database = call.coolify.database(it.database);
    super::lifecycle::confirm(&it.name, &database.get().await?.name)?;
    let message = database.backup(it.backup).delete(S3Copies::Keep).await?;
    Ok(Told { message })
}
