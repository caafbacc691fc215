use coolify_sdk::servers::ProxyType;
use coolify_sdk::{ErrorKind, Result, Secret};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::json;

use super::{KEY, SECOND_SERVER, SERVER, kept, sent};

const MOVING: &str = "xhsimdz4ftmdswsap3iwoyyq";

#[tokio::test]
async fn servers_are_added_changed_and_removed() -> Result<()> {
    let replay = Replay::of(&[
        "create-server.ok",
        "list-servers.ok",
        "get-server-by-uuid.ok",
        "update-server-by-uuid.ok",
        "get-resources-by-server-uuid.ok",
        "get-domains-by-server-uuid.ok",
        "delete-server-by-uuid.localhost",
        "delete-server-by-uuid.ok",
        "get-server-by-uuid.gone",
    ])
    .await;
    let coolify = replay.client();
    let created = coolify
        .servers()
        .create("192.0.2.10", KEY)
        .name("second")
        .description("d")
        .port(22)
        .user("root")
        .instant_validate(false)
        .proxy_type(ProxyType::Traefik)
        .await?;
    assert_eq!(created.uuid, SECOND_SERVER);
    kept(&coolify.servers().list().await?, "list-servers.ok");
    let (first, second) = (coolify.server(SERVER), coolify.server(&created.uuid));
    kept(&first.get().await?, "get-server-by-uuid.ok");
    second
        .update()
        .name("renamed")
        .description("d2")
        .concurrent_builds(3)
        .await?;
    kept(&first.resources().await?, "get-resources-by-server-uuid.ok");
    kept(&first.domains().await?, "get-domains-by-server-uuid.ok");
    let error = first.delete().await.expect_err("it has resources");
    assert_eq!(error.status(), Some(400));
    assert_eq!(second.delete().await?, "Server deleted.");
    assert!(second.get().await.expect_err("gone").is_not_found());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn resources_and_force_are_asked_for_in_the_query() -> Result<()> {
    let mut with_resources = Recording::load("get-server-by-uuid.ok");
    let query = &mut with_resources.request.query;
    query.insert("resources".to_owned(), json!(true));
    let mut forced = Recording::load("delete-server-by-uuid.ok");
    forced.request.query.insert("force".to_owned(), json!(true));
    let replay = Replay::recordings(vec![with_resources, forced]).await;
    let coolify = replay.client();
    coolify.server(SERVER).get_with_resources().await?;
    let second = coolify.server(SECOND_SERVER);
    second.delete().delete_resources(true).await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn validation_is_posted_and_on_older_servers_got() -> Result<()> {
    let replay = Replay::of(&["validate-server-by-uuid.ok"]).await;
    let message = replay.client().server(SECOND_SERVER).validate().await?;
    assert_eq!(message, "Validation started.");
    replay.check();

    let name = "4.1.2/validate-server-by-uuid.get";
    let uuid = Recording::load(name).request.params["uuid"].clone();
    let uuid = uuid.as_str().expect("a uuid");
    let replay = Replay::of(&[name]).await;
    let request = replay.client().server(uuid).validate().install(true);
    assert_eq!(request.await?, "Validation started.");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn the_proxy_is_configured_in_plain_text() -> Result<()> {
    let replay = Replay::of(&[
        "get-server-proxy.ok",
        "update-server-proxy.ok",
        "save-server-proxy-configuration.ok",
        "restart-server-proxy.ok",
    ])
    .await;
    let proxy = replay.client().server(SERVER).proxy();
    kept(&proxy.get().await?, "get-server-proxy.ok");
    let updated = proxy.update().redirect_enabled(true).await?;
    kept(&updated, "update-server-proxy.ok");
    let saved = proxy.save_configuration("services: {}\n").await?;
    assert_eq!(saved.configuration, Some(Secret::from("services: {}\n")));
    kept(&saved, "save-server-proxy-configuration.ok");
    assert_eq!(proxy.restart().await?, "Proxy restart queued.");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn docker_is_cleaned_up_with_and_without_options() -> Result<()> {
    let replay = Replay::of(&[
        "get-server-docker-cleanup.ok",
        "update-server-docker-cleanup.ok",
        "update-server-docker-cleanup.invalid",
        "run-server-docker-cleanup.ok",
        "run-server-docker-cleanup.will-fail",
        "list-server-docker-cleanup-executions.finished",
    ])
    .await;
    let cleanup = replay.client().server(SERVER).docker_cleanup();
    kept(&cleanup.get().await?, "get-server-docker-cleanup.ok");
    let updated = cleanup
        .update()
        .docker_cleanup_frequency("0 0 * * *")
        .docker_cleanup_threshold(80)
        .force_docker_cleanup(false)
        .await?;
    kept(&updated, "update-server-docker-cleanup.ok");
    let nonsense = cleanup.update().docker_cleanup_frequency("nonsense");
    let error = nonsense.await.expect_err("no frequency");
    let field = error.field_errors()[0].field();
    assert_eq!(field, Some("docker_cleanup_frequency"));
    cleanup.run().await?;
    cleanup.run().delete_unused_volumes(true).await?;
    let name = "list-server-docker-cleanup-executions.finished";
    kept(&cleanup.executions().await?, name);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn log_drains_hide_their_keys() -> Result<()> {
    let replay = Replay::of(&["get-server-log-drains.ok", "update-server-log-drains.ok"]).await;
    let drains = replay.client().server(SERVER).log_drains();
    kept(&drains.get().await?, "get-server-log-drains.ok");
    let updated = drains
        .update()
        .logdrain_axiom_dataset_name("ds")
        .logdrain_axiom_api_key("key")
        .await?;
    kept(&updated, "update-server-log-drains.ok");
    assert!(!format!("{updated:?}").contains("\"key\""));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn sentinel_is_set_up() -> Result<()> {
    let replay = Replay::of(&[
        "get-server-sentinel.ok",
        "update-server-sentinel.ok",
        "get-server-sentinel.read-token",
    ])
    .await;
    let sentinel = replay.client().server(SERVER).sentinel();
    let full = sentinel.get().await?;
    kept(&full, "get-server-sentinel.ok");
    assert!(full.sentinel_token.is_some());
    let updated = sentinel.update().sentinel_metrics_history_days(7).await?;
    kept(&updated, "update-server-sentinel.ok");
    let plain = sentinel.get().await?;
    assert!(plain.sentinel_token.is_none());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_cloudflare_tunnel_is_noted() -> Result<()> {
    let replay = Replay::of(&[
        "get-server-cloudflare-tunnel.ok",
        "update-server-cloudflare-tunnel.ok",
        "enable-server-cloudflare-tunnel.ok",
        "disable-server-cloudflare-tunnel.ok",
    ])
    .await;
    let coolify = replay.client();
    let of_first = coolify.server(SERVER).cloudflare_tunnel().get().await?;
    kept(&of_first, "get-server-cloudflare-tunnel.ok");
    let tunnel = coolify.server(SECOND_SERVER).cloudflare_tunnel();
    let updated = tunnel.update(true).await?;
    kept(&updated, "update-server-cloudflare-tunnel.ok");
    let enabled = tunnel.enable().await?;
    kept(&enabled, "enable-server-cloudflare-tunnel.ok");
    let disabled = tunnel.disable().await?;
    kept(&disabled, "disable-server-cloudflare-tunnel.ok");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_server_is_handed_over_without_showing_its_keys() -> Result<()> {
    let replay = Replay::of(&[
        "export-server-transfer-bundle.app-env-local",
        "export-server-transfer-bundle.app-env-local-encrypted",
        "export-server-transfer-mailbox.app-env-local",
        "import-server-transfer-bundle.app-env-local-dry-run",
        "claim-server.app-env-local",
        "complete-server-transfer.app-env-local",
        "migrate-server-between-instances.app-env-local-unreachable",
    ])
    .await;
    let coolify = replay.client();
    let transfer = coolify.server(MOVING).transfer();
    let bundle = transfer.export().await?;
    kept(&bundle, "export-server-transfer-bundle.app-env-local");
    assert_eq!(format!("{bundle:?}"), "SecretJson(hidden)");
    let encrypted = transfer.export_encrypted("correct horse battery").await?;
    assert_eq!(encrypted.expose()["encrypted"], true);
    let unreachable = transfer.export_to_mailbox().await;
    assert!(unreachable.expect_err("no such server").is_validation());

    let name = "import-server-transfer-bundle.app-env-local-dry-run";
    let import = coolify
        .servers()
        .import(sent(name)["bundle"].clone())
        .dry_run(true);
    assert!(!format!("{import:?}").contains("PRIVATE KEY"));
    kept(&import.await?, name);
    let claim = transfer.claim().write_remote(false).await?;
    kept(&claim, "claim-server.app-env-local");
    let complete = transfer.complete().export_id("qv5q4pprztc0d7fpg4qgmz49");
    kept(&complete.await?, "complete-server-transfer.app-env-local");
    let migration = transfer.migrate("http://127.0.0.1:9", "x").await;
    assert!(migration.expect_err("nobody there").is_validation());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn production_knows_nothing_of_transfers() {
    let replay = Replay::of(&["export-server-transfer-bundle.ok"]).await;
    let transfer = replay.client().server(SECOND_SERVER).transfer();
    let error = transfer.export().await.expect_err("a bare 404");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    replay.check();
}
