//! Creating, showing, deploying, reading and deleting applications.

use coolify_sdk::testing::{FakeCoolify, Fault};
use reqwest::Method;
use serde_json::{Value, json};

use super::service::{Platform, image, repository};

#[tokio::test]
async fn limits_are_the_tiers_unless_less_is_asked_for() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let table = [
        ("free", json!({}), "1", "1024M", json!([])),
        ("starter", json!({}), "2", "2048M", json!([])),
        ("pro", json!({}), "4", "8192M", json!([])),
        ("enterprise", json!({}), "unlimited", "unlimited", json!([])),
        (
            "free",
            json!({ "cpu": 0.25, "memory": "128M" }),
            "0.25",
            "128M",
            json!([]),
        ),
        (
            "free",
            json!({ "cpu": 2, "memory": "2G" }),
            "1",
            "1024M",
            json!([
                { "field": "memory", "asked": "2G", "applied": "1024M" },
                { "field": "cpu", "asked": "2", "applied": "1" },
            ]),
        ),
        (
            "starter",
            json!({ "cpu": "0", "memory": "1.5G" }),
            "2",
            "1.5G",
            json!([{ "field": "cpu", "asked": "unlimited", "applied": "2" }]),
        ),
        (
            "pro",
            json!({ "cpu": 4.5, "memory": 1 << 30 }),
            "4",
            "1073741824",
            json!([{ "field": "cpu", "asked": "4.5", "applied": "4" }]),
        ),
        (
            "enterprise",
            json!({ "cpu": 64, "memory": "256G" }),
            "64",
            "256G",
            json!([]),
        ),
    ];
    for (number, (tier, asked, cpu, memory, capped)) in table.into_iter().enumerate() {
        let caller = service.caller(&platform.add(&format!("c{number}"), tier).await);
        let mut body = image("web");
        body.as_object_mut()
            .expect("an object")
            .extend(asked.as_object().expect("one").clone());
        let answer = caller.create(body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let limits = json!({ "tier": tier, "cpu": cpu, "memory": memory, "capped": capped });
        assert_eq!(answer.body["applied_tier_limits"], limits);
        let raw = |text: &str| {
            if text == "unlimited" {
                "0".to_owned()
            } else {
                text.to_owned()
            }
        };
        let stored = &platform.coolify("applications")[number];
        assert_eq!(stored["limits_cpus"], raw(cpu));
        assert_eq!(stored["limits_memory"], raw(memory));
        assert_eq!(
            stored["limits_memory_swap"],
            raw(memory),
            "swap is no way around"
        );
    }
}

