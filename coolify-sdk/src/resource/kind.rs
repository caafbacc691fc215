//! The differences between the kinds of resources.

use super::delete::DeleteOptions;
use super::subject::StatusReport;
use crate::raw::types::{
    CloneResourceBody, CreateResourceTagBody, CreatedWithMessage, Logs, Message,
    MigrateResourceBody, MigratedResource, MoveResourceBody, MovedResource, Storage,
    StorageBackupRun, StorageBackupSchedule, StorageList, Tag, UpdateStorageBody,
    VolumeBackupScheduleRequest,
};
use crate::{Call, Uuid, raw};

/// A kind of resource: its name, its model, and its calls.
///
/// Each kind names its calls in its own `kind.rs`, in a table for
/// [`kind!`](crate::resource::kind). The rooms that all kinds share are written
/// once over [`ResourceHandle`](super::ResourceHandle), which has this trait, and know no
/// kind.
pub trait Kind: Sized {
    /// The noun for messages.
    const NOUN: &'static str;
    /// The type of the resource when it is read.
    type Model: 'static;

    fn get(raw: &raw::Client, uuid: &Uuid) -> Call<Self::Model>;
    fn name(model: Self::Model) -> String;
    fn report(model: Self::Model) -> StatusReport;
    /// Reads a log. Only services use `container`.
    fn logs(
        raw: &raw::Client,
        uuid: &Uuid,
        container: &str,
        lines: Option<i64>,
        times: Option<bool>,
    ) -> Call<Logs>;
    fn delete(raw: &raw::Client, uuid: &Uuid, options: &DeleteOptions) -> Call<Message>;
    fn stop(raw: &raw::Client, uuid: &Uuid, docker_cleanup: Option<bool>) -> Call<Message>;
    fn move_to(raw: &raw::Client, uuid: &Uuid, body: &MoveResourceBody) -> Call<MovedResource>;
    fn clone_to(
        raw: &raw::Client,
        uuid: &Uuid,
        body: &CloneResourceBody,
    ) -> Call<CreatedWithMessage>;
    fn migrate(
        raw: &raw::Client,
        uuid: &Uuid,
        body: &MigrateResourceBody,
    ) -> Call<MigratedResource>;

    fn list_tags(raw: &raw::Client, uuid: &Uuid) -> Call<Vec<Tag>>;
    fn add_tags(raw: &raw::Client, uuid: &Uuid, body: &CreateResourceTagBody) -> Call<Vec<Tag>>;
    fn remove_tag(raw: &raw::Client, uuid: &Uuid, tag: &Uuid) -> Call<Message>;

    fn list_storages(raw: &raw::Client, uuid: &Uuid) -> Call<StorageList>;
    fn update_storage(raw: &raw::Client, uuid: &Uuid, body: &UpdateStorageBody) -> Call<Storage>;
    fn delete_storage(raw: &raw::Client, uuid: &Uuid, storage: &Uuid) -> Call<Message>;
    fn set_backup_schedule(
        raw: &raw::Client,
        uuid: &Uuid,
        storage: &Uuid,
        body: &VolumeBackupScheduleRequest,
    ) -> Call<StorageBackupSchedule>;
    fn delete_backup_schedule(raw: &raw::Client, uuid: &Uuid, storage: &Uuid) -> Call<Message>;
    fn back_up_storage(raw: &raw::Client, uuid: &Uuid, storage: &Uuid) -> Call<StorageBackupRun>;
}

