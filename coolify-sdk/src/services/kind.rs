//! The calls of services.

use super::{Service, ServiceHandle};
use crate::envs::has_envs;
use crate::resource::{StatusReport, kind};
#[cfg(feature = "scheduled-tasks")]
use crate::scheduled_tasks::has_scheduled_tasks;

kind! {
    ServiceHandle, "service", Service => report,
    get: get_service_by_uuid,
    logs: get_service_logs_by_uuid(container),
    delete: delete_service_by_uuid[delete_from_coolify_only],
    stop: stop_service_by_uuid,
    move_to: move_service_by_uuid,
    clone_to: clone_service_by_uuid,
    migrate: migrate_service_by_uuid,
    tags: {
        list: list_tags_by_service_uuid,
        add: create_tag_by_service_uuid,
        remove: delete_tag_by_service_uuid,
    },
    storages: {
        list: list_storages_by_service_uuid,
        update: update_storage_by_service_uuid,
        delete: delete_storage_by_service_uuid,
        set_backup_schedule: set_service_storage_backup_schedule,
        delete_backup_schedule: delete_service_storage_backup_schedule,
        back_up: run_service_storage_backup,
    },
}

/// Returns the status of a service and of its containers.
fn report(service: Service) -> StatusReport {
    let mut report = StatusReport::of(service.status);
    for one in service.applications.unwrap_or_default() {
        report.part(one.name, one.status);
    }
    for one in service.databases.unwrap_or_default() {
        report.part(one.name, one.status);
    }
    report
}

has_envs! {
    ServiceHandle, plain,
    list: list_envs_by_service_uuid,
    create: create_env_by_service_uuid,
    update: update_env_by_service_uuid,
    bulk: update_envs_by_service_uuid,
    delete: delete_env_by_service_uuid,
}

#[cfg(feature = "scheduled-tasks")]
has_scheduled_tasks! {
    ServiceHandle,
    list: list_scheduled_tasks_by_service_uuid,
    create: create_scheduled_task_by_service_uuid,
    update: update_scheduled_task_by_service_uuid,
    delete: delete_scheduled_task_by_service_uuid,
    execute: execute_scheduled_task_by_service_uuid,
    executions: list_scheduled_task_executions_by_service_uuid,
}