#[tokio::test]
async fn everything_that_is_asked_for_reaches_coolify() {
    let platform = Platform::new(&["--domain-suffix", "apps.example.com"]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let answer = caller
        .create(json!({
            "name": "web",
            "repository": "https://github.com/acme/web",
            "branch": "release",
            "build_pack": "dockerfile",
            "base_directory": "/shop",
            "dockerfile_location": "/Dockerfile.prod",
            "ports": "3000, 8080,3000",
            "install_command": "npm ci",
            "build_command": "npm run build && npm test",
            "start_command": "npm start",
            "pre_deployment_command": "echo before; date",
            "post_deployment_command": "php artisan migrate | cat",
            "restart_policy": "on-failure:5",
            "subdomain": "Shop",
            "health_check": {
                "enabled": true, "path": "/up", "port": 3000, "method": "HEAD", "scheme": "http",
                "host": "localhost", "return_code": 204, "response_text": "fine", "interval": 7,
                "timeout": 3, "retries": 4, "start_period": 0,
            },
            "variables": { "A": "1", "LONG": "two\nlines" },
            "deploy": true,
        }))
        .await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(
        answer.body["domains"],
        json!(["https://shop.apps.example.com"])
    );
    assert_eq!(answer.body["warnings"], json!([]));
    assert!(answer.body["deployment_uuid"].is_string());
    let uuid = answer.body["uuid"].as_str().expect("a uuid");
    assert_eq!(
        answer.headers["location"],
        format!("/api/v1/applications/{uuid}")
    );
    let stored = &platform.coolify("applications")[0];
    for (field, value) in [
        ("name", json!("web")),
        ("git_branch", json!("release")),
        ("build_pack", json!("dockerfile")),
        ("base_directory", json!("/shop")),
        ("dockerfile_location", json!("/Dockerfile.prod")),
        ("ports_exposes", json!("3000,8080")),
        ("install_command", json!("npm ci")),
        ("build_command", json!("npm run build && npm test")),
        ("start_command", json!("npm start")),
        ("pre_deployment_command", json!("echo before; date")),
        (
            "post_deployment_command",
            json!("php artisan migrate | cat"),
        ),
        ("max_restart_count", json!(5)),
        ("fqdn", json!("https://shop.apps.example.com")),
        ("health_check_enabled", json!(true)),
        ("health_check_path", json!("/up")),
        ("health_check_method", json!("HEAD")),
        ("health_check_return_code", json!(204)),
        ("health_check_response_text", json!("fine")),
        ("health_check_interval", json!(7)),
        ("health_check_timeout", json!(3)),
        ("health_check_retries", json!(4)),
        ("health_check_start_period", json!(0)),
    ] {
        assert_eq!(stored[field], value, "{field}");
    }
    let variables = platform.coolify("variables");
    let long = variables
        .iter()
        .find(|it| it["key"] == "LONG")
        .expect("it is set");
    assert_eq!(
        (&long["value"], &long["is_multiline"]),
        (&json!("two\nlines"), &json!(true))
    );
}

#[tokio::test]
async fn an_application_is_shown_deployed_and_read() {
    let fake = FakeCoolify::builder().deploy_looks(1).start().await;
    let platform = Platform::on(fake, &[]);
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let uuid = caller.created(repository("web")).await;
    let shown = caller.get(&format!("/{uuid}")).await.body;
    assert_eq!(shown["build_pack"], "nixpacks");
    assert_eq!(shown["ports"], "3000");
    assert_eq!(
        (&shown["cpu"], &shown["memory"]),
        (&json!("1"), &json!("1024M"))
    );
    assert_eq!(shown["last_deployment"], Value::Null);
    let log = caller.get(&format!("/{uuid}/logs")).await.body;
    assert_eq!(
        (&log["is_running"], &log["lines"]),
        (&json!(false), &json!([]))
    );
    let queued = caller
        .call(Method::POST, &format!("/{uuid}/deploy"), None)
        .await;
    assert_eq!(queued.status, 202, "{}", queued.body);
    let deployment = queued.body["deployment_uuid"]
        .as_str()
        .expect("a uuid")
        .to_owned();
    for _ in 0..10 {
        let shown = caller.get(&format!("/{uuid}")).await.body;
        assert_eq!(shown["last_deployment"]["uuid"], deployment);
        if shown["last_deployment"]["status"] == "finished" {
            break;
        }
    }
    let log = caller.get(&format!("/{uuid}/logs?lines=2")).await.body;
    assert_eq!(log["is_running"], true);
    assert_eq!(log["lines"].as_array().map(Vec::len), Some(2));
    let deleted = caller
        .call(
            Method::DELETE,
            &format!("/{uuid}?delete_volumes=true"),
            None,
        )
        .await;
    assert_eq!(deleted.status, 200, "{}", deleted.body);
    let requests = platform.fake.requests();
    let deletion = requests
        .iter()
        .find(|it| it.method == "DELETE")
        .expect("it is sent");
    assert_eq!(deletion.query_param("delete_volumes"), Some("true"));
}

#[tokio::test]
async fn volumes_are_kept_by_default() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let uuid = caller.created(image("web")).await;
    let deleted = caller.call(Method::DELETE, &format!("/{uuid}"), None).await;
    assert_eq!(deleted.status, 200);
    let requests = platform.fake.requests();
    let deletion = requests
        .iter()
        .find(|it| it.method == "DELETE")
        .expect("it is sent");
    assert_eq!(deletion.query_param("delete_volumes"), Some("false"));
}

#[tokio::test]
async fn a_subdomain_belongs_to_one_customer() {
    let options = [
        "--domain-suffix",
        "apps.example.com",
        "--domain-suffix",
        ".example.org",
    ];
    let platform = Platform::new(&options).await;
    let service = platform.serve().await;
    let acme = service.caller(&platform.add("acme", "free").await);
    let birch = service.caller(&platform.add("birch", "free").await);
    let with = |subdomain: &str| json!({ "name": "web", "image": "nginx", "subdomain": subdomain });
    let uuid = acme.created(with("shop")).await;
    let taken = birch.create(with("SHOP")).await;
    assert_eq!((taken.status.as_u16(), taken.code()), (409, "CONFLICT"));
    assert!(!taken.body.to_string().contains("acme"), "{}", taken.body);
    assert_eq!(birch.list().await["used"], 0, "it is not reserved");
    let mut elsewhere = with("shop");
    elsewhere["domain_suffix"] = "example.org".into();
    birch.created(elsewhere).await;
    // Without a subdomain it gets one of its own.
    let answer = birch.create(image("A b--c!".trim_end_matches('!'))).await;
    let domain = answer.body["domains"][0]
        .as_str()
        .expect("a domain")
        .to_owned();
    assert!(domain.starts_with("https://a-b-c-"), "{domain}");
    // A host that is given up can be taken.
    let moved = acme.patch(&uuid, json!({ "subdomain": "store" })).await;
    assert_eq!(
        moved.body["updated_fields"],
        json!(["subdomain"]),
        "{}",
        moved.body
    );
    let freed = birch.create(with("shop")).await;
    assert_eq!(freed.status, 201, "{}", freed.body);
    let taken = acme.patch(&uuid, json!({ "subdomain": "shop" })).await;
    assert_eq!(taken.code(), "CONFLICT");
    let deleted = acme.call(Method::DELETE, &format!("/{uuid}"), None).await;
    assert_eq!(deleted.status, 200);
    let store = acme.create(with("store")).await;
    assert_eq!(store.status, 201, "{}", store.body);
}

