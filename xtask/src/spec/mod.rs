//! Being written.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

/// Import and compare.
#[derive(clap::Subcommand)]
pub enum Task {
    /// Import the published document.
    Import,
}

pub fn run(_root: &Path, _task: Task) -> Result<ExitCode> {
    anyhow::bail!("being written")
}
