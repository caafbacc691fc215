//! Deploys an application, watches the deployment until it ends, and removes the
//! application again.
//!
//! ```text
//! cargo run --example quickstart                # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example quickstart -- --keep  # on yours
//! ```

mod progress;

use std::process::ExitCode;
use std::time::Duration;

use coolify_sdk::applications::BuildPack;
use coolify_sdk::deployments::RunEvent;
use coolify_sdk::envs::BulkApplicationVariable;
use coolify_sdk::resource::Volumes;
use coolify_sdk::{Coolify, DeploymentStatus, Uuid};
use coolify_sdk_examples::{
    Arguments, Interrupted, Misuse, Result, Target, made_by, println, program, stopped,
    usable_place, usable_server,
};
use futures_util::StreamExt;

use progress::Progress;

const USAGE: &str = "\
Deploys an application and removes it again.

usage: quickstart [--keep] [--repository URL] [--branch NAME]

  --keep            do not remove the project and the application
  --repository URL  the repository [https://github.com/coollabsio/coolify-examples]
  --branch NAME     the branch [main]

If COOLIFY_URL and COOLIFY_TOKEN are set, it works on that server. If neither is
set, it starts an embedded server.";

struct Options {
    keep: bool,
    repository: String,
    branch: String,
}

/// What was created and has to be removed.
#[derive(Default)]
struct Created {
    project: Option<Uuid>,
    application: Option<Uuid>,
}

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, options, run).await
}

fn options(mut arguments: Arguments) -> Result<Options, Misuse> {
    let mut options = Options {
        keep: false,
        repository: "https://github.com/coollabsio/coolify-examples".to_owned(),
        branch: "main".to_owned(),
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--keep" => options.keep = true,
            "--repository" => options.repository = arguments.value(&argument)?,
            "--branch" => options.branch = arguments.value(&argument)?,
            other => return Err(Misuse::unknown(other)),
        }
    }
    Ok(options)
}

async fn run(options: Options) -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    if target.is_embedded() {
        println!("COOLIFY_URL and COOLIFY_TOKEN are not set: this runs on an embedded server,");
        println!("which answers like Coolify and deploys nothing.\n");
    }
    println!("Coolify {} at {}", coolify.version().await?, coolify.url());

    let mut created = Created::default();
    let outcome = tokio::select! {
        outcome = journey(coolify, &options, &mut created) => outcome,
        () = stopped() => Err(Interrupted.into()),
    };
    if options.keep {
        println!("\nkept; delete the project in the dashboard when you are done");
        return outcome;
    }
    let removed = remove(coolify, &created).await;
    outcome.and(removed)
}

async fn journey(coolify: &Coolify, options: &Options, created: &mut Created) -> Result<()> {
    let server = usable_server(coolify).await?;
    println!("server       {} ({})", server.name, server.uuid);

    let project = coolify
        .projects()
        .create(format!("sdk-quickstart-{}", std::process::id()))
        .description(made_by("quickstart"))
        .await?;
    println!("project      {}", project.uuid);
    created.project = Some(project.uuid.clone());

    let place = usable_place(coolify, &project.uuid, &server.uuid).await?;
    let application = coolify
        .applications()
        .create_public(
            place,
            &options.repository,
            &options.branch,
            BuildPack::Nixpacks,
        )
        .name("quickstart")
        .base_directory("/node")
        .ports_exposes(["3000"])
        .await?;
    println!("application  {}", application.uuid);
    if let Some(domains) = &application.domains {
        println!("domains      {domains}");
    }
    let application = coolify.application(application.uuid);
    created.application = Some(application.uuid().clone());

    let variables = application
        .envs()
        .bulk([
            BulkApplicationVariable::new("GREETING").value("hello from the SDK"),
            BulkApplicationVariable::new("NIXPACKS_NODE_VERSION")
                .value("22")
                .is_buildtime(true),
        ])
        .await?;
    println!("variables    {}", variables.len());

    let run = application
        .deploy()
        .await?
        .poll_every(Duration::from_secs(1));
    println!("deployment   {}\n", run.uuid());
    let progress = Progress::start();
    let mut events = run.events();
    while let Some(event) = events.next().await {
        match event? {
            RunEvent::Status(status) => progress.status(&status),
            RunEvent::Log(line) if !line.hidden => progress.line(&line.output),
            RunEvent::LogWithheld => progress.line("(the token may not see the log)"),
            _ => {}
        }
    }
    progress.end();

    // The events have shown everything but the reason of a failure.
    let deployment = run.await?;
    println!(
        "\n{} {}",
        deployment.deployment_uuid,
        DeploymentStatus::Finished
    );
    Ok(())
}

/// A background job deletes the application; until it has run, the project is not
/// empty.
async fn remove(coolify: &Coolify, created: &Created) -> Result<()> {
    if let Some(application) = &created.application {
        coolify
            .application(application)
            .delete(Volumes::Delete)
            .await?;
    }
    let Some(project) = &created.project else {
        return Ok(());
    };
    coolify.project(project).delete().and_wait().await?;
    println!("removed the project and everything in it");
    Ok(())
}
