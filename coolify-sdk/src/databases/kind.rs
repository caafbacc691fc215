//! The calls of databases.

use super::{Database, DatabaseHandle};
use crate::envs::has_envs;
use crate::raw::types::CreateStorageBody;
use crate::resource::{StatusReport, calls, kind};
use crate::storages::{OwnsStorages, Storage};

kind! {
    DatabaseHandle, "database", Database => |it| StatusReport::of(it.status),
    get: get_database_by_uuid,
    logs: get_database_logs_by_uuid(),
    delete: delete_database_by_uuid,
    stop: stop_database_by_uuid,
    move_to: move_database_by_uuid,
    clone_to: clone_database_by_uuid,
    migrate: migrate_database_by_uuid,
    tags: {
        list: list_tags_by_database_uuid,
        add: create_tag_by_database_uuid,
        remove: delete_tag_by_database_uuid,
    },
    storages: {
        list: list_storages_by_database_uuid,
        update: update_storage_by_database_uuid,
        delete: delete_storage_by_database_uuid,
        set_backup_schedule: set_database_storage_backup_schedule,
        delete_backup_schedule: delete_database_storage_backup_schedule,
        back_up: run_database_storage_backup,
    },
}

impl OwnsStorages for DatabaseHandle {
    calls! {
        create_storage: create_storage_by_database_uuid[](body: &CreateStorageBody) -> Storage,
    }
}

has_envs! {
    DatabaseHandle, plain,
    list: list_envs_by_database_uuid,
    create: create_env_by_database_uuid,
    update: update_env_by_database_uuid,
    bulk: update_envs_by_database_uuid,
    delete: delete_env_by_database_uuid,
}
