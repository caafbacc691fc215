//! Changes of applications and of tiers.

use coolify_sdk::testing::{FakeCoolify, Fault};
use reqwest::Method;
use serde_json::{Value, json};

use super::service::{Platform, image, repository};

#[tokio::test]
async fn a_change_is_verified_and_capped() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let uuid = caller.created(repository("web")).await;
    let change = json!({
        "name": "shop", "branch": "next", "cpu": 2, "memory": "512M", "ports": [8080, 3000],
        "start_command": "npm start", "restart_policy": "unless-stopped",
        "health_check": { "interval": 9, "port": null, "type": "cmd", "command": "test -f /up" }, "variables": { "A": "1" },
    });
    let answer = caller.patch(&uuid, change).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let expected = [
        "branch",
        "cpu",
        "health_check.command",
        "health_check.interval",
        "health_check.port",
        "health_check.type",
        "memory",
        "name",
        "ports",
        "restart_policy",
        "start_command",
        "variables.A",
    ];
    assert_eq!(answer.body["updated_fields"], json!(expected));
    assert_eq!(answer.body["not_updated"], json!([]));
    assert_eq!(
        answer.body["applied_tier_limits"],
        json!({
            "tier": "free", "cpu": "1", "memory": "512M",
            "capped": [{ "field": "cpu", "asked": "2", "applied": "1" }],
        })
    );
    let stored = &platform.coolify("applications")[0];
    assert_eq!(stored["name"], "shop");
    assert_eq!(stored["ports_exposes"], "8080,3000");
    assert_eq!(
        (&stored["limits_cpus"], &stored["limits_memory"]),
        (&json!("1"), &json!("512M"))
    );
    assert_eq!(stored["limits_memory_swap"], "512M");
    assert_eq!(caller.get(&format!("/{uuid}")).await.body["name"], "shop");

    let cleared = caller
        .patch(&uuid, json!({ "start_command": null, "memory": null }))
        .await;
    assert_eq!(
        cleared.body["updated_fields"],
        json!(["memory", "start_command"])
    );
    let stored = &platform.coolify("applications")[0];
    assert_eq!(stored["start_command"].as_str().unwrap_or_default(), "");
    assert_eq!(stored["limits_memory"], "1024M");
    assert_eq!(stored["limits_cpus"], "1", "what is not named stays");
}

#[tokio::test]
async fn variables_are_set_and_removed_up_to_fifty() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let variables = |range: std::ops::Range<u32>| {
        let pairs = range.map(|number| (format!("V{number}"), json!(number.to_string())));
        Value::Object(pairs.collect())
    };
    let mut body = image("web");
    body["variables"] = variables(0..50);
    let uuid = caller.created(body).await;
    let more = caller
        .patch(&uuid, json!({ "variables": { "MORE": "1" } }))
        .await;
    assert_eq!(
        more.faults(),
        ["variables: the application would have 51 variables; at most 50 are allowed"]
    );
    let swapped = json!({ "variables": { "MORE": "1", "V0": null, "V1": "one" } });
    let swapped = caller.patch(&uuid, swapped).await;
    assert_eq!(swapped.status, 200, "{}", swapped.body);
    let stored = platform.coolify("variables");
    let value = |key: &str| {
        let of = stored
            .iter()
            .find(|it| it["key"] == key && it["is_preview"] != true);
        of.map(|it| it["value"].clone())
    };
    assert_eq!((value("V0"), value("V1")), (None, Some(json!("one"))));
    assert_eq!(value("MORE"), Some(json!("1")));
}

#[tokio::test]
async fn what_coolify_refuses_is_told_by_field() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let uuid = caller.created(repository("web")).await;
    // Coolify refuses pipes in this command, and takes them in hooks.
    let refused = caller
        .patch(&uuid, json!({ "install_command": "curl x | sh" }))
        .await;
    assert!(
        refused.faults()[0].starts_with("install_command: "),
        "{:?}",
        refused.faults()
    );
    let refused = caller.create(json!({
        "name": "api", "repository": "https://github.com/acme/api", "build_command": "a; b",
    }));
    assert!(refused.await.faults()[0].starts_with("build_command: "));
    assert_eq!(caller.list().await["used"], 1);
}

/// Seen on 4.3.11: its validation accepts 1,000 characters, and its columns have 255.
#[tokio::test]
async fn a_command_that_coolify_cannot_store_is_a_fault() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let command = |length: usize| "x".repeat(length);
    let too_long = |field: &str, length| {
        format!("{field}: has {length} characters; Coolify accepts at most 255")
    };
    let mut body = repository("web");
    body["install_command"] = command(256).into();
    let refused = caller.create(body.clone()).await;
    assert_eq!(refused.faults(), [too_long("install_command", 256)]);
    assert_eq!(caller.list().await["used"], 0);
    body["install_command"] = command(255).into();
    body["post_deployment_command"] = command(1_000).into();
    let uuid = caller.created(body).await;
    for field in ["build_command", "start_command"] {
        let refused = caller.patch(&uuid, json!({ field: command(1_000) })).await;
        assert_eq!(refused.faults(), [too_long(field, 1_000)]);
        let taken = caller.patch(&uuid, json!({ field: command(255) })).await;
        assert_eq!(taken.body["updated_fields"], json!([field]));
    }
}

