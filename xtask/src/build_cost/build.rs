//! Builds a user from scratch, and again after a change.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::time::Time;
use super::user::User;

/// The build cost of a user.
#[derive(Clone, Copy)]
pub struct Cost {
    /// Number of compiled packages, without the user's own.
    pub packages: usize,
    pub cold: Time,
    pub touched: Time,
}

impl Cost {
    pub fn measure(root: &Path, user: &User) -> Result<Self> {
        let folder = tempfile::tempdir().context("creating a temporary folder")?;
        let folder = folder.path();
        let main = folder.join("src/main.rs");
        fs::create_dir(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), user.manifest(root))?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        fs::write(&main, user.main)?;
        let first = build(folder)?;
        fs::write(&main, user.main.replace("println!(\"", "println!(\"- "))?;
        let second = build(folder)?;
        ensure!(
            second.packages == 1,
            "a change of the user rebuilt more than the user"
        );
        Ok(Self {
            packages: first.packages - 1,
            cold: first.time,
            touched: second.time,
        })
    }

    /// Returns the smaller times of two costs.
    pub fn min(self, other: Self) -> Self {
        Self {
            packages: self.packages,
            cold: self.cold.min(other.cold),
            touched: self.touched.min(other.touched),
        }
    }
}

struct Build {
    packages: usize,
    time: Time,
}

fn build(folder: &Path) -> Result<Build> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--offline", "--target-dir", "target"])
        .env("CARGO_TERM_COLOR", "never")
        .current_dir(folder);
    let (output, time) = Time::of(|| command.output().context("starting cargo"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo failed:\n{said}");
    let is_compiled = |line: &&str| line.trim_start().starts_with("Compiling ");
    let packages = said.lines().filter(is_compiled).count();
    ensure!(packages > 0, "cargo compiled nothing:\n{said}");
    Ok(Build { packages, time })
}
