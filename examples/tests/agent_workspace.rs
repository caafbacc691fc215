//! The agent's workspace, driven over its stdin and stdout.

mod common;

use std::time::Duration;

use common::session::Session;
use coolify_sdk::testing::FakeCoolify;
use serde_json::{Value, json};

const SECRET: &str = "s3cr3t-of-the-tenant";

struct Tenant {
    fake: FakeCoolify,
    project: String,
    app: String,
}

async fn tenant() -> Tenant {
    let pace = Duration::from_millis(50);
    let fake = FakeCoolify::builder().deploy_pace(pace).start().await;
    let project = fake.seed_project("tenant");
    let app = fake.seed_application(&project, "web");
    fake.set_application(&app, "status", "running:healthy");
    Tenant { fake, project, app }
}

impl Tenant {
    fn session(&self) -> Session {
        Session::start(Some((&self.fake, &self.project)))
    }

    fn writes(&self) -> usize {
        let requests = self.fake.requests();
        requests.iter().filter(|it| it.method != "GET").count()
    }
}

fn names(tools: &Value) -> Vec<&str> {
    let tools = tools.as_array().expect("a list").iter();
    tools.filter_map(|tool| tool["name"].as_str()).collect()
}

#[tokio::test]
async fn an_application_from_its_creation_to_its_end() {
    let it = tenant().await;
    let mut session = it.session();
    let source = json!({ "kind": "image", "image": "nginx", "tag": "1.29" });
    let arguments = json!({
        "name": "shop", "source": source, "ports": [80],
        "domains": ["https://shop.example.com"],
        "set": { "description": "Sells", "health_check_path": "/up" },
    });
    let created = session.ok("apps.create", arguments).await;
    let app = created["uuid"].as_str().expect("a uuid").to_owned();
    assert_eq!(
        session
            .ok("apps.list", json!({}))
            .await
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    let seen = session.ok("apps.get", json!({ "app": app })).await;
    assert_eq!(seen["description"], "Sells");
    assert_eq!(seen["domains"], json!(["https://shop.example.com"]));

    let set = json!({ "name": "store", "description": null });
    let report = session
        .ok("apps.update", json!({ "app": app, "set": set }))
        .await;
    assert_eq!(
        report["applied"],
        json!(["description", "name"]),
        "{report}"
    );
    assert_eq!(report["complete"], true);
    let domain = "https://www.example.com";
    let added = json!({ "app": app, "domains": [domain] });
    let domains = session.ok("domains.add", added.clone()).await;
    assert_eq!(
        domains["domains"].as_array().map(Vec::len),
        Some(2),
        "{domains}"
    );
    session.ok("domains.remove", added).await;
    let domains = session.ok("domains.list", json!({ "app": app })).await;
    assert_eq!(domains, json!(["https://shop.example.com"]));

    let deployed = session.ok("apps.deploy", json!({ "app": app })).await;
    assert_eq!(deployed["status"], "finished");
    let listed = session.ok("deployments.list", json!({ "app": app })).await;
    assert_eq!(
        listed["deployments"][0]["deployment"],
        deployed["deployment"]
    );
    let arguments = json!({ "deployment": deployed["deployment"], "lines": 1 });
    let one = session.ok("deployments.get", arguments).await;
    assert_eq!(one["log"].as_array().map(Vec::len), Some(1), "{one}");
    let queued = session
        .ok("apps.deploy", json!({ "app": it.app, "wait_seconds": 0 }))
        .await;
    assert_eq!(queued["status"], Value::Null);
    session
        .ask(
            "deployments.cancel",
            json!({ "deployment": queued["deployment"] }),
        )
        .await;

    let arguments = json!({ "app": app, "name": "store", "volumes": "delete" });
    let gone = session.ok("apps.delete", arguments).await;
    assert_eq!(gone["gone"], true);
    assert_eq!(
        session.fail("apps.get", json!({ "app": app })).await["kind"],
        "not_found"
    );
    session.end().await;
}

#[tokio::test]
async fn no_secret_comes_out() {
    let it = tenant().await;
    let mut session = it.session();
    let app = json!({ "app": it.app });
    let set = json!({ "app": it.app, "key": "API_KEY", "value": SECRET });
    session.ok("envs.set", set).await;
    let file = format!("OTHER='{SECRET}-2'\nPLAIN=hello\n");
    let sync = json!({ "app": it.app, "file": file, "apply": true });
    session.ok("envs.sync", sync).await;
    let listed = session.ok("envs.list", app.clone()).await;
    for variable in listed.as_array().expect("a list") {
        assert_eq!(variable.get("value"), None);
        // Coolify's own variables keep Coolify's flags.
        let is_ours = !variable["key"]
            .as_str()
            .expect("a key")
            .starts_with("NIXPACKS_");
        assert_eq!(variable["shown_once"], is_ours, "{variable}");
    }

    let database = json!({ "engine": "postgresql", "name": "main" });
    let database = session.ok("databases.create", database).await["uuid"].take();
    let connect = json!({ "app": it.app, "key": "DATABASE_URL", "database": database });
    session.ok("envs.connect", connect).await;
    session
        .ok("databases.get", json!({ "database": database }))
        .await;
    session.ok("databases.list", json!({})).await;

    // The application chooses what it prints.
    it.fake
        .write_log(&it.app, [format!("starting with {SECRET}")]);
    let logs = session.ok("apps.logs", app.clone()).await;
    let log = logs["log"].as_str().expect("a log");
    assert!(log.ends_with("starting with [hidden]"), "{log}");
    let run = json!({ "app": it.app, "command": format!("echo {SECRET}-2") });
    let output = session.ok("apps.run", run).await;
    assert_eq!(output["output"], "[hidden]", "{output}");
    it.fake
        .fail_next_deployment([format!("cannot use {SECRET}")]);
    let failed = session.fail("apps.deploy", app).await;
    assert_eq!(failed["kind"], "deployment_failed");
    let lines = failed["last_lines"].as_array().expect("lines");
    assert!(lines.contains(&json!("cannot use [hidden]")), "{lines:?}");
    let wrong = json!({ "app": it.app, "key": "K", "value": { "nested": SECRET } });
    session.fail("envs.set", wrong).await;
    session
        .fail(
            "envs.set",
            json!({ "app": it.app, "key": "K", "value": "{{team.X}}" }),
        )
        .await;

    let said = session.end().await;
    let state = it.fake.state();
    let database = &state["databases"][0];
    let password = database["postgres_password"]
        .as_str()
        .expect("one was made up");
    for secret in [SECRET, password, it.fake.token()] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
    let stored = state["variables"].to_string();
    assert!(
        stored.contains(SECRET) && stored.contains(password),
        "{stored}"
    );
}

#[tokio::test]
async fn variables_are_planned_written_and_deleted() {
    let it = tenant().await;
    let mut session = it.session();
    let variables = json!({ "ONE": "first value", "TWO": "second value" });
    let mut sync = json!({ "app": it.app, "variables": variables });
    let before = it.writes();
    let plan = session.ok("envs.sync", sync.clone()).await;
    // Each has a second one for previews.
    assert_eq!(plan["create"].as_array().map(Vec::len), Some(4), "{plan}");
    assert_eq!(plan["applied"], false);
    assert_eq!(it.writes(), before);

    sync["apply"] = json!(true);
    assert_eq!(session.ok("envs.sync", sync.clone()).await["applied"], true);
    let delete = json!({ "app": it.app, "key": "ONE" });
    session.ok("envs.delete", delete.clone()).await;
    assert_eq!(
        session.fail("envs.delete", delete).await["kind"],
        "not_found"
    );
    let both = json!({ "app": it.app, "variables": {}, "file": "" });
    assert_eq!(
        session.fail("envs.sync", both).await["kind"],
        "invalid_arguments"
    );
    session.end().await;
}

#[tokio::test]
async fn a_database_with_backups() {
    let it = tenant().await;
    let mut session = it.session();
    let backup = json!({ "frequency": "daily", "keep_days": 7 });
    let create = json!({ "engine": "mysql", "name": "orders", "backup": backup });
    let created = session.ok("databases.create", create).await;
    let database = created["uuid"].clone();
    let one = json!({ "database": database });
    let backups = session.ok("backups.list", one.clone()).await;
    assert_eq!(backups[0]["keep_days"], 7, "{backups}");
    let backup = json!({ "database": database, "backup": backups[0]["backup"] });
    session.ok("backups.run", backup.clone()).await;
    session.ok("backups.runs", backup).await;
    session.ok("databases.stop", one.clone()).await;
    session
        .ok(
            "databases.start",
            json!({ "database": database, "wait_seconds": 0 }),
        )
        .await;
    let cache = json!({ "engine": "redis", "name": "cache", "backup": { "frequency": "daily" } });
    assert_eq!(
        session.fail("databases.create", cache).await["kind"],
        "invalid_request"
    );
    let delete = json!({ "database": database, "name": "orders", "volumes": "keep" });
    assert_eq!(session.ok("databases.delete", delete).await["gone"], true);
    session.end().await;
}

#[tokio::test]
async fn an_auth_provider_from_the_list() {
    let it = tenant().await;
    let mut session = it.session();
    let types = session.ok("auth.types", json!({})).await;
    let types = types.as_array().expect("a list");
    assert!(types.contains(&json!("keycloak")), "{types:?}");
    for other in ["actualbudget", "authentik", "nosuch"] {
        let create = json!({ "type": other, "name": "login" });
        let error = session.fail("auth.create", create).await;
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
        session.ok("auth.create", create).await;
    }
    let create = json!({ "type": "logto", "name": "login" });
    let created = session.ok("auth.create", create).await;
    let provider = json!({ "provider": created["uuid"] });
    let seen = session.ok("auth.get", provider.clone()).await;
    assert_eq!(
        (&seen["type"], &seen["name"]),
        (&json!("logto"), &json!("login"))
    );
    assert_eq!(seen["status"], created["status"]);
    session.ok("auth.stop", provider.clone()).await;
    session.ok("auth.start", provider.clone()).await;

    // The tools cannot reach other services of the project.
    let compose = "services:\n  web:\n    image: nginx:alpine\n";
    let front = it.fake.seed_service(&it.project, "front", compose);
    let listed = session.ok("auth.list", json!({})).await;
    assert_eq!(
        listed.as_array().map(Vec::len),
        Some(types.len() + 1),
        "{listed}"
    );
    let before = it.writes();
    for tool in ["auth.get", "auth.stop", "auth.start", "auth.restart"] {
        let error = session.fail(tool, json!({ "provider": front })).await;
        assert_eq!(error["kind"], "out_of_scope", "{tool}: {error}");
    }
    let mut delete = json!({ "provider": front, "name": "front", "volumes": "delete" });
    assert_eq!(
        session.fail("auth.delete", delete.clone()).await["kind"],
        "out_of_scope"
    );
    delete["provider"] = created["uuid"].clone();
    assert_eq!(
        session.fail("auth.delete", delete.clone()).await["kind"],
        "invalid_request"
    );
    assert_eq!(it.writes(), before);
    delete["name"] = json!("login");
    assert_eq!(session.ok("auth.delete", delete).await["gone"], true);
    session.end().await;
}

#[tokio::test]
async fn a_bad_line_gets_an_error_and_ends_nothing() {
    let it = tenant().await;
    let mut session = it.session();
    let long = format!("{{\"id\":1,\"tool\":\"{}\"}}\n", "x".repeat(1024 * 1024));
    let lines: [&[u8]; 8] = [
        b"rubbish\n",
        b"\n",
        b"\xff\xfe\n",
        b"[1, 2]\n",
        b"{\"id\":7}\n",
        b"{\"id\":8,\"tool\":\"apps.list\",\"more\":1}\n",
        b"{\"id\":9,\"tool\":5}\n",
        long.as_bytes(),
    ];
    for line in lines {
        session.send(line).await;
        let reply = session.reply().await;
        assert_eq!(reply["error"]["kind"], "bad_request", "{reply}");
    }
    // Several requests at once are answered in order; the last line need not end
    // with a line break.
    let burst = b"{\"id\":\"a\",\"tool\":\"nosuch\"}\n{\"id\":\"b\",\"tool\":\"apps.list\"}\n{\"id\":\"c\"}";
    session.send(burst).await;
    drop(session.stdin.take());
    let reply = session.reply().await;
    assert_eq!(
        (&reply["id"], &reply["error"]["kind"]),
        (&json!("a"), &json!("unknown_tool"))
    );
    let reply = session.reply().await;
    assert_eq!(reply["id"], "b");
    assert!(reply["ok"].is_array(), "{reply}");
    assert_eq!(session.reply().await["id"], "c");
    session.end().await;
}

/// Each tool has a description and a strict schema.
#[tokio::test]
async fn every_tool_says_what_it_takes_and_refuses_the_rest() {
    let it = tenant().await;
    let mut session = it.session();
    let tools = session.ok("tools.list", json!({})).await;
    assert!(names(&tools).len() > 30, "{:?}", names(&tools));
    let before = it.fake.requests().len();
    for tool in tools.as_array().expect("a list") {
        let name = tool["name"].as_str().expect("a name");
        assert!(
            tool["description"]
                .as_str()
                .is_some_and(|it| it.ends_with('.')),
            "{tool}"
        );
        assert_eq!(tool["arguments"]["additionalProperties"], false, "{tool}");
        let error = session.fail(name, json!({ "nonsense": 1 })).await;
        assert_eq!(error["kind"], "invalid_arguments", "{name}: {error}");
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|it| it.contains("nonsense")),
            "{error}"
        );
    }
    assert_eq!(it.fake.requests().len(), before);
    session.end().await;
}

