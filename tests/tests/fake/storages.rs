//! Invalid storages that Coolify rejects, as tested on 4.0.0 and 4.3.11.

use coolify_sdk::Result;
use coolify_sdk::storages::{NewStorage, Storage};
use coolify_sdk::testing::FakeCoolify;

async fn create(version: &str, storage: NewStorage) -> Result<Storage> {
    let fake = FakeCoolify::version(version).start().await;
    let project = fake.seed_project("own");
    let application = fake.seed_application(&project, "web");
    let client = fake.client();
    client
        .application(&application)
        .storages()
        .create(storage)
        .await
}

/// Returns the status of the refusal, and the field that it names.
async fn verdict(version: &str, storage: NewStorage) -> String {
    match create(version, storage).await {
        Ok(_) => "taken".to_owned(),
        Err(error) => {
            let status = error.status().expect("the fake answered");
            let field = error.field_errors().first().and_then(|it| it.field());
            format!("{status} {}", field.unwrap_or_default())
        }
    }
}

#[tokio::test]
async fn a_file_stays_in_its_folder_since_4_2_0() {
    for (path, older, newer) in [
        ("/etc/app.conf", "taken", "taken"),
        ("/%2e%2e/x", "taken", "taken"),
        ("/a b", "taken", "taken"),
        ("/a:b", "taken", "taken"),
        ("/..a/b", "taken", "taken"),
        ("/a//b", "taken", "taken"),
        ("/", "taken", "taken"),
        ("/../../tmp/x", "taken", "422 mount_path"),
        ("..", "taken", "422 mount_path"),
        ("/a/./b", "taken", "422 mount_path"),
        ("/a\\..\\b", "taken", "422 mount_path"),
        ("/x;id", "500 ", "422 mount_path"),
        ("/x`id`", "500 ", "422 mount_path"),
    ] {
        let verdicts = [
            verdict("4.1.2", NewStorage::file(path, "a")).await,
            verdict("4.3.11", NewStorage::file(path, "a")).await,
        ];
        assert_eq!(verdicts, [older, newer], "{path}");
    }
}

#[tokio::test]
async fn a_file_is_kept_below_the_folder_of_its_resource() -> Result<()> {
    let cases = [
        ("4.3.11", "/a//b", "/a/b", "/a/b"),
        ("4.3.11", "a", "/a", "/a"),
        ("4.1.2", "/a//b", "/a//b", "/a//b"),
        ("4.1.2", "/../x", "/../x", "/../x"),
    ];
    for (version, path, mount, end) in cases {
        let storage = create(version, NewStorage::file(path, "a")).await?;
        assert_eq!(storage.mount_path.as_deref(), Some(mount), "{path}");
        let kept = storage.fs_path.unwrap_or_default();
        assert!(kept.starts_with("/data/coolify/applications/"), "{kept}");
        assert!(kept.ends_with(end), "{kept}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_mounted_has_a_form() {
    for (storage, wanted) in [
        (NewStorage::volume("data", "/data"), "taken"),
        (NewStorage::volume("/data", "/data"), "422 name"),
        (NewStorage::volume("a:b", "/data"), "422 name"),
        (NewStorage::volume("..", "/data"), "422 name"),
        (NewStorage::volume("a b", "/data"), "422 name"),
        (NewStorage::volume("", "/data"), "422 name"),
        (
            NewStorage::host_path("data", "../x", "/data"),
            "422 host_path",
        ),
        (
            NewStorage::host_path("data", "/x y", "/data"),
            "422 host_path",
        ),
        (NewStorage::host_path("data", "/../x", "/data"), "taken"),
        (NewStorage::directory("/a", "/data"), "taken"),
        (NewStorage::directory("", "/data"), "422 fs_path"),
        (NewStorage::directory("/a;b", "/data"), "500 "),
        (NewStorage::host_file("/a", "/data"), "taken"),
        (NewStorage::host_file("a", "/data"), "422 mount_path"),
        (NewStorage::host_file("/a/../b", "/data"), "422 mount_path"),
        (NewStorage::host_file("/a", "/../data"), "422 mount_path"),
        (NewStorage::host_file("", "/data"), "422 fs_path"),
    ] {
        let shown = format!("{storage:?}");
        assert_eq!(verdict("4.3.11", storage).await, wanted, "{shown}");
    }
}
