//! Lists and deploys in a program without `async`.
//!
//! ```text
//! cargo run --example without_async                # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example without_async -- --deploy NAME
//! ```

use std::process::ExitCode;

use coolify_sdk::blocking::{Block, BlockStream};
use coolify_sdk::deployments::RunEvent;
use coolify_sdk_examples::{Arguments, Misuse, Result, Target, eprintln, println, program};
use futures_util::FutureExt;

const USAGE: &str = "\
Lists all applications, and deploys one of them.

usage: without_async [--deploy NAME]

  --deploy NAME  the application: its name, one of its domains, or its uuid; the
                 embedded server has `web`

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is set, it
starts an embedded server.";

fn main() -> ExitCode {
    // What the examples share is async, but there is nothing to await here.
    let ended = program(USAGE, options, async |deploy: Option<String>| {
        run(deploy.as_deref())?;
        Ok(ExitCode::SUCCESS)
    });
    ended.now_or_never().unwrap_or(ExitCode::FAILURE)
}

fn options(mut arguments: Arguments) -> Result<Option<String>, Misuse> {
    let mut deploy = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--deploy" => deploy = Some(arguments.value(&argument)?),
            other => return Err(Misuse::unknown(other)),
        }
    }
    Ok(deploy)
}

fn run(deploy: Option<&str>) -> Result<()> {
    let target = Target::from_env().block()?;
    let mut deploy = deploy;
    if let Target::Embedded(_, fake) = &target {
        eprintln!("COOLIFY_URL and COOLIFY_TOKEN are not set: this runs on an embedded server.");
        fake.seed_application(&fake.seed_project("examples"), "web");
        deploy = deploy.or(Some("web"));
    }
    let applications = target.coolify().applications();
    for application in applications.list().block()? {
        println!("{} {}", application.uuid, application.name);
    }
    let Some(name) = deploy else {
        return Ok(());
    };
    let run = applications.find(name).block()?.deploy().block()?;
    for event in run.events().block_iter() {
        if let RunEvent::Status(status) = event? {
            println!("{name}: {status}");
        }
    }
    Ok(())
}
