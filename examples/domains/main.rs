//! Sets domains of two applications, shows each way in which that can go wrong,
//! and removes what it made.
//!
//! ```text
//! cargo run --example domains                  # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example domains -- --under apps.example.com
//! ```

use std::process::ExitCode;

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::domains::DomainReport;
use coolify_sdk::limits::ResourceLimits;
use coolify_sdk::resource::Volumes;
use coolify_sdk::{Coolify, Placement, Uuid};
use coolify_sdk_examples::{
    Arguments, Interrupted, Misuse, Result, Target, made_by, println, program, stopped,
    usable_place, usable_server,
};

const USAGE: &str = "\
Sets the domains of two applications, which it creates and removes again.

usage: domains [--under DOMAIN]

  --under DOMAIN  the parent of all domains [example.com]; nothing is deployed,
                  so it need not be yours

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is
set, it starts an embedded server.";

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, under, run).await
}

fn under(mut arguments: Arguments) -> Result<String, Misuse> {
    let mut under = "example.com".to_owned();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--under" => under = arguments.value("--under")?,
            other => return Err(Misuse::unknown(other)),
        }
    }
    Ok(under)
}

async fn run(under: String) -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    if target.is_embedded() {
        println!("this runs on an embedded server, which answers like Coolify\n");
    }
    let server = usable_server(coolify).await?;
    let project = coolify
        .projects()
        .create(format!("sdk-domains-{}", std::process::id()))
        .description(made_by("domains"))
        .await?
        .uuid;
    let mut made = Vec::new();
    let tour = async {
        let place = usable_place(coolify, &project, &server.uuid).await?;
        tour(&target, &place, &under, &mut made).await
    };
    let outcome = tokio::select! {
        outcome = tour => outcome,
        () = stopped() => Err(Interrupted.into()),
    };
    let removed = remove(coolify, &project, &made).await;
    outcome.and(removed)
}

async fn tour(target: &Target, place: &Placement, under: &str, made: &mut Vec<Uuid>) -> Result<()> {
    let coolify = target.coolify();
    let shop = application(coolify, place, "shop", made).await?;
    let blog = application(coolify, place, "blog", made).await?;
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
    place: &Placement,
    name: &str,
    made: &mut Vec<Uuid>,
) -> Result<ApplicationHandle> {
    let created = coolify
        .applications()
        .create_docker_image(place.clone(), "nginx")
        .name(name)
        .ports_exposes(["80"])
        .autogenerate_domain(false)
        .await?;
    made.push(created.uuid.clone());
    Ok(coolify.application(created.uuid))
}

/// A background job deletes the applications; until it has run, the project is
/// not empty.
async fn remove(coolify: &Coolify, project: &Uuid, made: &[Uuid]) -> Result<()> {
    for application in made {
        coolify
            .application(application)
            .delete(Volumes::Delete)
            .docker_cleanup(false)
            .await?;
    }
    coolify.project(project).delete().and_wait().await?;
    println!("removed the project and everything in it");
    Ok(())
}
