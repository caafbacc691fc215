//! The Docker registries of servers.

use super::{INVALID, VERSION, client, refusal};
use crate::operations::Ability;
use crate::testing::FakeCoolify;

#[tokio::test]
async fn a_server_logs_in_and_out() {
    let fake = FakeCoolify::version(VERSION).start().await;
    fake.seed_database(&fake.seed_project("shop"), "redis", "cache");
    let server = fake.client().server(fake.server_uuid());
    let registries = server.registries();
    let password = "a secret";
    let said = registries.log_in("https://GHCR.io/acme", "octocat", password);
    assert_eq!(said.await.unwrap(), "Logged in to ghcr.io.");
    let said = registries.log_in("host:5000", "octocat", password).await;
    assert_eq!(said.unwrap(), "Logged in to host:5000.");
    registries
        .log_in("host:5000", "other", password)
        .await
        .unwrap();

    let list = registries.list().await.unwrap();
    assert_eq!(list.error, None);
    let rows = list.registries.iter();
    let rows: Vec<_> = rows
        .map(|it| (it.registry.as_str(), it.logged_in, it.username.as_deref()))
        .collect();
    let wanted = [
        ("docker.io", false, None),
        ("ghcr.io", true, Some("octocat")),
        ("host:5000", true, Some("other")),
    ];
    assert_eq!(rows, wanted);
    assert_eq!(
        list.registries[0].used_by.as_ref().unwrap()[0].name,
        "cache"
    );

    let said = registries.check("host:5000").await.unwrap();
    assert_eq!(said, "The login for host:5000 works.");
    let said = registries.log_out("host:5000").await.unwrap();
    assert_eq!(said, "Logged out from host:5000.");
    let error = registries.check("host:5000").await.unwrap_err();
    let said = "Login check failed: There is no saved login for host:5000 on this server.";
    assert_eq!(refusal(&error), (400, said, vec![]));
}

#[tokio::test]
async fn what_is_no_registry_or_not_reachable_is_refused() {
    let fake = FakeCoolify::version(VERSION).start().await;
    let registries = fake.client().server(fake.server_uuid()).registries();
    let error = registries.log_in("-", "a b", "secret").await.unwrap_err();
    let fields = vec!["registry", "username"];
    assert_eq!(refusal(&error), (422, INVALID, fields));
    for error in [
        registries.check("a_b").await,
        registries.log_out("a_b").await,
    ] {
        let error = error.unwrap_err();
        assert_eq!(refusal(&error), (422, INVALID, vec!["registry"]));
    }
    let reader = client(&fake, ["read"]).server(fake.server_uuid());
    let error = reader.registries().list().await.unwrap_err();
    assert_eq!(error.missing_ability(), Some(Ability::ReadSensitive));
    let unknown = fake.client().server("unknown").registries();
    let error = unknown.check("ghcr.io").await.unwrap_err();
    assert_eq!(refusal(&error), (404, "Server not found.", vec![]));

    registries.log_in("ghcr.io", "a", "secret").await.unwrap();
    fake.running().state.servers[0].settings["is_reachable"] = false.into();
    let list = registries.list().await.unwrap();
    assert!(list.error.is_some());
    assert!(list.registries.is_empty());
    let error = registries.check("ghcr.io").await.unwrap_err();
    let said = "The server is not reachable. Validate the server first.";
    assert_eq!(refusal(&error), (400, said, vec![]));
}
