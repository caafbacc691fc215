//! The main journey, on recorded replies.

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
async fn projects_are_created_and_listed() -> Result<()> {
    let replay = Replay::of(&["create-project.ok", "list-projects.ok"]).await;
    let coolify = replay.client();
    let recorded = Recording::load("create-project.ok");
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
    let recorded = Recording::load("list-projects.ok");
    assert_eq!(
        projects.len(),
        recorded.json().as_array().expect("a list").len()
    );
    replay.check();
    Ok(())
}

#[tokio::test]
async fn environments_are_found_by_name() -> Result<()> {
    let name = "get-environment-by-name-or-uuid.ok";
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
async fn an_application_is_created_from_a_public_repository() -> Result<()> {
    let replay = Replay::of(&["create-public-application.ok"]).await;
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
        .tags("prod, web")
        .await?;
    assert_eq!(created.uuid, WEB);
    assert_eq!(created.domains.as_deref(), Some("https://web.example.com"));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn variables_are_created_listed_and_written_in_bulk() -> Result<()> {
    let replay = Replay::of(&[
        "create-env-by-application-uuid.ok",
        "create-env-by-application-uuid.duplicate",
        "update-envs-by-application-uuid.ok",
        "list-envs-by-application-uuid.ok",
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
        "deploy-by-tag-or-uuid.to-finish",
        "get-deployment-by-uuid.in-progress",
        "get-deployment-by-uuid.finished",
        // Whether more comes, for two seconds.
        "get-deployment-by-uuid.finished",
        "get-deployment-by-uuid.finished",
    ])
    .await;
    let application = replay.client().application("y4ahzvo3zrdwhhjscv16sqbc");
    let run = application.deploy().force().await?;
    assert!(!run.joined());
    let events: Vec<_> = run.events().try_collect().await?;
    let statuses: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            RunEvent::Status(status) => Some(status.clone()),
            _ => None,
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
        "deploy-by-tag-or-uuid.to-fail",
        "get-deployment-by-uuid.failed",
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
    let name = "get-deployment-by-uuid.finished-read-token";
    let replay = Replay::of(&[name, name]).await;
    let run = replay.client().deployment(param(name, "uuid")).follow();
    let events: Vec<_> = run.events().try_collect().await?;
    let finished = RunEvent::Status(DeploymentStatus::Finished);
    assert_eq!(events, [RunEvent::LogWithheld, finished]);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn cancelling_an_ended_deployment_says_so() {
    let name = "cancel-deployment-by-uuid.already-finished";
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
async fn the_wait_has_an_end_and_says_how_long_it_was() {
    let open = "get-deployment-by-uuid.in-progress";
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
