//! Databases, services, storages, servers and what is on them: replies beyond the
//! recordings, as a whole.

use coolify_sdk::testing::{Clouds, FakeCoolify};

use crate::script::Script;

async fn recorded() -> Script {
    Script::on(FakeCoolify::version("4.3.11").job_lag(1)).await
}

#[tokio::test]
async fn a_database_is_public_on_a_port_of_its_own() {
    let mut script = recorded().await;
    let place = r#""project_uuid": "{project}", "environment_name": "production", "server_uuid": "{server}""#;
    let shown = "name status is_public public_port image postgres_user internal_db_url redis_conf postgres_conf limits_memory";
    for (engine, fields) in [
        (
            "postgresql",
            r#""name": "main", "is_public": true, "public_port": 5433, "postgres_user": "me", "postgres_conf": "YSA9IDE=""#,
        ),
        ("postgresql", r#""is_public": true, "public_port": 5433"#),
        (
            "postgresql",
            r#""public_port": 80000, "is_public": "yes", "postgres_user": "a b", "postgres_password": "a b", "uuid": "x""#,
        ),
        ("postgresql", r#""postgres_conf": "no base64!""#),
        (
            "redis",
            r#""name": "cache", "is_public": true, "redis_conf": "YSA9IDE=", "instant_deploy": true, "tags": ["Beta", "b"]"#,
        ),
        (
            "redis",
            r#""name": "cache", "is_public": true, "redis_conf": "YSA9IDE=", "instant_deploy": true, "tags": ["Beta", "beta"], "limits_memory": "1G""#,
        ),
        ("redis", r#""postgres_user": "me""#),
        (
            "dragonfly",
            r#""name": "dragon", "dragonfly_password": "p""#,
        ),
        (
            "clickhouse",
            r#""clickhouse_admin_user": "me", "clickhouse_admin_password": "p""#,
        ),
        ("oracle", r#""name": "a""#),
    ] {
        script
            .play(&format!("POST /databases/{engine} {{{place}, {fields}}}"))
            .await;
    }
    script
        .play(&format!("= GET /health 3\nGET /databases : {shown}"))
        .await;
    script.database("own", "mysql");
    script
        .play(
            r#"
            GET /tags : name
            GET /resources : name
            # Changes
            PATCH /databases/{own} {"public_port": 5433}
            PATCH /databases/{own} {"public_port": 3307, "is_public": true, "mysql_conf": "YSA9IDE=", "name": "other"}
            PATCH /databases/{own} {"public_port": 3307}
            PATCH /databases/{own} {"postgres_user": "me", "limits_memory": 5}
            PATCH /databases/{own} {}
            GET /databases/{own} : name is_public public_port mysql_conf status
            # Starts and stops
            POST /databases/{own}/stop
            POST /databases/{own}/start
            POST /databases/{own}/start
            POST /databases/{own}/restart
            = GET /health 3
            GET /databases/{own} : status last_online_at
            GET /databases/{own}/logs
            POST /databases/{own}/start
            POST /databases/{own}/stop
            = GET /health 3
            GET /databases/{own} : status
            GET /databases/{own}/logs
            DELETE /databases/{own}
            GET /databases/{own} : name
            = GET /health 1
            GET /databases/{own}
            DELETE /databases/{own}
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_backup_is_scheduled_run_and_deleted() {
    let mut script = recorded().await;
    script.database("main", "postgresql");
    script.database("docs", "mongodb");
    script.database("cache", "redis");
    let shown = "frequency enabled save_s3 dump_all databases_to_backup s3_storage_id timeout database_backup_retention_amount_locally database_backup_retention_max_storage_locally database_type";
    script
        .play(
            r#"
            POST /databases/{main}/backups {}
            POST /databases/{main}/backups {"frequency": "never", "timeout": 59, "enabled": "yes"}
            POST /databases/{main}/backups {"frequency": "never"}
            POST /databases/{main}/backups {"frequency": "daily", "save_s3": true}
            POST /databases/{main}/backups {"frequency": "daily", "s3_storage_uuid": "nothing"}
            POST /databases/{main}/backups {"frequency": "daily", "databases_to_backup": "a;b"}
            POST /databases/{main}/backups {"frequency": "daily", "name": "a"}
            POST /databases/{cache}/backups {"frequency": "daily"}
            POST /databases/{main}/backups {"frequency": "daily", "database_backup_retention_max_storage_locally": "0.5", "database_backup_retention_amount_locally": "3"} > backup
            POST /databases/{docs}/backups {"frequency": "* * * * *", "databases_to_backup": "a|b", "enabled": false, "backup_now": true} > now
            "#,
        )
        .await;
    script.play(&format!("GET /databases/{{main}}/backups : {shown}\nGET /databases/{{docs}}/backups : {shown} executions")).await;
    script
        .play(
            r#"
            GET /databases/{docs}/backups/{now}/executions
            GET /databases/{docs}/backups/{now}/executions
            PATCH /databases/{main}/backups/{backup} {"frequency": "x"}
            PATCH /databases/{main}/backups/{backup} {"backup_now": true, "dump_all": true, "timeout": 60}
            PATCH /databases/{main}/backups/nothing {"dump_all": true}
            PATCH /databases/{docs}/backups/{backup} {"dump_all": true}
            = GET /health 2
            GET /databases/{main}/backups : frequency dump_all timeout executions/0/status executions/0/s3_uploaded
            GET /databases/{main}/backups/{backup}/executions
            DELETE /databases/{main}/backups/{backup}/executions/nothing
            DELETE /databases/{main}/backups/{backup}
            DELETE /databases/{main}/backups/{backup}
            GET /databases/{main}/backups
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_storage_is_a_volume_a_file_or_a_folder() {
    let mut script = recorded().await;
    script.application("web");
    let file = "services:\n  web:\n    image: nginx\n    volumes:\n      - data:/data\nvolumes:\n  data:\n";
    script.service("front", file);
    let shown = "uuid name mount_path host_path fs_path content is_directory is_host_file is_preview_suffix_enabled resource_type message errors read_only_fields";
    for body in [
        r"{}",
        r#"{"type": "volume", "mount_path": "/data"}"#,
        r#"{"type": "persistent", "mount_path": "/data"}"#,
        r#"{"type": "persistent", "name": "a b", "mount_path": "/data", "host_path": "data"}"#,
        r#"{"type": "persistent", "name": "data", "mount_path": "data", "host_path": "/srv"}"#,
        r#"{"type": "persistent", "name": "data", "mount_path": "/data", "content": "x"}"#,
        r#"{"type": "file", "mount_path": "/a.conf"}"#,
        r#"{"type": "file", "mount_path": "/a.conf", "content": "x", "name": "a"}"#,
        r#"{"type": "file", "mount_path": "/../a.conf", "content": "x"}"#,
        r#"{"type": "file", "mount_path": "//a.conf", "content": "x"}"#,
        r#"{"type": "file", "mount_path": "/folder", "is_directory": true}"#,
        r#"{"type": "file", "mount_path": "/folder", "is_directory": true, "fs_path": "/srv/folder"}"#,
        r#"{"type": "file", "mount_path": "/host.conf", "is_host_file": true, "fs_path": "/etc/host.conf"}"#,
    ] {
        script
            .play(&format!(
                "POST /applications/{{web}}/storages {body} : {shown}"
            ))
            .await;
    }
    script
        .play(
            r#"
            # Those of a service belong to its containers
            GET /services/{front}/storages : persistent_storages/0/uuid persistent_storages/0/name persistent_storages/0/mount_path persistent_storages/0/resource_type
            GET /services/{front}/applications : uuid name > part
            POST /services/{front}/storages {"type": "file", "mount_path": "/a.conf", "content": "x"}
            POST /services/{front}/storages {"type": "file", "mount_path": "/a.conf", "content": "x", "resource_uuid": "nothing"}
            POST /services/{front}/storages {"type": "file", "mount_path": "/a.conf", "content": "x", "resource_uuid": "{part}"} : uuid fs_path mount_path resource_type > file
            PATCH /services/{front}/storages {"type": "file", "uuid": "{file}", "content": "y"} : content service/name
            GET /services/{front}/storages as read : file_storages/0/content file_storages/0/mount_path
            DELETE /services/{front}/storages/{file}
            DELETE /services/{front}/storages/{file}
            "#,
        )
        .await;
    let all = script.fake.state()["storages"].clone();
    for storage in all.as_array().into_iter().flatten() {
        if storage["row"]["mount_path"] == "/data" || storage["mount_path"] == "/data" {
            let row = if storage["row"].is_object() {
                &storage["row"]
            } else {
                storage
            };
            let uuid = row["uuid"].as_str().expect("a uuid").to_owned();
            let owner = row["resource_type"].to_string();
            script.tell(&format!("--- of {owner}"));
            let of = if owner.contains("Service") {
                "services/{front}"
            } else {
                "applications/{web}"
            };
            for request in [
                format!(
                    "PATCH /{of}/storages {{\"type\": \"persistent\", \"uuid\": \"{uuid}\", \"name\": \"other\", \"mount_path\": \"/o\"}} : {shown}"
                ),
                format!(
                    "PATCH /{of}/storages {{\"type\": \"persistent\", \"uuid\": \"{uuid}\", \"is_preview_suffix_enabled\": false}} : {shown}"
                ),
                format!("PUT /{of}/storages/{uuid}/backups {{}}"),
                format!(
                    "PUT /{of}/storages/{uuid}/backups {{\"frequency\": \"never\", \"disable_local_backup\": true, \"timeout\": 36001, \"name\": 1}}"
                ),
                format!(
                    "PUT /{of}/storages/{uuid}/backups {{\"frequency\": \"daily\", \"save_s3\": true}}"
                ),
                format!(
                    "PUT /{of}/storages/{uuid}/backups {{\"frequency\": \"daily\", \"s3_storage_uuid\": \"x\", \"retention_max_storage_locally\": 0.5}}"
                ),
                format!(
                    "PUT /{of}/storages/{uuid}/backups {{\"frequency\": \"hourly\", \"timeout\": 60}}"
                ),
                format!("POST /{of}/storages/{uuid}/backups/run"),
                format!("DELETE /{of}/storages/{uuid}"),
                format!("DELETE /{of}/storages/{uuid}/backups"),
                format!("DELETE /{of}/storages/{uuid}/backups"),
                format!("POST /{of}/storages/{uuid}/backups/run"),
                format!("DELETE /{of}/storages/{uuid}"),
            ] {
                script.play(&request).await;
            }
        }
    }
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_server_is_added_changed_and_deleted() {
    let mut script = recorded().await;
    let shown = "name description ip port user proxy settings/is_build_server settings/concurrent_builds settings/dynamic_timeout settings/connection_timeout settings/is_terminal_enabled settings/is_reachable settings/server_disk_usage_notification_threshold validation_logs";
    script
        .play(
            r#"
            GET /security/keys : uuid name > key
            POST /servers {}
            POST /servers {"ip": "a b", "port": 0, "user": "a b", "private_key_uuid": 5, "proxy_type": "haproxy", "is_build_server": "x"}
            POST /servers {"ip": "10.0.0.9", "private_key_uuid": "{key}", "proxy_type": "haproxy"}
            POST /servers {"ip": "10.0.0.9", "private_key_uuid": "nothing"}
            POST /servers {"ip": "10.0.0.9", "private_key_uuid": "{key}"} > plain
            POST /servers {"ip": "10.0.0.9", "private_key_uuid": "{key}"}
            POST /servers {"ip": "ten.example.com", "private_key_uuid": "{key}", "name": "<b>ten</b>", "description": "x", "port": "2222", "user": "me", "is_build_server": true, "proxy_type": "caddy"} > full
            "#,
        )
        .await;
    script
        .play(&format!(
            "GET /servers/{{plain}} : {shown}\nGET /servers/{{full}} : {shown}"
        ))
        .await;
    script
        .play(
            r#"
            PATCH /servers/{full} {"concurrent_builds": 0, "server_disk_usage_notification_threshold": 101, "connection_timeout": 301, "deployment_queue_limit": 0}
            PATCH /servers/{full} {"server_disk_usage_check_frequency": "never"}
            PATCH /servers/{full} {"private_key_uuid": "nothing"}
            PATCH /servers/{full} {"name": null, "description": null, "port": null, "user": null, "is_build_server": null, "is_terminal_enabled": null, "proxy_type": null, "concurrent_builds": 3, "dynamic_timeout": "60", "connection_timeout": 300, "server_disk_usage_notification_threshold": 100}
            PATCH /servers/nothing {"name": "x"}
            "#,
        )
        .await;
    script
        .play(&format!("GET /servers/{{full}} : {shown}"))
        .await;
    script
        .play(
            r#"
            POST /servers/{full}/validate
            GET /servers/{full} : validation_logs settings/is_reachable settings/is_usable
            POST /servers/{server}/validate
            GET /servers/{server} : settings/is_reachable settings/docker_version
            # Destinations
            GET /servers/{full}/destinations : name network type server_uuid
            POST /servers/{full}/destinations {}
            POST /servers/{full}/destinations {"network": "-a"}
            POST /servers/{full}/destinations {"network": "other", "name": "second"} > second
            POST /servers/{full}/destinations {"network": "other", "name": "third"}
            PATCH /destinations/{second} {"name": "renamed"}
            PATCH /destinations/{second} {"network": "other"}
            GET /destinations/{second} : name network server_uuid
            DELETE /destinations/{second}
            GET /destinations/{second}
            # Only a server without resources is deleted without force
            DELETE /servers/{server}
            DELETE /servers/{plain}
            DELETE /servers/{plain}
            GET /servers : name ip
            "#,
        )
        .await;
    script.application("web");
    script
        .play("DELETE /servers/{server}\nDELETE /servers/{server}?force=true\nGET /servers/{server}/resources : name type status\nGET /destinations : uuid > destination\nDELETE /destinations/{destination}")
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_server_is_bought_from_a_cloud() {
    let mut script = recorded().await;
    script
        .play(
            r#"
            GET /security/keys : uuid > key
            POST /cloud-tokens {"provider": "hetzner", "token": "t", "name": "h"} > hetzner
            POST /cloud-tokens {"provider": "digitalocean", "token": "t", "name": "d"} > digitalocean
            POST /cloud-tokens {"provider": "vultr", "token": "t", "name": "v"} > vultr
            POST /servers/hetzner {}
            POST /servers/hetzner {"cloud_provider_token_uuid": "{hetzner}", "private_key_uuid": "{key}", "location": "nbg1", "server_type": "cpx11", "image": 114690387, "name": "web", "enable_ipv4": false} : ip hetzner_server_id message errors
            POST /servers/hetzner {"cloud_provider_token_uuid": "{hetzner}", "private_key_uuid": "{key}", "location": "nbg1", "server_type": "cpx11", "image": 114690387, "name": "web", "enable_ipv4": true} : ip hetzner_server_id message errors
            POST /servers/hetzner {"cloud_provider_token_uuid": "{hetzner}", "private_key_uuid": "{key}", "location": "nbg1", "server_type": "none", "image": 114690387}
            POST /servers/hetzner {"cloud_provider_token_uuid": "{vultr}", "private_key_uuid": "{key}", "location": "nbg1", "server_type": "cpx11", "image": 114690387}
            POST /servers/digitalocean {"cloud_provider_token_uuid": "{digitalocean}", "private_key_uuid": "{key}", "region": "fra1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64", "enable_ipv4": false} : ip digitalocean_droplet_id message errors
            POST /servers/vultr {"cloud_provider_token_uuid": "{vultr}", "private_key_uuid": "{key}", "region": "fra", "plan": "vc2-1c-1gb", "os_id": 2284} : ip vultr_instance_id message errors
            GET /hetzner/server-types?cloud_provider_token_uuid={hetzner} : name
            GET /hetzner/server-types?cloud_provider_token_uuid={vultr}
            GET /hetzner/server-types
            GET /vultr/plans?cloud_provider_token_uuid={vultr} : id
            "#,
        )
        .await;
    for (what, clouds) in [
        ("reject tokens", Clouds::RejectTokens),
        ("limit the rate", Clouds::LimitRate),
    ] {
        script.fake.set_clouds(clouds);
        script.tell(&format!("--- The clouds {what}"));
        script
            .play(
                r#"
                POST /cloud-tokens {"provider": "hetzner", "token": "t", "name": "h"}
                POST /cloud-tokens/{hetzner}/validate
                GET /hetzner/locations?cloud_provider_token_uuid={hetzner}
                POST /servers/hetzner {"cloud_provider_token_uuid": "{hetzner}", "private_key_uuid": "{key}", "location": "nbg1", "server_type": "cpx11", "image": 114690387}
                POST /servers/vultr {"cloud_provider_token_uuid": "{vultr}", "private_key_uuid": "{key}", "region": "fra", "plan": "vc2-1c-1gb", "os_id": 2284}
                "#,
            )
            .await;
    }
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_service_is_started_as_a_whole_or_in_parts() {
    let mut script = recorded().await;
    let place = r#""project_uuid": "{project}", "environment_name": "production", "server_uuid": "{server}""#;
    let file = "services:\n  web:\n    image: nginx\n    environment:\n      URL: ${SERVICE_URL_WEB}\n      A: b\n  db:\n    image: postgres:17\n";
    script.service("front", file);
    script.application("api");
    script
        .play(r#"= PATCH /applications/{api} {"domains":"https://taken.example.com"} 1"#)
        .await;
    script
        .play(&format!(
            r#"
            POST /services {{{place}}}
            POST /services {{{place}, "type": "nothing"}} : message
            POST /services {{{place}, "docker_compose_raw": "no base64!"}}
            POST /services {{{place}, "docker_compose_raw": "c2VydmljZXM6Cg==", "type": "plausible"}}
            POST /services {{{place}, "docker_compose_raw": "c2VydmljZXM6CiAgd2ViOgogICAgaW1hZ2U6IG5naW54Cg==", "name": "own", "instant_deploy": true, "urls": [{{"name": "web", "url": "https://O.example.com/A"}}]}} > own
            POST /services {{{place}, "docker_compose_raw": "c2VydmljZXM6CiAgd2ViOgogICAgaW1hZ2U6IG5naW54Cg==", "urls": [{{"name": "api", "url": "https://p.example.com"}}]}}
            POST /services {{{place}, "docker_compose_raw": "c2VydmljZXM6CiAgd2ViOgogICAgaW1hZ2U6IG5naW54Cg==", "urls": [{{"name": "web", "url": "https://p.example.com,https://P.example.com"}}]}}
            = GET /health 3
            GET /services/{{own}} : name status applications/0/fqdn applications/0/status
            # Parts
            GET /services/{{front}}/applications : uuid name status image > web
            GET /services/{{front}}/databases : uuid name status image > db
            GET /services/{{front}}/applications/{{web}}/logs
            POST /services/{{front}}/applications/{{web}}/start
            GET /services/{{front}}/applications/{{web}} : status service/name
            = GET /health 2
            GET /services/{{front}}/applications/{{web}} : status
            GET /services/{{front}} : status
            GET /services/{{front}}/applications/{{web}}/logs
            GET /services/{{front}}/logs
            GET /services/{{front}}/logs?sub_service_name=web&lines=1
            GET /services/{{front}}/logs?sub_service_name=db
            GET /services/{{front}}/logs?sub_service_name=nothing
            POST /services/{{front}}/databases/{{db}}/restart
            POST /services/{{front}}/databases/{{web}}/stop
            POST /services/{{front}}/applications/{{db}}/stop
            POST /services/{{front}}/applications/{{web}}/stop
            = GET /health 2
            GET /services/{{front}} : status applications/0/status databases/0/status
            PATCH /services/{{front}}/applications/{{web}} {{"url": "https://P.example.com/A, https://p.example.com/a"}} : fqdn message errors
            PATCH /services/{{front}}/applications/{{web}} {{"url": "https://P.example.com/A", "human_name": "Web", "is_gzip_enabled": false, "noindex_domains": []}} : fqdn human_name is_gzip_enabled noindex_domains message errors
            PATCH /services/{{front}}/applications/{{web}} {{"url": "nothing"}}
            PATCH /services/{{front}}/applications/{{web}} {{"url": "https://q.example.com,https://q.example.com"}}
            PATCH /services/{{front}}/applications/{{web}} {{"url": "https://q.example.com", "force_domain_override": true}}
            PATCH /services/{{front}}/applications/{{web}}?force_domain_override=1 {{"url": "https://q.example.com,https://q.example.com"}} : fqdn
            = PATCH /services/{{own}} {{"urls":[{{"name":"web","url":"https://o.example.com"}}]}} 1
            PATCH /services/{{front}}/applications/{{web}} {{"url": "https://taken.example.com"}}
            PATCH /services/{{front}}/applications/{{web}}?force_domain_override=true {{"url": "https://taken.example.com"}} : fqdn
            PATCH /services/{{front}}/databases/{{db}} {{"url": "https://p.example.com", "public_port": 70000}}
            PATCH /services/{{front}}/databases/{{db}} {{"is_public": true, "public_port": 5433, "image": "postgres:18"}} : is_public public_port image message errors
            # As a whole
            = PATCH /services/{{front}}/envs {{"key":"URL","value":"mine"}} 1
            POST /services/{{front}}/stop
            POST /services/{{front}}/start
            GET /services/{{front}} : status
            = GET /health 2
            GET /services/{{front}} : status
            POST /services/{{front}}/start
            GET /services/{{front}}/envs : key value
            = PATCH /services/{{front}}/envs {{"key":"URL","value":"mine"}} 1
            POST /services/{{front}}/stop
            = GET /health 2
            GET /services/{{front}}/envs : key value
            POST /services/{{front}}/stop
            PATCH /services/{{front}} {{"instant_deploy": true, "description": "x"}}
            = GET /health 2
            GET /services/{{front}} : status description
            DELETE /services/{{front}}
            = GET /health 2
            GET /services/{{front}}
            "#
        ))
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn servers_and_resources_move_on_development_instances() {
    let fake = FakeCoolify::version("4.3.11").development();
    let mut script = Script::on(fake).await;
    script.application("web");
    script.service("front", "services:\n  web:\n    image: nginx\n");
    script
        .play(
            r#"
            GET /security/keys : uuid > key
            POST /servers {"ip": "10.0.0.9", "private_key_uuid": "{key}", "name": "second"} > second
            POST /servers {"ip": "203.0.113.9", "private_key_uuid": "{key}", "name": "far"} > far
            GET /destinations : uuid server_uuid name > here
            GET /servers/{second}/destinations : uuid > there
            POST /applications/{web}/migrate {}
            POST /applications/{web}/migrate {"destination_uuid": "nothing"}
            POST /applications/{web}/migrate {"destination_uuid": "{here}"}
            = POST /applications/{web}/storages {"type":"persistent","name":"data","mount_path":"/data"} 1
            POST /applications/{web}/migrate {"destination_uuid": "{there}"}
            POST /applications/{web}/migrate {"destination_uuid": "{there}", "migrate_volumes": false}
            GET /applications/{web} : status destination/server/name
            POST /services/{front}/migrate {"destination_uuid": "{there}"}
            # A server as a bundle
            GET /servers/{server}/export
            GET /servers/{second}/export as read
            GET /servers/nothing/export
            GET /servers/{second}/export : format version export_id server/name server/ip encrypted
            GET /servers/{second}/export?encrypt=1 : format encrypted
            GET /servers/{second}/export?encrypt=1&passphrase= : format encrypted
            GET /servers/{second}/export?encrypt=1&passphrase=p : format encrypted algorithm cipher kdf
            GET /servers/{second}/export?passphrase=p : format encrypted
            POST /servers/{second}/export/mailbox
            POST /servers/{far}/export/mailbox
            POST /servers/{second}/export/mailbox as read
            # It is claimed, and handed over
            POST /servers/{server}/claim
            POST /servers/{second}/claim {"write_remote": "x"}
            POST /servers/{second}/claim
            POST /servers/{second}/claim {"write_remote": false, "rebind_sentinel": false}
            POST /servers/{far}/claim
            POST /servers/{server}/transfer/complete
            POST /servers/{second}/transfer/complete {"export_id": "e", "target_instance_url": "https://b.example.com"}
            GET /servers/{second} : server_metadata settings/force_disabled settings/is_sentinel_enabled
            POST /servers/{second}/migrate {}
            POST /servers/{second}/migrate {"target_url": "http://127.0.0.1:9/", "target_token": "t"}
            POST /servers/{server}/migrate {"target_url": "https://b.example.com", "target_token": "t"}
            POST /servers/{far}/migrate {"target_url": "https://b.example.com/", "target_token": "t"}
            POST /servers/{far}/migrate {"target_url": "https://b.example.com/", "target_token": "t"} as write
            # It is imported
            POST /servers/import {}
            POST /servers/import {"bundle": {"a": 1}, "dry_run": "x", "name": 1}
            POST /servers/import {"bundle": {"a": 1}}
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}
