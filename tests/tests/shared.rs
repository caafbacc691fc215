//! What applications, databases and services have in common, on recorded replies.

use coolify_sdk::resource::Volumes;
use coolify_sdk::storages::NewStorage;
use coolify_sdk::{ErrorKind, Result};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::Value;

const WEB: &str = "khzsv5nucvscskrm5gez3p8v";
const DATABASE: &str = "anr20uftvinwcdu7cxugbatx";

fn param(recording: &Recording, name: &str) -> String {
    let value = recording.request.params.get(name).and_then(Value::as_str);
    value.expect("a text parameter").to_owned()
}

fn load(name: &str) -> Recording {
    Recording::load(name)
}

#[tokio::test]
async fn each_kind_of_storage_sends_its_own_fields() -> Result<()> {
    let replay = Replay::of(&[
        "create-storage-by-application-uuid.ok",
        "create-storage-by-application-uuid.file",
        "create-storage-by-application-uuid.directory",
        "list-storages-by-application-uuid.ok",
    ])
    .await;
    let storages = replay.client().application(WEB).storages();
    let data = storages.create(NewStorage::volume("data", "/data")).await?;
    assert_eq!(data.name.as_deref(), Some("khzsv5nucvscskrm5gez3p8v-data"));
    let file = NewStorage::file("/etc/app.conf", "a=1\n");
    assert!(!format!("{file:?}").contains("a=1"));
    storages.create(file).await?;
    let directory = storages
        .create(NewStorage::directory("/srv/host", "/srv/dir"))
        .await?;
    assert_eq!(directory.is_directory, Some(true));
    let list = storages.list().await?;
    assert!(!list.persistent_storages.is_empty() && !list.file_storages.is_empty());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn volumes_and_files_are_changed_apart() -> Result<()> {
    let replay = Replay::of(&[
        "update-storage-by-application-uuid.ok",
        "update-storage-by-application-uuid.preview-suffix",
        "update-storage-by-application-uuid.file",
        "delete-storage-by-application-uuid.with-backup-schedule",
    ])
    .await;
    let storages = replay.client().application(WEB).storages();
    let volume = "uegav7yrxfxjnbvnqsknqfzr";
    storages.update_volume(volume).mount_path("/data2").await?;
    storages
        .update_volume(volume)
        .is_preview_suffix_enabled(false)
        .await?;
    storages
        .update_file("flfzkkm5rilccv2fvdm1nfrh")
        .content("b=2\n")
        .await?;
    let kept = load("delete-storage-by-application-uuid.with-backup-schedule");
    let error = storages.delete(param(&kept, "storage_uuid")).await;
    assert!(error.expect_err("it has a schedule").is_validation());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn storages_are_backed_up_by_the_clock_and_at_once() -> Result<()> {
    let replay = Replay::of(&[
        "set-application-storage-backup-schedule.ok",
        "run-application-storage-backup.ok",
        "delete-application-storage-backup-schedule.ok",
    ])
    .await;
    let storages = replay.client().application(WEB).storages();
    let volume = "uegav7yrxfxjnbvnqsknqfzr";
    let schedule = storages
        .set_backup_schedule(volume, "0 3 * * *")
        .enabled(true)
        .await?;
    assert_eq!(schedule.retention_amount_locally, Some(7));
    let run = storages.back_up_now(volume).await?;
    assert_eq!(run.uuid, schedule.uuid);
    storages.delete_backup_schedule(volume).await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn tags_are_added_by_name_and_removed_by_uuid() -> Result<()> {
    let replay = Replay::of(&[
        "create-tag-by-application-uuid.ok",
        "create-tag-by-application-uuid.many",
        "delete-tag-by-application-uuid.ok",
    ])
    .await;
    let tags = replay.client().application(WEB).tags();
    tags.add("alpha").await?;
    assert_eq!(tags.add_all(["beta", "gamma"]).await?.len(), 5);
    let removed = load("delete-tag-by-application-uuid.ok");
    tags.remove(param(&removed, "tag_uuid")).await?;
    for nothing in [
        tags.add_all(Vec::<String>::new()).await,
        tags.add_all("").await,
    ] {
        let error = nothing.expect_err("no tag");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(!error.to_string().is_empty());
    }
    replay.check();
    Ok(())
}

#[tokio::test]
async fn tags_of_the_team() -> Result<()> {
    let replay = Replay::of(&[
        "create-tag.ok",
        "create-tag.duplicate",
        "list-tags.ok",
        "update-tag-by-uuid.ok",
        "delete-tag-by-uuid.ok",
    ])
    .await;
    let coolify = replay.client();
    let tag = coolify.tags().create("release").await?;
    let twice = coolify.tags().create("release").await;
    assert!(twice.expect_err("a duplicate").is_conflict());
    assert!(!coolify.tags().list().await?.is_empty());
    let tag = coolify.tag(&tag.uuid);
    assert_eq!(tag.rename("released").await?.name, "released");
    assert_eq!(tag.delete().await?, "Tag deleted.");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn scheduled_tasks_from_making_to_running() -> Result<()> {
    let replay = Replay::of(&[
        "create-scheduled-task-by-application-uuid.ok",
        "update-scheduled-task-by-application-uuid.ok",
        "execute-scheduled-task-by-application-uuid.ok",
        "list-scheduled-task-executions-by-application-uuid.ok",
    ])
    .await;
    let tasks = replay.client().application(WEB).scheduled_tasks();
    let task = tasks
        .create("migrate", "php artisan migrate --force", "0 2 * * *")
        .timeout(120)
        .enabled(true)
        .await?;
    tasks
        .update(&task.uuid)
        .enabled(false)
        .name("renamed")
        .await?;
    tasks.execute(&task.uuid).await?;
    let executions = load("list-scheduled-task-executions-by-application-uuid.ok");
    let runs = tasks.executions(param(&executions, "task_uuid")).await?;
    assert_eq!(runs[0].duration, Some(1.12));
    assert_eq!(
        runs[0].message.as_ref().map(coolify_sdk::Secret::expose),
        Some("all done")
    );
    let long = tasks.create("len256", "x".repeat(256), "0 2 * * *").await;
    assert_eq!(
        long.expect_err("too long").kind(),
        ErrorKind::InvalidRequest
    );
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_confirmed_delete_looks_at_the_name_first() -> Result<()> {
    let replay = Replay::of(&["get-application-by-uuid.ok"]).await;
    let recording = load("get-application-by-uuid.ok");
    let error = replay
        .client()
        .application(param(&recording, "uuid"))
        .delete_confirmed("something-else", Volumes::Keep)
        .await
        .expect_err("another name");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn resources_move_are_copied_and_migrate() -> Result<()> {
    let replay = Replay::of(&[
        "move-application-by-uuid.ok",
        "move-application-by-uuid.same-environment",
        "clone-database-by-uuid.ok",
        "migrate-application-by-uuid.production-instance",
    ])
    .await;
    let coolify = replay.client();
    let web = coolify.application(WEB);
    let environment = "55kpvvfyrsjcsnoufpz6ingv";
    let moved = web.move_to(environment).await?;
    assert_eq!(moved.environment_uuid, Some(environment.into()));
    let again = web.move_to(environment).await;
    assert!(again.expect_err("it is there").is_conflict());
    coolify
        .database(DATABASE)
        .clone_to("h7tnpmyf2udgxk0ytjxozcgm")
        .name("pg-clone")
        .await?;
    let migrate = load("migrate-application-by-uuid.production-instance");
    let error = coolify
        .application(param(&migrate, "uuid"))
        .migrate("xvsbsh3vdoweviqdmdtct9uj")
        .await
        .expect_err("a production instance");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    replay.check();
    Ok(())
}
