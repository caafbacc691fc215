//! Behaviour that was only found on running servers.

use std::time::Duration;

use coolify_sdk::deployments::DeploymentRun;
use coolify_sdk::resource::Volumes;
use coolify_sdk::{DeploymentStatus, ErrorKind, FieldError, Id, Result, RetryPolicy};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::json;

use super::{
    DATABASE, PROJECT, SECOND_SERVER, SERVER, SERVICE, WEB, load, param, place, refusal, replay,
    wire,
};

const KEY: &str = "x9nk5yx5iufpdte9pkd1pvjq";

#[tokio::test]
async fn running_deployments_come_as_an_object_too() -> Result<()> {
    for name in [
        "list-deployments.ok",
        "list-deployments.object-keys",
        "4.1.2/list-deployments.ok",
        "4.1.2/list-deployments.object-keys",
    ] {
        assert!(Recording::load(name).json().is_object(), "{name}");
        let replay = Replay::of(&[name]).await;
        let running = replay.client().deployments().unfinished().await?;
        assert!(running.len() > 1, "{name}");
        replay.check();
    }
    // The teams of a user can do so, too.
    let mut teams = load("list-teams.ok");
    let first = teams.json()[0].clone();
    teams.response.json = Some(json!({"1": first}));
    let replay = Replay::recordings(vec![teams]).await;
    assert_eq!(replay.client().teams().list().await?.len(), 1);
    replay.check();
    Ok(())
}

fn quick(run: DeploymentRun) -> DeploymentRun {
    run.poll_every(Duration::from_millis(100))
}

#[tokio::test]
async fn a_start_that_a_full_queue_swallowed_is_an_error() {
    let names = [
        "start-application-by-uuid.queue-full",
        "get-deployment-by-uuid.of-full-queue",
        "rollback-application-by-uuid.queue-full",
    ];
    let replay = replay(names).await;
    let application = param(&load(names[0]), "uuid");
    let application = replay.client().application(application);
    let started = application.start().force(true).await.map(drop);
    let rolled_back = application.rollback("abcdef1").await.map(drop);
    for result in [started, rolled_back] {
        let error = result.expect_err("the queue is full");
        assert!(error.is_queue_full(), "{error}");
    }
    replay.check();
}

#[tokio::test]
async fn a_restart_that_a_full_queue_swallowed_is_an_error() {
    let restart = load("restart-application-by-uuid.queue-full");
    let ghost = restart.json()["deployment_uuid"].clone();
    let mut unknown = load("get-deployment-by-uuid.of-full-queue");
    unknown.request.params.insert("uuid".to_owned(), ghost);
    let application = param(&restart, "uuid");
    let replay = Replay::recordings(vec![restart, unknown]).await;
    let restart = replay.client().application(application).restart().await;
    let error = restart.expect_err("the queue is full");
    assert!(error.is_queue_full(), "{error}");
    assert_eq!(error.operation(), Some("restart-application-by-uuid"));
    replay.check();
}

#[tokio::test]
async fn a_deployment_that_never_appears_is_found_out() {
    let unknown = "get-deployment-by-uuid.of-full-queue";
    let replay = Replay::of(&[unknown; 6]).await;
    let uuid = param(&Recording::load(unknown), "uuid");
    let run = quick(replay.client().deployment(uuid).follow());
    let error = run.await.expect_err("it will never be there");
    assert!(error.is_not_found());
    assert!(error.hint().is_some_and(|it| it.contains("queue was full")));
    replay.check();
}

