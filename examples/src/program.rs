//! From the arguments to the exit code.

use std::error::Error as StdError;
use std::ffi::OsString;
use std::fmt;
use std::process::{ExitCode, Termination};
use std::str::FromStr;

use coolify_sdk::Error;

use crate::output::{failure, is_unread};
use crate::{eprintln, println};

/// What can fail for any reason.
pub type Result<T, E = Box<dyn StdError>> = std::result::Result<T, E>;

/// The arguments of a program, without its name.
pub struct Arguments(std::vec::IntoIter<String>);

impl Arguments {
    fn of_this_program() -> Result<Self, Misuse> {
        let arguments = std::env::args_os().skip(1).map(|argument| {
            let unreadable =
                |it: OsString| Misuse::new(format!("the argument {} is no Unicode", it.display()));
            argument.into_string().map_err(unreadable)
        });
        let arguments: Vec<_> = arguments.collect::<Result<_, _>>()?;
        Ok(Self(arguments.into_iter()))
    }

    /// The value of an option, which is the next argument.
    ///
    /// # Errors
    ///
    /// When it is missing or cannot be read.
    pub fn value<T: FromStr>(&mut self, option: &str) -> Result<T, Misuse> {
        let missing = || Misuse::new(format!("{option} needs a value"));
        let value = self.next().ok_or_else(missing)?;
        let wrong = |_| Misuse::new(format!("{option} does not take {value:?}"));
        value.parse().map_err(wrong)
    }

    /// Nothing may follow.
    ///
    /// # Errors
    ///
    /// When something does.
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

/// That a program was called in a way that means nothing.
#[derive(Debug)]
pub struct Misuse(String);

impl Misuse {
    /// Says what is wrong; the program adds its usage.
    pub fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// An argument that the program does not have.
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

/// That a program was stopped before it had done its work.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl StdError for Interrupted {}

/// Runs a program with what its arguments mean; `--help` prints the usage.
///
/// The exit code is 2 when the arguments mean nothing; 1 when the program failed, with
/// all that the error knows on stderr; otherwise what the program says. A program whose
/// output nobody reads any more ends quietly.
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
