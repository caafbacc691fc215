//! Servers. Only the test's own server is changed, which has an unreachable
//! address.

use std::hash::{BuildHasher as _, RandomState};

use coolify_sdk::servers::ServerHandle;
use coolify_sdk_tests::live::{Leftover, Live, Outcome, Stop, live_test};

use crate::make;

/// Returns a server that was never reached.
pub async fn nowhere(live: &Live) -> Result<ServerHandle, Stop> {
    let key = make::private_key(live).await?;
    // Within 198.18.0.0/15, which is reserved for tests; Coolify takes each
    // address once.
    let random = RandomState::new().hash_one(0_u8) % 0x1_0000;
    let address = format!("198.18.{}.{}", random / 256, random % 256);
    let create = live.coolify().servers().create(address, key);
    let created = create
        .name(live.name("server"))
        .instant_validate(false)
        .await?;
    live.made(Leftover::Server(created.uuid.clone()));
    Ok(live.coolify().server(created.uuid))
}

#[live_test(ability = "write")]
async fn a_server_comes_and_goes(live: Live) -> Outcome {
    let server = nowhere(&live).await?;
    let name = live.name("renamed");
    server
        .update()
        .name(name.clone())
        .description("Renamed")
        .await?;
    let read = server.get().await?;
    assert_eq!(read.name, name);
    assert_eq!(read.description.as_deref(), Some("Renamed"));
    assert!(server.resources().await?.is_empty());
    server.domains().await?;
    let all = live.coolify().servers().list().await?;
    assert!(all.iter().any(|it| it.uuid == *server.uuid()));
    server.validate().await?;
    server.delete().await?;
    let gone = server.get().await.expect_err("it was deleted");
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}

#[live_test(since = "4.3.0", ability = "write")]
async fn settings_of_a_server(live: Live) -> Outcome {
    let server = nowhere(&live).await?;
    let cleanup = server.docker_cleanup();
    cleanup.get().await?;
    let changed = cleanup.update().docker_cleanup_threshold(85).await?;
    assert_eq!(changed.docker_cleanup_threshold, Some(85));
    assert!(cleanup.executions().await?.is_empty());

    let drains = server.log_drains();
    drains.get().await?;
    let changed = drains.update().logdrain_axiom_dataset_name("live").await?;
    assert_eq!(changed.logdrain_axiom_dataset_name.as_deref(), Some("live"));

    let sentinel = server.sentinel();
    sentinel.get().await?;
    // The current value, because another number restarts Sentinel.
    let changed = sentinel.update().sentinel_metrics_history_days(7).await?;
    assert_eq!(changed.sentinel_metrics_history_days, Some(7));

    let proxy = server.proxy();
    proxy.get().await?;
    proxy.update().redirect_enabled(true).await?;

    let tunnel = server.cloudflare_tunnel();
    tunnel.get().await?;
    tunnel.update(true).await?;
    tunnel.disable().await?;
    tunnel.enable().await?;
    tunnel.disable().await?;
    Ok(())
}

#[live_test(since = "4.2.0", ability = "write", server)]
async fn a_destination_comes_and_goes(live: Live) -> Outcome {
    // This creates a network on the server, and removes it.
    let server = live.coolify().server(live.server()?);
    let network = live.name("network");
    let create = server.destinations().create(network.clone());
    let created = create.name(live.name("destination")).await?;
    live.made(Leftover::Destination(created.uuid.clone()));
    let destination = live.coolify().destination(created.uuid.clone());
    assert_eq!(destination.get().await?.network, network);
    if live.has("4.3.0") {
        let name = live.name("renamed");
        assert_eq!(destination.update(name.clone()).await?.name, name);
    }
    let all = server.destinations().list().await?;
    assert!(all.iter().any(|it| it.uuid == created.uuid));
    destination.delete().await?;
    let gone = destination.get().await.expect_err("it was deleted");
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}
