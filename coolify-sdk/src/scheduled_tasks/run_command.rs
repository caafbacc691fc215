//! Runs a command once, by a temporary task.

use std::fmt;
use std::time::Duration;

use super::execution::{Search, execute, longest};
use super::leftovers::Name;
use super::{HasScheduledTasks, ScheduledTasks, TaskOutput};
use crate::error::{Error, ErrorKind, Result};
use crate::request::{awaitable, max_len};
use crate::resource::subject::Subject;
use crate::wait::{Patience, Wait, waits};
use crate::{Clearable, Uuid};

/// The operation that runs a task without its schedule. Both kinds of resources have
/// it since the same version.
const EXECUTE: &str = "execute-scheduled-task-by-application-uuid";

/// The longest command that Coolify stores.
const COMMAND: usize = 255;

const EVERY_MINUTE: &str = "* * * * *";

/// The frequency of a disabled task, which Coolify requires nevertheless.
const YEARLY: &str = "0 0 1 1 *";

/// Removing the task is tried for as long as a server may take to restart.
const REMOVAL: Duration = Duration::from_secs(300);

/// How many times to look for a task whose creation request got no answer.
const APPEARS_WITHIN: u32 = 4;

/// A command to run once, which has not been sent yet:
/// [`ScheduledTasks::run_command`].
///
/// Awaiting it runs the command in the container's shell and returns its output.
/// A command that fails is not an error: see [`TaskOutput::status`].
///
/// Coolify runs commands only as scheduled tasks, so a temporary task is created
/// and removed afterwards, even after an error and when the future is dropped
/// (then in the background, as long as the runtime is running). This does not
/// stop a command that has begun. If the whole program ends before that, the task
/// is left behind: its name is `run-once-` and sixteen hexadecimal digits, and
/// [`remove_leftovers`](ScheduledTasks::remove_leftovers) removes it.
///
/// # Before Coolify 4.3.0
///
/// Only the schedule can run a task there. The task is due every minute until its
/// first run is seen and it is disabled, so the command starts up to a minute
/// late. A task that is left behind, because the program ended, **runs every
/// minute until it is removed**.
///
/// To make sure that the command still runs only once, it is sent with a guard in
/// front: the first run creates the directory `/tmp/once-` plus the digits of the
/// task's name in the container, and every other run ends at once if the
/// directory exists. The guard needs 108 of the 255 characters that Coolify
/// stores. A command of more than 147 characters has no guard. It may run
/// **twice** if Coolify is unreachable at the turn of a minute, and every minute
/// while its task exists, so put it into a script. The same is true for any
/// command in a container whose `/tmp` is not writable, or that is replaced
/// between two runs.
///
/// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let tasks = coolify.application("khzsv5nucvscskrm5gez3p8v").scheduled_tasks();
/// let migrated = tasks.run_command("php artisan migrate --force").timeout(900).await?;
/// println!("{}", migrated.output);
/// assert!(migrated.is_success());
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing runs before `.send()` or `.await`"]
pub struct RunCommand<R> {
    tasks: ScheduledTasks<R>,
    command: String,
    container: Option<String>,
    timeout: Option<i64>,
    patience: Patience,
}

waits!(
    RunCommand<R> where R: HasScheduledTasks,
    "two minutes longer than the command may take"
);

impl<R: HasScheduledTasks> RunCommand<R> {
    pub(super) fn new(tasks: &ScheduledTasks<R>, command: String) -> Self {
        Self {
            tasks: tasks.clone(),
            command,
            container: None,
            timeout: None,
            patience: Patience::default(),
        }
    }

    /// Sets the container, if there are several: its name in the compose file.
    pub fn container(mut self, name: impl Into<String>) -> Self {
        self.container = Some(name.into());
        self
    }

    /// Sets how many seconds the command may take before Coolify stops it. The
    /// default is 300.
    pub fn timeout(mut self, seconds: i64) -> Self {
        self.timeout = Some(seconds);
        self
    }

