//! The commands of customers.

use std::process::Output;

use coolify_sdk::testing::FakeCoolify;

use super::service::{Platform, Service};

async fn call(platform: &Platform, service: &Service, key: &str, arguments: &[&str]) -> Output {
    let mut command = platform.command(arguments);
    // A customer has neither Coolify's token nor the database.
    command
        .env_remove("COOLIFY_URL")
        .env_remove("COOLIFY_TOKEN")
        .env_remove("TIERED_PLATFORM_DATABASE")
        .env("TIERED_PLATFORM_KEY", key)
        .env("TIERED_PLATFORM_URL", &service.url);
    command.output().await.expect("it can be run")
}

#[tokio::test]
async fn a_customer_works_on_the_command_line() {
    let fake = FakeCoolify::builder().deploy_looks(1).start().await;
    let platform = Platform::on(fake, &["--domain-suffix", "apps.example.com"]);
    let service = platform.serve().await;
    let key = platform.add("acme", "free").await;
    let run = async |arguments: &[&str]| {
        let output = call(&platform, &service, &key, arguments).await;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        String::from_utf8(output.stdout).expect("text")
    };
    let said = run(&[
        "create",
        "--name",
        "web",
        "--repository",
        "https://github.com/acme/web",
        "--subdomain",
        "shop",
        "--variable",
        "A=b=c",
        "--ports",
        "3000,8080",
        "--health-check-path",
        "/up",
    ])
    .await;
    let (first, rest) = said.split_once('\n').expect("lines");
    let uuid = first.strip_prefix("web is ").expect("a uuid");
    assert_eq!(
        rest,
        "  at https://shop.apps.example.com\n  limits: cpu 1, memory 1024M\n"
    );
    let said = run(&[
        "update",
        uuid,
        "--cpu",
        "2",
        "--memory",
        "2G",
        "--set",
        r#"{"name": "shop"}"#,
    ])
    .await;
    assert_eq!(
        said,
        "  updated: cpu, memory, name\n  limits: cpu 1, memory 1024M\n  \
         capped by the tier free: memory from 2G to 1024M\n  \
         capped by the tier free: cpu from 2 to 1\n"
    );
    let said = run(&["deploy", uuid, "--wait"]).await;
    assert!(said.ends_with(" has finished\n"), "{said}");
    let said = run(&["logs", uuid, "--lines", "1"]).await;
    assert_eq!(said.lines().count(), 1, "{said}");
    let said = run(&["list"]).await;
    assert!(
        said.contains(&format!("{uuid}  shop  created  running")),
        "{said}"
    );
    assert!(said.contains("1 of 3 applications, tier free"), "{said}");
    let shown: serde_json::Value = serde_json::from_str(&run(&["show", uuid]).await).expect("JSON");
    assert_eq!(shown["health_check"]["path"], "/up");
    let said = run(&["delete", uuid, "--json"]).await;
    assert!(said.contains("\"state\": \"deleted\""), "{said}");

    let refused = call(&platform, &service, &key, &["update", uuid, "--cpu", "1"]).await;
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(said, "NOT_FOUND: you have no such application\n");
    let refused = call(
        &platform,
        &service,
        &key,
        &["create", "--name", "x", "--cpu", "x"],
    )
    .await;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        said.starts_with("VALIDATION_ERROR: 3 fields are invalid\n  name: "),
        "{said}"
    );
    let elsewhere = call(
        &platform,
        &service,
        &key,
        &["list", "--url", &platform.fake.url()],
    )
    .await;
    let said = String::from_utf8_lossy(&elsewhere.stderr).into_owned();
    assert!(
        said.contains("this is not a platform: it answers 401"),
        "{said}"
    );
}
