//! One interface for the three ways in which Coolify stores domains.

use coolify_sdk::domains::Domain;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::verify::DropReason;
use coolify_sdk::{EnvironmentRef, ErrorKind, Placement, Result, Uuid};
use coolify_sdk_tests::Replay;
use serde_json::json;

use crate::{WEB, application_with, fake, load, make_compose, writes};

const BOTH: &str = "https://web.example.com,https://www.example.com";

fn urls(domains: &[Domain]) -> Vec<&str> {
    domains.iter().map(|domain| domain.url.as_str()).collect()
}

#[tokio::test]
async fn a_change_is_read_back() -> Result<()> {
    let replay = Replay::recordings(vec![
        application_with(WEB, json!({"/fqdn": null})),
        load("update-application-by-uuid.domains"),
        application_with(WEB, json!({"/fqdn": BOTH})),
    ])
    .await;
    let domains = replay.client().application(WEB).domains();
    let wanted = ["HTTPS://Web.example.com", "https://www.example.com"];
    // As recorded: the case is the server's to change.
    let wanted = wanted.map(str::to_lowercase);
    let report = domains.set(wanted).await?;
    assert!(report.is_complete());
    assert_eq!(urls(&report.domains).join(","), BOTH);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_conflict_names_who_has_the_domain_and_can_be_overridden() -> Result<()> {
    let image = "y4ahzvo3zrdwhhjscv16sqbc";
    let before = || application_with(image, json!({"/fqdn": null}));
    let replay = Replay::recordings(vec![
        before(),
        load("update-application-by-uuid.domain-conflict"),
    ])
    .await;
    let domains = replay.client().application(image).domains();
    let change = domains.add(["https://web.example.com"]);
    let error = change.await.expect_err("it is taken");
    assert!(error.is_conflict());
    let [conflict] = error.conflicts() else {
        panic!("one conflict: {error:?}");
    };
    assert_eq!(conflict.domain.as_deref(), Some("https://web.example.com"));
    assert_eq!(conflict.resource_name.as_deref(), Some("web2"));
    assert_eq!(conflict.resource_uuid.as_deref(), Some(WEB));
    replay.check();

    let replay = Replay::recordings(vec![
        before(),
        load("update-application-by-uuid.domain-override"),
        application_with(image, json!({"/fqdn": "https://web.example.com"})),
    ])
    .await;
    let domains = replay.client().application(image).domains();
    let report = domains
        .add(["https://web.example.com"])
        .override_conflicts()
        .await?;
    assert!(report.is_complete());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn containers_of_a_service_have_domains() -> Result<()> {
    let service = "z5nlnxsn1n3caj9setkwj40p";
    let url = "https://svc.example.com";
    let mut after = load("get-service-by-uuid.ok");
    let json = after.response.json.as_mut().expect("JSON");
    json["applications"][0]["fqdn"] = json!(url);
    let replay = Replay::recordings(vec![
        load("get-service-by-uuid.ok"),
        load("update-service-by-uuid.urls"),
        after,
    ])
    .await;
    let domains = replay.client().service(service).domains();
    // A single container need not be named.
    let report = domains.set([url]).await?;
    assert_eq!(report.domains, [Domain::of("web", url)]);
    assert!(report.is_complete());
    replay.check();

    let replay = Replay::of(&["get-service-by-uuid.ok"]).await;
    let domains = replay.client().service(service).domains();
    let error = domains.add([Domain::of("nope", url)]).await;
    let error = error.expect_err("there is no such container");
    assert!(error.is_invalid_request(), "{error}");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_compose_file_that_coolify_has_not_read_takes_none() {
    let compose = "ezw7d3no7ljyy5xdv5paqbok";
    let replay = Replay::recordings(vec![
        load("get-application-by-uuid.compose"),
        load("update-application-by-uuid.compose-domains"),
    ])
    .await;
    let domains = replay.client().application(compose).domains();
    let change = domains.set([Domain::of("web", "https://compose.example.com")]);
    let error = change.await.expect_err("there is no compose file yet");
    assert!(error.is_validation(), "{error}");
    assert!(
        error.hint().expect("a hint").contains("deploy"),
        "{error:?}"
    );
    replay.check();
}

#[tokio::test]
async fn domains_are_added_and_removed() -> Result<()> {
    let (fake, web) = fake().await;
    let domains = web.domains();
    let report = domains.add(["https://b.example.com"]).await?;
    let both = ["https://a.example.com", "https://b.example.com"];
    assert_eq!(urls(&report.domains), both);

    let written = writes(&fake);
    let again = domains.add(["https://B.example.com/"]).await?;
    assert!(again.is_complete());
    assert_eq!(
        urls(&domains.remove(["https://c.example.com"]).await?.domains),
        both
    );
    assert_eq!(writes(&fake), written, "nothing was to be changed");

    let report = domains.remove(["https://a.example.com"]).await?;
    assert_eq!(urls(&report.domains), ["https://b.example.com"]);
    assert!(domains.clear().await?.domains.is_empty());
    assert!(domains.list().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_dropped_domain_is_told_with_its_reason() -> Result<()> {
    let (fake, web) = fake().await;
    fake.set_proxy("NONE");
    let report = web.domains().set(["https://b.example.com"]).await?;
    assert_eq!(report.dropped[0].domain, "https://b.example.com".into());
    assert_eq!(report.dropped[0].reason, Some(DropReason::NoProxy));
    assert_eq!(
        urls(&[report.kept[0].domain.clone()]),
        ["https://a.example.com"]
    );
    assert_eq!(urls(&report.domains), ["https://a.example.com"]);
    assert_eq!(
        report.dropped[0].to_string(),
        "https://b.example.com: the server runs no proxy"
    );

    fake.set_proxy("CADDY");
    fake.set_build_server(true);
    let report = web.domains().clear().await?;
    assert_eq!(report.kept[0].reason, Some(DropReason::BuildServer));
    Ok(())
}

#[tokio::test]
async fn services_of_a_compose_file_keep_what_is_not_theirs() -> Result<()> {
    let (fake, app) = fake().await;
    make_compose(&fake, &app);
    let uuid = app.uuid().as_str();
    let map =
        r#"{"api":{"domain":"https://api.example.com","redirect":"www"},"web":{"domain":null}}"#;
    fake.set_application(uuid, "docker_compose_domains", map);
    let domains = app.domains();
    let api = Domain::of("api", "https://api.example.com");
    assert_eq!(domains.list().await?, std::slice::from_ref(&api));

    let web = Domain::of("web", "https://www.example.com");
    let report = domains.add([&web]).await?;
    assert_eq!(report.domains, [api, web]);
    let stored = &fake.state()["applications"][0]["docker_compose_domains"];
    assert!(
        stored.as_str().expect("a text").contains("redirect"),
        "{stored}"
    );

    let error = domains.add(["https://x.example.com"]).await;
    let error = error.expect_err("there are two services");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("api, web"), "{error}");

    let report = domains
        .add([Domain::of("worker", "https://w.example.com")])
        .await?;
    assert_eq!(report.dropped[0].reason, Some(DropReason::UnknownService));
    assert_eq!(report.domains.len(), 2);

    let report = domains.remove(["https://api.example.com"]).await?;
    assert_eq!(urls(&report.domains), ["https://www.example.com"]);
    assert!(domains.clear().await?.is_complete());
    assert!(domains.list().await?.is_empty());
    Ok(())
}

/// Up to 4.2.0, Coolify writes underscores into the map when it reads the file,
/// but accepts only the names of the file.
#[tokio::test]
async fn a_service_is_the_same_with_underscores() -> Result<()> {
    let (fake, app) = fake().await;
    make_compose(&fake, &app);
    let uuid = app.uuid().as_str();
    let file = "services:\n  my-app:\n    image: nginx\n";
    fake.set_application(uuid, "docker_compose_raw", file);
    let map = r#"{"my_app":{"domain":"https://a.example.com"}}"#;
    fake.set_application(uuid, "docker_compose_domains", map);
    let domains = app.domains();
    assert_eq!(
        domains.list().await?,
        [Domain::of("my-app", "https://a.example.com")]
    );
    let report = domains.add(["https://b.example.com"]).await?;
    assert!(report.is_complete(), "{report:?}");
    let both = ["https://a.example.com", "https://b.example.com"];
    assert_eq!(urls(&report.domains), both, "none is lost");

    fake.set_application(uuid, "docker_compose_domains", map);
    let report = app.update().domains(both).verified().await?;
    assert_eq!(report.rerouted[0].field, "domains", "{report}");
    Ok(())
}

#[tokio::test]
async fn what_is_no_url_is_not_sent() {
    let (fake, web) = fake().await;
    for bad in [
        "example.com",
        "https://a.example.com,https://b.example.com",
        "",
    ] {
        let error = web.domains().add([bad]).await.expect_err("no URL");
        assert!(error.is_invalid_request(), "{bad}: {error}");
    }
    // It does not remove all domains.
    let error = web.domains().set("").await.expect_err("no URL");
    assert!(error.is_invalid_request(), "{error}");
    assert_eq!(writes(&fake), 0);
}

#[tokio::test]
async fn each_service_is_named_once() -> Result<()> {
    let (fake, application) = fake().await;
    make_compose(&fake, &application);
    let map =
        r#"{"web":{"domain":"https://a.example.com"},"api":{"domain":"https://b.example.com"}}"#;
    fake.set_application(application.uuid().as_str(), "docker_compose_domains", map);
    let domains = application.domains();
    let named = [
        Domain::of("web", "https://a.example.com"),
        Domain::of("web", "https://c.example.com"),
    ];
    let report = domains.set(named.clone()).await?;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.domains, named);
    let requests = fake.requests();
    let sent = requests.iter().rfind(|it| it.method == "PATCH");
    let sent = sent.expect("a change").json();
    let entries = json!([
        {"name": "api", "domain": null},
        {"name": "web", "domain": "https://a.example.com,https://c.example.com"},
    ]);
    assert_eq!(sent["docker_compose_domains"], entries);
    Ok(())
}

#[tokio::test]
async fn the_last_domain_is_cleared() -> Result<()> {
    let (fake, web) = fake().await;
    let report = web.domains().remove(["https://a.example.com"]).await?;
    assert!(report.is_complete());
    let requests = fake.requests();
    let sent = requests.iter().find(|it| it.method == "PATCH");
    let sent = sent.expect("a change").json();
    assert_eq!(sent.get("domains"), Some(&serde_json::Value::Null));
    Ok(())
}

/// The generated domain of a one-click service ends in the port of its container.
#[tokio::test]
async fn a_domain_of_a_service_may_keep_the_port() -> Result<()> {
    let (fake, service) = one_click().await;
    let domains = fake.client().service(service).domains();
    let generated = domains.list().await?;
    assert!(generated[0].url.ends_with(":5006"), "{generated:?}");

    let report = domains.set("https://a.example.com").keep_ports().await?;
    assert!(report.is_complete());
    assert_eq!(urls(&report.domains), ["https://a.example.com:5006"]);
    let wanted = ["https://b.example.com", "https://c.example.com:81"];
    let report = domains.add(wanted).keep_ports().await?;
    let all = [
        "https://a.example.com:5006",
        "https://b.example.com:5006",
        "https://c.example.com:81",
    ];
    assert_eq!(urls(&report.domains), all);
    // A removal adds no ports.
    let report = domains.remove(all[1]).keep_ports().await?;
    assert_eq!(urls(&report.domains), [all[0], all[2]]);
    let report = domains.set("https://d.example.com").await?;
    assert_eq!(urls(&report.domains), ["https://d.example.com"]);
    Ok(())
}

async fn one_click() -> (FakeCoolify, Uuid) {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let production = EnvironmentRef::name("production");
    let place = Placement::new(project, production, fake.server_uuid());
    let services = fake.client().services();
    let created = services.create_one_click(place, "actualbudget").await;
    (fake, created.expect("a service").uuid)
}
