//! Waits until a deleted resource is gone.

use std::time::Duration;

use super::subject::Subject;
use crate::error::Result;
use crate::request::awaitable;
use crate::wait::{Patience, waits};

const LONGEST: Duration = Duration::from_secs(300);

/// A resource that is being deleted: a future that completes when the resource is
/// gone.
///
/// A job deletes the resource, which can be read until then. Dropping this value
/// does not stop the job.
#[derive(Clone, Debug)]
pub struct Deletion {
    subject: Subject,
    message: String,
    patience: Patience,
}

waits!(Deletion, "5 minutes");

impl Deletion {
    pub(crate) fn new(subject: Subject, message: String) -> Self {
        Self {
            subject,
            message,
            patience: Patience::default(),
        }
    }

    /// Returns Coolify's message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Waits until the resource is gone.
    ///
    /// Needs the `read` ability.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WaitExpired`](crate::ErrorKind::WaitExpired) after the
    /// maximum wait; and the errors of polling.
    pub async fn wait(self) -> Result<()> {
        let mut wait = self.patience.start(self.subject.coolify(), LONGEST);
        let gone = wait.until(|| async { Ok((!self.subject.exists().await?).then_some(())) });
        if gone.await?.is_some() {
            return Ok(());
        }
        let noun = self.subject.noun();
        let error = wait.expired(format_args!("the {noun} still exists"));
        Err(error.with_hint(
            "the deletion is queued and continues; Coolify needs to reach the server of the \
             resource",
        ))
    }
}

awaitable!(Deletion, wait -> ());
