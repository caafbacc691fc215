//! Scheduled tasks: commands that run in the containers of applications and
//! services on a schedule.

mod calls;
mod execution;
mod leftovers;
mod run_command;

use coolify_sdk_macros::builder;

use crate::raw::types::{CreateScheduledTaskBody, UpdateScheduledTaskBody};
use crate::request::Request;
use crate::{Call, Uuid, raw};

pub use calls::HasScheduledTasks;
pub(crate) use calls::has_scheduled_tasks;
pub use execution::{ExecuteTask, TaskOutput};
pub use run_command::RunCommand;

pub use crate::raw::types::{ScheduledTask, ScheduledTaskExecution, ScheduledTaskExecutionStatus};

/// A handle for the scheduled tasks of one resource: `.scheduled_tasks()` of
/// applications and services.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let tasks = coolify.application("khzsv5nucvscskrm5gez3p8v").scheduled_tasks();
/// let task = tasks
///     .create("clean-up", "php artisan queue:prune-failed", "0 3 * * *")
///     .timeout(120)
///     .await?;
/// tasks.execute(&task.uuid).await?;
/// # Ok(()) }
/// ```
#[doc(alias("Scheduled Tasks", "cron jobs"))]
#[derive(Clone, Debug)]
pub struct ScheduledTasks<R> {
    resource: R,
}

/// Creates a scheduled task, and returns it: [`ScheduledTasks::create`].
///
/// The task is enabled, unless `enabled(false)` is set.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for a command
/// that is too long, before it is sent, because Coolify would answer with a bare
/// 500. [`Error::is_validation`](crate::Error::is_validation) for an invalid
/// frequency.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let tasks = coolify.application("khzsv5nucvscskrm5gez3p8v").scheduled_tasks();
/// let task = tasks
///     .create("clean-up", "php artisan queue:prune-failed", "0 3 * * *")
///     .timeout(120)
///     .await?;
/// println!("{}", task.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreateScheduledTaskBody, ScheduledTask>);

/// Changes a scheduled task, and returns it: [`ScheduledTasks::update`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// Those of [`Create`]; [`Error::is_not_found`](crate::Error::is_not_found) if
/// the task does not exist.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let tasks = coolify.application("khzsv5nucvscskrm5gez3p8v").scheduled_tasks();
/// tasks
///     .update("w0k4cg8o8sc4wgk0o4ckoksg")
///     .frequency("hourly")
///     .await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateScheduledTaskBody, ScheduledTask>);

impl<R: HasScheduledTasks> ScheduledTasks<R> {
    pub(crate) fn new(resource: &R) -> Self {
        Self {
            resource: resource.clone(),
        }
    }

    /// Returns all tasks.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// resource.
    pub fn list(&self) -> Call<Vec<ScheduledTask>> {
        R::list_tasks(&self.raw(), self.resource.uuid())
    }

    /// Creates a scheduled task, and returns it. See [`Create`].
    ///
    /// `command` is a shell command of at most 255 characters. `frequency` is a
    /// cron expression (`*/5 * * * *`) or one of `every_minute`, `hourly`,
    /// `daily`, `weekly`, `monthly`, `yearly`. If there are several containers,
    /// set `container`.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn create(
        &self,
        name: impl Into<String>,
        command: impl Into<String>,
        frequency: impl Into<String>,
    ) -> Create {
        let uuid = self.resource.uuid().clone();
        let command: String = command.into();
        let body = CreateScheduledTaskBody::new(command, frequency, name);
        Create(Request::new(
            self.resource.coolify(),
            body,
            move |raw, body| R::create_task(&raw, &uuid, &body),
        ))
    }

    /// Changes a scheduled task, and returns it. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn update(&self, task: impl Into<Uuid>) -> Update {
        let (uuid, task) = (self.resource.uuid().clone(), task.into());
        let body = UpdateScheduledTaskBody::default();
        Update(Request::new(
            self.resource.coolify(),
            body,
            move |raw, body| R::update_task(&raw, &uuid, &task, &body),
        ))
    }

    /// Deletes the task and the record of its runs, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    pub fn delete(&self, task: impl Into<Uuid>) -> Call<String> {
        R::delete_task(&self.raw(), self.resource.uuid(), &task.into()).message()
    }

    /// Runs a command once in a container of the resource, and returns its output:
    /// creates a scheduled task, runs it, and removes it. See [`RunCommand`].
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    #[doc(alias("Terminal", "Execute Command", "exec", "shell"))]
    pub fn run_command(&self, command: impl Into<String>) -> RunCommand<R> {
        RunCommand::new(self, command.into())
    }

    /// Executes a task now, whether or not it is switched on. See [`ExecuteTask`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    pub fn execute(&self, task: impl Into<Uuid>) -> ExecuteTask<R> {
        ExecuteTask::new(self, task.into())
    }

    fn queue(&self, task: &Uuid) -> Call<String> {
        R::execute_task(&self.raw(), self.resource.uuid(), task).message()
    }

    /// Returns the runs of the task, the newest first. `message` is the output of
    /// the command; `error_details` can contain a whole stack trace.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if the task does not
    /// exist.
    pub fn executions(&self, task: impl Into<Uuid>) -> Call<Vec<ScheduledTaskExecution>> {
        R::task_executions(&self.raw(), self.resource.uuid(), &task.into())
    }

    fn switch(&self, task: &Uuid, on: bool) -> Call<ScheduledTask> {
        let body = UpdateScheduledTaskBody {
            enabled: Some(on),
            ..UpdateScheduledTaskBody::default()
        };
        R::update_task(&self.raw(), self.resource.uuid(), task, &body)
    }

    fn raw(&self) -> raw::Client {
        self.resource.coolify().raw()
    }
}
