//! Complete tasks of an agent.

use std::time::Duration;

use crate::common::{SUFFIX, Session, Tenant, image, program, urls};
use rmcp::model::ReadResourceRequestParams;
use serde_json::json;

/// An application with a database and an auth provider; a further domain; and
/// everything deleted.
#[tokio::test]
async fn an_application_with_a_database_and_an_auth_provider() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let workspace = session.ok("workspace_describe", json!({})).await;
    assert_eq!(workspace["domain_suffix"], SUFFIX);
    assert_eq!(workspace["applications"][0]["uuid"], it.app);

    let mut arguments = image("Shop");
    arguments["variables"] = json!({ "GREETING": "hello" });
    arguments["set"] = json!({ "description": "Sells" });
    let created = session.ok("apps_create", arguments).await;
    assert_eq!(urls(&created["domains"]), ["https://shop.mark.example.com"]);
    assert_eq!(created["variables"], json!(["GREETING"]));
    let app = created["uuid"].clone();

    let database = json!({
        "engine": "postgresql", "name": "orders", "connect": { "app": app },
    });
    let database = session.ok("databases_create", database).await;
    assert_eq!(database["connected"], "DATABASE_URL");
    assert_eq!(database["reached"], true, "{database}");
    let login = json!({ "type": "keycloak", "name": "login" });
    let login = session.ok("auth_create", login).await;
    assert_eq!(login["reached"], true, "{login}");
    let domains = urls(&login["domains"]);
    assert!(
        domains[0].starts_with("https://login.mark.example.com"),
        "{login}"
    );

    let deployed = session.ok("apps_deploy", json!({ "app": app })).await;
    assert_eq!(
        (&deployed["status"], &deployed["finished"]),
        (&json!("finished"), &json!(true))
    );
    let progress = session.progress();
    assert!(
        progress.iter().any(|it| it == "deployment finished"),
        "{progress:?}"
    );
    let listed = session.ok("deployments_list", json!({ "app": app })).await;
    assert_eq!(
        listed["deployments"][0]["deployment"],
        deployed["deployment"]
    );
    let one = json!({ "deployment": deployed["deployment"], "lines": 1, "wait_seconds": 5 });
    let one = session.ok("deployments_get", one).await;
    assert_eq!(one["log"].as_array().map(Vec::len), Some(1), "{one}");

    // Add a domain.
    let refused = json!({ "app": app, "domains": ["https://www.example.com"] });
    let refused = session.fail("domains_add", refused).await;
    assert_eq!(refused["kind"], "domain_refused");
    let hint = refused["hint"].as_str().expect("a hint");
    assert!(hint.contains("https://shop.mark.example.com"), "{hint}");
    let www = "https://www.mark.example.com";
    let added = json!({ "app": app, "domains": [www] });
    let added = session.ok("domains_add", added).await;
    assert_eq!(
        urls(&added["domains"]),
        ["https://shop.mark.example.com", www]
    );

    // Delete everything.
    let delete = json!({ "app": app, "name": "Shop" });
    let gone = session.ok("apps_delete", delete).await;
    assert_eq!(gone, json!({ "gone": true, "volumes_kept": true }));
    let delete = json!({ "app": it.app, "name": "web", "volumes": "delete" });
    assert_eq!(
        session.ok("apps_delete", delete).await["volumes_kept"],
        false
    );
    let delete = json!({ "database": database["uuid"], "name": "orders", "volumes": "delete" });
    session.ok("databases_delete", delete).await;
    let delete = json!({ "provider": login["uuid"], "name": "login", "volumes": "delete" });
    session.ok("auth_delete", delete).await;
    let workspace = session.ok("workspace_describe", json!({})).await;
    for rest in ["applications", "databases", "auth_providers"] {
        assert_eq!(workspace[rest], json!([]), "{rest}");
    }
    session.end().await;
}

