use coolify_sdk::github_apps::GithubAppCredentials;
use coolify_sdk::{ErrorKind, Result};
use coolify_sdk_tests::{Recording, Replay};

use super::{KEY, kept, kept_of};

const GIT_HOST: &str = "http://127.0.0.1:9009";

fn recorded(name: &str, field: &str) -> serde_json::Value {
    Recording::load(name).json()[field].clone()
}

#[tokio::test]
async fn github_apps_show_repositories_and_branches() -> Result<()> {
    let replay = Replay::of(&[
        "create-github-app.ok",
        "list-github-apps.ok",
        "updateGithubApp.ok",
        "load-repositories.ok",
        "load-branches.ok",
        "load-branches.repo-not-found",
        "deleteGithubApp.in-use",
        "deleteGithubApp.ok",
    ])
    .await;
    let coolify = replay.client();
    let credentials = GithubAppCredentials {
        app_id: 1,
        installation_id: 2,
        client_id: "Iv1.x".to_owned(),
        client_secret: "s".into(),
        webhook_secret: "w".into(),
        private_key: KEY.into(),
    };
    let created = coolify
        .github_apps()
        .create("gh", GIT_HOST, credentials)
        .api_url(GIT_HOST)
        .await?;
    kept(&created, "create-github-app.ok");
    kept(&coolify.github_apps().list().await?, "list-github-apps.ok");
    let (unused, used) = (coolify.github_app(created.id), coolify.github_app(2));
    let updated = unused.update().name("gh2").await?;
    let name = "updateGithubApp.ok";
    kept_of(&updated, &recorded(name, "data"), name);
    let name = "load-repositories.ok";
    let repositories = used.repositories().await?;
    kept_of(&repositories, &recorded(name, "repositories"), name);
    let name = "load-branches.ok";
    let branches = used.branches("acme", "web").await?;
    kept_of(&branches, &recorded(name, "branches"), name);
    let absent = used.branches("acme", "absent").await;
    let absent = absent.expect_err("no such repository");
    assert!(absent.is_not_found());
    let hint = absent.hint().unwrap_or_default();
    assert!(!hint.contains("RSA key"), "{hint}");
    let elsewhere = used.branches("acme", "../x").await;
    assert_eq!(
        elsewhere.expect_err("no name").kind(),
        ErrorKind::InvalidRequest
    );
    assert!(used.delete().await.expect_err("in use").is_conflict());
    assert_eq!(unused.delete().await?, "GitHub app deleted successfully");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn gitlab_apps_hide_their_secrets() -> Result<()> {
    let replay = Replay::of(&[
        "create-gitlab-app.ok",
        "list-gitlab-apps.ok",
        "updateGitlabApp.ok",
        "deleteGitlabApp.ok",
    ])
    .await;
    let coolify = replay.client();
    let created = coolify
        .gitlab_apps()
        .create("gl", GIT_HOST)
        .api_url("http://127.0.0.1:9009/api/v4")
        .client_id("c")
        .client_secret("s")
        .await?;
    kept(&created, "create-gitlab-app.ok");
    kept(&coolify.gitlab_apps().list().await?, "list-gitlab-apps.ok");
    let app = coolify.gitlab_app(created.id);
    let name = "updateGitlabApp.ok";
    let updated = app.update().name("gl2").await?;
    kept_of(&updated, &recorded(name, "data"), name);
    assert_eq!(app.delete().await?, "GitLab app deleted successfully");
    replay.check();
    Ok(())
}
