//! Secret values are never returned.

use crate::common::{Tenant, image};
use serde_json::json;

const SECRET: &str = "s3cr3t-of-the-tenant";

#[tokio::test]
async fn no_secret_comes_out() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let app = json!({ "app": it.app });
    let set = json!({ "app": it.app, "variables": { "API_KEY": SECRET } });
    session.ok("envs_upsert", set).await;
    let file = format!("OTHER='{SECRET}-2'\nPLAIN=hello\n");
    let sync = json!({ "app": it.app, "file": file, "apply": true });
    assert_eq!(session.ok("envs_sync", sync).await["applied"], true);
    let listed = session.ok("envs_list", app.clone()).await;
    for variable in listed["variables"].as_array().expect("a list") {
        assert_eq!(variable.get("value"), None);
    }
    let database = json!({ "engine": "postgresql", "name": "main" });
    let database = session.ok("databases_create", database).await["uuid"].take();
    let connect = json!({ "app": it.app, "key": "DATABASE_URL", "database": database });
    session.ok("envs_connect", connect).await;
    session
        .ok("databases_get", json!({ "database": database }))
        .await;
    session.ok("databases_list", json!({})).await;
    session
        .ok("databases_diagnose", json!({ "database": database }))
        .await;
    session.ok("apps_diagnose", app.clone()).await;

    // A command's output can contain anything.
    it.fake
        .write_log(&it.app, [format!("starting with {SECRET}")]);
    let logs = session.ok("apps_logs", app.clone()).await;
    let log = logs["text"].as_str().expect("a log");
    assert!(log.ends_with("starting with [hidden]"), "{log}");
    let run = json!({ "app": it.app, "command": format!("echo {SECRET}-2") });
    assert_eq!(session.ok("apps_run", run).await["output"], "[hidden]");
    it.fake
        .fail_next_deployment([format!("cannot use {SECRET}")]);
    let failed = session.fail("apps_deploy", app).await;
    assert_eq!(
        (&failed["kind"], &failed["next"]),
        (&json!("deployment_failed"), &json!("fix"))
    );
    let lines = failed["last_lines"].as_array().expect("lines");
    assert!(lines.contains(&json!("cannot use [hidden]")), "{lines:?}");
    let wrong = json!({ "app": it.app, "variables": { "K": { "nested": SECRET } } });
    session.fail("envs_upsert", wrong).await;
    let wrong = json!({ "app": it.app, "variables": { "K": format!("{{{{team.{SECRET}}}}}") } });
    session.fail("envs_upsert", wrong).await;

    let said = session.end().await;
    let state = it.fake.state();
    let password = state["databases"][0]["postgres_password"].as_str();
    let password = password.expect("one was made up");
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
async fn the_credentials_of_repositories_stay_inside() {
    let it = Tenant::start().await;
    let session = it.session().await;
    let source = json!({
        "kind": "private_repository", "repository": "https://github.com/acme/shop",
        "branch": "main", "build_pack": "nixpacks", "token": SECRET,
    });
    let create = json!({ "name": "shop", "ports": [3000], "source": source });
    let app = session.ok("apps_create", create).await["uuid"].take();
    let seen = session.ok("apps_get", json!({ "app": app })).await;
    assert_eq!(seen["repository"], "https://github.com/acme/shop");
    let stored = it.fake.state()["applications"].to_string();
    assert!(
        stored.contains(&format!("https://git:{SECRET}@github.com/acme/shop")),
        "{stored}"
    );
    // Another repository, another token.
    let rewire = json!({ "app": app, "repository": "https://gitlab.com/acme/store",
        "token": format!("{SECRET}-2"), "branch": "next" });
    let rewired = session.ok("apps_rewire", rewire).await;
    assert_eq!(rewired["repository"], "https://gitlab.com/acme/store");
    assert_eq!(rewired["before"], "https://github.com/acme/shop");
    assert_eq!(rewired["branch"], "next");
    let wrong = json!({ "app": app, "repository": "git@gitlab.com:acme/store.git" });
    assert_eq!(session.fail("apps_rewire", wrong).await["next"], "fix");

    let key = coolify_sdk_tests::live::new_private_key();
    let source = json!({
        "kind": "deploy_key", "repository": "git@github.com:acme/api.git",
        "branch": "main", "build_pack": "dockerfile", "private_key": key,
    });
    let create = json!({ "name": "api", "ports": [3000], "source": source });
    let api = session.ok("apps_create", create).await["uuid"].take();
    let before = it.fake.state()["private_keys"].as_array().map(Vec::len);
    let rewire = json!({ "app": api, "repository": "git@github.com:acme/api2.git" });
    let rewired = session.ok("apps_rewire", rewire).await;
    assert_eq!(rewired["repository"], "git@github.com:acme/api2.git");
    // The key is removed with the application.
    let delete = json!({ "app": api, "name": "api" });
    session.ok("apps_delete", delete).await;
    let after = it.fake.state()["private_keys"].as_array().map(Vec::len);
    assert_eq!(after, before.map(|count| count - 1));

    let said = session.end().await;
    for secret in key
        .lines()
        .filter(|line| !line.starts_with('-'))
        .chain([SECRET])
    {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}

/// An application that reads its repository with a key of the operator could read others.
#[tokio::test]
async fn the_operators_credentials_are_not_lent() {
    let it = Tenant::start().await;
    it.fake.set_application(&it.app, "source_id", 5);
    let session = it.session().await;
    let rewire = json!({ "app": it.app, "repository": "https://github.com/acme/private" });
    let before = it.writes();
    let error = session.fail("apps_rewire", rewire).await;
    assert_eq!(
        (&error["kind"], &error["next"]),
        (&json!("out_of_scope"), &json!("stop"))
    );
    let mut create = image("x");
    create["source"] = json!({ "kind": "image", "image": "nginx", "private_key_uuid": "x" });
    assert_eq!(
        session.fail("apps_create", create).await["kind"],
        "invalid_arguments"
    );
    assert_eq!(it.writes(), before);
    session.end().await;
}
