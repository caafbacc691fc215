//! The request of each call of the rooms without workflows: servers, clouds, keys and
//! tokens, storages, tags, destinations and Git apps.

use std::future::IntoFuture;

use coolify_sdk::Result;
use coolify_sdk::cloud_tokens::CloudProvider;
use coolify_sdk::github_apps::GithubAppCredentials;
use coolify_sdk::s3_storages::S3Bucket;
use coolify_sdk::servers::{ProxyType, ServerRole};
use serde::Serialize;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, failure, message, ok, status};

/// Makes a call whose request is answered with a reply, and tells what it returns.
async fn call<T: Serialize>(
    stage: &Stage,
    route: &str,
    reply: Value,
    call: impl IntoFuture<Output = Result<T>>,
) {
    let _ = stage.clone().on(route, [ok(reply)]);
    stage.story.tell_of("  returns", &call.await);
}

/// A message of Coolify.
fn said(text: &str) -> Value {
    json!({ "message": text })
}

#[tokio::test(start_paused = true)]
async fn each_call_of_a_server_has_its_request() {
    let stage = &Stage::of_version("4.4.0").await;
    let coolify = stage.client();
    let (servers, server) = (coolify.servers(), coolify.server("v1"));
    let row = json!({"uuid": "v1", "name": "frankfurt"});
    let uuid = json!({"uuid": "v1"});
    call(stage, "GET /servers", json!([row]), servers.list()).await;
    let create = servers.create("203.0.113.10", "k1").name("frankfurt");
    let create = create.port(2222).user("ops").proxy_type(ProxyType::Caddy);
    let create = create.instant_validate(true).is_build_server(false);
    call(stage, "POST /servers", uuid.clone(), create).await;
    call(stage, "GET /servers/v1", row.clone(), server.get()).await;
    call(
        stage,
        "GET /servers/v1",
        row.clone(),
        server.get_with_resources(),
    )
    .await;
    let update = server.update().concurrent_builds(4).clear_description();
    let update = update.server_role(ServerRole::Build);
    call(stage, "PATCH /servers/v1", uuid, update).await;
    let started = said("Validation started.");
    let validate = "POST /servers/v1/validate";
    call(stage, validate, started.clone(), server.validate()).await;
    call(stage, validate, started, server.validate().install(true)).await;
    let resource = json!([{"uuid": "a1", "type": "application"}]);
    let resources = "GET /servers/v1/resources";
    call(stage, resources, resource, server.resources()).await;
    let domains = json!([{"ip": "203.0.113.10", "domains": ["a.example"]}]);
    call(stage, "GET /servers/v1/domains", domains, server.domains()).await;
    let deleted = said("Server deleted.");
    let delete = "DELETE /servers/v1";
    call(stage, delete, deleted.clone(), server.delete()).await;
    let all = server.delete().delete_resources(true);
    call(stage, delete, deleted, all.delete_from_provider(false)).await;

    let registries = server.registries();
    let path = "/servers/v1/registries";
    let list = json!({"registries": [{"registry": "ghcr.io", "logged_in": true}]});
    call(stage, &format!("GET {path}"), list, registries.list()).await;
    let log_in = registries.log_in("ghcr.io", "me", "s3cret");
    call(stage, &format!("POST {path}"), said("in"), log_in).await;
    let one = format!("{path}/registry.example:5000");
    let check = registries.check("registry.example:5000");
    call(stage, &format!("POST {one}/check"), said("fine"), check).await;
    let log_out = registries.log_out("registry.example:5000");
    call(stage, &format!("DELETE {one}"), said("out"), log_out).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn each_part_of_a_server_has_its_requests() {
    let stage = &Stage::of_version("4.3.11").await;
    let server = stage.client().server("v1");
    let get = |part: &str| format!("GET /servers/v1/{part}");
    let patch = |part: &str| format!("PATCH /servers/v1/{part}");
    let post = |part: &str| format!("POST /servers/v1/{part}");

    let proxy = server.proxy();
    let shown = json!({"generate_exact_labels": false, "redirect_enabled": true});
    call(stage, &get("proxy"), shown.clone(), proxy.get()).await;
    let update = proxy.update().redirect_enabled(false).clear_redirect_url();
    call(stage, &patch("proxy"), shown.clone(), update).await;
    let save = proxy.save_configuration("services: {}\n");
    call(stage, "PUT /servers/v1/proxy/configuration", shown, save).await;
    let restarted = said("Proxy restart queued.");
    call(stage, &post("proxy/restart"), restarted, proxy.restart()).await;

    let cleanup = server.docker_cleanup();
    let part = "docker-cleanup";
    let shown = json!({"docker_cleanup_frequency": "0 0 * * *"});
    call(stage, &get(part), shown.clone(), cleanup.get()).await;
    let update = cleanup.update().docker_cleanup_threshold(80);
    let update = update.delete_unused_networks(false);
    call(stage, &patch(part), shown, update).await;
    let run = post("docker-cleanup/run");
    call(stage, &run, said("started"), cleanup.run()).await;
    let volumes = cleanup.run().delete_unused_volumes(true);
    call(stage, &run, said("started"), volumes).await;
    let runs = json!([{"uuid": "e1", "status": "success"}]);
    let executions = get("docker-cleanup/executions");
    call(stage, &executions, runs, cleanup.executions()).await;

    let drains = server.log_drains();
    let part = "log-drains";
    let shown = json!({"is_logdrain_axiom_enabled": true});
    call(stage, &get(part), shown.clone(), drains.get()).await;
    let update = drains.update().logdrain_axiom_api_key("s3cret");
    let update = update.clear_logdrain_newrelic_license_key();
    call(stage, &patch(part), shown, update).await;

    let sentinel = server.sentinel();
    let shown = json!({"is_sentinel_enabled": true});
    call(stage, &get("sentinel"), shown.clone(), sentinel.get()).await;
    let update = sentinel.update().is_metrics_enabled(true);
    let update = update.sentinel_token("s3cret").clear_sentinel_custom_url();
    call(stage, &patch("sentinel"), shown, update).await;

    let tunnel = server.cloudflare_tunnel();
    let part = "cloudflare-tunnel";
    let on = json!({"is_cloudflare_tunnel": true});
    let off = json!({"is_cloudflare_tunnel": false});
    call(stage, &get(part), off.clone(), tunnel.get()).await;
    call(stage, &patch(part), on.clone(), tunnel.update(true)).await;
    call(stage, &patch(part), off.clone(), tunnel.update(false)).await;
    let enable = post("cloudflare-tunnel/enable");
    call(stage, &enable, on, tunnel.enable()).await;
    let disable = post("cloudflare-tunnel/disable");
    call(stage, &disable, off, tunnel.disable()).await;

    let transfer = server.transfer();
    let bundle = json!({"server": {"uuid": "v1"}, "keys": ["s3cret"]});
    let export = get("export");
    call(stage, &export, bundle.clone(), transfer.export()).await;
    let encrypted = transfer.export_encrypted("correct horse");
    call(stage, &export, bundle.clone(), encrypted).await;
    let mailbox = transfer.export_to_mailbox().passphrase("correct horse");
    call(stage, &post("export/mailbox"), json!({}), mailbox).await;
    let import = stage.client().servers().import(bundle).dry_run(true);
    let import = import.claim(false).clear_passphrase();
    let imported = json!({"dry_run": true});
    call(stage, "POST /servers/import", imported, import).await;
    let of_server = json!({"server_uuid": "v1"});
    let claim = transfer.claim().write_remote(false);
    call(stage, &post("claim"), of_server.clone(), claim).await;
    let complete = transfer.complete().export_id("x1");
    let route = post("transfer/complete");
    call(stage, &route, of_server.clone(), complete).await;
    let migrate = transfer.migrate("https://other.example", "2|s3cret");
    let migrate = migrate.preserve_uuids(true);
    call(stage, &post("migrate"), of_server, migrate).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn each_call_of_a_cloud_has_its_request() {
    let stage = &Stage::set().await;
    let coolify = stage.client();
    let created = json!({"uuid": "v1", "ip": "192.0.2.7"});
    let none = || json!([]);

    let hetzner = coolify.hetzner("t1");
    stage
        .story
        .tell(format!("--- Hetzner, {}", hetzner.token()));
    let locations = hetzner.locations();
    call(stage, "GET /hetzner/locations", none(), locations).await;
    let types = hetzner.server_types();
    call(stage, "GET /hetzner/server-types", none(), types).await;
    call(stage, "GET /hetzner/images", none(), hetzner.images()).await;
    let keys = hetzner.ssh_keys();
    call(stage, "GET /hetzner/ssh-keys", none(), keys).await;
    let networks = hetzner.networks();
    call(stage, "GET /hetzner/networks", none(), networks).await;
    let firewalls = hetzner.firewalls();
    call(stage, "GET /hetzner/firewalls", none(), firewalls).await;
    let order = hetzner.create_server("k1", "fsn1", "cpx11", 10);
    let order = order.hetzner_network_ids([1]).hetzner_firewall_ids([2]);
    let order = order.hetzner_ssh_key_ids([3]).enable_backups(true);
    call(stage, "POST /servers/hetzner", created.clone(), order).await;

    let digitalocean = coolify.digitalocean("t2");
    let token = digitalocean.token();
    stage.story.tell(format!("--- DigitalOcean, {token}"));
    let regions = digitalocean.regions();
    call(stage, "GET /digitalocean/regions", none(), regions).await;
    let sizes = digitalocean.sizes();
    call(stage, "GET /digitalocean/sizes", none(), sizes).await;
    let images = digitalocean.images();
    call(stage, "GET /digitalocean/images", none(), images).await;
    let keys = digitalocean.ssh_keys();
    call(stage, "GET /digitalocean/ssh-keys", none(), keys).await;
    let route = "POST /servers/digitalocean";
    let order = digitalocean.create_server("k1", "nyc3", "s-1vcpu-1gb", "ubuntu-24-04-x64");
    let order = order.name("web").monitoring(true);
    call(stage, route, created.clone(), order).await;
    let order = digitalocean.create_server("k1", "nyc3", "s-1vcpu-1gb", 165_103_081);
    let order = order.cloud_init_script("#!/bin/sh\n");
    call(stage, route, created.clone(), order).await;

    let vultr = coolify.vultr("t3");
    stage.story.tell(format!("--- Vultr, {}", vultr.token()));
    call(stage, "GET /vultr/regions", none(), vultr.regions()).await;
    call(stage, "GET /vultr/plans", none(), vultr.plans()).await;
    let systems = vultr.operating_systems();
    call(stage, "GET /vultr/os", none(), systems).await;
    call(stage, "GET /vultr/ssh-keys", none(), vultr.ssh_keys()).await;
    let order = vultr.create_server("k1", "ams", "vc2-1c-1gb", 2284);
    let order = order.vultr_ssh_key_ids(["a"]).disable_public_ipv4(true);
    call(stage, "POST /servers/vultr", created, order).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn each_call_of_a_key_or_a_token_has_its_request() {
    let stage = &Stage::set().await;
    let coolify = stage.client();
    let named = json!({"uuid": "x1", "name": "one"});
    let deleted = || said("deleted");

    let (keys, key) = (coolify.private_keys(), coolify.private_key("x1"));
    stage
        .story
        .tell(format!("--- private keys, {}", key.uuid()));
    call(stage, "GET /security/keys", json!([named]), keys.list()).await;
    let create = keys.create("-----BEGIN").name("one").description("new");
    call(stage, "POST /security/keys", named.clone(), create).await;
    call(stage, "GET /security/keys/x1", named.clone(), key.get()).await;
    let update = key.update("-----BEGIN").description("old");
    call(stage, "PATCH /security/keys/x1", named.clone(), update).await;
    call(stage, "DELETE /security/keys/x1", deleted(), key.delete()).await;

    let (tokens, token) = (coolify.cloud_tokens(), coolify.cloud_token("x1"));
    stage
        .story
        .tell(format!("--- cloud tokens, {}", token.uuid()));
    let row = json!({"uuid": "x1", "name": "one", "provider": "hetzner"});
    let path = "/cloud-tokens/x1";
    call(stage, "GET /cloud-tokens", json!([row]), tokens.list()).await;
    let create = tokens.create(CloudProvider::Hetzner, "one", "s3cret");
    call(stage, "POST /cloud-tokens", row.clone(), create).await;
    let create = tokens.create("vultr", "two", "s3cret");
    call(stage, "POST /cloud-tokens", row.clone(), create).await;
    call(stage, &format!("GET {path}"), row.clone(), token.get()).await;
    let update = token.update("renamed");
    call(stage, &format!("PATCH {path}"), row, update).await;
    let valid = json!({"valid": false, "message": "It was rejected."});
    let validate = format!("POST {path}/validate");
    call(stage, &validate, valid.clone(), token.validate()).await;
    call(stage, &format!("DELETE {path}"), deleted(), token.delete()).await;

    let scripts = coolify.cloud_init_scripts();
    let script = coolify.cloud_init_script("x1");
    stage.story.tell(format!("--- scripts, {}", script.uuid()));
    let path = "/cloud-init-scripts/x1";
    let all = "/cloud-init-scripts";
    call(stage, &format!("GET {all}"), json!([named]), scripts.list()).await;
    let create = scripts.create("one", "#!/bin/sh\n");
    call(stage, &format!("POST {all}"), named.clone(), create).await;
    call(stage, &format!("GET {path}"), named.clone(), script.get()).await;
    let update = script.update().name("two").script("#cloud-config\n");
    call(stage, &format!("PATCH {path}"), named.clone(), update).await;
    call(stage, &format!("DELETE {path}"), deleted(), script.delete()).await;

    let (storages, storage) = (coolify.s3_storages(), coolify.s3_storage("x1"));
    stage
        .story
        .tell(format!("--- S3 storages, {}", storage.uuid()));
    let path = "/s3-storages/x1";
    call(stage, "GET /s3-storages", json!([named]), storages.list()).await;
    let bucket = S3Bucket {
        endpoint: "https://s3.example".to_owned(),
        region: "auto".to_owned(),
        bucket: "backups".to_owned(),
        key: "s3-key".into(),
        secret: "s3-secret".into(),
    };
    stage.story.tell(format!("{bucket:?}"));
    let create = storages.create("one", bucket).description("new");
    call(stage, "POST /s3-storages", named.clone(), create).await;
    call(stage, &format!("GET {path}"), named.clone(), storage.get()).await;
    let update = storage.update().key("new-key").clear_description();
    call(stage, &format!("PATCH {path}"), named, update).await;
    let validate = format!("POST {path}/validate");
    call(stage, &validate, valid, storage.validate()).await;
    let delete = storage.delete();
    call(stage, &format!("DELETE {path}"), deleted(), delete).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn each_call_of_a_tag_or_a_destination_has_its_request() {
    let stage = &Stage::set().await;
    let coolify = stage.client();
    let deleted = || said("deleted");

    let (tags, tag) = (coolify.tags(), coolify.tag("x1"));
    stage.story.tell(format!("--- tags, {}", tag.uuid()));
    let row = json!({"uuid": "x1", "name": "beta"});
    call(stage, "GET /tags", json!([row]), tags.list()).await;
    call(stage, "POST /tags", row.clone(), tags.create("beta")).await;
    call(stage, "PATCH /tags/x1", row, tag.rename("live")).await;
    call(stage, "DELETE /tags/x1", deleted(), tag.delete()).await;

    let destination = coolify.destination("n1");
    let uuid = destination.uuid();
    stage.story.tell(format!("--- destinations, {uuid}"));
    let row = json!({
        "uuid": "n1", "name": "one", "network": "one", "type": "standalone-docker",
    });
    let all = coolify.destinations();
    call(stage, "GET /destinations", json!([row]), all.list()).await;
    let path = "/servers/v1/destinations";
    let of_server = all.of_server("v1");
    let list = format!("GET {path}");
    call(stage, &list, json!([row]), of_server.list()).await;
    let of_server = coolify.server("v1").destinations();
    call(stage, &list, json!([row]), of_server.list()).await;
    let create = of_server.create("net").name("one");
    call(stage, &format!("POST {path}"), row.clone(), create).await;
    let get = destination.get();
    call(stage, "GET /destinations/n1", row.clone(), get).await;
    let update = destination.update("renamed");
    call(stage, "PATCH /destinations/n1", row, update).await;
    let delete = destination.delete();
    call(stage, "DELETE /destinations/n1", deleted(), delete).await;
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn each_call_of_a_git_app_has_its_request() {
    let stage = &Stage::set().await;
    let coolify = stage.client();
    let row = json!({"id": 3, "uuid": "g1", "name": "acme"});
    let changed = json!({"message": "updated", "data": row});
    let deleted = || said("deleted");

    let app = coolify.github_app(3);
    stage.story.tell(format!("--- GitHub, {}", app.id()));
    let apps = coolify.github_apps();
    call(stage, "GET /github-apps", json!([row]), apps.list()).await;
    let credentials = GithubAppCredentials {
        app_id: 1,
        installation_id: 2,
        client_id: "Iv1.x".to_owned(),
        client_secret: "client-secret".into(),
        webhook_secret: "webhook-secret".into(),
        private_key: "k1".into(),
    };
    stage.story.tell(format!("{credentials:?}"));
    let create = apps.create("acme", "https://github.com", credentials);
    let create = create.organization("acme".to_owned()).custom_port(22);
    call(stage, "POST /github-apps", row.clone(), create).await;
    let update = app.update().name("new").clear_organization();
    call(stage, "PATCH /github-apps/3", changed.clone(), update).await;
    let repositories = json!({"repositories": [
        {"id": 1, "name": "web", "full_name": "acme/web"},
    ]});
    let all = app.repositories();
    call(stage, "GET /github-apps/3/repositories", repositories, all).await;
    let branches = json!({"branches": [{"name": "main"}]});
    let route = "GET /github-apps/3/repositories/acme/web/branches";
    call(stage, route, branches, app.branches("acme", "web")).await;
    call(stage, "DELETE /github-apps/3", deleted(), app.delete()).await;

    let app = coolify.gitlab_app(3);
    stage.story.tell(format!("--- GitLab, {}", app.id()));
    let apps = coolify.gitlab_apps();
    call(stage, "GET /gitlab-apps", json!([row]), apps.list()).await;
    let create = apps.create("acme", "https://gitlab.com").group_name("a");
    let create = create.client_secret("s3cret").is_system_wide(false);
    call(stage, "POST /gitlab-apps", row, create).await;
    let update = app.update().name("new").clear_group_name();
    call(stage, "PATCH /gitlab-apps/3", changed, update).await;
    call(stage, "DELETE /gitlab-apps/3", deleted(), app.delete()).await;
    insta::assert_snapshot!(stage.story);
}

/// Coolify answers with a bare 500 if GitHub refuses something.
#[tokio::test(start_paused = true)]
async fn what_github_refuses_is_explained() {
    let stage = Stage::set().await;
    let app = stage.client().github_app(3);
    for (name, reply) in [
        (
            "a bare 500",
            status(500, json!({"message": "Server Error"})),
        ),
        ("another failure", message(501, "Not implemented.")),
        ("no app", message(404, "GitHub app not found.")),
        ("cut off", Reply::Cut),
    ] {
        stage.story.tell(format!("--- {name}"));
        let repositories = "GET /github-apps/3/repositories";
        let branches = format!("{repositories}/acme/web/branches");
        let _ = stage.clone().on(repositories, [reply.clone()]);
        let _ = stage.clone().on(&branches, [reply]);
        let error = app.repositories().await.map(drop).expect_err("no list");
        stage.story.tell(failure(&error));
        let error = app.branches("acme", "web").await.map(drop);
        stage.story.tell(failure(&error.expect_err("no list")));
    }
    insta::assert_snapshot!(stage.story);
}
