//! `cargo xtask build-cost`: what the SDK costs whoever builds with it.
//!
//! Each of the [`users`](user) is built from nothing, one after the other, and
//! compared with the floor: the least that a client made by progenitor can build
//! upon. Nothing is downloaded, and the versions are those of the workspace.

mod build;
mod report;
mod user;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use self::build::Cost;
use self::user::{USERS, User};

/// Measure what the SDK costs to build: packages, seconds from nothing, and
/// seconds after a change of the user's own code.
#[derive(clap::Args)]
pub struct Args {
    /// Only this user; can be given several times.
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(USERS.map(|user| user.name)))]
    only: Vec<String>,
    /// How often each is built; the median counts.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
}

pub fn run(root: &Path, args: &Args) -> Result<ExitCode> {
    let is_wanted =
        |user: &&User| args.only.is_empty() || args.only.iter().any(|it| it == user.name);
    let mut measured: Vec<(&User, Vec<Cost>)> = USERS
        .iter()
        .filter(is_wanted)
        .map(|user| (user, Vec::new()))
        .collect();
    // In turns, for a machine that is not as fast all the time.
    for run in 1..=args.runs {
        for (user, costs) in &mut measured {
            eprintln!("building `{}`, {run} of {}", user.name, args.runs);
            let cost = Cost::measure(root, user);
            costs.push(cost.with_context(|| format!("building the user `{}`", user.name))?);
        }
    }
    let medians = measured
        .iter()
        .filter_map(|(user, costs)| Some((*user, Cost::median(costs)?)));
    print!("{}", report::render(&medians.collect::<Vec<_>>()));
    Ok(ExitCode::SUCCESS)
}
