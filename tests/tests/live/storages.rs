//! Volumes of the three kinds of resource. Files are written to the server, so
//! `running` has them.

use coolify_sdk::Uuid;
use coolify_sdk::storages::{NewStorage, StorageList};
use coolify_sdk_tests::live::{Live, Outcome, live_test};

use crate::make;

/// Returns whether a volume is mounted there.
fn is_at(all: &StorageList, uuid: &Uuid, path: &str) -> bool {
    let volume = all.persistent_storages.iter().find(|it| it.uuid == *uuid);
    volume.is_some_and(|it| it.mount_path.as_deref() == Some(path))
}

fn volume() -> NewStorage {
    NewStorage::volume("data", "/data")
}

/// A disabled backup schedule. It is a macro, so that the type of the resource
/// does not matter.
macro_rules! plan_backups {
    ($live:expr, $storages:expr, $volume:expr) => {
        if $live.has("4.3.0") {
            let set = $storages.set_backup_schedule($volume.clone(), "0 3 * * *");
            let set = set.enabled(false).await?;
            assert_eq!(set.frequency.as_deref(), Some("0 3 * * *"));
            let set = $storages.set_backup_schedule($volume.clone(), "daily");
            let set = set.enabled(false).await?;
            assert_eq!(set.frequency.as_deref(), Some("daily"));
            $storages.delete_backup_schedule($volume.clone()).await?;
        }
    };
}

macro_rules! volumes {
    ($test:ident, $make:ident) => {
        #[live_test(ability = "write")]
        async fn $test(live: Live) -> Outcome {
            let resource = make::$make(&live).await?;
            let storages = resource.storages();
            let created = storages.create(volume()).await?.uuid;
            assert!(is_at(&storages.list().await?, &created, "/data"));
            storages
                .update_volume(created.clone())
                .mount_path("/data2")
                .await?;
            assert!(is_at(&storages.list().await?, &created, "/data2"));
            plan_backups!(live, storages, created);
            storages.delete(created.clone()).await?;
            assert!(!is_at(&storages.list().await?, &created, "/data2"));
            Ok(())
        }
    };
}

volumes!(of_an_application, application);
volumes!(of_a_database, database);

#[live_test(ability = "write")]
async fn of_a_service(live: Live) -> Outcome {
    let service = make::service(&live).await?;
    let read = service.get().await?;
    let web = read
        .applications
        .iter()
        .flatten()
        .next()
        .expect("the compose file has one");
    let storages = service.storages();
    let created = storages.create_in(web.uuid.clone(), volume()).await?.uuid;
    assert!(is_at(&storages.list().await?, &created, "/data"));
    // Coolify allows changing a service's volumes only through its compose file.
    if let Err(error) = storages
        .update_volume(created.clone())
        .mount_path("/data2")
        .await
    {
        assert!(error.is_validation(), "{error}");
    }
    storages
        .update_volume(created.clone())
        .is_preview_suffix_enabled(false)
        .await?;
    plan_backups!(live, storages, created);
    if let Err(error) = storages.delete(created).await {
        assert!(error.is_validation(), "{error}");
    }
    Ok(())
}
