//! A fake Coolify as a process, for whatever wants to talk to one: tests in
//! another language, a command line, an agent.
//!
//! ```sh
//! coproc FAKE { cargo run --quiet --example fake -- 4.1.2; }
//! read -r line <&"${FAKE[0]}"
//! eval "$line"
//! curl -H "Authorization: Bearer $COOLIFY_TOKEN" "$COOLIFY_URL/api/v1/version"
//! ```
//!
//! Prints how to reach it, as a line that a shell can evaluate, and serves until its
//! standard input ends: until Ctrl-D in a terminal, or until the program that started it
//! is gone.

use std::io;
use std::process::ExitCode;

use coolify_sdk::Version;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_examples::{Arguments, Misuse, Result, println, program, stopped};
use tokio::sync::oneshot;

const USAGE: &str = "\
Serves a fake Coolify until its standard input ends.

usage: fake [VERSION]

  VERSION  the Coolify that it plays [4.3.11]

It prints one line, `export COOLIFY_URL='…' COOLIFY_TOKEN='…'`, which a shell can
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
            "{argument:?} is no version, as 4.1.2 is"
        ))),
    }
}

async fn run(version: Option<Version>) -> Result<()> {
    let mut fake = FakeCoolify::builder();
    if let Some(version) = version {
        fake = fake.version(version.to_string());
    }
    let fake = fake.start().await;
    // In quotes: the bar in a token would be a pipe to the shell.
    println!(
        "export COOLIFY_URL='{}' COOLIFY_TOKEN='{}'",
        fake.url(),
        fake.token()
    );
    // A thread of its own, which nothing waits for when all is over.
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
