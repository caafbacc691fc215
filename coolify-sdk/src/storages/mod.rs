//! Storages: the volumes, files and directories that are mounted into the
//! containers of applications, databases and services.

mod bodies;

use coolify_sdk_macros::builder;

#[cfg(any(feature = "applications", feature = "databases"))]
use crate::raw::types::CreateStorageBody;
use crate::raw::types::VolumeBackupScheduleRequest;
use bodies::{FileChanges, VolumeChanges};

pub use bodies::NewStorage;

use crate::request::Request;
use crate::resource::ResourceHandle;
use crate::{Call, Uuid, raw};

pub use crate::raw::types::{
    FileStorage, PersistentStorage, Storage, StorageBackupRun, StorageBackupSchedule, StorageList,
    StorageType,
};

/// A handle for the storages of one resource: `.storages()` of applications,
/// databases and services.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::storages::NewStorage;
///
/// let storages = coolify.application("khzsv5nucvscskrm5gez3p8v").storages();
/// let data = storages.create(NewStorage::volume("data", "/data")).await?;
/// storages.set_backup_schedule(&data.uuid, "0 3 * * *").await?;
/// # Ok(()) }
/// ```
#[doc(alias("Persistent Storage", "Persistent Storages", "volumes", "mounts"))]
#[derive(Clone, Debug)]
pub struct Storages<R> {
    resource: R,
}

/// Changes a volume, and returns it: [`Storages::update_volume`].
///
/// The change takes effect with the next deployment.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, a file or directory outside of the resource's directory also needs
/// the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) if a compose file or a
/// service defines the volume: then only `is_preview_suffix_enabled` can be
/// changed. [`Error::is_not_found`](crate::Error::is_not_found) if the volume
/// does not exist, or if it is a file.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let storages = coolify.application("khzsv5nucvscskrm5gez3p8v").storages();
/// storages
///     .update_volume("b2c8wks0ksk4ggo8cow4ssg0")
///     .mount_path("/var/lib/data")
///     .await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateVolume(Request<VolumeChanges, Storage>);

/// Changes a mounted file or directory, and returns it:
/// [`Storages::update_file`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, a file or directory outside of the resource's directory also needs
/// the `deploy` ability.
///
/// # Errors
///
/// Those of [`UpdateVolume`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let storages = coolify.application("khzsv5nucvscskrm5gez3p8v").storages();
/// storages
///     .update_file("kw8ssg4o0s8csc4wo4k8o8ow")
///     .content("debug = false\n")
///     .await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateFile(Request<FileChanges, Storage>);

/// Schedules backups of a volume or directory, or changes the schedule, and
/// returns it: [`Storages::set_backup_schedule`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) for an
/// invalid frequency, and for `save_s3` without `s3_storage_uuid`.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let storages = coolify.application("khzsv5nucvscskrm5gez3p8v").storages();
/// storages
///     .set_backup_schedule("b2c8wks0ksk4ggo8cow4ssg0", "0 3 * * *")
///     .await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct SetBackupSchedule(Request<VolumeBackupScheduleRequest, StorageBackupSchedule>);

impl<R: ResourceHandle> Storages<R> {
    pub(crate) fn new(resource: &R) -> Self {
        Self {
            resource: resource.clone(),
        }
    }

    /// Returns all storages. For a service, these are the storages of all its
    /// containers.
    ///
    /// Needs the `read` ability; the text of files needs `read:sensitive` and is
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// resource.
    pub fn list(&self) -> Call<StorageList> {
        R::list_storages(&self.raw(), self.resource.uuid())
    }

    /// Changes a volume, and returns it. See [`UpdateVolume`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, a file or directory outside of the resource's directory also needs
    /// the `deploy` ability.
    #[inline]
    pub fn update_volume(&self, storage: impl Into<Uuid>) -> UpdateVolume {
        let (uuid, storage) = (self.resource.uuid().clone(), storage.into());
        let body = VolumeChanges::default();
        UpdateVolume(Request::new(
            self.resource.coolify(),
            body,
            move |raw, body| R::update_storage(&raw, &uuid, &body.of(storage)),
        ))
    }

