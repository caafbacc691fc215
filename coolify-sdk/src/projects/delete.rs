//! Deleting a project.

use std::future::IntoFuture;
use std::time::Duration;

use super::ProjectHandle;
use crate::error::{Error, Result};
use crate::request::BoxFuture;
use crate::wait::Patience;

const PATIENCE: Patience = Patience::new(Duration::from_secs(2), Duration::from_secs(120));

/// How many of the things in a project an error names.
const NAMED: usize = 10;

/// The deletion of a project, not sent yet: [`ProjectHandle::delete`].
///
/// Coolify deletes a project only when nothing is in it. What was deleted
/// before counts until its job has run: [`and_wait`](Self::and_wait) waits for
/// that.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::resource::Volumes;
///
/// coolify.application("khzsv5nucvscskrm5gez3p8v").delete(Volumes::Delete).await?;
/// coolify.project("gwgmpnq6u26xpsihsouontfu").delete().and_wait().await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is deleted before `.send()`, `.await` or `.and_wait()`"]
pub struct DeleteProject {
    project: ProjectHandle,
    patience: Patience,
}

impl DeleteProject {
    pub(super) fn new(project: &ProjectHandle) -> Self {
        Self {
            project: project.clone(),
            patience: PATIENCE,
        }
    }

    /// How often [`and_wait`](Self::and_wait) looks; 2 seconds unless set, and
    /// never less than a tenth of a second.
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.patience.poll_every(interval);
        self
    }

    /// How long [`and_wait`](Self::and_wait) waits at the most; 2 minutes unless
    /// set.
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.patience.max_wait(longest);
        self
    }

    /// Deletes the project; gives what Coolify says about it.
    ///
    /// Needs the `write` ability, and `read` to tell what is in the way. Since
    /// Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] while something is in it; [`Error::hint`] tells
    /// what.
    pub async fn send(self) -> Result<String> {
        match self.attempt().await {
            Err(error) if error.is_conflict() => Err(self.explain(error).await),
            other => other,
        }
    }

    /// Deletes the project as soon as nothing is in it any more. What is in it
    /// is not deleted: that has to be asked for before.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WaitExpired`](crate::ErrorKind::WaitExpired) when something
    /// was in it all the time; [`Error::hint`] tells what.
    pub async fn and_wait(self) -> Result<()> {
        let mut wait = self.patience.start();
        let mut was_asked = false;
        while wait.turn().await {
            let round = Box::pin(async {
                if was_asked && !self.project.contents().await?.is_empty() {
                    return Ok(false);
                }
                match self.attempt().await {
                    Ok(_) => Ok(true),
                    Err(error) if error.is_conflict() => Ok(false),
                    Err(error) => Err(error),
                }
            });
            match wait.look(round).await {
                Ok(Some(true)) => return Ok(()),
                // Asked once before, and the answer was lost or another was faster.
                Err(error) if was_asked && error.is_not_found() => return Ok(()),
                Err(error) => return Err(error),
                Ok(_) => was_asked = true,
            }
        }
        let error = wait.expired("the project still holds resources");
        Err(self.explain(error).await)
    }

    async fn attempt(&self) -> Result<String> {
        let uuid = self.project.uuid.as_str();
        let raw = self.project.coolify.raw();
        Ok(raw.delete_project_by_uuid(uuid).await?.message)
    }

    /// Names what is in the way, where that can be read.
    async fn explain(&self, error: Error) -> Error {
        let Ok(contents) = Box::pin(self.project.contents()).await else {
            return error;
        };
        if contents.is_empty() {
            return error
                .with_hint("nothing is in it any more: what was in it went just now, try again");
        }
        let named: Vec<_> = contents
            .iter()
            .take(NAMED)
            .map(ToString::to_string)
            .collect();
        let more = match contents.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let named = named.join(", ");
        error.with_hint(format!("delete or move what is still in it: {named}{more}"))
    }
}

impl IntoFuture for DeleteProject {
    type Output = Result<String>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
