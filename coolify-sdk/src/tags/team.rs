//! The tags of the team.

use super::Tag;
use crate::Call;
use crate::raw::types::{CreateTagBody, UpdateTagByUuidBody};
use crate::{Coolify, Uuid};

/// The tags of the team: [`Coolify::tags`].
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
    coolify: Coolify,
}

/// One tag: [`Coolify::tag`].
#[derive(Clone, Debug)]
pub struct TagHandle {
    coolify: Coolify,
    uuid: Uuid,
}

impl Coolify {
    /// The tags of the team.
    #[must_use]
    pub fn tags(&self) -> Tags {
        Tags {
            coolify: self.clone(),
        }
    }

    /// One tag.
    #[must_use]
    pub fn tag(&self, uuid: impl Into<Uuid>) -> TagHandle {
        TagHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

impl Tags {
    /// All tags.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// What the server answers; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<Tag>> {
        self.coolify.raw().list_tags()
    }

    /// A new tag, of at least two characters, attached to nothing yet.
    /// Attaching a tag to a resource creates it as well.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) when the team has one
    /// of this name.
    #[inline]
    pub fn create(&self, name: impl Into<String>) -> Call<Tag> {
        self.coolify.raw().create_tag(&CreateTagBody::new(name))
    }
}

impl TagHandle {
    /// The tag's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Gives the tag another name, on everything that has it.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) when the team has
    /// another tag of this name.
    #[inline]
    pub fn rename(&self, name: impl Into<String>) -> Call<Tag> {
        let body = UpdateTagByUuidBody::new(name);
        let raw = self.coolify.raw();
        raw.update_tag_by_uuid(self.uuid.as_str(), &body)
    }

    /// Deletes the tag, takes it from everything that has it, and returns Coolify's
    /// message.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) when there is none.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_tag_by_uuid(self.uuid.as_str()).message()
    }
}
