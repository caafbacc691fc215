//! Keys, and secrets that must not be shown or stored.

use std::fmt::Write as _;

use coolify_sdk::testing::Fault;
use reqwest::Method;
use serde_json::json;

use super::service::{Answer, Platform, image};

#[tokio::test]
async fn only_a_valid_key_opens() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let key = platform.add("acme", "free").await;
    assert!(key.starts_with("tp_"), "{key}");
    let wrong_end = format!("{}0", &key[..key.len() - 1]);
    let wrong_end = if wrong_end == key {
        format!("{}1", &key[..key.len() - 1])
    } else {
        wrong_end
    };
    let id_only = key
        .rsplit_once('_')
        .map(|(id, _)| format!("{id}_"))
        .expect("an id");
    let upper = key.to_uppercase();
    for wrong in [
        "",
        "tp_x_y",
        "' OR 1=1 --",
        &wrong_end,
        &id_only,
        &upper,
        &"a".repeat(5_000),
    ] {
        let answer = service.caller(wrong).get("").await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (401, "UNAUTHORIZED"),
            "{wrong}"
        );
    }
    let twice = [("X-API-Key", key.clone())];
    let answer = service
        .caller(&wrong_end)
        .send(Method::GET, "", &twice, String::new())
        .await;
    assert_eq!(answer.code(), "UNAUTHORIZED");
    assert_eq!(service.caller(&key).get("").await.status, 200);

    let second = platform
        .said(&["customer", "key", "acme"])
        .await
        .trim()
        .to_owned();
    assert_eq!(service.caller(&second).get("").await.status, 200);
    assert_eq!(
        platform.said(&["customer", "revoke", "acme"]).await,
        "revoked 2 keys\n"
    );
    for revoked in [&key, &second] {
        assert_eq!(service.caller(revoked).get("").await.code(), "UNAUTHORIZED");
    }
    let third = platform.said(&["customer", "key", "acme"]).await;
    assert_eq!(service.caller(third.trim()).get("").await.status, 200);
}

#[tokio::test]
async fn nothing_secret_is_shown_logged_or_stored() {
    const SECRETS: [&str; 3] = ["hunter2-variable", "hunter2-hook", "hunter2-answer"];
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let key = platform.add("acme", "free").await;
    let caller = service.caller(&key);
    let mut body = image("web");
    body["variables"] = json!({ "A": SECRETS[0] });
    body["post_deployment_command"] = format!("echo {}", SECRETS[1]).into();
    let created = caller.create(body).await;
    let uuid = created.body["uuid"].as_str().expect("a uuid").to_owned();
    let mut answers = vec![created];
    let change = json!({ "variables": { "A": SECRETS[0] }, "cpu": 1, "start_command": SECRETS[1] });
    answers.push(caller.patch(&uuid, change).await);
    for (status, method, path) in [
        (500, "GET", "/applications/{uuid}"),
        (401, "PATCH", "/applications/{uuid}"),
        (403, "PATCH", "/applications/{uuid}"),
        (422, "PATCH", "/applications/{uuid}"),
    ] {
        let fault = Fault::status(status).json(json!({ "message": "no", "token": SECRETS[2] }));
        platform.fake.fail_next(fault.on(method, path));
        answers.push(
            caller
                .patch(&uuid, json!({ "start_command": SECRETS[1] }))
                .await,
        );
        platform.fake.clear_faults();
    }
    answers.push(caller.get(&format!("/{uuid}")).await);
    answers.push(caller.get("").await);
    answers.push(caller.get(&format!("/{uuid}/logs")).await);
    let bad = json!({ "name": SECRETS[0], "start_command": [SECRETS[1]], "variables": { "A": [SECRETS[0]] } });
    answers.push(caller.create(bad).await);
    let mut said = platform.everything_stored() + &service.logged();
    for answer in answers {
        let Answer { headers, body, .. } = answer;
        write!(said, "{body}{headers:?}").expect("it is a text");
    }
    said.push_str(&platform.said(&["customer", "list"]).await);
    let token = platform.fake.token().to_owned();
    for secret in SECRETS.iter().copied().chain([&key[..], &token]) {
        assert!(!said.contains(secret), "{secret} is in {said}");
    }
    assert!(
        service
            .logged()
            .contains(&format!("PATCH /api/v1/applications/{uuid} 200"))
    );
}
