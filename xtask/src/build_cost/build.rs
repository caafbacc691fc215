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

impl Cost {
    pub fn measure(root: &Path, user: &User) -> Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for it")?;
        let folder = folder.path();
        let main = folder.join("src/main.rs");
        fs::create_dir(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), user.manifest(root))?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        fs::write(&main, user.main)?;
        let first = build(folder)?;
        fs::write(&main, user.main.replace("println!(\"", "println!(\"- "))?;
        let second = build(folder)?;
        ensure!(second.packages == 1, "more than the user was built again");
        Ok(Self {
            packages: first.packages - 1,
            cold: first.time,
            touched: second.time,
        })
    }

    /// The medians of several.
    pub fn median(costs: &[Self]) -> Option<Self> {
        let median = |of: fn(&Self) -> Duration| {
            let mut times: Vec<_> = costs.iter().map(of).collect();
            times.sort();
            times.get(times.len() / 2).copied()
        };
        Some(Self {
            packages: costs.first()?.packages,
            cold: median(|cost| cost.cold)?,
            touched: median(|cost| cost.touched)?,
        })
    }
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
