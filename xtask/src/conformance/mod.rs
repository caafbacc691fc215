//! Judges the document by what real servers answered.

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

/// Which exchanges are judged, and by what.
#[derive(clap::Args)]
pub struct Args {
    /// Where the recordings are, at any depth [default: those of the project].
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
    /// Judge the imported document, before the patches.
    #[arg(long)]
    unpatched: bool,
    /// Judge another document instead.
    #[arg(long, value_name = "FILE", conflicts_with = "unpatched")]
    document: Option<PathBuf>,
    /// Only this operation; may be given several times.
    #[arg(long, value_name = "ID")]
    operation: Vec<String>,
    /// Only the operations of this tag; may be given several times.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
}

impl Args {
    /// Whether a filter asks for this operation: its ids in the recording and in the document.
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

/// Judges every recorded exchange and prints what differs.
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
    // A reader who has seen enough (`| head`) is no failure.
    let _ = std::io::stdout().write_all(report.to_string().as_bytes());
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
