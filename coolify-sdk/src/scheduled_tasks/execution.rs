//! Executing a task now, and finding the execution that came of it.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use tokio::time::Instant;

use super::{
    HasScheduledTasks, ScheduledTaskExecution, ScheduledTaskExecutionStatus, ScheduledTasks,
};
use crate::error::{Error, Result};
use crate::wait::{Patience, Wait, waits};
use crate::{Call, Uuid};

/// Coolify's default timeout of a task, in seconds.
const TIMEOUT: u64 = 300;

/// How long a run may take in addition to its timeout, because it has to wait for
/// a free worker.
const QUEUE: Duration = Duration::from_secs(120);

/// How long to wait for the rest of a run: Coolify sets the status first, then
/// the time of its end, and then the message of a failed run.
const REST: Duration = Duration::from_secs(5);

/// How long to look for a run whose request may or may not have been carried out.
const DOUBT: Duration = Duration::from_secs(60);

/// The output and the outcome of a command. `Debug` hides the output.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskOutput {
    /// The outcome.
    pub status: ScheduledTaskExecutionStatus,
    /// The output; for a run that failed, Coolify's message, which contains the
    /// exit code.
    pub output: String,
    /// The run, as Coolify has recorded it.
    pub execution: ScheduledTaskExecution,
    /// The name of the temporary task that [`RunCommand`](super::RunCommand) created,
    /// if it could not be removed: see
    /// [`remove_leftovers`](super::ScheduledTasks::remove_leftovers).
    pub leftover: Option<String>,
}

impl TaskOutput {
    /// Returns whether the command succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status == ScheduledTaskExecutionStatus::Success
    }
}

impl fmt::Debug for TaskOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskOutput")
            .field("status", &self.status)
            .field("output", &format_args!("(hidden)"))
            .field("execution", &self.execution)
            .field("leftover", &self.leftover)
            .finish()
    }
}

/// An execution of a scheduled task, which has not been requested yet:
/// [`ScheduledTasks::execute`].
///
/// Awaiting it queues the execution and returns Coolify's message.
/// [`and_wait`](Self::and_wait) waits for the end and returns the output; dropping
/// that wait does not stop the command.
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// # Errors
///
/// [`Error::unsupported_since`] before 4.3.0, where only the clock can run a task;
/// [`Error::is_not_found`] when there is no such task.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let tasks = coolify.application("khzsv5nucvscskrm5gez3p8v").scheduled_tasks();
/// let output = tasks.execute("v11c9pufdxqmeqfzd3fhu0ij").and_wait().await?;
/// println!("{} {}", output.status, output.output);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing runs before `.send()`, `.await` or `.and_wait()`"]
pub struct ExecuteTask<R> {
    tasks: ScheduledTasks<R>,
    task: Uuid,
    patience: Patience,
}

waits!(ExecuteTask<R> where R: HasScheduledTasks, "7 minutes");

impl<R: HasScheduledTasks> ExecuteTask<R> {
    pub(super) fn new(tasks: &ScheduledTasks<R>, task: Uuid) -> Self {
        Self {
            tasks: tasks.clone(),
            task,
            patience: Patience::default(),
        }
    }

    /// Queues the execution, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// See [`ExecuteTask`].
    pub fn send(self) -> Call<String> {
        self.tasks.queue(&self.task)
    }

    /// Executes the task, waits for its end, and returns the output. A command that
    /// fails is not an error: see [`TaskOutput::status`].
    ///
    /// Coolify does not say which execution it has queued, so the first new one counts.
    /// If the schedule starts the same task at the same moment, it may be that one.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.3.0.
    ///
    /// # Errors
    ///
    /// The errors of [`ExecuteTask`], and
    /// [`ErrorKind::WaitExpired`](crate::ErrorKind::WaitExpired) after the maximum
    /// wait.
    pub async fn and_wait(self) -> Result<TaskOutput> {
        let known = self.tasks.executions(&self.task).await?;
        let known = known.into_iter().map(|one| one.uuid).collect();
        let doubt = execute(&self.tasks, &self.task).await?;
        let mut search = Search {
            tasks: &self.tasks,
            task: &self.task,
            known,
            doubt,
            is_on: false,
        };
        let coolify = self.tasks.resource.coolify();
        let mut wait = self.patience.start(coolify, longest(None));
        search.end(&mut wait).await
    }
}

