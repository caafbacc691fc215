//! Runs a fake Coolify as a process, for tests in another language, a
//! command-line tool or an agent.
//!
//! ```sh
//! coproc FAKE { cargo run --quiet --example fake -- 4.1.2; }
//! read -r line <&"${FAKE[0]}"
//! eval "$line"
//! curl -H "Authorization: Bearer $COOLIFY_TOKEN" "$COOLIFY_URL/api/v1/version"
//! ```
//!
//! Prints its URL and token as a line that a shell can evaluate, and serves until
//! its standard input ends: until Ctrl-D in a terminal, or until the program that
//! started it has exited.

use std::io;
use std::process::ExitCode;

use coolify_sdk::Version;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_examples::{Arguments, Misuse, Result, println, program, stopped};
use tokio::sync::oneshot;

const USAGE: &str = "\
Serves a fake Coolify until its standard input ends.

usage: fake [VERSION]

  VERSION  the version of Coolify that it imitates [4.3.11]

It prints one line, `export COOLIFY_URL='…' COOLIFY_TOKEN='…'`, for a shell to
evaluate.";

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, version, run).await
}

fn version(mut arguments: Arguments) -> Result<Option<Version>, Misuse> {
    let Some(argument) = arguments.next() else {
        return Ok(None);
    };
    arguments.end()?;
    match argument.parse() {
        Ok(version) => Ok(Some(version)),
        Err(_) => Err(Misuse::new(format!(
            "{argument:?} is no version; write it like 4.1.2"
        ))),
    }
}

async fn run(version: Option<Version>) -> Result<()> {
    let mut fake = FakeCoolify::builder();
    if let Some(version) = version {
        fake = fake.version(version.to_string());
    }
    let fake = fake.start().await;
    // In quotes, because the bar in a token would be a pipe to the shell.
    println!(
        "export COOLIFY_URL='{}' COOLIFY_TOKEN='{}'",
        fake.url(),
        fake.token()
    );
    // A thread of its own, which nothing waits for at the end.
    let (sender, end_of_input) = oneshot::channel();
    std::thread::spawn(move || {
        let _ = sender.send(io::copy(&mut io::stdin().lock(), &mut io::sink()));
    });
    tokio::select! {
        end = end_of_input => {
            end??;
        }
        () = stopped() => {}
    }
    Ok(())
}
