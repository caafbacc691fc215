//! Validation errors, with a detail for each field.

use reqwest::Method;
use serde_json::{Value, json};

use super::service::{Platform, image, repository};

#[tokio::test]
async fn each_field_has_its_rules() {
    let platform = Platform::new(&["--domain-suffix", "apps.example.com"]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let long = "x".repeat(1_001);
    let label = "a".repeat(64);
    let fifty_one: Value = (0..51).map(|it| (format!("V{it}"), json!("1"))).collect();
    #[rustfmt::skip] // one line each
    let table = [
        ("name", json!("ab"), "3 to 100"),
        ("name", json!("a`id`"), "3 to 100"),
        ("name", json!(5), "a text"),
        ("build_pack", json!("dockercompose"), "reach the server"),
        ("build_pack", json!("make"), "one of nixpacks, railpack, static, dockerfile, dockerimage"),
        ("repository", json!("git@github.com:a/b"), "URL"),
        ("repository", json!("https://user:secret@github.com/a/b"), "public"),
        ("repository", json!("https://github.com/a/$(id)"), "not the URL"),
        ("branch", json!("a..b"), "branch"),
        ("branch", json!("--upload-pack=x"), "branch"),
        ("base_directory", json!("app"), "begin with `/`"),
        ("base_directory", json!("/../.."), "`..`"),
        ("ports", json!(0), "1 to 65535"),
        ("ports", json!(65536), "1 to 65535"),
        ("ports", json!("3000;8080"), "1 to 65535"),
        ("ports", json!("3000,"), "1 to 65535"),
        ("ports", json!([]), "no port"),
        ("ports", json!(true), "has to be a port"),
        ("ports", json!(-1), "1 to 65535"),
        ("cpu", json!("many"), "number of processors"),
        ("cpu", json!(-1), "number of processors"),
        ("cpu", json!(0.001), "at least 0.01"),
        ("memory", json!("2 elephants"), "amount of memory"),
        ("memory", json!(512), "at least 6M"),
        ("install_command", json!(long), "1001 characters; at most 1000"),
        ("build_command", json!(long), "at most 1000"),
        ("start_command", json!(long), "at most 1000"),
        ("pre_deployment_command", json!(long), "at most 1000"),
        ("post_deployment_command", json!(long), "at most 1000"),
        ("start_command", json!(""), "empty"),
        ("start_command", json!("a\nb"), "line breaks"),
        ("restart_policy", json!("always"), "no such policy"),
        ("restart_policy", json!("on-failure:0"), "N from 1"),
        ("restart_policy", json!(5), "unless-stopped"),
        ("health_check", json!("yes"), "an object"),
        ("health_check.enabled", json!({ "enabled": "yes" }), "true or false"),
        ("health_check.type", json!({ "type": "telepathy" }), "one of http, cmd"),
        ("health_check.command", json!({ "command": long }), "at most 1000"),
        ("health_check.path", json!({ "path": "up" }), "begin with `/`"),
        ("health_check.port", json!({ "port": 70000 }), "1 to 65535"),
        ("health_check.method", json!({ "method": "BREW" }), "one of GET"),
        ("health_check.scheme", json!({ "scheme": "gopher" }), "one of http"),
        ("health_check.return_code", json!({ "return_code": 42 }), "100 to 599"),
        ("health_check.interval", json!({ "interval": 0 }), "1 to 3600"),
        ("health_check.retries", json!({ "retries": 1.5 }), "whole number"),
        ("health_check.pulse", json!({ "pulse": 1 }), "no such field"),
        ("variables", json!([]), "an object"),
        ("variables", fifty_one, "51 variables; at most 50"),
        ("variables.A-B", json!({ "A-B": "1" }), "is not a valid name"),
        ("variables.1A", json!({ "1A": "1" }), "is not a valid name"),
        ("variables.PATH", json!({ "PATH": "/tmp" }), "reserved"),
        ("variables.DOCKER_HOST", json!({ "DOCKER_HOST": "x" }), "reserved"),
        ("variables.A", json!({ "A": 1 }), "a text"),
        ("variables.A", json!({ "A": null }), "a text"),
        ("subdomain", json!("-a"), "begin or end"),
        ("subdomain", json!("a-"), "begin or end"),
        ("subdomain", json!("a.b"), "letters, digits and `-`"),
        ("subdomain", json!("a_b"), "letters, digits and `-`"),
        ("subdomain", json!(""), "empty"),
        ("subdomain", json!(label), "63"),
        ("subdomain", json!(7), "a text"),
        ("domain_suffix", json!("evil.example.org"), "one of apps.example.com"),
        ("deploy", json!("yes"), "true or false"),
        ("image", json!("nginx"), "needs no image"),
        ("limits_memory", json!("1G"), "no such field"),
        ("custom_docker_run_options", json!("--privileged"), "no such field"),
    ];
    for (field, value, message) in table {
        let mut body = repository("web");
        body[field.split('.').next().expect("a name")] = value.clone();
        let faults = caller.create(body).await.faults();
        let fault = faults
            .iter()
            .find(|it| it.starts_with(&format!("{field}: ")));
        let fault = fault.unwrap_or_else(|| panic!("{field} {value}: {faults:?}"));
        assert!(fault.contains(message), "{field} {value}: {fault}");
        assert!(!fault.contains("secret"), "{fault}");
    }
    assert_eq!(caller.list().await["used"], 0, "a fault reserves nothing");
    assert!(platform.fake.requests().is_empty(), "Coolify was not asked");
}

#[tokio::test]
async fn all_faults_are_told_at_once() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let body = json!({
        "repository": "x", "ports": "80,x", "cpu": "a", "colour": "red",
        "health_check": { "interval": 0, "mood": "good" }, "variables": { "A B": 1 },
        "subdomain": "web",
    });
    let faults = caller.create(body).await.faults();
    let mut fields: Vec<_> = faults
        .iter()
        .filter_map(|it| it.split(": ").next())
        .collect();
    fields.dedup();
    assert_eq!(
        fields,
        [
            "name",
            "repository",
            "health_check.interval",
            "health_check.mood",
            "ports",
            "cpu",
            "variables.A B",
            "subdomain",
            "colour",
        ]
    );
    let nothing = caller.create(json!({})).await.faults();
    assert_eq!(
        nothing,
        ["name: is required", "repository: is required, or an image"]
    );
}

