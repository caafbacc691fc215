//! The calls of the kinds of resource that have scheduled tasks.

use std::future::Future;

use super::{ScheduledTask, ScheduledTaskExecution};
use crate::error::Result;
use crate::raw::types::{CreateScheduledTaskBody, UpdateScheduledTaskBody};
use crate::resource::Resource;
use crate::{ResourceStatus, Uuid, raw};

/// A resource with scheduled tasks.
#[doc(hidden)]
pub trait HasScheduledTasks: Resource {
    fn status(&self) -> impl Future<Output = Result<ResourceStatus>> + Send;

    fn list(
        raw: raw::Client,
        uuid: &Uuid,
    ) -> impl Future<Output = Result<Vec<ScheduledTask>>> + Send;
    fn create(
        raw: raw::Client,
        uuid: &Uuid,
        body: &CreateScheduledTaskBody,
    ) -> impl Future<Output = Result<ScheduledTask>> + Send;
    fn update(
        raw: raw::Client,
        uuid: &Uuid,
        task: &Uuid,
        body: &UpdateScheduledTaskBody,
    ) -> impl Future<Output = Result<ScheduledTask>> + Send;
    fn delete(
        raw: raw::Client,
        uuid: &Uuid,
        task: &Uuid,
    ) -> impl Future<Output = Result<String>> + Send;
    fn execute(
        raw: raw::Client,
        uuid: &Uuid,
        task: &Uuid,
    ) -> impl Future<Output = Result<String>> + Send;
    fn executions(
        raw: raw::Client,
        uuid: &Uuid,
        task: &Uuid,
    ) -> impl Future<Output = Result<Vec<ScheduledTaskExecution>>> + Send;
}

macro_rules! has_scheduled_tasks {
    (
        $feature:literal, $handle:path,
        $list:ident, $create:ident, $update:ident,
        $delete:ident, $execute:ident, $executions:ident
    ) => {
        #[cfg(feature = $feature)]
        impl HasScheduledTasks for $handle {
            async fn status(&self) -> Result<ResourceStatus> {
                Ok(self.subject().look().await?.status)
            }

            async fn list(raw: raw::Client, uuid: &Uuid) -> Result<Vec<ScheduledTask>> {
                raw.$list(uuid.as_str()).await
            }

            async fn create(
                raw: raw::Client,
                uuid: &Uuid,
                body: &CreateScheduledTaskBody,
            ) -> Result<ScheduledTask> {
                raw.$create(uuid.as_str(), body).await
            }

            async fn update(
                raw: raw::Client,
                uuid: &Uuid,
                task: &Uuid,
                body: &UpdateScheduledTaskBody,
            ) -> Result<ScheduledTask> {
                raw.$update(uuid.as_str(), task.as_str(), body).await
            }

            async fn delete(raw: raw::Client, uuid: &Uuid, task: &Uuid) -> Result<String> {
                Ok(raw.$delete(uuid.as_str(), task.as_str()).await?.message)
            }

            async fn execute(raw: raw::Client, uuid: &Uuid, task: &Uuid) -> Result<String> {
                Ok(raw.$execute(uuid.as_str(), task.as_str()).await?.message)
            }

            async fn executions(
                raw: raw::Client,
                uuid: &Uuid,
                task: &Uuid,
            ) -> Result<Vec<ScheduledTaskExecution>> {
                raw.$executions(uuid.as_str(), task.as_str()).await
            }
        }
    };
}

has_scheduled_tasks!(
    "applications",
    crate::applications::ApplicationHandle,
    list_scheduled_tasks_by_application_uuid,
    create_scheduled_task_by_application_uuid,
    update_scheduled_task_by_application_uuid,
    delete_scheduled_task_by_application_uuid,
    execute_scheduled_task_by_application_uuid,
    list_scheduled_task_executions_by_application_uuid
);
has_scheduled_tasks!(
    "services",
    crate::services::ServiceHandle,
    list_scheduled_tasks_by_service_uuid,
    create_scheduled_task_by_service_uuid,
    update_scheduled_task_by_service_uuid,
    delete_scheduled_task_by_service_uuid,
    execute_scheduled_task_by_service_uuid,
    list_scheduled_task_executions_by_service_uuid
);
