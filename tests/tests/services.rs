//! Services and their containers, on recorded replies.

use std::time::Duration;

use coolify_sdk::services::{ServiceHandle, ServiceUrl};
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{Coolify, EnvironmentRef, Placement, Result};
use coolify_sdk_tests::{Recording, Replay, lost};

const COMPOSE: &str = "\
services:
  web:
    image: nginx:alpine
    environment:
      - SERVICE_FQDN_WEB_80
  db:
    image: postgres:16-alpine
    environment:
      - POSTGRES_PASSWORD=${SERVICE_PASSWORD_DB}
    volumes:
      - pg:/var/lib/postgresql/data
volumes:
  pg:
";

fn param(recording: &Recording, name: &str) -> String {
    let value = &recording.request.params[name];
    value.as_str().expect("a text parameter").to_owned()
}

fn place(recording: &Recording) -> Placement {
    let body = recording.request.body.as_ref().expect("a body");
    let text = |field: &str| body[field].as_str().expect("a text field").to_owned();
    Placement::new(
        text("project_uuid"),
        EnvironmentRef::name(text("environment_name")),
        text("server_uuid"),
    )
}

fn service(coolify: &Coolify, recording: &Recording) -> ServiceHandle {
    coolify.service(param(recording, "uuid"))
}

#[tokio::test]
async fn services_are_listed_and_read_with_nothing_lost() -> Result<()> {
    for version in Recording::versions() {
        let list = Recording::load(&format!("{version}/list-services.ok"));
        let one = Recording::load(&format!("{version}/get-service-by-uuid.ok"));
        let replay = Replay::recordings(vec![list.clone(), one.clone()]).await;
        let coolify = replay.client();
        let services = coolify.services().list().await?;
        assert_eq!(lost(list.json(), &services), [""; 0]);
        let found = service(&coolify, &one).get().await?;
        assert_eq!(lost(one.json(), &found), [""; 0]);
        replay.check();
    }
    Ok(())
}

