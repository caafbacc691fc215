//! Reads everything that the token can see, and changes nothing.

use std::future::Future;

use coolify_sdk::cloud_tokens::CloudProvider;
use coolify_sdk::operations::Ability;
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::{Error, Result, Uuid};
use coolify_sdk_tests::live::{Live, Outcome, live_test};

/// How many resources of a kind are read, because they may differ.
const MANY: usize = 3;

fn first(uuids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    uuids.take(MANY).collect()
}

/// Reads something for which Coolify calls Docker or a cloud provider. It is not
/// a failure if that is unreachable.
async fn from_behind<T>(read: impl Future<Output = Result<T>>) -> Outcome {
    match read.await {
        Err(error) if is_from_behind(&error) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}

fn is_from_behind(error: &Error) -> bool {
    error
        .status()
        .is_some_and(|status| status != 501 && status != 403 && status >= 400)
}

#[live_test]
async fn the_instance(live: Live) -> Outcome {
    let instance = live.coolify().instance();
    instance.version().await?;
    assert!(!instance.health().await?.is_empty());
    if live.has("4.3.10") {
        match instance.email_settings().await {
            // Only the root team may read it.
            Err(error)
                if error.is_forbidden() && error.missing_ability() != Some(Ability::Read) => {}
            other => drop(other?),
        }
    }
    Ok(())
}

#[live_test]
async fn teams(live: Live) -> Outcome {
    let teams = live.coolify().teams();
    teams.list().await?;
    let current = teams.current().await?;
    assert!(!teams.current_members().await?.is_empty());
    let team = live.coolify().team(current.id);
    assert_eq!(team.get().await?.name, current.name);
    assert!(!team.members().await?.is_empty());
    let raw = live.coolify().raw();
    raw.get_current_team().await?;
    raw.get_current_team_members().await?;
    if live.has("4.3.0") {
        raw.get_token_team().await?;
        raw.get_token_team_members().await?;
    }
    Ok(())
}

#[live_test]
async fn servers(live: Live) -> Outcome {
    let servers = live.coolify().servers().list().await?;
    for uuid in first(servers.into_iter().map(|it| it.uuid)) {
        let server = live.coolify().server(uuid);
        server.get().await?;
        server.get_with_resources().await?;
        server.resources().await?;
        server.domains().await?;
    }
    Ok(())
}

#[live_test(since = "4.3.0")]
async fn settings_of_servers(live: Live) -> Outcome {
    let servers = live.coolify().servers().list().await?;
    for uuid in first(servers.into_iter().map(|it| it.uuid)) {
        let server = live.coolify().server(uuid);
        server.proxy().get().await?;
        server.sentinel().get().await?;
        server.docker_cleanup().get().await?;
        server.docker_cleanup().executions().await?;
        server.log_drains().get().await?;
        server.cloudflare_tunnel().get().await?;
        server.shared_variables().list().await?;
    }
    Ok(())
}

#[live_test(since = "4.2.0")]
async fn destinations(live: Live) -> Outcome {
    let destinations = live.coolify().destinations();
    let all = destinations.list().await?;
    for uuid in first(all.into_iter().map(|it| it.uuid)) {
        live.coolify().destination(uuid).get().await?;
    }
    for server in live.servers().iter().take(MANY) {
        destinations.of_server(server.uuid.clone()).list().await?;
    }
    Ok(())
}

#[live_test]
async fn projects(live: Live) -> Outcome {
    let projects = live.coolify().projects().list().await?;
    for uuid in first(projects.into_iter().map(|it| it.uuid)) {
        let project = live.coolify().project(uuid);
        // Another test may just have removed it.
        if unless_gone(project.get().await)?.is_none() {
            continue;
        }
        let environments = unless_gone(project.environments().list().await)?;
        for environment in environments.into_iter().flatten().take(MANY) {
            let environment = project.environment(environment.uuid.as_str());
            unless_gone(environment.get().await)?;
            if live.has("4.3.0") {
                unless_gone(environment.shared_variables().list().await)?;
            }
        }
        if live.has("4.3.0") {
            unless_gone(project.shared_variables().list().await)?;
        }
    }
    Ok(())
}

/// Returns `None` if the resource is gone, because its owner may remove it at any
/// time.
fn unless_gone<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

#[live_test]
async fn resources(live: Live) -> Outcome {
    live.coolify().resources().list().await?;
    Ok(())
}

#[live_test]
async fn applications(live: Live) -> Outcome {
    let applications = live.coolify().applications().list().await?;
    for uuid in first(applications.into_iter().map(|it| it.uuid)) {
        let application = live.coolify().application(uuid);
        if unless_gone(application.get().await)?.is_none() {
            continue;
        }
        unless_gone(application.envs().list().await)?;
        unless_gone(application.storages().list().await)?;
        let history = unless_gone(application.deployments().page(0, 5).await)?;
        for deployment in history.into_iter().flat_map(|it| it.deployments).take(MANY) {
            let deployment = live.coolify().deployment(deployment.deployment_uuid);
            unless_gone(deployment.get().await)?;
        }
        let tasks = application.scheduled_tasks();
        for task in unless_gone(tasks.list().await)?
            .into_iter()
            .flatten()
            .take(MANY)
        {
            unless_gone(tasks.executions(task.uuid).await)?;
        }
        from_behind(application.logs().lines(5).send()).await?;
        if live.has("4.2.0") {
            unless_gone(application.tags().list().await)?;
        }
        if live.has("4.3.0") {
            unless_gone(application.destinations().list().await)?;
            from_behind(application.rollback_images()).await?;
        }
    }
    Ok(())
}

#[live_test]
async fn databases(live: Live) -> Outcome {
    let raw = live.coolify().raw();
    raw.list_databases().await?;
    let databases = live.coolify().databases().list().await?;
    for uuid in first(databases.into_iter().map(|it| it.uuid)) {
        let database = live.coolify().database(uuid);
        if unless_gone(database.get().await)?.is_none() {
            continue;
        }
        unless_gone(database.envs().list().await)?;
        unless_gone(database.storages().list().await)?;
        let backups = unless_gone(database.backups().list().await)?;
        for backup in backups.into_iter().flatten().take(MANY) {
            unless_gone(database.backup(backup.uuid).executions().await)?;
        }
        if live.has("4.2.0") {
            unless_gone(database.tags().list().await)?;
            from_behind(database.logs().lines(5).send()).await?;
        }
    }
    Ok(())
}

#[live_test]
async fn services(live: Live) -> Outcome {
    let services = live.coolify().services().list().await?;
    for uuid in first(services.into_iter().map(|it| it.uuid)) {
        let service = live.coolify().service(uuid);
        if unless_gone(service.get().await)?.is_none() {
            continue;
        }
        unless_gone(service.envs().list().await)?;
        unless_gone(service.storages().list().await)?;
        let tasks = service.scheduled_tasks();
        for task in unless_gone(tasks.list().await)?
            .into_iter()
            .flatten()
            .take(MANY)
        {
            unless_gone(tasks.executions(task.uuid).await)?;
        }
        if !live.has("4.2.0") {
            continue;
        }
        unless_gone(service.tags().list().await)?;
        let applications = unless_gone(service.applications().list().await)?;
        for part in applications.into_iter().flatten().take(MANY) {
            from_behind(service.logs(part.name).lines(5).send()).await?;
            let part = service.application(part.uuid);
            unless_gone(part.get().await)?;
            from_behind(part.logs().lines(5).send()).await?;
            from_behind(part.logs_uncached().lines(5).send()).await?;
        }
        let databases = unless_gone(service.databases().list().await)?;
        for part in databases.into_iter().flatten().take(MANY) {
            let part = service.database(part.uuid);
            unless_gone(part.get().await)?;
            from_behind(part.logs().lines(5).send()).await?;
        }
    }
    Ok(())
}

#[live_test]
async fn deployments(live: Live) -> Outcome {
    live.coolify().deployments().unfinished().await?;
    Ok(())
}

#[live_test]
async fn keys(live: Live) -> Outcome {
    let keys = live.coolify().private_keys().list().await?;
    for uuid in first(keys.into_iter().map(|it| it.uuid)) {
        unless_gone(live.coolify().private_key(uuid).get().await)?;
    }
    Ok(())
}

#[live_test]
async fn cloud_tokens(live: Live) -> Outcome {
    let tokens = live.coolify().cloud_tokens().list().await?;
    for token in tokens.into_iter().take(MANY) {
        unless_gone(live.coolify().cloud_token(token.uuid.clone()).get().await)?;
        match token.provider {
            CloudProvider::Hetzner => {
                let hetzner = live.coolify().hetzner(token.uuid);
                from_behind(hetzner.locations()).await?;
                from_behind(hetzner.server_types()).await?;
                from_behind(hetzner.images()).await?;
                from_behind(hetzner.ssh_keys()).await?;
                if live.has("4.2.0") {
                    from_behind(hetzner.networks()).await?;
                    from_behind(hetzner.firewalls()).await?;
                }
            }
            CloudProvider::DigitalOcean if live.has("4.2.0") => {
                let digitalocean = live.coolify().digitalocean(token.uuid);
                from_behind(digitalocean.regions()).await?;
                from_behind(digitalocean.sizes()).await?;
                from_behind(digitalocean.images()).await?;
                from_behind(digitalocean.ssh_keys()).await?;
            }
            CloudProvider::Vultr if live.has("4.2.0") => {
                let vultr = live.coolify().vultr(token.uuid);
                from_behind(vultr.regions()).await?;
                from_behind(vultr.plans()).await?;
                from_behind(vultr.operating_systems()).await?;
                from_behind(vultr.ssh_keys()).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

#[live_test(since = "4.3.0")]
async fn cloud_init_scripts(live: Live) -> Outcome {
    let scripts = live.coolify().cloud_init_scripts().list().await?;
    for uuid in first(scripts.into_iter().map(|it| it.uuid)) {
        unless_gone(live.coolify().cloud_init_script(uuid).get().await)?;
    }
    Ok(())
}

#[live_test]
async fn github_apps(live: Live) -> Outcome {
    let apps = live.coolify().github_apps().list().await?;
    let installed = apps
        .iter()
        .find(|it| it.installation_id.is_some_and(|id| id.get() > 2));
    if let Some(app) = installed {
        let app = live.coolify().github_app(app.id);
        from_behind(async {
            let repositories = app.repositories().await?;
            if let Some((owner, name)) = repositories
                .first()
                .and_then(|it| it.full_name.split_once('/'))
            {
                app.branches(owner, name).await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[live_test(since = "4.3.0")]
async fn gitlab_apps(live: Live) -> Outcome {
    live.coolify().gitlab_apps().list().await?;
    Ok(())
}

#[live_test(since = "4.3.0")]
async fn s3_storages(live: Live) -> Outcome {
    let storages = live.coolify().s3_storages().list().await?;
    for uuid in first(storages.into_iter().map(|it| it.uuid)) {
        unless_gone(live.coolify().s3_storage(uuid).get().await)?;
    }
    Ok(())
}

#[live_test(since = "4.2.0")]
async fn tags(live: Live) -> Outcome {
    live.coolify().tags().list().await?;
    Ok(())
}

#[live_test(since = "4.3.0")]
async fn variables_of_the_team(live: Live) -> Outcome {
    live.coolify()
        .shared_variables(SharedScope::Team)
        .list()
        .await?;
    Ok(())
}

#[live_test(since = "4.3.0")]
async fn notifications(live: Live) -> Outcome {
    let notifications = live.coolify().notifications();
    notifications.discord().await?;
    notifications.email().await?;
    notifications.pushover().await?;
    notifications.slack().await?;
    notifications.telegram().await?;
    notifications.webhook().await?;
    Ok(())
}
