//! Runs cargo for the tasks.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The cargo that runs this task.
pub fn command(root: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root);
    command
}

/// Returns the packages of `cargo metadata`, with the fields that `T` reads.
pub fn packages<T: DeserializeOwned>(root: &Path, more: &[&str]) -> Result<Vec<T>> {
    #[derive(Deserialize)]
    struct Metadata<T> {
        packages: Vec<T>,
    }
    let metadata: Metadata<T> = metadata(root, more)?;
    Ok(metadata.packages)
}

/// Returns the output of `cargo metadata`, with the fields that `T` reads.
pub fn metadata<T: DeserializeOwned>(root: &Path, more: &[&str]) -> Result<T> {
    let output = command(root)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(more)
        .output()
        .context("running cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo metadata: {said}");
    serde_json::from_slice(&output.stdout).context("reading the output of cargo metadata")
}
