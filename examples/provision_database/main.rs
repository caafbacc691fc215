//! Provisions a database for one tenant: with backups and its connection URL,
//! waited for until it is healthy, and out of reach of other tenants.
//!
//! ```text
//! cargo run --example provision_database                # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example provision_database -- mysql   # on yours
//! ```
//!
//! What it makes stays there; it says how to remove it.

use std::process::ExitCode;

use coolify_sdk::databases::{BackupPlan, Databases, ProvisionedDatabase};
use coolify_sdk::{Coolify, EnvironmentRef, Error, Placement, Uuid};
use coolify_sdk_examples::Target;

const USAGE: &str = "\
usage: provision_database [postgresql | mysql | mariadb | mongodb | clickhouse |
                           redis | keydb | dragonfly] [S3-STORAGE-UUID]";

const ENGINES: [&str; 8] = [
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "clickhouse",
    "redis",
    "keydb",
    "dragonfly",
];

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            match failure.downcast_ref::<Error>() {
                Some(error) => tell(error),
                None => eprintln!("{failure}"),
            }
            ExitCode::FAILURE
        }
    }
}

/// No flow deletes what it has made: whoever called it decides.
fn tell(error: &Error) {
    eprintln!("{}", error.report());
    for left in error.left_behind() {
        eprintln!("  still there: {left}");
    }
    for line in error.last_status().map_or(&[][..], |it| &it.last_lines) {
        eprintln!("  | {line}");
    }
}

async fn run() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let engine = arguments.next().unwrap_or_else(|| "postgresql".to_owned());
    let storage = arguments.next().map(Uuid::from);

    if !ENGINES.contains(&engine.as_str()) {
        return Err(USAGE.into());
    }

    let target = Target::from_env().await?;
    let coolify = target.coolify();
    println!("Coolify {} at {}", coolify.version().await?, coolify.url());

    let place = place(coolify).await?;
    // From here on nothing can reach beyond the tenant's project.
    let tenant = coolify.in_project(&place.project);
    println!("project      {}", place.project);
    let database = provision(&tenant.databases(), &engine, place, storage).await?;

    println!("database     {}", database.uuid);
    if let Some(status) = &database.status {
        println!("status       {status}");
    }
    for backup in &database.backups {
        println!("backup       {backup}");
    }
    match &database.internal_url {
        // The password stays out of the terminal.
        Some(url) => println!("URL          {}", without_password(url.expose())),
        None => println!("URL          the token lacks `read:sensitive`"),
    }
    let seen = tenant.databases().list().await?.len();
    println!("\nthe tenant sees {seen} database, and no server:");
    if let Err(refusal) = tenant.servers().list().await {
        println!("{}", refusal.report());
    }
    println!("\nto remove it, delete the database and then the project in the dashboard");
    Ok(())
}

async fn place(coolify: &Coolify) -> Result<Placement> {
    let servers = coolify.servers().list().await?;
    let server = servers.first().ok_or("this Coolify has no server")?;
    let project = coolify
        .projects()
        .create(format!("sdk-tenant-{}", std::process::id()))
        .description("Made by an example of coolify-sdk; safe to delete")
        .await?;
    let environment = EnvironmentRef::name("production");
    Ok(Placement::new(project.uuid, environment, &server.uuid))
}

async fn provision(
    databases: &Databases,
    engine: &str,
    place: Placement,
    storage: Option<Uuid>,
) -> Result<ProvisionedDatabase> {
    // The engines with backups get one a day, in S3 as well where there is one.
    macro_rules! with_backups {
        ($create:ident) => {{
            let plan = match storage {
                Some(storage) => BackupPlan::s3("daily", storage),
                None => BackupPlan::local("daily"),
            };
            let flow = databases.$create(place).name("orders").provision();
            flow.backup(plan.keep_days(7)).until_healthy().await?
        }};
    }
    macro_rules! without_backups {
        ($create:ident) => {{
            let flow = databases.$create(place).name("orders").provision();
            flow.until_healthy().await?
        }};
    }
    Ok(match engine {
        "postgresql" => with_backups!(create_postgresql),
        "mysql" => with_backups!(create_mysql),
        "mariadb" => with_backups!(create_mariadb),
        "mongodb" => with_backups!(create_mongodb),
        "clickhouse" => with_backups!(create_clickhouse),
        "redis" => without_backups!(create_redis),
        "keydb" => without_backups!(create_keydb),
        _ => without_backups!(create_dragonfly),
    })
}

fn without_password(url: &str) -> String {
    let hidden = || {
        let (scheme, rest) = url.split_once("://")?;
        let (credentials, host) = rest.rsplit_once('@')?;
        let user = credentials.split(':').next()?;
        Some(format!("{scheme}://{user}:…@{host}"))
    };
    hidden().unwrap_or_default()
}
