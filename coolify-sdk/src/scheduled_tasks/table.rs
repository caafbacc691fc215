//! The calls for applications and services, which have scheduled tasks.

use super::{ScheduledTask, ScheduledTaskExecution};
use crate::raw::types::{CreateScheduledTaskBody, UpdateScheduledTaskBody};
use crate::resource::Resource;
use crate::{Call, ResourceStatus, Uuid, raw};

/// A resource with scheduled tasks.
#[doc(hidden)]
pub trait HasScheduledTasks: Resource {
    fn status(&self) -> Call<ResourceStatus>;

    fn list(raw: &raw::Client, uuid: &Uuid) -> Call<Vec<ScheduledTask>>;
    fn create(
        raw: &raw::Client,
        uuid: &Uuid,
        body: &CreateScheduledTaskBody,
    ) -> Call<ScheduledTask>;
    fn update(
        raw: &raw::Client,
        uuid: &Uuid,
        task: &Uuid,
        body: &UpdateScheduledTaskBody,
    ) -> Call<ScheduledTask>;
    fn delete(raw: &raw::Client, uuid: &Uuid, task: &Uuid) -> Call<String>;
    fn execute(raw: &raw::Client, uuid: &Uuid, task: &Uuid) -> Call<String>;
    fn executions(raw: &raw::Client, uuid: &Uuid, task: &Uuid)
    -> Call<Vec<ScheduledTaskExecution>>;
}

macro_rules! has_scheduled_tasks {
    (
        $feature:literal, $handle:path,
        $list:ident, $create:ident, $update:ident,
        $delete:ident, $execute:ident, $executions:ident
    ) => {
        #[cfg(feature = $feature)]
        impl HasScheduledTasks for $handle {
            fn status(&self) -> Call<ResourceStatus> {
                self.subject().look().map(|report| report.status)
            }

            fn list(raw: &raw::Client, uuid: &Uuid) -> Call<Vec<ScheduledTask>> {
                raw.$list(uuid.as_str())
            }

            fn create(
                raw: &raw::Client,
                uuid: &Uuid,
                body: &CreateScheduledTaskBody,
            ) -> Call<ScheduledTask> {
                raw.$create(uuid.as_str(), body)
            }

            fn update(
                raw: &raw::Client,
                uuid: &Uuid,
                task: &Uuid,
                body: &UpdateScheduledTaskBody,
            ) -> Call<ScheduledTask> {
                raw.$update(uuid.as_str(), task.as_str(), body)
            }

            fn delete(raw: &raw::Client, uuid: &Uuid, task: &Uuid) -> Call<String> {
                raw.$delete(uuid.as_str(), task.as_str()).message()
            }

            fn execute(raw: &raw::Client, uuid: &Uuid, task: &Uuid) -> Call<String> {
                raw.$execute(uuid.as_str(), task.as_str()).message()
            }

            fn executions(
                raw: &raw::Client,
                uuid: &Uuid,
                task: &Uuid,
            ) -> Call<Vec<ScheduledTaskExecution>> {
                raw.$executions(uuid.as_str(), task.as_str())
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
