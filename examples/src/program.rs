//! From the arguments to the exit code.

use std::error::Error as StdError;
use std::process::{ExitCode, Termination};

use coolify_sdk::Error;

/// What can fail for any reason.
pub type Result<T, E = Box<dyn StdError>> = std::result::Result<T, E>;

/// Runs a program with what its arguments mean.
///
/// The exit code is 2 when they mean nothing, and says why on stderr; 1 when the
/// program failed, with all that the error knows; otherwise what the program says.
pub async fn program<O, T: Termination>(
    options: Result<O, String>,
    run: impl AsyncFnOnce(O) -> Result<T>,
) -> ExitCode {
    let options = match options {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    match run(options).await {
        Ok(outcome) => outcome.report(),
        Err(failure) => {
            tell(&*failure);
            ExitCode::FAILURE
        }
    }
}

fn tell(failure: &(dyn StdError + 'static)) {
    let Some(error) = failure.downcast_ref::<Error>() else {
        eprintln!("\n{failure}");
        return;
    };
    eprintln!("\n{}", error.report());
    if let Some(report) = error.sync_report() {
        eprintln!("  so far: {report}");
    }
    if let Some(failed) = error.failed_deployment() {
        for line in &failed.last_lines {
            eprintln!("  | {}", line.output);
        }
    }
    if let Some(status) = error.last_status() {
        for line in &status.last_lines {
            eprintln!("  | {line}");
        }
    }
}
