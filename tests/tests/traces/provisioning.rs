//! Creating resources until they run, and what is left if a step fails.

use std::time::Duration;

use coolify_sdk::applications::BuildPack;
use coolify_sdk::envs::{BulkApplicationVariable, BulkVariable};
use coolify_sdk::services::ServiceType;
use coolify_sdk::{Coolify, EnvironmentRef, Placement, Uuid};
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, failure, message, ok, status};

fn place() -> Placement {
    Placement::new("p1", "production", "v1").on_destination("n1")
}

fn deployment(status: &str) -> Value {
    let log = json!([
        {"output": "Deployment failed: no space left", "type": "stderr"},
        {"output": "Gracefully shutting down build container: d1"},
    ]);
    json!({
        "deployment_uuid": "d1", "status": status, "logs": log.to_string(),
        "finished_at": "2026-11-22T00:26:56.000000Z",
    })
}

async fn application() -> Stage {
    let created = json!({"uuid": "a1", "domains": "https://web.example"});
    let queued = json!({"deployments": [
        {"deployment_uuid": "d1", "resource_uuid": "a1", "message": "queued"},
    ]});
    Stage::set()
        .await
        .on(
            "POST /applications/dockerimage",
            [status(201, created.clone())],
        )
        .on("POST /applications/public", [status(201, created)])
        .on("PATCH /applications/a1/envs/bulk", [status(201, json!([]))])
        .on("POST /deploy", [ok(queued)])
        .since(
            "GET /deployments/d1",
            [
                (0, ok(deployment("in_progress"))),
                (3, ok(deployment("finished"))),
            ],
        )
}

#[tokio::test(start_paused = true)]
async fn an_application_is_created_and_deployed() {
    let variables = || [BulkApplicationVariable::new("A").value("s3cret")];
    let no = || message(403, "Missing required permissions: write");
    let cases: [(&str, &str, Option<Reply>); 6] = [
        ("all works", "GET /deployments/d1", None),
        ("not created", "POST /applications/dockerimage", Some(no())),
        (
            "no variables",
            "PATCH /applications/a1/envs/bulk",
            Some(no()),
        ),
        ("no deployment", "POST /deploy", Some(ok(json!({})))),
        (
            "failed",
            "GET /deployments/d1",
            Some(ok(deployment("failed"))),
        ),
        (
            "too slow",
            "GET /deployments/d1",
            Some(ok(deployment("queued"))),
        ),
    ];
    let mut all = String::new();
    for (name, route, reply) in cases {
        let stage = application().await;
        let stage = match reply {
            Some(reply) => stage.on(route, [reply]),
            None => stage,
        };
        let create = stage
            .client()
            .applications()
            .create_docker_image(place(), "nginx");
        let create = create.ports_exposes(["80"]).instant_deploy(true);
        let provision = create.provision().variables(variables());
        stage.story.tell(format!("{provision:?}"));
        let seconds = Duration::from_secs;
        let end = provision.poll_every(seconds(5)).max_wait(seconds(20)).await;
        stage.story.tell_of("end", &end);
        all += &chapter(name, stage.story);
    }
    let stage = application().await;
    let applications = stage.client().applications();
    let public = applications.create_public(place(), "https://github.com/a/b", "main", "nixpacks");
    stage
        .story
        .tell_of("end", &public.ports_exposes(["80"]).provision().await);
    all += &chapter("without variables", stage.story);
    let queued = [ok(deployment("queued"))];
    let stage = application().await.on("GET /deployments/d1", queued);
    let applications = stage.client().applications();
    let create = applications.create_docker_image(place(), "nginx");
    let provision = create.ports_exposes(["80"]).provision();
    let end = provision.poll_every(Duration::from_secs(300)).await;
    stage.story.tell_of("end", &end);
    all += &chapter("too slow, for an hour", stage.story);
    insta::assert_snapshot!(all);
}

fn service_row(status: &str) -> Value {
    let part = json!({"uuid": "p1", "name": "web", "status": status});
    json!({"uuid": "s1", "name": "wiki", "status": status, "applications": [part]})
}

async fn service() -> Stage {
    let row = |status: &str| ok(service_row(status));
    Stage::set()
        .await
        .on(
            "POST /services",
            [status(
                201,
                json!({"uuid": "s1", "domains": ["https://wiki.example"]}),
            )],
        )
        .on("PATCH /services/s1/envs/bulk", [status(201, json!([]))])
        .on("POST /services/s1/start", [message(200, "starting")])
        .since(
            "GET /services/s1",
            [(0, row("exited")), (3, row("running:healthy"))],
        )
}