impl<R: HasScheduledTasks> IntoFuture for ExecuteTask<R> {
    type Output = Result<String>;
    type IntoFuture = Call<String>;

    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

/// Returns the default maximum wait for a run with this timeout.
pub(super) fn longest(timeout: Option<i64>) -> Duration {
    let timeout = timeout.and_then(|seconds| u64::try_from(seconds).ok());
    Duration::from_secs(timeout.unwrap_or(TIMEOUT)).saturating_add(QUEUE)
}

/// Requests a run. The request must not be repeated. If it is unknown whether it
/// was carried out, the error is returned, to be reported if no run appears.
pub(super) async fn execute<R: HasScheduledTasks>(
    tasks: &ScheduledTasks<R>,
    task: &Uuid,
) -> Result<Option<Error>> {
    match tasks.queue(task).await {
        Ok(_) => Ok(None),
        Err(error) if error.outcome_unknown() => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

/// Searches for a new run, and for its end.
pub(super) struct Search<'a, R> {
    pub(super) tasks: &'a ScheduledTasks<R>,
    pub(super) task: &'a Uuid,
    pub(super) known: Vec<Uuid>,
    pub(super) doubt: Option<Error>,
    /// Whether the schedule would start the task again.
    pub(super) is_on: bool,
}

impl<R: HasScheduledTasks> Search<'_, R> {
    pub(super) async fn end(&mut self, wait: &mut Wait) -> Result<TaskOutput> {
        let started = Instant::now();
        let mut ours: Option<Uuid> = None;
        let mut ended: Option<(Instant, TaskOutput)> = None;
        while wait.turn().await {
            let look = Box::pin(self.tasks.executions(self.task));
            let seen = match wait.look(look).await {
                Ok(seen) => seen,
                // A known outcome matters more than an error of reading it again.
                Err(error) => match ended {
                    Some((_, output)) => return Ok(output),
                    None => return Err(self.doubt.take().unwrap_or(error)),
                },
            };
            // The newest run comes first, and ours is the oldest new one.
            let mut oldest_first = seen.into_iter().flatten().rev();
            let found = oldest_first.find(|one| match &ours {
                Some(uuid) => one.uuid == *uuid,
                None => !self.known.contains(&one.uuid),
            });
            if let Some(execution) = found {
                ours = Some(execution.uuid.clone());
                if self.is_on {
                    // Deleting the task would also delete the run.
                    let off = Box::pin(self.tasks.switch(self.task, false));
                    self.is_on = wait.look(off).await?.is_none();
                }
                let is_whole = is_whole(&execution);
                if let Some(output) = output(execution) {
                    let since = ended.map_or_else(Instant::now, |(since, _)| since);
                    if is_whole || since.elapsed() >= REST {
                        return Ok(output);
                    }
                    ended = Some((since, output));
                }
            } else if started.elapsed() >= DOUBT
                && let Some(error) = self.doubt.take()
            {
                return Err(error);
            }
        }
        if let Some((_, output)) = ended {
            return Ok(output);
        }
        if let Some(doubt) = self.doubt.take().filter(|_| ours.is_none()) {
            return Err(doubt);
        }
        Err(match ours {
            Some(_) => wait.expired("the command is still running").with_hint(
                "it continues in its container; wait longer with `max_wait`, and allow more time with `timeout`",
            ),
            None => wait.expired("the command has not started").with_hint(
                "Coolify runs commands only if a container is running, and when its queue gets to them",
            ),
        })
    }
}

/// Returns whether Coolify has written everything about a run that has ended.
fn is_whole(execution: &ScheduledTaskExecution) -> bool {
    let is_told = execution.status != Some(ScheduledTaskExecutionStatus::Failed)
        || execution.error_details.is_some();
    is_told && execution.finished_at.is_some()
}

/// Returns the output of a run that has ended.
fn output(execution: ScheduledTaskExecution) -> Option<TaskOutput> {
    use ScheduledTaskExecutionStatus::{Failed, Running, Success};

    let status = execution.status.clone()?;
    let has_ended = match &status {
        Success | Failed => true,
        Running => false,
        _ => execution.finished_at.is_some(),
    };
    let output = execution.message.as_ref();
    let output = output.map_or_else(String::new, |text| text.expose().to_owned());
    has_ended.then_some(TaskOutput {
        status,
        output,
        execution,
        leftover: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_failure_is_whole_when_it_says_why() {
        let run = |status: &str, finished_at, error_details| {
            let row = json!({
                "uuid": "r1", "status": status, "finished_at": finished_at,
                "error_details": error_details,
            });
            is_whole(&serde_json::from_value(row).unwrap())
        };
        let ended = json!("2026-11-22T00:26:56.000000Z");
        assert!(run("success", ended.clone(), json!(null)));
        assert!(run("failed", ended.clone(), json!("exit code 3")));
        assert!(!run("failed", ended, json!(null)));
        assert!(!run("success", json!(null), json!(null)));
    }

    #[test]
    fn a_run_has_its_own_time_and_that_of_the_queue() {
        assert_eq!(longest(None), Duration::from_secs(420));
        assert_eq!(longest(Some(30)), Duration::from_secs(150));
        assert_eq!(longest(Some(-1)), Duration::from_secs(420));
    }
}