#[tokio::test]
async fn settings_are_applied_or_rerouted() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let set = json!({ "name": "store", "description": null, "domains": "https://evil.com",
        "git_repository": "other/app", "build_pack": "dockerfile" });
    let report = session
        .ok("apps_update", json!({ "app": it.app, "set": set }))
        .await;
    assert_eq!(
        report["applied"],
        json!(["description", "name"]),
        "{report}"
    );
    assert_eq!(report["complete"], false);
    let rerouted: Vec<_> = report["rerouted"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (it["setting"].as_str(), it["reason"].as_str()))
        .collect();
    assert_eq!(
        rerouted[0],
        (Some("domains"), Some("use the tool `domains_set`"))
    );
    assert_eq!(
        rerouted[1],
        (Some("git_repository"), Some("use the tool `apps_rewire`"))
    );
    assert_eq!(rerouted[2].0, Some("build_pack"));
    let patches = it
        .fake
        .requests()
        .into_iter()
        .filter(|it| it.method == "PATCH");
    for request in patches {
        let body = request.json();
        for name in ["domains", "git_repository", "build_pack"] {
            assert_eq!(body.get(name), None, "{body}");
        }
    }
    // Only settings of other tools: nothing is sent.
    let before = it.writes();
    let set = json!({ "app": it.app, "set": { "fqdn": "https://evil.com" } });
    assert_eq!(session.ok("apps_update", set).await["applied"], json!([]));
    assert_eq!(it.writes(), before);
    session.end().await;
}

#[tokio::test]
async fn a_compose_file_is_an_application_with_services() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let compose = "services:\n  web:\n    image: nginx:alpine\n  worker:\n    image: busybox\n";
    let create = json!({ "name": "stack", "source": { "kind": "compose", "compose": compose } });
    let created = session.ok("apps_create", create).await;
    // The domain could belong to either container.
    let warning = created["warnings"][0].as_str().expect("a warning");
    assert!(
        warning.contains("web, worker") && warning.contains("domains_set"),
        "{warning}"
    );
    let app = created["uuid"].clone();
    let domain = json!({ "url": "https://stack.mark.example.com", "service": "web" });
    let set = json!({ "app": app, "domains": [domain] });
    let set = session.ok("domains_set", set).await;
    assert_eq!(set["domains"], json!([domain]));

    let seen = session.ok("apps_get", json!({ "app": app })).await;
    assert_eq!(seen["kind"], "compose");
    let warnings = seen["services"].to_string();
    assert!(warnings.contains("web has never run"), "{warnings}");
    let deployed = session.ok("apps_deploy", json!({ "app": app })).await;
    assert_eq!(deployed["finished"], true, "{deployed}");
    let which = session.fail("apps_logs", json!({ "app": app })).await;
    assert_eq!(which["kind"], "ambiguous");
    assert!(
        which["hint"]
            .as_str()
            .is_some_and(|it| it.contains("web, worker")),
        "{which}"
    );
    let logs = json!({ "app": app, "service": "web" });
    let logs = session.ok("apps_logs", logs).await;
    assert_eq!(logs["running"], true, "{logs}");
    assert_eq!(logs["services"].as_array().map(Vec::len), Some(2));
    let none = json!({ "app": app, "service": "nosuch" });
    assert_eq!(session.fail("apps_logs", none).await["next"], "fix");

    let set = json!({ "app": app, "variables": { "KEY_ONE": "first value" } });
    session.ok("envs_upsert", set).await;
    let run = json!({ "app": app, "service": "worker", "command": "echo hi" });
    assert_eq!(session.ok("apps_run", run).await["output"], "hi");
    let update = json!({ "app": app, "compose": "services:\n  web:\n    image: nginx:1.29\n" });
    let updated = session.ok("apps_update", update).await;
    // Coolify stores it in a form of its own.
    assert_eq!(updated["unseen"][0]["setting"], "docker_compose_raw");
    let evil = "services:\n  web:\n    image: a\n    volumes: [/var/run/docker.sock:/s]\n";
    let evil = json!({ "app": app, "compose": evil });
    let refused = session.fail("apps_update", evil).await;
    assert_eq!(
        (&refused["kind"], &refused["next"]),
        (&json!("out_of_scope"), &json!("fix"))
    );
    let delete = json!({ "app": app, "name": "stack", "volumes": "delete" });
    assert_eq!(session.ok("apps_delete", delete).await["gone"], true);
    session.end().await;
}

