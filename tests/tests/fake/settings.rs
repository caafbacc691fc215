//! Settings, shared variables, projects and applications of every origin: replies beyond
//! the recordings, as a whole.

use std::collections::{BTreeMap, BTreeSet};

use coolify_sdk::testing::FakeCoolify;
use serde_json::Value;

use crate::script::Script;

async fn recorded() -> Script {
    Script::on(FakeCoolify::version("4.3.11").job_lag(1)).await
}

#[tokio::test]
async fn a_server_has_settings_of_many_kinds() {
    let mut script = recorded().await;
    script
        .play(
            r#"
            # Proxy
            GET /servers/{server}/proxy
            PATCH /servers/{server}/proxy {"redirect_enabled": false, "redirect_url": "https://r.example.com", "generate_exact_labels": true, "proxy_type": "caddy"}
            PATCH /servers/{server}/proxy {"name": "x"}
            PATCH /servers/{server}/proxy {}
            PUT /servers/{server}/proxy/configuration {}
            PUT /servers/{server}/proxy/configuration {"name": "x"}
            PUT /servers/{server}/proxy/configuration {"configuration": "no base64!"}
            PUT /servers/{server}/proxy/configuration {"configuration": "YTogYg=="}
            GET /servers/{server}/proxy as read
            POST /servers/{server}/proxy/restart
            POST /servers/nothing/proxy/restart
            # Cleanup
            GET /servers/{server}/docker-cleanup
            PATCH /servers/{server}/docker-cleanup {"docker_cleanup_frequency": "weekly", "docker_cleanup_threshold": "99", "force_docker_cleanup": false}
            PATCH /servers/{server}/docker-cleanup {"docker_cleanup_frequency": "never", "docker_cleanup_threshold": 50}
            PATCH /servers/{server}/docker-cleanup {"docker_cleanup_threshold": 100, "delete_unused_volumes": "x", "name": 1}
            POST /servers/{server}/docker-cleanup/run
            GET /servers/{server}/docker-cleanup/executions
            GET /servers/{server}/docker-cleanup/executions
            # Tunnel
            GET /servers/{server}/cloudflare-tunnel
            POST /servers/{server}/cloudflare-tunnel/enable
            POST /servers/{server}/cloudflare-tunnel/disable
            PATCH /servers/{server}/cloudflare-tunnel {"is_cloudflare_tunnel": true}
            PATCH /servers/{server}/cloudflare-tunnel {"ip": "10.0.0.1"}
            # Sentinel and log drains
            PATCH /servers/{server}/sentinel {"is_metrics_enabled": true, "sentinel_push_interval_seconds": 30, "sentinel_custom_url": "https://s.example.com"}
            GET /servers/{server}/sentinel as read
            PATCH /servers/{server}/log-drains {"is_logdrain_axiom_enabled": true, "logdrain_axiom_dataset_name": "d", "logdrain_axiom_api_key": "k"}
            GET /servers/{server}/log-drains as read
            PATCH /servers/{server}/log-drains {"sentinel_token": "x"}
            GET /servers/nothing/log-drains
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn variables_are_shared_by_a_team_a_project_an_environment_or_a_server() {
    let mut script = recorded().await;
    let shown = "key value is_literal is_multiline is_shown_once comment type message errors id";
    for path in [
        "/team/envs",
        "/projects/{project}/envs",
        "/projects/{project}/environments/production/envs",
        "/servers/{server}/envs",
    ] {
        let name = path.replace(['/', '{', '}'], "");
        script.tell(&format!("--- {path}"));
        for request in [
            format!(
                r#"POST {path} {{"key": "A", "value": "1", "is_literal": true, "comment": "why"}} > {name}"#
            ),
            format!(r#"POST {path} {{"key": "A", "value": "2"}}"#),
            format!(r#"POST {path} {{"key": "B"}}"#),
            format!(
                r#"POST {path} {{"key": "1B", "value": 5, "is_multiline": "x", "is_preview": true}}"#
            ),
            format!(r#"PATCH {path}/{{{name}}} {{"value": "3", "is_shown_once": true}} : {shown}"#),
            format!(r#"PATCH {path}/{{{name}}} {{"key": null, "comment": null}} : {shown}"#),
            format!(r#"PATCH {path}/999 {{"value": "3"}}"#),
            format!("GET {path} : {shown}"),
            format!("GET {path} as read : key value"),
            format!("DELETE {path}/{{{name}}}"),
            format!("DELETE {path}/{{{name}}}"),
        ] {
            // Ids are numbers, and those of earlier variables differ.
            script.play(&request).await;
        }
    }
    script
        .play("GET /projects/nothing/envs\nGET /projects/{project}/environments/nothing/envs\nGET /servers/nothing/envs")
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_project_has_environments_with_names_of_their_own() {
    let mut script = recorded().await;
    script.application("web");
    script
        .play(
            r#"
            POST /projects {"name": "a", "description": "$"}
            POST /projects {"name": "<b>blog</b>", "description": null}
            POST /projects {"name": "blog &amp", "description": "A blog"} > blog
            PATCH /projects/{blog} {"name": null, "description": null}
            PATCH /projects/{blog} {"name": "news", "description": "News"}
            PATCH /projects/{blog} {"name": "news", "uuid": "x"}
            PATCH /projects/nothing {"name": "news"}
            GET /projects/{blog} : name description uuid environments/0/name
            POST /projects/{blog}/environments {}
            POST /projects/{blog}/environments {"name": "Production"}
            POST /projects/{blog}/environments {"name": "production"}
            POST /projects/{blog}/environments {"name": "QA/Two"} > qa
            GET /projects/{blog}/environments : uuid name
            GET /projects/{blog}/qa-two : uuid name description
            GET /projects/{blog}/{qa} : name
            GET /projects/{blog}/nothing
            PATCH /projects/{blog}/environments/qa-two {"name": "production"}
            PATCH /projects/{blog}/environments/qa-two {"name": "QA-Two", "description": "Tests"}
            PATCH /projects/{blog}/environments/qa-two {"name": null}
            PATCH /projects/{blog}/environments/nothing {"name": "abc"}
            DELETE /projects/{project}/environments/production
            DELETE /projects/{project}
            DELETE /projects/{blog}/environments/{qa}
            DELETE /projects/{blog}/environments/{qa}
            DELETE /projects/{blog}
            DELETE /projects/{blog}
            GET /projects : name
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn an_application_is_made_from_git_an_image_or_a_file() {
    let mut script = recorded().await;
    let place = r#""project_uuid": "{project}", "server_uuid": "{server}", "environment_name": "production""#;
    script.play("GET /security/keys : uuid > key").await;
    let shown = "name git_repository git_branch build_pack ports_exposes docker_registry_image_name docker_registry_image_tag dockerfile docker_compose_domains fqdn private_key_id source_id source_type install_command publish_directory docker_compose_location custom_network_aliases watch_paths status";
    for (number, (kind, fields)) in [
        ("public", r#""git_repository": "https://github.com/acme/web", "git_branch": "main", "build_pack": "nixpacks", "ports_exposes": "80", "name": "public", "install_command": null, "publish_directory": "/dist", "autogenerate_domain": false"#),
        ("public", r#""git_repository": "https://git.example.com/acme/web", "git_branch": "main", "build_pack": "static", "ports_exposes": "80,81", "domains": "https://W.example.com/A""#),
        ("public", r#""git_repository": "https://git.example.com/acme/web", "git_branch": "main", "build_pack": "dockercompose", "docker_compose_domains": [{"name": "web", "domain": "https://c.example.com", "redirect": "www"}, {"name": "api", "domain": "https://d.example.com"}]"#),
        ("public", r#""git_repository": "https://git.example.com/acme/web", "git_branch": "main", "build_pack": "dockercompose", "docker_compose_domains": null"#),
        ("public", r#""git_repository": "https://git.example.com/acme/web", "git_branch": "main", "build_pack": "dockercompose", "docker_compose_domains": []"#),
        ("public", r#""git_repository": "https://git.example.com/acme/web", "git_branch": "main", "build_pack": "dockercompose", "docker_compose_domains": [{"name": "web", "domain": "https://t.example.com,https://T.example.com"}]"#),
        ("public", r#""git_repository": "https://git.example.com/acme/web", "git_branch": "main", "build_pack": "dockercompose", "docker_compose_domains": [{"name": "web", "domain": "https://w.example.com/A"}]"#),
        ("public", r#""git_repository": "https://git.example.com/acme/web", "git_branch": "main", "build_pack": "dockercompose", "domains": "https://e.example.com""#),
        ("public", r#""git_repository": "git://git.example.com/acme/web", "git_branch": "main", "build_pack": "nixpacks", "ports_exposes": "80""#),
        ("public", r#""git_repository": "acme/web", "git_branch": "a b", "build_pack": "make", "ports_exposes": "http""#),
        ("private-deploy-key", r#""git_repository": "git@git.example.com:acme/web.git", "git_branch": "main", "build_pack": "nixpacks", "ports_exposes": "80", "private_key_uuid": "{key}", "watch_paths": "/src\n!docs""#),
        ("private-deploy-key", r#""git_repository": "git@git.example.com:acme/web.git", "git_branch": "main", "build_pack": "nixpacks", "ports_exposes": "80", "private_key_uuid": "nothing""#),
        ("private-github-app", r#""git_repository": "acme/web", "git_branch": "main", "build_pack": "nixpacks", "ports_exposes": "80", "github_app_uuid": "nothing""#),
        ("dockerimage", r#""docker_registry_image_name": "ghcr.io/acme/web", "docker_registry_image_tag": "v1", "ports_exposes": "80", "custom_network_aliases": "a b,a b, ,c""#),
        ("dockerimage", r#""docker_registry_image_name": "ghcr.io/acme/web:v2", "ports_exposes": "80", "instant_deploy": true"#),
        ("dockerimage", r#""docker_registry_image_name": "A b", "docker_registry_image_tag": "-", "ports_exposes": "80", "build_command": "x""#),
        ("dockerfile", r#""dockerfile": "RlJPTSBuZ2lueAo=", "name": "file""#),
        ("dockerfile", r#""dockerfile": "no base64!""#),
    ]
    .into_iter()
    .enumerate()
    {
        let request = format!("POST /applications/{kind} {{{place}, {fields}}}");
        script.play(&request).await;
        let made = script.fake.state()["applications"].as_array().map_or(0, Vec::len);
        script.tell(&format!("    {} of {} made", made, number + 1));
    }
    script.play("= GET /health 3").await;
    let made = script.fake.state()["applications"].clone();
    for (number, row) in made.as_array().into_iter().flatten().enumerate() {
        let name = format!("app{number}");
        script.name(&name, row["uuid"].as_str().expect("a uuid"));
        script
            .play(&format!("GET /applications/{{{name}}} : {shown}"))
            .await;
    }
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn the_fields_of_an_application_are_stored_in_their_form() {
    let mut script = recorded().await;
    script.application("web");
    for (fields, shown) in [
        (
            r#""base_directory": "/app/", "publish_directory": null, "build_command": null, "start_command": "npm start""#,
            "base_directory publish_directory build_command start_command",
        ),
        (r#""watch_paths": " /src \n\n! /docs\n""#, "watch_paths"),
        (r#""watch_paths": "0""#, "watch_paths"),
        (
            r#""custom_network_aliases": "[\"a\", \"b c\", \"a\", \"0\", 5]""#,
            "custom_network_aliases",
        ),
        (
            r#""custom_network_aliases": "{\"x\": \"a\"}""#,
            "custom_network_aliases",
        ),
        (r#""custom_network_aliases": "5""#, "custom_network_aliases"),
        (
            r#""custom_network_aliases": " , ""#,
            "custom_network_aliases",
        ),
        (
            r#""dockerfile_location": "/a/", "docker_compose_location": null"#,
            "dockerfile_location docker_compose_location",
        ),
        (
            r#""custom_nginx_configuration": "YSA9IDE=", "custom_labels": "YT1i""#,
            "custom_nginx_configuration custom_labels",
        ),
        (
            r#""custom_nginx_configuration": null"#,
            "custom_nginx_configuration",
        ),
        (r#""custom_labels": null"#, "custom_labels"),
        (r#""custom_labels": "no base64!""#, "custom_labels"),
        (
            r#""name": "<b>web</b>", "description": "a <i>b</i>""#,
            "name description",
        ),
        (
            r#""health_check_interval": "7", "health_check_enabled": 1, "limits_cpu_shares": 12, "limits_memory": "1G""#,
            "health_check_interval health_check_enabled limits_cpu_shares limits_memory",
        ),
        (r#""limits_memory": null"#, "limits_memory"),
        (
            r#""health_check_interval": null, "git_branch": "feature/a""#,
            "health_check_interval git_branch",
        ),
        (r#""ports_exposes": "80,,81""#, "ports_exposes"),
        (r#""ports_exposes": ["80"]"#, "ports_exposes"),
        (
            r#""ports_exposes": "8080", "ports_mappings": "80:8080", "redirect": "www""#,
            "ports_exposes ports_mappings redirect",
        ),
        (
            r#""redirect": "never", "ports_mappings": "80", "health_check_path": "a b""#,
            "redirect",
        ),
        (
            r#""http_basic_auth_password": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa""#,
            "name",
        ),
        (
            r#""is_http_basic_auth_enabled": true, "http_basic_auth_username": "u", "http_basic_auth_password": "p""#,
            "is_http_basic_auth_enabled http_basic_auth_username http_basic_auth_password",
        ),
        (
            r#""is_static": true, "is_spa": true, "is_auto_deploy_enabled": false, "use_build_server": true, "connect_to_docker_network": true"#,
            "settings/is_static settings/is_spa settings/is_auto_deploy_enabled settings/is_build_server_enabled settings/connect_to_docker_network",
        ),
        (
            r#""use_build_server": "0""#,
            "settings/is_static settings/is_build_server_enabled",
        ),
        (
            r#""build_pack": "dockerfile", "dockerfile_location": null, "git_commit_sha": "abc""#,
            "build_pack dockerfile_location git_commit_sha",
        ),
        (
            r#""uuid": "x", "status": "running", "fqdn": "https://a.example.com""#,
            "status",
        ),
    ] {
        let request = format!(
            "PATCH /applications/{{web}} {{{fields}}}\nGET /applications/{{web}} : {shown}"
        );
        script.play(&request).await;
    }
    script
        .play(r#"PATCH /applications/{web} {"instant_deploy": true}"#)
        .await;
    script
        .play("GET /deployments : status application_name")
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_private_key_is_kept_as_long_as_it_is_used() {
    let mut script = recorded().await;
    script
        .play(
            r#"
            POST /security/keys {}
            POST /security/keys {"private_key": "a key"}
            POST /security/keys {"private_key": "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----", "description": null}
            POST /security/keys {"private_key": "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----"} > key
            POST /security/keys {"private_key": "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n", "name": "same"}
            GET /security/keys/{key}
            GET /security/keys/{key} as read : name private_key is_git_related
            PATCH /security/keys/{key} {"name": "x"}
            PATCH /security/keys/{key} {"private_key": "-----BEGIN RSA PRIVATE KEY-----\nMAEA\n-----END RSA PRIVATE KEY-----", "name": "<b>x</b>", "description": "d"}
            GET /security/keys/{key} : name description private_key
            PATCH /security/keys/nothing {"private_key": "a"}
            POST /servers {"ip": "10.0.0.9", "private_key_uuid": "{key}"} > second
            DELETE /security/keys/{key}
            DELETE /servers/{second}
            DELETE /security/keys/{key}
            DELETE /security/keys/{key}
            GET /security/keys : name
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_bundle_of_a_server_is_imported() {
    let fake = FakeCoolify::version("4.3.11").development();
    let mut script = Script::on(fake).await;
    script.application("web");
    script.database("cache", "redis");
    script
        .play(
            r#"
            GET /security/keys : uuid > key
            POST /servers {"ip": "10.0.0.9", "private_key_uuid": "{key}", "name": "second"} > second
            GET /servers/{second}/destinations : uuid > there
            = POST /applications/{web}/tags {"tag_name":"beta"} 1
            = POST /applications/{web}/envs {"key":"A","value":"1"} 1
            = POST /applications/{web}/storages {"type":"persistent","name":"data","mount_path":"/data"} 1
            = POST /applications/{web}/migrate {"destination_uuid":"{there}","migrate_volumes":false} 1
            = POST /databases/{cache}/migrate {"destination_uuid":"{there}","migrate_volumes":false} 1
            "#,
        )
        .await;
    let mut bundle = script.reply("GET /servers/{second}/export").await;
    let whole = bundle.to_string();
    for (name, part) in [
        ("server", &bundle["server"]),
        ("destinations", &bundle["destinations"]),
        ("projects", &bundle["projects"]),
    ] {
        script.tell(&format!("--- {name}"));
        for (place, fields) in fields(part) {
            script.tell(&format!("{place}: {}", fields.join(" ")));
        }
    }
    for body in [
        format!(r#"{{"bundle": {whole}, "dry_run": true}}"#),
        format!(r#"{{"bundle": {whole}}}"#),
        format!(r#"{{"bundle": {whole}, "preserve_uuids": false}}"#),
    ] {
        script.asked("POST /servers/import", &body).await;
    }
    bundle["server"]["ip"] = "10.0.0.10".into();
    for options in ["", r#", "dry_run": true"#, r#", "preserve_uuids": false"#] {
        let body = format!(r#"{{"bundle": {bundle}{options}}}"#);
        script.asked("POST /servers/import", &body).await;
    }
    let encrypted = script
        .reply("GET /servers/{second}/export?encrypt=1&passphrase=p")
        .await;
    let body = format!(r#"{{"bundle": {encrypted}, "passphrase": "p", "claim": false}}"#);
    script.asked("POST /servers/import", &body).await;
    insta::assert_snapshot!(script.told());
}

/// Returns the fields of a value and of those within, by their place.
fn fields(value: &Value) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(map) => {
                let within = map.iter().map(|(key, it)| (format!("{at}/{key}"), it));
                open.extend(within);
                all.entry(at).or_default().extend(map.keys().cloned());
            }
            Value::Array(items) => open.extend(items.iter().map(|it| (at.clone(), it))),
            _ => {}
        }
    }
    let listed = all.into_iter();
    listed
        .map(|(at, fields)| (at, fields.into_iter().collect()))
        .collect()
}
