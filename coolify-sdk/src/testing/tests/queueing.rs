//! Which deployment is followed after Coolify's reply about a queued one.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};

use crate::applications::ApplicationHandle;
use crate::deployments::{ResourceRun, Rollout};
use crate::testing::{FakeCoolify, Fault};
use crate::{Coolify, ErrorKind, Pacing, RetryPolicy};

fn client(fake: &FakeCoolify) -> Coolify {
    Coolify::builder()
        .url(fake.url())
        .token(fake.token())
        .pacing(Pacing::off())
        .build()
        .unwrap()
        .with_retry(RetryPolicy::none())
}

fn applications<const N: usize>(fake: &FakeCoolify, names: [&str; N]) -> [ApplicationHandle; N] {
    let project = fake.seed_project("shop");
    let coolify = client(fake);
    names.map(|name| coolify.application(fake.seed_application(&project, name)))
}

/// Makes the next read of a deployment fail.
fn refuse_reads(fake: &FakeCoolify, status: u16, path: &str) {
    fake.fail_next(Fault::status(status).on("GET", path));
}

#[tokio::test]
async fn only_what_is_known_not_to_be_there_was_not_made() {
    let fake = FakeCoolify::start().await;
    let [app] = applications(&fake, ["web"]);
    let run = app.start().await.unwrap();
    let path = format!("/deployments/{}", run.uuid());
    assert!(!run.joined());
    // If the deployment cannot be read, this says nothing about the queue.
    for status in [403, 500, 503] {
        let fake = FakeCoolify::start().await;
        let [app] = applications(&fake, ["web"]);
        fake.fail_next(
            Fault::status(200)
                .json(serde_json::json!({
                    "message": "Deployment request queued.",
                    "deployment_uuid": "d1",
                }))
                .on("POST", format!("/applications/{}/start", app.uuid())),
        );
        refuse_reads(&fake, status, "/deployments/d1");
        assert_eq!(app.start().await.unwrap().uuid(), "d1");
    }
    // The deployment does not exist.
    let fake = FakeCoolify::builder()
        .deployment_queue_limit(0)
        .start()
        .await;
    let [app] = applications(&fake, ["web"]);
    for error in [
        app.start().await.unwrap_err(),
        app.restart().await.unwrap_err(),
    ] {
        assert!(error.is_queue_full(), "{error}");
        assert!(error.hint().unwrap().contains("cancel some"));
    }
    drop(path);
}

#[tokio::test]
async fn what_is_equal_is_followed_where_it_is() {
    let fake = FakeCoolify::start().await;
    let [web, api] = applications(&fake, ["web", "api"]);
    let first = web.deploy().await.unwrap();
    let deployments = client(&fake).deployments();
    let rollout = deployments.rollout([web.uuid(), api.uuid()]).await.unwrap();
    let joined: Vec<_> = rollout.runs.iter().map(|one| one.run.joined()).collect();
    assert_eq!(joined, [true, false]);
    assert_eq!(rollout.runs[0].run.uuid(), first.uuid());
    assert_eq!(rollout.messages.len(), 2);

    // With a tag, the messages do not name a resource.
    for app in [&web, &api] {
        app.tags().add("beta").await.unwrap();
    }
    let again = deployments.rollout_tag("beta").await.unwrap();
    let uuids: Vec<_> = again.runs.iter().map(|one| one.run.uuid()).collect();
    assert_eq!(uuids, [first.uuid(), rollout.runs[1].run.uuid()]);
    assert!(again.runs.iter().all(|one| one.run.joined()));
    let forced = deployments.rollout_tag("beta").force().await.unwrap();
    assert!(forced.runs.iter().all(|one| !one.run.joined()));
}

#[tokio::test]
async fn of_a_tag_only_what_is_doubtful_is_looked_for() {
    let fake = FakeCoolify::start().await;
    let [web] = applications(&fake, ["web"]);
    web.tags().add("beta").await.unwrap();
    let deployments = client(&fake).deployments();
    let before = fake.requests().len();
    deployments.rollout_tag("beta").await.unwrap();
    assert_eq!(fake.requests().len(), before + 1, "nothing is doubtful");
    // An equal deployment is queued but cannot be read: the report says so, and
    // contains the others.
    refuse_reads(
        &fake,
        403,
        &format!("/deployments/applications/{}", web.uuid()),
    );
    let rollout = deployments.rollout_tag("beta").await.unwrap();
    assert!(rollout.runs.is_empty());
    assert_eq!(rollout.without_run, [web.uuid().clone()]);
    assert!(rollout.messages[1].starts_with(web.uuid().as_str()));
}

