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

/// The way from Coolify's published document to the committed raw layer.
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
    /// Judge the document by what real servers answered.
    Conformance(conformance::Args),
    /// List what live tests have left behind on a server, and remove it.
    LiveClean(live::Clean),
    /// Record what a server answers, without secrets and host names.
    Record(live::Record),
    /// Write `coolify-sdk/public-api.txt`, in which a change of the API shows.
    PublicApi(public_api::Args),
    /// Check the library with each of its features alone, and what goes together.
    Features,
    /// Check that no module of the library imports from a layer above its own.
    Layers,
    /// Hold what is depended on against `.cargo/deny.toml`.
    Deny,
    /// Change the library line by line, and list the changes that no test notices.
    Mutants(mutants::Args),
    /// Measure what the SDK costs to build.
    BuildCost(build_cost::Args),
}

fn main() -> ExitCode {
    run(Cli::parse().task).unwrap_or_else(|error| {
        // The chain of causes; a backtrace of the tool helps nobody.
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

/// The workspace, wherever the task was called from.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
