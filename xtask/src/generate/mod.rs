//! Being written.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

/// Arguments.
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_root: &Path, _args: &Args) -> Result<ExitCode> {
    anyhow::bail!("being written")
}
