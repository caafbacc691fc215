//! `find`: all matches of a text, on one Coolify or on all of them.

use coolify_sdk::estate::Found;
use coolify_sdk::fleet::Fleet;
use coolify_sdk_examples::{Interrupted, Result, eprintln, stopped};

use crate::exit::Exit;
use crate::output::Output;
use crate::progress::Progress;
use crate::session::Session;
use crate::table::{Cell, Table};

pub async fn run(session: &Session, name: &str) -> Result<Exit> {
    let progress = Progress::start(format!("looking for {name}"));
    let mut found = session.coolify.find(name).all().await?;
    if found.is_empty() {
        // This error has the most similar names.
        found.push(session.coolify.find(name).await?);
    }
    drop(progress);
    session.output.print(&found, || {
        let mut table = Table::new(["KIND", "NAME", "UUID", "ADDRESS"]);
        for one in &found {
            table.row(cells(one));
        }
        session.output.table(&table);
    })?;
    Ok(Exit::Done)
}

/// Looks on all configured Coolifys at once. One that does not answer hides nothing.
pub async fn everywhere(output: Output, name: &str) -> Result<Exit> {
    let fleet = Fleet::from_contexts()?;
    let progress = Progress::start(format!("asking {} Coolifys", fleet.len()));
    let answers = tokio::select! {
        answers = fleet.find(name) => answers,
        () = stopped() => return Err(Interrupted.into()),
    };
    drop(progress);
    for (coolify, error) in answers.failed() {
        eprintln!("{coolify}: {error}");
    }
    output.print(&answers, || {
        let mut table = Table::new(["COOLIFY", "KIND", "NAME", "UUID", "ADDRESS"]);
        for (coolify, found) in answers.answered() {
            for one in found {
                let [kind, name, uuid, address] = cells(one);
                table.row([coolify.into(), kind, name, uuid, address]);
            }
        }
        output.table(&table);
    })?;
    let is_found = answers.answered().any(|(_, found)| !found.is_empty());
    Ok(if is_found {
        Exit::Done
    } else if answers.is_complete() {
        Exit::NotFound
    } else {
        Exit::Failed
    })
}

fn cells(found: &Found) -> [Cell; 4] {
    let address = found.address.clone().into_iter();
    let addresses: Vec<_> = address.chain(found.domains.iter().cloned()).collect();
    [
        found.kind.into(),
        found.path().into(),
        found.uuid.as_str().into(),
        addresses.join(" ").into(),
    ]
}
