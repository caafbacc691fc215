//! Registers a GitHub app with Coolify.

use std::str::FromStr;

use coolify_sdk::github_apps::{GithubApp, GithubAppCredentials};
use coolify_sdk::{Coolify, Uuid};
use coolify_sdk_examples::{Interrupted, Misuse, Result, println, stopped};

use crate::options::Options;

/// Adds the app with its private key. If GitHub does not accept it, both are removed.
pub async fn register(coolify: &Coolify, file: &str, options: &Options) -> Result<()> {
    // Everything is read before the first call.
    let pem = std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let name = options.app.as_deref().unwrap_or("github");
    let mut credentials = GithubAppCredentials {
        app_id: variable("GITHUB_APP_ID")?,
        installation_id: variable("GITHUB_INSTALLATION_ID")?,
        client_id: variable("GITHUB_CLIENT_ID")?,
        client_secret: variable::<String>("GITHUB_CLIENT_SECRET")?.into(),
        webhook_secret: variable::<String>("GITHUB_WEBHOOK_SECRET")?.into(),
        private_key: "".into(),
    };
    if named(coolify, name).await?.is_some() {
        return Err(format!("Coolify has a GitHub app {name} already").into());
    }
    let key = coolify
        .private_keys()
        .create(pem)
        .name(format!("{name}-key"))
        .await?
        .uuid;
    println!("private key  {key}");
    credentials.private_key = key.clone();

    let added = tokio::select! {
        added = add(coolify, name, credentials, options) => added,
        () = stopped() => Err(Interrupted.into()),
    };
    if added.is_err() {
        undo(coolify, name, key).await?;
    }
    added
}

async fn add(
    coolify: &Coolify,
    name: &str,
    credentials: GithubAppCredentials,
    options: &Options,
) -> Result<()> {
    // Before 4.2.0, Coolify does not derive the address of the API.
    let api_url =
        options
            .api_url
            .clone()
            .unwrap_or_else(|| match options.url.trim_end_matches('/') {
                "https://github.com" => "https://api.github.com".to_owned(),
                own => format!("{own}/api/v3"),
            });
    let apps = coolify.github_apps();
    let create = apps.create(name, &options.url, credentials);
    let app = create.api_url(api_url).await?;
    println!("GitHub app   {} ({})", app.name, app.uuid);
    // Coolify has checked nothing yet. This is the first call that reaches GitHub.
    for repository in coolify.github_app(app.id).repositories().await? {
        println!("repository   {}", repository.full_name);
    }
    Ok(())
}

/// Removes the app, and the key.
async fn undo(coolify: &Coolify, name: &str, key: Uuid) -> Result<()> {
    if let Some(app) = named(coolify, name).await? {
        coolify.github_app(app.id).delete().await?;
    }
    // Coolify has deleted the key together with the app.
    match coolify.private_key(key).delete().await {
        Err(error) if !error.is_not_found() => return Err(error.into()),
        _ => println!("removed what was added"),
    }
    Ok(())
}

async fn named(coolify: &Coolify, name: &str) -> Result<Option<GithubApp>> {
    let apps = coolify.github_apps().list().await?;
    Ok(apps.into_iter().find(|it| it.name == name))
}

fn variable<T: FromStr>(name: &str) -> Result<T, Misuse> {
    let text = std::env::var(name).map_err(|_| Misuse::new(format!("{name} is not set")))?;
    let wrong = |_| Misuse::new(format!("{name} is not a number"));
    text.parse().map_err(wrong)
}
