//! `open`: the page of a resource in the dashboard, and its domains.

use coolify_sdk::estate::{Found, FoundKind};
use coolify_sdk_examples::{Result, eprintln, println};
use serde_json::json;

use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::Session;

pub async fn run(session: &Session, name: &str, browser: bool) -> Result<Exit> {
    let progress = Progress::start(format!("looking for {name}"));
    let mut all = session.coolify.find(name).all().await?;
    let found = match (all.pop(), all.is_empty()) {
        (Some(only), true) => only,
        // This error has the similar names, or those that have this name.
        _ => session.coolify.find(name).await?,
    };
    drop(progress);
    let page = page(session.coolify.url(), &found);
    let value = json!({"page": page, "domains": found.domains});
    session.output.print(&value, || {
        println!("{page}");
        for domain in &found.domains {
            println!("{domain}");
        }
    })?;
    if browser {
        let status = tokio::process::Command::new(BROWSE[0])
            .args(&BROWSE[1..])
            .arg(&page)
            .status()
            .await;
        if !status.is_ok_and(|it| it.success()) {
            eprintln!("no browser could be started");
            return Ok(Exit::Failed);
        }
    }
    Ok(Exit::Done)
}

const BROWSE: &[&str] = if cfg!(windows) {
    &["rundll32", "url.dll,FileProtocolHandler"]
} else if cfg!(target_os = "macos") {
    &["open"]
} else {
    &["xdg-open"]
};

/// Returns the page of the dashboard.
fn page(dashboard: &str, found: &Found) -> String {
    let uuid = &found.uuid;
    let within = [
        ("project", &found.project),
        ("environment", &found.environment),
    ];
    let mut page = dashboard.to_owned();
    for (what, named) in within {
        if let Some(named) = named {
            page.extend(["/", what, "/", named.uuid.as_str()]);
        }
    }
    match found.kind {
        FoundKind::Project => format!("{dashboard}/project/{uuid}"),
        FoundKind::Server => format!("{dashboard}/server/{uuid}"),
        kind => format!("{page}/{kind}/{uuid}"),
    }
}
