//! Development tasks: `cargo xtask --help`.

mod build_cost;
mod cargo;
mod conformance;
mod deny;
mod document;
mod features;
mod generate;
mod layers;
mod live;
mod mutants;
mod overlay;
mod public_api;
mod spec;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Tasks from importing Coolify's published document to committing the raw layer.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Import and compare published documents.
    #[command(subcommand)]
    Spec(spec::Task),
    /// Write `coolify-sdk/src/raw` from the patched document.
    Generate(generate::Args),
    /// Check the document against the replies of real servers.
    Conformance(conformance::Args),
    /// List the leftovers of live tests on a server, and remove them.
    LiveClean(live::Clean),
    /// Record the replies of a server, without secrets and host names.
    Record(live::Record),
    /// Write `coolify-sdk/public-api.txt`, which makes changes of the API visible.
    PublicApi(public_api::Args),
    /// Check the library with each feature alone and with useful combinations.
    Features,
    /// Check that no module of the library imports from a layer above its own.
    Layers,
    /// Check the dependencies against `.cargo/deny.toml`.
    Deny,
    /// Change the library line by line, and list the changes that no test detects.
    Mutants(mutants::Args),
    /// Measure what the SDK costs to build.
    BuildCost(build_cost::Args),
}

fn main() -> ExitCode {
    run(Cli::parse().task).unwrap_or_else(|error| {
        // Print the chain of causes; a backtrace of this tool is of no use.
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(task: Task) -> Result<ExitCode> {
    let root = root();
    match task {
        Task::Spec(task) => spec::run(&root, task),
        Task::Generate(args) => generate::run(&root, &args),
        Task::Conformance(args) => conformance::run(&root, &args),
        Task::LiveClean(args) => live::clean(&root, &args),
        Task::Record(args) => live::record(&root, &args),
        Task::PublicApi(args) => public_api::run(&root, &args),
        Task::Features => features::run(&root),
        Task::Layers => layers::run(&root),
        Task::Deny => deny::run(&root),
        Task::Mutants(args) => mutants::run(&root, &args),
        Task::BuildCost(args) => build_cost::run(&root, &args),
    }
}

/// Returns the root of the workspace, independent of the working directory.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
