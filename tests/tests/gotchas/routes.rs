//! Routes and their methods.

use coolify_sdk::operations::{Ability, Method, Operation, operations};
use coolify_sdk::{ErrorKind, Result, Version};
use coolify_sdk_tests::{Recording, Replay};

use super::{DATABASE, SECOND_SERVER, SERVICE, WEB, answered, param, place, refusal, replay, wire};

fn find(id: &str) -> &'static Operation {
    Operation::find(id).expect("an operation of the table")
}

fn knows(path: &str) -> bool {
    operations().iter().any(|operation| operation.path == path)
}

#[tokio::test]
async fn private_keys_are_changed_by_uuid_and_with_the_key() -> Result<()> {
    let ghost = |it: &Operation| it.path == "/security/keys" && it.method == Method::Patch;
    assert!(!operations().iter().any(ghost));
    assert_eq!(find("update-private-key").path, "/security/keys/{uuid}");
    let names = ["undocumented-patch-security-keys-uuid-.ok"];
    let recorded = super::load(names[0]);
    let replay = replay(names).await;
    let key = replay.client().private_key(param(&recorded, "uuid"));
    let pem = &recorded.request.body.as_ref().expect("a body")["private_key"];
    // There is no `update` without the key.
    let update = key.update(pem.as_str().expect("a key")).name("renamed");
    assert_eq!(update.await?.uuid, *key.uuid());
    replay.check();
    let error = refusal("update-private-key.ghost").await;
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    Ok(())
}

#[test]
fn undocumented_routes_are_known_and_internal_ones_are_not() {
    for (id, path) in [
        ("get-current-team", "/teams/current"),
        ("get-current-team-members", "/teams/current/members"),
        ("get-instance-email-settings", "/settings/email"),
        ("update-instance-email-settings", "/settings/email"),
    ] {
        assert_eq!((find(id).path, find(id).documented), (path, false));
    }
    let since = &find("get-instance-email-settings").versions.since;
    assert_eq!(*since, Version::new(4, 3, 10));
    assert!(!knows("/feedback") && !knows("/sentinel/push"));
}

#[tokio::test]
async fn calls_are_posted_and_three_are_got_from_older_servers() -> Result<()> {
    for (name, uuid) in [
        ("undocumented-get-deploy.get", None),
        ("undocumented-get-applications-uuid-start.get", Some(WEB)),
        ("undocumented-get-services-uuid-stop.get", Some(SERVICE)),
        (
            "undocumented-get-databases-uuid-restart.get",
            Some(DATABASE),
        ),
    ] {
        let recorded = super::load(name);
        assert_eq!(recorded.response.status, 405);
        assert_eq!(recorded.response.headers["allow"], "POST");
        let path = recorded
            .request
            .path
            .replace("{uuid}", uuid.unwrap_or("{uuid}"));
        assert_eq!(recorded.path(), path);
        let operation = operations()
            .iter()
            .find(|it| it.path == recorded.request.path)
            .expect("a known path");
        assert_eq!(
            (operation.method, &operation.get_until),
            (Method::Post, &None)
        );
        assert_eq!(refusal(name).await.kind(), ErrorKind::Unsupported);
    }

    // Up to 4.1.2 the others take both; the recording has the documented GET.
    let mut restart = Recording::load("4.1.2/restart-database-by-uuid.ok");
    restart.request.method = "POST".to_owned();
    let database = param(&restart, "uuid");
    let old = Replay::recordings(vec![
        Recording::load("4.1.2/disable-api.get"),
        Recording::load("4.1.2/enable-api.get"),
        Recording::load("4.1.2/validate-server-by-uuid.get"),
        restart,
    ])
    .await;
    let coolify = old.client();
    coolify.instance().disable_api().await?;
    coolify.instance().enable_api().await?;
    let server = Recording::load("4.1.2/validate-server-by-uuid.get");
    let validate = coolify.server(param(&server, "uuid")).validate();
    validate.install(true).await?;
    coolify.database(database).restart().await?;
    old.check();

    let new = replay([
        "disable-api.ok",
        "enable-api.ok",
        "validate-server-by-uuid.ok",
    ])
    .await;
    let coolify = new.client();
    coolify.instance().disable_api().await?;
    coolify.instance().enable_api().await?;
    coolify.server(SECOND_SERVER).validate().await?;
    new.check();
    Ok(())
}

#[tokio::test]
async fn a_route_that_is_missing_is_not_a_resource_that_is() {
    let unknown = "4.1.2/undocumented-get-no-such-route.unknown-route";
    let replay = Replay::recordings(vec![answered("create-tag.ok", unknown)]).await;
    let coolify = replay.client();
    let error = coolify.tags().create("release").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.unsupported_since(), Some(Version::new(4, 3, 0)));
    assert!(!error.is_not_found());
    let said = error.to_string();
    assert!(
        said.contains("needs Coolify 4.3.0, this is 4.1.2"),
        "{said}"
    );
    replay.check();

    let missing = refusal("get-application-by-uuid.not-found").await;
    assert!(missing.is_not_found() && missing.unsupported_since().is_none());

    // Every supported server has this route, so the URL must be wrong.
    let error = refusal("undocumented-get-no-such-route.unknown-route").await;
    assert_eq!(error.unsupported_since(), None);
    assert!(error.hint().is_some_and(|hint| hint.contains("URL")));
}

#[test]
fn compose_files_are_services() {
    assert!(!knows("/applications/dockercompose"));
    let coolify = coolify_sdk::Coolify::builder()
        .url("http://localhost")
        .token("1|t")
        .build()
        .expect("a client");
    let request = coolify.services().create_compose(place(), "services: {}\n");
    let body = wire(request.body());
    assert_eq!(body["docker_compose_raw"], "c2VydmljZXM6IHt9Cg==");
}

#[tokio::test]
async fn transfers_are_for_development_instances() {
    let replay = replay([
        "migrate-database-by-uuid.production-instance",
        "migrate-service-by-uuid.production-instance",
        "export-server-transfer-bundle.ok",
    ])
    .await;
    let coolify = replay.client();
    let destination = "xvsbsh3vdoweviqdmdtct9uj";
    let database = coolify.database(DATABASE).migrate(destination).await;
    let service = coolify.service(SERVICE).migrate(destination).await;
    let bundle = coolify.server(SECOND_SERVER).transfer().export().await;
    for error in [database.err(), service.err(), bundle.err()] {
        let error = error.expect("a production instance");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(!error.is_not_found());
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("development instances"), "{hint}");
    }
    replay.check();
}

#[test]
fn every_operation_says_since_when_and_by_whom() {
    let oldest = Version::new(4, 0, 0);
    assert!(operations().iter().all(|it| it.versions.since >= oldest));
    let tags = find("create-tag");
    assert_eq!(tags.versions.since, Version::new(4, 3, 0));
    assert_eq!(tags.ability(), Some(Ability::Write));
    let email = find("update-instance-email-settings");
    assert_eq!(email.ability(), Some(Ability::WriteSensitive));
    let deploy = find("deploy-by-tag-or-uuid");
    assert_eq!(deploy.ability(), Some(Ability::Deploy));
    assert_eq!(find("enable-api").ability(), Some(Ability::Write));
    assert_eq!(find("healthcheck").ability(), None);
}
