//! The previews of pull requests.

use std::time::Duration;

use serde_json::{Value, json};

use super::{INVALID, VERSION, client, refusal};
use crate::applications::{ApplicationHandle, GitType};
use crate::operations::Ability;
use crate::resource::Lines;
use crate::testing::{FakeCoolify, tests::wire::Wire};

/// Starts a fake with an application at `https://shop.example.com`.
async fn shop() -> (FakeCoolify, ApplicationHandle) {
    let fake = FakeCoolify::version(VERSION).start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    fake.set_application(&app, "fqdn", "https://shop.example.com");
    let app = fake.client().application(app);
    (fake, app)
}

#[tokio::test]
async fn a_preview_is_opened_once_and_then_deployed_again() {
    let (fake, app) = shop().await;
    let previews = app.previews();
    assert!(previews.list().await.unwrap().is_empty());

    let opened = previews.open(42).commit("abcdef1").await.unwrap();
    assert_eq!(opened.message, "Preview deployment queued.");
    assert_eq!(opened.preview.git_type, Some(GitType::Github));
    let domains = opened.preview.domains.as_deref();
    assert_eq!(domains, Some("https://42.shop.example.com"));
    let deployment = fake.state()["deployments"][0].clone();
    assert_eq!(deployment["pull_request_id"], 42);
    assert_eq!(deployment["commit"], "abcdef1");
    assert_eq!(
        opened.deployment_uuid.unwrap().as_str(),
        deployment["deployment_uuid"].as_str().unwrap()
    );

    let again = previews.open(42).commit("abcdef1").await.unwrap();
    assert_eq!(again.message, "Deployment already queued for this commit.");
    assert_eq!(again.deployment_uuid, None);
    assert_eq!(again.preview.uuid, opened.preview.uuid);

    let url = "https://github.com/acme/shop/pull/7";
    let made = previews.open(7).instant_deploy(false);
    let made = made.pull_request_html_url(url).await.unwrap();
    assert_eq!(made.message, "Preview created.");
    assert_eq!(made.deployment_uuid, None);
    let made = previews.open(7).instant_deploy(false).await.unwrap();
    assert_eq!(made.message, "Preview updated.");
    assert_eq!(made.preview.pull_request_html_url.as_deref(), Some(url));
    assert_eq!(fake.state()["deployments"].as_array().unwrap().len(), 1);

    let numbers = previews.list().await.unwrap();
    let numbers: Vec<_> = numbers.iter().map(|it| it.pull_request_id).collect();
    assert_eq!(numbers, [42, 7]);
}

#[tokio::test]
async fn only_the_preview_runs_after_its_deployment() {
    let (fake, app) = shop().await;
    let previews = app.previews();
    previews.open(42).instant_deploy(false).await.unwrap();
    // The reply is a 400, as that of an application.
    assert_eq!(previews.logs(42).lines(5).await.unwrap(), None);

    let opened = previews.open(42).await.unwrap();
    let deployment = fake.client().deployment(opened.deployment_uuid.unwrap());
    deployment.follow().await.unwrap();
    let preview = previews.get(42).await.unwrap();
    assert!(preview.status.unwrap().is_running());
    assert!(!app.get().await.unwrap().status.unwrap().is_running());
    let lines = previews.logs(42).lines(Lines::All).await.unwrap();
    assert_eq!(lines.unwrap().lines().count(), 3);

    app.previews().delete(42).await.unwrap();
    assert!(previews.list().await.unwrap().is_empty());
    let error = previews.get(42).await.unwrap_err();
    assert_eq!(refusal(&error), (404, "Preview not found.", vec![]));
}

#[tokio::test]
async fn an_image_needs_its_tag_once() {
    let (fake, app) = shop().await;
    fake.set_application(app.uuid().as_str(), "build_pack", "dockerimage");
    let previews = app.previews();
    let error = previews.open(1).await.unwrap_err();
    assert_eq!(refusal(&error), (422, INVALID, vec!["docker_tag"]));
    let error = previews.open(1).git_type(GitType::Gitea).commit("abcdef1");
    let error = error.docker_tag("-").await.unwrap_err();
    let fields = vec!["commit", "docker_tag", "git_type"];
    assert_eq!(refusal(&error), (422, INVALID, fields));
    assert!(previews.list().await.unwrap().is_empty());

    let opened = previews.open(1).docker_tag("pr-1").await.unwrap();
    let tag = opened.preview.docker_registry_image_tag.as_deref();
    assert_eq!(tag, Some("pr-1"));
    assert_eq!(opened.preview.git_type, None);
    let deployment = fake.state()["deployments"][0].clone();
    assert_eq!(deployment["docker_registry_image_tag"], "pr-1");
    previews.open(1).await.unwrap();
}

