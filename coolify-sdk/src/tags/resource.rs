//! The tags of one resource.

use std::future::Future;

use super::Tag;
use crate::Uuid;
use crate::error::{Error, ErrorKind, Result};
use crate::raw;
use crate::resource::Resource;

/// The tags of one resource: `.tags()` of applications, databases and services.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let tags = coolify.application("khzsv5nucvscskrm5gez3p8v").tags();
/// tags.add("beta").await?;
/// for tag in tags.list().await? {
///     println!("{}", tag.name);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct ResourceTags<R> {
    resource: R,
}

impl<R: HasTags> ResourceTags<R> {
    pub(crate) fn new(resource: &R) -> Self {
        Self {
            resource: resource.clone(),
        }
    }

    /// The tags that it has.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] for an unknown resource.
    pub async fn list(&self) -> Result<Vec<Tag>> {
        R::list(self.raw(), self.resource.uuid()).await
    }

    /// Attaches a tag, by its name of at least two characters, and creates it
    /// if the team has none of this name; gives all tags that the resource has
    /// then. A tag that it has already is no error.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] for a name that is too short.
    pub async fn add(&self, name: impl Into<String>) -> Result<Vec<Tag>> {
        R::add(self.raw(), self.resource.uuid(), name.into()).await
    }

    /// Attaches several tags at once; see [`add`](Self::add).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for an empty list, before it is sent;
    /// [`Error::is_validation`] when a name is too short.
    pub async fn add_all(
        &self,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Vec<Tag>> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        if names.is_empty() {
            return Err(Error::new(ErrorKind::InvalidRequest, "no tags were given"));
        }
        R::add_all(self.raw(), self.resource.uuid(), names).await
    }

    /// Takes a tag from the resource, by the tag's uuid; gives what Coolify
    /// says about it. A tag that is on nothing any more is deleted.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] when the resource has no such tag.
    pub async fn remove(&self, tag: impl Into<Uuid>) -> Result<String> {
        R::remove(self.raw(), self.resource.uuid(), &tag.into()).await
    }

    fn raw(&self) -> raw::Client {
        self.resource.coolify().raw()
    }
}

/// A resource with tags.
#[doc(hidden)]
pub trait HasTags: Resource {
    fn list(raw: raw::Client, uuid: &Uuid) -> impl Future<Output = Result<Vec<Tag>>> + Send;
    fn add(
        raw: raw::Client,
        uuid: &Uuid,
        name: String,
    ) -> impl Future<Output = Result<Vec<Tag>>> + Send;
    fn add_all(
        raw: raw::Client,
        uuid: &Uuid,
        names: Vec<String>,
    ) -> impl Future<Output = Result<Vec<Tag>>> + Send;
    fn remove(
        raw: raw::Client,
        uuid: &Uuid,
        tag: &Uuid,
    ) -> impl Future<Output = Result<String>> + Send;
}

macro_rules! has_tags {
    (
        $feature:literal, $handle:path,
        $list:ident, $create:ident($create_body:ident), $delete:ident
    ) => {
        #[cfg(feature = $feature)]
        impl HasTags for $handle {
            async fn list(raw: raw::Client, uuid: &Uuid) -> Result<Vec<Tag>> {
                raw.$list(uuid.as_str()).await
            }

            async fn add(raw: raw::Client, uuid: &Uuid, name: String) -> Result<Vec<Tag>> {
                let body = raw::types::$create_body {
                    tag_name: Some(name),
                    ..Default::default()
                };
                raw.$create(uuid.as_str(), &body).await
            }

            async fn add_all(
                raw: raw::Client,
                uuid: &Uuid,
                names: Vec<String>,
            ) -> Result<Vec<Tag>> {
                let body = raw::types::$create_body {
                    tag_names: Some(names),
                    ..Default::default()
                };
                raw.$create(uuid.as_str(), &body).await
            }

            async fn remove(raw: raw::Client, uuid: &Uuid, tag: &Uuid) -> Result<String> {
                Ok(raw.$delete(uuid.as_str(), tag.as_str()).await?.message)
            }
        }
    };
}

has_tags!(
    "applications",
    crate::applications::ApplicationHandle,
    list_tags_by_application_uuid,
    create_tag_by_application_uuid(CreateResourceTagBody),
    delete_tag_by_application_uuid
);
has_tags!(
    "databases",
    crate::databases::DatabaseHandle,
    list_tags_by_database_uuid,
    create_tag_by_database_uuid(CreateResourceTagBody),
    delete_tag_by_database_uuid
);
has_tags!(
    "services",
    crate::services::ServiceHandle,
    list_tags_by_service_uuid,
    create_tag_by_service_uuid(CreateResourceTagBody),
    delete_tag_by_service_uuid
);