/// Coolify generates a domain for a container that requests one.
#[tokio::test]
async fn a_service_that_asks_for_a_domain_gets_one_of_the_workspace() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let compose = "services:\n  web:\n    image: nginx\n    environment:\n      - SERVICE_URL_WEB\n  \
                   worker:\n    image: busybox\n";
    let create = json!({ "name": "stack", "source": { "kind": "compose", "compose": compose } });
    let created = session.ok("apps_create", create).await;
    let domain = json!({ "url": "https://stack.mark.example.com", "service": "web" });
    assert_eq!(created["domains"], json!([domain]), "{created}");
    assert_eq!(created["warnings"], json!([]));
    // A container that is added later also gets one.
    let later = "  api:\n    image: nginx\n    environment: [SERVICE_URL_API_81]\n";
    let compose = format!("{compose}{later}");
    let update = json!({ "app": created["uuid"], "compose": compose });
    session.ok("apps_update", update).await;
    let app = json!({ "app": created["uuid"] });
    let domains = session.ok("domains_list", app).await["domains"].take();
    let api = json!({ "url": "https://stack-api.mark.example.com:81", "service": "api" });
    assert_eq!(domains, json!([api, domain]));
    session.end().await;
}

/// Only the server reads a compose file of a repository: see `bounds.rs`.
#[tokio::test]
async fn the_operator_may_allow_compose_files_of_repositories() {
    let it = Tenant::start().await;
    let allowed = ["--domain-suffix", SUFFIX, "--allow-git-compose"];
    let session = it.session_with(&allowed).await;
    let workspace = session.ok("workspace_describe", json!({})).await;
    assert_eq!(workspace["git_compose"], true);
    let create = json!({
        "name": "stack", "set": { "docker_compose_location": "/compose.yaml" },
        "source": {
            "kind": "public_repository", "repository": "https://github.com/acme/shop",
            "branch": "main", "build_pack": "dockercompose",
        },
    });
    let created = session.ok("apps_create", create).await;
    let seen = session
        .ok("apps_get", json!({ "app": created["uuid"] }))
        .await;
    assert_eq!(seen["build_pack"], "dockercompose", "{seen}");
    assert_eq!(seen["docker_compose_location"], "/compose.yaml");
    for domain in urls(&created["domains"]) {
        assert!(domain.ends_with(SUFFIX), "{created}");
    }
    session.end().await;
}

#[tokio::test]
async fn a_database_with_backups() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let create = json!({ "engine": "mysql", "name": "orders" });
    let database = session.ok("databases_create", create).await["uuid"].take();
    let one = json!({ "database": database });
    let update = json!({ "database": database, "name": "shop", "description": "of the shop" });
    assert_eq!(session.ok("databases_update", update).await["name"], "shop");
    let backup = json!({ "database": database, "frequency": "daily", "keep_days": 7 });
    session.ok("backups_create", backup).await;
    let backups = session.ok("backups_list", one.clone()).await;
    assert_eq!(backups["backups"][0]["keep_days"], 7, "{backups}");
    let backup = json!({ "database": database, "backup": backups["backups"][0]["backup"] });
    session.ok("backups_run", backup.clone()).await;
    session.ok("backups_runs", backup).await;
    session.ok("databases_stop", one.clone()).await;
    let start = json!({ "database": database, "wait_seconds": 0 });
    assert_eq!(session.ok("databases_start", start).await["reached"], false);
    let delete = json!({ "database": database, "name": "shop" });
    assert_eq!(session.ok("databases_delete", delete).await["gone"], true);
    session.end().await;
}

