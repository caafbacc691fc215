//! The storages of each kind of resource.

use std::fmt::Write as _;

use coolify_sdk::storages::NewStorage;
use serde_json::json;

use crate::stage::{Stage, chapter, message, ok, status};

fn storages() -> [NewStorage; 5] {
    [
        NewStorage::volume("data", "/data"),
        NewStorage::host_path("data", "/srv/data", "/data"),
        NewStorage::file("/app/.env", "A=1\n"),
        NewStorage::directory("/srv/files", "/files"),
        NewStorage::host_file("/etc/hosts", "/hosts"),
    ]
}

#[tokio::test(start_paused = true)]
async fn each_storage_has_its_request() {
    let row = json!({"uuid": "v1", "mount_path": "/data"});
    let listed = json!({
        "persistent_storages": [{"uuid": "v1", "name": "x-data", "mount_path": "/data"}],
        "file_storages": [{"uuid": "f1", "mount_path": "/app/.env"}],
    });
    let schedule = json!({"uuid": "b1", "frequency": "0 3 * * *", "enabled": true});
    let run = json!({"uuid": "b1", "message": "queued"});
    let mut all = String::new();
    macro_rules! calls {
        ($name:literal, $path:literal, |$coolify:ident| $resource:expr, |$storages:ident, $new:ident| $create:expr) => {
            let backups = concat!($path, "/storages/v1/backups");
            let stage = Stage::set()
                .await
                .on(concat!("GET ", $path, "/storages"), [ok(listed.clone())])
                .on(
                    concat!("POST ", $path, "/storages"),
                    [status(201, row.clone())],
                )
                .on(concat!("PATCH ", $path, "/storages"), [ok(row.clone())])
                .on(
                    concat!("DELETE ", $path, "/storages/v1"),
                    [message(200, "deleted")],
                )
                .on(&format!("PUT {backups}"), [ok(schedule.clone())])
                .on(
                    &format!("DELETE {backups}"),
                    [message(200, "no longer backed up")],
                )
                .on(&format!("POST {backups}/run"), [ok(run.clone())]);
            let $coolify = stage.client();
            let ($storages, story) = ($resource.storages(), &stage.story);
            story.tell_of("list", &$storages.list().await);
            for $new in storages() {
                story.tell(format!("{:?}", $new));
                let created = $create.await;
                story.tell_of("created", &created.map(|it| it.uuid));
            }
            let update = $storages.update_volume("v1").name("x-data");
            let update = update
                .host_path("/srv")
                .mount_path("/new")
                .is_preview_suffix_enabled(true);
            story.tell_of("updated", &update.await.map(|it| it.mount_path));
            let update = $storages.update_volume("v1").clear_host_path();
            story.tell_of("updated", &update.await.map(|it| it.mount_path));
            let update = $storages.update_file("f1").content("A=2");
            let update = update
                .mount_path("/app/env")
                .is_preview_suffix_enabled(false);
            story.tell_of("updated", &update.await.map(|it| it.mount_path));
            let update = $storages.update_file("f1").clear_content();
            story.tell_of("updated", &update.await.map(|it| it.mount_path));
            let set = $storages.set_backup_schedule("v1", "0 3 * * *");
            let set = set.s3_storage_uuid("b2").save_s3(true).timeout(60);
            story.tell_of("scheduled", &set.stop_during_backup(true).await);
            let set = $storages.set_backup_schedule("v1", "daily");
            let set = set.enabled(false).clear_s3_storage_uuid();
            story.tell_of("scheduled", &set.retention_days_locally(7).await);
            story.tell_of("backed up", &$storages.back_up_now("v1").await);
            story.tell_of("unscheduled", &$storages.delete_backup_schedule("v1").await);
            story.tell_of("deleted", &$storages.delete("v1").await);
            all += &chapter($name, story);
        };
    }
    calls!(
        "an application",
        "/applications/x",
        |coolify| coolify.application("x"),
        |storages, new| storages.create(new)
    );
    calls!(
        "a database",
        "/databases/x",
        |coolify| coolify.database("x"),
        |storages, new| storages.create(new)
    );
    calls!(
        "a service",
        "/services/x",
        |coolify| coolify.service("x"),
        |storages, new| storages.create_in("p1", new)
    );
    insta::assert_snapshot!(all);
}

/// The path of a volume is in a column of 255 characters, the path of a file is not.
#[tokio::test(start_paused = true)]
async fn a_path_that_is_too_long_is_not_sent() {
    let row = || status(201, json!({"uuid": "v1"}));
    let stage = Stage::set()
        .await
        .on("POST /applications/x/storages", [row()])
        .on("POST /services/x/storages", [row()])
        .on("PATCH /applications/x/storages", [row()]);
    let of_application = stage.client().application("x").storages();
    let of_service = stage.client().service("x").storages();
    let mut all = String::new();
    let mut told = |what: &str, length: usize, end: coolify_sdk::Result<_>| {
        let end: coolify_sdk::Result<coolify_sdk::storages::Storage> = end;
        let said = end.map_or_else(
            |error| crate::stage::failure(&error),
            |_| "is sent".to_owned(),
        );
        writeln!(all, "{what} of {length} characters: {said}").expect("text");
    };
    for length in [255, 256] {
        let path = || "/".repeat(length);
        for (what, new) in [
            ("a volume", NewStorage::volume("data", path())),
            (
                "a mounted path",
                NewStorage::host_path("data", "/srv", path()),
            ),
            (
                "a path on the server",
                NewStorage::host_path("data", path(), "/data"),
            ),
            ("a file", NewStorage::file(path(), "")),
            ("a directory", NewStorage::directory("/srv", path())),
        ] {
            told(what, length, of_application.create(new.clone()).await);
            let what = format!("{what} of a service");
            told(&what, length, of_service.create_in("p1", new).await);
        }
        let update = of_application.update_volume("v1").mount_path(path());
        told("a new path of a volume", length, update.await);
        let update = of_application.update_file("v1").mount_path(path());
        told("a new path of a file", length, update.await);
    }
    insta::assert_snapshot!(all);
}
