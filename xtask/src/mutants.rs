//! `cargo xtask mutants`: changes the library line by line, runs the tests on each
//! change, and lists the changes that no test detects.
//!
//! This requires cargo-mutants. Testing the whole library would take days, so the
//! task requires a part of it: a module, or the lines that a commit changes.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::cargo;

const LIBRARY: &str = "coolify-sdk/src";

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Part {
    /// File or folder below `coolify-sdk/src`, such as `transport` or
    /// `error/classify.rs`.
    #[arg(long)]
    module: Option<PathBuf>,
    /// Commit, or range such as `main..`, whose changes to the library to test.
    #[arg(long)]
    commit: Option<String>,
}

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    part: Part,
    /// Only list the changes that would be tested.
    #[arg(long)]
    list: bool,
    /// Number of changes to test in parallel. Each of them builds the library and
    /// its tests.
    #[arg(long, default_value_t = 1)]
    jobs: u32,
}

pub fn run(root: &Path, args: &Args) -> Result<ExitCode> {
    let installed = cargo::command(root)
        .args(["mutants", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    ensure!(
        installed,
        "cargo-mutants is not installed: `cargo install cargo-mutants`"
    );
    let scratch = tempfile::tempdir()?;
    let mut command = cargo::command(root);
    command.args(["mutants", "--package", "coolify-sdk"]);
    // The tests package covers the transport from the outside.
    command.args(["--test-package", "coolify-sdk,coolify-sdk-tests"]);
    // Generated code.
    command.args(["--exclude", "coolify-sdk/src/raw/**"]);
    // The tests themselves use this module, which tests it.
    command.args(["--exclude", "coolify-sdk/src/testing/**"]);
    match (&args.part.module, &args.part.commit) {
        (Some(module), _) => command.arg("--file").arg(files(root, module)?),
        (None, Some(commit)) => {
            let diff = scratch.path().join("changes.diff");
            std::fs::write(&diff, changes(root, commit)?)?;
            command.arg("--in-diff").arg(diff)
        }
        (None, None) => bail!("choose a part of the library with `--module` or `--commit`"),
    };
    if args.list {
        command.arg("--list");
    } else {
        command.args(["--jobs", &args.jobs.to_string()]);
        command.arg("--output").arg(root.join("target"));
    }
    let status = command.status().context("running cargo-mutants")?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Returns the glob of a module's files: one file, or all files of a folder.
fn files(root: &Path, module: &Path) -> Result<String> {
    let below = Path::new(LIBRARY).join(module);
    let place = root.join(&below);
    ensure!(place.exists(), "{} does not exist", below.display());
    Ok(if place.is_dir() {
        format!("{}/**", below.display())
    } else {
        below.display().to_string()
    })
}

/// Returns the changes of a commit or range to the library, as a diff.
fn changes(root: &Path, commit: &str) -> Result<Vec<u8>> {
    let range = if commit.contains("..") {
        commit.to_owned()
    } else {
        format!("{commit}^..{commit}")
    };
    let output = Command::new("git")
        .current_dir(root)
        .args(["diff", "--no-color", &range, "--", LIBRARY])
        .output()
        .context("running git")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git diff {range}: {said}");
    ensure!(
        !output.stdout.is_empty(),
        "{range} changes nothing in {LIBRARY}"
    );
    Ok(output.stdout)
}
