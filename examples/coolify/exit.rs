//! Exit codes, which scripts can rely on.

use std::error::Error as StdError;
use std::process::ExitCode;

use clap::error::ErrorKind as UsageKind;
use coolify_sdk::{Error, ErrorKind};
use coolify_sdk_examples::{Interrupted, Misuse, eprintln, is_unread};

/// How a command ended; `--help` describes the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    Failed,
    Misused,
    NotFound,
    Ambiguous,
    Issues,
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Misused => 2,
            Exit::NotFound => 3,
            Exit::Ambiguous => 4,
            Exit::Issues => 5,
            Exit::Interrupted => 130,
        })
    }
}

/// Prints help on stdout and complaints on stderr.
pub fn of_usage(error: &clap::Error) -> ExitCode {
    // A reader that has gone wants no help.
    let _ = error.print();
    match error.kind() {
        UsageKind::DisplayHelp | UsageKind::DisplayVersion => Exit::Done.into(),
        _ => Exit::Misused.into(),
    }
}

/// Prints the failure.
pub fn of_failure(failure: &(dyn StdError + 'static)) -> Exit {
    if failure.is::<Interrupted>() {
        // The reader of the output has what it wanted.
        return if is_unread() {
            Exit::Done
        } else {
            Exit::Interrupted
        };
    }
    let Some(error) = failure.downcast_ref::<Error>() else {
        eprintln!("{failure}");
        return if failure.is::<Misuse>() {
            Exit::Misused
        } else {
            Exit::Failed
        };
    };
    eprintln!("{}", error.report());
    match error.kind() {
        ErrorKind::Config | ErrorKind::InvalidRequest => Exit::Misused,
        ErrorKind::NotFound => Exit::NotFound,
        ErrorKind::Ambiguous => Exit::Ambiguous,
        _ => Exit::Failed,
    }
}
