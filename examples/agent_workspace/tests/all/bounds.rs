//! Tests that no tool reaches outside of the workspace.

use crate::common::{Tenant, image};
use rmcp::model::Tool;
use serde_json::{Value, json};

async fn tools(session: &crate::common::Session) -> Vec<Tool> {
    session.client.list_all_tools().await.expect("a list")
}

/// Each tool refuses arguments that it does not know, and says so.
#[tokio::test]
async fn every_tool_refuses_what_it_does_not_know() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let before = it.fake.requests().len();
    for tool in tools(&session).await {
        let error = session.fail(&tool.name, json!({ "nonsense": 1 })).await;
        assert_eq!(error["kind"], "invalid_arguments", "{}: {error}", tool.name);
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains("nonsense"), "{error}");
    }
    assert_eq!(it.fake.requests().len(), before);
    session.end().await;
}

/// Calls every tool that takes a resource with a resource of another project.
#[tokio::test]
async fn what_is_of_others_is_out_of_scope() {
    let it = Tenant::start().await;
    let other = it.fake.seed_project("other");
    let app = it.fake.seed_application(&other, "theirs");
    let database = it.fake.seed_database(&other, "postgresql", "theirs");
    let compose = "services:\n  web:\n    image: nginx:alpine\n";
    let provider = it.fake.seed_service(&other, "theirs", compose);
    let theirs = it.fake.client().application(&app).deploy().send().await;
    let deployment = theirs.expect("a run").uuid().to_string();
    let session = it.session().await;
    let before = it.writes();
    let mut refused = 0;
    for tool in tools(&session).await {
        let fill = |field: &str| match field {
            "app" => json!(app),
            "database" => json!(database),
            "provider" => json!(provider),
            "deployment" => json!(deployment),
            "name" => json!("theirs"),
            "domains" => json!(["https://theirs.mark.example.com"]),
            "variables" => json!({ "KEY": "value" }),
            "repository" => json!("https://github.com/acme/app"),
            "command" => json!("id"),
            "frequency" => json!("daily"),
            _ => json!("KEY"),
        };
        let required = tool.input_schema.get("required").and_then(Value::as_array);
        let required = required.map(Vec::as_slice).unwrap_or_default();
        let is_about = |what: &str| required.iter().any(|field| field == what);
        let subjects = ["app", "database", "deployment", "provider"];
        if !subjects.into_iter().any(is_about) {
            continue;
        }
        let fields = required.iter().filter_map(Value::as_str);
        let mut arguments: Value = fields
            .map(|field| (field.to_owned(), fill(field)))
            .collect();
        if tool.name == "apps_update" {
            arguments["set"] = json!({ "description": "mine" });
        }
        let error = session.fail(&tool.name, arguments).await;
        assert_eq!(error["kind"], "out_of_scope", "{}: {error}", tool.name);
        assert_eq!(error["next"], "stop", "{}: {error}", tool.name);
        refused += 1;
    }
    assert!(refused > 25, "{refused}");
    // A service of another project is not an application of this project.
    let theirs = session.fail("apps_get", json!({ "app": provider })).await;
    assert_eq!(theirs["kind"], "out_of_scope", "{theirs}");
    let create = json!({ "engine": "redis", "name": "x", "connect": { "app": app } });
    assert_eq!(
        session.fail("databases_create", create).await["kind"],
        "out_of_scope"
    );
    assert_eq!(it.writes(), before);
    session.end().await;
}

#[tokio::test]
async fn nothing_is_deleted_without_its_name() {
    let it = Tenant::start().await;
    let session = it.session().await;
    for (arguments, kind) in [
        (json!({ "app": it.app }), "invalid_arguments"),
        (
            json!({ "app": it.app, "name": "web", "volumes": "maybe" }),
            "invalid_arguments",
        ),
        (json!({ "app": it.app, "name": "Web" }), "invalid_request"),
    ] {
        let error = session.fail("apps_delete", arguments).await;
        assert_eq!(
            (&error["kind"], &error["next"]),
            (&json!(kind), &json!("fix")),
            "{error}"
        );
    }
    assert_eq!(it.writes(), 0);
    session.end().await;
}

