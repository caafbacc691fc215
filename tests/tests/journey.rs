//! The main journey, on what real servers answered.

use std::time::Duration;

use coolify_sdk::applications::BuildPack;
use coolify_sdk::deployments::{DeploymentRun, RunEvent};
use coolify_sdk::envs::BulkApplicationVariable;
use coolify_sdk::{DeploymentStatus, EnvironmentRef, ErrorKind, Placement, Result};
use coolify_sdk_tests::{Recording, Replay};
use futures_util::TryStreamExt;

const PROJECT: &str = "gwgmpnq6u26xpsihsouontfu";
const SERVER: &str = "ndfqlt8mg8zla6bo50nyqhg8";
const WEB: &str = "khzsv5nucvscskrm5gez3p8v";

fn param(recording: &str, name: &str) -> String {
    let recording = Recording::load(recording);
    let value = recording.request.params.get(name);
    value
        .and_then(|v| v.as_str())
        .expect("a text parameter")
        .to_owned()
}

#[tokio::test]
async fn version_and_health_are_text() -> Result<()> {
    let replay = Replay::of(&["4.3.11/version.ok"]).await;
    assert_eq!(replay.client().version().await?.to_string(), "4.3.11");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn projects_are_created_and_listed() -> Result<()> {
    let replay = Replay::of(&["4.3.11/create-project.ok", "4.3.11/list-projects.ok"]).await;
    let coolify = replay.client();
    let recorded = Recording::load("4.3.11/create-project.ok");
    let body = recorded.request.body.clone().expect("a body");
    let created = coolify
        .projects()
        .create(body["name"].as_str().expect("a name"))
        .description(body["description"].as_str().expect("a description"))
        .await?;
    assert_eq!(
        created.uuid,
        recorded.json()["uuid"].as_str().expect("a uuid")
    );
    let projects = coolify.projects().list().await?;
    let recorded = Recording::load("4.3.11/list-projects.ok");
    assert_eq!(
        projects.len(),
        recorded.json().as_array().expect("a list").len()
    );
    replay.check();
    Ok(())
}

#[tokio::test]
async fn environments_are_found_by_name() -> Result<()> {
    let name = "4.3.11/get-environment-by-name-or-uuid.ok";
    let replay = Replay::of(&[name]).await;
    let project = param(name, "uuid");
    let environment = param(name, "environment_name_or_uuid");
    let details = replay
        .client()
        .project(project)
        .environment(environment)
        .get()
        .await?;
    let recorded = Recording::load(name);
    assert_eq!(details.name, recorded.json()["name"]);
    assert_eq!(
        details.applications.len(),
        recorded.json()["applications"]
            .as_array()
            .expect("a list")
            .len()
    );
    replay.check();
    Ok(())
}

#[tokio::test]
async fn the_first_server_has_id_0() -> Result<()> {
    let replay = Replay::of(&["4.3.11/list-servers.ok", "4.3.11/get-server-by-uuid.ok"]).await;
    let coolify = replay.client();
    let servers = coolify.servers().list().await?;
    assert_eq!(servers[0].uuid, SERVER);
    assert_eq!(servers[0].is_coolify_host, Some(true));
    let uuid = param("4.3.11/get-server-by-uuid.ok", "uuid");
    assert_eq!(
        coolify.server(uuid.as_str()).get().await?.uuid,
        uuid.as_str()
    );
    replay.check();
    Ok(())
}

#[tokio::test]
async fn an_application_is_created_from_a_public_repository() -> Result<()> {
    let replay = Replay::of(&["4.3.11/create-public-application.ok"]).await;
    let place = Placement::new(PROJECT, EnvironmentRef::name("production"), SERVER);
    let repository = "https://github.com/coollabsio/coolify-examples";
    let created = replay
        .client()
        .applications()
        .create_public(place, repository, "main", BuildPack::Nixpacks)
        .name("web")
        .description("Web app")
        .ports_exposes(["3000"])
        .domains(["https://web.example.com"])
        .instant_deploy(false)
        .tags(["prod", "web"])
        .await?;
    assert_eq!(created.uuid, WEB);
    assert_eq!(created.domains.as_deref(), Some("https://web.example.com"));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_domain_in_use_is_a_conflict_that_names_who_has_it() -> Result<()> {
    let replay = Replay::of(&["4.3.11/create-public-application.domain-conflict"]).await;
    let place = Placement::new(PROJECT, EnvironmentRef::name("production"), SERVER);
    let error = replay
        .client()
        .applications()
        .create_public(place, "https://github.com/x/y", "main", "nixpacks")
        .ports_exposes(["80"])
        .domains(["https://web.example.com"])
        .await
        .expect_err("a conflict");
    assert!(error.is_conflict());
    assert_eq!(error.conflicts().len(), 1);
    assert_eq!(error.conflicts()[0].resource_uuid.as_deref(), Some(WEB));
    assert!(!error.outcome_unknown());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn variables_are_created_listed_and_written_in_bulk() -> Result<()> {
    let replay = Replay::of(&[
        "4.3.11/create-env-by-application-uuid.ok",
        "4.3.11/create-env-by-application-uuid.duplicate",
        "4.3.11/update-envs-by-application-uuid.ok",
        "4.3.11/list-envs-by-application-uuid.ok",
    ])
    .await;
    let envs = replay.client().application(WEB).envs();
    let uuid = envs
        .create("DATABASE_URL", "postgres://u:p@db:5432/app")
        .is_literal(true)
        .is_multiline(false)
        .is_preview(false)
        .await?;
    assert_eq!(uuid, "4ezcz3eyzmyikqxh7wnr3biw");
    let duplicate = envs
        .create("DATABASE_URL", "x")
        .await
        .expect_err("there is one");
    assert!(duplicate.is_conflict());
    let written = envs
        .bulk([
            BulkApplicationVariable::new("BULK_A")
                .value("1")
                .is_multiline(false),
            BulkApplicationVariable::new("BULK_B")
                .value("2")
                .is_buildtime(true),
            BulkApplicationVariable::new("DATABASE_URL").value("bulk"),
        ])
        .await?;
    assert_eq!(written.len(), 3);
    let all = envs.list().await?;
    let twins = all.iter().filter(|one| one.key == "DATABASE_URL").count();
    assert_eq!(twins, 2, "a production variable has a preview twin");
    assert!(!format!("{all:?}").contains("postgres://"));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn an_empty_bulk_is_refused_before_it_is_sent() {
    let replay = Replay::of(&[]).await;
    let envs = replay.client().application(WEB).envs();
    let error = envs.bulk([]).await.expect_err("nothing to write");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    replay.check();
}

fn quick(run: DeploymentRun) -> DeploymentRun {
    run.poll_every(Duration::from_millis(100))
}

#[tokio::test]
async fn a_deployment_is_followed_to_its_end() -> Result<()> {
    let replay = Replay::of(&[
        "4.3.11/deploy-by-tag-or-uuid.to-finish",
        "4.3.11/get-deployment-by-uuid.in-progress",
        "4.3.11/get-deployment-by-uuid.finished",
    ])
    .await;
    let application = replay.client().application("y4ahzvo3zrdwhhjscv16sqbc");
    let run = quick(application.deploy().force().await?);
    assert!(!run.joined());
    let events: Vec<_> = run.events().try_collect().await?;
    let statuses: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            RunEvent::Status(status) => Some(status.clone()),
            RunEvent::Log(_) => None,
        })
        .collect();
    assert_eq!(
        statuses,
        [DeploymentStatus::InProgress, DeploymentStatus::Finished]
    );
    assert_eq!(events.len(), 19 + 2, "every log line once");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_failed_deployment_carries_its_last_lines() -> Result<()> {
    let replay = Replay::of(&[
        "4.3.11/deploy-by-tag-or-uuid.to-fail",
        "4.3.11/get-deployment-by-uuid.failed",
    ])
    .await;
    let application = replay.client().application("iezdjfvk8ieh2ghh3ky6pfqd");
    let run = quick(application.deploy().force().await?);
    let error = run.await.expect_err("it failed");
    assert_eq!(error.kind(), ErrorKind::DeploymentFailed);
    let failed = error.failed_deployment().expect("what failed");
    assert_eq!(failed.status, DeploymentStatus::Failed);
    let said = |text: &str| {
        failed
            .last_lines
            .iter()
            .any(|line| line.output.contains(text))
    };
    assert!(said("Deployment failed."));
    assert!(failed.last_lines.iter().all(|line| !line.hidden));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn without_read_sensitive_there_are_states_and_no_lines() -> Result<()> {
    let name = "4.3.11/get-deployment-by-uuid.finished-read-token";
    let replay = Replay::of(&[name]).await;
    let run = replay.client().deployment(param(name, "uuid")).follow();
    let events: Vec<_> = run.events().try_collect().await?;
    assert_eq!(events, [RunEvent::Status(DeploymentStatus::Finished)]);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn an_unknown_pull_request_is_an_error_not_a_run() {
    let replay = Replay::of(&["4.3.11/deploy-by-tag-or-uuid.pr-not-found"]).await;
    let deploy = replay.client().application(WEB).deploy().pull_request(7);
    let error = deploy.await.expect_err("there is no such pull request");
    assert!(error.is_not_found(), "{error}");
    replay.check();
}

#[tokio::test]
async fn a_full_queue_is_not_the_rate_limit() {
    let replay = Replay::of(&["4.3.11/deploy-by-tag-or-uuid.queue-full"]).await;
    let uuid = "ezw7d3no7ljyy5xdv5paqbok";
    let error = replay
        .client()
        .application(uuid)
        .deploy()
        .force()
        .await
        .expect_err("full");
    assert!(error.is_queue_full() && !error.is_rate_limited());
    replay.check();
}

#[tokio::test]
async fn running_deployments_come_as_an_object_too() -> Result<()> {
    for name in [
        "4.3.11/list-deployments.ok",
        "4.3.11/list-deployments.object-keys",
    ] {
        let replay = Replay::of(&[name]).await;
        let running = replay.client().deployments().running().await?;
        assert!(!running.is_empty());
        replay.check();
    }
    Ok(())
}

#[tokio::test]
async fn the_history_comes_in_an_envelope() -> Result<()> {
    let name = "4.3.11/list-deployments-by-app-uuid.paged";
    let replay = Replay::of(&[name]).await;
    let history = replay.client().application(WEB).deployments();
    let page = history.page(1, 1).await?;
    let recorded = Recording::load(name);
    assert_eq!(
        page.count,
        recorded.json()["count"].as_i64().expect("a count")
    );
    assert_eq!(page.deployments.len(), 1);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn cancelling_an_ended_deployment_says_so() {
    let name = "4.3.11/cancel-deployment-by-uuid.already-finished";
    let replay = Replay::of(&[name]).await;
    let deployment = replay.client().deployment(param(name, "uuid"));
    let error = deployment.cancel().await.expect_err("it is over");
    assert_eq!(error.status(), Some(400));
    assert!(
        error
            .message()
            .is_some_and(|text| text.contains("finished"))
    );
    replay.check();
}

#[tokio::test]
async fn a_cancel_that_answers_500_is_looked_at_again() -> Result<()> {
    let cancel = "4.1.2/cancel-deployment-by-uuid.ok";
    let uuid = param(cancel, "uuid");
    let after = Recording::all("4.1.2").into_iter().find(|one| {
        one.operation == "get-deployment-by-uuid"
            && one.request.params.get("uuid").and_then(|v| v.as_str()) == Some(&uuid)
            && one.json()["status"] == "cancelled-by-user"
    });
    let recordings = vec![
        Recording::load(cancel),
        after.expect("read back after the 500"),
    ];
    let replay = Replay::recordings(recordings).await;
    let cancelled = replay.client().deployment(uuid).cancel().await?;
    assert_eq!(cancelled.status, Some(DeploymentStatus::CancelledByUser));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn ids_that_would_leave_the_path_are_refused() {
    let replay = Replay::of(&[]).await;
    let coolify = replay.client();
    for bad in ["", "..", "../servers", "a?b=c"] {
        let error = coolify.application(bad).get().await.expect_err("no uuid");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{bad:?}");
    }
    assert!(
        coolify
            .project(PROJECT)
            .environment("..")
            .get()
            .await
            .is_err()
    );
    replay.check();
}

#[tokio::test]
async fn a_deployment_that_never_appears_is_found_out() {
    let unknown = "4.3.11/get-deployment-by-uuid.of-full-queue";
    let replay = Replay::of(&[unknown; 6]).await;
    let run = quick(replay.client().deployment(param(unknown, "uuid")).follow());
    let error = run.await.expect_err("it will never be there");
    assert!(error.is_not_found());
    assert!(
        error
            .hint()
            .is_some_and(|hint| hint.contains("queue was full"))
    );
    replay.check();
}

#[tokio::test]
async fn the_wait_has_an_end_and_says_how_long_it_was() {
    let open = "4.3.11/get-deployment-by-uuid.in-progress";
    let replay = Replay::of(&[open; 6]).await;
    let run = quick(replay.client().deployment(param(open, "uuid")).follow());
    let error = run
        .max_wait(Duration::from_millis(250))
        .await
        .expect_err("still at it");
    assert_eq!(error.kind(), ErrorKind::WaitExpired);
    assert!(error.to_string().contains("in_progress"), "{error}");
}

#[tokio::test]
async fn an_update_that_sets_nothing_is_refused_before_it_is_sent() {
    let replay = Replay::of(&[]).await;
    let error = replay
        .client()
        .project(PROJECT)
        .update()
        .await
        .expect_err("nothing to do");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("nothing was set"), "{error}");
    replay.check();
}
