//! Applications and their deployments.

use coolify_sdk::envs::BulkApplicationVariable;
use coolify_sdk::resource::Volumes;

use super::call::{Answer, Call, NO_METHOD, Stop, Tried, made, part, watched, whole};
use super::kinds::{logs, new_storage, of_every_kind, scheduled_tasks};

pub async fn call(id: &str, c: &Call<'_>) -> Tried {
    let app = || c.coolify.application(c.uuid());
    match id {
        "list-applications" => match c.query::<String>("tag")? {
            Some(tag) => whole(c.coolify.applications().list_tagged(&tag).await),
            None => whole(c.coolify.applications().list().await),
        },
        "get-application-by-uuid" => whole(app().get().await),
        "update-application-by-uuid" => whole(c.fill(app().update())?.await),
        "get-application-logs-by-uuid" => logs(c, app().logs()).await,
        "start-application-by-uuid" => {
            let mut request = app().start();
            if let Some(force) = c.switch("force")? {
                request = request.force(force);
            }
            if let Some(instant) = c.switch("instant_deploy")? {
                request = request.instant_deploy(instant);
            }
            made(request.await)
        }
        "restart-application-by-uuid" => made(app().restart().await),
        "rollback-application-by-uuid" => made(app().rollback(c.text("commit")?).await),
        "list-application-rollback-images" => whole(app().rollback_images().await),
        "delete-preview-deployment-by-pull-request-id" => {
            part(app().previews().delete(c.id("pull_request_id")?).await)
        }
        "list-application-destinations" => whole(app().destinations().list().await),
        "add-application-destination" => {
            whole(app().destinations().add(c.text("destination_uuid")?).await)
        }
        "remove-application-destination" => part(
            app()
                .destinations()
                .remove(c.param("destination_uuid"))
                .await,
        ),
        "create-storage-by-application-uuid" => {
            whole(app().storages().create(new_storage(c)?).await)
        }
        _ => return create(id, c).await,
    }
    .map(Some)
}

async fn create(id: &str, c: &Call<'_>) -> Tried {
    let apps = c.coolify.applications();
    let repository = || Ok::<_, Stop>((c.text("git_repository")?, c.text("git_branch")?));
    match id {
        "create-public-application" => {
            let ((repository, branch), pack) = (repository()?, c.text("build_pack")?);
            let request = apps.create_public(c.place()?, repository, branch, pack);
            whole(c.fill(request)?.await)
        }
        "create-private-github-app-application" => {
            let ((repository, branch), pack) = (repository()?, c.text("build_pack")?);
            let github = c.text("github_app_uuid")?;
            let request =
                apps.create_private_github_app(c.place()?, github, repository, branch, pack);
            whole(c.fill(request)?.await)
        }
        "create-private-deploy-key-application" => {
            let ((repository, branch), pack) = (repository()?, c.text("build_pack")?);
            let key = c.text("private_key_uuid")?;
            let request = apps.create_private_deploy_key(c.place()?, key, repository, branch, pack);
            whole(c.fill(request)?.await)
        }
        "create-dockerfile-application" => {
            let request = apps.create_dockerfile(c.place()?, c.plain("dockerfile")?);
            whole(c.fill(request)?.await)
        }
        "create-dockerimage-application" => {
            let image = c.text("docker_registry_image_name")?;
            whole(c.fill(apps.create_docker_image(c.place()?, image))?.await)
        }
        _ => return deployments(id, c).await,
    }
    .map(Some)
}

async fn deployments(id: &str, c: &Call<'_>) -> Tried {
    let deployment = || c.coolify.deployment(c.uuid());
    match id {
        "list-deployments" => whole(c.coolify.deployments().unfinished().await),
        "get-deployment-by-uuid" => whole(deployment().get().await),
        "cancel-deployment-by-uuid" => whole(deployment().cancel().await),
        "list-deployments-by-app-uuid" => {
            let (skip, take) = (
                c.query("skip")?.unwrap_or(0),
                c.query("take")?.unwrap_or(10),
            );
            let history = c.coolify.application(c.uuid()).deployments();
            whole(history.page(skip, take).await)
        }
        "deploy-by-tag-or-uuid" => deploy(c).await,
        _ => return shared(id, c).await,
    }
    .map(Some)
}

async fn deploy(c: &Call<'_>) -> Answer {
    let force = c.switch("force")? == Some(true);
    let (tag, uuid) = (c.query::<String>("tag")?, c.query::<String>("uuid")?);
    let uuids: Vec<&str> = uuid.iter().flat_map(|it| it.split(',')).collect();
    let many = match (tag, &uuids[..]) {
        (Some(tag), []) => c.coolify.deployments().rollout_tag(tag),
        (None, [one]) => {
            let mut deploy = c.coolify.application(*one).deploy();
            if force {
                deploy = deploy.force();
            }
            if let Some(number) = c.query("pr")? {
                deploy = deploy.pull_request(number);
            }
            if let Some(tag) = c.query::<String>("docker_tag")? {
                deploy = deploy.docker_tag(tag);
            }
            return made(deploy.await);
        }
        (None, [_, _, ..]) => c.coolify.deployments().rollout(uuids),
        _ => return Err(Stop::Unsayable(NO_METHOD)),
    };
    made(if force { many.force() } else { many }.await)
}

async fn shared(id: &str, c: &Call<'_>) -> Tried {
    let (id, app) = (
        id.replace("application", "resource"),
        c.coolify.application(c.uuid()),
    );
    if let Some(said) = scheduled_tasks!(id.as_str(), c, app) {
        return Ok(Some(said));
    }
    of_every_kind!(id.as_str(), c, app, BulkApplicationVariable)
}
