//! `cargo xtask live-clean`: removes what live tests have left behind on the
//! server of `COOLIFY_URL` and `COOLIFY_TOKEN`, and nothing else.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use coolify_sdk::{Coolify, Result};
use coolify_sdk_tests::live::Found;

/// Lists what live tests have left behind.
#[derive(Parser)]
struct Arguments {
    /// Remove it as well.
    #[arg(long)]
    yes: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {}", error.report());
            ExitCode::FAILURE
        }
    }
}

/// Returns whether everything was removed.
async fn run(arguments: &Arguments) -> Result<bool> {
    let coolify = Coolify::from_env()?;
    let found = Found::all(&coolify).await?;
    if found.is_empty() {
        println!("nothing is left behind");
    }
    let mut complete = true;
    for Found { leftover, name } in &found {
        if !arguments.yes {
            println!("would remove {leftover}: {name}");
            continue;
        }
        match leftover.remove(&coolify, Duration::from_secs(300)).await {
            Ok(()) => println!("removed {leftover}: {name}"),
            Err(error) => {
                println!("could not remove {leftover}: {name}: {}", error.report());
                complete = false;
            }
        }
    }
    if !arguments.yes && !found.is_empty() {
        println!("run it with --yes to remove {} of them", found.len());
    }
    Ok(complete)
}
