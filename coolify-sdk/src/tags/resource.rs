//! The tags of one resource.

use super::Tag;
use crate::error::{Error, ErrorKind};
use crate::raw::types::CreateResourceTagBody;
use crate::request::IntoList;
use crate::resource::ResourceHandle;
use crate::{Call, Uuid, raw};

/// A handle for the tags of one resource: `.tags()` of applications, databases
/// and services.
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

impl<R: ResourceHandle> ResourceTags<R> {
    pub(crate) fn new(resource: &R) -> Self {
        Self {
            resource: resource.clone(),
        }
    }

    /// Returns the tags of the resource.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] for an unknown resource.
    pub fn list(&self) -> Call<Vec<Tag>> {
        R::list_tags(&self.raw(), self.resource.uuid())
    }

    /// Adds a tag to the resource, and returns all tags of the resource. The name
    /// needs at least two characters. The tag is created if it does not exist. It
    /// is not an error if the resource already has the tag.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`] if the name is too short.
    pub fn add(&self, name: impl Into<String>) -> Call<Vec<Tag>> {
        let body = CreateResourceTagBody {
            tag_name: Some(name.into()),
            ..CreateResourceTagBody::default()
        };
        R::add_tags(&self.raw(), self.resource.uuid(), &body)
    }

    /// Adds several tags at once; see [`add`](Self::add).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for an empty list, before it is sent;
    /// [`Error::is_validation`] if a name is too short.
    pub fn add_all<Form>(&self, names: impl IntoList<Form>) -> Call<Vec<Tag>> {
        let names = names.into_items();
        if names.is_empty() {
            let error = Error::new(ErrorKind::InvalidRequest, "no tags were given");
            return Call::failed(error);
        }
        let body = CreateResourceTagBody {
            tag_names: Some(names),
            ..CreateResourceTagBody::default()
        };
        R::add_tags(&self.raw(), self.resource.uuid(), &body)
    }

    /// Removes a tag from the resource, by the tag's uuid, and returns Coolify's
    /// message. A tag that no resource has any more is deleted.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the resource has no such tag.
    pub fn remove(&self, tag: impl Into<Uuid>) -> Call<String> {
        R::remove_tag(&self.raw(), self.resource.uuid(), &tag.into()).message()
    }

    fn raw(&self) -> raw::Client {
        self.resource.coolify().raw()
    }
}
