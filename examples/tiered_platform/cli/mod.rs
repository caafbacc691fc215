//! The command line.

mod arguments;
mod client;
mod customer;
mod demo;
mod operator;
mod serve;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;
use coolify_sdk_examples::{Interrupted, eprintln, is_unread, output_failure, println};

use self::arguments::{Arguments, Command};

/// The exit code for invalid arguments.
const MISUSE: u8 = 2;

/// Runs the program, and returns its exit code: 2 if the arguments are invalid, and 1 if
/// it fails.
pub async fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return tell(&error),
    };
    // The whole process uses ring, like the SDK.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let outcome = match arguments.command {
        None => demo::run().await,
        Some(Command::Serve(options)) => serve::run(options).await,
        Some(Command::Customer(options)) => operator::run(options).await,
        Some(Command::Settle(options)) => operator::settle(options).await,
        Some(Command::Client(command)) => customer::run(*command).await,
    };
    match (outcome, output_failure()) {
        (Ok(()), None) => ExitCode::SUCCESS,
        (Ok(()), Some(error)) => {
            eprintln!("the output could not be written: {error}");
            ExitCode::FAILURE
        }
        (Err(failure), _) if failure.is::<Interrupted>() && is_unread() => ExitCode::SUCCESS,
        (Err(failure), _) => {
            eprintln!("{failure}");
            let is_misuse = failure.is::<coolify_sdk_examples::Misuse>();
            ExitCode::from(if is_misuse { MISUSE } else { 1 })
        }
    }
}

/// Prints the help, or what is wrong with the arguments.
fn tell(error: &clap::Error) -> ExitCode {
    let text = error.to_string().replace("Usage:", "usage:");
    if error.kind() == ErrorKind::DisplayHelp {
        println!("{}", text.trim_end());
        return ExitCode::SUCCESS;
    }
    eprintln!("{}", text.trim_end());
    ExitCode::from(MISUSE)
}
