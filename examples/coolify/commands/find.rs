//! `find`: everything that a text stands for.

use coolify_sdk_examples::Result;

use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::Session;
use crate::table::Table;

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
            let address = one.address.clone().into_iter();
            let addresses: Vec<_> = address.chain(one.domains.iter().cloned()).collect();
            table.row([
                one.kind.into(),
                one.path().into(),
                one.uuid.as_str().into(),
                addresses.join(" ").into(),
            ]);
        }
        session.output.table(&table);
    })?;
    Ok(Exit::Done)
}
