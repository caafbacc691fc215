//! What starting a deployment makes of each reply.

use coolify_sdk::deployments::{DeploymentRun, Rollout};
use coolify_sdk::{Coolify, Result};
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, failure, message, ok, outage, status};

const NEWEST: &str = "GET /deployments/applications/a1";

fn queued(uuid: Option<&str>, resource: Option<&str>, text: &str) -> Value {
    json!({"deployment_uuid": uuid, "resource_uuid": resource, "message": text})
}

fn deployments(rows: impl Into<Value>) -> Reply {
    ok(json!({ "deployments": rows.into() }))
}

/// The newest deployments of the application.
fn newest(rows: &[(&str, &str, Option<i64>)]) -> Reply {
    let rows: Vec<_> = rows
        .iter()
        .map(|(uuid, status, number)| {
            json!({"deployment_uuid": uuid, "status": status, "pull_request_id": number})
        })
        .collect();
    ok(json!({"count": rows.len(), "deployments": rows}))
}

fn of_run(run: &Result<DeploymentRun>) -> String {
    match run {
        Ok(run) => format!("a run of {}, joined: {}", run.uuid(), run.joined()),
        Err(error) => failure(error),
    }
}

const DUPLICATE: &str = "Deployment already queued for this commit.";

#[tokio::test(start_paused = true)]
async fn a_deploy_follows_what_the_reply_names() {
    let stage = Stage::set().await;
    let story = stage.story.clone();
    let ours = || deployments([queued(Some("d1"), Some("a1"), "queued")]);
    let cases = [
        ("the deployment", ours()),
        (
            "the entry of the application, among others",
            deployments([
                queued(Some("d0"), Some("a0"), "queued"),
                queued(Some("d1"), Some("a1"), "queued"),
                queued(Some("d2"), Some("a1"), "queued"),
            ]),
        ),
        (
            "an entry without a resource",
            deployments([queued(Some("d3"), None, "queued")]),
        ),
        (
            "no entry of the application",
            deployments([queued(Some("d0"), Some("a0"), "queued")]),
        ),
        ("no entries", deployments(json!([]))),
        ("nothing at all", ok(json!({}))),
        (
            "no deployment, and why",
            deployments([queued(None, Some("a1"), "Application web has no server.")]),
        ),
        (
            "no such preview",
            deployments([queued(None, Some("a1"), "Pull Request 7 NOT FOUND.")]),
        ),
        (
            "no such resource",
            deployments([queued(None, Some("a1"), "Resource not found.")]),
        ),
        (
            "an unknown application",
            message(404, "No resources found."),
        ),
        (
            "a full queue",
            message(
                429,
                "Deployment queue is full. Please wait for existing deployments to complete.",
            ),
        ),
        ("a lost connection", Reply::Cut),
    ];
    let application = stage.client().application("a1");
    for (name, reply) in cases {
        let stage = stage.clone().on("POST /deploy", [reply]);
        stage.story.tell(format!("--- {name}"));
        let run = application.deploy().pull_request(7).await;
        story.tell(of_run(&run));
    }
    story.tell("--- everything set");
    let _ = stage.clone().on("POST /deploy", [ours()]);
    let deploy = application.deploy().force();
    let run = deploy.pull_request(7).docker_tag("pr-7").send().await;
    story.tell(of_run(&run));
    story.tell("--- nothing set");
    story.tell(of_run(&application.deploy().await));
    story.tell("--- no uuid");
    let run = stage.client().application("a/../b").deploy().await;
    story.tell(of_run(&run));
    insta::assert_snapshot!(story);
}

