//! A command line for Coolify: finds things by name, shows them, deploys them, reads their
//! logs, synchronises their variables, and says what is wrong.
//!
//! ```text
//! cargo run --example coolify -- ls              # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example coolify -- deploy shop/production/web --wait
//! ```

mod arguments;
mod commands;
mod demo;
mod exit;
mod output;
mod progress;
mod session;
mod table;

use std::process::ExitCode;

use clap::Parser as _;
use coolify_sdk_examples::{eprintln, output_failure};

use arguments::Arguments;
use exit::Exit;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return exit::of_usage(&error),
    };
    let exit = match commands::run(arguments).await {
        Ok(exit) => exit,
        Err(failure) => exit::of_failure(&*failure),
    };
    if let Some(error) = output_failure() {
        eprintln!("the output could not be written: {error}");
        return Exit::Failed.into();
    }
    exit.into()
}
