//! Operations that are newer than the recordings, as Coolify's source has them: each reply
//! as a whole.

use coolify_sdk::testing::{Clouds, FakeCoolify};

use crate::script::Script;

async fn newest() -> Script {
    Script::on(FakeCoolify::version("4.4.2").job_lag(1)).await
}

const UPLOAD: &str = "6f1c2e0e-6d0f-4f5e-9b53-2f3f2f1a7c11";
const OTHER: &str = "6f1c2e0e-6d0f-4f5e-9b53-2f3f2f1a7c12";
const THIRD: &str = "6f1c2e0e-6d0f-4f5e-9b53-2f3f2f1a7c13";

#[tokio::test]
async fn an_import_is_checked_queued_and_carried_out() {
    let mut script = newest().await;
    script.database("main", "postgresql");
    script.database("cache", "redis");
    script.database("files", "sqlite");
    script
        .play(
            r#"
            PATCH /databases/{files} {"sqlite_databases": "database.sqlite,second.sqlite"}
            GET /databases/{files} : sqlite_databases
            # What is wrong with a body is found first
            POST /databases/{main}/imports {}
            POST /databases/{main}/imports {"source": "ftp", "dump_all": "yes", "name": "a"}
            POST /databases/{main}/imports {"source": "upload", "path": "/a.sql", "upload_id": "a"}
            POST /databases/{main}/imports {"source": "s3", "upload_id": "6f1c2e0e-6d0f-4f5e-9b53-2f3f2f1a7c11"}
            POST /databases/{main}/imports {"source": "server", "s3_storage_uuid": "a", "sqlite_database": null, "replace_existing": 1}
            # Only some engines are imported into, while they run
            POST /databases/{cache}/imports {"source": "server", "path": "/a.sql"}
            POST /databases/{main}/imports {"source": "server", "path": "/a.sql"}
            POST /databases/nothing/imports {"source": "server", "path": "/a.sql"}
            = POST /databases/{main}/start 1
            = POST /databases/{files}/start 1
            = GET /health 3
            # Paths are absolute, without shell characters, and end as dumps do
            POST /databases/{main}/imports {"source": "server", "path": "a.sql"}
            POST /databases/{main}/imports {"source": "server", "path": "/a;b.sql"}
            POST /databases/{main}/imports {"source": "server", "path": "/../a.sql"}
            POST /databases/{main}/imports {"source": "server", "path": "/a.txt"}
            POST /databases/{main}/imports {"source": "s3", "s3_storage_uuid": "nothing", "path": "a.sql"}
            POST /databases/{main}/imports {"source": "upload", "upload_id": "6f1c2e0e-6d0f-4f5e-9b53-2f3f2f1a7c11"}
            POST /databases/{files}/imports {"source": "server", "path": "/a.sqlite", "sqlite_database": "other.sqlite"}
            # One at a time, and nothing else meanwhile
            POST /databases/{main}/imports {"source": "server", "path": "/a.sql"} > import
            POST /databases/{main}/imports {"source": "server", "path": "/a.sql"}
            = POST /databases/{files}/restart 1
            POST /databases/{files}/imports {"source": "server", "path": "/a.sqlite", "sqlite_database": "second.sqlite"}
            # Each request is a moment
            GET /databases/{main}/imports/{import}
            GET /databases/{main}/imports/{import} as read
            GET /databases/{main}/imports/{import}
            GET /databases/{main}/imports/{import}
            GET /databases/{main}/imports/{import}
            # It belongs to its database
            GET /databases/{files}/imports/{import}
            GET /databases/{main}/imports/999999
            GET /databases/{main}/imports/x
            POST /databases/{main}/imports {"source": "server", "path": "/a.sql"} as write
            POST /databases/{main}/imports {"source": "server", "path": "/a.SQL.GZ"}
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn an_import_from_s3_needs_a_usable_storage() {
    let mut script = newest().await;
    script.database("main", "mysql");
    script
        .play(
            r#"
            = POST /databases/{main}/start 1
            = GET /health 3
            POST /s3-storages {"name": "dumps", "endpoint": "https://s3.example.com", "region": "eu", "bucket": "dumps", "key": "k", "secret": "s"} : message is_usable > storage
            GET /s3-storages : uuid is_usable > storage
            POST /databases/{main}/imports {"source": "s3", "s3_storage_uuid": "{storage}", "path": "a.sql"}
            = PATCH /s3-storages/{storage} {"is_usable": true} 1
            POST /databases/{main}/imports {"source": "s3", "s3_storage_uuid": "{storage}", "path": "/"}
            POST /databases/{main}/imports {"source": "s3", "s3_storage_uuid": "{storage}", "path": "/a.txt"}
            POST /databases/{main}/imports {"source": "s3", "s3_storage_uuid": "{storage}", "path": "/a.sql"}
            = GET /health 4
            POST /databases/{main}/imports {"source": "s3", "s3_storage_uuid": "0", "path": "b.sql"}
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn an_upload_is_what_its_name_promises() {
    let mut script = newest().await;
    script.database("main", "postgresql");
    let path = "/databases/{main}/imports/uploads";
    let id = format!("upload_id={UPLOAD}");
    let tar = [&[0; 257], &b"ustar"[..]].concat();
    script.tell("--- What is missing");
    script.upload(path, "", "", b"").await;
    script
        .upload(path, "upload_id=a", "a.sql", b"SELECT 1")
        .await;
    script.upload(path, &id, "", b"").await;
    let too_large = format!("{id} dzTotalFilesize=10737418241");
    script.upload(path, &too_large, "a.sql", b"SELECT 1").await;
    let largest = format!("{id} dzTotalFilesize=10737418240");
    script.upload(path, &largest, "a.sql", b"SELECT 1").await;
    script.tell("--- Names");
    for name in [
        "a",
        "a.txt",
        ".sql",
        "a..sql",
        "a.php.sql",
        "php.sql",
        "a.sql.php",
        "a.tar.sql",
        "A.SQL",
        "a.sql.gz.sql",
        "dump.archive.gz",
        "a.gz",
    ] {
        script.upload(path, &id, name, b"SELECT 1").await;
    }
    script.tell("--- Contents");
    for (name, content) in [
        ("a.sql", &b""[..]),
        ("a.sql", b"a\0b"),
        ("a.sql", b"\xff\xfe"),
        ("a.sql.gz", b"\x1f\x8b"),
        ("a.tgz", b"\x1f\x8b"),
        ("a.zip", b"PK"),
        ("a.zip", b"SELECT 1"),
        ("a.tar", &tar),
        ("a.tar", b"ustar"),
        ("a.bz2", b"BZh"),
        ("a.bz2", b"PK"),
        ("a.xz", b"\xfd7zXZ\0"),
        ("a.xz", b"PK"),
        ("a.dump", b"PGDMP\0"),
        ("a.dump", b"SELECT 1"),
        ("a.dump", b"\0"),
        ("a.bak", b"\0"),
        ("a.archive", b"\0"),
        ("a.dmp", b"\0"),
        ("a.bson", b"\x05\0\0\0\0"),
        ("a.bson", b"\x06\0\0\0\0"),
        ("a.bson", b"\x04\0\0\0\0"),
        ("a.bson", b"\x05\0\0"),
        ("a.bson.gz", b"\x05\0\0\0\0"),
        ("a.sqlite", b"\0"),
        ("a.sqlite3", b""),
        ("a.db", b"\0"),
        ("a.backup", b"\0"),
    ] {
        script.upload(path, &id, name, content).await;
    }
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn the_chunks_of_an_upload_come_in_any_order() {
    let mut script = newest().await;
    script.database("main", "postgresql");
    script.database("other", "postgresql");
    script
        .play("= POST /databases/{main}/start 1\n= GET /health 3")
        .await;
    let path = "/databases/{main}/imports/uploads";
    let chunk = |id: &str, index: u8, all: u8| {
        format!("upload_id={id} dzchunkindex={index} dztotalchunkcount={all}")
    };
    script.tell("--- A chunk counts once");
    script
        .upload(path, &chunk(UPLOAD, 2, 3), "a.sql", b"C")
        .await;
    script
        .upload(path, &chunk(UPLOAD, 2, 3), "a.sql", b"c")
        .await;
    script
        .upload(path, &chunk(UPLOAD, 0, 3), "a.sql", b"A")
        .await;
    script.tell("--- Others are apart");
    script
        .upload(path, &chunk(OTHER, 1, 3), "a.sql", b"x")
        .await;
    script
        .upload(path, &chunk(UPLOAD, 1, 3), "b.sql", b"x")
        .await;
    let elsewhere = "/databases/{other}/imports/uploads";
    script
        .upload(elsewhere, &chunk(UPLOAD, 1, 3), "a.sql", b"x")
        .await;
    script
        .play(&format!(
            r#"POST /databases/{{main}}/imports {{"source": "upload", "upload_id": "{UPLOAD}"}}"#
        ))
        .await;
    script.tell("--- The last one makes it whole");
    script
        .upload(path, &chunk(UPLOAD, 1, 3), "a.sql", b"B")
        .await;
    for id in [OTHER, UPLOAD, UPLOAD] {
        script
            .play(&format!(
                r#"POST /databases/{{main}}/imports {{"source": "upload", "upload_id": "{id}"}}"#
            ))
            .await;
        script.play("= GET /health 4").await;
    }
    script.tell("--- One chunk may be all, and the number of chunks is at least one");
    script
        .upload(path, &chunk(THIRD, 0, 1), "a.sql", b"A")
        .await;
    script
        .upload(path, &chunk(THIRD, 0, 0), "a.sql", b"A")
        .await;
    script.tell("--- A broken file is given up");
    script
        .upload(path, &chunk(THIRD, 0, 2), "a.zip", b"P")
        .await;
    script
        .upload(path, &chunk(THIRD, 1, 2), "a.zip", b"X")
        .await;
    script
        .upload(path, &chunk(THIRD, 1, 2), "a.zip", b"K")
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_preview_of_a_git_application_is_opened_changed_and_deleted() {
    let mut script = newest().await;
    script.application("web");
    script.application("api");
    script
        .play(
            r#"
            # What is wrong with a body
            POST /applications/{web}/previews {}
            POST /applications/{web}/previews {"pull_request_id": 0, "force": "a", "instant_deploy": 2, "pull_request_html_url": "a"}
            POST /applications/{web}/previews {"pull_request_id": 2147483648, "git_type": "svn", "commit": "abc", "docker_tag": "a"}
            POST /applications/{web}/previews {"pull_request_id": 7}
            POST /applications/{web}/previews {"pull_request_id": 7, "git_type": "bitbucket"}
            POST /applications/nothing/previews {"pull_request_id": 7, "git_type": "github"}
            # It is new, or not
            POST /applications/{web}/previews {"pull_request_id": 7, "git_type": "gitea", "instant_deploy": false, "pull_request_html_url": "https://git.example.com/7"}
            POST /applications/{web}/previews {"pull_request_id": 7, "instant_deploy": false}
            POST /applications/{web}/previews {"pull_request_id": "7", "commit": "abcdef0", "force": true}
            POST /applications/{web}/previews {"pull_request_id": 7, "commit": "abcdef0"}
            POST /applications/{web}/previews {"pull_request_id": 2147483647, "git_type": "bitbucket", "commit": "0123456789012345678901234567890123456789"} : message preview/pull_request_id preview/git_type
            GET /applications/{web}/previews : pull_request_id git_type pull_request_html_url status
            GET /applications/{web}/previews/7 : pull_request_id git_type pull_request_html_url status
            GET /applications/{web}/previews/8
            GET /applications/{web}/previews/07 : pull_request_id
            GET /applications/{web}/previews/0
            GET /applications/{web}/previews/+7
            GET /applications/{web}/previews/x
            GET /applications/nothing/previews/7
            # Its domains
            PATCH /applications/{web}/previews/7 {}
            PATCH /applications/{web}/previews/7 {"docker_compose_domains": []}
            PATCH /applications/{web}/previews/7 {"domains": "a"}
            PATCH /applications/{web}/previews/7 {"domains": 5}
            PATCH /applications/{web}/previews/7 {"domains": "https://P.example.com:8443/A, https://q.example.com"}
            PATCH /applications/{web}/previews/7 {"domains": "https://q.example.com"}
            PATCH /applications/{web}/previews/7 {"domains": null}
            PATCH /applications/{web}/previews/8 {"domains": null}
            = PATCH /applications/{api} {"domains": "https://taken.example.com"} 1
            PATCH /applications/{web}/previews/7 {"domains": "https://taken.example.com"}
            PATCH /applications/{web}/previews/7 {"domains": "https://taken.example.com", "force_domain_override": true}
            # Its log
            GET /applications/{web}/previews/7/logs
            = GET /deployments 12
            GET /applications/{web}/previews/7/logs
            GET /applications/{web}/previews/7/logs?lines=1
            GET /applications/{web}/previews/7/logs?service_name=web
            GET /applications/{web}/previews/8/logs
            # It is deleted
            DELETE /applications/{web}/previews/x
            DELETE /applications/{web}/previews/8
            DELETE /applications/{web}/previews/7
            DELETE /applications/{web}/previews/7
            GET /applications/{web}/previews : pull_request_id
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn previews_of_images_and_compose_files_have_their_own_fields() {
    let mut script = newest().await;
    for name in ["image", "compose", "file"] {
        script.application(name);
    }
    let (image, compose) = (script.uuid("image"), script.uuid("compose"));
    script
        .fake
        .set_application(&image, "build_pack", "dockerimage");
    script
        .fake
        .set_application(&compose, "build_pack", "dockercompose");
    let file = "services:\n  web:\n    image: nginx\n";
    script
        .fake
        .set_application(&compose, "docker_compose_raw", file);
    let file = script.uuid("file");
    script
        .fake
        .set_application(&file, "dockerfile", "FROM nginx");
    script
        .play(
            r#"
            POST /applications/{file}/previews {"pull_request_id": 7, "git_type": "github"}
            # An image needs a tag the first time
            POST /applications/{image}/previews {"pull_request_id": 7}
            POST /applications/{image}/previews {"pull_request_id": 7, "git_type": "github", "commit": "abcdef0", "docker_tag": "-a"}
            POST /applications/{image}/previews {"pull_request_id": 7, "docker_tag": " v1 ", "instant_deploy": 0} : message preview/docker_registry_image_tag preview/git_type
            POST /applications/{image}/previews {"pull_request_id": 7, "instant_deploy": true} : message deployment_uuid preview/docker_registry_image_tag > run
            GET /deployments/{run} : pull_request_id docker_registry_image_tag force_rebuild restart_only rollback commit
            # A compose file has domains for its services
            POST /applications/{compose}/previews {"pull_request_id": 7, "git_type": "github", "instant_deploy": false} : message preview/docker_compose_domains
            PATCH /applications/{compose}/previews/7 {"domains": null}
            PATCH /applications/{compose}/previews/7 {"docker_compose_domains": [{"name": "web", "port": 80}, {"domain": 5}, {"name": "web", "redirect": "all"}]}
            PATCH /applications/{compose}/previews/7 {"docker_compose_domains": [{"name": "web", "port": 80}, {"domain": 5}, {"name": "a", "redirect": "all"}]}
            PATCH /applications/{compose}/previews/7 {"docker_compose_domains": [{"name": "web", "domain": "web"}]}
            PATCH /applications/{compose}/previews/7 {"docker_compose_domains": [{"name": "web", "domain": "https://p.example.com:80", "redirect": "www"}]}
            = GET /deployments 5
            = POST /applications/{compose}/previews {"pull_request_id":7,"git_type":"github"} 1
            = GET /deployments 12
            GET /applications/{compose}/previews/7/logs?service_name=web
            GET /applications/{compose}/previews/7/logs?service_name=api
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn the_registries_of_a_server_are_those_of_its_images_and_logins() {
    let mut script = newest().await;
    script.application("web");
    script.application("built");
    script.database("main", "postgresql");
    let file = "services:\n  a:\n    image: ghcr.io/acme/a\n  b:\n    image: ghcr.io/acme/b\n  \
                c:\n    image: localhost/c\n  d:\n    image: reg.example.com:5000/d\n";
    script.service("front", file);
    let web = script.uuid("web");
    script.fake.set_application(
        &web,
        "docker_registry_image_name",
        "index.docker.io/acme/web",
    );
    script
        .play(
            r#"
            GET /servers/{server}/registries
            # The server has to be reachable
            POST /servers/{server}/registries {"registry": "ghcr.io", "username": "u", "password": "p"}
            POST /servers/{server}/registries/ghcr.io/check
            DELETE /servers/{server}/registries/ghcr.io
            = POST /servers/{server}/validate 1
            = GET /health 3
            # Hosts are written in many ways
            POST /servers/{server}/registries {}
            POST /servers/{server}/registries {"registry": "-a", "username": "a b", "password": 5, "name": "x"}
            POST /servers/{server}/registries {"registry": "a.b:123456", "username": "u", "password": "p"}
            POST /servers/{server}/registries {"registry": "https://GHCR.io/v2", "username": "u", "password": "p"}
            POST /servers/{server}/registries {"registry": "registry-1.docker.io", "username": "v", "password": "p"}
            POST /servers/{server}/registries {"registry": "registry.hub.docker.com", "username": "w", "password": "p"}
            POST /servers/{server}/registries {"registry": "unused.example.com:5000", "username": "x", "password": "p"}
            POST /servers/nothing/registries {"registry": "ghcr.io", "username": "u", "password": "p"}
            GET /servers/{server}/registries
            POST /servers/{server}/registries/ghcr.io/check
            POST /servers/{server}/registries/quay.io/check
            POST /servers/{server}/registries/a_b/check
            DELETE /servers/{server}/registries/GHCR.io
            POST /servers/{server}/registries/ghcr.io/check
            POST /servers/{server}/registries/docker.io/check
            DELETE /servers/{server}/registries/a_b
            DELETE /servers/{server}/registries/quay.io
            GET /servers/nothing/registries
            GET /servers/{server}/registries : registries/0/username registries/1/logged_in registries/4/username
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_secret_manager_has_a_token_and_settings_for_each_application() {
    let mut script = newest().await;
    script.application("web");
    script
        .play(
            r#"
            # Each provider needs other fields
            POST /security/integration-tokens {}
            POST /security/integration-tokens {"provider": "keeper", "name": 5, "token": 5, "metadata": "a", "uuid": "a"}
            POST /security/integration-tokens {"provider": "doppler", "name": "d", "token": "dp.ct.x"}
            POST /security/integration-tokens {"provider": "infisical", "name": "i", "token": "t"}
            POST /security/integration-tokens {"provider": "infisical", "name": "i", "token": "t", "metadata": {"base_url": "a", "client_id": 5}}
            POST /security/integration-tokens {"provider": "vault", "name": "v", "token": "t", "metadata": {"namespace": 5}}
            POST /security/integration-tokens {"provider": "doppler", "name": "d", "token": "dp.st.x"} > doppler
            POST /security/integration-tokens {"provider": "doppler", "name": "a", "token": "dp.sa.x", "metadata": {"any": "thing", "no": ""}} > account
            POST /security/integration-tokens {"provider": "infisical", "name": "i", "token": "t", "metadata": {"base_url": "https://i.example.com", "client_id": "c", "other": "x"}} > infisical
            POST /security/integration-tokens {"provider": "vault", "name": "v", "token": "t", "metadata": {"base_url": "https://v.example.com", "namespace": null}} > vault
            # So does an application
            PATCH /applications/{web}/secret-manager {"settings": {}}
            PATCH /applications/nothing/secret-manager {"integration_token_uuid": "{vault}"}
            PATCH /applications/{web}/secret-manager {"integration_token_uuid": "{doppler}"}
            PATCH /applications/{web}/secret-manager {"integration_token_uuid": "{doppler}", "settings": {"any": "thing"}, "name": "x"}
            PATCH /applications/{web}/secret-manager {"integration_token_uuid": "{doppler}", "settings": {"any": "thing"}}
            PATCH /applications/{web}/secret-manager {"integration_token_uuid": "{account}", "settings": {"project": "p"}}
            PATCH /applications/{web}/secret-manager {"integration_token_uuid": "{account}", "settings": {"project": "p", "config": "c", "other": "x"}}
            PATCH /applications/{web}/secret-manager {"integration_token_uuid": "{infisical}", "settings": {"secret_path": 5}}
            PATCH /applications/{web}/secret-manager {"integration_token_uuid": "{infisical}", "settings": {"project_id": "p", "environment": "e", "secret_path": "/"}}
            PATCH /applications/{web}/secret-manager {"integration_token_uuid": "{vault}", "settings": []}
            PATCH /applications/{web}/secret-manager {"integration_token_uuid": "{vault}", "settings": {"mount": "m", "path": "p"}}
            "#,
        )
        .await;
    for table in ["integration_tokens", "secret_manager_links"] {
        let rows = script.fake.state()[table].to_string();
        script.tell(&format!("{table}: {rows}"));
    }
    script.fake.set_clouds(Clouds::RejectTokens);
    script
        .play(r#"POST /security/integration-tokens {"provider": "vault", "name": "v", "token": "t", "metadata": {"base_url": "https://v.example.com"}}"#)
        .await;
    insta::assert_snapshot!(script.told());
}

/// Since 4.3.15, domains are shown without the ports that they lead to.
#[tokio::test]
async fn the_ports_of_domains_are_hidden() {
    for version in ["4.3.14", "4.3.15"] {
        let mut script = Script::on(FakeCoolify::version(version)).await;
        script.application("web");
        script
            .play(
                r#"
                = PATCH /applications/{web} {"domains":"https://a.example.com:8443/x,https://b.example.com"} 1
                GET /applications/{web} : fqdn
                GET /applications : fqdn
                "#,
            )
            .await;
        let name = format!("the_ports_of_domains_are_hidden_since_{version}");
        insta::assert_snapshot!(name, script.told());
    }
}

#[tokio::test]
async fn each_write_that_was_carried_out_is_an_audit_event() {
    let mut script = newest().await;
    script.application("web");
    script.database("main", "postgresql");
    script
        .play(
            r#"
            GET /audit-events
            = POST /projects {"name":"a"} 1
            = POST /projects {} 1
            = GET /projects 1
            = PATCH /applications/{web} {"name":"x"} 1
            = POST /deploy?uuid={web} 1
            = POST /databases/{main}/start 1
            = GET /health 3
            = POST /databases/{main}/imports {"source":"server","path":"/a.sql"} 1
            = POST /applications/{web}/previews {"pull_request_id":7,"git_type":"github"} 1
            = POST /security/keys {} 1
            = POST /cloud-init-scripts {"name":"a","script":"a: b"} 1
            = DELETE /applications/{web}/previews/7 1
            GET /audit-events?per_page=100 : total data/0/event data/1/event data/2/event data/3/event data/4/event data/5/event data/6/event data/7/event data/8/event
            GET /audit-events?per_page=1
            GET /audit-events?per_page=1 as read
            # Pages
            GET /audit-events?per_page=3&page=2 : current_page from to per_page last_page next_page_url prev_page_url last_page_url first_page_url path total data/0/event data/2/event
            GET /audit-events?per_page=3&page=9 : current_page from to last_page next_page_url prev_page_url data
            GET /audit-events?per_page=0&page=0&source=x
            GET /audit-events?per_page=101
            # Searches
            GET /audit-events?action=created : total data/0/event
            GET /audit-events?source=api : total
            GET /audit-events?source=ui : total
            GET /audit-events?source=all&action= : total
            GET /audit-events?search=PREVIEW : total data/0/description data/1/description
            GET /audit-events?search=example.com : total
            GET /audit-events?search=example.com as read : total
            GET /audit-events?search=nothing
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}
