//! The Docker cleanup of a server: it removes old images, containers and build
//! caches.

use coolify_sdk_macros::builder;

use super::{DockerCleanup, DockerCleanupExecution, server_part};
use crate::Call;
use crate::raw::types::{RunServerDockerCleanupBody, UpdateServerDockerCleanupBody};
use crate::request::Request;

server_part!(
    /// The Docker cleanup of one server: [`ServerHandle::docker_cleanup`].
    ///
    /// [`ServerHandle::docker_cleanup`]: super::ServerHandle::docker_cleanup
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let cleanup = coolify.server("ndfqlt8mg8zla6bo50nyqhg8").docker_cleanup();
    /// cleanup.update().docker_cleanup_frequency("0 3 * * *").await?;
    /// cleanup.run().await?;
    /// # Ok(()) }
    /// ```
    DockerCleanupHandle,
    /// Returns a handle for its Docker cleanup.
    docker_cleanup
);

/// Changes when and how a server is cleaned up, and returns the settings:
/// [`DockerCleanupHandle::update`].
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) if the frequency is
/// neither a cron expression nor a word such as `daily`.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify.server("ndfqlt8mg8zla6bo50nyqhg8");
/// let cleanup = server.docker_cleanup();
/// cleanup.update().docker_cleanup_frequency("0 3 * * *").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct UpdateDockerCleanup(Request<UpdateServerDockerCleanupBody, DockerCleanup>);

/// Starts a Docker cleanup now, and returns Coolify's message:
/// [`DockerCleanupHandle::run`].
///
/// [`DockerCleanupHandle::executions`] contains the outcome a little later.
///
/// `delete_unused_volumes(true)` deletes the data of every volume that no
/// container uses at that moment.
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify.server("ndfqlt8mg8zla6bo50nyqhg8");
/// server.docker_cleanup().run().await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct RunDockerCleanup(Request<RunServerDockerCleanupBody, String>);

impl DockerCleanupHandle {
    /// Returns when and how the server is cleaned up.
    ///
    /// Needs the `read` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn get(&self) -> Call<DockerCleanup> {
        self.server
            .coolify
            .raw()
            .get_server_docker_cleanup(self.server.uuid.as_str())
    }

    /// Changes when and how a server is cleaned up, and returns the settings. See
    /// [`UpdateDockerCleanup`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self) -> UpdateDockerCleanup {
        let uuid = self.server.uuid.clone();
        let body = UpdateServerDockerCleanupBody::default();
        UpdateDockerCleanup(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.update_server_docker_cleanup(uuid.as_str(), &body),
        ))
    }

    /// Starts a Docker cleanup now, and returns Coolify's message. See
    /// [`RunDockerCleanup`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn run(&self) -> RunDockerCleanup {
        let uuid = self.server.uuid.clone();
        let body = RunServerDockerCleanupBody::default();
        RunDockerCleanup(Request::new(
            &self.server.coolify,
            body,
            |raw, body| async move {
                Ok(raw
                    .run_server_docker_cleanup(uuid.as_str(), &body)
                    .await?
                    .message)
            },
        ))
    }

    /// Returns the runs of the cleanup, the newest first.
    ///
    /// Needs the `read` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn executions(&self) -> Call<Vec<DockerCleanupExecution>> {
        self.server
            .coolify
            .raw()
            .list_server_docker_cleanup_executions(self.server.uuid.as_str())
    }
}
