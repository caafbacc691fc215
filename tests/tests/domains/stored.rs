//! Requested values, and the forms in which real servers store them.

use coolify_sdk::applications::{ApplicationHandle, ComposeDomain};
use coolify_sdk::domains::Domain;
use coolify_sdk::services::ServiceUrl;
use coolify_sdk::verify::DropReason;
use coolify_sdk::{Coolify, Result};
use coolify_sdk_tests::Recording;
use serde_json::{Value, json};
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::load;

/// The uuid of every resource here, because a reply about another one is
/// rejected.
const UUID: &str = "khzsv5nucvscskrm5gez3p8v";

/// Starts a server that accepts any update, and returns a recorded resource with
/// these fields.
async fn server(recording: Recording, fields: Value) -> (MockServer, Coolify) {
    server_of(Recording::newest(), recording, fields).await
}

async fn server_of(version: &str, recording: Recording, fields: Value) -> (MockServer, Coolify) {
    let mut shown = recording.response.json.expect("JSON");
    shown["uuid"] = json!(UUID);
    for (field, value) in fields.as_object().expect("fields") {
        shown[field] = value.clone();
    }
    let server = MockServer::start().await;
    let version = ResponseTemplate::new(200).set_body_string(version);
    let mut reply = shown.clone();
    reply["message"] = json!("ok");
    let took = ResponseTemplate::new(200).set_body_json(reply);
    let read = ResponseTemplate::new(200).set_body_json(shown);
    for (verb, path, reply) in [
        ("GET", "/version$", version),
        ("PATCH", "", took),
        ("GET", "", read),
    ] {
        let mock = Mock::given(method(verb)).and(path_regex(path));
        mock.respond_with(reply).mount(&server).await;
    }
    let coolify = Coolify::builder()
        .url(server.uri())
        .token("1|test")
        .build()
        .expect("a client");
    (server, coolify)
}

async fn application(fields: Value) -> (MockServer, ApplicationHandle) {
    let (server, coolify) = server(load("get-application-by-uuid.ok"), fields).await;
    (server, coolify.application(UUID))
}

#[tokio::test]
async fn what_an_application_stores_in_its_form_is_applied() -> Result<()> {
    let stored = json!({
        "name": "shop",
        "description": "",
        "watch_paths": "api/**\nweb/**\n!web/docs",
        "custom_network_aliases": "my-app,db",
        "base_directory": "/",
        "publish_directory": "/dist/",
        "docker_compose_location": "/compose.yml",
        "dockerfile_location": "/Dockerfile",
        "health_check_port": "3001",
        "limits_cpus": ".5",
        "fqdn": "https://a.example.com/Path,https://b.example.com",
        "noindex_domains": ["https://b.example.com"],
        "http_basic_auth_username": "me",
    });
    let (_server, web) = application(stored).await;
    let report = web
        .update()
        .name(" sh<b>op</b>")
        .clear_description()
        .watch_paths("/api/**\r\nweb/**\r\n\r\n! /web/docs\r\n")
        .custom_network_aliases([" my app", "db ", "db"])
        .clear_base_directory()
        .publish_directory("//dist/")
        .docker_compose_location("/compose.yml/")
        .clear_dockerfile_location()
        .health_check_port(3001)
        .limits_cpus(" .5\n")
        .domains(["HTTPS://A.example.com/Path", " https://b.example.com/"])
        .noindex_domains(["https://B.example.com", "https://b.example.com"])
        .http_basic_auth_username("\u{200b}me\u{a0}")
        .verified()
        .await?;
    assert_eq!(report.to_string().lines().count(), 1, "{report}");
    assert_eq!(report.applied.len(), 13, "{report}");
    Ok(())
}

#[tokio::test]
async fn what_is_there_in_another_form_is_not_applied() -> Result<()> {
    let stored = json!({
        "watch_paths": "web/**",
        "custom_network_aliases": "db,my-app",
        "base_directory": "/app",
        "fqdn": "https://a.example.com,https://b.example.com",
        "noindex_domains": [],
    });
    let (_server, web) = application(stored).await;
    let report = web
        .update()
        .watch_paths("/api/**\r\nweb/**")
        .custom_network_aliases(["my app", "db"])
        .clear_base_directory()
        .domains(["https://a.example.com"])
        .noindex_domains("https://c.example.com")
        .verified()
        .await?;
    assert!(report.applied.is_empty(), "{report}");
    let reasons: Vec<_> = report
        .ignored
        .iter()
        .map(|it| (it.field.as_str(), it.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            ("base_directory", None),
            ("custom_network_aliases", None),
            ("domains", None),
            ("noindex_domains", Some(DropReason::UnknownDomain)),
            ("watch_paths", None),
        ]
    );
    Ok(())
}

/// Up to 4.1.2 updates keep domains as they were sent; a compose file's services are
/// written with underscores up to 4.2.0.
#[tokio::test]
async fn old_servers_have_forms_of_their_own() -> Result<()> {
    let stored = json!({"fqdn": "HTTPS://A.example.com , https://b.example.com,"});
    let (_server, web) = application(stored).await;
    let report = web
        .update()
        .domains(["HTTPS://A.example.com", "https://b.example.com"])
        .verified()
        .await?;
    assert_eq!(report.applied, ["domains"], "{report}");

    let stored = json!({
        "docker_compose_domains": r#"{"my_app":{"domain":"https://a.example.com"}}"#,
    });
    let (_server, web) = application(stored).await;
    let report = web
        .update()
        .docker_compose_domains([ComposeDomain::new("my-app").domain(["https://a.example.com"])])
        .verified()
        .await?;
    assert_eq!(report.applied, ["docker_compose_domains"], "{report}");
    Ok(())
}

