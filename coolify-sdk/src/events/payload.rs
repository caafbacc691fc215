//! The payloads of events.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{Secret, UnknownFields, Uuid};

/// A deployment that succeeded or failed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct DeploymentEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The name of the application.
    pub application_name: Option<String>,
    /// The uuid of the application.
    pub application_uuid: Option<Uuid>,
    /// The uuid of the deployment.
    pub deployment_uuid: Option<Uuid>,
    /// The page of the deployment in the dashboard.
    pub deployment_url: Option<String>,
    /// The name of the project.
    pub project: Option<String>,
    /// The name of the environment.
    pub environment: Option<String>,
    /// The number of the pull request, if a preview was deployed.
    pub pull_request_id: Option<i64>,
    /// The domains of the preview.
    pub preview_fqdn: Option<String>,
    /// The domains of the application.
    pub fqdn: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// An application that stopped, or that Coolify stopped because it restarted too often.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct ResourceEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The name of the application.
    pub application_name: Option<String>,
    /// The uuid of the application.
    pub application_uuid: Option<Uuid>,
    /// The page of the application in the dashboard.
    pub url: Option<String>,
    /// The name of the project.
    pub project: Option<String>,
    /// The name of the environment.
    pub environment: Option<String>,
    /// The domains of the application.
    pub fqdn: Option<String>,
    /// How often it restarted.
    pub restart_count: Option<i64>,
    /// After how many restarts Coolify stops it.
    pub max_restart_count: Option<i64>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A container that stopped unexpectedly, or that Coolify restarted.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct ContainerEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The name of the container.
    pub container_name: Option<String>,
    /// The name of the server.
    pub server_name: Option<String>,
    /// The uuid of the server.
    pub server_uuid: Option<Uuid>,
    /// The page of the resource in the dashboard.
    pub url: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A backup that succeeded or failed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct BackupEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The name of the database resource.
    pub database_name: Option<String>,
    /// The uuid of the database resource.
    pub database_uuid: Option<Uuid>,
    /// The name of the database within it, which Coolify calls its type.
    pub database_type: Option<String>,
    /// The cron expression of the backup.
    pub frequency: Option<String>,
    /// The output of the failed backup. It may contain secrets.
    pub error_output: Option<Secret>,
    /// Why the backup could not be uploaded to the S3 storage.
    pub s3_error: Option<Secret>,
    /// The page of the S3 storage in the dashboard.
    pub s3_storage_url: Option<String>,
    /// The page of the database in the dashboard.
    pub url: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A scheduled task that succeeded or failed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct TaskEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The name of the task.
    pub task_name: Option<String>,
    /// The uuid of the task.
    pub task_uuid: Option<Uuid>,
    /// The output of the task. It may contain secrets.
    pub output: Option<Secret>,
    /// The uuid of the application that has the task.
    pub application_uuid: Option<Uuid>,
    /// The uuid of the service that has the task.
    pub service_uuid: Option<Uuid>,
    /// The page of the task in the dashboard.
    pub url: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A clean-up of Docker on a server that succeeded or failed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct CleanupEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The name of the server.
    pub server_name: Option<String>,
    /// The uuid of the server.
    pub server_uuid: Option<Uuid>,
    /// What was cleaned up.
    pub cleanup_message: Option<String>,
    /// Why it failed.
    pub error_message: Option<String>,
    /// The page of the server in the dashboard.
    pub url: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A server that became reachable or unreachable.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct ServerEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The name of the server.
    pub server_name: Option<String>,
    /// The uuid of the server.
    pub server_uuid: Option<Uuid>,
    /// The page of the server in the dashboard.
    pub url: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A server whose disk is nearly full.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct DiskEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The name of the server.
    pub server_name: Option<String>,
    /// The uuid of the server.
    pub server_uuid: Option<Uuid>,
    /// The used part of the disk, in percent.
    #[serde(default, deserialize_with = "number")]
    pub disk_usage: Option<f64>,
    /// The usage at which Coolify warns, in percent.
    #[serde(default, deserialize_with = "number")]
    pub threshold: Option<f64>,
    /// The page of the server in the dashboard.
    pub url: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A check for package updates of a server.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct PatchEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The name of the server.
    pub server_name: Option<String>,
    /// The uuid of the server.
    pub server_uuid: Option<Uuid>,
    /// The number of updates.
    pub total_updates: Option<i64>,
    /// The number of updates of important packages, such as the kernel.
    pub critical_packages_count: Option<i64>,
    /// The updates, in the form of the server's package manager.
    pub updates: Option<Value>,
    /// The operating system, such as `debian`.
    pub os_id: Option<String>,
    /// The package manager, such as `apt`.
    pub package_manager: Option<String>,
    /// Why the check failed.
    pub error: Option<String>,
    /// The page of the server in the dashboard.
    pub url: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// Servers whose Traefik is outdated.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct ProxyEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The number of servers.
    pub affected_servers_count: Option<i64>,
    /// The servers.
    #[serde(default)]
    pub servers: Vec<OutdatedProxy>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A server whose Traefik is outdated.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct OutdatedProxy {
    /// The name of the server.
    pub name: Option<String>,
    /// The uuid of the server.
    pub uuid: Option<Uuid>,
    /// The version that runs, or `unknown`.
    pub current_version: Option<String>,
    /// The newest version of the same series, or `unknown`.
    pub latest_version: Option<String>,
    /// `patch_update` or `minor_upgrade`.
    pub update_type: Option<String>,
    /// The series to upgrade to, such as `v3.6`.
    pub upgrade_target: Option<String>,
    /// A series that is newer still.
    pub newer_branch_target: Option<String>,
    /// The newest version of that series.
    pub newer_branch_latest: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// A test of the webhook, which somebody sent from the dashboard.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct TestEvent {
    /// Coolify's message.
    pub message: Option<String>,
    /// The URL of the dashboard.
    pub url: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// An event that this version of the library does not know.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// The name of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Coolify's message.
    pub message: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

/// Reads a number, also from a text such as `85` or `85%`.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(match Option::<Value>::deserialize(deserializer)? {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().trim_end_matches('%').parse().ok(),
        _ => None,
    })
}
