//! Deleting a project.

use std::time::Duration;

use super::ProjectHandle;
use crate::error::{Error, Result};
use crate::request::awaitable;
use crate::wait::{Patience, waits};

const LONGEST: Duration = Duration::from_secs(120);

/// How many resources of a project an error names.
const NAMED: usize = 10;

/// The deletion of a project, which has not been sent yet:
/// [`ProjectHandle::delete`].
///
/// Coolify deletes a project only if it is empty. A deleted resource counts until
/// its job has run: [`and_wait`](Self::and_wait) waits for that.
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
pub struct Delete {
    project: ProjectHandle,
    patience: Patience,
}

waits!(Delete, "2 minutes");

impl Delete {
    pub(super) fn new(project: &ProjectHandle) -> Self {
        Self {
            project: project.clone(),
            patience: Patience::default(),
        }
    }

    /// Deletes the project, and returns Coolify's message.
    ///
    /// Needs the `write` ability, and `read` to tell what is in the way. Since
    /// Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] if the project is not empty; [`Error::hint`] lists
    /// what is in it.
    pub async fn send(self) -> Result<String> {
        match self.attempt().await {
            Err(error) if error.is_conflict() => Err(self.explain(error).await),
            other => other,
        }
    }

    /// Waits until the project is empty, and deletes it. Its resources are not
    /// deleted: delete them first.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WaitExpired`](crate::ErrorKind::WaitExpired) if the project
    /// is still not empty after the maximum wait; [`Error::hint`] lists what is
    /// in it.
    pub async fn and_wait(self) -> Result<()> {
        let mut wait = self.patience.start(&self.project.coolify, LONGEST);
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
                // An earlier request was carried out and its answer lost, or somebody else
                // was faster.
                Err(error) if was_asked && error.is_not_found() => return Ok(()),
                Err(error) => return Err(error),
                Ok(_) => was_asked = true,
            }
        }
        let error = wait.expired("the project still contains resources");
        Err(self.explain(error).await)
    }

    async fn attempt(&self) -> Result<String> {
        let uuid = self.project.uuid.as_str();
        let raw = self.project.coolify.raw();
        Ok(raw.delete_project_by_uuid(uuid).await?.message)
    }

    /// Adds a hint that lists the resources in the project, if they can be read.
    async fn explain(&self, error: Error) -> Error {
        let Ok(contents) = Box::pin(self.project.contents()).await else {
            return error;
        };
        if contents.is_empty() {
            return error.with_hint(
                "the project is empty now, its last resource was just deleted: try again",
            );
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
        error.with_hint(format!(
            "delete or move the resources in it first: {named}{more}"
        ))
    }
}

awaitable!(Delete, send -> String);
