//! An MCP server with the tools that an AI agent would be given for one tenant: it
//! reaches one project of one Coolify and nothing else.
//!
//! ```text
//! cargo run --example agent_workspace              # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example agent_workspace -- --project UUID --domain-suffix mark.example.com
//! ```
//!
//! A client such as Claude starts it and speaks to it over stdin and stdout. With
//! `--listen` it serves several workspaces over streamable HTTP, each with a token of
//! its own.
//!
//! Five limits apply to the agent:
//!
//! - The [project scope](coolify_sdk::Coolify::in_project): the agent cannot see
//!   or change anything of another project, of the team or of a server, whatever
//!   uuid it tries. The [strict policy](coolify_sdk::ScopePolicy::strict) refuses
//!   settings that could reach other projects.
//! - The settings that the tools accept: none of them lets a
//!   container reach the server or the containers of others.
//! - The domain policy: an application gets no domain outside of the workspace.
//! - Deleting a resource requires its exact name; volumes are kept unless a call says
//!   otherwise.
//! - Values of variables, passwords and keys are never returned.

mod call;
mod config;
mod deploy_keys;
mod failure;
mod options;
mod policy;
mod progress;
mod resources;
mod server;
mod settings;
mod tools;
mod transport;
mod veil;
mod workspace;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use coolify_sdk::Secret;
use coolify_sdk_examples::{Interrupted, Misuse, Result, Target, eprintln, program};
use tokio::runtime::Runtime;

use self::config::Entry;
use self::options::{Options, USAGE};
use self::tools::Tools;
use self::transport::{http, stdio};
use self::workspace::Workspace;

const TOKEN: &str = "AGENT_WORKSPACE_TOKEN";

/// Runs the program.
///
/// # Panics
///
/// If no threads can be started.
#[must_use]
pub fn main() -> ExitCode {
    let runtime = Runtime::new().expect("threads can be started");
    let code = runtime.block_on(program(USAGE, Options::read, run));
    // Reading from a terminal cannot be interrupted.
    runtime.shutdown_timeout(Duration::from_millis(100));
    code
}

async fn run(mut options: Options) -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    let tools = Arc::new(Tools::all());
    let address = options.listen.take().map(|listen| http::Address {
        listen,
        hosts: std::mem::take(&mut options.hosts),
        origins: std::mem::take(&mut options.origins),
    });
    let file = options.workspaces.take();
    let Some(address) = address else {
        let terms = options.terms(embedded_project(&target))?;
        let workspace = Workspace::open(coolify, terms).await?;
        eprintln!("agent_workspace: speaking MCP on stdin and stdout");
        let is_over = Box::pin(stdio::serve(&workspace, &tools)).await?;
        return if is_over {
            Ok(())
        } else {
            Err(Interrupted.into())
        };
    };
    let entries = match file {
        Some(file) => config::read(&file)?,
        None => vec![Entry {
            token: token(&target)?,
            terms: options.terms(embedded_project(&target))?,
        }],
    };
    let mut workspaces = Vec::new();
    for Entry { token, terms } in entries {
        let workspace = Workspace::open(coolify, terms).await?;
        workspace.veil.learn(token.expose());
        workspaces.push((token, workspace));
    }
    http::serve(&address, workspaces, &tools).await
}

/// Makes a project with one application on the embedded server.
fn embedded_project(target: &Target) -> Option<String> {
    let Target::Embedded(_, fake) = target else {
        return None;
    };
    let project = fake.seed_project("workspace");
    let application = fake.seed_application(&project, "web");
    fake.set_application(&application, "status", "running:healthy");
    Some(project)
}

/// Returns the token of the only workspace.
fn token(target: &Target) -> Result<Secret, Misuse> {
    match std::env::var(TOKEN) {
        Ok(token) => match config::check_token(&token) {
            Ok(()) => Ok(token.into()),
            Err(why) => Err(Misuse::new(format!("${TOKEN} {why}"))),
        },
        Err(_) if target.is_embedded() => {
            let token = "embedded-workspace-token";
            eprintln!("agent_workspace: the token is {token}");
            Ok(token.into())
        }
        Err(_) => {
            let why = format!("no token is set: set ${TOKEN}, or pass --workspaces FILE");
            Err(Misuse::new(why))
        }
    }
}