#[tokio::test(start_paused = true)]
async fn an_equal_deployment_is_joined() {
    let stage = Stage::set().await;
    let story = stage.story.clone();
    let cases = [
        (
            "what waits rather than what runs",
            newest(&[
                ("d9", "finished", None),
                ("d8", "in_progress", None),
                ("d7", "queued", Some(7)),
                ("d6", "queued", Some(0)),
            ]),
        ),
        (
            "what runs, with an unknown status",
            newest(&[("d9", "failed", None), ("d8", "paused", Some(0))]),
        ),
        (
            "only what has ended",
            newest(&[("d9", "cancelled-by-user", None), ("d8", "finished", None)]),
        ),
        ("nothing", newest(&[])),
        (
            "a list that fails",
            message(403, "Missing required permissions: read"),
        ),
        (
            "a list that is not found",
            message(404, "Application not found"),
        ),
        ("an outage", outage()),
    ];
    let application = stage.client().application("a1");
    let duplicate = deployments([queued(Some("d0"), Some("a1"), DUPLICATE)]);
    let stage = stage.on("POST /deploy", [duplicate]);
    for (name, reply) in cases {
        let stage = stage.clone().on(NEWEST, [reply]);
        stage.story.tell(format!("--- {name}"));
        story.tell(of_run(&application.deploy().await));
    }
    story.tell("--- of the preview");
    let rows = newest(&[("d9", "queued", None), ("d8", "queued", Some(7))]);
    let _ = stage.on(NEWEST, [rows]);
    story.tell(of_run(&application.deploy().pull_request(7).await));
    insta::assert_snapshot!(story);
}

/// Coolify answers a start, a restart and a rollback with a deployment even if its queue
/// was full.
#[tokio::test(start_paused = true)]
async fn a_start_is_looked_after() {
    let stage = Stage::set().await;
    let story = stage.story.clone();
    let reply = |uuid: &str| ok(json!({"message": "queued", "deployment_uuid": uuid}));
    let row = ok(json!({"deployment_uuid": "d1", "status": "queued"}));
    let duplicate = ok(json!({"message": DUPLICATE, "deployment_uuid": "d0"}));
    let nothing = ok(json!({"message": "Application is not deployable."}));
    let stage = stage
        .on("GET /deployments/d1", [row])
        .on("GET /deployments/d3", [message(500, "Server Error")])
        .on(NEWEST, [newest(&[("d7", "in_progress", None)])]);
    let application = stage.client().application("a1");
    for (name, reply) in [
        ("made", reply("d1")),
        ("not made, because the queue is full", reply("d2")),
        ("perhaps made", reply("d3")),
        ("made before", duplicate),
        ("refused", nothing),
        ("without an answer", Reply::Cut),
    ] {
        story.tell(format!("--- {name}"));
        let stage = stage
            .clone()
            .on("POST /applications/a1/start", [reply.clone()])
            .on("POST /applications/a1/restart", [reply.clone()])
            .on("POST /applications/a1/rollback", [reply]);
        stage.story.tell(of_run(&application.start().await));
        story.tell(of_run(&application.restart().await));
        story.tell(of_run(&application.rollback("abc1234").await));
    }
    story.tell("--- with options");
    let start = application.start().force(true).instant_deploy(true);
    story.tell(of_run(&start.await));
    insta::assert_snapshot!(story);
}

fn of_rollout(rollout: &Result<Rollout>) -> String {
    let rollout = match rollout {
        Ok(rollout) => rollout,
        Err(error) => return failure(error),
    };
    let runs = rollout.runs.iter().map(|it| {
        let (uuid, joined) = (it.run.uuid(), it.run.joined());
        format!("{} by {uuid}, joined: {joined}", it.resource)
    });
    let runs: Vec<_> = runs.collect();
    let (without, unknown) = (&rollout.without_run, &rollout.unknown);
    format!(
        "runs: {}\nwithout a run: {without:?}\nunknown: {unknown:?}\nmessages: {:#?}",
        runs.join("; "),
        rollout.messages
    )
}

