//! Writes the generated files, or compares them with the committed ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use similar::TextDiff;

/// Generated files by their path in the raw layer's folder.
pub type Output = BTreeMap<String, String>;

/// Makes `folder` contain exactly `output`; with `check`, only reports the
/// differences.
pub fn sync(folder: &Path, output: &Output, check: bool) -> Result<ExitCode> {
    let mut stale = existing(folder)?;
    let mut drift = Vec::new();
    for (name, text) in output {
        stale.remove(name);
        let path = folder.join(name);
        let old = fs::read_to_string(&path).unwrap_or_default();
        if old == *text {
            continue;
        }
        if check {
            print_diff(&old, text, name);
        } else {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, text).with_context(|| format!("writing {name}"))?;
        }
        drift.push(name.clone());
    }
    for name in stale {
        if !check {
            fs::remove_file(folder.join(&name))?;
        }
        drift.push(format!("{name} (no longer generated)"));
    }
    if drift.is_empty() {
        eprintln!("{} files are up to date", output.len());
        return Ok(ExitCode::SUCCESS);
    }
    let verb = if check { "differs" } else { "written" };
    for name in &drift {
        eprintln!("{verb}: {name}");
    }
    if check {
        eprintln!("run `cargo xtask generate` and commit the result");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the difference between a committed file and the generated one.
pub fn print_diff(committed: &str, generated: &str, name: &str) {
    let diff = TextDiff::from_lines(committed, generated);
    let (old, new) = (format!("committed/{name}"), format!("generated/{name}"));
    println!("{}", diff.unified_diff().header(&old, &new));
}

fn existing(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs::read_dir(&dir) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy();
                names.insert(name.replace('\\', "/"));
            }
        }
    }
    Ok(names)
}
