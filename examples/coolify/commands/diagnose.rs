//! `diagnose`: what is wrong, why that is known, and what to do.

use coolify_sdk::diagnose::Report;
use coolify_sdk_examples::{Misuse, Result, println};

use crate::exit::Exit;
use crate::output::Colour;
use crate::progress::Progress;
use crate::session::Session;

pub async fn run(session: &Session, name: Option<&str>) -> Result<Exit> {
    let report = if let Some(name) = name {
        one(session, name).await?
    } else {
        let _progress = Progress::start("examining everything");
        session.coolify.find_issues().await?
    };
    print(session, &report)
}

async fn one(session: &Session, name: &str) -> Result<Report> {
    let found = session.find(name).await?;
    let _progress = Progress::start(format!("examining {name}"));
    let diagnose = if let Some(application) = found.application() {
        application.diagnose()
    } else if let Some(database) = found.database() {
        database.diagnose()
    } else if let Some(service) = found.service() {
        service.diagnose()
    } else if let Some(server) = found.server() {
        server.diagnose()
    } else {
        let problem = format!("{found} cannot be diagnosed: name a resource or a server");
        return Err(Misuse::new(problem).into());
    };
    Ok(diagnose.await?)
}

/// Prints a report. A remark is no issue.
pub fn print(session: &Session, report: &Report) -> Result<Exit> {
    session.output.print(report, || {
        for line in report.to_string().lines() {
            let (word, rest) = line.split_at(line.find(':').unwrap_or(0));
            let colour = match word {
                "critical" => Colour::Red,
                "warning" | "not read" => Colour::Yellow,
                "ok" => Colour::Green,
                _ => Colour::None,
            };
            println!("{}{rest}", session.output.paint(colour, word));
        }
    })?;
    Ok(if report.is_clean() {
        Exit::Done
    } else {
        Exit::Issues
    })
}
