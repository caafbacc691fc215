//! The quota, under concurrent requests.

use coolify_sdk::testing::Fault;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::service::{Answer, Caller, Platform, image};

/// Creates many at once, and returns how many were created and how many refused because
/// of the quota.
async fn create_at_once(caller: &Caller, number: usize) -> (usize, Vec<Answer>) {
    let names = (0..number).map(|index| format!("app {index}"));
    let creations = names.map(|name| async move { caller.create(image(&name)).await });
    let answers = join_all(creations).await;
    let (created, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    (created.len(), refused)
}

#[tokio::test]
async fn fifty_at_once_fill_a_tier_exactly() {
    for (tier, before, room, allowed) in [("free", 0, 3, 3), ("starter", 8, 2, 10)] {
        let platform = Platform::new(&[]).await;
        let service = platform.serve().await;
        let caller = service.caller(&platform.add("acme", tier).await);
        for index in 0..before {
            caller.created(image(&format!("before {index}"))).await;
        }
        let (created, refused) = create_at_once(&caller, 50).await;
        assert_eq!(created, room, "{tier}");
        assert_eq!(refused.len(), 50 - room);
        for answer in &refused {
            let error = &answer.body["error"];
            assert_eq!(
                (answer.status.as_u16(), answer.code()),
                (403, "QUOTA_EXCEEDED")
            );
            assert_eq!(error["tier"], tier);
            assert_eq!(
                (&error["used"], &error["allowed"]),
                (&json!(allowed), &json!(allowed))
            );
        }
        assert_eq!(platform.coolify("applications").len(), allowed);
        assert_eq!(platform.coolify("projects").len(), 1);
        // Refused requests never reach Coolify.
        let requests = platform.fake.requests();
        let asked = requests
            .iter()
            .filter(|it| it.method == "POST" && it.path == "/applications/dockerimage");
        assert_eq!(asked.count(), allowed);
        assert_eq!(caller.list().await["used"], allowed);
    }
}

#[tokio::test]
async fn each_tier_has_its_number_and_enterprise_has_none() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    for (tier, allowed) in [("pro", 50), ("enterprise", 55)] {
        let caller = service.caller(&platform.add(tier, tier).await);
        let (created, refused) = create_at_once(&caller, 55).await;
        assert_eq!(created, allowed, "{tier}");
        assert!(refused.iter().all(|it| it.code() == "QUOTA_EXCEEDED"));
    }
}

#[tokio::test]
async fn what_coolify_refuses_does_not_count() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    for (status, code) in [
        (422, "VALIDATION_ERROR"),
        (401, "UPSTREAM_ERROR"),
        (500, "UPSTREAM_ERROR"),
    ] {
        platform
            .fake
            .fail_next(Fault::status(status).on("POST", "/applications/dockerimage"));
        let answer = caller.create(image("refused")).await;
        assert_eq!(answer.code(), code, "{}", answer.body);
        assert_eq!(caller.list().await["used"], 0, "{status}");
    }
    let (created, _) = create_at_once(&caller, 4).await;
    assert_eq!(created, 3);
}

#[tokio::test]
async fn a_deleted_application_makes_room() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let first = caller.created(image("first")).await;
    create_at_once(&caller, 2).await;
    assert_eq!(caller.create(image("more")).await.code(), "QUOTA_EXCEEDED");
    let deleted = caller
        .call(Method::DELETE, &format!("/{first}"), None)
        .await;
    assert_eq!(
        (deleted.status.as_u16(), &deleted.body["state"]),
        (200, &json!("deleted"))
    );
    assert_eq!(caller.get(&format!("/{first}")).await.code(), "NOT_FOUND");
    caller.created(image("more")).await;
}

#[tokio::test]
async fn a_repeated_request_creates_once() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    let headers = |key: &str| {
        [
            ("content-type", "application/json".to_owned()),
            ("idempotency-key", key.to_owned()),
        ]
    };
    let create = |key: &'static str, name: &'static str| {
        let (caller, headers) = (caller.clone(), headers(key));
        async move {
            caller
                .send(Method::POST, "", &headers, image(name).to_string())
                .await
        }
    };
    let first = create("a", "web").await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let again = create("a", "web").await;
    assert_eq!((again.status.as_u16(), &again.body), (201, &first.body));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(create("a", "another").await.code(), "CONFLICT");
    let at_once = join_all((0..10).map(|_| create("b", "api"))).await;
    let (done, waiting): (Vec<_>, Vec<_>) = at_once.iter().partition(|it| it.status == 201);
    assert!(
        waiting.iter().all(|it| it.code() == "CONFLICT"),
        "{waiting:?}"
    );
    assert!(
        done.iter()
            .all(|it| it.body["uuid"] == done[0].body["uuid"])
    );
    assert_eq!(platform.coolify("applications").len(), 2);
    // A refused request may be repeated.
    platform
        .fake
        .fail_next(Fault::status(401).on("POST", "/applications/dockerimage"));
    assert_eq!(create("c", "job").await.code(), "UPSTREAM_ERROR");
    assert_eq!(create("c", "job").await.status, 201);
    assert_eq!(platform.coolify("applications").len(), 3);
}
