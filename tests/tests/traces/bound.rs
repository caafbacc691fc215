//! When a client that is bound to a project checks where a resource is.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use crate::stage::{Reply, Stage, ok, outage};

fn in_environment(uuid: &str, id: i64) -> Reply {
    ok(json!({"uuid": uuid, "name": "web", "environment_id": id}))
}

/// A read relies on a check of the last 30 seconds, a write does not.
#[tokio::test(start_paused = true)]
async fn a_resource_is_known_to_be_in_the_project_for_a_while() {
    let environments = json!([{"id": 7, "uuid": "e1", "name": "production"}]);
    let stage = Stage::set()
        .await
        .on("GET /applications/a1", [in_environment("a1", 7)])
        .on("GET /applications/a1/envs", [ok(json!([]))])
        .on("PATCH /applications/a1", [ok(json!({"uuid": "a1"}))])
        .on("GET /projects/p1/environments", [ok(environments)]);
    let story = &stage.story;
    let application = stage.client().in_project("p1").application("a1");
    let read = || application.envs().list();
    let write = || application.update().description("new").send();
    story.tell_of("read", &read().await);
    sleep(Duration::from_secs(29)).await;
    story.tell_of("read", &read().await);
    sleep(Duration::from_secs(1)).await;
    story.tell_of("read", &read().await);
    story.tell_of("written", &write().await);

    sleep(Duration::from_secs(10)).await;
    let _ = stage
        .clone()
        .on("GET /applications/a1", [in_environment("a1", 8)]);
    story.tell("it is moved to another project");
    story.tell_of("written", &write().await);
    sleep(Duration::from_secs(19)).await;
    story.tell_of("read", &read().await);
    sleep(Duration::from_secs(1)).await;
    story.tell_of("read", &read().await);
    story.tell_of("shown", &application.get().await);
    insta::assert_snapshot!(story);
}

/// Each of several resources is looked for among the applications, databases and services.
#[tokio::test(start_paused = true)]
async fn what_is_deployed_is_in_the_project() {
    let environments = json!([{"id": 7, "uuid": "e1", "name": "production"}]);
    let queued = json!({"deployments": [
        {"deployment_uuid": "d1", "resource_uuid": "a1", "message": "queued"},
    ]});
    let stage = Stage::set()
        .await
        .on("GET /applications/a1", [in_environment("a1", 7)])
        .on("GET /applications/a2", [in_environment("a2", 8)])
        .on("GET /services/s1", [in_environment("s1", 7)])
        .on("GET /projects/p1/environments", [ok(environments)])
        .on("POST /deploy", [ok(queued)]);
    let deployments = stage.client().in_project("p1").deployments();
    for uuids in [
        vec!["a1"],
        vec![" a1 "],
        vec!["a1", "s1"],
        vec!["a1", "a2"],
        vec!["a1,a2"],
        vec!["x1"],
    ] {
        stage.story.tell(format!("--- {uuids:?}"));
        let rollout = deployments.rollout(uuids).send().await;
        stage
            .story
            .tell_of("runs", &rollout.map(|it| it.runs.len()));
    }
    let tagged = deployments.rollout_tag("beta").send().await;
    stage
        .story
        .tell_of("runs of a tag", &tagged.map(|it| it.runs.len()));
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_cannot_be_looked_through_is_not_shown() {
    let stage = Stage::set().await;
    let coolify = stage.client().in_project("p1");
    let text = |text: &str| Reply::Say(200, "application/json", text.to_owned());
    for (name, reply) in [
        ("no JSON", text("[")),
        ("a text", text("\"all\"")),
        ("null", text("null")),
        ("numbers", text("[1, 2]")),
        ("no place", ok(json!([{"uuid": "a1", "name": "web"}]))),
        ("an outage", outage()),
    ] {
        stage.story.tell(format!("--- {name}"));
        let _ = stage.clone().on("GET /applications", [reply.clone()]);
        let _ = stage.clone().on("GET /applications/a1", [reply]);
        stage
            .story
            .tell_of("list", &coolify.applications().list().await);
        stage
            .story
            .tell_of("one", &coolify.application("a1").get().await);
    }
    insta::assert_snapshot!(stage.story);
}
