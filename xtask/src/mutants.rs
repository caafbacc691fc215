//! `cargo xtask mutants`: changes the library line by line, runs the tests on each
//! change, and lists the changes that no test notices.
//!
//! cargo-mutants does it, where it is installed. All of the library would take
//! days, so this asks for a part: a module, or what a commit changes.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::cargo;

const LIBRARY: &str = "coolify-sdk/src";

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Part {
    /// A file or folder below `coolify-sdk/src`, such as `transport` or
    /// `error/classify.rs`.
    #[arg(long)]
    module: Option<PathBuf>,
    /// What a commit, or a range such as `main..`, changes in the library.
    #[arg(long)]
    commit: Option<String>,
}

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    part: Part,
    /// Only list the changes that would be tried.
    #[arg(long)]
    list: bool,
    /// How many changes to try at a time. Each builds the library and its tests.
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
    // What the transport does is tested from the outside.
    command.args(["--test-package", "coolify-sdk,coolify-sdk-tests"]);
    // Nobody writes it.
    command.args(["--exclude", "coolify-sdk/src/raw/**"]);
    // What only tests use is tested by being used.
    command.args(["--exclude", "coolify-sdk/src/testing/**"]);
    match (&args.part.module, &args.part.commit) {
        (Some(module), _) => command.arg("--file").arg(files(root, module)?),
        (None, Some(commit)) => {
            let diff = scratch.path().join("changes.diff");
            std::fs::write(&diff, changes(root, commit)?)?;
            command.arg("--in-diff").arg(diff)
        }
        (None, None) => bail!("which part: `--module` or `--commit`?"),
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

/// The pattern of the files of a module: one file, or all in a folder.
fn files(root: &Path, module: &Path) -> Result<String> {
    let below = Path::new(LIBRARY).join(module);
    let place = root.join(&below);
    ensure!(place.exists(), "there is no {}", below.display());
    Ok(if place.is_dir() {
        format!("{}/**", below.display())
    } else {
        below.display().to_string()
    })
}

/// What a commit or a range of them changes in the library, as a diff.
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