/// The settings and sources in which a container reaches beyond the tenant.
#[tokio::test]
async fn what_breaks_out_cannot_be_set() {
    let it = Tenant::start().await;
    let session = it.session().await;
    for (name, value) in [
        ("custom_docker_run_options", json!("--privileged")),
        ("custom_labels", json!("dHJhZWZpaw==")),
        ("custom_network_aliases", json!("db")),
        ("ports_mappings", json!("22:22")),
        ("preview_url_template", json!("shop.example.com")),
        ("is_container_label_readonly_enabled", json!(false)),
        ("force_domain_override", json!(true)),
        ("limits_memory", json!("64G")),
    ] {
        let set = json!({ name: value });
        let update = json!({ "app": it.app, "set": set });
        let error = session.fail("apps_update", update).await;
        assert_eq!(error["kind"], "invalid_arguments", "{name}: {error}");
        let mut create = image("x");
        create["set"] = set;
        let error = session.fail("apps_create", create).await;
        assert_eq!(error["kind"], "invalid_arguments", "{name}: {error}");
    }
    let location = json!({ "app": it.app, "set": { "docker_compose_location": "/evil.yaml" } });
    assert_eq!(
        session.fail("apps_update", location).await["kind"],
        "out_of_scope"
    );
    let set = json!({ "app": it.app, "set": { "is_static": "yes" } });
    assert_eq!(
        session.fail("apps_update", set).await["kind"],
        "invalid_request"
    );
    for source in [
        json!({ "kind": "public_repository", "repository": "https://github.com/a/b",
            "branch": "main", "build_pack": "dockercompose" }),
        json!({ "kind": "public_repository", "repository": "https://localhost/a/b",
            "branch": "main", "build_pack": "static" }),
        json!({ "kind": "public_repository", "repository": "https://github.com/a/b",
            "branch": "main;id", "build_pack": "static" }),
        json!({ "kind": "image", "image": "nginx;id" }),
        json!({ "kind": "compose", "compose":
            "services:\n  a:\n    image: a\n    privileged: true\n" }),
        json!({ "kind": "compose", "compose":
            "services:\n  a:\n    image: a\n    volumes: ['/:/host']\n" }),
        json!({ "kind": "compose", "compose":
            "services:\n  a:\n    image: a\n    environment:\n      X: '{{team.TOKEN}}'\n" }),
        json!({ "kind": "compose", "compose":
            "services:\n  a:\n    image: a\n    ports: ['80:80']\n" }),
    ] {
        let create = json!({ "name": "x", "source": source, "ports": [80] });
        let error = session.fail("apps_create", create).await;
        assert_ne!(error["next"], "retry", "{error}");
    }
    for variable in [
        json!({ "lower": "x" }),
        json!({ "A-B": "x" }),
        json!({ "": "x" }),
    ] {
        let upsert = json!({ "app": it.app, "variables": variable });
        assert_eq!(
            session.fail("envs_upsert", upsert).await["kind"],
            "invalid_arguments"
        );
        let mut create = image("x");
        create["variables"] = variable;
        assert_eq!(
            session.fail("apps_create", create).await["kind"],
            "invalid_arguments"
        );
    }
    assert_eq!(it.writes(), 0);
    session.end().await;
}

/// `policy.rs` tests the policy itself; this tests every tool that sets a domain.
#[tokio::test]
async fn no_way_leads_to_a_domain_outside_of_the_suffix() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let app = &it.app;
    for domain in [
        "https://evilmark.example.com",
        "https://mark.example.com",
        "https://shop.mark.example.com,https://evil.com",
        "https://evil.com\\.mark.example.com",
        "https://*.mark.example.com",
        "https://user@shop.mark.example.com",
    ] {
        let mut create = image("shop");
        create["domains"] = json!([domain]);
        let domains = json!({ "app": app, "domains": [domain] });
        let of = json!({ "app": app, "domains": [{ "url": domain, "service": "web" }] });
        let login = json!({ "type": "keycloak", "name": "shop", "domain": domain });
        for (tool, arguments) in [
            ("apps_create", create),
            ("domains_set", domains.clone()),
            ("domains_add", domains),
            ("domains_add", of),
            ("auth_create", login),
        ] {
            let error = session.fail(tool, arguments).await;
            assert_eq!(error["kind"], "domain_refused", "{tool} {domain}: {error}");
            let hint = error["hint"].as_str().unwrap_or_default();
            assert!(hint.contains(".mark.example.com"), "{hint}");
        }
    }
    let error = session.fail("apps_create", image("größe")).await;
    assert_eq!(error["kind"], "invalid_arguments", "{error}");
    assert_eq!(it.writes(), 0);
    session.end().await;
}

/// An allow-list could name a setting that does not exist. Each one is accepted by an
/// update or a create.
#[tokio::test]
async fn every_setting_exists() {
    let it = Tenant::start().await;
    let session = it.session_with(&["--allow-git-compose"]).await;
    let tools = tools(&session).await;
    let update = tools.iter().find(|tool| tool.name == "apps_update");
    let schema = &update.expect("it is there").input_schema["properties"]["set"];
    for (name, schema) in schema["properties"].as_object().expect("settings") {
        let value = match schema["type"].as_str() {
            Some("boolean") => json!(true),
            Some("integer") => json!(10),
            _ => json!("text"),
        };
        let value = match name.as_str() {
            "redirect" => json!("both"),
            "health_check_method" => json!("GET"),
            _ => value,
        };
        let set = json!({ "app": it.app, "set": { name: value } });
        let reply = session.ask("apps_update", set).await;
        let reply = serde_json::to_string(&reply).expect("JSON");
        for kind in ["invalid_request", "invalid_arguments"] {
            assert!(!reply.contains(kind), "{name}: {reply}");
        }
    }
    session.end().await;
}
