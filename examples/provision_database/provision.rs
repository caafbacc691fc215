//! Provisions a database whose engine is only known by its name.

use coolify_sdk::databases::{BackupPlan, Databases, ProvisionedDatabase};
use coolify_sdk::{Placement, Result, Uuid};

pub const ENGINES: [&str; 8] = [
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "clickhouse",
    "redis",
    "keydb",
    "dragonfly",
];

pub async fn provision(
    databases: &Databases,
    engine: &str,
    place: Placement,
    storage: Option<Uuid>,
) -> Result<ProvisionedDatabase> {
    // Engines that support backups get one a day, also to S3 if there is a
    // storage.
    macro_rules! with_backups {
        ($create:ident) => {{
            let plan = match storage {
                Some(storage) => BackupPlan::s3("daily", storage),
                None => BackupPlan::local("daily"),
            };
            let flow = databases.$create(place).name("orders").provision();
            flow.backup(plan.keep_days(7)).until_healthy().await?
        }};
    }
    macro_rules! without_backups {
        ($create:ident) => {{
            let flow = databases.$create(place).name("orders").provision();
            flow.until_healthy().await?
        }};
    }
    Ok(match engine {
        "postgresql" => with_backups!(create_postgresql),
        "mysql" => with_backups!(create_mysql),
        "mariadb" => with_backups!(create_mariadb),
        "mongodb" => with_backups!(create_mongodb),
        "clickhouse" => with_backups!(create_clickhouse),
        "redis" => without_backups!(create_redis),
        "keydb" => without_backups!(create_keydb),
        _ => without_backups!(create_dragonfly),
    })
}
