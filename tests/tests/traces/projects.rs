//! The contents of projects, and deleting projects.

use std::time::Duration;

use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, message, ok, outage};

const ENVIRONMENTS: &str = "GET /projects/p1/environments";

fn named(uuid: &str, name: &str) -> Value {
    json!({"uuid": uuid, "name": name, "database_type": "standalone-any"})
}

fn environments() -> Reply {
    ok(json!([
        {"id": 7, "uuid": "e1", "name": "production"},
        {"id": 8, "uuid": "e2", "name": "staging"},
        {"uuid": "e3", "name": "without a number"},
    ]))
}

fn database(uuid: &str, environment: Option<i64>) -> Value {
    json!({
        "uuid": uuid, "name": format!("the database {uuid}"), "environment_id": environment,
        "database_type": "standalone-keydb",
    })
}

/// An environment with these lists of resources.
fn environment(uuid: &str, name: &str, lists: Value) -> Reply {
    let mut row = json!({
        "uuid": uuid, "name": name, "applications": [], "services": [], "postgresqls": [],
        "mysqls": [], "mariadbs": [], "mongodbs": [], "redis": [],
    });
    if let (Some(row), Value::Object(lists)) = (row.as_object_mut(), lists) {
        row.extend(lists);
    }
    ok(row)
}

/// A project with something of everything.
async fn stage() -> Stage {
    let all = json!({
        "applications": [named("a1", "web"), named("a2", "api")],
        "services": [named("s1", "wiki")],
        "postgresqls": [named("d1", "orders")],
        "mysqls": [named("d2", "old")],
        "mariadbs": [named("d3", "older")],
        "mongodbs": [named("d4", "documents")],
        "redis": [named("d5", "cache")],
    });
    let databases = [
        database("d1", Some(7)),
        database("d6", Some(8)),
        database("d7", Some(9)),
        database("d8", None),
        database("d9", Some(7)),
    ];
    Stage::set()
        .await
        .on(ENVIRONMENTS, [environments()])
        .on(
            "GET /projects/p1/e1",
            [environment("e1", "production", all)],
        )
        .on(
            "GET /projects/p1/e2",
            [environment("e2", "staging", json!({}))],
        )
        .on(
            "GET /projects/p1/e3",
            [environment("e3", "without a number", json!({}))],
        )
        .on("GET /databases", [ok(databases.to_vec())])
}

#[tokio::test(start_paused = true)]
async fn the_contents_of_a_project_are_those_of_its_environments() {
    let stage = stage().await;
    let contents = stage.client().project("p1").contents().await;
    for one in contents.iter().flatten() {
        stage.story.tell(one.to_string());
    }
    stage.story.tell_of("contents", &contents);
    let _ = stage.clone().on(
        "GET /projects/p1/e2",
        [message(404, "Environment not found.")],
    );
    stage
        .story
        .tell_of("contents", &stage.client().project("p1").contents().await);
    insta::assert_snapshot!(stage.story);
}

/// An environment with this many applications.
fn applications(count: usize) -> Reply {
    let rows: Vec<_> = (1..=count)
        .map(|it| named(&format!("a{it}"), "web"))
        .collect();
    environment("e1", "production", json!({"applications": rows}))
}

async fn of_applications(contents: impl IntoIterator<Item = (u64, usize)>) -> Stage {
    let contents = contents.into_iter();
    Stage::set()
        .await
        .on(
            ENVIRONMENTS,
            [ok(json!([{"id": 7, "uuid": "e1", "name": "production"}]))],
        )
        .since(
            "GET /projects/p1/e1",
            contents.map(|(at, count)| (at, applications(count))),
        )
        .on("GET /databases", [ok(json!([]))])
}

fn full() -> Reply {
    message(400, "Project has resources, so it cannot be deleted.")
}

