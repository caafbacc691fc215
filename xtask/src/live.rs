//! Tasks that need a live server. Both run programs of the tests' package, which
//! depends on the SDK: xtask itself must also build if the generated code does not.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, ensure};

use crate::cargo;

/// What to do with the leftovers.
#[derive(clap::Args)]
pub struct Clean {
    /// Remove the leftovers; without this option they are only listed.
    #[arg(long)]
    yes: bool,
}

/// What to record, and where to store it.
#[derive(clap::Args)]
pub struct Record {
    /// Folder in which to create a folder for the server's version.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Also record writes, in projects that are created for this and removed again;
    /// without this option only reads are recorded.
    #[arg(long)]
    write: bool,
}

/// Lists or removes the leftovers of live tests.
pub fn clean(root: &Path, args: &Clean) -> Result<ExitCode> {
    let mut command = cargo::command(root);
    command.args(["run", "--quiet", "--package", "coolify-sdk-tests"]);
    command.args(["--bin", "live-clean", "--"]);
    if args.yes {
        command.arg("--yes");
    }
    run(&mut command)
}

/// Runs the live suite, or only its reading part, with recording enabled.
pub fn record(root: &Path, args: &Record) -> Result<ExitCode> {
    for name in ["COOLIFY_URL", "COOLIFY_TOKEN"] {
        ensure!(env::var_os(name).is_some(), "{name} is not set");
    }
    // The tests run in a different working directory.
    let out = env::current_dir()?.join(&args.out);
    let mut command = cargo::command(root);
    command.args(["test", "--quiet", "--package", "coolify-sdk-tests"]);
    command.args(["--test", "live", "--"]);
    if !args.write {
        command.arg("reads::");
    }
    command.env("COOLIFY_LIVE_RECORD", &out);
    let code = run(&mut command)?;
    println!("recordings: {}", out.display());
    println!(
        "judge them: cargo xtask conformance --recordings {}",
        args.out.display()
    );
    Ok(code)
}

fn run(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().context("running cargo")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
