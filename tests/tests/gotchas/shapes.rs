//! The forms of replies.

use coolify_sdk::applications::ComposeDomain;
use coolify_sdk::databases::Engine;
use coolify_sdk::{DeploymentStatus, Health, Id, ResourceState, ResourceStatus, Result, Timestamp};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::{Value, json};

use super::{DATABASE, SERVER, WEB, load, param, replay, wire};

#[tokio::test]
async fn version_and_health_are_text() -> Result<()> {
    let replay = replay(["version.ok", "healthcheck.ok"]).await;
    let coolify = replay.client();
    assert_eq!(
        coolify.version().await?.to_string(),
        Recording::load("version.ok").coolify
    );
    assert_eq!(coolify.instance().health().await?, "OK");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn the_history_comes_in_an_envelope() -> Result<()> {
    let name = "list-deployments-by-app-uuid.paged";
    let replay = replay([name]).await;
    let history = replay.client().application(WEB).deployments();
    let page = history.page(1, 1).await?;
    assert_eq!(Some(page.count), load(name).json()["count"].as_i64());
    assert_eq!(page.deployments.len(), 1);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn running_deployments_are_a_list_whatever_comes() -> Result<()> {
    let as_object = load("list-deployments.ok");
    let mut as_array = as_object.clone();
    let values = as_object.json().as_object().expect("an object").values();
    as_array.response.json = Some(values.cloned().collect());
    let drained = load("list-deployments.drained");
    let replay = Replay::recordings(vec![as_object, as_array, drained]).await;
    let deployments = replay.client().deployments();
    let running = deployments.unfinished().await?;
    assert_eq!(running, deployments.unfinished().await?);
    assert!(running.iter().all(|one| !one.status.is_terminal()));
    assert_eq!(deployments.unfinished().await?, []);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn logs_are_json_in_text_or_null_or_absent() -> Result<()> {
    let names = [
        "get-deployment-by-uuid.finished",
        "get-deployment-by-uuid.ok",
        "get-deployment-by-uuid.finished-read-token",
        "get-application-logs-by-uuid.running",
    ];
    assert!(load(names[0]).json()["logs"].is_string());
    assert_eq!(load(names[1]).json().get("logs"), Some(&Value::Null));
    assert_eq!(load(names[2]).json().get("logs"), None);
    let replay = replay(names).await;
    let coolify = replay.client();
    let [finished, queued, hidden] =
        [0, 1, 2].map(|index| coolify.deployment(param(&load(names[index]), "uuid")));
    let lines = finished.get().await?.log_lines();
    assert_eq!(lines.len(), 19);
    assert!(
        lines
            .iter()
            .any(|line| line.hidden && line.command.is_some())
    );
    assert!(lines.iter().all(|line| line.timestamp.is_some()));
    assert_eq!(queued.get().await?.log_lines(), []);
    assert_eq!(hidden.get().await?.log_lines(), []);
    let log: Option<String> = coolify.application(WEB).logs().await?;
    assert!(log.is_some_and(|it| it.lines().count() == 100));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn deployment_statuses_are_kept_and_cancelled_is_by_user() -> Result<()> {
    for (case, status) in [
        ("in-progress", DeploymentStatus::InProgress),
        ("finished", DeploymentStatus::Finished),
        ("failed", DeploymentStatus::Failed),
        ("cancelled", DeploymentStatus::CancelledByUser),
    ] {
        let name = format!("get-deployment-by-uuid.{case}");
        let replay = replay([&*name]).await;
        let deployment = replay.client().deployment(param(&load(&name), "uuid"));
        assert_eq!(deployment.get().await?.status, status);
        replay.check();
    }
    assert_eq!(
        DeploymentStatus::CancelledByUser.as_str(),
        "cancelled-by-user"
    );
    let unknown = DeploymentStatus::from("paused-by-moon");
    assert_eq!(
        (unknown.as_str(), unknown.is_terminal()),
        ("paused-by-moon", false)
    );
    Ok(())
}

#[tokio::test]
async fn numbers_come_as_text_too() -> Result<()> {
    let list = load("list-deployments.ok");
    assert_eq!(list.json()["0"]["application_id"], "1");
    assert_eq!(list.json()["0"]["server_id"], 0);
    let executions = load("list-scheduled-task-executions-by-application-uuid.ok");
    assert_eq!(executions.json()[0]["duration"], "1.12");
    let task = param(&executions, "task_uuid");
    let replay = Replay::recordings(vec![list, executions]).await;
    let coolify = replay.client();
    let running = coolify.deployments().unfinished().await?;
    assert_eq!(running[0].application_id, Some(Id::from(1)));
    assert_eq!(running[0].destination_id, Some(Id::from(0)));
    assert_eq!(running[0].server_id, Some(Id::from(0)));
    let tasks = coolify.application(WEB).scheduled_tasks();
    assert_eq!(tasks.executions(task).await?[0].duration, Some(1.12));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_status_has_parts_and_unhealthy_is_not_healthy() -> Result<()> {
    let replay = replay([
        "get-application-by-uuid.running",
        "get-application-by-uuid.ok",
    ])
    .await;
    let web = replay.client().application(WEB);
    let up = web.get().await?.status.expect("a status");
    assert!(up.is_running() && up.is_healthy());
    let down = web.get().await?.status.expect("a status");
    assert_eq!(down.as_str(), "exited:unhealthy");
    assert_eq!(down.state, ResourceState::Exited);
    assert_eq!(down.health, Some(Health::Unhealthy));
    assert!(!down.is_running() && !down.is_healthy());
    let excluded = ResourceStatus::from("running (healthy:excluded)");
    assert!(excluded.is_healthy() && excluded.excluded);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn databases_and_backups_and_resources_are_objects() -> Result<()> {
    let replay = replay([
        "get-database-by-uuid.ok",
        "list-databases.ok",
        "get-database-backups-by-uuid.ok",
        "get-database-by-uuid.ok",
        "list-resources.ok",
    ])
    .await;
    let coolify = replay.client();
    let database = coolify.database(DATABASE);
    let Engine::Postgresql(postgresql) = database.get().await?.engine else {
        panic!("another engine");
    };
    assert_eq!(postgresql.db.as_deref(), Some("app"));
    assert_eq!(coolify.databases().list().await?.len(), 8);
    assert!(!database.backups().list().await?.is_empty());
    assert!(coolify.resources().list().await?.len() > 8);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn undocumented_bodies_are_typed() -> Result<()> {
    let replay = replay([
        "get-current-team-discord-notifications.ok",
        "list-cloud-init-scripts.ok",
    ])
    .await;
    let coolify = replay.client();
    let discord = coolify.notifications().discord().await?;
    assert!(discord.discord_enabled.is_some());
    assert!(!coolify.cloud_init_scripts().list().await?.is_empty());
    replay.check();

    let request = coolify
        .notifications()
        .update_discord()
        .discord_enabled(true);
    assert_eq!(wire(request.body()), json!({"discord_enabled": true}));
    let shared = coolify.project(super::PROJECT).shared_variables();
    let request = shared.create("REGION", "eu").is_literal(true);
    let body = json!({"key": "REGION", "value": "eu", "is_literal": true});
    assert_eq!(wire(request.body()), body);
    let vultr = coolify.vultr("eapi62igkvwrbnn6mmlwftej");
    let request = vultr.create_server("k", "ams", "vc2-1c-1gb", 2284);
    assert_eq!(wire(request.body())["os_id"], 2284);
    Ok(())
}

#[tokio::test]
async fn uuids_are_texts_and_the_first_of_all_has_id_0() -> Result<()> {
    let replay = replay([
        "list-servers.ok",
        "list-teams.ok",
        "get-token-team-members.ok",
        "get-deployment-by-uuid.finished",
    ])
    .await;
    let coolify = replay.client();
    let servers = coolify.servers().list().await?;
    assert_eq!(servers[0].uuid, SERVER);
    assert_eq!(servers[0].is_coolify_host, Some(true));
    // A server shows no numeric id of its own, only what embeds it does.
    assert!(load("list-servers.ok").json()[0].get("id").is_none());
    let zero = Id::from(0);
    assert_eq!(coolify.teams().list().await?[0].id, zero);
    assert_eq!(coolify.teams().current_members().await?[0].id, zero);
    let finished = load("get-deployment-by-uuid.finished");
    let deployment = coolify.deployment(param(&finished, "uuid")).get().await?;
    let destination = deployment.application.and_then(|it| it.destination);
    let destination = destination.expect("a destination");
    assert_eq!(
        (destination.id, destination.server_id),
        (Some(zero), Some(zero))
    );
    // What is numbered takes a number, and no uuid.
    assert_eq!(coolify.team(0).id(), zero);
    let _ = (coolify.github_app(1), coolify.gitlab_app(1));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn both_forms_of_a_time_are_times() -> Result<()> {
    let replay = replay(["get-application-by-uuid.running"]).await;
    let web = replay.client().application(WEB).get().await?;
    let created = web.created_at.expect("a time");
    let seen = web.last_online_at.expect("a time");
    assert_eq!(created.as_str(), "2026-11-22T00:24:08.000000Z");
    assert_eq!(seen.as_str(), "2026-11-22 00:28:39");
    let seconds = |it: &Timestamp| it.unix_seconds().expect("a known form");
    assert_eq!(seconds(&seen) - seconds(&created), 4 * 60 + 31);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn domains_are_written_and_fqdn_is_read() -> Result<()> {
    let replay = replay([
        "update-application-by-uuid.domains",
        "get-application-by-uuid.running",
    ])
    .await;
    let web = replay.client().application(WEB);
    let domains = ["https://web.example.com", "https://www.example.com"];
    web.update().domains(domains).await?;
    let read = web.get().await?;
    assert_eq!(read.fqdn.as_deref(), Some(&*domains.join(",")));
    assert_eq!(read.domains().collect::<Vec<_>>(), domains);
    replay.check();
    // `fqdn` on a create and on an update: see `tests/ui`.
    for name in [
        "create-public-application.fqdn-not-allowed",
        "update-application-by-uuid.fqdn-not-allowed",
    ] {
        let error = super::refusal(name).await;
        assert_eq!(error.field_errors()[0].field(), Some("fqdn"));
    }
    Ok(())
}

#[tokio::test]
async fn compose_domains_are_read_as_they_are_written() -> Result<()> {
    let refused = "update-application-by-uuid.compose-domains";
    let compose = "ezw7d3no7ljyy5xdv5paqbok";
    let mut read = Recording::load("get-application-by-uuid.compose");
    let map = r#"{"web": {"domain": "https://compose.example.com", "redirect": "www"}}"#;
    let fields = read.response.json.as_mut().expect("JSON");
    fields["docker_compose_domains"] = json!(map);
    let replay = Replay::recordings(vec![Recording::load(refused), read]).await;
    let compose = replay.client().application(compose);
    let domain = ComposeDomain::new("web").domain(["https://compose.example.com"]);
    let update = compose.update().docker_compose_domains([domain.clone()]);
    let domain = domain.redirect("www");
    let error = update.await.expect_err("Coolify has not read the file yet");
    assert_eq!(
        error.field_errors()[0].field(),
        Some("docker_compose_domains")
    );
    assert_eq!(compose.get().await?.compose_domains(), [domain]);
    replay.check();
    Ok(())
}
