//! S3 storages, which store backups.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::{CreateS3StorageBody, UpdateS3StorageByUuidBody};
use crate::request::Request;
use crate::{Coolify, Secret, Uuid};

pub use crate::raw::types::{Created, S3Storage, ValidationResult};

/// A handle for the S3 storages of the team: [`Coolify::s3_storages`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, key: String, secret: String)
/// # -> coolify_sdk::Result<()> {
/// use coolify_sdk::s3_storages::S3Bucket;
///
/// let created = coolify
///     .s3_storages()
///     .create("backups", S3Bucket {
///         endpoint: "https://s3.eu-central-1.amazonaws.com".into(),
///         region: "eu-central-1".into(),
///         bucket: "coolify-backups".into(),
///         key: key.into(),
///         secret: secret.into(),
///     })
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[doc(alias("S3 Storages", "S3 Storage"))]
#[derive(Clone, Debug)]
pub struct S3Storages {
    pub(crate) coolify: Coolify,
}

/// A handle for one S3 storage: [`Coolify::s3_storage`].
#[derive(Clone, Debug)]
pub struct S3StorageHandle {
    coolify: Coolify,
    uuid: Uuid,
}

/// A bucket and its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Bucket {
    /// The provider's URL, with its scheme and without the bucket.
    pub endpoint: String,
    /// The region, such as `eu-central-1`; `auto` for a provider without regions.
    pub region: String,
    /// The name of the bucket, which has to exist.
    pub bucket: String,
    /// The access key.
    pub key: Secret,
    /// The secret key.
    pub secret: Secret,
}

impl Coolify {
    /// Returns a handle for the S3 storages of the team.
    #[must_use]
    pub fn s3_storages(&self) -> S3Storages {
        S3Storages {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one S3 storage.
    #[must_use]
    pub fn s3_storage(&self, uuid: impl Into<Uuid>) -> S3StorageHandle {
        S3StorageHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

/// Adds an S3 storage, and returns its uuid: [`S3Storages::create`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) if the name is too short
/// or the endpoint is not a URL.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, key: String, secret: String) -> coolify_sdk::Result<()> {
/// use coolify_sdk::s3_storages::S3Bucket;
///
/// let bucket = S3Bucket {
///     endpoint: "https://s3.eu-central-1.amazonaws.com".into(),
///     region: "eu-central-1".into(),
///     bucket: "coolify-backups".into(),
///     key: key.into(),
///     secret: secret.into(),
/// };
/// let created = coolify.s3_storages().create("backups", bucket).await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreateS3StorageBody, Created>);

impl S3Storages {
    /// Returns all storages.
    ///
    /// Needs the `read` ability; the keys need `read:sensitive` and are absent
    /// without it. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<S3Storage>> {
        self.coolify.raw().list_s3_storages()
    }

    /// Adds an S3 storage, and returns its uuid. See [`Create`].
    ///
    /// The name needs at least three characters.
    /// [`validate`](S3StorageHandle::validate) checks whether the bucket can be
    /// used.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn create(&self, name: impl Into<String>, bucket: S3Bucket) -> Create {
        let body = CreateS3StorageBody::new(
            bucket.bucket,
            bucket.endpoint,
            bucket.key,
            name,
            bucket.region,
            bucket.secret,
        );
        Create(Request::new(&self.coolify, body, |raw, body| {
            raw.create_s3_storage(&body)
        }))
    }
}

/// Changes an S3 storage in Coolify, and returns its uuid:
/// [`S3StorageHandle::update`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let storage = coolify.s3_storage("a2o3j5nrymlxeqxbvtosrtew");
/// storage.update().name("backups").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateS3StorageByUuidBody, Created>);

impl S3StorageHandle {
    /// Returns the storage's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns the storage as it is now.
    ///
    /// Needs the `read` ability; the keys need `read:sensitive` and are absent
    /// without it. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<S3Storage> {
        self.coolify
            .raw()
            .get_s3_storage_by_uuid(self.uuid.as_str())
    }

    /// Changes an S3 storage in Coolify, and returns its uuid. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> Update {
        let uuid = self.uuid.clone();
        let body = UpdateS3StorageByUuidBody::default();
        Update(Request::new(&self.coolify, body, move |raw, body| {
            raw.update_s3_storage_by_uuid(uuid.as_str(), &body)
        }))
    }

    /// Removes the storage from Coolify, and returns Coolify's message. The
    /// bucket and its contents are not deleted.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_s3_storage_by_uuid(self.uuid.as_str()).message()
    }

    /// Checks whether the bucket can be used. A bucket that cannot be used is not
    /// an error: the result contains `valid: false` and the reason.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if Coolify has no such
    /// storage.
    #[inline]
    pub fn validate(&self) -> Call<ValidationResult> {
        self.coolify
            .raw()
            .validate_s3_storage_by_uuid(self.uuid.as_str())
    }
}