/// Calls every tool that takes a resource with a resource of another project.
#[tokio::test]
async fn what_is_of_others_is_out_of_scope() {
    let it = tenant().await;
    let other = it.fake.seed_project("other");
    let app = it.fake.seed_application(&other, "theirs");
    let database = it.fake.seed_database(&other, "postgresql", "theirs");
    let compose = "services:\n  web:\n    image: nginx:alpine\n";
    let provider = it.fake.seed_service(&other, "theirs", compose);
    let theirs = it.fake.client().application(&app).deploy().send().await;
    let deployment = theirs.expect("a run").uuid().to_string();
    let mut session = it.session();
    let tools = session.ok("tools.list", json!({})).await;
    let before = it.writes();
    let mut refused = 0;
    for tool in tools.as_array().expect("a list") {
        let name = tool["name"].as_str().expect("a name");
        let fill = |field: &str| match field {
            "app" => json!(app),
            "database" => json!(database),
            "provider" => json!(provider),
            "deployment" => json!(deployment),
            "name" => json!("theirs"),
            "volumes" => json!("delete"),
            "domains" => json!(["https://theirs.example.com"]),
            "set" => json!({ "description": "mine" }),
            "command" => json!("id"),
            "frequency" => json!("daily"),
            "backup" => json!("any"),
            _ => json!("KEY"),
        };
        let required = tool["arguments"]["required"].as_array();
        let required = required.map(Vec::as_slice).unwrap_or_default();
        let is_about = |what: &str| required.iter().any(|field| field == what);
        if !["app", "database", "deployment", "provider"]
            .into_iter()
            .any(is_about)
        {
            continue;
        }
        let fields = required.iter().filter_map(Value::as_str);
        let mut arguments: Value = fields
            .map(|field| (field.to_owned(), fill(field)))
            .collect();
        if name == "envs.sync" {
            arguments["variables"] = json!({ "KEY": "value" });
        }
        let error = session.fail(name, arguments).await;
        assert_eq!(error["kind"], "out_of_scope", "{name}: {error}");
        refused += 1;
    }
    assert!(refused > 20, "{refused}");
    assert_eq!(it.writes(), before);
    session.end().await;
}

