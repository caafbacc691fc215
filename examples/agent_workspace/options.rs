//! The arguments of the program.

use std::net::SocketAddr;
use std::path::PathBuf;

use coolify_sdk_examples::{Arguments, Misuse, Result};

use crate::policy::DomainPolicy;
use crate::workspace::{Powers, Terms};

pub const USAGE: &str = "\
Serves the tools of one Coolify project to an AI agent: an MCP server.

usage: agent_workspace [--project UUID] [--environment NAME] [--server UUID]
                       [--destination UUID] [--domain-suffix NAME]
                       [--allow-git-compose] [--allow-authentik]
       agent_workspace --listen ADDRESS [--workspaces FILE] [--host NAME]...
                       [--origin URL]...

One workspace on stdin and stdout, for a client that starts the program:

  --project UUID         the tenant's project [$COOLIFY_PROJECT]
  --environment NAME     the environment of new resources [production]
  --server UUID          the server that they run on [the first that is ready]
  --destination UUID     the network, if the server has several [the first]
  --domain-suffix NAME   every application gets the domain APP.NAME, and no other
                         domain is accepted, as in mark.example.com
  --allow-git-compose    accept compose files from repositories: whoever can push to
                         one can control the server
  --allow-authentik      accept the auth provider authentik, which mounts the
                         server's Docker socket

Streamable HTTP on http://ADDRESS/mcp, with a bearer token for each workspace:

  --listen ADDRESS       as in 127.0.0.1:8808
  --workspaces FILE      a TOML file with one [[workspace]] for each token: name,
                         token or token_env, project, and optionally environment,
                         server, destination, domain_suffix, git_compose, authentik.
                         Without it there is one workspace, whose token is
                         $AGENT_WORKSPACE_TOKEN
  --host NAME            a name under which clients reach the server, besides
                         localhost and ADDRESS
  --origin URL           a web page that may use the server [none]

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is
set, it starts an embedded server that has a project with one application.";

#[derive(Default)]
pub struct Options {
    project: Option<String>,
    environment: Option<String>,
    server: Option<String>,
    destination: Option<String>,
    domains: DomainPolicy,
    powers: Powers,
    pub listen: Option<SocketAddr>,
    pub workspaces: Option<PathBuf>,
    pub hosts: Vec<String>,
    pub origins: Vec<String>,
}

impl Options {
    pub fn read(mut arguments: Arguments) -> Result<Self, Misuse> {
        let mut options = Self::default();
        let mut of_one = None;
        let mut of_many = None;
        while let Some(argument) = arguments.next() {
            let is_of_one = !matches!(
                argument.as_str(),
                "--listen" | "--workspaces" | "--host" | "--origin"
            );
            let option = match argument.as_str() {
                "--project" => &mut options.project,
                "--environment" => &mut options.environment,
                "--server" => &mut options.server,
                "--destination" => &mut options.destination,
                "--domain-suffix" => {
                    let suffix: String = arguments.value(&argument)?;
                    options.domains = DomainPolicy::below(&suffix)
                        .map_err(|error| Misuse::new(error.to_string()))?;
                    of_one = Some(argument);
                    continue;
                }
                "--allow-git-compose" => {
                    options.powers.git_compose = true;
                    of_one = Some(argument);
                    continue;
                }
                "--allow-authentik" => {
                    options.powers.authentik = true;
                    of_one = Some(argument);
                    continue;
                }
                "--listen" => {
                    options.listen = Some(arguments.value(&argument)?);
                    continue;
                }
                "--workspaces" => {
                    options.workspaces = Some(arguments.value(&argument)?);
                    continue;
                }
                "--host" => {
                    options.hosts.push(arguments.value(&argument)?);
                    of_many = Some(argument);
                    continue;
                }
                "--origin" => {
                    options.origins.push(arguments.value(&argument)?);
                    of_many = Some(argument);
                    continue;
                }
                other => return Err(Misuse::unknown(other)),
            };
            *option = Some(arguments.value(&argument)?);
            if is_of_one {
                of_one = Some(argument);
            }
        }
        if options.workspaces.is_some() {
            of_many = Some("--workspaces".to_owned());
            if let Some(option) = of_one {
                let why = format!("the file of --workspaces says what {option} would say");
                return Err(Misuse::new(why));
            }
        }
        if let (Some(option), None) = (of_many, options.listen) {
            return Err(Misuse::new(format!("{option} needs --listen ADDRESS")));
        }
        if options.project.is_none() {
            options.project = std::env::var("COOLIFY_PROJECT").ok();
        }
        Ok(options)
    }

    /// Returns the one workspace of the arguments; `embedded` is the project of the
    /// embedded server.
    ///
    /// # Errors
    ///
    /// If no project is named.
    pub fn terms(self, embedded: Option<String>) -> Result<Terms, Misuse> {
        let project = self.project.or(embedded);
        let missing = || Misuse::new("no project is named: pass --project UUID");
        Ok(Terms {
            name: "workspace".to_owned(),
            project: project.ok_or_else(missing)?,
            environment: self.environment,
            server: self.server,
            destination: self.destination,
            domains: self.domains,
            powers: self.powers,
        })
    }
}
