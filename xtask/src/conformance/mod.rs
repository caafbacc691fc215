//! Compares the document with the replies of real servers.

mod api;
mod errors;
mod exceptions;
mod exchange;
mod finding;
mod format;
mod pointer;
mod recording;
mod report;
mod schema;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, ensure};

pub use self::api::{Api, Located, Operation};
pub use self::pointer::Pointer;
pub use self::recording::Recording;
pub use self::schema::judge as judge_value;

use self::exceptions::Exceptions;
use self::report::Report;

/// The exchanges to check, and the document to compare them with.
#[derive(clap::Args)]
pub struct Args {
    /// Folder of the recordings, at any depth [default: those of the project].
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
    /// Check the imported document, without the patches.
    #[arg(long)]
    unpatched: bool,
    /// Check another document instead.
    #[arg(long, value_name = "FILE", conflicts_with = "unpatched")]
    document: Option<PathBuf>,
    /// Only this operation; can be repeated.
    #[arg(long, value_name = "ID")]
    operation: Vec<String>,
    /// Only the operations of this tag; can be repeated.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
}

impl Args {
    /// Returns whether the filters select this operation, by its id in the
    /// recording or in the document.
    fn wants(&self, recorded: &str, operation: Option<&Operation<'_>>) -> bool {
        let tag = operation.map(|operation| operation.tag);
        let ids = [Some(recorded), operation.map(|operation| operation.id)];
        (self.tag.is_empty() || self.tag.iter().any(|it| tag == Some(it)))
            && (self.operation.is_empty()
                || self.operation.iter().any(|it| ids.contains(&Some(it))))
    }
}

/// The recordings of the project.
pub fn recordings(root: &Path) -> Result<Vec<Recording>> {
    load(&root.join("tests/fixtures/recordings"))
}

fn load(directory: &Path) -> Result<Vec<Recording>> {
    let recordings = recording::load(directory)?;
    ensure!(
        !recordings.is_empty(),
        "no recordings in {}",
        directory.display()
    );
    Ok(recordings)
}

/// Checks every recorded exchange and prints the differences.
pub fn run(root: &Path, args: &Args) -> Result<ExitCode> {
    let document = match &args.document {
        Some(file) => crate::document::read(file)?,
        None if args.unpatched => crate::document::read(&root.join("spec/openapi.yaml"))?,
        None => crate::overlay::patched(root)?,
    };
    let recordings = match &args.recordings {
        Some(directory) => load(directory)?,
        None => recordings(root)?,
    };
    let exceptions = Exceptions::load(&root.join("spec/conformance.yaml"))?;

    let api = Api::new(&document);
    let mut report = Report::new(
        api.operations()
            .iter()
            .filter(|it| args.wants(it.id, Some(it))),
    );
    for recording in &recordings {
        let verdict = exchange::judge(&api, &exceptions, recording);
        if args.wants(&recording.operation, verdict.operation) {
            report.add(recording, verdict);
        }
    }
    // A closed pipe (`| head`) is not an error.
    let _ = std::io::stdout().write_all(report.to_string().as_bytes());
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