#[tokio::test]
async fn an_auth_provider_comes_from_the_list() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let types = session.ok("auth_types", json!({})).await["types"].take();
    let types = types.as_array().expect("a list");
    for other in ["actualbudget", "authentik", "nosuch"] {
        let create = json!({ "type": other, "name": "login" });
        let error = session.fail("auth_create", create).await;
        assert_eq!(error["kind"], "invalid_arguments", "{error}");
        assert!(
            error["hint"]
                .as_str()
                .is_some_and(|it| it.contains("keycloak"))
        );
    }
    assert_eq!(it.writes(), 0);
    for kind in types {
        let create = json!({ "type": kind, "name": kind, "wait_seconds": 0 });
        let created = session.ok("auth_create", create).await;
        for url in urls(&created["domains"]) {
            assert!(url.contains(".mark.example.com"), "{kind}: {created}");
        }
    }
    // The tools cannot reach other services of the project.
    let compose = "services:\n  web:\n    image: nginx:alpine\n";
    let front = it.fake.seed_service(&it.project, "front", compose);
    let listed = session.ok("auth_list", json!({})).await;
    assert_eq!(
        listed["providers"].as_array().map(Vec::len),
        Some(types.len()),
        "{listed}"
    );
    let before = it.writes();
    for tool in ["auth_get", "auth_stop", "auth_start", "auth_restart"] {
        let error = session.fail(tool, json!({ "provider": front })).await;
        assert_eq!(error["kind"], "out_of_scope", "{tool}: {error}");
    }
    assert_eq!(it.writes(), before);
    session.end().await;

    let session = it.session_with(&["--allow-authentik"]).await;
    let create = json!({ "type": "authentik", "name": "sso", "wait_seconds": 0 });
    session.ok("auth_create", create).await;
    session.end().await;
}

#[tokio::test]
async fn logs_are_resources() {
    let it = Tenant::start().await;
    let session = it.session().await;
    it.fake.write_log(&it.app, ["hello from web"]);
    let resources = session.client.list_all_resources().await.expect("a list");
    let log = format!("coolify://applications/{}/log", it.app);
    assert!(resources.iter().any(|it| it.uri == log), "{resources:?}");
    let templates = session
        .client
        .list_all_resource_templates()
        .await
        .expect("a list");
    assert_eq!(templates.len(), 3);
    let read = |uri: String| {
        session
            .client
            .read_resource(ReadResourceRequestParams::new(uri))
    };
    let read_log = read(log).await.expect("a log");
    let text = serde_json::to_string(&read_log).expect("JSON");
    assert!(text.contains("hello from web"), "{text}");
    let deployed = session.ok("apps_deploy", json!({ "app": it.app })).await;
    let deployment = deployed["deployment"].as_str().expect("a uuid");
    let log = read(format!("coolify://deployments/{deployment}/log"))
        .await
        .expect("a log");
    let text = serde_json::to_string(&log).expect("JSON");
    assert!(text.contains("Building the image"), "{text}");
    for uri in ["file:///etc/passwd", "coolify://applications/nosuch/log"] {
        assert!(read(uri.to_owned()).await.is_err(), "{uri}");
    }
    session.end().await;
}

#[tokio::test]
async fn a_broken_connection_is_an_error_of_one_call() {
    let it = Tenant::start().await;
    let session = it.session().await;
    session.ok("apps_list", json!({})).await;
    let app = json!({ "app": it.app });
    drop(it);
    let error = session.fail("apps_get", app.clone()).await;
    assert_eq!(
        (&error["kind"], &error["next"]),
        (&json!("connect"), &json!("retry"))
    );
    session.fail("apps_stop", app).await;
    session.ok("auth_types", json!({})).await;
    session.end().await;
}

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let session = Session::start(program()).await;
    let apps = session.ok("apps_list", json!({})).await;
    assert_eq!(apps["applications"][0]["name"], "web");
    let run = json!({ "app": apps["applications"][0]["uuid"], "command": "echo hello" });
    assert_eq!(session.ok("apps_run", run).await["output"], "hello");
    let nothing = session
        .client
        .call_tool(rmcp::model::CallToolRequestParams::new("nosuch"))
        .await;
    assert!(
        nothing.is_err(),
        "an unknown tool is an error of the protocol"
    );
    session.end().await;
}

/// A deployment continues after the call has stopped waiting.
#[tokio::test]
async fn a_wait_that_is_over_is_no_error() {
    let it = Tenant::with_pace(Duration::from_secs(600)).await;
    let session = it.session().await;
    let deploy = json!({ "app": it.app, "wait_seconds": 1 });
    let deployed = session.ok("apps_deploy", deploy).await;
    assert_eq!(deployed["finished"], false, "{deployed}");
    let get = json!({ "deployment": deployed["deployment"] });
    let seen = session.ok("deployments_get", get.clone()).await;
    assert_eq!(seen["finished"], false);
    session.ok("deployments_cancel", get.clone()).await;
    let seen = session.ok("deployments_get", get).await;
    assert_eq!(seen["finished"], true, "{seen}");
    session.end().await;
}
