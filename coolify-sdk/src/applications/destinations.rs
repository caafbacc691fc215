//! The destinations of an application.

use super::ApplicationDestination;
use crate::Call;
use crate::raw::types::{AddApplicationDestinationBody, CreatedWithMessage};
use crate::{Coolify, Uuid};

/// A handle for the destinations of one application, which can run on several
/// servers:
/// [`ApplicationHandle::destinations`](super::ApplicationHandle::destinations).
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let destinations = coolify.application("khzsv5nucvscskrm5gez3p8v").destinations();
/// destinations.add("xvsbsh3vdoweviqdmdtct9uj").await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct ApplicationDestinations {
    coolify: Coolify,
    application: Uuid,
}

impl ApplicationDestinations {
    pub(super) fn new(coolify: &Coolify, application: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            application: application.clone(),
        }
    }

    /// Returns all destinations of the application. The primary one is the
    /// destination that it was created on.
    ///
    /// Needs the `read` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// application.
    #[inline]
    pub fn list(&self) -> Call<Vec<ApplicationDestination>> {
        self.coolify
            .raw()
            .list_application_destinations(self.application.as_str())
    }

    /// Adds a destination, on which the application also runs from its next
    /// deployment on.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// destination.
    #[inline]
    pub fn add(&self, destination: impl Into<Uuid>) -> Call<CreatedWithMessage> {
        let body = AddApplicationDestinationBody::new(destination);
        let raw = self.coolify.raw();
        raw.add_application_destination(self.application.as_str(), &body)
    }

    /// Removes a destination, so that the application no longer runs on it, and
    /// returns Coolify's message. The primary destination cannot be removed.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the application
    /// does not run on the destination.
    #[inline]
    pub fn remove(&self, destination: impl Into<Uuid>) -> Call<String> {
        let destination = destination.into();
        let raw = self.coolify.raw();
        raw.remove_application_destination(self.application.as_str(), destination.as_str())
            .message()
    }
}
