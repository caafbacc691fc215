//! The calls that applications, databases and services have in common; the ids of
//! the operations differ only in the kind.

/// The calls that all three kinds have; `$id` has `resource` for the kind.
macro_rules! of_every_kind {
    ($id:expr, $c:expr, $handle:expr, $bulk:ty) => {{
        let (c, it) = ($c, $handle);
        match $id {
            "delete-resource-by-uuid" => {
                let volumes = match c.switch("delete_volumes")? {
                    Some(false) => Volumes::Keep,
                    _ => Volumes::Delete,
                };
                let configurations = c.switch("delete_configurations")?.unwrap_or(true);
                let mut request = it.delete(volumes).delete_configurations(configurations);
                if let Some(delete) = c.switch("delete_connected_networks")? {
                    request = request.delete_connected_networks(delete);
                }
                if let Some(clean) = c.switch("docker_cleanup")? {
                    request = request.docker_cleanup(clean);
                }
                part(request.await.map(|deletion| deletion.message().to_owned()))
            }
            "stop-resource-by-uuid" => {
                let mut request = it.stop();
                if let Some(clean) = c.switch("docker_cleanup")? {
                    request = request.docker_cleanup(clean);
                }
                watched(request.await)
            }
            "move-resource-by-uuid" => whole(it.move_to(c.text("environment_uuid")?).await),
            "clone-resource-by-uuid" => {
                let destination = c.text("destination_uuid")?;
                whole(c.fill(it.clone_to(destination))?.await)
            }
            "migrate-resource-by-uuid" => {
                let destination = c.text("destination_uuid")?;
                whole(c.fill(it.migrate(destination))?.await)
            }
            "list-envs-by-resource-uuid" => whole(it.envs().list().await),
            "create-env-by-resource-uuid" => {
                let request = it.envs().create(c.text("key")?, c.text("value")?);
                part(c.fill(request)?.await)
            }
            "update-env-by-resource-uuid" => {
                let request = it.envs().update(c.text("key")?, c.text("value")?);
                whole(c.fill(request)?.await)
            }
            "update-envs-by-resource-uuid" => {
                whole(it.envs().bulk(c.required::<Vec<$bulk>>("data")?).await)
            }
            "delete-env-by-resource-uuid" => part(it.envs().delete(c.param("env_uuid")).await),
            "list-tags-by-resource-uuid" => whole(it.tags().list().await),
            "create-tag-by-resource-uuid" => match c.optional::<Vec<String>>("tag_names")? {
                Some(names) => whole(it.tags().add_all(names).await),
                None => whole(it.tags().add(c.text("tag_name")?).await),
            },
            "delete-tag-by-resource-uuid" => part(it.tags().remove(c.param("tag_uuid")).await),
            "list-storages-by-resource-uuid" => whole(it.storages().list().await),
            "update-storage-by-resource-uuid" => {
                let uuid = c.text("uuid")?;
                match c.text("type")?.as_str() {
                    "file" => whole(c.fill(it.storages().update_file(uuid))?.await),
                    _ => whole(c.fill(it.storages().update_volume(uuid))?.await),
                }
            }
            "delete-storage-by-resource-uuid" => {
                part(it.storages().delete(c.param("storage_uuid")).await)
            }
            "set-resource-storage-backup-schedule" => {
                let (storage, frequency) = (c.param("storage_uuid"), c.text("frequency")?);
                let request = it.storages().set_backup_schedule(storage, frequency);
                whole(c.fill(request)?.await)
            }
            "delete-resource-storage-backup-schedule" => part(
                it.storages()
                    .delete_backup_schedule(c.param("storage_uuid"))
                    .await,
            ),
            "run-resource-storage-backup" => {
                whole(it.storages().back_up_now(c.param("storage_uuid")).await)
            }
            _ => return Ok(None),
        }
        .map(Some)
    }};
}

/// The calls of the two kinds that have scheduled tasks.
macro_rules! scheduled_tasks {
    ($id:expr, $c:expr, $handle:expr) => {{
        let (c, tasks) = ($c, $handle.scheduled_tasks());
        let task = || c.param("task_uuid");
        match $id {
            "list-scheduled-tasks-by-resource-uuid" => Some(whole(tasks.list().await)?),
            "create-scheduled-task-by-resource-uuid" => {
                let (name, command) = (c.text("name")?, c.text("command")?);
                let request = tasks.create(name, command, c.text("frequency")?);
                Some(whole(c.fill(request)?.await)?)
            }
            "update-scheduled-task-by-resource-uuid" => {
                Some(whole(c.fill(tasks.update(task()))?.await)?)
            }
            "delete-scheduled-task-by-resource-uuid" => Some(part(tasks.delete(task()).await)?),
            "execute-scheduled-task-by-resource-uuid" => Some(part(tasks.execute(task()).await)?),
            "list-scheduled-task-executions-by-resource-uuid" => {
                Some(whole(tasks.executions(task()).await)?)
            }
            _ => None,
        }
    }};
}

pub(crate) use {of_every_kind, scheduled_tasks};

use coolify_sdk::resource::ContainerLogs;
use coolify_sdk::storages::NewStorage;

use super::call::{Answer, Call, NO_METHOD, Stop, part};

/// Reads the log of a container.
pub async fn logs(c: &Call<'_>, mut logs: ContainerLogs) -> Answer {
    if let Some(lines) = c.query::<i64>("lines")? {
        logs = logs.lines(lines);
    }
    if let Some(show) = c.switch("show_timestamps")? {
        logs = logs.show_timestamps(show);
    }
    part(logs.await)
}

/// Returns the storage that a body describes.
pub fn new_storage(c: &Call<'_>) -> Result<NewStorage, Stop> {
    let path = c.text("mount_path")?;
    let content: Option<String> = c.optional("content")?;
    let fs_path: Option<String> = c.optional("fs_path")?;
    let is_directory = c.optional("is_directory")? == Some(true);
    let is_host_file = c.optional("is_host_file")? == Some(true);
    match (c.text("type")?.as_str(), content, fs_path) {
        ("persistent", None, None) => {
            let name = c.text("name")?;
            Ok(match c.optional::<String>("host_path")? {
                Some(host) => NewStorage::host_path(name, host, path),
                None => NewStorage::volume(name, path),
            })
        }
        ("file", Some(content), None) => Ok(NewStorage::file(path, content)),
        ("file", None, Some(at)) if is_directory => Ok(NewStorage::directory(at, path)),
        ("file", None, Some(at)) if is_host_file => Ok(NewStorage::host_file(at, path)),
        _ => Err(Stop::Unsayable(NO_METHOD)),
    }
}
