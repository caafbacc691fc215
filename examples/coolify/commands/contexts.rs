//! `contexts`: the configured Coolifys, and which of them answer.

use std::collections::HashMap;
use std::time::Duration;

use coolify_sdk::contexts::{Context, Contexts};
use coolify_sdk::fleet::Fleet;
use coolify_sdk_examples::{Interrupted, Result, eprintln, stopped};
use serde_json::json;

use crate::exit::Exit;
use crate::output::{Colour, Output};
use crate::progress::Progress;
use crate::table::{Cell, Table};

/// How long to wait for each of them.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is known of a context: its version, or why it has none.
type State = Result<String, String>;

pub async fn run(output: Output, offline: bool) -> Result<Exit> {
    let contexts = match Contexts::read() {
        // Commands use these variables then, and need no file.
        Err(error) if std::env::var_os("COOLIFY_URL").is_some() => {
            eprintln!("{error}");
            eprintln!("commands use COOLIFY_URL and COOLIFY_TOKEN");
            output.print(&json!([]), || {})?;
            return Ok(Exit::Done);
        }
        contexts => contexts?,
    };
    let states = if offline {
        HashMap::new()
    } else {
        tokio::select! {
            states = ask(contexts.all()) => states,
            () = stopped() => return Err(Interrupted.into()),
        }
    };
    let all = contexts.all().iter();
    let rows: Vec<_> = all.map(|it| (it, states.get(it.name()))).collect();
    let value: Vec<_> = rows
        .iter()
        .map(|(context, state)| {
            json!({
                "name": context.name(),
                "url": context.url(),
                "is_default": context.is_default(),
                "version": state.and_then(|it| it.as_ref().ok()),
                "problem": state.and_then(|it| it.as_ref().err()),
            })
        })
        .collect();
    output.print(&value, || {
        let mut table = Table::new(["", "NAME", "URL", "COOLIFY"]);
        for (context, state) in &rows {
            table.row([
                if context.is_default() { "*" } else { "" }.into(),
                context.name().into(),
                context.url().into(),
                match state {
                    Some(Ok(version)) => Cell::coloured(version, Colour::Green),
                    Some(Err(problem)) => Cell::coloured(problem, Colour::Red),
                    None => "".into(),
                },
            ]);
        }
        output.table(&table);
    })?;
    let is_fine = |state: Option<&State>| state.is_none_or(Result::is_ok);
    Ok(if rows.iter().all(|(_, state)| is_fine(*state)) {
        Exit::Done
    } else {
        Exit::Issues
    })
}

/// Asks all contexts at once for their versions. One that cannot be used at all does not
/// hide the others.
async fn ask(contexts: &[Context]) -> HashMap<String, State> {
    let _progress = Progress::start(format!("asking {} Coolifys", contexts.len()));
    let mut states = HashMap::new();
    let mut clients = Vec::new();
    for context in contexts {
        match context.client() {
            Ok(coolify) => clients.push((context.name(), coolify)),
            Err(error) => {
                states.insert(context.name().to_owned(), Err(error.to_string()));
            }
        }
    }
    match Fleet::new(clients) {
        Ok(fleet) => {
            for answer in fleet.max_wait(PATIENCE).versions().await {
                let state = answer.result.map(|it| it.to_string());
                states.insert(answer.name, state.map_err(|error| error.to_string()));
            }
        }
        // Two contexts have the same name.
        Err(error) => {
            for context in contexts {
                states.insert(context.name().to_owned(), Err(error.to_string()));
            }
        }
    }
    states
}