#[tokio::test]
async fn a_failed_change_of_the_subdomain_takes_nothing() {
    let platform = Platform::new(&["--domain-suffix", "apps.example.com"]).await;
    let service = platform.serve().await;
    let acme = service.caller(&platform.add("acme", "free").await);
    let birch = service.caller(&platform.add("birch", "free").await);
    let uuid = acme.created(image("web")).await;
    platform
        .fake
        .fail_next(Fault::status(401).on("PATCH", "/applications/{uuid}"));
    let failed = acme.patch(&uuid, json!({ "subdomain": "shop" })).await;
    assert_eq!(failed.code(), "UPSTREAM_ERROR", "{}", failed.body);
    let body = json!({ "name": "web", "image": "nginx", "subdomain": "shop" });
    assert_eq!(birch.create(body).await.status, 201);
    platform.fake.set_proxy("NONE");
    let dropped = acme.patch(&uuid, json!({ "subdomain": "other" })).await;
    let fault = json!([{ "field": "subdomain", "reason": "the server runs no proxy" }]);
    assert_eq!(
        (
            &dropped.body["updated_fields"],
            &dropped.body["not_updated"]
        ),
        (&json!([]), &fault)
    );
    let body = json!({ "name": "web", "image": "nginx", "subdomain": "other" });
    assert_eq!(birch.create(body).await.status, 201);
}

#[tokio::test]
async fn variables_that_coolify_refuses_undo_the_creation() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let mut body = image("web");
    body["variables"] = json!({ "A": "{{team.SECRET}}" });
    let refused = caller.create(body).await;
    let faults = refused.faults();
    assert!(faults[0].starts_with("variables: "), "{faults:?}");
    assert_eq!(caller.list().await["used"], 0);
    assert!(platform.coolify("applications").is_empty());
}

#[tokio::test]
async fn nobody_reaches_the_application_of_another_customer() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let acme = service.caller(&platform.add("acme", "pro").await);
    let birch = service.caller(&platform.add("birch", "pro").await);
    let uuid = acme.created(image("web")).await;
    birch.created(image("own")).await;
    let coolifys = platform.coolify("applications")[0]["uuid"]
        .as_str()
        .expect("one")
        .to_owned();
    let before = platform.fake.requests().len();
    for id in [
        &uuid[..],
        &coolifys,
        "000000000000000000000000",
        "%2e%2e",
        "a%2f..%2fb",
    ] {
        for (method, path, body) in [
            (Method::GET, format!("/{id}"), None),
            (Method::GET, format!("/{id}/logs"), None),
            (Method::POST, format!("/{id}/deploy"), None),
            (
                Method::PATCH,
                format!("/{id}"),
                Some(json!({ "name": "mine" })),
            ),
            (Method::DELETE, format!("/{id}"), None),
        ] {
            let answer = birch.call(method.clone(), &path, body).await;
            assert_eq!(
                (answer.status.as_u16(), answer.code()),
                (404, "NOT_FOUND"),
                "{method} {path}"
            );
        }
    }
    assert_eq!(
        platform.fake.requests().len(),
        before,
        "Coolify was not asked"
    );
    assert_eq!(birch.list().await["used"], 1);
    assert_eq!(acme.get(&format!("/{uuid}")).await.body["name"], "web");
}

#[tokio::test]
async fn failures_of_coolify_have_codes() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let uuid = caller.created(image("web")).await;
    let logs = "/applications/{uuid}/logs";
    platform.fake.fail_next(Fault::status(401).on("GET", logs));
    let answer = caller.get(&format!("/{uuid}/logs")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (502, "UPSTREAM_ERROR")
    );
    let deploy = Fault::status(429).json(json!({ "message": "Deployment queue is full." }));
    platform.fake.fail_next(deploy.on("POST", "/deploy"));
    let answer = caller
        .call(Method::POST, &format!("/{uuid}/deploy"), None)
        .await;
    platform.fake.clear_faults();
    if answer.status != 202 {
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (503, "UPSTREAM_UNAVAILABLE")
        );
        assert!(answer.headers.contains_key("retry-after"));
    }
    platform
        .fake
        .fail_next(Fault::lost_reply().on("DELETE", "/applications/{uuid}"));
    let answer = caller.call(Method::DELETE, &format!("/{uuid}"), None).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code()),
        (504, "OUTCOME_UNKNOWN")
    );
}
