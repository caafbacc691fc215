//! Runs one command in the container of an application and prints its output.
//!
//! ```text
//! cargo run --example run_command                   # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example run_command -- --application UUID 'php artisan migrate --force'
//! ```

use std::process::ExitCode;
use std::time::Duration;

use coolify_sdk::scheduled_tasks::TaskOutput;
use coolify_sdk_examples::{
    Arguments, Interrupted, Misuse, Result, Target, eprintln, println, program, stopped,
};

const USAGE: &str = "\
Runs one command in the container of an application.

usage: run_command [--application UUID] [--container NAME] [--timeout SECONDS] [COMMAND]

  --application UUID  the application; the embedded server has one
  --container NAME    the container, if there are several
  --timeout SECONDS   how long the command may take [300]
  COMMAND             a shell command [echo hello from the container]

It fails if the command fails. If COOLIFY_URL and COOLIFY_TOKEN are set, it works
on that server. If neither is set, it starts an embedded server.";

struct Options {
    application: Option<String>,
    container: Option<String>,
    timeout: i64,
    command: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, options, async |options| {
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

fn options(mut arguments: Arguments) -> Result<Options, Misuse> {
    let mut options = Options {
        application: None,
        container: None,
        timeout: 300,
        command: None,
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--application" => options.application = Some(arguments.value(&argument)?),
            "--container" => options.container = Some(arguments.value(&argument)?),
            "--timeout" => options.timeout = arguments.value(&argument)?,
            other if other.starts_with("--") => return Err(Misuse::unknown(other)),
            command if options.command.is_none() => options.command = Some(command.to_owned()),
            _ => return Err(Misuse::new("the command is one argument: put it in quotes")),
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
            eprintln!("which knows only the commands `echo` and `exit`.");
            let application = fake.seed_application(&fake.seed_project("examples"), "web");
            fake.set_application(&application, "status", "running:healthy");
            application
        }
        (None, Target::Real(_)) => {
            return Err(Misuse::new("no application is named: pass --application UUID").into());
        }
    };
    let tasks = target.coolify().application(application).scheduled_tasks();
    let command = options.command.as_deref();
    let mut run = tasks
        .run_command(command.unwrap_or("echo hello from the container"))
        .timeout(options.timeout)
        .poll_every(Duration::from_secs(1));
    if let Some(container) = &options.container {
        run = run.container(container);
    }
    // Dropping the run removes its task in the background, which takes a runtime
    // that is still running. So an interrupted run gets some time.
    tokio::select! {
        output = run.send() => Ok(output?),
        () = stopped() => {
            tokio::time::sleep(Duration::from_secs(3)).await;
            Err(Interrupted.into())
        }
    }
}