/// Implements [`Kind`] from a table of calls.
macro_rules! kind {
    (
        $handle:ty, $noun:literal, $model:ty => $report:expr,
        get: $get:ident,
        logs: $logs:ident $([$service:ident])? ($($container:ident)?),
        delete: $delete:ident $([$from_coolify_only:ident])?,
        stop: $stop:ident,
        move_to: $move_to:ident,
        clone_to: $clone_to:ident,
        migrate: $migrate:ident,
        tags: {
            list: $list_tags:ident,
            add: $add_tags:ident,
            remove: $remove_tag:ident,
        },
        storages: {
            list: $list_storages:ident,
            update: $update_storage:ident,
            delete: $delete_storage:ident,
            set_backup_schedule: $set_backup_schedule:ident,
            delete_backup_schedule: $delete_backup_schedule:ident,
            back_up: $back_up_storage:ident,
        },
    ) => {
        impl $crate::resource::Kind for $handle {
            const NOUN: &'static str = $noun;
            type Model = $model;

            fn get(raw: &$crate::raw::Client, uuid: &$crate::Uuid) -> $crate::Call<$model> {
                raw.$get(uuid.as_str())
            }

            fn name(model: $model) -> String {
                model.name
            }

            fn report(model: $model) -> $crate::resource::StatusReport {
                let report: fn($model) -> $crate::resource::StatusReport = $report;
                report(model)
            }

            fn logs(
                raw: &$crate::raw::Client,
                uuid: &$crate::Uuid,
                _container: &str,
                lines: Option<i64>,
                times: Option<bool>,
            ) -> $crate::Call<$crate::raw::types::Logs> {
                $( let $container = _container; )?
                // Without a name, it is the log of the first container.
                $( let $service = (!_container.is_empty()).then_some(_container); )?
                raw.$logs(uuid.as_str(), lines $(, $service)?, times $(, $container)?)
            }

            fn delete(
                raw: &$crate::raw::Client,
                uuid: &$crate::Uuid,
                options: &$crate::resource::DeleteOptions,
            ) -> $crate::Call<$crate::raw::types::Message> {
                raw.$delete(
                    uuid.as_str(),
                    options.configurations(),
                    options.delete_connected_networks,
                    $(options.$from_coolify_only,)?
                    Some(options.delete_volumes()),
                    options.docker_cleanup,
                )
            }

            $crate::resource::calls! {
                stop: $stop[](docker_cleanup: Option<bool>) -> $crate::raw::types::Message,
                move_to: $move_to[](body: &$crate::raw::types::MoveResourceBody) -> $crate::raw::types::MovedResource,
                clone_to: $clone_to[](body: &$crate::raw::types::CloneResourceBody) -> $crate::raw::types::CreatedWithMessage,
                migrate: $migrate[](body: &$crate::raw::types::MigrateResourceBody) -> $crate::raw::types::MigratedResource,
                list_tags: $list_tags[]() -> Vec<$crate::raw::types::Tag>,
                add_tags: $add_tags[](body: &$crate::raw::types::CreateResourceTagBody) -> Vec<$crate::raw::types::Tag>,
                remove_tag: $remove_tag[tag]() -> $crate::raw::types::Message,
                list_storages: $list_storages[]() -> $crate::raw::types::StorageList,
                update_storage: $update_storage[](body: &$crate::raw::types::UpdateStorageBody) -> $crate::raw::types::Storage,
                delete_storage: $delete_storage[storage]() -> $crate::raw::types::Message,
                set_backup_schedule: $set_backup_schedule[storage](
                    body: &$crate::raw::types::VolumeBackupScheduleRequest
                ) -> $crate::raw::types::StorageBackupSchedule,
                delete_backup_schedule: $delete_backup_schedule[storage]() -> $crate::raw::types::Message,
                back_up_storage: $back_up_storage[storage]() -> $crate::raw::types::StorageBackupRun,
            }
        }
    };
}

/// Implements methods of a trait by one call of the generated layer each, with
/// the uuids besides the resource's and further arguments.
macro_rules! calls {
    ($(
        $method:ident: $call:ident[$($id:ident),*]($($argument:ident: $type:ty),*) -> $reply:ty
    ),* $(,)?) => { $(
        fn $method(
            raw: &$crate::raw::Client,
            uuid: &$crate::Uuid,
            $($id: &$crate::Uuid,)*
            $($argument: $type),*
        ) -> $crate::Call<$reply> {
            raw.$call(uuid.as_str() $(, $id.as_str())* $(, $argument)*)
        }
    )* };
}

pub(crate) use {calls, kind};