#[tokio::test]
async fn an_old_coolify_has_no_restart_policy() {
    let fake = FakeCoolify::version("4.1.2").start().await;
    let platform = Platform::on(fake, &[]);
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let mut body = image("web");
    body["restart_policy"] = "on-failure:3".into();
    let faults = caller.create(body).await.faults();
    assert_eq!(
        faults,
        ["restart_policy: this platform runs a Coolify that cannot set it yet"]
    );
    let uuid = caller.created(image("web")).await;
    assert_eq!(caller.patch(&uuid, json!({ "cpu": 0.5 })).await.status, 200);
}

#[tokio::test]
async fn a_change_of_tier_caps_and_lifts_existing_applications() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "pro").await);
    let mut body = image("web");
    body["cpu"] = 3.into();
    let running = caller.created(body).await;
    caller.created(image("api")).await;
    for name in ["one", "two"] {
        caller.created(image(name)).await;
    }
    let queued = caller
        .call(Method::POST, &format!("/{running}/deploy"), None)
        .await;
    assert_eq!(queued.status, 202);
    let uuid = platform.coolify("applications")[0]["uuid"]
        .as_str()
        .expect("one")
        .to_owned();
    platform
        .fake
        .set_application(&uuid, "status", "running:healthy");
    let limits = |index: usize| {
        let stored = &platform.coolify("applications")[index];
        let text = |field: &str| stored[field].as_str().expect("a text").to_owned();
        (text("limits_cpus"), text("limits_memory"))
    };
    assert_eq!(limits(0), ("3".into(), "8192M".into()));

    let said = platform.said(&["customer", "tier", "acme", "free"]).await;
    assert!(said.contains("acme  free  4 of 3 applications"), "{said}");
    assert!(
        said.contains("more applications than the tier allows"),
        "{said}"
    );
    assert!(
        said.contains("web is capped: cpu from 3 to 1; it is deployed again"),
        "{said}"
    );
    assert!(said.contains("api has the requested limits"), "{said}");
    assert_eq!(
        (limits(0), limits(1)),
        (("1".into(), "1024M".into()), ("1".into(), "1024M".into()))
    );
    assert_eq!(caller.create(image("more")).await.code(), "QUOTA_EXCEEDED");

    platform
        .said(&["customer", "tier", "acme", "enterprise"])
        .await;
    assert_eq!(
        (limits(0), limits(1)),
        (("3".into(), "0".into()), ("0".into(), "0".into()))
    );

    // Without Coolify at hand, the service does it.
    let output = platform
        .command(&["customer", "tier", "acme", "starter"])
        .env_remove("COOLIFY_URL")
        .output()
        .await;
    assert!(output.expect("it runs").status.success());
    for _ in 0..100 {
        if limits(0) == ("2".into(), "2048M".into()) && limits(3) == ("2".into(), "2048M".into()) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the service has not capped: {:?}", limits(0));
}

#[tokio::test]
async fn a_change_with_a_lost_answer_is_read_back() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let uuid = caller.created(image("web")).await;
    platform
        .fake
        .fail_next(Fault::lost_reply().on("PATCH", "/applications/{uuid}"));
    let answer = caller
        .patch(&uuid, json!({ "cpu": 0.5, "name": "shop" }))
        .await;
    assert_eq!(
        answer.body["updated_fields"],
        json!(["cpu", "name"]),
        "{}",
        answer.body
    );
    assert_eq!(caller.list().await["applications"][0]["name"], "shop");
}

/// What customers can set is shown to tokens without `read:sensitive`, except for values
/// of variables.
#[tokio::test]
async fn a_token_with_three_abilities_is_enough() {
    let fake = FakeCoolify::builder()
        .abilities(["read", "write", "deploy"])
        .start()
        .await;
    let platform = Platform::on(fake, &["--domain-suffix", "apps.example.com"]);
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let mut body = repository("web");
    body["variables"] = json!({ "A": "1" });
    body["deploy"] = true.into();
    let uuid = caller.created(body).await;
    let change = json!({
        "cpu": 0.5, "start_command": "npm start", "subdomain": "shop",
        "variables": { "A": null, "B": "2" },
    });
    let answer = caller.patch(&uuid, change).await.body;
    let updated = json!([
        "cpu",
        "start_command",
        "subdomain",
        "variables.A",
        "variables.B"
    ]);
    assert_eq!(answer["updated_fields"], updated, "{answer}");
    assert_eq!(answer["unverified_fields"], json!([]));
    for path in [format!("/{uuid}"), format!("/{uuid}/logs"), String::new()] {
        assert_eq!(caller.get(&path).await.status, 200, "{path}");
    }
    let deleted = caller.call(Method::DELETE, &format!("/{uuid}"), None).await;
    assert_eq!(deleted.status, 200, "{}", deleted.body);
}