#[tokio::test]
async fn what_databases_store_in_their_form_is_applied() -> Result<()> {
    let stored = json!({
        "name": "main",
        "image": "postgres:16&amp;x",
        "limits_cpus": "half",
        "limits_cpuset": null,
        "public_port": "5432",
        "postgres_conf": "a=1\r\n\n",
        "postgres_password": "secret",
    });
    let (_server, coolify) = server(load("get-database-by-uuid.ok"), stored).await;
    let update = coolify
        .database(UUID)
        .update_postgresql()
        .name("<i>main")
        .image(" postgres:16&x")
        .limits_cpus("half ")
        .limits_cpuset("")
        .public_port(5432)
        .postgres_conf("a=1\r\n\n")
        .postgres_password(" secret ");
    let report = update.verified().await?;
    assert_eq!(report.applied.len(), 7, "{report}");
    Ok(())
}

#[tokio::test]
async fn what_services_and_their_parts_store_in_their_form_is_applied() -> Result<()> {
    let stored = json!({
        "description": "t",
        "applications": [{"name": "web", "fqdn": "https://web.example.com/path"}],
    });
    let (_server, coolify) = server(load("get-service-by-uuid.ok"), stored).await;
    let url = ServiceUrl::new("web").url("HTTPS://Web.example.com/Path");
    let update = coolify
        .service(UUID)
        .update()
        .description(" <i>t")
        .urls([url]);
    let report = update.verified().await?;
    assert_eq!(report.applied, ["description", "urls"], "{report}");

    let stored = json!({
        "description": "<i>t",
        "image": "nginx:1&amp;amp;2",
        "fqdn": "https://web.example.com/path",
        "noindex_domains": ["https://web.example.com/path"],
    });
    let part = load("get-service-application-by-service-and-app-uuid.ok");
    let (_server, coolify) = server(part, stored).await;
    let update = coolify
        .service(UUID)
        .application(UUID)
        .update()
        .description("<i>t ")
        .image("nginx:1&2")
        .url("https://web.example.com/Path")
        .noindex_domains(["https://web.example.com/path"]);
    let report = update.verified().await?;
    assert_eq!(report.applied.len(), 4, "{report}");
    Ok(())
}

/// Returns the number of writes.
async fn writes_to(server: &MockServer) -> usize {
    let sent = server.received_requests().await.expect("they are noted");
    sent.iter()
        .filter(|it| it.method.as_str() == "PATCH")
        .count()
}

/// Up to 4.1.2 the URLs of services are stored in lower case, including the path,
/// so writing one again would change nothing. Later the case of a path counts.
#[tokio::test]
async fn what_an_old_server_has_in_lower_case_is_not_written_again() -> Result<()> {
    let url = "https://a.example.com/path";
    for (version, writes) in [("4.1.2", 0), ("4.2.0", 1)] {
        let stored = json!({"applications": [{"uuid": "p", "name": "web", "fqdn": url}]});
        let service = load("get-service-by-uuid.ok");
        let (server, coolify) = server_of(version, service, stored).await;
        let domains = coolify.service(UUID).domains();
        let report = domains.set(["https://A.example.com/Path"]).await?;
        assert!(report.is_complete(), "{version}: {report:?}");
        assert_eq!(writes_to(&server).await, writes, "{version}");

        // Another path is another domain on any of them.
        let other = domains.set(["https://a.example.com/other"]).await?;
        assert!(!other.is_complete(), "{version}: it is not there");
    }
    Ok(())
}

/// The updates of an old server keep the case of an application's paths.
#[tokio::test]
async fn an_applications_path_is_written_on_any_server() -> Result<()> {
    for version in ["4.1.2", "4.2.0"] {
        let stored = json!({"fqdn": "https://a.example.com/path"});
        let application = load("get-application-by-uuid.ok");
        let (server, coolify) = server_of(version, application, stored).await;
        let domains = coolify.application(UUID).domains();
        let report = domains.set(["https://a.example.com/Path"]).await?;
        assert!(report.is_complete(), "{version}: {report:?}");
        assert_eq!(writes_to(&server).await, 1, "{version}");
    }
    Ok(())
}

#[tokio::test]
async fn only_the_container_whose_domains_change_is_sent() -> Result<()> {
    let recording = load("get-service-by-uuid.ok");
    let mut containers = Vec::new();
    for (name, url) in [
        ("web", "https://web.example.com"),
        ("api", "https://api.example.com"),
    ] {
        let shown = recording.response.json.as_ref().expect("JSON");
        let mut container = shown["applications"][0].clone();
        container["name"] = json!(name);
        container["fqdn"] = json!(url);
        containers.push(container);
    }
    let (server, coolify) = server(recording, json!({ "applications": containers })).await;
    let domains = coolify.service(UUID).domains();
    let change = domains.remove([Domain::of("api", "https://api.example.com")]);
    let _ = change.await?;
    let requests = server.received_requests().await.expect("they are kept");
    let sent = requests.iter().find(|it| it.method.as_str() == "PATCH");
    let sent: Value = sent.expect("a change").body_json().expect("JSON");
    assert_eq!(sent, json!({"urls": [{"name": "api", "url": null}]}));
    Ok(())
}
