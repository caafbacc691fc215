//! Applications beyond the main journey, on recorded replies.

use coolify_sdk::{EnvironmentRef, Placement, Result};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::{Value, json};

const WEB: &str = "khzsv5nucvscskrm5gez3p8v";

fn load(name: &str) -> Recording {
    Recording::load(name)
}

fn uuid(recording: &Recording) -> String {
    let value = recording.request.params.get("uuid").and_then(Value::as_str);
    value.expect("a uuid").to_owned()
}

fn place() -> Placement {
    Placement::new(
        "gwgmpnq6u26xpsihsouontfu",
        EnvironmentRef::name("production"),
        "ndfqlt8mg8zla6bo50nyqhg8",
    )
}

/// Returns the recording of an application's newest deployments, which the SDK
/// reads to find an equal one.
fn newest(name: &str, application: &str) -> Recording {
    let mut recording = load(name);
    recording.request.query = [("skip", json!(0)), ("take", json!(20))]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
    recording
        .request
        .params
        .insert("uuid".to_owned(), json!(application));
    recording
}

#[tokio::test]
async fn each_origin_has_its_own_create() -> Result<()> {
    let replay = Replay::of(&[
        "create-dockerfile-application.ok",
        "create-dockerimage-application.ok",
        "create-private-deploy-key-application.ok",
        "create-private-github-app-application.ok",
        "create-private-github-app-application.repo-not-found",
    ])
    .await;
    let applications = replay.client().applications();
    applications
        .create_dockerfile(place(), "FROM nginx:alpine\nEXPOSE 80\n")
        .ports_exposes(["80"])
        .name("df")
        .await?;
    applications
        .create_docker_image(place(), "nginx")
        .docker_registry_image_tag("alpine")
        .ports_exposes(["80"])
        .name("img")
        .health_check_enabled(true)
        .health_check_path("/")
        .await?;
    let key = "x9nk5yx5iufpdte9pkd1pvjq";
    applications
        .create_private_deploy_key(
            place(),
            key,
            "git@github.com:acme/private.git",
            "main",
            "dockerfile",
        )
        .ports_exposes(["8080"])
        .await?;
    let app = "vwklshw4p5qxe9x2kc5treyf";
    applications
        .create_private_github_app(place(), app, "acme/web", "main", "nixpacks")
        .ports_exposes(["3000"])
        .name("from-github")
        .await?;
    let absent = applications
        .create_private_github_app(place(), app, "acme/absent", "main", "nixpacks")
        .ports_exposes(["3000"])
        .await;
    assert!(absent.expect_err("no such repository").is_not_found());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn updates_set_clear_and_leave() -> Result<()> {
    let replay = Replay::of(&[
        "update-application-by-uuid.ok",
        "update-application-by-uuid.domains",
    ])
    .await;
    let web = replay.client().application(WEB);
    web.update()
        .name("web2")
        .clear_description()
        .health_check_enabled(true)
        .health_check_path("/health")
        .limits_memory("512M")
        .limits_cpus("1")
        .await?;
    web.update()
        .domains(["https://web.example.com", "https://www.example.com"])
        .await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_restart_joins_what_is_queued() -> Result<()> {
    let replay = Replay::recordings(vec![
        load("restart-application-by-uuid.ok"),
        newest("list-deployments-by-app-uuid.ok", WEB),
    ])
    .await;
    let run = replay.client().application(WEB).restart().await?;
    assert!(run.joined());
    assert_eq!(run.uuid(), "lnclkktwxr1iku4y010f9und");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn several_deployments_give_a_run_each() -> Result<()> {
    let image = "y4ahzvo3zrdwhhjscv16sqbc";
    let mut over = newest("list-deployments-by-app-uuid.ok", image);
    over.response.json = Some(json!({"count": 0, "deployments": []}));
    let replay = Replay::recordings(vec![
        load("deploy-by-tag-or-uuid.several"),
        newest("list-deployments-by-app-uuid.with-preview", WEB),
        over,
    ])
    .await;
    let rollout = replay.client().deployments().rollout([WEB, image]).await?;
    assert_eq!(rollout.runs.len(), 1);
    assert_eq!(rollout.runs[0].resource, WEB);
    assert!(rollout.runs[0].run.joined());
    let production = "0x360e1s6rstsn7h7lpbandk";
    assert_eq!(rollout.runs[0].run.uuid(), production, "not the preview");
    assert_eq!(rollout.without_run, [image]);
    assert!(rollout.unknown.is_empty());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn an_unknown_uuid_among_several_is_told() -> Result<()> {
    let mut recording = load("deploy-by-tag-or-uuid.to-finish");
    let known = "y4ahzvo3zrdwhhjscv16sqbc";
    let both = format!("{known},nope");
    recording
        .request
        .query
        .insert("uuid".to_owned(), json!(both));
    let replay = Replay::recordings(vec![recording]).await;
    let deploy = replay.client().deployments().rollout([known, "nope"]);
    let rollout = deploy.force().await?;
    assert_eq!(rollout.unknown, ["nope"]);
    assert_eq!(rollout.runs.len(), 1);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_tag_deploys_what_has_it() -> Result<()> {
    let by_tag = load("deploy-by-tag-or-uuid.by-tag");
    let details = by_tag.json()["details"].clone();
    let gone = |index: usize, status: u16| {
        let mut recording = load("get-deployment-by-uuid.of-full-queue");
        let uuid = details[index]["deployment_uuid"].clone();
        recording
            .request
            .params
            .insert("uuid".to_owned(), uuid.clone());
        if status == 200 {
            let found = load("get-deployment-by-uuid.in-progress");
            recording.response = found.response;
            let reply = recording.response.json.as_mut().expect("a deployment");
            reply["deployment_uuid"] = uuid;
        }
        recording
    };
    let replay = Replay::recordings(vec![
        by_tag,
        gone(0, 404),
        newest("list-deployments-by-app-uuid.ok", WEB),
        gone(1, 200),
    ])
    .await;
    let rollout = replay.client().deployments().rollout_tag("beta").await?;
    let joined: Vec<_> = rollout.runs.iter().map(|one| one.run.joined()).collect();
    assert_eq!(joined, [true, false]);
    assert_eq!(rollout.messages.len(), 2);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn destinations_images_and_previews() -> Result<()> {
    let preview = load("delete-preview-deployment-by-pull-request-id.ok");
    let number = preview.request.params["pull_request_id"].clone();
    let number = number
        .as_i64()
        .or_else(|| number.as_str().and_then(|n| n.parse().ok()))
        .expect("a number");
    let images = load("list-application-rollback-images.ok");
    let (with_preview, with_images) = (uuid(&preview), uuid(&images));
    let replay = Replay::recordings(vec![
        load("list-application-destinations.ok"),
        load("add-application-destination.ok"),
        load("remove-application-destination.ok"),
        images,
        preview,
    ])
    .await;
    let coolify = replay.client();
    let destinations = coolify.application(WEB).destinations();
    assert_eq!(destinations.list().await?[0].is_primary, Some(true));
    let added = destinations.add("xvsbsh3vdoweviqdmdtct9uj").await?;
    destinations.remove(&added.uuid).await?;
    let images = coolify.application(with_images).rollback_images().await?;
    assert_eq!(images.images.len(), 2);
    coolify
        .application(with_preview)
        .previews()
        .delete(number)
        .await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_rollback_is_a_run() -> Result<()> {
    let name = "rollback-application-by-uuid.ok";
    let application = uuid(&load(name));
    let replay = Replay::recordings(vec![load(name)]).await;
    let run = replay
        .client()
        .application(application)
        .rollback("abcdef1")
        .await?;
    assert!(!run.joined());
    replay.check();
    Ok(())
}