#[tokio::test(start_paused = true)]
async fn a_project_that_is_not_empty_names_what_is_in_it() {
    let mut all = String::new();
    for count in [0, 1, 10, 11, 12] {
        let stage = of_applications([(0, count)]).await;
        let stage = stage.on("DELETE /projects/p1", [full()]);
        let deleted = stage.client().project("p1").delete().await;
        stage.story.tell_of("deleted", &deleted);
        all += &chapter(&count.to_string(), stage.story);
    }
    for reply in [
        message(200, "Project deleted."),
        message(404, "Project not found."),
    ] {
        let stage = of_applications([(0, 1)])
            .await
            .on("DELETE /projects/p1", [reply]);
        stage
            .story
            .tell_of("deleted", &stage.client().project("p1").delete().await);
        all += &stage.story.to_string();
    }
    let stage = Stage::set().await.on("DELETE /projects/p1", [full()]);
    stage
        .story
        .tell_of("deleted", &stage.client().project("p1").delete().await);
    all += &chapter("unreadable", stage.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_project_is_deleted_when_its_last_resource_is_gone() {
    let deleted = || message(200, "Project deleted.");
    let gone = || message(404, "Project not found.");
    let cases = [
        ("empty", vec![(0, 0)], vec![(0, deleted())]),
        (
            "emptied",
            vec![(0, 2), (7, 0)],
            vec![(0, full()), (7, deleted())],
        ),
        (
            "emptied, but not for Coolify",
            vec![(0, 0)],
            vec![(0, full()), (5, deleted())],
        ),
        ("never emptied", vec![(0, 1)], vec![(0, full())]),
        ("gone before", vec![(0, 0)], vec![(0, gone())]),
        (
            "gone meanwhile",
            vec![(0, 0)],
            vec![(0, full()), (3, gone())],
        ),
        (
            "a lost reply",
            vec![(0, 0)],
            vec![(0, Reply::Cut), (3, gone())],
        ),
        (
            "an outage",
            vec![(0, 0)],
            vec![(0, outage()), (30, deleted())],
        ),
        (
            "refused",
            vec![(0, 0)],
            vec![(0, full()), (3, message(403, "No."))],
        ),
    ];
    let mut all = String::new();
    for (name, contents, replies) in cases {
        let stage = of_applications(contents).await;
        let stage = stage.since("DELETE /projects/p1", replies);
        let deletion = stage.client().project("p1").delete();
        let end = deletion
            .poll_every(Duration::from_secs(20))
            .and_wait()
            .await;
        stage.story.tell_of("end", &end);
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn each_call_has_its_request() {
    let project = json!({"uuid": "p1", "name": "shop", "description": "d"});
    let row = json!({"id": 7, "uuid": "e1", "name": "production"});
    let stage = Stage::set()
        .await
        .on("GET /projects", [ok(json!([project]))])
        .on("POST /projects", [ok(json!({"uuid": "p1"}))])
        .on("GET /projects/p1", [ok(project.clone())])
        .on("PATCH /projects/p1", [ok(project)])
        .on(ENVIRONMENTS, [ok(json!([row]))])
        .on(
            "POST /projects/p1/environments",
            [ok(json!({"uuid": "e1"}))],
        )
        .on(
            "GET /projects/p1/my%20env",
            [environment("e1", "my env", json!({}))],
        )
        .on("PATCH /projects/p1/environments/e1", [ok(row)])
        .on(
            "DELETE /projects/p1/environments/e1",
            [message(200, "deleted")],
        );
    let (coolify, story) = (stage.client(), &stage.story);
    story.tell_of("list", &coolify.projects().list().await);
    let create = coolify.projects().create("shop").description("d");
    story.tell_of("created", &create.await);
    let project = coolify.project("p1");
    story.tell_of("get", &project.get().await);
    story.tell_of(
        "updated",
        &project.update().clear_description().name("new").await,
    );
    story.tell_of("environments", &project.environments().list().await);
    story.tell_of("created", &project.environments().create("staging").await);
    story.tell_of("environment", &project.environment("my env").get().await);
    let environment = project.environment("e1");
    story.tell_of("updated", &environment.update().name("new").await);
    story.tell_of("deleted", &environment.delete().await);
    insta::assert_snapshot!(story);
}
