//! `cargo xtask generate`: generates `coolify-sdk/src/raw` from the patched
//! document.
//!
//! [`normalize`] turns the document into a form that progenitor can express without
//! losses, [`emit`] runs progenitor, and [`split`] arranges its output by tag, so
//! that a feature of the library really leaves code out.

mod builders;
mod corrections;
mod dress;
mod emit;
mod enums;
mod files;
mod lean;
mod normalize;
mod operations;
mod print;
mod replies;
mod requests;
mod service_types;
mod split;
mod statements;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

pub use self::files::print_diff;
use crate::{overlay, spec};

/// Write the raw layer, or check whether it is up to date.
#[derive(clap::Args)]
pub struct Args {
    /// Write nothing; fail if the committed code differs, and show the difference.
    #[arg(long)]
    check: bool,
    /// Also print the normalised document, for work on the transforms.
    #[arg(long, value_name = "FILE")]
    normalized: Option<std::path::PathBuf>,
}

pub fn run(root: &Path, args: &Args) -> Result<ExitCode> {
    let mut document = overlay::patched(root)?;
    statements::add(&mut document, &spec::fields::load(root)?)?;
    let operations = operations::load(root, &document)?;
    let normalized = normalize::run(document, &operations)?;
    for (step, hits) in &normalized.counts {
        eprintln!("{hits:>6}  {step}");
    }
    if let Some(path) = &args.normalized {
        std::fs::write(path, serde_json::to_string_pretty(&normalized.document)?)?;
    }
    let code = emit::run(&normalized.document)?;
    let mut output = split::run(code, &normalized, &operations)?;
    output.insert(
        "operations.rs".into(),
        operations::render(&operations, &operations::KnownVersions::load(root)?)?,
    );
    output.insert("service_types.rs".into(), service_types::render(root)?);
    let patches = overlay::patches(root)?;
    overlay::check_evidence(root, &patches)?;
    output.insert("corrections.md".into(), corrections::render(&patches)?);
    files::sync(&root.join("coolify-sdk/src/raw"), &output, args.check)
}
