//! Calls for the team and the instance: tags, keys, sources, S3 storages,
//! notifications, members.

use coolify_sdk::github_apps::GithubAppCredentials;
use coolify_sdk::s3_storages::S3Bucket;

use super::call::{Call, Tried, made, part, whole};

pub async fn call(id: &str, c: &Call<'_>) -> Tried {
    let (teams, instance, tags) = (c.coolify.teams(), c.coolify.instance(), c.coolify.tags());
    let team = || Ok::<_, super::call::Stop>(c.coolify.team(c.id("id")?));
    let (keys, key) = (c.coolify.private_keys(), || c.coolify.private_key(c.uuid()));
    match id {
        "list-teams" => whole(teams.list().await),
        "get-team-by-id" => whole(team()?.get().await),
        "get-members-by-team-id" => whole(team()?.members().await),
        "get-token-team" | "get-current-team" => whole(teams.current().await),
        "get-token-team-members" | "get-current-team-members" => {
            whole(teams.current_members().await)
        }
        "version" => part(instance.version().await.map(|it| it.to_string())),
        "healthcheck" => part(instance.health().await),
        "enable-api" => part(instance.enable_api().await),
        "disable-api" => part(instance.disable_api().await),
        "enable-mcp" => part(instance.enable_mcp().await),
        "disable-mcp" => part(instance.disable_mcp().await),
        "get-instance-email-settings" => whole(instance.email_settings().await),
        "update-instance-email-settings" => whole(c.fill(instance.update_email_settings())?.await),
        "list-tags" => whole(tags.list().await),
        "create-tag" => whole(tags.create(c.text("name")?).await),
        "update-tag-by-uuid" => whole(c.coolify.tag(c.uuid()).rename(c.text("name")?).await),
        "delete-tag-by-uuid" => part(c.coolify.tag(c.uuid()).delete().await),
        "list-private-keys" => whole(keys.list().await),
        "create-private-key" => whole(c.fill(keys.create(c.text("private_key")?))?.await),
        "get-private-key-by-uuid" => whole(key().get().await),
        "update-private-key" => whole(c.fill(key().update(c.text("private_key")?))?.await),
        "delete-private-key-by-uuid" => part(key().delete().await),
        "list-resources" => made(c.coolify.resources().list().await),
        _ => return sources(id, c).await,
    }
    .map(Some)
}

async fn sources(id: &str, c: &Call<'_>) -> Tried {
    let (githubs, gitlabs) = (c.coolify.github_apps(), c.coolify.gitlab_apps());
    let github = || Ok::<_, super::call::Stop>(c.coolify.github_app(c.id("github_app_id")?));
    let gitlab = || Ok::<_, super::call::Stop>(c.coolify.gitlab_app(c.id("gitlab_app_id")?));
    match id {
        "list-github-apps" => whole(githubs.list().await),
        "create-github-app" => {
            let credentials = GithubAppCredentials {
                app_id: c.required("app_id")?,
                installation_id: c.required("installation_id")?,
                client_id: c.required("client_id")?,
                client_secret: c.required("client_secret")?,
                webhook_secret: c.required("webhook_secret")?,
                private_key: c.required("private_key_uuid")?,
            };
            let request = githubs.create(c.text("name")?, c.text("html_url")?, credentials);
            whole(c.fill(request)?.await)
        }
        "updateGithubApp" => part(c.fill(github()?.update())?.await),
        "deleteGithubApp" => part(github()?.delete().await),
        "load-repositories" => part(github()?.repositories().await),
        "load-branches" => {
            let (owner, repository) = (c.param("owner"), c.param("repo"));
            part(github()?.branches(&owner, &repository).await)
        }
        "list-gitlab-apps" => whole(gitlabs.list().await),
        "create-gitlab-app" => {
            let request = gitlabs.create(c.text("name")?, c.text("html_url")?);
            whole(c.fill(request)?.await)
        }
        "updateGitlabApp" => part(c.fill(gitlab()?.update())?.await),
        "deleteGitlabApp" => part(gitlab()?.delete().await),
        _ => return s3_storages(id, c).await,
    }
    .map(Some)
}

async fn s3_storages(id: &str, c: &Call<'_>) -> Tried {
    let (storages, storage) = (c.coolify.s3_storages(), || c.coolify.s3_storage(c.uuid()));
    match id {
        "list-s3-storages" => whole(storages.list().await),
        "create-s3-storage" => {
            let bucket = S3Bucket {
                endpoint: c.required("endpoint")?,
                region: c.required("region")?,
                bucket: c.required("bucket")?,
                key: c.required("key")?,
                secret: c.required("secret")?,
            };
            whole(c.fill(storages.create(c.text("name")?, bucket))?.await)
        }
        "get-s3-storage-by-uuid" => whole(storage().get().await),
        "update-s3-storage-by-uuid" => whole(c.fill(storage().update())?.await),
        "delete-s3-storage-by-uuid" => part(storage().delete().await),
        "validate-s3-storage-by-uuid" => whole(storage().validate().await),
        _ => return notifications(id, c).await,
    }
    .map(Some)
}

async fn notifications(id: &str, c: &Call<'_>) -> Tried {
    let by = c.coolify.notifications();
    match id {
        "get-current-team-email-notifications" => whole(by.email().await),
        "get-current-team-discord-notifications" => whole(by.discord().await),
        "get-current-team-telegram-notifications" => whole(by.telegram().await),
        "get-current-team-slack-notifications" => whole(by.slack().await),
        "get-current-team-pushover-notifications" => whole(by.pushover().await),
        "get-current-team-webhook-notifications" => whole(by.webhook().await),
        "update-current-team-email-notifications" => whole(c.fill(by.update_email())?.await),
        "update-current-team-discord-notifications" => whole(c.fill(by.update_discord())?.await),
        "update-current-team-telegram-notifications" => whole(c.fill(by.update_telegram())?.await),
        "update-current-team-slack-notifications" => whole(c.fill(by.update_slack())?.await),
        "update-current-team-pushover-notifications" => whole(c.fill(by.update_pushover())?.await),
        "update-current-team-webhook-notifications" => whole(c.fill(by.update_webhook())?.await),
        _ => return Ok(None),
    }
    .map(Some)
}
