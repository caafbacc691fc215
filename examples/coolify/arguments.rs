//! The arguments.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

const AFTER: &str = "\
NAME is a name, a path such as shop/production/web, a domain or a uuid.

Which Coolify:
  --context NAME, or COOLIFY_URL and COOLIFY_TOKEN, or COOLIFY_CONTEXT, or the
  default context of the official command line (~/.config/coolify/config.json).
  If there is none, the command runs on an embedded server with some examples.

Output: tables on a terminal, otherwise lines with tabs and no headings; one
JSON document with --json, or one for each line of a log. Values of variables
and tokens are never in it. Progress and messages go to stderr. NO_COLOR
switches off the colours.

Exit codes:
  0    done
  1    failed
  2    wrong arguments or configuration
  3    nothing has this name
  4    several things have this name
  5    it works, but something is wrong or differs: issues that were found,
       variables that differ, a resource that is not running
  130  interrupted by Ctrl-C; what goes on in Coolify is printed";

/// Manages what runs on a Coolify.
#[derive(Parser)]
#[command(name = "coolify", version, after_help = AFTER, max_term_width = 80)]
#[command(override_usage = "coolify [--context NAME] [--json] COMMAND")]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args)]
pub struct Global {
    /// The Coolify, by its name in the configuration of the official command line
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "demo")]
    pub context: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Use the embedded server, even if a Coolify is configured
    #[arg(long, global = true)]
    pub demo: bool,
}

#[derive(Subcommand)]
pub enum Command {
    /// Show all matches of a name, a domain, an address or a uuid
    Find {
        /// A name, a path, a domain, an address or a uuid
        #[arg(value_name = "NAME")]
        name: String,
        /// Look on all configured Coolifys: see `contexts`
        #[arg(long, conflicts_with_all = ["context", "demo"])]
        everywhere: bool,
    },
    /// List applications, databases and services
    Ls(Filter),
    /// Show how a resource is; without a name, how everything is
    Status {
        /// A resource, a project, an environment or a server
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Deploy applications
    Deploy(Deploy),
    /// Deploy, restart, stop or start many resources
    #[command(
        after_help = "Several values of one option are alternatives; the options \
        narrow each other down. Without --yes, the plan is printed and nothing is done."
    )]
    Bulk(Many),
    /// Print the log of a resource
    Logs(Logs),
    /// Compare and copy environment variables
    #[command(subcommand)]
    Env(Env),
    /// Say what is wrong with a resource or a server; without a name, with everything
    Diagnose {
        /// A resource or a server
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Examine the way to the Coolify: address, certificate, token, version
    Doctor,
    /// Print the page of a resource in the dashboard, and its domains
    Open {
        /// A resource, a project, an environment or a server
        #[arg(value_name = "NAME")]
        name: String,
        /// Open the page in a browser
        #[arg(long)]
        browser: bool,
    },
    /// List the configured Coolifys, and which of them answer
    Contexts {
        /// Do not ask them
        #[arg(long)]
        offline: bool,
    },
}

#[derive(Args)]
pub struct Filter {
    /// Only this project, by its name or uuid
    #[arg(long, value_name = "NAME")]
    pub project: Option<String>,
    /// Only this server, by its name or uuid
    #[arg(long, value_name = "NAME")]
    pub server: Option<String>,
    /// Only this kind: application, database or service
    #[arg(long, value_name = "KIND", value_parser = KINDS)]
    pub kind: Option<String>,
}

#[derive(Args)]
pub struct Deploy {
    /// The applications, by names, paths, domains or uuids
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Wait until the deployments have ended, and show the log of a single one on stderr
    #[arg(long)]
    pub wait: bool,
    /// Build without the cache
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
#[group(skip)]
#[command(group(ArgGroup::new("which").required(true).multiple(true)))]
pub struct Many {
    /// What to do
    #[arg(value_name = "ACTION")]
    pub action: Action,
    /// What is in this project, by its name or uuid
    #[arg(long, value_name = "NAME", group = "which")]
    pub project: Vec<String>,
    /// What is in an environment with this name or uuid
    #[arg(long, value_name = "NAME", group = "which")]
    pub environment: Vec<String>,
    /// What is on this server, by its name or uuid
    #[arg(long, value_name = "NAME", group = "which")]
    pub server: Vec<String>,
    /// What has this tag
    #[arg(long, value_name = "NAME", group = "which")]
    pub tag: Vec<String>,
    /// What is an application, a database or a service
    #[arg(long, value_name = "KIND", value_parser = KINDS, group = "which")]
    pub kind: Vec<String>,
    /// Everything, as far as the other options allow
    #[arg(long, group = "which")]
    pub all: bool,
    /// Begin with nothing more after this many failures
    #[arg(long, value_name = "NUMBER")]
    pub stop_after: Option<usize>,
    /// Do it
    #[arg(long)]
    pub yes: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Action {
    Deploy,
    Restart,
    Stop,
    Start,
}

const KINDS: [&str; 3] = ["application", "database", "service"];

#[derive(Args)]
pub struct Logs {
    /// The resource, by its name, path, domain or uuid
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Go on with each new line, until Ctrl-C
    #[arg(short, long)]
    pub follow: bool,
    /// How many of the last lines to begin with
    #[arg(short = 'n', long, value_name = "NUMBER", default_value_t = 100)]
    #[arg(value_parser = clap::value_parser!(u16).range(..=10_000))]
    pub lines: u16,
    /// The container of a service or of a compose application
    #[arg(long, value_name = "NAME")]
    pub container: Option<String>,
    /// Begin each line with its time
    #[arg(short, long)]
    pub timestamps: bool,
}

#[derive(Subcommand)]
pub enum Env {
    /// Show what `push` would change, without values
    Diff(Copy),
    /// Make the variables match a file
    Push(Copy),
    /// Write the variables to a file that must not exist yet
    Pull {
        /// The resource, by its name, path, domain or uuid
        #[arg(value_name = "NAME")]
        name: String,
        /// The file; `-` prints the values
        #[arg(value_name = "FILE", default_value = ".env")]
        file: PathBuf,
        /// The variables for previews of pull requests
        #[arg(long)]
        preview: bool,
        /// Replace the file if it exists
        #[arg(long)]
        force: bool,
    },
}

#[derive(Args)]
pub struct Copy {
    /// The resource, by its name, path, domain or uuid
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The file; `-` reads it from stdin
    #[arg(value_name = "FILE", default_value = ".env")]
    pub file: PathBuf,
    /// The variables for previews of pull requests
    #[arg(long)]
    pub preview: bool,
    /// Delete variables that are not in the file
    #[arg(long)]
    pub prune: bool,
}
