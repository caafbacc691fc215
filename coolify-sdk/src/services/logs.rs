//! The logs of the containers of services, by the containers' names.

use super::ServiceHandle;
use crate::error::{Error, Result};
use crate::raw::types::Logs;
use crate::resource::ResourceHandle as _;
use crate::resource::logs::{ContainerLogs, LogSource, none_unless_running};
use crate::{Uuid, raw};

impl ServiceHandle {
    /// Returns a handle for the log of one of the service's containers: its last
    /// lines, or a stream.
    ///
    /// `container` is the name of one of the service's applications or databases
    /// in its compose file.
    ///
    /// Needs the `read` ability, or `read:sensitive` since 4.4.0. Since Coolify 4.2.0.
    pub fn logs(&self, container: impl Into<String>) -> ContainerLogs {
        ContainerLogs::new(LogSource {
            coolify: self.coolify().clone(),
            uuid: self.uuid().clone(),
            part: container.into(),
            has_times: true,
            read: |raw, uuid, container, lines, times| {
                Box::pin(async move {
                    explain_missing(
                        &raw,
                        &uuid,
                        &container,
                        raw.get_service_logs_by_uuid(uuid.as_str(), lines, times, &container)
                            .await,
                    )
                    .await
                })
            },
        })
    }
}

/// Finds out from the service whether a container exists. Coolify gives the same
/// answer for an unknown container and for one that has stopped and was removed.
async fn explain_missing(
    raw: &raw::Client,
    service: &Uuid,
    container: &str,
    reply: Result<Logs>,
) -> Result<Option<String>> {
    let is_container = |error: &Error| error.message().is_some_and(|it| it.contains("Container"));
    let missing = match reply {
        Err(error) if error.is_not_found() && is_container(&error) => error,
        other => return none_unless_running(other),
    };
    // The request was for the log, so an error of reading the service is ignored.
    let Ok(service) = raw.get_service_by_uuid(service.as_str()).await else {
        return Err(missing);
    };
    let applications = service.applications.unwrap_or_default().into_iter();
    let databases = service.databases.unwrap_or_default().into_iter();
    let names: Vec<_> = applications
        .map(|it| it.name)
        .chain(databases.map(|it| it.name))
        .collect();
    if names.iter().any(|name| name == container) {
        return Ok(None);
    }
    let hint = format!("the service's containers are: {}", names.join(", "));
    Err(missing.with_hint(hint))
}