#[tokio::test(start_paused = true)]
async fn a_rollout_of_resources_has_an_entry_for_each() {
    let stage = Stage::set().await;
    let story = stage.story.clone();
    let rows = deployments([
        queued(Some("d1"), Some("a1"), "Application web deployment queued."),
        queued(Some("d0"), Some("a2"), DUPLICATE),
        queued(None, Some("a3"), DUPLICATE),
        queued(None, Some("db"), "Database orders started."),
        queued(Some("d5"), None, "Something was deployed."),
        json!({"deployment_uuid": "d6", "resource_uuid": "a6"}),
    ]);
    let stage = stage
        .on("POST /deploy", [rows])
        .on(
            "GET /deployments/applications/a2",
            [newest(&[("d2", "queued", None)])],
        )
        .on("GET /deployments/applications/a3", [newest(&[])]);
    let deployments = stage.client().deployments();
    let resources = ["a1", "a2", "a3", "db", "a6", "nosuch"];
    story.tell(of_rollout(&deployments.rollout(resources).await));
    story.tell(of_rollout(&deployments.rollout("a1").force().await));
    story.tell("--- nothing was named, and no uuid");
    let none: [&str; 0] = [];
    story.tell(of_rollout(&deployments.rollout(none).await));
    story.tell(of_rollout(&deployments.rollout(["a1", "b?c"]).await));
    story.tell("--- refused");
    let _ = stage.on("POST /deploy", [message(404, "No resources found.")]);
    story.tell(of_rollout(&deployments.rollout(["a1"]).await));
    insta::assert_snapshot!(story);
}

/// In the reply to a tag, the messages do not name a resource.
#[tokio::test(start_paused = true)]
async fn a_rollout_of_a_tag_is_checked_if_one_was_queued_before() {
    let stage = Stage::set().await;
    let story = stage.story.clone();
    let details = [
        json!({"deployment_uuid": "d1", "resource_uuid": "a1"}),
        json!({"deployment_uuid": "d2", "resource_uuid": "a2"}),
        json!({"deployment_uuid": "d3", "resource_uuid": "a3"}),
        json!({"resource_uuid": "a4"}),
        json!({"deployment_uuid": "d5"}),
    ];
    let stage = stage
        .on(
            "GET /deployments/d1",
            [ok(json!({"deployment_uuid": "d1", "status": "queued"}))],
        )
        .on(
            "GET /deployments/applications/a2",
            [newest(&[("d7", "in_progress", None)])],
        );
    let deployments = stage.client().deployments();
    for messages in [
        vec!["Application web deployment queued.", "Service db started."],
        vec!["Application web deployment queued.", DUPLICATE],
        vec![],
    ] {
        let reply = ok(json!({"message": messages, "details": details}));
        let stage = stage.clone().on("POST /deploy", [reply]);
        stage.story.tell("---");
        story.tell(of_rollout(&deployments.rollout_tag("beta").await));
    }
    story.tell("--- forced, and an empty reply");
    let stage = stage.on("POST /deploy", [ok(json!({}))]);
    let rollout = deployments.rollout_tag("beta & co").force().await;
    story.tell(of_rollout(&rollout));
    story.tell("--- refused");
    let _ = stage.on(
        "POST /deploy",
        [status(
            404,
            json!({"message": "No resources found with this tag."}),
        )],
    );
    story.tell(of_rollout(&deployments.rollout_tag("nosuch").await));
    insta::assert_snapshot!(story);
}

/// Nothing is sent while a deployment is prepared, and its `Debug` shows no token.
#[tokio::test(start_paused = true)]
async fn what_was_not_sent_can_be_printed() {
    let stage = Stage::set().await;
    let coolify: Coolify = stage.client();
    let deploy = coolify.application("a1").deploy().pull_request(7).force();
    let rollout = coolify.deployments().rollout(["a1", "a2"]);
    let tag = coolify.deployments().rollout_tag("beta").force();
    for text in [
        format!("{deploy:?}"),
        format!("{rollout:?}"),
        format!("{tag:?}"),
    ] {
        assert!(!text.contains("1|t"), "{text}");
    }
    assert_eq!(stage.story.to_string(), "");
}
