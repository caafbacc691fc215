//! Databases of all engines, none of them started, and their backups.

use coolify_sdk::databases::{Engine, S3Copies};
use coolify_sdk_tests::live::{Live, Outcome, live_test};

use crate::make;

/// One test for each engine: make it, read it, change it, read it again.
macro_rules! engine {
    ($test:ident, $create:ident, $update:ident, $engine:ident) => {
        #[live_test(ability = "write")]
        async fn $test(live: Live) -> Outcome {
            let databases = live.coolify().databases();
            let create = databases.$create(live.place().await?);
            let create = create
                .name(live.name(stringify!($test)))
                .instant_deploy(false);
            let created = create.await?;
            let database = live.coolify().database(created.uuid);
            let read = database.get().await?;
            assert!(
                matches!(read.engine, Engine::$engine(_)),
                "{}",
                read.engine.as_str()
            );

            let name = live.name("renamed");
            database
                .$update()
                .name(name.clone())
                .description("Renamed")
                .limits_memory("1G")
                .await?;
            let read = database.get().await?;
            assert_eq!(read.name, name);
            assert_eq!(read.description.as_deref(), Some("Renamed"));
            assert_eq!(read.limits_memory.as_deref(), Some("1G"));
            let all = databases.list().await?;
            assert!(all.iter().any(|it| it.uuid == *database.uuid()));
            Ok(())
        }
    };
}

engine!(postgresql, create_postgresql, update_postgresql, Postgresql);
engine!(mysql, create_mysql, update_mysql, Mysql);
engine!(mariadb, create_mariadb, update_mariadb, Mariadb);
engine!(mongodb, create_mongodb, update_mongodb, Mongodb);
engine!(redis, create_redis, update_redis, Redis);
engine!(keydb, create_keydb, update_keydb, Keydb);
engine!(dragonfly, create_dragonfly, update_dragonfly, Dragonfly);
engine!(clickhouse, create_clickhouse, update_clickhouse, Clickhouse);

#[live_test(ability = "write")]
async fn backups_are_planned(live: Live) -> Outcome {
    let database = make::database(&live).await?;
    let backups = database.backups();
    // Disabled, so that none runs.
    let create = backups.create("0 4 * * *").enabled(false);
    let created = create.database_backup_retention_days_locally(7).await?;
    let all = backups.list().await?;
    let planned = all
        .iter()
        .find(|it| it.uuid == created.uuid)
        .expect("it is listed");
    assert_eq!(planned.frequency.as_deref(), Some("0 4 * * *"));

    let backup = database.backup(created.uuid.clone());
    backup.update().frequency("hourly").await?;
    let all = backups.list().await?;
    let planned = all
        .iter()
        .find(|it| it.uuid == created.uuid)
        .expect("it is listed");
    assert_eq!(planned.frequency.as_deref(), Some("hourly"));
    assert!(backup.executions().await?.is_empty(), "none has run");
    backup.delete(S3Copies::Keep).await?;
    let all = backups.list().await?;
    assert!(all.iter().all(|it| it.uuid != created.uuid));
    Ok(())
}
