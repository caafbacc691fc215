//! What is wrong, why that is known, and what to do.

use coolify_sdk::diagnose::Report;
use coolify_sdk_examples::{Result, println};

use crate::exit::Exit;
use crate::session::Session;

/// Prints a report. A remark is no issue.
pub fn print(session: &Session, report: &Report) -> Result<Exit> {
    session.output.print(report, || println!("{report}"))?;
    Ok(if report.is_clean() {
        Exit::Done
    } else {
        Exit::Issues
    })
}
