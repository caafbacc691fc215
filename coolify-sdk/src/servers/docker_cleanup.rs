//! How a server gets rid of old images, containers and build caches.

use super::{
    DockerCleanup, DockerCleanupExecution, RunServerDockerCleanupBody,
    UpdateServerDockerCleanupBody, server_part,
};
use crate::error::Result;
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
    /// Its Docker cleanup.
    docker_cleanup
);

impl DockerCleanupHandle {
    /// When and how the server is cleaned up.
    ///
    /// Needs the `read` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    pub async fn get(&self) -> Result<DockerCleanup> {
        let uuid = self.server.uuid.segment()?;
        let raw = self.server.coolify.raw();
        raw.get_server_docker_cleanup(uuid).await
    }

    /// Changes what is set; gives the settings as they are then.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) for a frequency
    /// that is neither a cron expression nor a word such as `daily`.
    pub fn update(&self) -> Request<UpdateServerDockerCleanupBody, DockerCleanup> {
        let uuid = self.server.uuid.clone();
        let body = UpdateServerDockerCleanupBody::default();
        Request::new(&self.server.coolify, body, |raw, body| async move {
            raw.update_server_docker_cleanup(uuid.segment()?, &body)
                .await
        })
    }

    /// Starts a cleanup now; gives what Coolify says about it. How it went is
    /// in [`executions`](Self::executions) a little later.
    ///
    /// `delete_unused_volumes(true)` deletes the data of every volume that no
    /// container uses at that moment.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    pub fn run(&self) -> Request<RunServerDockerCleanupBody, String> {
        let uuid = self.server.uuid.clone();
        let body = RunServerDockerCleanupBody::default();
        Request::new(&self.server.coolify, body, |raw, body| async move {
            Ok(raw
                .run_server_docker_cleanup(uuid.segment()?, &body)
                .await?
                .message)
        })
    }

    /// The runs so far, the newest first.
    ///
    /// Needs the `read` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    pub async fn executions(&self) -> Result<Vec<DockerCleanupExecution>> {
        let uuid = self.server.uuid.segment()?;
        let raw = self.server.coolify.raw();
        raw.list_server_docker_cleanup_executions(uuid).await
    }
}