#[tokio::test]
async fn what_is_over_by_now_is_said_to_be() {
    let fake = FakeCoolify::start().await;
    let [web] = applications(&fake, ["web"]);
    let path = "/deploy";
    let message = "Deployment already queued for this commit.";
    let queued = serde_json::json!({"deployments": [{
        "message": message, "resource_uuid": web.uuid(), "deployment_uuid": "ghost",
    }]});
    fake.fail_next(Fault::status(200).json(queued.clone()).on("POST", path));
    let error = web.deploy().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.hint().unwrap().contains("`force()`"));
    // If nothing can be read, the error says so, and that a deployment is queued.
    fake.fail_next(Fault::status(200).json(queued).on("POST", path));
    refuse_reads(
        &fake,
        403,
        &format!("/deployments/applications/{}", web.uuid()),
    );
    let error = web.deploy().await.unwrap_err();
    assert!(error.is_forbidden());
    assert!(
        error
            .hint()
            .unwrap()
            .contains("an equal deployment was already queued")
    );
}

#[tokio::test]
async fn a_reply_that_deploys_nothing_says_why() {
    let fake = FakeCoolify::start().await;
    let [web] = applications(&fake, ["web"]);
    let unknown = web.deploy().pull_request(9).await.unwrap_err();
    assert!(unknown.is_not_found());
    assert!(unknown.to_string().contains("Pull request 9 not found"));
    for (message, said) in [
        (
            serde_json::json!("Unauthorized to deploy this application."),
            "Unauthorized to deploy",
        ),
        (serde_json::json!(null), "Coolify gave no reason"),
    ] {
        let reply = serde_json::json!({"deployments": [{
            "message": message, "resource_uuid": web.uuid(),
        }]});
        fake.fail_next(Fault::status(200).json(reply).on("POST", "/deploy"));
        let error = web.deploy().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(error.operation(), Some("deploy-by-tag-or-uuid"));
    }
}

#[tokio::test]
async fn no_uuid_smuggles_another_in() {
    let fake = FakeCoolify::start().await;
    let [web, api] = applications(&fake, ["web", "api"]);
    let deployments = client(&fake).deployments();
    let both = format!("{},{}", web.uuid(), api.uuid());
    for uuids in [
        vec![both.as_str()],
        vec![web.uuid().as_str(), "a,b"],
        vec![""],
        vec![],
    ] {
        let error = deployments
            .rollout(uuids.iter().copied())
            .await
            .unwrap_err();
        assert!(error.is_invalid_request(), "{uuids:?}");
    }
    assert!(
        client(&fake)
            .application(both)
            .deploy()
            .await
            .unwrap_err()
            .is_invalid_request()
    );
    assert!(fake.requests().is_empty());
    let rollout = deployments
        .rollout([web.uuid().as_str(), "nobody"])
        .await
        .unwrap();
    assert_eq!(rollout.unknown, ["nobody"]);
    assert_eq!(rollout.runs.len(), 1);
}

#[tokio::test]
async fn a_preview_joins_the_preview_that_is_queued() {
    let fake = FakeCoolify::start().await;
    let [web] = applications(&fake, ["web"]);
    let queued = serde_json::json!({"deployments": [{
        "message": "Deployment already queued for this commit.",
        "resource_uuid": web.uuid(), "deployment_uuid": "ghost",
    }]});
    fake.fail_next(Fault::status(200).json(queued).on("POST", "/deploy"));
    let row = |uuid: &str, number: i64| {
        serde_json::json!({
            "deployment_uuid": uuid, "status": "queued", "pull_request_id": number,
        })
    };
    let rows = [row("d-main", 0), row("d-8", 8), row("d-7", 7)];
    let page = serde_json::json!({"count": 3, "deployments": rows});
    let path = format!("/deployments/applications/{}", web.uuid());
    fake.fail_next(Fault::status(200).json(page).on("GET", path));
    let run = web.deploy().pull_request(7).await.unwrap();
    assert_eq!(run.uuid(), "d-7");
    assert!(run.joined());
}

