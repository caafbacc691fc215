//! Provisions a database for one tenant, with backups and its connection URL,
//! waits until it is healthy, and shows that the tenant cannot reach beyond its
//! project. The database is removed at the end, unless `--keep` is given.
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
use coolify_sdk::{Coolify, Placement, Uuid};
use coolify_sdk_examples::{
    Arguments, Interrupted, Misuse, Result, Target, made_by, println, program, stopped,
    usable_place, usable_server,
};

use provision::{ENGINES, provision};

const USAGE: &str = "\
Provisions a database for one tenant and removes it again.

usage: provision_database [--keep] [--s3 UUID] [ENGINE]

  --keep     do not remove the project and the database
  --s3 UUID  an S3 storage for the backups, in addition to the server
  ENGINE     postgresql, mysql, mariadb, mongodb, clickhouse, redis, keydb or
             dragonfly [postgresql]

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is
set, it starts an embedded server.";

struct Options {
    keep: bool,
    s3: Option<Uuid>,
    engine: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, options, run).await
}

fn options(mut arguments: Arguments) -> Result<Options, Misuse> {
    let mut options = Options {
        keep: false,
        s3: None,
        engine: "postgresql".to_owned(),
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--keep" => options.keep = true,
            "--s3" => options.s3 = Some(arguments.value::<String>("--s3")?.into()),
            engine if ENGINES.contains(&engine) => engine.clone_into(&mut options.engine),
            other => return Err(Misuse::unknown(other)),
        }
    }
    Ok(options)
}

async fn run(options: Options) -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    if target.is_embedded() {
        println!("this runs on an embedded server, which answers like Coolify\n");
    }
    let server = usable_server(coolify).await?;
    let project = coolify
        .projects()
        .create(format!("sdk-tenant-{}", std::process::id()))
        .description(made_by("provision_database"))
        .await?
        .uuid;
    println!("project      {project}");
    // From here on, the tenant's client cannot reach beyond the tenant's project.
    let tenant = coolify.in_project(&project);
    let keep = options.keep;
    let journey = async {
        let place = usable_place(coolify, &project, &server.uuid).await?;
        journey(&tenant, place, options).await
    };
    let outcome = tokio::select! {
        outcome = journey => outcome,
        () = stopped() => Err(Interrupted.into()),
    };
    if keep {
        println!("\nkept; delete the project in the dashboard when you are done");
        return outcome;
    }
    // Provisioning deletes nothing that it has made, even if it fails, so this
    // does.
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
        // Keeps the password out of the terminal.
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
