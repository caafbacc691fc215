//! `ls`: all applications, databases and services.

use coolify_sdk::estate::{Overview, OverviewResource};
use coolify_sdk_examples::{Result, eprintln};

use crate::arguments::Filter;
use crate::exit::Exit;
use crate::output::colour_of;
use crate::progress::Progress;
use crate::session::Session;
use crate::table::{Cell, Table};

pub async fn run(session: &Session, filter: &Filter) -> Result<Exit> {
    let overview = read(session).await?;
    let all = overview.resources.iter();
    let listed: Vec<_> = all.filter(|it| fits(it, filter)).collect();
    session.output.print(&listed, || {
        session.output.table(&table(&listed));
    })?;
    Ok(Exit::Done)
}

/// Reads everything, and says what the token may not see.
pub async fn read(session: &Session) -> Result<Overview> {
    let progress = Progress::start("reading");
    let overview = session.coolify.overview().await?;
    drop(progress);
    for unread in &overview.unread {
        eprintln!("{unread}");
    }
    Ok(overview)
}

pub fn table(resources: &[&OverviewResource]) -> Table {
    let mut table = Table::new(["NAME", "KIND", "STATUS", "SERVER", "DOMAINS"]);
    for one in resources {
        let status = one.status.as_ref();
        let servers: Vec<_> = one.servers.iter().map(|it| it.name.as_str()).collect();
        table.row([
            one.path().into(),
            one.kind.map_or("unknown".into(), Cell::from),
            status.map_or("-".into(), |it| Cell::coloured(it, colour_of(it))),
            servers.join(" ").into(),
            one.domains.join(" ").into(),
        ]);
    }
    table
}

fn fits(resource: &OverviewResource, filter: &Filter) -> bool {
    let is = |wanted: &Option<String>, all: &[(&str, &str)]| {
        let Some(wanted) = wanted.as_deref() else {
            return true;
        };
        all.iter()
            .any(|(uuid, name)| *uuid == wanted || *name == wanted)
    };
    let named = |it: &coolify_sdk::estate::Named| (it.uuid.to_string(), it.name.clone());
    let project: Vec<_> = resource.project.iter().map(named).collect();
    let servers: Vec<_> = resource.servers.iter().map(named).collect();
    let kind = resource.kind.map(|it| it.to_string()).unwrap_or_default();
    is(&filter.project, &borrowed(&project))
        && is(&filter.server, &borrowed(&servers))
        && is(&filter.kind, &[("", &kind)])
}

fn borrowed(all: &[(String, String)]) -> Vec<(&str, &str)> {
    all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
}
