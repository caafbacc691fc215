//! The commands, each in a file of its own.

mod bulk;
mod contexts;
mod deploy;
mod diagnose;
mod doctor;
mod env;
mod find;
mod logs;
mod ls;
mod open;
mod status;

use coolify_sdk_examples::{Interrupted, Result, stopped};

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::output::Output;
use crate::session::Session;

pub async fn run(arguments: Arguments) -> Result<Exit> {
    let Arguments { global, command } = arguments;
    // These ask all of the Coolifys, and need none of them to answer.
    let output = Output::new(global.json);
    match &command {
        Command::Contexts { offline } => return contexts::run(output, *offline).await,
        Command::Find {
            name,
            everywhere: true,
        } => return find::everywhere(output, name).await,
        _ => {}
    }
    let session = Session::open(&global).await?;
    // These say what goes on in Coolify if they are interrupted.
    match &command {
        Command::Deploy(deploy) => return deploy::run(&session, deploy).await,
        Command::Bulk(many) => return bulk::run(&session, many).await,
        _ => {}
    }
    tokio::select! {
        biased;
        exit = one(&session, command) => exit,
        () = stopped() => Err(Interrupted.into()),
    }
}

/// Runs a command that leaves nothing behind.
async fn one(session: &Session, command: Command) -> Result<Exit> {
    match command {
        Command::Find { name, .. } => find::run(session, &name).await,
        Command::Ls(filter) => ls::run(session, &filter).await,
        Command::Status { name } => status::run(session, name.as_deref()).await,
        Command::Deploy(deploy) => deploy::run(session, &deploy).await,
        Command::Bulk(many) => bulk::run(session, &many).await,
        Command::Logs(logs) => logs::run(session, &logs).await,
        Command::Env(env) => env::run(session, env).await,
        Command::Diagnose { name } => diagnose::run(session, name.as_deref()).await,
        Command::Doctor => doctor::run(session).await,
        Command::Open { name, browser } => open::run(session, &name, browser).await,
        Command::Contexts { offline } => contexts::run(session.output, offline).await,
    }
}
