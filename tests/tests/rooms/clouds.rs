use coolify_sdk::Result;
use coolify_sdk_tests::Replay;

use super::{KEY, kept, sent_text};

#[tokio::test]
async fn hetzner_is_listed_and_ordered_from() -> Result<()> {
    let replay = Replay::of(&[
        "get-hetzner-locations.ok",
        "get-hetzner-server-types.ok",
        "get-hetzner-images.ok",
        "get-hetzner-ssh-keys.ok",
        "get-hetzner-networks.ok",
        "get-hetzner-firewalls.ok",
        "create-hetzner-server.ok",
        "create-hetzner-server.minimal-ipv6",
    ])
    .await;
    let hetzner = replay.client().hetzner("nk2ufhfsbyjpgwfpclsvtvnm");
    kept(&hetzner.locations().await?, "get-hetzner-locations.ok");
    kept(
        &hetzner.server_types().await?,
        "get-hetzner-server-types.ok",
    );
    let images = hetzner.images().await?;
    kept(&images, "get-hetzner-images.ok");
    kept(&hetzner.ssh_keys().await?, "get-hetzner-ssh-keys.ok");
    kept(&hetzner.networks().await?, "get-hetzner-networks.ok");
    kept(&hetzner.firewalls().await?, "get-hetzner-firewalls.ok");
    let image = images[0].id.get();
    let created = hetzner
        .create_server(KEY, "fsn1", "cpx11", image)
        .hetzner_ssh_key_ids([2323])
        .hetzner_firewall_ids([38])
        .hetzner_network_ids([4711])
        .enable_backups(true)
        .cloud_init_script(sent_text("create-hetzner-server.ok", "cloud_init_script"))
        .name("hetzner-one")
        .await?;
    kept(&created, "create-hetzner-server.ok");
    let without_ipv4 = hetzner
        .create_server(KEY, "fsn1", "cpx11", image)
        .enable_ipv4(false)
        .await?;
    kept(&without_ipv4, "create-hetzner-server.minimal-ipv6");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn digitalocean_is_listed_and_ordered_from() -> Result<()> {
    let replay = Replay::of(&[
        "get-digitalocean-regions.ok",
        "get-digitalocean-sizes.ok",
        "get-digitalocean-images.ok",
        "get-digitalocean-ssh-keys.ok",
        "create-digitalocean-server.ok",
    ])
    .await;
    let digitalocean = replay.client().digitalocean("7g9vkyvgarm1al7zfrxz78x9");
    kept(
        &digitalocean.regions().await?,
        "get-digitalocean-regions.ok",
    );
    kept(&digitalocean.sizes().await?, "get-digitalocean-sizes.ok");
    kept(&digitalocean.images().await?, "get-digitalocean-images.ok");
    kept(
        &digitalocean.ssh_keys().await?,
        "get-digitalocean-ssh-keys.ok",
    );
    let created = digitalocean
        .create_server(KEY, "nyc3", "s-1vcpu-1gb", "ubuntu-24-04-x64")
        .enable_ipv6(true)
        .name("digitalocean-one")
        .await?;
    kept(&created, "create-digitalocean-server.ok");
    let by_id = digitalocean.create_server(KEY, "nyc3", "s-1vcpu-1gb", 165_103_081);
    let body = serde_json::to_value(by_id.body()).expect("a body is JSON");
    assert_eq!(body["image"], 165_103_081);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn vultr_is_listed_and_ordered_from() -> Result<()> {
    let replay = Replay::of(&[
        "get-vultr-regions.ok",
        "get-vultr-plans.ok",
        "get-vultr-operating-systems.ok",
        "get-vultr-ssh-keys.ok",
        "create-vultr-server.ok",
        "create-vultr-server.upstream-429",
    ])
    .await;
    let vultr = replay.client().vultr("eapi62igkvwrbnn6mmlwftej");
    kept(&vultr.regions().await?, "get-vultr-regions.ok");
    kept(&vultr.plans().await?, "get-vultr-plans.ok");
    let name = "get-vultr-operating-systems.ok";
    kept(&vultr.operating_systems().await?, name);
    kept(&vultr.ssh_keys().await?, "get-vultr-ssh-keys.ok");
    let order = |name: &str| {
        vultr
            .create_server(KEY, "ams", "vc2-1c-1gb", 2284)
            .enable_ipv6(true)
            .name(name)
    };
    kept(&order("vultr-one").await?, "create-vultr-server.ok");
    let limited = order("ratelimited").await.expect_err("Vultr's own limit");
    assert!(limited.is_rate_limited());
    replay.check();
    Ok(())
}