#[tokio::test]
async fn nothing_is_deleted_without_its_name() {
    let it = tenant().await;
    let mut session = it.session();
    for (arguments, kind) in [
        (
            json!({ "app": it.app, "volumes": "keep" }),
            "invalid_arguments",
        ),
        (json!({ "app": it.app, "name": "web" }), "invalid_arguments"),
        (
            json!({ "app": it.app, "name": "web", "volumes": "maybe" }),
            "invalid_arguments",
        ),
        (
            json!({ "app": it.app, "name": "Web", "volumes": "keep" }),
            "invalid_request",
        ),
    ] {
        let error = session.fail("apps.delete", arguments).await;
        assert_eq!(error["kind"], kind, "{error}");
    }
    assert_eq!(it.writes(), 0);
    session.end().await;
}

/// The ways in which a container reaches beyond the tenant.
#[tokio::test]
async fn what_breaks_out_cannot_be_set() {
    let it = tenant().await;
    let mut session = it.session();
    for (name, value) in [
        ("custom_docker_run_options", json!("--privileged")),
        ("custom_labels", json!("dHJhZWZpaw==")),
        ("custom_network_aliases", json!("db")),
        ("ports_mappings", json!("22:22")),
        ("build_pack", json!("dockercompose")),
        ("docker_compose_location", json!("/evil.yaml")),
        ("git_repository", json!("owner/private")),
        ("preview_url_template", json!("shop.example.com")),
        ("is_container_label_readonly_enabled", json!(false)),
        ("force_domain_override", json!(true)),
        ("limits_memory", json!("64G")),
    ] {
        let set = json!({ name: value });
        let error = session
            .fail("apps.update", json!({ "app": it.app, "set": set }))
            .await;
        assert_eq!(error["kind"], "invalid_arguments", "{name}: {error}");
        let source = json!({ "kind": "image", "image": "nginx" });
        let create = json!({ "name": "x", "source": source, "ports": [80], "set": set });
        let error = session.fail("apps.create", create).await;
        assert_eq!(error["kind"], "invalid_arguments", "{name}: {error}");
    }
    let compose = json!({
        "kind": "public_repository", "repository": "https://github.com/a/b",
        "branch": "main", "build_pack": "dockercompose",
    });
    let create = json!({ "name": "x", "source": compose, "ports": [80] });
    assert_eq!(
        session.fail("apps.create", create).await["kind"],
        "invalid_arguments"
    );
    let set = json!({ "app": it.app, "set": { "is_static": "yes" } });
    let error = session.fail("apps.update", set).await;
    assert_eq!(error["kind"], "invalid_request", "{error}");
    assert_eq!(it.writes(), 0);
    session.end().await;
}

