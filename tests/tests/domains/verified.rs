//! Updates that are read back.

use coolify_sdk::applications::ComposeDomain;
use coolify_sdk::verify::{DropReason, UnseenReason, UpdateReport};
use coolify_sdk::{Coolify, Result};
use coolify_sdk_tests::Replay;
use serde_json::json;

use crate::{WEB, application_with, fake, load, make_compose, writes};

fn fields(report: &UpdateReport) -> Vec<&str> {
    report.applied.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn what_was_seen_is_applied() -> Result<()> {
    let after = application_with(
        WEB,
        json!({
            "/name": "web2", "/description": null, "/health_check_enabled": true,
            "/health_check_path": "/health", "/limits_memory": "512M", "/limits_cpus": "1",
        }),
    );
    let replay = Replay::recordings(vec![load("update-application-by-uuid.ok"), after]).await;
    let web = replay.client().application(WEB);
    let update = web
        .update()
        .name("web2")
        .clear_description()
        .health_check_enabled(true)
        .health_check_path("/health")
        .limits_memory("512M")
        .limits_cpus("1");
    let report = update.verified().await?;
    assert!(report.is_complete(), "{report}");
    assert_eq!(report.applied.len(), 6);
    assert!(report.is_applied("description"));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn what_was_seen_to_be_otherwise_is_ignored() -> Result<()> {
    let after = application_with(
        WEB,
        json!({"/fqdn": null, "/destination/server/proxy/type": "NONE"}),
    );
    let replay = Replay::recordings(vec![
        application_with(WEB, json!({})),
        load("update-application-by-uuid.domains"),
        after,
    ])
    .await;
    let web = replay.client().application(WEB);
    let update = web
        .update()
        .domains(["https://web.example.com", "https://www.example.com"]);
    let report = update.verified().await?;
    assert!(!report.is_complete());
    assert!(report.applied.is_empty());
    assert_eq!(report.ignored[0].field, "domains");
    assert_eq!(report.ignored[0].reason, Some(DropReason::NoProxy));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_refusal_is_a_report() -> Result<()> {
    let replay = Replay::recordings(vec![
        load("update-application-by-uuid.invalid-ports"),
        application_with(WEB, json!({})),
    ])
    .await;
    let web = replay.client().application(WEB);
    let report = web.update().ports_exposes(["80;81"]).verified().await?;
    assert!(report.applied.is_empty() && report.ignored.is_empty());
    assert_eq!(report.rejected[0].field(), Some("ports_exposes"));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn what_was_refused_along_with_it_is_not_applied() -> Result<()> {
    let (_fake, web) = fake().await;
    let update = web.update().name("renamed").ports_exposes(["80;81"]);
    let report = update.verified().await?;
    assert!(report.applied.is_empty());
    assert_eq!(report.ignored[0].field, "name");
    assert_eq!(report.ignored[0].reason, Some(DropReason::RefusedTogether));
    assert!(
        report.to_string().contains("rejected: ports_exposes"),
        "{report}"
    );
    Ok(())
}

#[tokio::test]
async fn a_conflict_stays_an_error() -> Result<()> {
    let (fake, web) = fake().await;
    let other = fake.seed_application(&fake.seed_project("other"), "other");
    fake.set_application(&other, "fqdn", "https://taken.example.com");
    let update = web.update().domains(["https://taken.example.com"]);
    let error = update.verified().await.expect_err("it is taken");
    assert!(error.is_conflict());
    assert_eq!(error.conflicts()[0].resource_uuid, Some(other));
    Ok(())
}

#[tokio::test]
async fn fields_are_found_where_coolify_keeps_them() -> Result<()> {
    let (_fake, web) = fake().await;
    let update = web
        .update()
        .domains(["https://b.example.com"])
        .use_build_server(true)
        .is_spa(true)
        .custom_labels("traefik.enable=true\n")
        .custom_nginx_configuration("server {}\n")
        .ports_exposes(["80", "443"])
        .base_directory("/node/")
        .git_repository("https://github.com/acme/web.git")
        .http_basic_auth_password("hunter2")
        .health_check_port(8080)
        .verified();
    let report = update.await?;
    assert!(report.is_complete(), "{report}");
    assert_eq!(report.applied.len(), 10, "{report}");
    assert!(!format!("{report:?}{report}").contains("hunter2"));
    Ok(())
}

#[tokio::test]
async fn what_the_token_may_not_see_is_not_claimed() -> Result<()> {
    let (fake, web) = fake().await;
    fake.add_token("2|writer", ["read", "write"]);
    let writer = Coolify::builder()
        .url(fake.url())
        .token("2|writer")
        .build()?;
    let update = writer
        .application(web.uuid())
        .update()
        .http_basic_auth_password("hunter2")
        .instant_deploy(true)
        .name("renamed");
    let report = update.verified().await?;
    assert_eq!(fields(&report), ["name"]);
    let reason = |field: &str| {
        let unseen = report.unseen.iter().find(|it| it.field == field);
        unseen.map(|it| it.reason)
    };
    let secret = reason("http_basic_auth_password");
    assert_eq!(secret, Some(UnseenReason::NeedsReadSensitive));
    assert_eq!(reason("instant_deploy"), Some(UnseenReason::Action));
    assert!(report.is_complete());
    Ok(())
}

#[tokio::test]
async fn domains_of_a_compose_file_with_one_service_are_its() -> Result<()> {
    let (fake, app) = fake().await;
    make_compose(&fake, &app);
    let several = app.update().domains(["https://b.example.com"]).verified();
    let report = several.await?;
    assert_eq!(report.rejected[0].field(), Some("domains"));

    let file = "services:\n  web:\n    image: nginx\n";
    fake.set_application(app.uuid().as_str(), "docker_compose_raw", file);
    let report = app
        .update()
        .domains(["https://b.example.com"])
        .verified()
        .await?;
    assert!(report.is_complete(), "{report}");
    assert!(report.applied.is_empty());
    assert_eq!(report.rerouted[0].field, "domains");
    assert_eq!(report.rerouted[0].to, "docker_compose_domains");
    assert!(report.is_applied("domains"));
    Ok(())
}

#[tokio::test]
async fn databases_services_servers_and_projects_are_read_back_too() -> Result<()> {
    let mut database = load("get-database-by-uuid.ok");
    let json = database.response.json.as_mut().expect("JSON");
    json["limits_memory"] = json!("1G");
    let mut service = load("get-service-by-uuid.ok");
    let json = service.response.json.as_mut().expect("JSON");
    json["applications"][0]["fqdn"] = json!("https://svc.example.com");
    let replay = Replay::recordings(vec![
        load("update-database-by-uuid.ok"),
        database,
        load("update-service-by-uuid.urls"),
        service,
    ])
    .await;
    let coolify = replay.client();
    let postgres = coolify.database("anr20uftvinwcdu7cxugbatx");
    let update = postgres.update_postgresql().name("pg2").limits_memory("1G");
    let report = update.verified().await?;
    assert_eq!(fields(&report), ["limits_memory"]);
    assert_eq!(report.ignored[0].field, "name");

    let url =
        coolify_sdk::services::ServiceUrl::new("web").url("https://svc.example.com".to_owned());
    let service = coolify.service("z5nlnxsn1n3caj9setkwj40p");
    let report = service.update().urls([url]).verified().await?;
    assert_eq!(fields(&report), ["urls"]);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn verifying_costs_one_read() -> Result<()> {
    let (fake, web) = fake().await;
    let report = web.update().name("renamed").verified().await?;
    assert!(report.is_complete());
    assert_eq!(fake.requests().len(), 2);
    assert_eq!(writes(&fake), 1);
    Ok(())
}

#[tokio::test]
async fn a_verified_update_is_checked_like_another() -> Result<()> {
    let (fake, application) = fake().await;
    let long = "x".repeat(300);
    let update = application.update().name(long);
    let error = update.verified().await.expect_err("it is too long");
    assert!(error.is_invalid_request(), "{error}");
    assert!(fake.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn domains_of_services_are_sent_as_they_are_named() -> Result<()> {
    let (fake, app) = fake().await;
    make_compose(&fake, &app);
    let file = "services:\n  web:\n    image: nginx\n";
    fake.set_application(app.uuid().as_str(), "docker_compose_raw", file);
    let named = ComposeDomain::new("web").domain(["https://b.example.com"]);
    let update = app.update().domains(["https://c.example.com"]);
    // Coolify refuses the two together.
    let _ = update.docker_compose_domains([named]).verified().await;
    let requests = fake.requests();
    let sent = requests.iter().find(|it| it.method == "PATCH");
    let sent = sent.expect("an update").json();
    let entries = json!([{"name": "web", "domain": "https://b.example.com"}]);
    assert_eq!(sent["docker_compose_domains"], entries);
    assert_eq!(sent["domains"], "https://c.example.com");
    Ok(())
}

#[tokio::test]
async fn an_update_that_cannot_be_sent_reads_nothing() {
    let (fake, app) = fake().await;
    let asked = fake.requests().len();
    let update = app.update().domains(["https://b.example.com"]);
    let update = update.base_directory(format!("/{}", "x".repeat(300)));
    let error = update.verified().await.expect_err("it is too long");
    assert!(error.is_invalid_request(), "{error}");
    assert_eq!(fake.requests().len(), asked);
}

#[tokio::test]
async fn the_update_of_a_server_is_read_back() -> Result<()> {
    let (fake, _) = fake().await;
    let server = fake.client().server(fake.server_uuid());
    let report = server.update().description("new").verified().await?;
    assert_eq!(fields(&report), ["description"]);
    let last = fake.requests().pop().expect("a request");
    assert_eq!(
        (&*last.method, last.path),
        ("GET", format!("/servers/{}", server.uuid()))
    );
    Ok(())
}
