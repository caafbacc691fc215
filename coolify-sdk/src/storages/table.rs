//! The calls for applications, databases and services.

use super::bodies::{FileChanges, Kind, VolumeChanges};
use super::{NewStorage, Storage, StorageBackupRun, StorageBackupSchedule, StorageList};
use crate::raw::types::VolumeBackupScheduleRequest;
use crate::resource::Resource;
use crate::{Call, Uuid, raw};

/// A resource with storages.
#[doc(hidden)]
pub trait HasStorages: Resource {
    fn list(raw: &raw::Client, uuid: &Uuid) -> Call<StorageList>;
    fn update_volume(
        raw: &raw::Client,
        uuid: &Uuid,
        storage: Uuid,
        body: VolumeChanges,
    ) -> Call<Storage>;
    fn update_file(
        raw: &raw::Client,
        uuid: &Uuid,
        storage: Uuid,
        body: FileChanges,
    ) -> Call<Storage>;
    fn delete(raw: &raw::Client, uuid: &Uuid, storage: &Uuid) -> Call<String>;
    fn set_backup_schedule(
        raw: &raw::Client,
        uuid: &Uuid,
        storage: &Uuid,
        body: &VolumeBackupScheduleRequest,
    ) -> Call<StorageBackupSchedule>;
    fn delete_backup_schedule(raw: &raw::Client, uuid: &Uuid, storage: &Uuid) -> Call<String>;
    fn run_backup(raw: &raw::Client, uuid: &Uuid, storage: &Uuid) -> Call<StorageBackupRun>;
}

/// A resource that mounts its storages itself. The storages of a service are
/// mounted by its containers.
#[doc(hidden)]
pub trait OwnsStorages: HasStorages {
    fn create(raw: &raw::Client, uuid: &Uuid, storage: NewStorage) -> Call<Storage>;
}

/// Writes a storage into one of the three bodies, which differ only in their
/// names.
macro_rules! put_storage {
    ($body:ident, $kind:expr) => {
        match $kind {
            Kind::Volume { name, host_path } => {
                $body.name = Some(name);
                $body.host_path = host_path.map(Into::into);
            }
            Kind::File { content } => {
                $body.content = Some(content.into());
            }
            Kind::Directory { fs_path } => {
                $body.is_directory = Some(true);
                $body.fs_path = Some(fs_path);
            }
            Kind::HostFile { fs_path } => {
                $body.is_host_file = Some(true);
                $body.fs_path = Some(fs_path);
            }
        }
    };
}

macro_rules! has_storages {
    (
        $feature:literal, $handle:path,
        $list:ident, $update:ident($update_body:ident), $delete:ident,
        $set_schedule:ident, $delete_schedule:ident, $run_backup:ident
    ) => {
        #[cfg(feature = $feature)]
        impl HasStorages for $handle {
            fn list(raw: &raw::Client, uuid: &Uuid) -> Call<StorageList> {
                raw.$list(uuid.as_str())
            }

            fn update_volume(
                raw: &raw::Client,
                uuid: &Uuid,
                storage: Uuid,
                changes: VolumeChanges,
            ) -> Call<Storage> {
                let mut body = raw::types::$update_body::new("persistent");
                body.uuid = Some(storage);
                body.name = changes.name;
                body.mount_path = changes.mount_path;
                body.host_path = changes.host_path;
                body.is_preview_suffix_enabled = changes.is_preview_suffix_enabled;
                raw.$update(uuid.as_str(), &body)
            }

            fn update_file(
                raw: &raw::Client,
                uuid: &Uuid,
                storage: Uuid,
                changes: FileChanges,
            ) -> Call<Storage> {
                let mut body = raw::types::$update_body::new("file");
                body.uuid = Some(storage);
                body.content = changes.content;
                body.mount_path = changes.mount_path;
                body.is_preview_suffix_enabled = changes.is_preview_suffix_enabled;
                raw.$update(uuid.as_str(), &body)
            }

            fn delete(raw: &raw::Client, uuid: &Uuid, storage: &Uuid) -> Call<String> {
                raw.$delete(uuid.as_str(), storage.as_str()).message()
            }

            fn set_backup_schedule(
                raw: &raw::Client,
                uuid: &Uuid,
                storage: &Uuid,
                body: &VolumeBackupScheduleRequest,
            ) -> Call<StorageBackupSchedule> {
                raw.$set_schedule(uuid.as_str(), storage.as_str(), body)
            }

            fn delete_backup_schedule(
                raw: &raw::Client,
                uuid: &Uuid,
                storage: &Uuid,
            ) -> Call<String> {
                raw.$delete_schedule(uuid.as_str(), storage.as_str())
                    .message()
            }

            fn run_backup(
                raw: &raw::Client,
                uuid: &Uuid,
                storage: &Uuid,
            ) -> Call<StorageBackupRun> {
                raw.$run_backup(uuid.as_str(), storage.as_str())
            }
        }
    };
}

macro_rules! owns_storages {
    ($feature:literal, $handle:path, $create:ident($create_body:ident)) => {
        #[cfg(feature = $feature)]
        impl OwnsStorages for $handle {
            fn create(raw: &raw::Client, uuid: &Uuid, storage: NewStorage) -> Call<Storage> {
                let (mount_path, kind) = (storage.mount_path, storage.kind);
                let mut body = raw::types::$create_body::new(mount_path, kind.wire());
                put_storage!(body, kind);
                raw.$create(uuid.as_str(), &body)
            }
        }
    };
}

#[cfg(feature = "services")]
pub(super) fn create_in(
    raw: &raw::Client,
    uuid: &Uuid,
    container: Uuid,
    storage: NewStorage,
) -> Call<Storage> {
    let (mount_path, kind) = (storage.mount_path, storage.kind);
    let mut body =
        raw::types::CreateStorageByServiceUuidBody::new(mount_path, container, kind.wire());
    put_storage!(body, kind);
    raw.create_storage_by_service_uuid(uuid.as_str(), &body)
}

has_storages!(
    "applications",
    crate::applications::ApplicationHandle,
    list_storages_by_application_uuid,
    update_storage_by_application_uuid(UpdateStorageByApplicationUuidBody),
    delete_storage_by_application_uuid,
    set_application_storage_backup_schedule,
    delete_application_storage_backup_schedule,
    run_application_storage_backup
);
has_storages!(
    "databases",
    crate::databases::DatabaseHandle,
    list_storages_by_database_uuid,
    update_storage_by_database_uuid(UpdateStorageByDatabaseUuidBody),
    delete_storage_by_database_uuid,
    set_database_storage_backup_schedule,
    delete_database_storage_backup_schedule,
    run_database_storage_backup
);
has_storages!(
    "services",
    crate::services::ServiceHandle,
    list_storages_by_service_uuid,
    update_storage_by_service_uuid(UpdateStorageByServiceUuidBody),
    delete_storage_by_service_uuid,
    set_service_storage_backup_schedule,
    delete_service_storage_backup_schedule,
    run_service_storage_backup
);

owns_storages!(
    "applications",
    crate::applications::ApplicationHandle,
    create_storage_by_application_uuid(CreateStorageByApplicationUuidBody)
);
owns_storages!(
    "databases",
    crate::databases::DatabaseHandle,
    create_storage_by_database_uuid(CreateStorageByDatabaseUuidBody)
);
