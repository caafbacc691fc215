//! Points domains at applications, meets every way in which that goes wrong, and
//! removes what it made.
//!
//! ```text
//! cargo run --example domains                  # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example domains -- --under apps.example.com
//! ```

use std::process::ExitCode;
use std::time::Duration;

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::domains::DomainReport;
use coolify_sdk::limits::ResourceLimits;
use coolify_sdk::resource::Volumes;
use coolify_sdk::{Coolify, EnvironmentRef, Error, Placement, Result, Uuid};
use coolify_sdk_examples::{Target, program};

const USAGE: &str = "\
Points domains at two applications, which it makes and removes again.

usage: domains [--under DOMAIN]

  --under DOMAIN  the domains are under this one [example.com]; nothing is
                  deployed, so it need not be yours

With COOLIFY_URL and COOLIFY_TOKEN set it works on that server, with neither on
one that it starts in this process.";

#[tokio::main]
async fn main() -> ExitCode {
    program(under(std::env::args().skip(1)), async |under: String| {
        Ok(run(&under).await?)
    })
    .await
}

fn under(mut arguments: impl Iterator<Item = String>) -> Result<String, String> {
    match arguments.next().as_deref() {
        None => Ok("example.com".to_owned()),
        Some("--under") => arguments
            .next()
            .ok_or(format!("--under needs a value\n\n{USAGE}")),
        Some("--help" | "-h") => Err(USAGE.to_owned()),
        Some(other) => Err(format!("unknown argument {other}\n\n{USAGE}")),
    }
}

async fn run(under: &str) -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    if target.is_embedded() {
        println!("this runs on an embedded server, which answers as Coolify does\n");
    }
    let project = coolify
        .projects()
        .create(format!("sdk-domains-{}", std::process::id()))
        .description("Made by the example `domains` of coolify-sdk; safe to delete")
        .await?
        .uuid;
    let mut made = Vec::new();
    let outcome = tour(&target, &project, under, &mut made).await;
    let removed = remove(coolify, &project, &made).await;
    outcome.and(removed)
}

async fn tour(target: &Target, project: &Uuid, under: &str, made: &mut Vec<Uuid>) -> Result<()> {
    let coolify = target.coolify();
    let shop = application(coolify, project, "shop", made).await?;
    let blog = application(coolify, project, "blog", made).await?;
    let name = |label: &str| format!("https://{label}-{}.{under}", std::process::id());

    println!("two domains for the shop");
    tell(&shop.domains().set([name("shop"), name("www")]).await?);

    println!("one of them for the blog as well");
    let wanted = [name("blog"), name("www")];
    match blog.domains().set(wanted.clone()).await {
        Err(error) if error.is_conflict() => {
            for conflict in error.conflicts() {
                println!(
                    "  refused: {} belongs to {}",
                    conflict.domain.as_deref().unwrap_or("?"),
                    conflict.resource_name.as_deref().unwrap_or("?"),
                );
            }
            tell(&blog.domains().set(wanted).override_conflicts().await?);
        }
        report => tell(&report?),
    }

    println!("so the shop gives it up, and gets another");
    tell(&shop.domains().remove([name("www")]).await?);
    tell(&shop.domains().add([name("store")]).await?);

    println!("an update with its limits capped, read back");
    let tier = ResourceLimits::default().memory("512M")?.cpus("0.5")?;
    let granted = ResourceLimits::default().memory("4G")?.capped_at(&tier);
    for capped in &granted.capped {
        println!("  {capped}");
    }
    let update = shop
        .update()
        .description("Everything that sells")
        .limits(&granted.limits);
    show(&update.verified().await?.to_string());

    if let Target::Embedded(_, fake) = target {
        println!("and on a server without a proxy");
        fake.set_proxy("NONE");
        tell(&shop.domains().add([name("lost")]).await?);
        let update = shop.update().domains([name("lost")]).name("shop 2");
        show(&update.verified().await?.to_string());
    }
    Ok(())
}

fn tell(report: &DomainReport) {
    for domain in &report.domains {
        println!("  {domain}");
    }
    for dropped in &report.dropped {
        println!("  dropped: {dropped}");
    }
    for kept in &report.kept {
        println!("  still there: {kept}");
    }
}

fn show(lines: &str) {
    for line in lines.lines() {
        println!("  {line}");
    }
}

async fn application(
    coolify: &Coolify,
    project: &Uuid,
    name: &str,
    made: &mut Vec<Uuid>,
) -> Result<ApplicationHandle> {
    let servers = coolify.servers().list().await?;
    let server = servers.into_iter().find(|server| {
        let settings = server.settings.as_ref();
        settings.is_none_or(|settings| settings.is_build_server != Some(true))
    });
    // A Coolify without a server says so itself when the application is created.
    let server = server.map_or(Uuid::from("none"), |server| server.uuid);
    let place = Placement::new(project, EnvironmentRef::name("production"), server);
    let created = coolify
        .applications()
        .create_docker_image(place, "nginx")
        .name(name)
        .ports_exposes(["80"])
        .autogenerate_domain(false)
        .await?;
    made.push(created.uuid.clone());
    Ok(coolify.application(created.uuid))
}

/// The applications go by a job; until it has run, the project is not empty.
async fn remove(coolify: &Coolify, project: &Uuid, made: &[Uuid]) -> Result<()> {
    for application in made {
        coolify
            .application(application)
            .delete(Volumes::Delete)
            .docker_cleanup(false)
            .await?;
    }
    for _ in 0..30 {
        match coolify.project(project).delete().await {
            Err(error) if holds_resources(&error) => {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(error) => return Err(error),
            Ok(_) => {
                println!("removed the project and what was in it");
                return Ok(());
            }
        }
    }
    coolify.project(project).delete().await.map(drop)
}

fn holds_resources(error: &Error) -> bool {
    error.status() == Some(400)
}
