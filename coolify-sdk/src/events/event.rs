//! An event.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::payload::{
    BackupEvent, CleanupEvent, ContainerEvent, DeploymentEvent, DiskEvent, PatchEvent, ProxyEvent,
    ResourceEvent, ServerEvent, TaskEvent, TestEvent, UnknownEvent,
};
use crate::Uuid;
use crate::error::{Error, ErrorKind, Result};
use crate::mend;

/// Defines the event with its kinds: the variant, its payload, and Coolify's name of it.
macro_rules! events {
    ($(#[$doc:meta])* Event { $($(#[$of:meta])* $variant:ident($payload:ident) = $name:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            $($(#[$of])* $variant($payload),)*
            /// An event that this version of the library does not know.
            Unknown(UnknownEvent),
        }

        impl Event {
            /// Returns Coolify's name of the event, such as `deployment_success`.
            #[must_use]
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $name,)*
                    Self::Unknown(it) => it.event.as_deref().unwrap_or_default(),
                }
            }

            /// Returns Coolify's message.
            #[must_use]
            pub fn message(&self) -> Option<&str> {
                match self {
                    $(Self::$variant(it) => it.message.as_deref(),)*
                    Self::Unknown(it) => it.message.as_deref(),
                }
            }

            /// Reads a payload of a known kind.
            fn read(name: &str, mut fields: Map<String, Value>) -> serde_json::Result<Self> {
                // A value of an odd type is left out: it is no reason to lose the event.
                let text = |fields| Value::Object(fields).to_string();
                match name {
                    $($name => {
                        // Both follow from the kind.
                        fields.remove("event");
                        fields.remove("success");
                        mend::read::<$payload>(text(fields).as_bytes()).map(Self::$variant)
                    })*
                    _ => mend::read(text(fields).as_bytes()).map(Self::Unknown),
                }
            }
        }

        impl Serialize for Event {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[derive(Serialize)]
                struct Named<'a, T> {
                    event: &'a str,
                    #[serde(flatten)]
                    payload: &'a T,
                }
                let event = self.name();
                match self {
                    $(Self::$variant(payload) => Named { event, payload }.serialize(serializer),)*
                    Self::Unknown(payload) => payload.serialize(serializer),
                }
            }
        }
    };
}

events! {
    /// A notification that Coolify sends to a webhook.
    ///
    /// ```
    /// use coolify_sdk::events::Event;
    ///
    /// let body = br#"{"success": true, "event": "deployment_success",
    ///     "message": "New version", "application_name": "shop"}"#;
    /// let Event::DeploymentSucceeded(deployment) = Event::parse(body)? else {
    ///     panic!("another event");
    /// };
    /// assert_eq!(deployment.application_name.as_deref(), Some("shop"));
    /// # Ok::<(), coolify_sdk::Error>(())
    /// ```
    Event {
    /// A deployment succeeded.
    DeploymentSucceeded(DeploymentEvent) = "deployment_success";
    /// A deployment failed.
    DeploymentFailed(DeploymentEvent) = "deployment_failed";
    /// An application stopped.
    StatusChanged(ResourceEvent) = "status_changed";
    /// Coolify stopped an application, because it restarted too often. Since Coolify
    /// 4.1.2.
    RestartLimitReached(ResourceEvent) = "restart_limit_reached";
    /// A container stopped unexpectedly.
    ContainerStopped(ContainerEvent) = "container_stopped";
    /// Coolify restarted a container.
    ContainerRestarted(ContainerEvent) = "container_restarted";
    /// A backup succeeded.
    BackupSucceeded(BackupEvent) = "backup_success";
    /// A backup succeeded, but could not be uploaded to the S3 storage.
    BackupNotUploaded(BackupEvent) = "backup_success_with_s3_warning";
    /// A backup failed.
    BackupFailed(BackupEvent) = "backup_failed";
    /// A scheduled task succeeded.
    TaskSucceeded(TaskEvent) = "task_success";
    /// A scheduled task failed.
    TaskFailed(TaskEvent) = "task_failed";
    /// A clean-up of Docker succeeded.
    CleanupSucceeded(CleanupEvent) = "docker_cleanup_success";
    /// A clean-up of Docker failed.
    CleanupFailed(CleanupEvent) = "docker_cleanup_failed";
    /// A server can be reached again.
    ServerReachable(ServerEvent) = "server_reachable";
    /// A server can no longer be reached.
    ServerUnreachable(ServerEvent) = "server_unreachable";
    /// The disk of a server is nearly full.
    HighDiskUsage(DiskEvent) = "high_disk_usage";
    /// Package updates are available for a server.
    PatchesAvailable(PatchEvent) = "server_patch_check";
    /// A check for package updates of a server failed.
    PatchCheckFailed(PatchEvent) = "server_patch_check_error";
    /// Servers run an outdated Traefik.
    ProxyOutdated(ProxyEvent) = "traefik_version_outdated";
    /// A test of the webhook.
    Test(TestEvent) = "test";
    }
}

impl Event {
    /// Reads an event from the body of a request. An event of an unknown kind, and
    /// unknown fields, are kept.
    ///
    /// # Errors
    ///
    /// [`Error::is_decode`] if it is not the JSON of an event.
    pub fn parse(body: &[u8]) -> Result<Self> {
        let no_event = |problem: &str| {
            let summary = format!("the body is no event: {problem}");
            Error::new(ErrorKind::Decode, summary)
        };
        let fields = serde_json::from_slice::<Map<String, Value>>(body);
        let fields = fields.map_err(|_| no_event("it is not a JSON object"))?;
        let Some(name) = fields.get("event").and_then(Value::as_str) else {
            return Err(no_event("it has no field `event`"));
        };
        let name = name.to_owned();
        Self::read(&name, fields).map_err(|_| no_event("its fields cannot be read"))
    }

    /// Returns the uuid of the application, database, service or server that the event is
    /// about.
    #[must_use]
    pub fn subject(&self) -> Option<&Uuid> {
        match self {
            Self::DeploymentSucceeded(it) | Self::DeploymentFailed(it) => {
                it.application_uuid.as_ref()
            }
            Self::StatusChanged(it) | Self::RestartLimitReached(it) => it.application_uuid.as_ref(),
            Self::ContainerStopped(it) | Self::ContainerRestarted(it) => it.server_uuid.as_ref(),
            Self::BackupSucceeded(it) | Self::BackupNotUploaded(it) | Self::BackupFailed(it) => {
                it.database_uuid.as_ref()
            }
            Self::TaskSucceeded(it) | Self::TaskFailed(it) => {
                it.application_uuid.as_ref().or(it.service_uuid.as_ref())
            }
            Self::CleanupSucceeded(it) | Self::CleanupFailed(it) => it.server_uuid.as_ref(),
            Self::ServerReachable(it) | Self::ServerUnreachable(it) => it.server_uuid.as_ref(),
            Self::HighDiskUsage(it) => it.server_uuid.as_ref(),
            Self::PatchesAvailable(it) | Self::PatchCheckFailed(it) => it.server_uuid.as_ref(),
            Self::ProxyOutdated(_) | Self::Test(_) | Self::Unknown(_) => None,
        }
    }
}

/// Writes the name of the event and Coolify's message.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self.message() {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}
