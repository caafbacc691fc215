//! The calls for the scheduled tasks of a kind of resource.

use super::{ScheduledTask, ScheduledTaskExecution};
use crate::raw::types::{CreateScheduledTaskBody, Message, UpdateScheduledTaskBody};
use crate::resource::ResourceHandle;
use crate::{Call, Uuid, raw};

/// A resource with scheduled tasks: an application or a service.
///
/// Only the two handles implement it. It is the bound of generic functions over
/// [`ScheduledTasks`](super::ScheduledTasks).
pub trait HasScheduledTasks: ResourceHandle {
    #[doc(hidden)]
    fn list_tasks(raw: &raw::Client, uuid: &Uuid) -> Call<Vec<ScheduledTask>>;
    #[doc(hidden)]
    fn create_task(
        raw: &raw::Client,
        uuid: &Uuid,
        body: &CreateScheduledTaskBody,
    ) -> Call<ScheduledTask>;
    #[doc(hidden)]
    fn update_task(
        raw: &raw::Client,
        uuid: &Uuid,
        task: &Uuid,
        body: &UpdateScheduledTaskBody,
    ) -> Call<ScheduledTask>;
    #[doc(hidden)]
    fn delete_task(raw: &raw::Client, uuid: &Uuid, task: &Uuid) -> Call<Message>;
    #[doc(hidden)]
    fn execute_task(raw: &raw::Client, uuid: &Uuid, task: &Uuid) -> Call<Message>;
    #[doc(hidden)]
    fn task_executions(
        raw: &raw::Client,
        uuid: &Uuid,
        task: &Uuid,
    ) -> Call<Vec<ScheduledTaskExecution>>;
}

/// Implements the calls for the scheduled tasks of a kind of resource.
macro_rules! has_scheduled_tasks {
    (
        $handle:ty,
        list: $list:ident,
        create: $create:ident,
        update: $update:ident,
        delete: $delete:ident,
        execute: $execute:ident,
        executions: $executions:ident,
    ) => {
        impl $crate::scheduled_tasks::HasScheduledTasks for $handle {
            $crate::resource::calls! {
                list_tasks: $list[]() -> Vec<$crate::raw::types::ScheduledTask>,
                create_task: $create[](
                    body: &$crate::raw::types::CreateScheduledTaskBody
                ) -> $crate::raw::types::ScheduledTask,
                update_task: $update[task](
                    body: &$crate::raw::types::UpdateScheduledTaskBody
                ) -> $crate::raw::types::ScheduledTask,
                delete_task: $delete[task]() -> $crate::raw::types::Message,
                execute_task: $execute[task]() -> $crate::raw::types::Message,
                task_executions: $executions[task]()
                    -> Vec<$crate::raw::types::ScheduledTaskExecution>,
            }
        }
    };
}

pub(crate) use has_scheduled_tasks;
