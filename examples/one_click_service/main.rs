//! Runs a one-click service with its own URLs and variables, and removes it again.
//!
//! ```text
//! cargo run --example one_click_service                  # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example one_click_service -- pocketbase \
//!     --url pocketbase=https://auth.example.com --keep   # on yours
//! ```

mod options;

use std::process::ExitCode;

use coolify_sdk::domains::Domain;
use coolify_sdk::envs::BulkVariable;
use coolify_sdk::resource::Volumes;
use coolify_sdk::services::{ServiceHandle, ServiceType};
use coolify_sdk::{Coolify, Error, Placement, Uuid};
use coolify_sdk_examples::{
    Interrupted, Result, Target, made_by, println, program, stopped, usable_place, usable_server,
};
use futures_util::StreamExt;

use options::{Options, USAGE};

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, Options::parse, run).await
}

async fn run(options: Options) -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    if let Some(word) = &options.find {
        list_types(coolify, word);
        return Ok(());
    }
    if target.is_embedded() {
        println!("this runs on an embedded server, which answers like Coolify\n");
    }
    // Nothing has been sent yet. A newer server may offer more than the catalogue lists.
    if !options.unlisted {
        describe(ServiceType::find(&options.kind).map_err(|it| explained(&it))?);
    }
    let server = usable_server(coolify).await?;
    println!("server       {} ({})", server.name, server.uuid);
    let project = coolify
        .projects()
        .create(format!("sdk-one-click-{}", std::process::id()))
        .description(made_by("one_click_service"))
        .await?
        .uuid;
    println!("project      {project}");
    let journey = async {
        let place = usable_place(coolify, &project, &server.uuid).await?;
        journey(coolify, place, &options).await
    };
    let outcome = tokio::select! {
        outcome = journey => outcome,
        () = stopped() => Err(Interrupted.into()),
    };
    if options.keep {
        println!("\nkept; delete the project in the dashboard when you are done");
        return outcome;
    }
    let removed = remove(coolify, &project, options.volumes).await;
    outcome.and(removed)
}

fn list_types(coolify: &Coolify, word: &str) {
    let types = coolify.services().types().iter();
    for kind in types.filter(|it| it.name.contains(word)) {
        let containers: Vec<_> = kind.containers.iter().map(|it| it.name).collect();
        println!("{}\t{}", kind.name, containers.join(", "));
    }
}

fn describe(kind: &ServiceType) {
    println!("type         {}, since Coolify {}", kind.name, kind.since);
    for container in kind.containers {
        let image = container.image.unwrap_or("built by Coolify");
        println!("container    {} ({image})", container.name);
    }
}

fn explained(error: &Error) -> Box<dyn std::error::Error> {
    let report = error.report();
    format!("{report}\nnothing was sent; --unlisted asks the server nevertheless").into()
}

async fn journey(coolify: &Coolify, place: Placement, options: &Options) -> Result<()> {
    let services = coolify.services();
    let created = services.create_one_click(place, &options.kind).await?;
    println!("service      {}", created.uuid);

    // Not started yet: URLs and variables are set first.
    let service = coolify.service(created.uuid);
    set_urls(&service, &options.urls).await?;
    set_variables(&service, &options.variables).await?;

    let watch = service.start().await?;
    let mut statuses = watch.events();
    while let Some(status) = statuses.next().await {
        println!("status       {}", status?);
    }
    for domain in service.domains().list().await? {
        println!("URL          {domain}");
    }
    // Coolify sets some variables of the compose file again whenever a service starts.
    for variable in service.envs().list().await? {
        let wanted = options.variables.iter().find(|it| it.0 == variable.key);
        if let (Some((key, wanted)), Some(value)) = (wanted, variable.value)
            && value.expose() != wanted
        {
            println!("reset        {key}: the compose file decides its value");
        }
    }
    Ok(())
}

/// Sets the URLs of some containers. The others keep the URLs that Coolify generated.
async fn set_urls(service: &ServiceHandle, urls: &[Domain]) -> Result<()> {
    let mut wanted = service.domains().list().await?;
    for domain in &wanted {
        println!("generated    {domain}");
    }
    if urls.is_empty() {
        return Ok(());
    }
    wanted.retain(|there| urls.iter().all(|it| it.service != there.service));
    wanted.extend_from_slice(urls);
    // A generated URL ends in the port on which the container listens.
    let report = service.domains().set(wanted).keep_ports().await?;
    for dropped in &report.dropped {
        println!("dropped      {dropped}");
    }
    Ok(())
}

/// Creates variables, and sets those that the service has already.
async fn set_variables(service: &ServiceHandle, variables: &[(String, String)]) -> Result<()> {
    if !variables.is_empty() {
        let variables = variables
            .iter()
            .map(|(key, value)| BulkVariable::new(key).value(value));
        service.envs().bulk(variables).await?;
    }
    let all = service.envs().list().await?;
    println!("variables    {}", all.len());
    let missing = all.iter().filter(|it| it.is_really_required == Some(true));
    let missing: Vec<_> = missing.map(|it| it.key.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    // Coolify would start the service all the same, and it would fail.
    let keys = missing.join(", ");
    Err(format!("the service needs values of {keys}: pass --env KEY=VALUE").into())
}

/// A background job deletes the service; until it has run, the project is not empty.
async fn remove(coolify: &Coolify, project: &Uuid, volumes: Volumes) -> Result<()> {
    let project = coolify.project(project);
    for content in project.contents().await? {
        let service = coolify.service(content.uuid);
        let storages = service.storages().list().await?;
        service.delete(volumes).await?;
        let outcome = match volumes {
            Volumes::Keep => "stays on the server",
            Volumes::Delete => "deleted",
        };
        for volume in storages.persistent_storages {
            let name = volume.name.unwrap_or_default();
            println!("volume       {name}: {outcome}");
        }
    }
    project.delete().and_wait().await?;
    println!("removed the project and everything in it");
    Ok(())
}
