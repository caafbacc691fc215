//! A bound client on a real server: every attack is refused before it is sent,
//! and allowed requests show nothing of the team.

#[path = "../scope/table.rs"]
mod table;

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::storages::NewStorage;
use coolify_sdk::{Coolify, Result};
use coolify_sdk_tests::live::{Leftover, Live, Outcome, Stop, live_test};
use serde_json::{Value, json};

use self::table::{
    DATABASES, FIELDS, FILES, HARMLESS, KEYS, MOUNTS, SETTINGS, SWITCHES, VALUES, VOLUMES,
};
use crate::make;

const SECRET: &str = "sdk-live-secret-of-the-team";

#[track_caller]
fn refused<T>(result: Result<T>, payload: &str) {
    match result {
        Err(error) => assert!(error.is_out_of_scope(), "{payload}: {}", error.report()),
        Ok(_) => panic!("{payload} was let through"),
    }
}

async fn tenant(live: &Live) -> Result<Coolify, Stop> {
    let project = live.project().await?;
    Ok(live.coolify().in_project(project.uuid()))
}

/// When the application was changed last.
async fn changed(application: &ApplicationHandle) -> Result<Value> {
    let application = application.get().await?;
    Ok(serde_json::to_value(application.updated_at).unwrap_or_default())
}

#[live_test(ability = "write")]
async fn nothing_of_an_application_reaches_beyond(live: Live) -> Outcome {
    let own = make::application(&live).await?;
    let tenant = tenant(&live).await?.application(own.uuid().clone());
    let before = changed(&own).await?;
    let fill = |text: &str| {
        text.replace("OWN", own.uuid().as_str())
            .replace("OTHER", "other")
    };
    for (field, value) in FIELDS {
        let update = match *field {
            "custom_labels" => tenant.update().custom_labels(fill(value)),
            field => tenant.update().fields(json!({ field: fill(value) }))?,
        };
        refused(update.await, value);
    }
    for field in SWITCHES {
        refused(
            tenant.update().fields(json!({ *field: true }))?.await,
            field,
        );
    }
    for value in VALUES {
        refused(tenant.envs().create("KEY", *value).await, value);
    }
    for key in KEYS {
        refused(tenant.envs().create(*key, "value").await, key);
    }
    let storages = tenant.storages();
    for path in MOUNTS {
        let mount = NewStorage::file(fill(path), "a");
        refused(storages.create(mount).await, path);
    }
    let volume = storages.create(NewStorage::volume("data", "/data")).await?;
    for name in VOLUMES {
        let rename = storages.update_volume(volume.uuid.clone()).name(fill(name));
        refused(rename.await, name);
    }
    let name = fill("OWN-renamed");
    storages.update_volume(volume.uuid).name(name).await?;
    assert_eq!(changed(&own).await?, before);
    assert!(own.envs().list().await?.is_empty());
    assert!(own.storages().list().await?.file_storages.is_empty());
    Ok(())
}

#[live_test(ability = "write")]
async fn no_backup_reaches_beyond(live: Live) -> Outcome {
    let database = make::database(&live).await?;
    let tenant = tenant(&live).await?.database(database.uuid().clone());
    for names in DATABASES {
        let create = tenant.backups().create("daily");
        refused(create.databases_to_backup(*names).await, names);
    }
    assert!(database.backups().list().await?.is_empty());
    Ok(())
}

#[live_test(ability = "write")]
async fn a_compose_file_shows_nothing_of_the_team(live: Live) -> Outcome {
    let key = live.key("LEAK");
    if live.has("4.3.0") {
        let team = live.coolify().shared_variables(SharedScope::Team);
        let planted = team.create(key.clone(), SECRET).await?;
        live.made(Leftover::TeamVariable(planted.id));
    }
    let tenant = tenant(&live).await?;
    let services = tenant.services();
    let with = |settings: &str| {
        let settings = settings.replace("LEAK", &key);
        format!("services:\n  web:\n    image: nginx:alpine\n    {settings}\n")
    };
    for settings in SETTINGS {
        let place = live.place().await?;
        let create = services.create_compose(place, with(settings));
        refused(create.await, settings);
    }
    for file in FILES {
        let place = live.place().await?;
        let create = services.create_compose(place, *file);
        refused(create.await, file);
    }
    for settings in HARMLESS {
        let place = live.place().await?;
        let create = services.create_compose(place, with(settings));
        let create = create.name(live.name("harmless"));
        let created = create.await?;
        let service = live.coolify().service(created.uuid);
        let read = service.get().await?;
        let file = read.docker_compose.map(|it| it.expose().to_owned());
        assert!(!file.unwrap_or_default().contains(SECRET), "{settings}");
        for variable in service.envs().list().await? {
            let values = [variable.value, variable.real_value];
            for value in values.into_iter().flatten() {
                assert!(!value.expose().contains(SECRET), "{settings}");
            }
        }
    }
    Ok(())
}
