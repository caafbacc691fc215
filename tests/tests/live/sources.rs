//! GitHub and GitLab apps. Coolify does not check them when they are created.

use coolify_sdk::github_apps::GithubAppCredentials;
use coolify_sdk_tests::live::{Leftover, Live, Outcome, live_test};

use crate::keys_and_tokens::unless_refused;
use crate::make;

/// An unused address.
const NOWHERE: &str = "https://203.0.113.80";

#[live_test(ability = "write")]
async fn github_apps(live: Live) -> Outcome {
    let credentials = GithubAppCredentials {
        app_id: 1,
        installation_id: 2,
        client_id: "Iv1.live".to_owned(),
        client_secret: "secret".into(),
        webhook_secret: "secret".into(),
        private_key: make::private_key(&live).await?,
    };
    let apps = live.coolify().github_apps();
    let create = apps.create(live.name("github"), NOWHERE, credentials);
    let created = create.api_url(NOWHERE).await.map_err(unless_refused)?;
    live.made(Leftover::GithubApp(created.id));
    let app = live.coolify().github_app(created.id);
    let name = live.name("renamed");
    assert_eq!(app.update().name(name.clone()).await?.name, name);
    assert!(apps.list().await?.iter().any(|it| it.name == name));
    app.delete().await?;
    assert!(apps.list().await?.iter().all(|it| it.id != created.id));
    Ok(())
}

#[live_test(since = "4.3.0", ability = "write")]
async fn gitlab_apps(live: Live) -> Outcome {
    let apps = live.coolify().gitlab_apps();
    let create = apps.create(live.name("gitlab"), NOWHERE);
    let created = create
        .api_url(format!("{NOWHERE}/api/v4"))
        .client_id("live")
        .client_secret("secret");
    let created = created.await.map_err(unless_refused)?;
    live.made(Leftover::GitlabApp(created.id));
    let app = live.coolify().gitlab_app(created.id);
    let name = live.name("renamed");
    assert_eq!(app.update().name(name.clone()).await?.name, name);
    assert!(apps.list().await?.iter().any(|it| it.name == name));
    app.delete().await?;
    assert!(apps.list().await?.iter().all(|it| it.id != created.id));
    Ok(())
}