    /// Changes a mounted file or directory, and returns it. See [`UpdateFile`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, a file or directory outside of the resource's directory also needs
    /// the `deploy` ability.
    #[inline]
    pub fn update_file(&self, storage: impl Into<Uuid>) -> UpdateFile {
        let (uuid, storage) = (self.resource.uuid().clone(), storage.into());
        let body = FileChanges::default();
        UpdateFile(Request::new(
            self.resource.coolify(),
            body,
            move |raw, body| R::update_storage(&raw, &uuid, &body.of(storage)),
        ))
    }

    /// Deletes a storage, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) if the storage has a
    /// backup schedule; [`Error::is_not_found`](crate::Error::is_not_found) if it
    /// does not exist.
    pub fn delete(&self, storage: impl Into<Uuid>) -> Call<String> {
        R::delete_storage(&self.raw(), self.resource.uuid(), &storage.into()).message()
    }

    /// Schedules backups of a volume or directory, or changes the schedule, and
    /// returns it. See [`SetBackupSchedule`].
    ///
    /// `frequency` is a cron expression (`0 3 * * *`) or one of `every_minute`,
    /// `hourly`, `daily`, `weekly`, `monthly`, `yearly`.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn set_backup_schedule(
        &self,
        storage: impl Into<Uuid>,
        frequency: impl Into<String>,
    ) -> SetBackupSchedule {
        let (uuid, storage) = (self.resource.uuid().clone(), storage.into());
        let body = VolumeBackupScheduleRequest::new(frequency);
        SetBackupSchedule(Request::new(
            self.resource.coolify(),
            body,
            move |raw, body| R::set_backup_schedule(&raw, &uuid, &storage, &body),
        ))
    }

    /// Deletes a storage's backup schedule **and the backups that it made**, and
    /// returns Coolify's message. It is not an error if there is no schedule.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) while a backup is
    /// running; [`Error::is_not_found`](crate::Error::is_not_found) for an
    /// unknown storage.
    pub fn delete_backup_schedule(&self, storage: impl Into<Uuid>) -> Call<String> {
        R::delete_backup_schedule(&self.raw(), self.resource.uuid(), &storage.into()).message()
    }

    /// Backs up a storage now, with the settings of its schedule. The reply
    /// contains the schedule, not the backup.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the storage has no
    /// schedule.
    pub fn back_up_now(&self, storage: impl Into<Uuid>) -> Call<StorageBackupRun> {
        R::back_up_storage(&self.raw(), self.resource.uuid(), &storage.into())
    }

    #[cfg(feature = "services")]
    pub(crate) fn resource(&self) -> &R {
        &self.resource
    }

    fn raw(&self) -> raw::Client {
        self.resource.coolify().raw()
    }
}

/// A resource that mounts its storages itself: an application or a database. The
/// storages of a service are mounted by its containers.
///
/// Only the two handles implement it.
#[cfg(any(feature = "applications", feature = "databases"))]
pub trait OwnsStorages: ResourceHandle {
    #[doc(hidden)]
    fn create_storage(raw: &raw::Client, uuid: &Uuid, body: &CreateStorageBody) -> Call<Storage>;
}

#[cfg(any(feature = "applications", feature = "databases"))]
impl<R: OwnsStorages> Storages<R> {
    /// Mounts a new storage, and returns it. It takes effect with the next
    /// deployment.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, a file or directory outside of the resource's directory also needs
    /// the `deploy` ability.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) for a name or a path
    /// that Coolify does not accept.
    pub fn create(&self, storage: NewStorage) -> Call<Storage> {
        if let Err(error) = storage.check() {
            return Call::failed(error);
        }
        R::create_storage(&self.raw(), self.resource.uuid(), &storage.body())
    }
}
