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
//! `tools.list` returns every tool with the JSON schema of its arguments. Four
//! things limit the agent, from the outside in:
//!
//! - The [project scope](coolify_sdk::Coolify::in_project): the agent cannot see
//!   or change anything of another project, of the team or of a server, whatever
//!   uuid it tries. The [strict policy](coolify_sdk::ScopePolicy::strict) refuses
//!   settings that could reach other projects.
//! - The [settings](settings) that the tools accept: none of them lets a
//!   container reach the server or the containers of others.
//! - Deleting a resource takes its exact name, and a decision about its volumes.
//! - Values of variables go in and never come out.

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

  --project UUID      the tenant's project [$COOLIFY_PROJECT]
  --environment NAME  the environment of new resources [production]
  --server UUID       the server that they run on [the first that is ready]
  --destination UUID  the network, if the server has several [the first]

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is
set, it starts an embedded server that has a project with one application.";

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
            return Err(Misuse::new("no project is named: pass --project UUID").into());
        }
        (None, Target::Embedded(_, fake)) => {
            let project = fake.seed_project("workspace");
            let application = fake.seed_application(&project, "web");
            fake.set_application(&application, "status", "running:healthy");
            project
        }
    };
    // These calls still use the unbound client.
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
    // The tools need hooks, tasks and a few one-click services, and no other
    // power that a policy could grant.
    let policy = ScopePolicy::strict()
        .allow(ScopePower::Commands)
        .allow(ScopePower::OneClickServices);
    let workspace = Workspace::new(coolify.in_project_with(project, policy), place);
    if let Ok(token) = std::env::var("COOLIFY_TOKEN") {
        workspace.veil.learn(&token);
    }
    eprintln!("agent_workspace: one JSON request per line, `tools.list` says which");

    // A call that is dropped before it has finished cleans up in the background.
    // That takes a runtime that is still running: see `run_command`.
    let tools = Tools::all();
    tokio::select! {
        end = server::serve(&tools, &workspace) => Ok(end?),
        () = stopped() => {
            tokio::time::sleep(Duration::from_secs(3)).await;
            Err(Interrupted.into())
        }
    }
}
