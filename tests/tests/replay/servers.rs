//! Servers, their settings and their destinations.

use super::call::{Answer, Call, NO_METHOD, Stop, Tried, part, whole};

pub async fn call(id: &str, c: &Call<'_>) -> Tried {
    let servers = c.coolify.servers();
    let server = || c.coolify.server(c.uuid());
    match id {
        "list-servers" => whole(servers.list().await),
        "create-server" => {
            let request = servers.create(c.text("ip")?, c.text("private_key_uuid")?);
            whole(c.fill(request)?.await)
        }
        "get-server-by-uuid" => match c.switch("resources")? {
            Some(true) => whole(server().get_with_resources().await),
            _ => whole(server().get().await),
        },
        "update-server-by-uuid" => whole(c.fill(server().update())?.await),
        "delete-server-by-uuid" => match c.switch("force")? {
            Some(true) => part(server().delete().delete_resources(true).await),
            _ => part(server().delete().await),
        },
        "validate-server-by-uuid" => part(c.fill(server().validate())?.await),
        "get-resources-by-server-uuid" => whole(server().resources().await),
        "get-domains-by-server-uuid" => whole(server().domains().await),
        _ => return settings(id, c).await,
    }
    .map(Some)
}

async fn settings(id: &str, c: &Call<'_>) -> Tried {
    let server = c.coolify.server(c.uuid());
    let (proxy, cleanup) = (server.proxy(), server.docker_cleanup());
    let (tunnel, drains) = (server.cloudflare_tunnel(), server.log_drains());
    match id {
        "get-server-proxy" => whole(proxy.get().await),
        "update-server-proxy" => whole(c.fill(proxy.update())?.await),
        "save-server-proxy-configuration" => {
            let request = proxy.save_configuration(c.plain("configuration")?);
            whole(c.fill(request)?.await)
        }
        "restart-server-proxy" => part(proxy.restart().await),
        "get-server-docker-cleanup" => whole(cleanup.get().await),
        "update-server-docker-cleanup" => whole(c.fill(cleanup.update())?.await),
        "run-server-docker-cleanup" => part(c.fill(cleanup.run())?.await),
        "list-server-docker-cleanup-executions" => whole(cleanup.executions().await),
        "get-server-cloudflare-tunnel" => whole(tunnel.get().await),
        "update-server-cloudflare-tunnel" => {
            let on = c.required("is_cloudflare_tunnel")?;
            whole(c.fill(tunnel.update(on))?.await)
        }
        "enable-server-cloudflare-tunnel" => whole(tunnel.enable().await),
        "disable-server-cloudflare-tunnel" => whole(tunnel.disable().await),
        "get-server-log-drains" => whole(drains.get().await),
        "update-server-log-drains" => whole(c.fill(drains.update())?.await),
        "get-server-sentinel" => whole(server.sentinel().get().await),
        "update-server-sentinel" => whole(c.fill(server.sentinel().update())?.await),
        _ => return transfer(id, c).await,
    }
    .map(Some)
}

async fn transfer(id: &str, c: &Call<'_>) -> Tried {
    let transfer = c.coolify.server(c.uuid()).transfer();
    match id {
        "export-server-transfer-bundle" => export(c).await,
        "export-server-transfer-mailbox" => whole(c.fill(transfer.export_to_mailbox())?.await),
        "import-server-transfer-bundle" => {
            let bundle: serde_json::Value = c.required("bundle")?;
            whole(c.fill(c.coolify.servers().import(bundle))?.await)
        }
        "claim-server" => whole(c.fill(transfer.claim())?.await),
        "complete-server-transfer" => whole(c.fill(transfer.complete())?.await),
        "migrate-server-between-instances" => {
            let request = transfer.migrate(c.text("target_url")?, c.text("target_token")?);
            whole(c.fill(request)?.await)
        }
        _ => return destinations(id, c).await,
    }
    .map(Some)
}

async fn export(c: &Call<'_>) -> Answer {
    let transfer = c.coolify.server(c.uuid()).transfer();
    let passphrase = c.query::<String>("passphrase")?;
    match (c.switch("encrypt")?, passphrase) {
        (None | Some(false), None) => whole(transfer.export().await),
        (Some(true), Some(passphrase)) => whole(transfer.export_encrypted(passphrase).await),
        _ => Err(Stop::Unsayable(NO_METHOD)),
    }
}

async fn destinations(id: &str, c: &Call<'_>) -> Tried {
    let all = c.coolify.destinations();
    let one = || c.coolify.destination(c.uuid());
    let of_server = || all.of_server(c.param("server_uuid"));
    match id {
        "list-destinations" => whole(all.list().await),
        "list-server-destinations" => whole(of_server().list().await),
        "create-server-destination" => {
            let network = c.text("network")?;
            whole(c.fill(of_server().create(network))?.await)
        }
        "get-destination-by-uuid" => whole(one().get().await),
        "update-destination-by-uuid" => whole(c.fill(one().update(c.text("name")?))?.await),
        "delete-destination-by-uuid" => part(one().delete().await),
        _ => return Ok(None),
    }
    .map(Some)
}