/// An allow-list could name a setting that does not exist. Each one is accepted
/// by an update or a create.
#[tokio::test]
async fn every_setting_exists() {
    let it = tenant().await;
    let mut session = it.session();
    let tools = session.ok("tools.list", json!({})).await;
    let tools = tools.as_array().expect("a list").iter();
    let update = tools.into_iter().find(|tool| tool["name"] == "apps.update");
    let settings = &update.expect("it is there")["arguments"]["properties"]["set"]["properties"];
    for (name, schema) in settings.as_object().expect("settings") {
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
        let reply = session.ask("apps.update", set).await;
        let kind = &reply["error"]["kind"];
        assert_ne!(kind, "invalid_request", "{name}: {reply}");
        assert_ne!(kind, "invalid_arguments", "{name}: {reply}");
    }
    session.end().await;
}

#[tokio::test]
async fn a_broken_connection_is_an_error_of_one_call() {
    let it = tenant().await;
    let mut session = it.session();
    session.ok("apps.list", json!({})).await;
    let app = it.app.clone();
    drop(it);
    let error = session.fail("apps.get", json!({ "app": app })).await;
    assert_eq!(error["kind"], "connect", "{error}");
    let stop = session.fail("apps.stop", json!({ "app": app })).await;
    assert_eq!(stop["kind"], "connect", "{stop}");
    assert!(session.ok("tools.list", json!({})).await.is_array());
    session.end().await;
}

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let mut session = Session::start(None);
    let apps = session.ok("apps.list", json!({})).await;
    assert_eq!(apps[0]["name"], "web");
    let run = json!({ "app": apps[0]["uuid"], "command": "echo hello" });
    assert_eq!(session.ok("apps.run", run).await["output"], "hello");
    session.end().await;
}