#[tokio::test]
async fn of_a_history_that_grows_no_deployment_comes_twice() {
    let fake = FakeCoolify::start().await;
    let [web] = applications(&fake, ["web"]);
    let row = |id: Option<i64>, uuid: &str| {
        serde_json::json!({
            "id": id, "deployment_uuid": uuid, "status": "finished",
        })
    };
    let all: Vec<_> = (1..=30)
        .rev()
        .map(|id| row(Some(id), &format!("d{id}")))
        .collect();
    // Two were queued after the first page, and one has no id.
    let mut second = vec![row(None, "odd")];
    second.extend_from_slice(&all[23..]);
    for rows in [&all[..25], &second] {
        let page = serde_json::json!({"count": 32, "deployments": rows});
        let path = format!("/deployments/applications/{}", web.uuid());
        fake.fail_next(Fault::status(200).json(page).on("GET", path));
    }
    let seen: Vec<_> = web.deployments().stream().try_collect().await.unwrap();
    let seen: Vec<_> = seen
        .iter()
        .map(|it| it.deployment_uuid.to_string())
        .collect();
    let mut wanted: Vec<_> = (1..=30).rev().map(|id| format!("d{id}")).collect();
    wanted.insert(25, "odd".to_owned());
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn a_deployment_that_is_lost_sight_of_counts_as_failed() {
    let fake = FakeCoolify::start().await;
    let [web] = applications(&fake, ["web"]);
    let found = web.deploy().await.unwrap();
    let lost = client(&fake).deployment("ghost").follow();
    let rollout = Rollout::from_iter([
        ResourceRun::new(web.uuid(), found),
        ResourceRun::new("nobody", lost),
    ]);
    let events = rollout.poll_every(Duration::from_millis(100)).events();
    let all: Vec<_> = events.collect().await;
    assert_eq!(all.iter().filter(|one| one.event.is_err()).count(), 1);
    let progress = all.last().unwrap().progress;
    assert_eq!(progress.to_string(), "1 of 2 finished, 1 failed");
    assert!(progress.is_over());
}

#[tokio::test]
async fn a_deployment_may_come_without_its_resource() {
    let fake = FakeCoolify::start().await;
    let [web] = applications(&fake, ["web"]);
    let rows = serde_json::json!([
        {"message": "queued", "resource_uuid": "another", "deployment_uuid": "d0"},
        {"message": "queued", "deployment_uuid": "d1"},
    ]);
    let reply = serde_json::json!({ "deployments": rows });
    fake.fail_next(Fault::status(200).json(reply.clone()).on("POST", "/deploy"));
    assert_eq!(web.deploy().await.unwrap().uuid(), "d1");
    // Of several, nobody knows whose it is; its message is kept.
    fake.fail_next(Fault::status(200).json(reply).on("POST", "/deploy"));
    let rollout = client(&fake)
        .deployments()
        .rollout([web.uuid()])
        .await
        .unwrap();
    assert_eq!(rollout.messages, ["queued", "queued"]);
    assert_eq!(rollout.unknown, [web.uuid().clone()]);
}

#[tokio::test]
async fn the_run_of_a_task_is_the_first_that_is_new() {
    let fake = FakeCoolify::start().await;
    let [web] = applications(&fake, ["web"]);
    let tasks = web.scheduled_tasks();
    let task = tasks.create("hello", "echo hello", "hourly").await.unwrap();
    let path = format!(
        "/applications/{}/scheduled-tasks/{}/executions",
        web.uuid(),
        task.uuid
    );
    let run = |uuid: &str| {
        serde_json::json!({
            "uuid": uuid, "status": "success", "message": uuid,
            "finished_at": "2026-11-22T00:26:56.000000Z",
        })
    };
    // The newest comes first.
    for rows in [
        vec![run("old")],
        vec![run("clock"), run("ours"), run("old")],
    ] {
        let rows = serde_json::json!(rows);
        fake.fail_next(Fault::status(200).json(rows).on("GET", path.as_str()));
    }
    let output = tasks.execute(&task.uuid).and_wait().await.unwrap();
    assert_eq!(output.output, "ours");
}
