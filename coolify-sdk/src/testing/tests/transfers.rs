//! Moving servers to other instances, and resources to other servers.

use serde_json::Value;

use crate::error::Result;
use crate::servers::ServerHandle;
use crate::storages::NewStorage;
use crate::testing::FakeCoolify;

/// Adds a server to a development instance.
async fn another(fake: &FakeCoolify, ip: &str) -> Result<ServerHandle> {
    let coolify = fake.client();
    let keys = coolify.private_keys().list().await?;
    let created = coolify.servers().create(ip, &keys[0].uuid).name(ip);
    Ok(coolify.server(created.await?.uuid))
}

#[tokio::test]
async fn a_development_instance_hands_a_server_over() -> Result<()> {
    let fake = FakeCoolify::builder().development().start().await;
    let server = another(&fake, "10.0.0.7").await?;
    let transfer = server.transfer();
    let mailbox = transfer.export_to_mailbox().await?;
    assert_eq!(mailbox.written, Some(true));
    let bundle = transfer.export().await?;
    let same = fake.client().servers().import(bundle.expose().clone());
    let error = same.await.unwrap_err();
    assert!(error.to_string().contains("already exists"), "{error}");
    let mut other: Value = bundle.expose().clone();
    other["server"]["uuid"] = "zzzzzzzzzzzzzzzzzzzzzzzz".into();
    other["server"]["ip"] = "10.0.0.8".into();
    let imported = fake.client().servers().import(other).await?;
    assert_eq!(imported.claimed, Some(true));

    let migrated = transfer
        .migrate("https://other.example.com/", "1|x")
        .await?;
    assert_eq!(
        migrated.target_url.as_deref(),
        Some("https://other.example.com")
    );
    let settings = server.get().await?.settings.unwrap();
    assert_eq!(settings.force_disabled, Some(true));
    let host = fake.client().server(fake.server_uuid());
    let error = host.transfer().export().await.unwrap_err();
    assert!(error.is_validation(), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_resource_migrates_at_once_unless_it_has_volumes() -> Result<()> {
    let fake = FakeCoolify::builder().development().start().await;
    let server = another(&fake, "10.0.0.7").await?;
    let there = server.destinations().list().await?.remove(0).uuid;
    let coolify = fake.client();
    let app = coolify.application(fake.seed_application(&fake.seed_project("shop"), "web"));
    let migrated = app.migrate(&there).await?;
    assert_eq!(migrated.async_, Some(false));
    let destination = app.get().await?.destination.unwrap();
    assert_eq!(destination.uuid, there);
    let again = app.migrate(&there).await.unwrap_err();
    assert!(again.is_validation(), "{again}");

    app.storages()
        .create(NewStorage::volume("data", "/data"))
        .await?;
    let here = fake.client().server(fake.server_uuid()).destinations();
    let here = here.list().await?.remove(0).uuid;
    let migrated = app.migrate(&here).await?;
    assert_eq!(
        (migrated.async_, migrated.volume_jobs),
        (Some(true), Some(1))
    );
    let error = app.migrate("unknown").await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_production_instance_knows_nothing_of_it() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let server = fake.client().server(fake.server_uuid());
    let error = server.transfer().export().await.unwrap_err();
    assert_eq!(error.status(), Some(404));
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let error = fake.client().application(app).migrate("any").await;
    assert_eq!(error.unwrap_err().status(), Some(404));
    Ok(())
}
