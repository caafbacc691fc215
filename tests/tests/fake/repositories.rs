//! Applications of repositories, proxies of servers, and moves of whole servers: the fake's
//! replies as a whole.

use coolify_sdk::testing::FakeCoolify;

use crate::script::Script;

async fn recorded() -> Script {
    Script::on(FakeCoolify::version("4.3.11").job_lag(1)).await
}

const PLACE: &str =
    r#""project_uuid":"{project}","server_uuid":"{server}","environment_name":"production""#;

#[tokio::test]
async fn an_application_of_a_repository_has_its_fields() {
    let mut script = recorded().await;
    let lines = r#"
        # Repositories
        POST /applications/public {PLACE,"git_repository":"https://github.com/acme/app","git_branch":"main","build_pack":"nixpacks","ports_exposes":"3000","name":"repo","docker_compose_domains":null} > app
        GET /applications/{app} : name git_repository source_id source_type ports_exposes docker_compose_domains fqdn
        POST /applications/public {PLACE,"git_repository":"git://github.com/acme/app","git_branch":"main","build_pack":"nixpacks","ports_exposes":"3000"}
        POST /applications/public {PLACE,"git_repository":"https://git.example.com/acme/app","git_branch":"main","build_pack":"static","ports_exposes":"80"} > other
        GET /applications/{other} : name git_repository source_id source_type build_pack ports_exposes
        # Fields with a form of their own
        PATCH /applications/{app} {"custom_labels":"Yq=="}
        PATCH /applications/{app} {"custom_labels":null}
        PATCH /applications/{app} {"custom_network_aliases":"a b,c,,a b,0,d","watch_paths":" /a/b \n\n! /c","custom_nginx_configuration":null,"custom_labels":"YT1i","is_static":"1"}
        GET /applications/{app} : custom_network_aliases watch_paths custom_nginx_configuration custom_labels settings/is_static
        PATCH /applications/{app} {"custom_network_aliases":"[\"x\",\"y\",\"x\"]"}
        GET /applications/{app} : custom_network_aliases
        PATCH /applications/{app} {"custom_network_aliases":"7"}
        GET /applications/{app} : custom_network_aliases
        # Domains without search engines
        PATCH /applications/{app} {"domains":"https://A.example.com/,https://c.example.com:/x"}
        PATCH /applications/{app} {"noindex_domains":["https://a.example.com","https://C.example.com/x/","https://b.example.com"]}
        GET /applications/{app} : fqdn noindex_domains
        # Compose files
        POST /applications/public {PLACE,"git_repository":"https://github.com/acme/shop","git_branch":"main","build_pack":"dockercompose","ports_exposes":"80","docker_compose_domains":[{"name":"web","domain":"https://Web.example.com","redirect":"www"}]} > compose
        GET /applications/{compose} : name docker_compose_domains fqdn
        PATCH /applications/{compose} {"domains":"https://a.example.com"}
        PATCH /applications/{compose} {"docker_compose_domains":[{"name":"web","domain":"https://b.example.com"},{"name":"none","domain":"https://c.example.com"}]}
        GET /applications/{compose} : docker_compose_domains
        POST /applications/public {PLACE,"git_repository":"https://github.com/acme/shop","git_branch":"main","build_pack":"dockercompose","ports_exposes":"80","docker_compose_domains":[{"name":"web","domain":"https://x.example.com"},{"name":"api","domain":"https://X.example.com"}]}
        POST /applications/public {PLACE,"git_repository":"https://github.com/acme/shop","git_branch":"main","build_pack":"dockercompose","ports_exposes":"80","docker_compose_domains":[]}
    "#;
    script.play(&lines.replace("PLACE", PLACE)).await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn proxies_tags_and_containers_are_changed() {
    let mut script = recorded().await;
    script.application("web");
    script.service(
        "both",
        "services:\n  web:\n    image: nginx\n  api:\n    image: redis\n",
    );
    script
        .play(
            r#"
            # The proxy of a server
            PATCH /servers/{server}/proxy {"redirect_url":"https://a.example.com","redirect_enabled":false,"proxy_type":"nginx"}
            PATCH /servers/{server}/proxy {"type":"nginx"}
            GET /servers/{server} : proxy
            # Tags
            POST /applications/{web}/tags {"tag_names":["Blue","<b>blue</b>","  GREEN "]}
            POST /applications/{web}/tags {"tag_names":[]}
            POST /applications/{web}/tags {"tag_name":""}
            GET /tags
            # URLs of a container
            GET /services/{both}/applications > part
            PATCH /services/{both}/applications/{part} {"url":"https://A.example.com/X,https://A.example.com/X"}
            PATCH /services/{both}/applications/{part} {"url":"https://A.example.com/X,https://A.example.com/X","force_domain_override":true}
            PATCH /services/{both}/applications/{part} {"url":"https://A.example.com/X,https://A.example.com/x"} : fqdn
            PATCH /services/{both}/applications/{part} {"url":null} : fqdn
            # A copied task is due after a minute, too
            POST /applications/{web}/scheduled-tasks {"name":"each","command":"echo now","frequency":"* * * * *"} > each
            GET /destinations > destination
            POST /applications/{web}/clone {"destination_uuid":"{destination}"} > copy
            = POST /applications/{copy}/start 1
            GET /applications/{copy}/scheduled-tasks > copied
            = GET /deployments 3
            GET /applications/{copy} : status
            GET /applications/{copy}/scheduled-tasks/{copied}/executions
            = GET /version 9
            GET /applications/{copy}/scheduled-tasks/{copied}/executions : 0/status 0/message 1
            "#,
        )
        .await;
    insta::assert_snapshot!(script.told());
}

#[tokio::test]
async fn a_bundle_is_imported_once() {
    let fake = FakeCoolify::version("4.3.11").development();
    let mut script = Script::on(fake).await;
    let bundle = r#""bundle":{"schema_version":1,"export_id":"e1","server":{"uuid":"{server}","name":"own","ip":"IP"},"private_key":{"uuid":"k1"},"destinations":[{}],"projects":[]}"#;
    let lines = r#"
        GET /servers/{server} : ip
        POST /servers/import {"dry_run":true,OWN}
        POST /servers/import {OWN}
        POST /servers/import {"preserve_uuids":false,OWN}
        POST /servers/import {"preserve_uuids":false,OTHER} : dry_run warnings server_uuid claimed preserved_uuids export_id private_key_uuid
        POST /servers/import {"preserve_uuids":false,"claim":false,OTHER} : dry_run warnings server_uuid claimed claim
        POST /servers/import {"dry_run":true,"preserve_uuids":false,OTHER} : dry_run warnings server_uuid claimed claim
    "#;
    let lines = lines.replace("OWN", &bundle.replace("IP", "host.docker.internal"));
    let lines = lines.replace("OTHER", &bundle.replace("IP", "8.8.8.8"));
    script.play(&lines).await;
    insta::assert_snapshot!(script.told());
}
