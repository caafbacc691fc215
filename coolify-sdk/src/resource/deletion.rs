//! Waits until a deleted resource is gone.

use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use super::subject::Subject;
use crate::error::Result;
use crate::wait::Patience;

const PATIENCE: Patience = Patience::new(Duration::from_secs(2), Duration::from_secs(300));

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

impl Deletion {
    pub(crate) fn new(subject: Subject, message: String) -> Self {
        Self {
            subject,
            message,
            patience: PATIENCE,
        }
    }

    /// Returns Coolify's message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Sets how often to poll. The default is 2 seconds, and the minimum is a
    /// tenth of a second.
    #[must_use]
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.patience.poll_every(interval);
        self
    }

    /// Sets how long to wait at most. The default is 5 minutes.
    #[must_use]
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.patience.max_wait(longest);
        self
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
        let mut wait = self.patience.start();
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

impl IntoFuture for Deletion {
    type Output = Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.wait())
    }
}
