//! The tags of the team.

use super::Tag;
use crate::Call;
use crate::raw::types::{CreateTagBody, UpdateTagByUuidBody};
use crate::{Coolify, Uuid};

/// A handle for the tags of the team: [`Coolify::tags`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// for tag in coolify.tags().list().await? {
///     println!("{} {}", tag.uuid, tag.name);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Tags {
    pub(crate) coolify: Coolify,
}

/// A handle for one tag: [`Coolify::tag`].
#[derive(Clone, Debug)]
pub struct TagHandle {
    coolify: Coolify,
    uuid: Uuid,
}

impl Coolify {
    /// Returns a handle for the tags of the team.
    #[must_use]
    pub fn tags(&self) -> Tags {
        Tags {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one tag.
    #[must_use]
    pub fn tag(&self, uuid: impl Into<Uuid>) -> TagHandle {
        TagHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

impl Tags {
    /// Returns all tags.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<Tag>> {
        self.coolify.raw().list_tags()
    }

    /// Creates a tag, and returns it. The name needs at least two characters.
    /// Adding a tag to a resource creates the tag as well.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the team already has
    /// a tag of this name.
    #[inline]
    pub fn create(&self, name: impl Into<String>) -> Call<Tag> {
        self.coolify.raw().create_tag(&CreateTagBody::new(name))
    }
}

impl TagHandle {
    /// Returns the tag's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Renames the tag, on all resources that have it, and returns it.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the team has another
    /// tag of this name.
    #[inline]
    pub fn rename(&self, name: impl Into<String>) -> Call<Tag> {
        let body = UpdateTagByUuidBody::new(name);
        let raw = self.coolify.raw();
        raw.update_tag_by_uuid(self.uuid.as_str(), &body)
    }

    /// Deletes the tag, removes it from all resources, and returns Coolify's
    /// message.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_tag_by_uuid(self.uuid.as_str()).message()
    }
}
