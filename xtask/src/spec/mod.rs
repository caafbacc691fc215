//! Import and comparison of the documents that Coolify publishes.

mod diff;
mod facts;
pub mod fields;
pub mod import;
pub mod source;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::{document, overlay};

/// Import and compare published documents.
#[derive(clap::Subcommand)]
pub enum Task {
    /// Write the facts of a published document to `spec/`.
    Import(import::Args),
    /// Print the changes between two documents.
    Diff(diff::Args),
    /// Print the patches: what each corrects, and the evidence.
    Patches,
    /// Write which call returns which field, derived from the recordings.
    Fields(fields::Args),
    /// Extract facts about the API from a Coolify source tree.
    Facts(source::Args),
    /// Draft the support of a release from its source.
    Follow(source::follow::Args),
    /// Add the one-click services of a release to `spec/service-types.yaml`.
    ServiceTypes(source::service_types::Args),
    /// Print the imported document with every patch applied.
    Patched,
}

/// Runs one task on the workspace at `root`.
pub fn run(root: &Path, task: Task) -> Result<ExitCode> {
    match task {
        Task::Import(args) => import::run(root, &args)?,
        Task::Fields(args) => return fields::run(root, &args),
        Task::Follow(args) => source::follow::run(root, &args)?,
        Task::Facts(args) => source::run(&args)?,
        Task::ServiceTypes(args) => source::service_types::run(root, &args)?,
        Task::Diff(args) => diff::run(&args)?,
        Task::Patches => {
            let patches = overlay::patches(root)?;
            for patch in &patches {
                println!("{patch}");
            }
            overlay::check_evidence(root, &patches)?;
        }
        Task::Patched => print!("{}", document::to_yaml(&overlay::patched(root)?)?),
    }
    Ok(ExitCode::SUCCESS)
}
