//! `cargo xtask spec facts`: extracts facts about the API from a Coolify source tree.
//!
//! The PHP is parsed. A value that cannot be known without running Coolify is written as
//! `{}`, and a list that cannot be known as null.

mod allowlists;
mod checkout;
mod columns;
mod compare;
mod eval;
mod fields;
pub mod follow;
mod measure;
mod messages;
mod models;
mod php;
mod routes;
mod rules;
mod scan;
pub mod service_types;
mod value;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use self::checkout::Checkout;
use self::eval::Program;
use self::php::Source;
use crate::document;

const ROUTES: &str = "routes/api.php";
const CONTROLLERS: &str = "app/Http/Controllers/Api";
const MIDDLEWARE: &str = "app/Http/Middleware";
const HELPERS: &str = "bootstrap/helpers";
const MODELS: &str = "app/Models";
const MIGRATIONS: &str = "database/migrations";

/// Folders with constants and functions that the controllers use.
const BESIDE: [&str; 5] = [
    HELPERS,
    "app/Support",
    "app/Enums",
    "app/Rules",
    "app/Traits",
];

/// The sources to read.
#[derive(clap::Args)]
struct Sources {
    /// The sources of Coolify: a folder, or a git directory with `--tag`.
    #[arg(long, value_name = "CHECKOUT")]
    from: PathBuf,
    /// The tag, branch or commit to read in a git directory.
    #[arg(long)]
    tag: Option<String>,
}

impl Sources {
    fn open(&self) -> Result<Checkout> {
        Checkout::open(&self.from, self.tag.as_deref())
    }
}

/// The sources to read, and the folder for the facts.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    sources: Sources,
    /// The folder for the facts, with one file for each kind.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let checkout = args.sources.open()?;
    fs::create_dir_all(&args.out)?;
    for (name, facts) in read(&checkout)? {
        let path = args.out.join(format!("{name}.yaml"));
        fs::write(&path, document::to_yaml(&facts)?)?;
        println!("{}: {}", path.display(), count(&facts));
    }
    Ok(())
}

fn count(facts: &Value) -> usize {
    facts.as_array().map_or_else(
        || facts.as_object().map_or(0, serde_json::Map::len),
        Vec::len,
    )
}

/// Returns the facts by the name of their kind.
fn read(checkout: &Checkout) -> Result<Vec<(&'static str, Value)>> {
    let files: Vec<&str> = [ROUTES, CONTROLLERS, MIDDLEWARE, MODELS]
        .into_iter()
        .chain(BESIDE)
        .collect();
    let sources = parse(checkout, &files)?;
    let program = Program::new(&sources);
    let routes = sources.iter().find(|it| it.path == ROUTES);
    let routes = routes.with_context(|| format!("the sources have no {ROUTES}"))?;
    let below = |folders: &'static [&'static str]| {
        sources
            .iter()
            .filter(|it| folders.iter().any(|folder| it.path.starts_with(folder)))
    };
    let controllers = || below(&[CONTROLLERS]);
    let speaking = below(&[CONTROLLERS, MIDDLEWARE, HELPERS]);
    let migrations = parse(checkout, &[MIGRATIONS])?;
    Ok(vec![
        ("routes", routes::read(routes, &program).into()),
        (
            "allowlists",
            json!(allowlists::read(controllers(), &program)),
        ),
        ("rules", json!(rules::read(controllers(), &program))),
        ("models", json!(models::read(below(&[MODELS]), &program))),
        (
            "columns",
            columns::read(&migrations, &Program::new(&migrations)),
        ),
        ("messages", json!(messages::read(speaking, &program))),
    ])
}

fn parse(checkout: &Checkout, below: &[&str]) -> Result<Vec<Source>> {
    let files = checkout.read(below)?;
    files.into_iter().map(Source::parse).collect()
}
