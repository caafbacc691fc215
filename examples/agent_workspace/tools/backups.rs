//! Scheduled backups of a database, kept on the server.

use coolify_sdk::Uuid;
use coolify_sdk::databases::{BackupExecution, DatabaseBackup, S3Copies};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Tools;
use super::databases::One;
use crate::failure::Outcome;
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add(
        "backups.list",
        "Lists the scheduled backups of a database.",
        list,
    );
    tools.add(
        "backups.create",
        "Creates a scheduled backup of a database.",
        create,
    );
    tools.add(
        "backups.run",
        "Runs a scheduled backup now; `backups.runs` shows the result.",
        run,
    );
    tools.add(
        "backups.runs",
        "Lists the runs of a scheduled backup, the latest first.",
        runs,
    );
    tools.add(
        "backups.delete",
        "Deletes a scheduled backup and every file that it made on the server. Takes the name of \
         the database.",
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

#[derive(Serialize)]
struct View {
    backup: Uuid,
    enabled: Option<bool>,
    frequency: Option<String>,
    keep_days: Option<i64>,
}

impl From<DatabaseBackup> for View {
    fn from(backup: DatabaseBackup) -> Self {
        Self {
            backup: backup.uuid,
            enabled: backup.enabled,
            frequency: backup.frequency,
            keep_days: backup.database_backup_retention_days_locally,
        }
    }
}

async fn list(workspace: Workspace, it: One) -> Outcome<Vec<View>> {
    let backups = workspace.coolify.database(it.database).backups();
    Ok(backups.list().await?.into_iter().map(View::from).collect())
}

async fn create(workspace: Workspace, it: Create) -> Outcome<Value> {
    let backups = workspace.coolify.database(it.database).backups();
    // S3 storages belong to the team.
    let mut request = backups.create(it.frequency).save_s3(false);
    if let Some(days) = it.keep_days {
        request = request.database_backup_retention_days_locally(days);
    }
    let created = request.backup_now(it.run_now).await?;
    Ok(json!({ "backup": created.uuid }))
}

async fn run(workspace: Workspace, it: Backup) -> Outcome<Value> {
    let backup = workspace.coolify.database(it.database).backup(it.backup);
    Ok(json!({ "message": backup.run().await? }))
}

async fn runs(workspace: Workspace, it: Backup) -> Outcome<Vec<Value>> {
    let backup = workspace.coolify.database(it.database).backup(it.backup);
    let told = |run: BackupExecution| {
        let message = run.message.map(|text| workspace.veil.over(text.expose()));
        json!({
            "status": run.status,
            "message": message,
            "size": run.size,
            "created_at": run.created_at,
            "finished_at": run.finished_at,
        })
    };
    Ok(backup.executions().await?.into_iter().map(told).collect())
}

async fn delete(workspace: Workspace, it: Delete) -> Outcome<Value> {
    let database = workspace.coolify.database(it.database);
    super::lifecycle::confirm(&it.name, &database.get().await?.name)?;
    let message = database.backup(it.backup).delete(S3Copies::Keep).await?;
    Ok(json!({ "message": message }))
}
