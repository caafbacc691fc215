//! Waiting for the end of an import.

use std::{fmt, time::Duration};

use super::{DatabaseImport, DatabaseImports, ImportStatus, StartedImport};
use crate::error::{Detail, Error, ErrorKind, Result};
use crate::request::awaitable;
use crate::wait::{Patience, waits};

/// The default maximum wait. A large dump takes hours.
const LONGEST: Duration = Duration::from_secs(6 * 3600);

/// An import that goes on, and a future of its end: what starting one returns, and
/// [`DatabaseImports::run`].
///
/// Dropping it does not stop the import.
///
/// Needs the `read` ability. Since Coolify 4.4.0.
///
/// # Errors
///
/// [`ErrorKind::ImportFailed`] if the import failed or was stopped;
/// [`Error::failed_import`] has it as it was then, with its output if the token has the
/// ability `read:sensitive`. [`Error::is_not_found`] if it does not exist.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let imports = coolify.database("xkzsv5nucvscskrm5gez3p8v").imports();
/// let ended = imports.from_server("/root/orders.sql").await?.await?;
/// println!("imported, at {:?}", ended.finished_at);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is waited for before `.wait()` or `.await`"]
pub struct ImportRun {
    imports: DatabaseImports,
    id: i64,
    message: Option<String>,
    patience: Patience,
}

waits!(ImportRun, "six hours");

impl DatabaseImports {
    /// Returns an import that has been started, by its id. Await it for its end.
    ///
    /// Needs the `read` ability. Since Coolify 4.4.0.
    pub fn run(&self, import: i64) -> ImportRun {
        ImportRun {
            imports: self.clone(),
            id: import,
            message: None,
            patience: Patience::default(),
        }
    }
}

impl ImportRun {
    pub(super) fn started(imports: DatabaseImports, started: StartedImport) -> Self {
        Self {
            imports,
            id: started.id,
            message: started.message,
            patience: Patience::default(),
        }
    }

    /// Returns Coolify's message about the start.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the id of the import.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Returns the run with the settings of an outer wait.
    #[cfg(feature = "databases")]
    pub(crate) fn with(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Waits for the end of the import, and returns it.
    ///
    /// # Errors
    ///
    /// See [`ImportRun`].
    pub async fn wait(self) -> Result<DatabaseImport> {
        let mut wait = self.patience.start(&self.imports.coolify, LONGEST);
        while wait.turn().await {
            let Some(import) = wait.look(self.imports.get(self.id)).await? else {
                continue;
            };
            match import.status {
                None | Some(ImportStatus::Queued | ImportStatus::InProgress) => {}
                Some(ImportStatus::Finished) => return Ok(import),
                Some(_) => return Err(failed(import)),
            }
        }
        Err(wait
            .expired("the import is still running")
            .with_hint("it continues on the server; wait longer with `max_wait`"))
    }
}

awaitable!(ImportRun, wait -> DatabaseImport);

fn failed(import: DatabaseImport) -> Error {
    let status = import.status.as_ref();
    let status = status.map_or("over", ImportStatus::as_str);
    let code = import.exit_code.filter(|code| *code != 0);
    let code = code.map_or_else(String::new, |code| format!(" with exit code {code}"));
    Error::new(
        ErrorKind::ImportFailed,
        format!("the import ended as `{status}`{code}"),
    )
    .with_hint(
        "the `output` of the import has the reason: see `Error::failed_import`; a token without \
         `read:sensitive` does not see it",
    )
    .with_detail(FailedImport(import))
}

#[derive(Debug)]
struct FailedImport(DatabaseImport);

impl Detail for FailedImport {
    fn fmt_report(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl Error {
    /// Returns the import that [`ImportRun`] has waited for, if it failed.
    #[must_use]
    pub fn failed_import(&self) -> Option<&DatabaseImport> {
        let failed: Option<&FailedImport> = self.detail();
        failed.map(|failed| &failed.0)
    }
}
