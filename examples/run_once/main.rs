//! Runs one command in the container of an application and shows what it wrote.
//!
//! ```text
//! cargo run --example run_once                   # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example run_once -- --application UUID 'php artisan migrate --force'
//! ```

use std::process::ExitCode;
use std::time::Duration;

use coolify_sdk::scheduled_tasks::TaskOutput;
use coolify_sdk_examples::{Result, Target, program};

const USAGE: &str = "\
Runs one command in the container of an application.

usage: run_once [--application UUID] [--container NAME] [--timeout SECONDS] [COMMAND]

  --application UUID  where; on the embedded server one is made
  --container NAME    in which container, where there are several
  --timeout SECONDS   how long it may take [300]
  COMMAND             a line for the shell [echo hello from the container]

It ends as the command does. With COOLIFY_URL and COOLIFY_TOKEN set it works on
that server, with neither on one that it starts in this process.";

struct Options {
    application: Option<String>,
    container: Option<String>,
    timeout: i64,
    command: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    program(options(std::env::args().skip(1)), async |options| {
        let output = run(&options).await?;
        println!("{}", output.output);
        eprintln!("-- {}", output.status);
        Ok(if output.is_success() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    })
    .await
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        application: None,
        container: None,
        timeout: 300,
        command: "echo hello from the container".to_owned(),
    };
    while let Some(argument) = arguments.next() {
        let wrong = || format!("{argument} needs another value\n\n{USAGE}");
        let mut value = || arguments.next().ok_or_else(wrong);
        match argument.as_str() {
            "--application" => options.application = Some(value()?),
            "--container" => options.container = Some(value()?),
            "--timeout" => options.timeout = value()?.parse().map_err(|_| wrong())?,
            "--help" | "-h" => return Err(USAGE.to_owned()),
            other if other.starts_with("--") => {
                return Err(format!("unknown argument {other}\n\n{USAGE}"));
            }
            command => command.clone_into(&mut options.command),
        }
    }
    Ok(options)
}

async fn run(options: &Options) -> Result<TaskOutput> {
    let target = Target::from_env().await?;
    let application = match (&options.application, &target) {
        (Some(uuid), _) => uuid.clone(),
        (None, Target::Embedded(_, fake)) => {
            eprintln!(
                "COOLIFY_URL and COOLIFY_TOKEN are not set: this runs on an embedded server,"
            );
            eprintln!("which knows the commands `echo` and `exit`.");
            let application = fake.seed_application(&fake.seed_project("examples"), "web");
            fake.set_application(&application, "status", "running:healthy");
            application
        }
        (None, Target::Real(_)) => return Err(format!("where?\n\n{USAGE}").into()),
    };
    let tasks = target.coolify().application(application).scheduled_tasks();
    let mut run = tasks
        .run_once(&options.command)
        .timeout(options.timeout)
        .poll_every(Duration::from_secs(1));
    if let Some(container) = &options.container {
        run = run.container(container);
    }
    // Dropping the run removes its task in the background, which takes a runtime
    // that lives on; so an interrupted one is given the time.
    tokio::select! {
        output = run.send() => Ok(output?),
        _ = tokio::signal::ctrl_c() => {
            tokio::time::sleep(Duration::from_secs(3)).await;
            Err("interrupted".into())
        }
    }
}