#[tokio::test]
async fn a_change_has_rules_of_its_own() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let (web, nginx) = (
        caller.created(repository("web")).await,
        caller.created(image("ngx")).await,
    );
    for (uuid, change, fault) in [
        (&web, json!({}), ": there is nothing to change"),
        (
            &web,
            json!({ "build_pack": "static" }),
            "build_pack: cannot be changed",
        ),
        (
            &web,
            json!({ "image": "nginx" }),
            "image: a repository is built",
        ),
        (
            &nginx,
            json!({ "branch": "main" }),
            "branch: an image has no repository",
        ),
        (&web, json!({ "name": null }), "name: has to be a text"),
        (
            &web,
            json!({ "deploy": true }),
            "deploy: deploy it by its own request",
        ),
        (
            &web,
            json!({ "uuid": "other" }),
            "uuid: there is no such field",
        ),
        (
            &web,
            json!({ "variables": { "1": "a" } }),
            "variables.1: is not a valid name",
        ),
        (&web, json!({ "ports": null }), "ports: has to be a port"),
        (
            &web,
            json!({ "subdomain": "web" }),
            "subdomain: this platform offers no domains",
        ),
    ] {
        let faults = caller.patch(uuid, change).await.faults();
        assert!(faults[0].starts_with(fault), "{faults:?}");
    }
    let newer = caller.patch(&nginx, json!({ "image": "nginx:1.27" })).await;
    assert_eq!(
        newer.body["updated_fields"],
        json!(["image"]),
        "{}",
        newer.body
    );
    let image = &caller.get(&format!("/{nginx}")).await.body["image"];
    assert_eq!(image, "nginx:1.27");
}

#[tokio::test]
async fn what_is_no_request_is_refused_as_json() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let json_type = [("content-type", "application/json; charset=utf-8".to_owned())];
    let post = |body: &str| {
        let body = body.to_owned();
        async { caller.send(Method::POST, "", &json_type, body).await }
    };
    assert_eq!(
        post("{\"secret\": ").await.faults(),
        [": the body is not JSON at line 1, column 11"]
    );
    assert_eq!(
        post("[]").await.faults(),
        [": the body has to be a JSON object"]
    );
    let large = post(&format!("{{\"name\": \"{}\"}}", "x".repeat(5 << 20))).await;
    assert_eq!(
        (large.status.as_u16(), large.code()),
        (413, "PAYLOAD_TOO_LARGE")
    );
    let untyped = caller.send(Method::POST, "", &[], "{}".to_owned()).await;
    assert_eq!(
        (untyped.status.as_u16(), untyped.code()),
        (415, "UNSUPPORTED_MEDIA_TYPE")
    );
    let uuid = caller.created(image("web")).await;
    for (method, path, status, code) in [
        (Method::GET, format!("/{uuid}/nowhere"), 404, "NOT_FOUND"),
        (Method::PUT, format!("/{uuid}"), 405, "METHOD_NOT_ALLOWED"),
        (Method::GET, "/%ff".to_owned(), 422, "VALIDATION_ERROR"),
        (
            Method::GET,
            format!("/{uuid}/logs?lines=0"),
            422,
            "VALIDATION_ERROR",
        ),
        (
            Method::GET,
            format!("/{uuid}/logs?tail=5"),
            422,
            "VALIDATION_ERROR",
        ),
        (
            Method::DELETE,
            format!("/{uuid}?delete_volumes=yes"),
            422,
            "VALIDATION_ERROR",
        ),
    ] {
        let answer = caller.call(method, &path, None).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (status, code),
            "{path}"
        );
    }
    let health = caller.get("/health").await;
    assert_eq!(
        (health.status.as_u16(), health.body),
        (200, json!({ "status": "ok" }))
    );
}