    /// Runs the command, waits until it has ended, removes the temporary task,
    /// and returns the output.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for a command of more than 255 characters,
    /// before anything is sent. [`ErrorKind::WaitExpired`] after the maximum
    /// wait. [`Error::is_conflict`] before 4.3.0 if no container is running.
    /// [`Error::outcome_unknown`] is true if it is unknown whether the command
    /// was started.
    pub async fn send(self) -> Result<TaskOutput> {
        max_len("command", &self.command, COMMAND).map_err(|error| {
            error.with_hint("put it into a script in the image, and run the script")
        })?;
        let is_native = self.tasks.resource.coolify().has(EXECUTE).await?;
        if !is_native {
            self.check_running().await?;
        }
        let mut throwaway = Throwaway::new(&self.tasks);
        let outcome = Box::pin(self.run(is_native, &mut throwaway)).await;
        let leftover = Box::pin(throwaway.remove()).await;
        match (outcome, leftover) {
            (Ok(output), leftover) => Ok(TaskOutput { leftover, ..output }),
            (Err(error), None) => Err(error),
            (Err(error), Some(name)) => {
                let hint = format!(
                    "the scheduled task {name} could not be removed: call `remove_leftovers`"
                );
                Err(error.and_hint(hint))
            }
        }
    }

    async fn run(&self, is_native: bool, throwaway: &mut Throwaway<R>) -> Result<TaskOutput> {
        let task = throwaway.make(self, is_native).await?;
        let doubt = if is_native {
            execute(&self.tasks, &task).await?
        } else {
            None
        };
        let mut search = Search {
            tasks: &self.tasks,
            task: &task,
            known: Vec::new(),
            doubt,
            is_on: !is_native,
        };
        let coolify = self.tasks.resource.coolify();
        let mut wait = self.patience.start(coolify, longest(self.timeout));
        search.end(&mut wait).await
    }

    /// Checks that the resource is running, because the schedule silently skips
    /// tasks of resources that are not.
    async fn check_running(&self) -> Result<()> {
        let status = Subject::of(&self.tasks.resource).look().await?.status;
        if status.is_running() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Conflict,
            format!("no container is running that could run the command: the status is {status}"),
        )
        .with_hint("start the resource first"))
    }
}

awaitable!(RunCommand<R> where R: HasScheduledTasks, send -> TaskOutput);

/// A command can contain secrets.
impl<R: fmt::Debug> fmt::Debug for RunCommand<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunCommand")
            .field("tasks", &self.tasks)
            .field("container", &self.container)
            .finish_non_exhaustive()
    }
}

/// Returns the command with a guard that only lets the first of several runs
/// pass, or only the command if the result would be too long. It uses no `||` and
/// `&&`, because Coolify inserts `sudo` after them on servers whose user is not
/// root.
fn guarded(command: &str, digits: &str) -> String {
    let made = format!("/tmp/once-{digits}");
    let guarded =
        format!("if ! mkdir {made} 2>/dev/null;then if [ -d {made} ];then exit;fi;fi;{command}");
    if guarded.chars().count() > COMMAND {
        return command.to_owned();
    }
    guarded
}

/// A temporary task, which is removed when this value is dropped.
struct Throwaway<R: HasScheduledTasks> {
    tasks: ScheduledTasks<R>,
    name: Name,
    made: Made,
}

#[derive(Clone)]
enum Made {
    No,
    /// It was requested, and the answer has not arrived.
    Perhaps,
    Yes(Uuid),
}

impl<R: HasScheduledTasks> Throwaway<R> {
    fn new(tasks: &ScheduledTasks<R>) -> Self {
        Self {
            tasks: tasks.clone(),
            name: Name::new(),
            made: Made::No,
        }
    }

    async fn make(&mut self, run: &RunCommand<R>, is_native: bool) -> Result<Uuid> {
        let (frequency, command) = if is_native {
            (YEARLY, run.command.clone())
        } else {
            (EVERY_MINUTE, guarded(&run.command, self.name.digits()))
        };
        let mut request = self.tasks.create(self.name.as_str(), command, frequency);
        let (container, timeout) = (run.container.clone(), run.timeout);
        let body = &mut request.0.body;
        body.enabled = Some(!is_native);
        body.container = container.map(Clearable::Set);
        body.timeout = timeout;
        self.made = Made::Perhaps;
        let uuid = match request.send().await {
            Ok(task) => task.uuid,
            // The unknown outcome matters more than an error of looking for the task.
            Err(error) if error.outcome_unknown() => match self.find().await {
                Ok(Some(task)) => task,
                Ok(None) | Err(_) => return Err(error),
            },
            Err(error) => {
                self.made = Made::No;
                return Err(error);
            }
        };
        self.made = Made::Yes(uuid.clone());
        Ok(uuid)
    }

    /// Returns the task that may have been created, once it appears.
    async fn find(&self) -> Result<Option<Uuid>> {
        let mut wait = self.removal();
        let mut looks = 0;
        while looks < APPEARS_WITHIN && wait.turn().await {
            let Some(tasks) = wait.look(self.tasks.list()).await? else {
                continue;
            };
            let found = tasks
                .into_iter()
                .find(|task| task.name == self.name.as_str());
            if let Some(task) = found {
                return Ok(Some(task.uuid));
            }
            looks += 1;
        }
        Ok(None)
    }

