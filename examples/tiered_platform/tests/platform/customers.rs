//! The commands of the operator.

use super::service::{Platform, image};

#[tokio::test]
async fn customers_come_and_go() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let key = platform.add("acme", "starter").await;
    platform.add("birch", "free").await;
    let caller = service.caller(&key);
    for name in ["web", "api"] {
        caller.created(image(name)).await;
    }
    assert_eq!(
        platform.said(&["customer", "list"]).await,
        "acme  starter  2 of 10 applications  1 keys\nbirch  free  0 of 3 applications  1 keys\n"
    );
    let project = &platform.coolify("projects")[0];
    assert_eq!(project["name"], "customer-acme");
    let said = platform.said(&["customer", "remove", "acme"]).await;
    assert_eq!(said, "removed acme\n");
    assert!(platform.coolify("applications").is_empty() && platform.coolify("projects").is_empty());
    assert_eq!(caller.get("").await.code(), "UNAUTHORIZED");
    platform.said(&["customer", "remove", "birch"]).await;
    assert_eq!(platform.said(&["customer", "list"]).await, "");
}

#[tokio::test]
async fn what_the_operator_gets_wrong_is_said() {
    let platform = Platform::new(&[]).await;
    platform.add("acme", "free").await;
    for (arguments, code, complaint) in [
        (
            &["customer", "add", "acme"][..],
            1,
            "there is a customer acme already",
        ),
        (
            &["customer", "add", "a b"],
            2,
            "letters, digits and hyphens",
        ),
        (
            &["customer", "add", "b", "--tier", "gold"],
            2,
            "invalid value 'gold'",
        ),
        (
            &["customer", "tier", "nobody", "free"],
            1,
            "there is no customer \"nobody\"",
        ),
        (&["customer", "key", "nobody"], 1, "there is no customer"),
        (
            &["serve", "--domain-suffix", "localhost"],
            2,
            "it has no dot",
        ),
        (
            &["serve", "--domain-suffix", "a_b.example.com"],
            2,
            "is not a domain",
        ),
        (&["update", "x", "--variable", "A"], 2, "NAME=VALUE"),
        (&["update", "x", "--set", "[1]"], 2, "a JSON object"),
        (&["list"], 2, "TIERED_PLATFORM_KEY"),
    ] {
        let output = platform
            .command(arguments)
            .env_remove("TIERED_PLATFORM_KEY")
            .output()
            .await;
        let output = output.expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(complaint), "{arguments:?}: {said}");
    }
    let mut alone = platform.command(&["serve"]);
    let output = alone
        .env_remove("COOLIFY_URL")
        .output()
        .await
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("COOLIFY_URL is not set"));
}
