//! `cargo xtask features`: checks that every useful combination of features
//! compiles without a warning.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cargo;

const LIBRARY: &str = "coolify-sdk";

/// The TLS implementations, of which a program needs one.
const TLS: [&str; 3] = ["rustls-ring", "rustls-aws-lc", "native-tls"];

#[derive(Deserialize)]
struct Package {
    name: String,
    features: BTreeMap<String, Vec<String>>,
}

pub fn run(root: &Path) -> Result<ExitCode> {
    let packages: Vec<Package> = cargo::packages(root, &["--no-deps"])?;
    let library = packages.into_iter().find(|it| it.name == LIBRARY);
    let features = library.context("the workspace has no library package")?;
    let mut bad = Vec::new();
    for choice in choices(features.features.keys().map(String::as_str)) {
        let begun = Instant::now();
        let fine = check(root, &choice)?;
        let verdict = if fine { "ok" } else { "FAILED" };
        eprintln!(
            "{:>6.1} s  {verdict:<6}  {choice}",
            begun.elapsed().as_secs_f32()
        );
        if !fine {
            bad.push(choice);
        }
    }
    if bad.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("these combinations of features fail:");
    for choice in bad {
        let choice = if choice.is_empty() { "none" } else { &choice };
        eprintln!("    {choice}");
    }
    Ok(ExitCode::FAILURE)
}

/// Whether a feature is the library's own, and not for users.
fn is_internal(feature: &str) -> bool {
    feature.starts_with('_')
}

/// Returns the combinations to check: no feature; each feature alone (for `full`
/// this means all rooms without TLS); all rooms with each TLS implementation.
/// Similar combinations follow each other, so that cargo rebuilds dependencies as
/// rarely as possible.
fn choices<'a>(features: impl Iterator<Item = &'a str>) -> Vec<String> {
    let alone = features
        .filter(|it| *it != "default" && !is_internal(it))
        .filter(|it| !TLS.contains(it));
    let mut choices = vec![String::new()];
    choices.extend(alone.map(str::to_owned));
    for tls in TLS {
        choices.push(tls.to_owned());
        choices.push(format!("full,{tls}"));
    }
    choices
}

/// Checks one combination. The lint applies to the library only: as a flag for all
/// crates it would rebuild every dependency.
fn check(root: &Path, features: &str) -> Result<bool> {
    let status = cargo::command(root)
        .args([
            "rustc",
            "--quiet",
            "--locked",
            "--package",
            LIBRARY,
            "--lib",
        ])
        .args(["--profile", "check", "--no-default-features"])
        .args(["--features", features, "--", "-Dwarnings"])
        .status()
        .context("running cargo")?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_is_chosen_alone_and_each_tls_with_all_rooms() {
        let features = [
            "_shared",
            "default",
            "full",
            "native-tls",
            "rustls-aws-lc",
            "rustls-ring",
            "tags",
        ];
        let choices = choices(features.into_iter());
        for wanted in ["", "full", "tags", "native-tls", "full,native-tls"] {
            assert!(choices.iter().any(|it| it == wanted), "{wanted:?}");
        }
        for unwanted in ["default", "_shared"] {
            assert!(!choices.iter().any(|it| it == unwanted), "{unwanted:?}");
        }
    }
}
