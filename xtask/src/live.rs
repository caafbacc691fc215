//! What works on a live server: both are programs of the tests' package, which
//! have the SDK. This tool must build also when the generated code does not.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, ensure};

use crate::cargo;

/// What becomes of what was found.
#[derive(clap::Args)]
pub struct Clean {
    /// Remove it; without this it is only listed.
    #[arg(long)]
    yes: bool,
}

/// What is recorded, and where to.
#[derive(clap::Args)]
pub struct Record {
    /// The folder that gets a folder for the server's version.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Record writes as well, in projects of their own that are removed again;
    /// without this everything is only read.
    #[arg(long)]
    write: bool,
}

/// Lists or removes what live tests have left behind.
pub fn clean(root: &Path, args: &Clean) -> Result<ExitCode> {
    let mut command = cargo::command(root);
    command.args(["run", "--quiet", "--package", "coolify-sdk-tests"]);
    command.args(["--bin", "live-clean", "--"]);
    if args.yes {
        command.arg("--yes");
    }
    run(&mut command)
}

/// Runs the live suite, or the part of it that only reads, and has it record.
pub fn record(root: &Path, args: &Record) -> Result<ExitCode> {
    for name in ["COOLIFY_URL", "COOLIFY_TOKEN"] {
        ensure!(env::var_os(name).is_some(), "{name} is not set");
    }
    // The tests run in another folder than this one.
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
