//! `status`: how a resource, a project or a server is, or how everything is.

use coolify_sdk::estate::{Found, FoundKind, OverviewResource};
use coolify_sdk_examples::{Result, println};
use serde_json::json;

use super::ls;
use crate::exit::Exit;
use crate::output::{Colour, Output, colour_of};
use crate::progress::Progress;
use crate::session::Session;

pub async fn run(session: &Session, name: Option<&str>) -> Result<Exit> {
    let Some(name) = name else {
        return everything(session).await;
    };
    let (found, overview) = tokio::join!(session.find(name), session.coolify.overview().send());
    let (found, overview) = (found?, overview?);
    let within: Vec<_> = match found.kind {
        FoundKind::Server => overview.on_server(found.uuid.as_str()).collect(),
        FoundKind::Project => overview.in_project(found.uuid.as_str()).collect(),
        FoundKind::Environment => {
            let project = found.project.as_ref().map_or("", |it| it.uuid.as_str());
            let environment = overview.in_environment(project, found.uuid.as_str());
            environment.collect()
        }
        _ => return resource(session, &found, overview.resource(found.uuid.as_str())).await,
    };
    session
        .output
        .print(&json!({"of": found, "resources": within}), || {
            session.output.table(&ls::table(&within));
        })?;
    Ok(verdict(&within))
}

/// A resource that is not running is worth an exit code. What was stopped on purpose
/// cannot be told from what has crashed by the status alone; `diagnose` knows more.
fn verdict(resources: &[&OverviewResource]) -> Exit {
    let is_fine = |it: &&OverviewResource| {
        let status = it.status.as_ref();
        status.is_none_or(|it| colour_of(it) != Colour::Red)
    };
    if resources.iter().all(is_fine) {
        Exit::Done
    } else {
        Exit::Issues
    }
}

async fn resource(
    session: &Session,
    found: &Found,
    resource: Option<&OverviewResource>,
) -> Result<Exit> {
    let Some(resource) = resource else {
        return Err(format!("{found} was deleted in the meantime").into());
    };
    let progress = Progress::start("reading the deployments");
    let latest = match found.application() {
        Some(application) => {
            let page = application.deployments().page(0, 1).await?;
            page.deployments.into_iter().next()
        }
        None => None,
    };
    drop(progress);
    let deployment = latest.as_ref().map(|it| {
        json!({
            "uuid": it.deployment_uuid,
            "status": it.status,
            "commit": it.commit,
            "created_at": it.created_at,
            "finished_at": it.finished_at,
            "page": it.dashboard_url(&session.coolify),
        })
    });
    let value = json!({"resource": resource, "latest_deployment": deployment});
    session.output.print(&value, || {
        print(session.output, resource);
        if let Some(latest) = &latest {
            let ended = latest.finished_at.as_ref().or(latest.created_at.as_ref());
            let time = ended.map(|it| format!(", {it}")).unwrap_or_default();
            field(
                session.output,
                "deployed",
                &format!("{}{time}", latest.status),
            );
            if let Some(page) = latest.dashboard_url(&session.coolify) {
                field(session.output, "", &page);
            }
        }
    })?;
    Ok(verdict(&[resource]))
}

fn print(output: Output, resource: &OverviewResource) {
    let kind = resource.kind.map_or("resource", |it| it.as_str());
    field(output, kind, &resource.path());
    field(output, "uuid", resource.uuid.as_str());
    if let Some(status) = &resource.status {
        field(
            output,
            "status",
            &output.paint(colour_of(status), status.as_str()),
        );
    }
    let servers: Vec<_> = resource.servers.iter().map(|it| it.name.as_str()).collect();
    field(output, "server", &servers.join(", "));
    for domain in &resource.domains {
        field(output, "domain", domain);
    }
}

fn field(output: Output, name: &str, value: &str) {
    if output.is_terminal() {
        let name = output.paint(Colour::Dim, &format!("{name:12}"));
        println!("{name} {value}");
    } else {
        println!("{name}\t{value}");
    }
}

async fn everything(session: &Session) -> Result<Exit> {
    let overview = ls::read(session).await?;
    let all: Vec<_> = overview.resources.iter().collect();
    let wrong: Vec<_> = all
        .iter()
        .copied()
        .filter(|it| verdict(&[it]) != Exit::Done)
        .collect();
    let deploying: Vec<_> = all
        .iter()
        .filter(|it| it.latest_deployment.is_some())
        .map(|it| it.path())
        .collect();
    let value = json!({
        "servers": overview.servers.len(),
        "projects": overview.projects.len(),
        "resources": all.len(),
        "not_running": wrong,
        "deploying": deploying,
        "unread": overview.unread,
    });
    session.output.print(&value, || {
        let output = session.output;
        field(output, "Coolify", session.coolify.url());
        field(output, "servers", &overview.servers.len().to_string());
        field(output, "projects", &overview.projects.len().to_string());
        field(output, "resources", &all.len().to_string());
        for path in &deploying {
            field(output, "deploying", path);
        }
        if !wrong.is_empty() {
            println!("\nnot running, or unhealthy:");
            output.table(&ls::table(&wrong));
        }
    })?;
    Ok(verdict(&all))
}
