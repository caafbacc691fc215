//! Crashes and lost answers: no application is lost, and none is made twice.

use std::time::Duration;

use coolify_sdk::resource::Volumes;
use coolify_sdk::testing::Fault;
use reqwest::Method;
use serde_json::json;
use tokio::time::sleep;

use super::service::{Caller, Platform, image};

const CREATE: &str = "/applications/dockerimage";

/// Waits until no record is uncertain.
async fn until_settled(caller: &Caller) {
    for _ in 0..300 {
        let all = caller.list().await;
        let applications = all["applications"].as_array().expect("a list");
        if applications.iter().all(|it| it["state"] == "created") {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("it is not settled: {}", caller.list().await);
}

#[tokio::test]
async fn the_state_survives_a_restart() {
    let platform = Platform::new(&[]).await;
    let key = platform.add("acme", "free").await;
    let service = platform.serve().await;
    let uuid = service.caller(&key).created(image("web")).await;
    assert!(service.terminate().await);
    let service = platform.serve().await;
    let caller = service.caller(&key);
    assert_eq!(caller.get(&format!("/{uuid}")).await.body["name"], "web");
    for name in ["api", "job"] {
        caller.created(image(name)).await;
    }
    assert_eq!(caller.create(image("more")).await.code(), "QUOTA_EXCEEDED");
}

#[tokio::test]
async fn a_lost_answer_is_found_out() {
    let platform = Platform::new(&[]).await;
    let service = platform.serve().await;
    let caller = service.caller(&platform.add("acme", "free").await);
    platform
        .fake
        .fail_next(Fault::lost_reply().on("POST", CREATE));
    let uuid = caller.created(image("web")).await;
    assert_eq!(platform.coolify("applications").len(), 1);
    assert_eq!(
        caller.get(&format!("/{uuid}")).await.body["state"],
        "created"
    );
    let other = service.caller(&platform.add("birch", "free").await);
    for (fault, status, code) in [
        (Fault::status(403), 502, "UPSTREAM_ERROR"),
        (Fault::status(503), 503, "UPSTREAM_UNAVAILABLE"),
    ] {
        platform.fake.fail_next(fault.on("POST", "/projects"));
        let answer = other.create(image("web")).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (status, code));
        assert_eq!(other.list().await["used"], 0);
    }
    platform
        .fake
        .fail_next(Fault::lost_reply().on("POST", "/projects"));
    other.created(image("web")).await;
    assert_eq!(platform.coolify("projects").len(), 2, "none is made twice");
}

/// The service is killed after Coolify has created the application, and before the
/// answer arrives.
#[tokio::test]
async fn an_application_that_a_crash_has_hidden_is_adopted() {
    let platform = Platform::new(&[]).await;
    let key = platform.add("acme", "free").await;
    let service = platform.serve().await;
    service.caller(&key).created(image("first")).await;
    platform
        .fake
        .fail_next(Fault::slow(Duration::from_secs(5)).on("POST", CREATE));
    let caller = service.caller(&key);
    let mut body = image("hidden");
    body["variables"] = json!({ "A": "b" });
    let creation = tokio::spawn(async move { caller.create(body).await });
    for _ in 0..100 {
        if platform.coolify("applications").len() == 2 {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    service.kill().await;
    assert!(creation.await.is_err(), "the customer got no answer");
    assert_eq!(platform.coolify("applications").len(), 2);

    let service = platform.serve().await;
    let caller = service.caller(&key);
    assert_eq!(
        caller.list().await["used"],
        2,
        "it counts from the beginning"
    );
    until_settled(&caller).await;
    let all = caller.list().await;
    let hidden = &all["applications"][1];
    assert_eq!(hidden["name"], "hidden");
    assert!(
        hidden["warnings"][0]
            .as_str()
            .expect("a warning")
            .contains("variables")
    );
    let uuid = hidden["uuid"].as_str().expect("a uuid");
    let changed = caller
        .patch(uuid, json!({ "variables": { "A": "b" } }))
        .await;
    assert_eq!(changed.body["updated_fields"], json!(["variables.A"]));
    assert_eq!(
        caller.get(&format!("/{uuid}")).await.body["warnings"],
        json!([])
    );
    caller.created(image("third")).await;
    assert_eq!(
        caller.create(image("fourth")).await.code(),
        "QUOTA_EXCEEDED"
    );
    assert_eq!(platform.coolify("applications").len(), 3);
}

/// The service is killed before Coolify has done anything.
#[tokio::test]
async fn a_reservation_without_an_application_is_given_up() {
    let platform = Platform::new(&["--grace", "1"]).await;
    let key = platform.add("acme", "free").await;
    let service = platform.serve().await;
    // The service is killed while it creates a project.
    platform
        .fake
        .fail_next(Fault::slow(Duration::from_secs(5)).on("POST", "/projects"));
    let caller = service.caller(&key);
    let creation = tokio::spawn(async move { caller.create(image("never")).await });
    platform.until_asked("POST", "/projects").await;
    service.kill().await;
    assert!(creation.await.is_err());

    let service = platform.serve().await;
    let caller = service.caller(&key);
    until_settled(&caller).await;
    assert_eq!(caller.list().await["used"], 0);
    for name in ["one", "two", "three"] {
        caller.created(image(name)).await;
    }
    assert_eq!(
        platform.coolify("projects").len(),
        1,
        "the project is found again"
    );
    assert_eq!(platform.coolify("applications").len(), 3);
}

#[tokio::test]
async fn a_deletion_that_a_crash_has_interrupted_is_finished() {
    let platform = Platform::new(&[]).await;
    let key = platform.add("acme", "free").await;
    let service = platform.serve().await;
    let caller = service.caller(&key);
    let uuid = caller.created(image("web")).await;
    let slow = Fault::slow(Duration::from_secs(5)).on("DELETE", "/applications/{uuid}");
    platform.fake.fail_next(slow);
    let deletion = tokio::spawn(async move {
        caller
            .call(
                Method::DELETE,
                &format!("/{uuid}?delete_volumes=true"),
                None,
            )
            .await
    });
    for _ in 0..100 {
        if platform
            .fake
            .requests()
            .iter()
            .any(|it| it.method == "DELETE")
        {
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    service.kill().await;
    assert!(deletion.await.is_err());
    let service = platform.serve().await;
    let caller = service.caller(&key);
    until_settled(&caller).await;
    assert_eq!(caller.list().await["used"], 0);
    assert!(platform.coolify("applications").is_empty());
}

#[tokio::test]
async fn the_operator_settles_on_demand() {
    let platform = Platform::new(&[]).await;
    let key = platform.add("acme", "free").await;
    let service = platform.serve().await;
    let caller = service.caller(&key);
    for name in ["web", "api"] {
        caller.created(image(name)).await;
    }
    // Somebody deletes one in the dashboard.
    let gone = platform.coolify("applications")[0]["uuid"]
        .as_str()
        .expect("a uuid")
        .to_owned();
    let coolify = platform.fake.client();
    let deletion = coolify.application(&gone).delete(Volumes::Delete);
    deletion.and_wait().await.expect("it is deleted");
    let said = platform.said(&["settle"]).await;
    assert_eq!(
        said,
        "0 adopted, 0 given up, 1 gone, 0 with new limits, 0 not certain yet\n"
    );
    assert_eq!(caller.list().await["used"], 1);
    // Only one service at a time.
    let second = platform.run(&["serve", "--listen", "127.0.0.1:0"]).await;
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another process"));
}

#[tokio::test]
async fn a_project_that_somebody_has_deleted_is_made_again() {
    let platform = Platform::new(&[]).await;
    let key = platform.add("acme", "free").await;
    let service = platform.serve().await;
    let caller = service.caller(&key);
    for name in ["one", "two", "three"] {
        caller.created(image(name)).await;
    }
    let coolify = platform.fake.client();
    for application in platform.coolify("applications") {
        let uuid = application["uuid"].as_str().expect("a uuid");
        let deletion = coolify.application(uuid).delete(Volumes::Delete);
        deletion.and_wait().await.expect("it is deleted");
    }
    let project = platform.coolify("projects")[0]["uuid"].clone();
    let project = coolify.project(project.as_str().expect("a uuid"));
    project.delete().await.expect("it is deleted");
    let said = platform.said(&["settle"]).await;
    assert!(said.contains("3 gone"), "{said}");
    caller.created(image("again")).await;
    // Without settling first, one request fails.
    let application = platform.coolify("applications")[0]["uuid"].clone();
    let deletion = coolify.application(application.as_str().expect("a uuid"));
    let deletion = deletion.delete(Volumes::Delete).and_wait().await;
    deletion.expect("it is deleted");
    let project = platform.coolify("projects")[0]["uuid"].clone();
    let project = coolify.project(project.as_str().expect("a uuid"));
    project.delete().await.expect("it is deleted");
    assert_eq!(caller.create(image("more")).await.code(), "UPSTREAM_ERROR");
    caller.created(image("more")).await;
}

#[tokio::test]
async fn what_was_begun_is_finished_at_the_end() {
    let platform = Platform::new(&[]).await;
    let key = platform.add("acme", "free").await;
    let service = platform.serve().await;
    platform
        .fake
        .fail_next(Fault::slow(Duration::from_secs(2)).on("POST", CREATE));
    let caller = service.caller(&key);
    let creation = tokio::spawn(async move { caller.create(image("web")).await });
    platform.until_asked("POST", CREATE).await;
    assert!(service.terminate().await);
    assert_eq!(creation.await.expect("an answer").status, 201);
    let service = platform.serve().await;
    let caller = service.caller(&key);
    assert_eq!(caller.list().await["applications"][0]["state"], "created");
}
