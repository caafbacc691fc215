//! The tools that an AI agent would be given for one tenant: a server on stdin
//! and stdout that can reach one project of one Coolify and nothing else.
//!
//! ```text
//! printf '%s\n' '{"id":1,"tool":"tools.list"}' '{"id":2,"tool":"apps.list"}' |
//!     cargo run --example agent_workspace              # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example agent_workspace -- --project UUID
//! ```
//!
//! One JSON request per line in, one JSON reply per line out, in order:
//!
//! ```text
//! {"id":1,"tool":"apps.get","arguments":{"app":"…"}}
//! {"id":1,"ok":{…}}
//! {"id":1,"error":{"kind":"not_found","message":"…","hint":"…"}}
//! ```
//!
//! `tools.list` describes every tool with the JSON schema of its arguments. What
//! bounds the agent, from the outside in:
//!
//! - the [project scope](coolify_sdk::Coolify::in_project): nothing of another
//!   project, of the team or of a server is seen or touched, whatever uuid it
//!   comes up with; under a [strict policy](coolify_sdk::ScopePolicy::strict),
//!   which refuses what could reach others by a setting;
//! - the [settings](settings) that it may set: none of those by which a container
//!   reaches the server or the containers of others;
//! - deleting takes the exact name, and a word on the volumes;
//! - values of variables go in and never come out.

mod failure;
mod server;
mod settings;
mod tools;
mod veil;
mod workspace;

use std::process::ExitCode;
use std::time::Duration;

use coolify_sdk::{EnvironmentRef, ScopePolicy, ScopePower};
use coolify_sdk_examples::{
    Arguments, Interrupted, Misuse, Result, Target, eprintln, program, stopped, usable_place,
    usable_server,
};

use self::tools::Tools;
use self::workspace::Workspace;

const USAGE: &str = "\
Serves the tools of one project as JSON lines on stdin and stdout.

usage: agent_workspace [--project UUID] [--environment NAME]
                       [--server UUID] [--destination UUID]

  --project UUID      the tenant's project, also from COOLIFY_PROJECT
  --environment NAME  where new things go [production]
  --server UUID       where they run [the first that is ready for it]
  --destination UUID  which network of a server that has several [the first]

With COOLIFY_URL and COOLIFY_TOKEN set it works on that server, with neither on
one that it starts in this process, which has a project with one application.";

#[derive(Default)]
struct Options {
    project: Option<String>,
    environment: Option<String>,
    server: Option<String>,
    destination: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, options, run).await
}

fn options(mut arguments: Arguments) -> Result<Options, Misuse> {
    let mut options = Options {
        project: std::env::var("COOLIFY_PROJECT").ok(),
        ..Options::default()
    };
    while let Some(argument) = arguments.next() {
        let option = match argument.as_str() {
            "--project" => &mut options.project,
            "--environment" => &mut options.environment,
            "--server" => &mut options.server,
            "--destination" => &mut options.destination,
            other => return Err(Misuse::unknown(other)),
        };
        *option = Some(arguments.value(&argument)?);
    }
    Ok(options)
}

async fn run(options: Options) -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    let project = match (options.project, &target) {
        (Some(project), _) => project,
        (None, Target::Real(_)) => {
            return Err(Misuse::new("say which project, with --project UUID").into());
        }
        (None, Target::Embedded(_, fake)) => {
            let project = fake.seed_project("workspace");
            let application = fake.seed_application(&project, "web");
            fake.set_application(&application, "status", "running:healthy");
            project
        }
    };
    // The last calls that know no bounds.
    let server = match options.server {
        Some(server) => server.into(),
        None => usable_server(coolify).await?.uuid,
    };
    coolify.project(&project).get().await?;
    let mut place = usable_place(coolify, &project.as_str().into(), &server).await?;
    if let Some(environment) = options.environment {
        place.environment = EnvironmentRef::name(environment);
    }
    if let Some(destination) = options.destination {
        place = place.on_destination(destination);
    }
    // Hooks, tasks and a few one-click services are among the tools, and nothing else
    // that a policy could grant.
    let policy = ScopePolicy::strict()
        .allow(ScopePower::Commands)
        .allow(ScopePower::OneClickServices);
    let workspace = Workspace::new(coolify.in_project_with(project, policy), place);
    if let Ok(token) = std::env::var("COOLIFY_TOKEN") {
        workspace.veil.learn(&token);
    }
    eprintln!("agent_workspace: one JSON request per line, `tools.list` says which");

    // What is dropped in the middle cleans up in the background, which takes a
    // runtime that lives on: see `run_once`.
    let tools = Tools::all();
    tokio::select! {
        end = server::serve(&tools, &workspace) => Ok(end?),
        () = stopped() => {
            tokio::time::sleep(Duration::from_secs(3)).await;
            Err(Interrupted.into())
        }
    }
}
