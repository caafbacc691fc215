//! Provisions a database for one tenant: with backups and its connection URL,
//! waited for until it is healthy, and out of reach of other tenants. It goes again
//! unless it is kept.
//!
//! ```text
//! cargo run --example provision_database                # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example provision_database -- mysql --keep   # on yours
//! ```

mod provision;

use std::process::ExitCode;

use coolify_sdk::projects::ProjectHandle;
use coolify_sdk::resource::Volumes;
use coolify_sdk::{Coolify, EnvironmentRef, Placement, Uuid};
use coolify_sdk_examples::{Result, Target, program, usable_server};

use provision::{ENGINES, provision};

const USAGE: &str = "\
Provisions a database for one tenant and removes it again.

usage: provision_database [--keep] [--s3 UUID] [ENGINE]

  --keep     leave the project and the database where they are
  --s3 UUID  an S3 storage for the backups, beside those on the server
  ENGINE     postgresql, mysql, mariadb, mongodb, clickhouse, redis, keydb or
             dragonfly [postgresql]

With COOLIFY_URL and COOLIFY_TOKEN set it works on that server, with neither on
one that it starts in this process.";

struct Options {
    keep: bool,
    s3: Option<Uuid>,
    engine: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    program(options(std::env::args().skip(1)), run).await
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        keep: false,
        s3: None,
        engine: "postgresql".to_owned(),
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--keep" => options.keep = true,
            "--s3" => {
                let uuid = arguments.next();
                options.s3 = Some(uuid.ok_or(format!("--s3 needs a uuid\n\n{USAGE}"))?.into());
            }
            "--help" | "-h" => return Err(USAGE.to_owned()),
            engine if ENGINES.contains(&engine) => engine.clone_into(&mut options.engine),
            other => return Err(format!("unknown argument {other}\n\n{USAGE}")),
        }
    }
    Ok(options)
}

async fn run(options: Options) -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    if target.is_embedded() {
        println!("this runs on an embedded server, which answers as Coolify does\n");
    }
    let server = usable_server(coolify).await?;
    let project = coolify
        .projects()
        .create(format!("sdk-tenant-{}", std::process::id()))
        .description("Made by the example `provision_database` of coolify-sdk; safe to delete")
        .await?
        .uuid;
    println!("project      {project}");
    // From here on nothing can reach beyond the tenant's project.
    let tenant = coolify.in_project(&project);
    let place = Placement::new(&project, EnvironmentRef::name("production"), server.uuid);
    let keep = options.keep;
    let outcome = tokio::select! {
        outcome = journey(&tenant, place, options) => outcome,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
    };
    if keep {
        println!("\nkept; delete the project in the dashboard when you are done");
        return outcome;
    }
    // No flow deletes what it has made, also when it fails: that is done here.
    let removed = remove(&tenant.project(project), &tenant).await;
    outcome.and(removed)
}

async fn journey(tenant: &Coolify, place: Placement, options: Options) -> Result<()> {
    let databases = tenant.databases();
    let database = provision(&databases, &options.engine, place, options.s3).await?;
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
    let seen = databases.list().await?.len();
    println!("\nthe tenant sees {seen} database, and no server:");
    if let Err(refusal) = tenant.servers().list().await {
        println!("{}", refusal.report());
    }
    Ok(())
}

async fn remove(project: &ProjectHandle, tenant: &Coolify) -> Result<()> {
    for content in project.contents().await? {
        let database = tenant.database(content.uuid);
        database.delete(Volumes::Delete).await?;
    }
    project.delete().and_wait().await?;
    println!("\nremoved the project, its database and its volume");
    Ok(())
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
