//! The calls of applications.

use super::{Application, ApplicationHandle};
use crate::envs::has_envs;
use crate::raw::types::CreateStorageBody;
use crate::resource::{StatusReport, calls, kind};
#[cfg(feature = "scheduled-tasks")]
use crate::scheduled_tasks::has_scheduled_tasks;
use crate::storages::{OwnsStorages, Storage};

kind! {
    ApplicationHandle, "application", Application => |it| StatusReport::of(it.status),
    get: get_application_by_uuid,
    logs: get_application_logs_by_uuid[service](),
    delete: delete_application_by_uuid,
    stop: stop_application_by_uuid,
    move_to: move_application_by_uuid,
    clone_to: clone_application_by_uuid,
    migrate: migrate_application_by_uuid,
    tags: {
        list: list_tags_by_application_uuid,
        add: create_tag_by_application_uuid,
        remove: delete_tag_by_application_uuid,
    },
    storages: {
        list: list_storages_by_application_uuid,
        update: update_storage_by_application_uuid,
        delete: delete_storage_by_application_uuid,
        set_backup_schedule: set_application_storage_backup_schedule,
        delete_backup_schedule: delete_application_storage_backup_schedule,
        back_up: run_application_storage_backup,
    },
}

impl OwnsStorages for ApplicationHandle {
    calls! {
        create_storage: create_storage_by_application_uuid[](body: &CreateStorageBody) -> Storage,
    }
}

has_envs! {
    ApplicationHandle, of_applications,
    list: list_envs_by_application_uuid,
    create: create_env_by_application_uuid,
    update: update_env_by_application_uuid,
    bulk: update_envs_by_application_uuid,
    delete: delete_env_by_application_uuid,
}

#[cfg(feature = "scheduled-tasks")]
has_scheduled_tasks! {
    ApplicationHandle,
    list: list_scheduled_tasks_by_application_uuid,
    create: create_scheduled_task_by_application_uuid,
    update: update_scheduled_task_by_application_uuid,
    delete: delete_scheduled_task_by_application_uuid,
    execute: execute_scheduled_task_by_application_uuid,
    executions: list_scheduled_task_executions_by_application_uuid,
}
