//! The calls of the kinds of resource that have scheduled tasks.

use std::future::Future;

use super::{ScheduledTask, ScheduledTaskExecution};
use crate::error::Result;
use crate::request::Body;
use crate::resource::Resource;
use crate::{Clearable, ResourceStatus, Uuid, raw};

/// A resource with scheduled tasks.
#[doc(hidden)]
pub trait HasScheduledTasks: Resource {
    type Create: Body + Send + Sync + 'static;
    type Update: Body + Default + Send + Sync + 'static;

    fn new_task(name: String, command: String, frequency: String) -> Self::Create;

    /// The body that switches a task on or off.
    fn switch(enabled: bool) -> Self::Update;

    /// Puts into a body what only some tasks have.
    fn settle(
        body: &mut Self::Create,
        enabled: bool,
        container: Option<String>,
        timeout: Option<i64>,
    );

    fn status(&self) -> impl Future<Output = Result<ResourceStatus>> + Send;

    fn list(
        raw: raw::Client,
        uuid: &Uuid,
    ) -> impl Future<Output = Result<Vec<ScheduledTask>>> + Send;
    fn create(
        raw: raw::Client,
        uuid: &Uuid,
        body: &Self::Create,
    ) -> impl Future<Output = Result<ScheduledTask>> + Send;
    fn update(
        raw: raw::Client,
        uuid: &Uuid,
        task: &Uuid,
        body: &Self::Update,
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
        $list:ident, $create:ident($create_body:ident), $update:ident($update_body:ident),
        $delete:ident, $execute:ident, $executions:ident
    ) => {
        #[cfg(feature = $feature)]
        impl HasScheduledTasks for $handle {
            type Create = raw::types::$create_body;
            type Update = raw::types::$update_body;

            fn new_task(name: String, command: String, frequency: String) -> Self::Create {
                Self::Create::new(command, frequency, name)
            }

            fn switch(enabled: bool) -> Self::Update {
                Self::Update {
                    enabled: Some(enabled),
                    ..Self::Update::default()
                }
            }

            fn settle(
                body: &mut Self::Create,
                enabled: bool,
                container: Option<String>,
                timeout: Option<i64>,
            ) {
                body.enabled = Some(enabled);
                body.container = container.map(Clearable::Set);
                body.timeout = timeout;
            }

            async fn status(&self) -> Result<ResourceStatus> {
                Ok(self.subject().look().await?.status)
            }

            async fn list(raw: raw::Client, uuid: &Uuid) -> Result<Vec<ScheduledTask>> {
                raw.$list(uuid.as_str()).await
            }

            async fn create(
                raw: raw::Client,
                uuid: &Uuid,
                body: &Self::Create,
            ) -> Result<ScheduledTask> {
                raw.$create(uuid.as_str(), body).await
            }

            async fn update(
                raw: raw::Client,
                uuid: &Uuid,
                task: &Uuid,
                body: &Self::Update,
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
    create_scheduled_task_by_application_uuid(CreateScheduledTaskByApplicationUuidBody),
    update_scheduled_task_by_application_uuid(UpdateScheduledTaskByApplicationUuidBody),
    delete_scheduled_task_by_application_uuid,
    execute_scheduled_task_by_application_uuid,
    list_scheduled_task_executions_by_application_uuid
);
has_scheduled_tasks!(
    "services",
    crate::services::ServiceHandle,
    list_scheduled_tasks_by_service_uuid,
    create_scheduled_task_by_service_uuid(CreateScheduledTaskByServiceUuidBody),
    update_scheduled_task_by_service_uuid(UpdateScheduledTaskByServiceUuidBody),
    delete_scheduled_task_by_service_uuid,
    execute_scheduled_task_by_service_uuid,
    list_scheduled_task_executions_by_service_uuid
);