#[tokio::test]
async fn a_cancel_that_answers_500_is_looked_at_again() -> Result<()> {
    let cancel = Recording::load("4.1.2/cancel-deployment-by-uuid.ok");
    assert_eq!(cancel.response.status, 500);
    let uuid = param(&cancel, "uuid");
    let after = Recording::load("4.1.2/get-deployment-by-uuid.cancelled");
    let replay = Replay::recordings(vec![cancel, after]).await;
    let cancelled = replay.client().deployment(uuid).cancel().await?;
    assert_eq!(cancelled.status, Some(DeploymentStatus::CancelledByUser));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn the_wrong_build_time_is_ignored_in_silence_and_cannot_be_written() {
    for name in [
        "create-env-by-database-uuid.wrong-build-time-name",
        "create-env-by-service-uuid.wrong-build-time-name",
        "update-envs-by-application-uuid.wrong-build-time-name",
    ] {
        assert_eq!(load(name).response.status, 201, "{name}");
    }
    // Nor do databases and services know the right name; see `tests/ui`.
    let replay = replay([]).await;
    let coolify = replay.client();
    let create = coolify.database(DATABASE).envs().create("A", "1");
    let body = wire(create.is_literal(true).body());
    assert_eq!(body, json!({"key": "A", "value": "1", "is_literal": true}));
}

#[tokio::test]
async fn creating_a_variable_gives_its_uuid_everywhere() -> Result<()> {
    let names = [
        "create-env-by-application-uuid.ok",
        "create-env-by-database-uuid.ok",
        "create-env-by-service-uuid.ok",
    ];
    let replay = replay(names).await;
    let coolify = replay.client();
    let (key, value) = ("DATABASE_URL", "postgres://u:p@db:5432/app");
    let created = [
        coolify
            .application(WEB)
            .envs()
            .create(key, value)
            .is_literal(true)
            .is_multiline(false)
            .is_preview(false)
            .await?,
        coolify
            .database(DATABASE)
            .envs()
            .create(key, value)
            .is_literal(true)
            .is_multiline(false)
            .await?,
        coolify
            .service(SERVICE)
            .envs()
            .create(key, value)
            .is_literal(true)
            .is_multiline(false)
            .await?,
    ];
    for (uuid, name) in created.iter().zip(names) {
        assert_eq!(Some(uuid.as_str()), load(name).json()["uuid"].as_str());
    }
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_201_is_a_success_where_200_is_documented() -> Result<()> {
    let names = [
        "create-database-mariadb.ok",
        "update-server-by-uuid.ok",
        "update-project-by-uuid.ok",
    ];
    assert!(names.iter().all(|name| load(name).response.status == 201));
    let replay = replay(names).await;
    let coolify = replay.client();
    coolify
        .databases()
        .create_mariadb(place())
        .name("mariadb")
        .description("mariadb db")
        .instant_deploy(false)
        .await?;
    coolify
        .server(SECOND_SERVER)
        .update()
        .name("renamed")
        .description("d2")
        .concurrent_builds(3)
        .await?;
    let project = coolify.project(PROJECT).update();
    project.name("demo2").description("Renamed").await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn deleting_twice_is_no_error_and_servers_are_gone_at_once() -> Result<()> {
    let keeping = |name: &str| {
        let mut recording = load(name);
        let query = ["delete_volumes", "delete_configurations"];
        recording.request.query = query.map(|it| (it.to_owned(), json!(false))).into();
        recording
    };
    let replay = Replay::recordings(vec![
        keeping("delete-database-by-uuid.ok"),
        load("get-database-by-uuid.after-delete"),
        keeping("delete-database-by-uuid.twice"),
        load("get-database-by-uuid.gone"),
        keeping("delete-service-by-uuid.twice"),
        load("get-service-by-uuid.after-delete"),
        load("get-service-by-uuid.gone"),
        load("delete-server-by-uuid.ok"),
        load("get-server-by-uuid.after-delete"),
    ])
    .await;
    let coolify = replay.client();
    let database = coolify.database(DATABASE);
    database.delete(Volumes::Keep).await?;
    database.get().await?;
    database.delete(Volumes::Keep).await?;
    assert!(database.get().await.unwrap_err().is_not_found());
    let service = coolify.service(SERVICE);
    service.delete(Volumes::Keep).await?;
    service.get().await?;
    assert!(service.get().await.unwrap_err().is_not_found());
    let server = coolify.server(SECOND_SERVER);
    server.delete().await?;
    assert!(server.get().await.unwrap_err().is_not_found());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn health_is_rate_limited_too() {
    let replay = replay(["healthcheck.while-rate-limited"]).await;
    let coolify = replay.client().with_retry(RetryPolicy::none());
    let error = coolify.instance().health().await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(45)));
    replay.check();
}

#[tokio::test]
async fn limits_of_cloud_providers_are_told_from_coolifys() -> Result<()> {
    let hetzner = load("create-hetzner-server.upstream-429");
    let body = hetzner.request.body.as_ref().expect("a body");
    let script = body["cloud_init_script"]
        .as_str()
        .expect("a script")
        .to_owned();
    let image = body["image"].as_i64().expect("an image");
    let name = body["name"].as_str().map(str::to_owned);
    let minimal = load("create-hetzner-server.minimal-ipv6");
    let digitalocean = load("create-digitalocean-server.upstream-429");
    let replay = Replay::recordings(vec![hetzner, minimal, digitalocean]).await;
    let coolify = replay.client();

    let hetzner = coolify.hetzner("nk2ufhfsbyjpgwfpclsvtvnm");
    let mut order = hetzner
        .create_server(KEY, "fsn1", "cpx11", image)
        .hetzner_ssh_key_ids([2323])
        .hetzner_firewall_ids([38])
        .hetzner_network_ids([4711])
        .enable_backups(true)
        .cloud_init_script(script);
    if let Some(name) = name {
        order = order.name(name);
    }
    let error = order.await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Server, Some(500))
    );
    assert!(error.hint().is_some_and(|it| it.contains("cloud provider")));
    let order = hetzner.create_server(KEY, "fsn1", "cpx11", image);
    let created = order.enable_ipv4(false).await?;
    assert_eq!(created.ip.as_deref(), Some("2001:db8:7f::/64"), "a network");

    let order = coolify
        .digitalocean("7g9vkyvgarm1al7zfrxz78x9")
        .create_server(KEY, "nyc3", "s-1vcpu-1gb", "ubuntu-24-04-x64")
        .enable_ipv6(true)
        .name("ratelimited");
    let error = order.await.unwrap_err();
    assert!(error.is_rate_limited() && error.attempts() == 1);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(17)));
    assert!(error.hint().is_some_and(|it| it.contains("provider")));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn errors_come_in_three_shapes() {
    for (name, field, message) in [
        (
            "update-application-by-uuid.unknown-fields",
            Some("nope"),
            "This field is not allowed.",
        ),
        (
            "update-application-by-uuid.invalid-ports",
            Some("ports_exposes"),
            "The ports_exposes should be a comma separated list of numbers.",
        ),
        (
            "update-application-by-uuid.invalid-domain",
            None,
            "Invalid URL: not a url",
        ),
    ] {
        let error = refusal(name).await;
        let found = error.field_errors().iter().find(|it| it.field() == field);
        assert_eq!(found.map(FieldError::message), Some(message), "{name}");
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[tokio::test]
async fn a_member_sees_servers_and_no_projects() -> Result<()> {
    let replay = replay([
        "list-projects.member-token",
        "list-applications.member-token",
        "list-databases.member-token",
        "list-servers.member-token",
        "list-private-keys.member-token",
        "list-destinations.member-token",
    ])
    .await;
    let coolify = replay.client();
    assert_eq!(coolify.projects().list().await?, []);
    assert_eq!(coolify.applications().list().await?, []);
    assert_eq!(coolify.databases().list().await?, []);
    assert_eq!(coolify.servers().list().await?[0].uuid, SERVER);
    let keys = coolify.private_keys().list().await?;
    assert!(keys[0].public_key.is_some() && keys[0].private_key.is_none());
    assert!(!coolify.destinations().list().await?.is_empty());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_deployment_brings_its_application_with_its_server() -> Result<()> {
    let names = [
        "get-deployment-by-uuid.finished",
        "get-deployment-by-uuid.finished-read-token",
    ];
    let uuid = param(&load(names[0]), "uuid");
    let replay = replay(names).await;
    let deployment = replay.client().deployment(uuid);
    let full = deployment.get().await?;
    let mut plain = deployment.get().await?;
    assert!(full.logs.is_some() && plain.logs.is_none());
    plain.logs.clone_from(&full.logs);
    assert_eq!(plain, full, "the log is all that is withheld");
    let destination = full.application.and_then(|it| it.destination);
    let server = destination.and_then(|it| it.server);
    assert_eq!(server.map(|it| it.name).as_deref(), Some("localhost"));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_failed_task_may_tell_its_stack_and_ids_may_be_text() -> Result<()> {
    let executions = load("list-scheduled-task-executions-by-application-uuid.failed");
    let task = param(&executions, "task_uuid");
    let app = load("create-github-app.ok");
    assert_eq!(app.json()["team_id"], "0");
    let team: Id = serde_json::from_value(app.json()["team_id"].clone()).expect("an id");
    assert_eq!(team.get(), 0);
    let replay = Replay::recordings(vec![executions]).await;
    let tasks = replay.client().application(WEB).scheduled_tasks();
    let failed = &tasks.executions(task).await?[0];
    let details = failed.error_details.as_ref().expect("details").expose();
    assert!(details.lines().count() > 3, "{details}");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_server_in_development_mode_transfers() -> Result<()> {
    let name = "migrate-application-by-uuid.app-env-local";
    let path = Recording::file(name);
    let text = std::fs::read_to_string(path).expect("the recording");
    assert!(text.contains(r#""app_env": "local""#));
    let replay = replay([name]).await;
    let uuid = param(&load(name), "uuid");
    let application = replay.client().application(&uuid);
    let migrated = application.migrate("h7tnpmyf2udgxk0ytjxozcgm").await?;
    assert_eq!(migrated.uuid, *uuid);
    replay.check();
    Ok(())
}
