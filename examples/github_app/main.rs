//! Deploys a repository that a GitHub app can read: finds the app, the repository and
//! its branch, creates an application, deploys it, and removes it again.
//!
//! ```text
//! cargo run --example github_app                       # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example github_app -- acme/shop      # on yours
//! ```

mod options;
mod register;

use std::process::ExitCode;

use coolify_sdk::deployments::RunEvent;
use coolify_sdk::github_apps::{GithubApp, Repository};
use coolify_sdk::resource::Volumes;
use coolify_sdk::{Coolify, Placement, Uuid};
use coolify_sdk_examples::{
    Interrupted, Misuse, Result, Target, made_by, println, program, stopped, usable_place,
    usable_server,
};
use futures_util::StreamExt;

use options::{Options, USAGE};

const NO_APP: &str = "\
this Coolify has no GitHub app. Create one in the dashboard, under Sources, which also \
creates it at GitHub; or add one that exists at GitHub, with --register (see --help)";

/// A repository that an app can read, and the branch to deploy.
struct Source {
    app: GithubApp,
    repository: String,
    branch: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, Options::parse, run).await
}

async fn run(mut options: Options) -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    if let Target::Embedded(_, fake) = &target {
        println!("this runs on an embedded server, which answers like Coolify\n");
        if options.register.is_none() {
            fake.seed_github_app("acme");
            options.repository.get_or_insert("acme/api".to_owned());
        }
    }
    if let Some(file) = &options.register {
        return register::register(coolify, file, &options).await;
    }
    let app = find_app(coolify, options.app.as_deref()).await?;
    println!("GitHub app   {} ({})", app.name, app.uuid);
    let Some(source) = find_source(coolify, app, &options).await? else {
        println!("\npass the name of a repository to deploy it");
        return Ok(());
    };

    let server = usable_server(coolify).await?;
    println!("server       {} ({})", server.name, server.uuid);
    let project = coolify
        .projects()
        .create(format!("sdk-github-{}", std::process::id()))
        .description(made_by("github_app"))
        .await?
        .uuid;
    println!("project      {project}");
    let journey = async {
        let place = usable_place(coolify, &project, &server.uuid).await?;
        deploy(coolify, place, &source, &options).await
    };
    let outcome = tokio::select! {
        outcome = journey => outcome,
        () = stopped() => Err(Interrupted.into()),
    };
    if options.keep {
        println!("\nkept; delete the project in the dashboard when you are done");
        return outcome;
    }
    let removed = remove(coolify, &project).await;
    outcome.and(removed)
}

/// Returns the app with this name, or the only one.
async fn find_app(coolify: &Coolify, name: Option<&str>) -> Result<GithubApp> {
    let mut apps = coolify.github_apps().list().await?;
    // The built-in source of public repositories is not an app.
    apps.retain(|app| app.is_public != Some(true));
    if apps.is_empty() {
        return Err(NO_APP.into());
    }
    let names: Vec<_> = apps.iter().map(|it| it.name.clone()).collect();
    let names = names.join(", ");
    if let Some(name) = name {
        apps.retain(|app| app.name == name);
    }
    let app = match (apps.pop(), apps.is_empty()) {
        (Some(app), true) => app,
        (None, _) => return Err(format!("there is no such GitHub app; there are {names}").into()),
        _ => return Err(Misuse::new(format!("choose a GitHub app by --app: {names}")).into()),
    };
    if app.installation_id.is_none() {
        let name = &app.name;
        return Err(format!("{name} is not installed: install it from Coolify's dashboard").into());
    }
    Ok(app)
}

/// Returns the repository and its branch; `None` if no repository was named.
async fn find_source(
    coolify: &Coolify,
    app: GithubApp,
    options: &Options,
) -> Result<Option<Source>> {
    let handle = coolify.github_app(app.id);
    let repositories = handle.repositories().await?;
    for repository in &repositories {
        let branch = repository.default_branch.as_deref().unwrap_or("?");
        println!("repository   {} ({branch})", repository.full_name);
    }
    let Some(name) = &options.repository else {
        return Ok(None);
    };
    let is_meant = |it: &&Repository| it.full_name.eq_ignore_ascii_case(name);
    let repository = repositories.iter().find(is_meant).ok_or_else(|| {
        let app = &app.name;
        format!("{app} cannot read {name}: grant it access in the app's settings at GitHub")
    })?;
    let repository_name = repository.full_name.as_str();
    let (owner, name) = repository_name.split_once('/').unwrap_or_default();
    let branches = handle.branches(owner, name).await?;
    let names: Vec<_> = branches.iter().map(|it| it.name.as_str()).collect();
    println!("branches     {}", names.join(", "));
    let branch = options
        .branch
        .as_ref()
        .or(repository.default_branch.as_ref());
    let branch = branch.map_or("main", String::as_str);
    // Coolify lists up to 30, so another branch may exist all the same.
    if names.len() < 30 && !names.contains(&branch) {
        return Err(format!("{repository_name} has no branch {branch}").into());
    }
    Ok(Some(Source {
        repository: repository_name.to_owned(),
        branch: branch.to_owned(),
        app,
    }))
}

async fn deploy(
    coolify: &Coolify,
    place: Placement,
    source: &Source,
    options: &Options,
) -> Result<()> {
    let created = coolify
        .applications()
        .create_private_github_app(
            place,
            &source.app.uuid,
            &source.repository,
            &source.branch,
            options.build_pack.clone(),
        )
        .base_directory(&options.base_directory)
        .ports_exposes([options.port.to_string()])
        .await?;
    println!("application  {}", created.uuid);
    if let Some(domains) = &created.domains {
        println!("domains      {domains}");
    }

    let run = coolify.application(created.uuid).deploy().await?;
    println!("deployment   {}\n", run.uuid());
    let mut events = run.events();
    while let Some(event) = events.next().await {
        match event? {
            RunEvent::Status(status) => println!("-- {status}"),
            RunEvent::Log(line) if !line.hidden => println!("{}", line.output),
            RunEvent::LogWithheld => println!("(the token may not see the log)"),
            _ => {}
        }
    }
    // The events do not contain the reason of a failure.
    let deployment = run.await?;
    let commit = deployment.commit.as_deref().unwrap_or("?");
    println!("\ndeployed {} at commit {commit}", source.repository);
    Ok(())
}

/// A background job deletes the application; until it has run, the project is not
/// empty.
async fn remove(coolify: &Coolify, project: &Uuid) -> Result<()> {
    let project = coolify.project(project);
    for content in project.contents().await? {
        let application = coolify.application(content.uuid);
        application.delete(Volumes::Delete).await?;
    }
    project.delete().and_wait().await?;
    println!("removed the project and everything in it");
    Ok(())
}
