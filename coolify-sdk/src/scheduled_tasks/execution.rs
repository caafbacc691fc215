//! Running a task now, and finding the run that came of it.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use tokio::time::Instant;

use super::{
    HasScheduledTasks, ScheduledTaskExecution, ScheduledTaskExecutionStatus, ScheduledTasks,
};
use crate::Uuid;
use crate::error::{Error, Result};
use crate::request::BoxFuture;
use crate::wait::{Patience, Wait};

/// How long Coolify lets a task run that says nothing about it.
const TIMEOUT: u64 = 300;

/// What a run may take beyond its own time: it waits for a free worker first.
const QUEUE: Duration = Duration::from_secs(120);

/// How long the rest of a run is waited for: Coolify sets the status first, then when
/// it ended, and of a failed one says after that what went wrong.
const REST: Duration = Duration::from_secs(5);

/// How long to look for a run that may or may not have been asked for.
const DOUBT: Duration = Duration::from_secs(60);

pub(super) const INTERVAL: Duration = Duration::from_secs(2);

/// What a command wrote and how it ended. `Debug` hides what it wrote.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct TaskOutput {
    /// How it ended.
    pub status: ScheduledTaskExecutionStatus,
    /// What it wrote; of a run that failed, what Coolify says about it, with the
    /// exit code.
    pub output: String,
    /// The run as Coolify keeps it.
    pub execution: ScheduledTaskExecution,
    /// The name of the throwaway task that [`RunOnce`](super::RunOnce) made, if it
    /// could not be removed: see
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

/// A run of a scheduled task, not asked for yet: [`ScheduledTasks::run`].
///
/// Awaiting it runs the task and gives what it wrote; a command that fails is not
/// an error, see [`TaskOutput::status`]. Dropping it does not stop the command.
///
/// Coolify does not say which run it has queued. It is taken to be the first
/// that was not there before; when the clock starts the same task at the same
/// moment, that may be the clock's.
///
/// Needs the `read` and `write` abilities. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let tasks = coolify.application("khzsv5nucvscskrm5gez3p8v").scheduled_tasks();
/// let output = tasks.run("v11c9pufdxqmeqfzd3fhu0ij").await?;
/// println!("{} {}", output.status, output.output);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing runs before `.send()` or `.await`"]
pub struct TaskRun<R> {
    tasks: ScheduledTasks<R>,
    task: Uuid,
    patience: Patience,
}

impl<R: HasScheduledTasks> TaskRun<R> {
    pub(super) fn new(tasks: &ScheduledTasks<R>, task: Uuid) -> Self {
        Self {
            tasks: tasks.clone(),
            task,
            patience: Patience::new(INTERVAL, longest(None)),
        }
    }

    /// How often the server is asked; 2 seconds unless set, and never less than
    /// a tenth of a second.
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.patience.poll_every(interval);
        self
    }

    /// Sets how long to wait at most. The default is 7 minutes. The command goes
    /// on when the wait ends.
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.patience.max_wait(longest);
        self
    }

    /// Runs the task and waits for its end.
    ///
    /// # Errors
    ///
    /// [`Error::unsupported_since`] before 4.3.0, where only the clock can run a
    /// task; [`Error::is_not_found`] if the task does not exist;
    /// [`ErrorKind::WaitExpired`](crate::ErrorKind::WaitExpired) after the
    /// maximum wait.
    pub async fn send(self) -> Result<TaskOutput> {
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
        search.end(&mut self.patience.start()).await
    }
}

impl<R: HasScheduledTasks> IntoFuture for TaskRun<R> {
    type Output = Result<TaskOutput>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Returns how long a run with this timeout is waited for, unless the caller
/// says.
pub(super) fn longest(timeout: Option<i64>) -> Duration {
    let timeout = timeout.and_then(|seconds| u64::try_from(seconds).ok());
    Duration::from_secs(timeout.unwrap_or(TIMEOUT)).saturating_add(QUEUE)
}

/// Asks for a run. It must not be asked for twice, so where nobody knows whether
/// it was, the error is given to be told if no run shows up.
pub(super) async fn execute<R: HasScheduledTasks>(
    tasks: &ScheduledTasks<R>,
    task: &Uuid,
) -> Result<Option<Error>> {
    match tasks.execute(task).await {
        Ok(_) => Ok(None),
        Err(error) if error.outcome_unknown() => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

/// The search for a run that was not there before, and for its end.
pub(super) struct Search<'a, R> {
    pub(super) tasks: &'a ScheduledTasks<R>,
    pub(super) task: &'a Uuid,
    pub(super) known: Vec<Uuid>,
    pub(super) doubt: Option<Error>,
    /// Whether the clock would start the task again.
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
                // What is known of the end is more than that it cannot be read again.
                Err(error) => match ended {
                    Some((_, output)) => return Ok(output),
                    None => return Err(self.doubt.take().unwrap_or(error)),
                },
            };
            // The newest comes first, and ours is the first that is new.
            let mut oldest_first = seen.into_iter().flatten().rev();
            let found = oldest_first.find(|one| match &ours {
                Some(uuid) => one.uuid == *uuid,
                None => !self.known.contains(&one.uuid),
            });
            if let Some(execution) = found {
                ours = Some(execution.uuid.clone());
                if self.is_on {
                    // Deleting the task would delete the run with it.
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
                "it goes on in its container; wait longer with `max_wait`, and give it more time \
                 with `timeout`",
            ),
            None => wait.expired("the command has not started").with_hint(
                "Coolify runs commands only where a container is running, and in its queue's \
                 own time",
            ),
        })
    }
}

/// Returns whether all is there that Coolify writes of a run that has ended.
fn is_whole(execution: &ScheduledTaskExecution) -> bool {
    let is_told = execution.status != Some(ScheduledTaskExecutionStatus::Failed)
        || execution.error_details.is_some();
    is_told && execution.finished_at.is_some()
}

/// What came of a run that has ended.
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