#[tokio::test]
async fn what_cannot_have_a_preview_is_refused() {
    let (fake, app) = shop().await;
    let previews = app.previews();
    fake.set_application(app.uuid().as_str(), "source_type", json!(null));
    let error = previews.open(1).await.unwrap_err();
    assert_eq!(refusal(&error), (422, INVALID, vec!["git_type"]));
    let error = previews.open(1).git_type(GitType::Bitbucket);
    let error = error.await.unwrap_err();
    assert_eq!(refusal(&error), (422, INVALID, vec!["commit"]));
    let error = previews.open(1).docker_tag("pr-1").await.unwrap_err();
    assert_eq!(refusal(&error), (422, INVALID, vec!["docker_tag"]));
    let opened = previews.open(1).git_type(GitType::Gitea).await.unwrap();
    assert_eq!(opened.preview.git_type, Some(GitType::Gitea));
    previews.open(1).await.unwrap();

    let error = previews.get(3_000_000_000).await.unwrap_err();
    assert_eq!(refusal(&error), (422, "Invalid pull_request_id.", vec![]));
    fake.set_application(app.uuid().as_str(), "dockerfile", "FROM scratch");
    let error = previews.open(2).await.unwrap_err();
    let said = "Preview deployments need a Git based or Docker Image application.";
    assert_eq!(refusal(&error), (400, said, vec![]));

    let reader = client(&fake, ["read"]).application(app.uuid());
    let error = reader.previews().open(2).await.unwrap_err();
    assert_eq!(error.missing_ability(), Some(Ability::Deploy));
    let error = reader.previews().logs(1).lines(1).await.unwrap_err();
    assert_eq!(error.missing_ability(), Some(Ability::ReadSensitive));
}

#[tokio::test]
async fn a_preview_stays_if_the_queue_is_full() {
    let builder = FakeCoolify::version(VERSION).deployment_queue_limit(0);
    let fake = builder.start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let previews = fake.client().application(app).previews();
    let error = previews.open(1).await.unwrap_err();
    assert!(error.is_queue_full(), "{error:?}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    assert_eq!(previews.list().await.unwrap().len(), 1);
    assert_eq!(fake.state()["deployments"], json!([]));
}

#[tokio::test]
async fn domains_are_replaced_and_their_ports_are_shown() {
    let (fake, app) = shop().await;
    let previews = app.previews();
    fake.seed_preview(app.uuid().as_str(), 42);
    let urls = ["https://a.example.com:3000", "https://b.example.com"];
    let written = previews.update_domains(42).domains(urls).await.unwrap();
    let domains = "https://a.example.com,https://b.example.com";
    assert_eq!(written.domains.as_deref(), Some(domains));
    let read = previews.get(42).await.unwrap();
    assert_eq!(read.domains.as_deref(), Some(domains));
    let ports = json!({"https://a.example.com": 3000});
    assert_eq!(
        serde_json::to_value(read.domain_port_overrides).unwrap(),
        ports
    );

    let error = previews.update_domains(42).force_domain_override(true);
    let error = error.await.unwrap_err();
    assert_eq!(refusal(&error), (422, INVALID, vec!["domains"]));
    let error = previews.update_domains(7).domains(urls).await.unwrap_err();
    assert_eq!(refusal(&error), (404, "Preview not found.", vec![]));

    let other = fake.seed_application(&fake.seed_project("blog"), "blog");
    fake.set_application(&other, "fqdn", "https://b.example.com");
    let error = previews.update_domains(42).domains(urls).await.unwrap_err();
    assert_eq!(error.status(), Some(409));
    let domain = error.conflicts()[0].domain.as_deref();
    assert_eq!(domain, Some("https://b.example.com"));
    let forced = previews.update_domains(42).domains(urls);
    forced.force_domain_override(true).await.unwrap();
}

#[tokio::test]
async fn a_compose_application_has_the_domains_of_its_services() {
    let (fake, app) = shop().await;
    for (field, value) in [
        ("build_pack", "dockercompose"),
        (
            "docker_compose_raw",
            "services:\n  web:\n    image: nginx\n",
        ),
        (
            "docker_compose_domains",
            r#"{"web":{"domain":"https://shop.example.com","redirect":"www"}}"#,
        ),
    ] {
        fake.set_application(app.uuid().as_str(), field, value);
    }
    let previews = app.previews();
    let opened = previews.open(5).instant_deploy(false).await.unwrap();
    let domains = opened.preview.docker_compose_domains.unwrap();
    assert_eq!(domains[0].name, "web");
    let domain = domains[0].domain.as_deref();
    assert_eq!(domain, Some("https://5.shop.example.com"));

    let wire = Wire::to(&fake);
    let path = format!("/applications/{}/previews/5", app.uuid());
    let send = async |body: Value| {
        let body = Some(("application/json", body.to_string()));
        wire.send("PATCH", &path, body).await
    };
    let entry = |name: &str| json!({"name": name, "domain": "https://a.example.com"});
    for (body, field) in [
        (json!({"domains": "https://a.example.com"}), "domains"),
        (
            json!({"docker_compose_domains": [entry("web"), entry("web")]}),
            "docker_compose_domains.1.name",
        ),
        (json!({"docker_compose_domains": [], "name": "x"}), "name"),
        (
            json!({"docker_compose_domains": [{"domain": null}]}),
            "docker_compose_domains.0.name",
        ),
    ] {
        let answer = send(body).await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.json()["errors"].get(field).is_some(),
            "{}",
            answer.text
        );
    }
    let answer = send(json!({"docker_compose_domains": [entry("web")]})).await;
    let written = json!([{"name": "web", "domain": "https://a.example.com", "redirect": null}]);
    assert_eq!(answer.json()["docker_compose_domains"], written);
    let answer = send(json!({"docker_compose_domains": []})).await;
    assert_eq!(answer.json()["docker_compose_domains"], json!([]));

    let logs = format!("{path}/logs?service_name=");
    let opened = previews.open(5).await.unwrap();
    let deployment = fake.client().deployment(opened.deployment_uuid.unwrap());
    deployment.follow().await.unwrap();
    let answer = wire.send("GET", &format!("{logs}web"), None).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = wire.send("GET", &format!("{logs}cache"), None).await;
    let said = "No running container found for service_name 'cache'.";
    assert_eq!(
        (answer.status, &answer.json()["message"]),
        (404, &json!(said))
    );
}
