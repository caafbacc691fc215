//! Building a user from nothing, and once more after a change.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::user::User;

/// What a user costs.
pub struct Cost {
    /// How many packages are compiled, the user's own aside.
    pub packages: usize,
    pub cold: Duration,
    pub touched: Duration,
}

pub fn measure(root: &Path, user: &User, runs: u32) -> Result<Cost> {
    let mut packages = 0;
    let (mut cold, mut touched) = (Vec::new(), Vec::new());
    for run in 1..=runs {
        eprintln!("building `{}`, {run} of {runs}", user.name);
        let folder = tempfile::tempdir().context("making a folder for it")?;
        let folder = folder.path();
        let main = folder.join("src/main.rs");
        fs::create_dir(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), user.manifest(root))?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        fs::write(&main, user.main)?;
        let first = build(folder)?;
        packages = first.packages - 1;
        cold.push(first.time);
        fs::write(&main, user.main.replace("println!(\"", "println!(\"- "))?;
        let second = build(folder)?;
        ensure!(second.packages == 1, "more than the user was built again");
        touched.push(second.time);
    }
    Ok(Cost {
        packages,
        cold: median(cold),
        touched: median(touched),
    })
}

struct Build {
    packages: usize,
    time: Duration,
}

fn build(folder: &Path) -> Result<Build> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--offline", "--target-dir", "target"])
        .env("CARGO_TERM_COLOR", "never")
        .current_dir(folder);
    let begun = Instant::now();
    let output = command.output().context("starting cargo")?;
    let time = begun.elapsed();
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo failed:\n{said}");
    let is_compiled = |line: &&str| line.trim_start().starts_with("Compiling ");
    let packages = said.lines().filter(is_compiled).count();
    ensure!(packages > 0, "cargo compiled nothing:\n{said}");
    Ok(Build { packages, time })
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
