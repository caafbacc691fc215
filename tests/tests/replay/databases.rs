//! Databases and their backups.

use coolify_sdk::databases::S3Copies;
use coolify_sdk::envs::BulkVariable;
use coolify_sdk::resource::Volumes;

use super::call::{Call, Stop, Tried, made, part, watched, whole};
use super::engines;
use super::kinds::{logs, new_storage, of_every_kind};

pub async fn call(id: &str, c: &Call<'_>) -> Tried {
    let db = || c.coolify.database(c.uuid());
    let backup = || db().backup(c.param("scheduled_backup_uuid"));
    match id {
        // Backups of other databases in the list are removed.
        "list-databases" => made(c.coolify.databases().list().await),
        "get-database-backups-by-uuid" => made(db().backups().list().await),
        "get-database-by-uuid" => whole(db().get().await),
        "get-database-logs-by-uuid" => logs(c, db().logs()).await,
        "start-database-by-uuid" => watched(db().start().await),
        "restart-database-by-uuid" => watched(db().restart().await),
        "create-database-backup" => {
            let frequency = c.text("frequency")?;
            whole(c.fill(db().backups().create(frequency))?.await)
        }
        "update-database-backup" => part(c.fill(backup().update())?.await),
        "delete-backup-configuration-by-uuid" => part(backup().delete(copies(c)?).await),
        "list-backup-executions" => part(backup().executions().await),
        "delete-backup-execution-by-uuid" => {
            let execution = c.param("execution_uuid");
            part(backup().delete_execution(execution, copies(c)?).await)
        }
        "create-storage-by-database-uuid" => whole(db().storages().create(new_storage(c)?).await),
        _ => return create(id, c).await,
    }
    .map(Some)
}

async fn create(id: &str, c: &Call<'_>) -> Tried {
    let all = c.coolify.databases();
    match id {
        "create-database-postgresql" => whole(c.fill(all.create_postgresql(c.place()?))?.await),
        "create-database-mysql" => whole(c.fill(all.create_mysql(c.place()?))?.await),
        "create-database-mariadb" => whole(c.fill(all.create_mariadb(c.place()?))?.await),
        "create-database-mongodb" => whole(c.fill(all.create_mongodb(c.place()?))?.await),
        "create-database-redis" => whole(c.fill(all.create_redis(c.place()?))?.await),
        "create-database-keydb" => whole(c.fill(all.create_keydb(c.place()?))?.await),
        "create-database-dragonfly" => whole(c.fill(all.create_dragonfly(c.place()?))?.await),
        "create-database-clickhouse" => whole(c.fill(all.create_clickhouse(c.place()?))?.await),
        "update-database-by-uuid" => return update(c).await.map(Some),
        _ => return shared(id, c).await,
    }
    .map(Some)
}

async fn update(c: &Call<'_>) -> super::call::Answer {
    let db = c.coolify.database(c.uuid());
    match engines::of(&c.uuid()).as_str() {
        "standalone-mysql" => part(c.fill(db.update_mysql())?.await),
        "standalone-mariadb" => part(c.fill(db.update_mariadb())?.await),
        "standalone-mongodb" => part(c.fill(db.update_mongodb())?.await),
        "standalone-redis" => part(c.fill(db.update_redis())?.await),
        "standalone-keydb" => part(c.fill(db.update_keydb())?.await),
        "standalone-dragonfly" => part(c.fill(db.update_dragonfly())?.await),
        "standalone-clickhouse" => part(c.fill(db.update_clickhouse())?.await),
        _ => part(c.fill(db.update_postgresql())?.await),
    }
}

fn copies(c: &Call<'_>) -> Result<S3Copies, Stop> {
    Ok(match c.switch("delete_s3")? {
        Some(true) => S3Copies::Delete,
        _ => S3Copies::Keep,
    })
}

async fn shared(id: &str, c: &Call<'_>) -> Tried {
    let (id, db) = (
        id.replace("database", "resource"),
        c.coolify.database(c.uuid()),
    );
    of_every_kind!(id.as_str(), c, db, BulkVariable)
}