#[tokio::test(start_paused = true)]
async fn a_service_is_created_and_started() {
    let variables = || [BulkVariable::new("A").value("s3cret")];
    let no = || message(403, "Missing required permissions: write");
    let cases: [(&str, &str, Option<Reply>); 5] = [
        ("all works", "GET /services/s1", None),
        ("not created", "POST /services", Some(no())),
        ("no variables", "PATCH /services/s1/envs/bulk", Some(no())),
        ("not started", "POST /services/s1/start", Some(no())),
        (
            "never healthy",
            "GET /services/s1",
            Some(ok(service_row("exited"))),
        ),
    ];
    let mut all = String::new();
    for (name, route, reply) in cases {
        let stage = service().await;
        let stage = match reply {
            Some(reply) => stage.on(route, [reply]),
            None => stage,
        };
        let create = stage
            .client()
            .services()
            .create_one_click(place(), "actualbudget");
        let provision = create.provision().variables(variables());
        stage.story.tell(format!("{provision:?}"));
        let end = provision.max_wait(Duration::from_secs(10)).await;
        stage.story.tell_of("end", &end);
        all += &chapter(name, stage.story);
    }
    let stage = service().await;
    let compose = "services:\n  web:\n    image: nginx\n";
    let create = stage.client().services().create_compose(place(), compose);
    stage
        .story
        .tell_of("end", &create.name("wiki").provision().await);
    all += &chapter("without variables", stage.story);
    let exited = [ok(service_row("exited"))];
    let stage = service().await.on("GET /services/s1", exited);
    let services = stage.client().services();
    let create = services.create_one_click(place(), "actualbudget");
    stage.story.tell_of("end", &create.provision().await);
    all += &chapter("never healthy, for five minutes", stage.story);
    insta::assert_snapshot!(all);
}

/// Creates one application of each origin in this place.
async fn create_all(stage: &Stage, place: &Placement) {
    let applications = stage.client().applications();
    let (repository, place) = ("https://github.com/a/b", || place.clone());
    let public = applications.create_public(place(), repository, "main", BuildPack::Static);
    stage
        .story
        .tell_of("public", &public.ports_exposes(["80"]).await);
    let app = applications.create_private_github_app(place(), "g1", "a/b", "main", "nixpacks");
    stage
        .story
        .tell_of("GitHub App", &app.ports_exposes(["80"]).await);
    let key =
        applications.create_private_deploy_key(place(), "k1", "git@a:b.git", "main", "dockerfile");
    stage
        .story
        .tell_of("deploy key", &key.ports_exposes(["80", "81"]).await);
    let file = applications.create_dockerfile(place(), "FROM nginx\n");
    stage
        .story
        .tell_of("Dockerfile", &file.ports_exposes(["80"]).await);
    let image = applications
        .create_docker_image(place(), "nginx")
        .ports_exposes(["80"]);
    stage
        .story
        .tell_of("image", &image.docker_registry_image_tag("alpine").await);
}

#[tokio::test(start_paused = true)]
async fn a_new_resource_goes_to_its_place() {
    let created = || status(201, json!({"uuid": "x"}));
    let mut stage = Stage::set().await.on("POST /services", [created()]);
    for origin in [
        "public",
        "private-github-app",
        "private-deploy-key",
        "dockerfile",
        "dockerimage",
    ] {
        stage = stage.on(&format!("POST /applications/{origin}"), [created()]);
    }
    for place in [
        place(),
        Placement::new("p1", Uuid::from("e1"), "v1"),
        Placement::new("p1", EnvironmentRef::from("staging".to_owned()), "v1"),
    ] {
        stage.story.tell(format!("--- {place:?}"));
        create_all(&stage, &place).await;
        let services = stage.client().services();
        let service = services.create_one_click(place, "actualbudget").await;
        stage.story.tell_of("service", &service.map(|it| it.uuid));
    }
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn a_type_of_services_that_does_not_exist_has_a_suggestion() {
    let refusal = json!({
        "message": "Service not found.",
        "valid_service_types": ["actualbudget", "wikijs", "plausible"],
    });
    let stage = Stage::set()
        .await
        .on("POST /services", [status(404, refusal)]);
    let coolify: Coolify = stage.client();
    for name in [
        "wikis",
        "wiki js",
        "",
        "n8n/../x",
        "new_type.2",
        "plausibel",
        "zzzzzzzz",
    ] {
        let created = coolify.services().create_one_click(place(), name).await;
        stage.story.tell(format!("--- {name:?}"));
        if let Err(error) = ServiceType::find(name) {
            stage.story.tell(format!("catalogue: {}", failure(&error)));
        }
        if let Err(error) = created {
            stage.story.tell(failure(&error));
            stage
                .story
                .tell(format!("suggestions: {:?}", error.suggestions()));
        }
    }
    let _ = stage
        .clone()
        .on("POST /services", [message(404, "Project not found.")]);
    let created = coolify.services().create_one_click(place(), "wikijs").await;
    stage
        .story
        .tell_of("without a list", &created.map(|it| it.uuid));
    insta::assert_snapshot!(stage.story);
}