#[tokio::test]
async fn one_click_services_are_created() -> Result<()> {
    for version in Recording::versions() {
        let name = format!("{version}/create-service.ok");
        let recording = Recording::load(&name);
        let replay = Replay::of(&[&name]).await;
        let created = replay
            .client()
            .services()
            .create_one_click(place(&recording), "actualbudget")
            .name("budget")
            .description("one-click".to_owned())
            .instant_deploy(false)
            .await?;
        assert_eq!(lost(recording.json(), &created), [""; 0]);
        replay.check();
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_type_tells_those_that_there_are() {
    let name = "create-service.unknown-type";
    let replay = Replay::of(&[name]).await;
    let error = replay
        .client()
        .services()
        .create_one_click(place(&Recording::load(name)), "no-such-service")
        .await
        .unwrap_err();
    assert!(error.is_validation());
    let types = error.valid_service_types();
    assert!(types.iter().any(|it| it == "actualbudget"));
    replay.check();
}

#[tokio::test]
async fn a_wrong_type_is_answered_with_similar_ones() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let coolify = fake.client();
    let place = || Placement::new(project.as_str(), "production", fake.server_uuid());
    let services = coolify.services();
    let typo = services.create_one_click(place(), "actualbugdet").await;
    let typo = typo.expect_err("a typo");
    assert!(typo.is_validation(), "{typo:?}");
    assert_eq!(
        typo.suggestions().first().map(String::as_str),
        Some("actualbudget")
    );
    let sent = fake.requests().len();
    let no_name = services.create_one_click(place(), "Actual Budget").await;
    let no_name = no_name.expect_err("no name of a type");
    assert!(no_name.is_invalid_request(), "{no_name:?}");
    assert_eq!(
        no_name.suggestions().first().map(String::as_str),
        Some("actualbudget")
    );
    assert_eq!(fake.requests().len(), sent);
    Ok(())
}

#[tokio::test]
async fn a_compose_file_is_given_as_plain_text() -> Result<()> {
    for version in Recording::versions() {
        let name = format!("{version}/create-service.compose");
        let recording = Recording::load(&name);
        let replay = Replay::of(&[&name]).await;
        let body = recording.request.body.as_ref().expect("a body");
        let mut request = replay
            .client()
            .services()
            .create_compose(place(&recording), COMPOSE);
        if let Some(name) = body["name"].as_str() {
            request = request.name(name);
        }
        let created = request.await?;
        assert_eq!(lost(recording.json(), &created), [""; 0]);
        replay.check();
    }
    Ok(())
}

#[tokio::test]
async fn a_service_is_updated() -> Result<()> {
    for version in Recording::versions() {
        let load =
            |case: &str| Recording::load(&format!("{version}/update-service-by-uuid.{case}"));
        let recordings = ["ok", "compose", "urls"].map(load);
        let replay = Replay::recordings(recordings.to_vec()).await;
        let handle = service(&replay.client(), &recordings[0]);
        handle
            .update()
            .name("custom2")
            .description("x".to_owned())
            .await?;
        handle.update().docker_compose_raw(COMPOSE).await?;
        let web = ServiceUrl::new("web").url("https://svc.example.com".to_owned());
        let written = handle.update().urls([web]).await?;
        assert_eq!(
            written.domains.unwrap_or_default(),
            ["https://svc.example.com"]
        );
        replay.check();
    }
    Ok(())
}

#[tokio::test]
async fn the_applications_of_a_service_are_handled() -> Result<()> {
    let load = |name: &str| Recording::load(&format!("{name}.ok"));
    let list = load("list-service-applications-by-service-uuid");
    let get = load("get-service-application-by-service-and-app-uuid");
    let url = Recording::load("patch-service-application-by-service-and-app-uuid.url");
    let replay = Replay::recordings(vec![
        list.clone(),
        get.clone(),
        load("patch-service-application-by-service-and-app-uuid"),
        url,
        load("get-service-application-logs-by-service-and-app-uuid"),
        load("post-service-application-logs-by-service-and-app-uuid"),
        load("post-start-service-application-by-service-and-app-uuid"),
        load("post-stop-service-application-by-service-and-app-uuid"),
        load("post-restart-service-application-by-service-and-app-uuid"),
    ])
    .await;
    let handle = service(&replay.client(), &list);
    let all = handle.applications().list().await?;
    assert_eq!(lost(list.json(), &all), [""; 0]);
    let web = handle.application(param(&get, "app_uuid"));
    assert_eq!(lost(get.json(), &web.get().await?), [""; 0]);
    web.update()
        .human_name("Web".to_owned())
        .description("front".to_owned())
        .await?;
    let moved = web
        .update()
        .url("https://front.example.com".to_owned())
        .await?;
    assert_eq!(moved.fqdn.as_deref(), Some("https://front.example.com"));
    assert!(web.logs().await?.is_some());
    assert!(web.logs_uncached().await?.is_some());
    web.start().await?;
    web.stop().await?;
    web.restart().await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn the_databases_of_a_service_are_handled() -> Result<()> {
    let load = |name: &str| Recording::load(&format!("{name}.ok"));
    let list = load("list-service-databases-by-service-uuid");
    let get = load("get-service-database-by-service-and-database-uuid");
    let replay = Replay::recordings(vec![
        list.clone(),
        get.clone(),
        load("patch-service-database-by-service-and-database-uuid"),
        load("get-service-database-logs-by-service-and-database-uuid"),
        load("start-service-database-by-service-and-database-uuid"),
        load("stop-service-database-by-service-and-database-uuid"),
        load("restart-service-database-by-service-and-database-uuid"),
    ])
    .await;
    let handle = service(&replay.client(), &list);
    let all = handle.databases().list().await?;
    assert_eq!(lost(list.json(), &all), [""; 0]);
    let db = handle.database(param(&get, "database_uuid"));
    assert_eq!(lost(get.json(), &db.get().await?), [""; 0]);
    db.update().human_name("DB".to_owned()).await?;
    assert!(db.logs().await?.is_some());
    db.start().await?;
    db.stop().await?;
    db.restart().await?;
    replay.check();
    Ok(())
}

/// The reply to a start says that it was queued, and a part has its own status to
/// watch.
#[tokio::test]
async fn a_container_of_a_service_is_watched() -> Result<()> {
    let start = Recording::load("post-start-service-application-by-service-and-app-uuid.ok");
    let is = |status: &str| {
        let name = "get-service-application-by-service-and-app-uuid.ok";
        let mut seen = Recording::load(name);
        seen.request.params = start.request.params.clone();
        let seen_json = seen.response.json.as_mut().expect("JSON");
        seen_json["status"] = status.into();
        seen
    };
    let stop = Recording::load("post-stop-service-application-by-service-and-app-uuid.ok");
    let replay = Replay::recordings(vec![
        start.clone(),
        is("exited"),
        is("running:unhealthy"),
        is("running:healthy"),
        stop,
        is("running:healthy"),
        is("exited"),
    ])
    .await;
    let web = service(&replay.client(), &start).application(param(&start, "app_uuid"));
    let watch = web.start().await?.poll_every(Duration::from_millis(100));
    assert!(watch.message().is_some_and(|said| said.contains("queued")));
    assert!(watch.await?.is_healthy());
    let watch = web.stop().await?.poll_every(Duration::from_millis(100));
    assert_eq!(watch.await?.as_str(), "exited");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn the_update_of_a_container_is_read_back() -> Result<()> {
    let names = [
        (
            "patch-service-application-by-service-and-app-uuid.url",
            "get-service-application-by-service-and-app-uuid.ok",
        ),
        (
            "patch-service-database-by-service-and-database-uuid.ok",
            "get-service-database-by-service-and-database-uuid.ok",
        ),
    ];
    for (patch, get) in names {
        let patch = Recording::load(patch);
        let get = Recording::load(get);
        let service = |replay: &Replay| service(&replay.client(), &patch);
        // Once as it was before, once as the reply to the update has it.
        let mut then = get.clone();
        then.response.json.clone_from(&patch.response.json);
        for (seen, is_applied) in [(get, false), (then, true)] {
            let replay = Replay::recordings(vec![patch.clone(), seen]).await;
            let report = if patch.request.params.contains_key("app_uuid") {
                let part = service(&replay).application(param(&patch, "app_uuid"));
                let update = part.update().url("https://front.example.com".to_owned());
                update.verified().await?
            } else {
                let part = service(&replay).database(param(&patch, "database_uuid"));
                part.update().human_name("DB".to_owned()).verified().await?
            };
            let field = ["human_name", "url"]
                .into_iter()
                .find(|it| report.is_applied(it));
            assert_eq!(field.is_some(), is_applied, "{report}");
            assert_eq!(report.is_complete(), is_applied, "{report}");
            replay.check();
        }
    }
    Ok(())
}

#[tokio::test]
async fn logs_that_are_refused_are_not_an_empty_log() {
    let mut refused = Recording::load("get-service-logs-by-uuid.missing-fields");
    let service = param(&refused, "uuid");
    refused
        .request
        .query
        .insert("sub_service_name".to_owned(), "web".into());
    let replay = Replay::recordings(vec![refused]).await;
    let logs = replay.client().service(service).logs("web").await;
    assert!(logs.expect_err("it was refused").is_validation());
    replay.check();
}
