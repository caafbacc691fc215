//! Follows the log of an application, line by line, through restarts of its
//! container and of the server.
//!
//! ```text
//! cargo run --example logs                       # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example logs -- --application UUID --lines 50
//! ```

use std::process::ExitCode;
use std::time::Duration;

use coolify_sdk::resource::LogEvent;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_examples::{Arguments, Misuse, Result, Target, println, program, stopped};
use futures_util::StreamExt;

const USAGE: &str = "\
Follows the log of an application.

usage: logs [--application UUID] [--lines N] [--for SECONDS]

  --application UUID  the application; the embedded server has one
  --lines N           how many of the last lines to begin with [10]
  --for SECONDS       how long [until Ctrl-C; 4 on the embedded server]

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is
set, it starts an embedded server.";

struct Options {
    application: Option<String>,
    lines: i64,
    seconds: Option<u64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, options, run).await
}

fn options(mut arguments: Arguments) -> Result<Options, Misuse> {
    let mut options = Options {
        application: None,
        lines: 10,
        seconds: None,
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--application" => options.application = Some(arguments.value(&argument)?),
            "--lines" => options.lines = arguments.value(&argument)?,
            "--for" => options.seconds = Some(arguments.value(&argument)?),
            other => return Err(Misuse::unknown(other)),
        }
    }
    Ok(options)
}

async fn run(options: Options) -> Result<()> {
    let target = Target::from_env().await?;
    let (application, seconds) = match (&options.application, &target) {
        (Some(uuid), _) => (uuid.clone(), options.seconds),
        (None, Target::Embedded(_, fake)) => {
            println!("COOLIFY_URL and COOLIFY_TOKEN are not set: this runs on an embedded server.");
            (running(fake), options.seconds.or(Some(4)))
        }
        (None, Target::Real(_)) => {
            return Err(Misuse::new("no application is named: pass --application UUID").into());
        }
    };
    let work = async {
        match &target {
            Target::Embedded(_, fake) => write(fake, &application).await,
            Target::Real(_) => std::future::pending().await,
        }
    };
    let end = async {
        match seconds {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        outcome = follow(&target, &application, options.lines) => outcome,
        () = work => Ok(()),
        () = end => Ok(()),
        () = stopped() => Ok(()),
    }
}

async fn follow(target: &Target, application: &str, lines: i64) -> Result<()> {
    let logs = target.coolify().application(application).logs();
    let logs = match target {
        Target::Real(_) => logs,
        Target::Embedded(..) => logs.poll_every(Duration::from_millis(300)),
    };
    let mut events = logs.lines(lines).follow();
    while let Some(event) = events.next().await {
        match event? {
            LogEvent::Line(line) => match line.time {
                Some(time) => println!("{time} | {}", line.text),
                None => println!("{}", line.text),
            },
            LogEvent::NotRunning => println!("-- nothing is running"),
            LogEvent::Gap => println!("-- lines are missing here"),
            other => println!("-- {other:?}"),
        }
    }
    Ok(())
}

fn running(fake: &FakeCoolify) -> String {
    let application = fake.seed_application(&fake.seed_project("examples"), "web");
    fake.set_application(&application, "status", "running:healthy");
    application
}

/// Plays an application: it writes, stops, starts and writes again.
async fn write(fake: &FakeCoolify, application: &str) {
    for request in 1.. {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let status = match request {
            6 => "exited:unhealthy",
            8 => "running:healthy",
            7 => continue,
            _ => {
                fake.write_log(application, [format!("GET /health 200 ({request})")]);
                continue;
            }
        };
        fake.set_application(application, "status", status);
    }
}