    fn removal(&self) -> Wait {
        Patience::default().start(self.tasks.resource.coolify(), REMOVAL)
    }

    /// Removes the task. Returns its name if that failed.
    async fn remove(mut self) -> Option<String> {
        let made = self.made.clone();
        let removed = self.take_away(made).await;
        // Dropping this value does not try again.
        self.made = Made::No;
        removed.is_err().then(|| self.name.as_str().to_owned())
    }

    async fn take_away(&self, made: Made) -> Result<()> {
        let task = match made {
            Made::No => return Ok(()),
            Made::Yes(task) => task,
            Made::Perhaps => match self.find().await? {
                Some(task) => task,
                None => return Ok(()),
            },
        };
        let mut wait = self.removal();
        let gone = wait.until(|| async {
            match self.tasks.delete(&task).await {
                Ok(_) => Ok(Some(())),
                Err(error) if error.is_not_found() => Ok(Some(())),
                Err(error) => Err(error),
            }
        });
        let gone = gone.await?;
        gone.ok_or_else(|| wait.expired("the scheduled task still exists"))
    }
}

/// Removes the task if the future is dropped before its end.
impl<R: HasScheduledTasks> Drop for Throwaway<R> {
    fn drop(&mut self) {
        let made = std::mem::replace(&mut self.made, Made::No);
        if matches!(made, Made::No) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let rest = Self {
            tasks: self.tasks.clone(),
            name: self.name.clone(),
            made: Made::No,
        };
        runtime.spawn(async move {
            let removed = rest.take_away(made).await;
            if removed.is_err() {
                tracing::warn!(
                    task = rest.name.as_str(),
                    "a temporary task could not be removed"
                );
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::Operation;

    const DIGITS: &str = "0123456789abcdef";

    #[test]
    fn both_kinds_of_resources_execute_tasks_since_the_same_version() {
        let since = |id| {
            Operation::find(id)
                .expect("Coolify has it")
                .versions
                .since
                .clone()
        };
        let service = "execute-scheduled-task-by-service-uuid";
        assert_eq!(since(EXECUTE), since(service));
    }

    #[test]
    fn what_fits_is_guarded() {
        let longest = "x".repeat(147);
        let text = guarded(&longest, DIGITS);
        assert_eq!(text.chars().count(), COMMAND);
        assert!(text.ends_with(&format!(";fi;fi;{longest}")));
        // The limit is in characters, not bytes.
        assert_ne!(guarded(&"ä".repeat(147), DIGITS), "ä".repeat(147));
        let long = "x".repeat(148);
        assert_eq!(guarded(&long, DIGITS), long);
    }

    /// Runs a command as Coolify does in a container. Returns its output and its
    /// exit code.
    #[cfg(unix)]
    fn sh(line: &str) -> (String, Option<i32>) {
        let run = std::process::Command::new("sh").args(["-c", line]).output();
        let run = run.unwrap();
        (String::from_utf8(run.stdout).unwrap(), run.status.code())
    }

    #[cfg(unix)]
    #[test]
    fn the_first_run_passes_and_no_other() {
        let name = Name::new();
        let line = guarded("echo it ran; exit 3", name.digits());
        assert_eq!(sh(&line), ("it ran\n".to_owned(), Some(3)));
        for _ in 0..3 {
            assert_eq!(sh(&line), (String::new(), Some(0)));
        }
        let other = guarded("echo it ran; exit 3", Name::new().digits());
        assert_eq!(sh(&other).1, Some(3));
        for line in [line, other] {
            let made = line.split(' ').find(|word| word.starts_with("/tmp/"));
            std::fs::remove_dir(made.unwrap()).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn of_many_runs_at_once_one_passes() {
        let name = Name::new();
        let line = guarded("echo it ran", name.digits());
        let runs: Vec<_> = (0..16)
            .map(|_| {
                let line = line.clone();
                std::thread::spawn(move || sh(&line).0)
            })
            .collect();
        let ran: Vec<_> = runs.into_iter().map(|run| run.join().unwrap()).collect();
        assert_eq!(ran.concat(), "it ran\n");
        std::fs::remove_dir(format!("/tmp/once-{}", name.digits())).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn where_nothing_can_be_made_the_command_runs() {
        let name = Name::new();
        let line = guarded("echo it ran", name.digits());
        let line = line.replace("/tmp/", "/no/such/folder/");
        assert_eq!(sh(&line).0, "it ran\n");
    }
}
