//! `deploy`: starts deployments, and watches them until they have ended.

use std::pin::pin;

use coolify_sdk::deployments::{Rollout, RunEvent};
use coolify_sdk::{DeploymentStatus, Uuid};
use coolify_sdk_examples::{Interrupted, Misuse, Result, eprintln, stopped};
use futures_util::StreamExt as _;
use serde::Serialize;

use crate::arguments::Deploy;
use crate::exit::Exit;
use crate::output::{Colour, plain};
use crate::progress::Progress;
use crate::session::Session;
use crate::table::{Cell, Table};

/// An application that is deployed.
#[derive(Serialize)]
struct One {
    name: String,
    application: Uuid,
    deployment: Option<Uuid>,
    status: Option<DeploymentStatus>,
}

pub async fn run(session: &Session, deploy: &Deploy) -> Result<Exit> {
    // All names first: if one is wrong, nothing is deployed.
    let mut all = tokio::select! {
        biased;
        all = find(session, deploy) => all?,
        () = stopped() => return Err(Interrupted.into()),
    };
    let progress = Progress::start("requesting the deployment");
    let (rollout, is_interrupted) = start(session, deploy, &all).await?;
    for one in &mut all {
        let mut runs = rollout.runs.iter();
        let own = runs.find(|it| it.resource == one.application);
        one.deployment = own.map(|it| it.run.uuid().clone());
        one.status = one.deployment.as_ref().map(|_| DeploymentStatus::Queued);
    }
    if is_interrupted {
        drop(progress);
        return leave(&all);
    }
    if !deploy.wait {
        drop(progress);
        print(session, &all)?;
        return Ok(refused(&rollout, &all).unwrap_or(Exit::Done));
    }
    let watched = tokio::select! {
        biased;
        () = watch(&rollout, &mut all, &progress) => true,
        () = stopped() => false,
    };
    drop(progress);
    if !watched {
        return leave(&all);
    }
    print(session, &all)?;
    if let Some(exit) = refused(&rollout, &all) {
        return Ok(exit);
    }
    explain(session, &all).await;
    let is_done = |it: &One| it.status == Some(DeploymentStatus::Finished);
    Ok(if all.iter().all(is_done) {
        Exit::Done
    } else {
        Exit::Failed
    })
}

async fn find(session: &Session, deploy: &Deploy) -> Result<Vec<One>> {
    let mut all: Vec<One> = Vec::new();
    for name in &deploy.names {
        let found = session.find(name).await?;
        if found.application().is_none() {
            let problem = format!("{found} cannot be deployed: only applications can");
            return Err(Misuse::new(problem).into());
        }
        if all.iter().any(|it| it.application == found.uuid) {
            continue;
        }
        all.push(One {
            name: found.path(),
            application: found.uuid.clone(),
            deployment: None,
            status: None,
        });
    }
    Ok(all)
}

/// Requests the deployments, and returns whether Ctrl-C was pressed in the meantime. The
/// first one does not end the request: nobody would know what it has started.
async fn start(session: &Session, deploy: &Deploy, all: &[One]) -> Result<(Rollout, bool)> {
    let uuids: Vec<_> = all.iter().map(|it| it.application.clone()).collect();
    let start = session.coolify.deployments().rollout(uuids);
    let start = if deploy.force { start.force() } else { start };
    let mut start = pin!(start.send());
    tokio::select! {
        biased;
        rollout = &mut start => return Ok((rollout?, false)),
        () = stopped() => eprintln!("interrupted; waiting for the reply to the request"),
    }
    tokio::select! {
        biased;
        rollout = &mut start => Ok((rollout?, true)),
        () = stopped() => {
            eprintln!("it is not known whether Coolify deploys: see the dashboard");
            Err(Interrupted.into())
        }
    }
}

/// Follows the deployments to their ends. The log of a single one is shown.
async fn watch(rollout: &Rollout, all: &mut [One], progress: &Progress) {
    let is_single = rollout.runs.len() == 1;
    let mut events = rollout.events();
    while let Some(one) = events.next().await {
        let application = all.iter_mut().find(|it| it.application == one.resource);
        let Some(application) = application else {
            continue;
        };
        match one.event {
            Ok(RunEvent::Status(status)) => {
                if is_single {
                    progress.say(status.to_string());
                } else {
                    progress.say(one.progress.to_string());
                    if status.is_terminal() {
                        progress.line(&format!("{}: {status}", application.name));
                    }
                }
                application.status = Some(status);
            }
            Ok(RunEvent::Log(line)) if is_single && !line.hidden => {
                for line in line.output.lines() {
                    progress.line(&plain(line));
                }
            }
            Ok(RunEvent::LogWithheld) if is_single => {
                progress.line("the log is not shown to a token without the ability read:sensitive");
            }
            Ok(_) => {}
            Err(error) => progress.line(&format!("{}: {}", application.name, error.report())),
        }
    }
}

/// Says which applications Coolify has not deployed.
fn refused(rollout: &Rollout, all: &[One]) -> Option<Exit> {
    let without: Vec<_> = all.iter().filter(|it| it.deployment.is_none()).collect();
    if without.is_empty() {
        return None;
    }
    for one in without {
        eprintln!("{} was not deployed", one.name);
    }
    for message in &rollout.messages {
        eprintln!("Coolify says: {}", plain(message));
    }
    Some(Exit::Failed)
}

/// Says why deployments failed, unless their log was shown.
async fn explain(session: &Session, all: &[One]) {
    let failed = all.iter().filter(|it| {
        let status = it.status.as_ref();
        status.is_some_and(|it| it.is_terminal() && *it != DeploymentStatus::Finished)
    });
    for one in failed {
        let Some(uuid) = &one.deployment else {
            continue;
        };
        if let Err(error) = session.coolify.deployment(uuid.clone()).follow().await {
            eprintln!("{}: {}", one.name, error.report());
        }
    }
}

/// Says what goes on in Coolify after Ctrl-C.
fn leave(all: &[One]) -> Result<Exit> {
    let goes_on = |it: &&One| it.status.as_ref().is_some_and(|it| !it.is_terminal());
    let left: Vec<_> = all.iter().filter(goes_on).collect();
    if !left.is_empty() {
        eprintln!("interrupted; Coolify goes on with:");
    }
    for one in left {
        let deployment = one.deployment.as_ref().map_or("", Uuid::as_str);
        eprintln!("  {} (deployment {deployment})", one.name);
    }
    Err(Interrupted.into())
}

fn print(session: &Session, all: &[One]) -> Result<()> {
    session.output.print(&all, || {
        let mut table = Table::new(["NAME", "DEPLOYMENT", "STATUS"]);
        for one in all {
            let colour = match &one.status {
                Some(DeploymentStatus::Finished) => Colour::Green,
                Some(status) if status.is_terminal() => Colour::Red,
                _ => Colour::Yellow,
            };
            let status = one.status.as_ref();
            table.row([
                one.name.as_str().into(),
                one.deployment.as_ref().map_or("-", Uuid::as_str).into(),
                Cell::coloured(&status.map_or("not deployed", |it| it.as_str()), colour),
            ]);
        }
        session.output.table(&table);
    })
}
