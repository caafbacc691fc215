//! Runs a program, from its arguments to its exit code.

use std::error::Error as StdError;
use std::ffi::OsString;
use std::fmt;
use std::process::{ExitCode, Termination};
use std::str::FromStr;

use coolify_sdk::Error;

use crate::output::{failure, is_unread};
use crate::{eprintln, println};

/// A result with any error.
pub type Result<T, E = Box<dyn StdError>> = std::result::Result<T, E>;

/// The arguments of a program, without its name.
pub struct Arguments(std::vec::IntoIter<String>);

impl Arguments {
    fn of_this_program() -> Result<Self, Misuse> {
        let arguments = std::env::args_os().skip(1).map(|argument| {
            let unreadable =
                |it: OsString| Misuse::new(format!("the argument {} is not Unicode", it.display()));
            argument.into_string().map_err(unreadable)
        });
        let arguments: Vec<_> = arguments.collect::<Result<_, _>>()?;
        Ok(Self(arguments.into_iter()))
    }

    /// Returns the value of an option, which is the next argument.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is missing or cannot be parsed.
    pub fn value<T: FromStr>(&mut self, option: &str) -> Result<T, Misuse> {
        let missing = || Misuse::new(format!("{option} needs a value"));
        let value = self.next().ok_or_else(missing)?;
        let wrong = |_| Misuse::new(format!("{option} does not take {value:?}"));
        value.parse().map_err(wrong)
    }

    /// Checks that no argument is left.
    ///
    /// # Errors
    ///
    /// Returns an error if there is one.
    pub fn end(mut self) -> Result<(), Misuse> {
        match self.next() {
            Some(more) => Err(Misuse::unknown(&more)),
            None => Ok(()),
        }
    }
}

impl Iterator for Arguments {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.0.next()
    }
}

/// A program was called with invalid arguments.
#[derive(Debug)]
pub struct Misuse(String);

impl Misuse {
    /// Takes what is wrong; the program adds its usage.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// An argument that the program does not know.
    #[must_use]
    pub fn unknown(argument: &str) -> Self {
        Self(format!("unknown argument {argument}"))
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Misuse {}

/// A program was stopped before it had finished.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl StdError for Interrupted {}

/// Runs a program with its parsed arguments; `--help` prints the usage.
///
/// The exit code is 2 if the arguments are invalid, 1 if the program failed, and
/// otherwise that of the program. A failure is reported on stderr. A program
/// whose output nobody reads any more ends silently.
pub async fn program<O, T: Termination>(
    usage: &str,
    options: impl FnOnce(Arguments) -> Result<O, Misuse>,
    run: impl AsyncFnOnce(O) -> Result<T>,
) -> ExitCode {
    if std::env::args_os()
        .skip(1)
        .any(|it| it == "--help" || it == "-h")
    {
        println!("{usage}");
        return ExitCode::SUCCESS;
    }
    let options = match Arguments::of_this_program().and_then(options) {
        Ok(options) => options,
        Err(misuse) => return refuse(&misuse, usage),
    };
    match (run(options).await, failure()) {
        (Ok(_), Some(error)) => {
            eprintln!("the output could not be written: {error}");
            ExitCode::FAILURE
        }
        (Ok(outcome), None) => outcome.report(),
        (Err(failure), _) if failure.is::<Interrupted>() && is_unread() => ExitCode::SUCCESS,
        (Err(failure), _) => {
            if let Some(misuse) = failure.downcast_ref() {
                return refuse(misuse, usage);
            }
            tell(&*failure);
            ExitCode::FAILURE
        }
    }
}

fn refuse(misuse: &Misuse, usage: &str) -> ExitCode {
    eprintln!("{misuse}\n\n{usage}");
    ExitCode::from(2)
}

fn tell(failure: &(dyn StdError + 'static)) {
    let Some(error) = failure.downcast_ref::<Error>() else {
        eprintln!("\n{failure}");
        return;
    };
    eprintln!("\n{}", error.report());
}
