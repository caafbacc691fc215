//! The containers of services, shared variables, and the list of all resources.

use coolify_sdk::Coolify;
use coolify_sdk::shared_variables::{DesiredSharedVariable, SharedScope};
use serde_json::json;

use crate::stage::{Stage, chapter, message, ok, outage, status};

#[tokio::test(start_paused = true)]
async fn a_container_that_is_not_there_is_told_from_one_that_is_not_running() {
    let service = json!({
        "uuid": "s1", "name": "wiki",
        "applications": [{"uuid": "p1", "name": "web"}],
        "databases": [{"uuid": "p2", "name": "db"}],
    });
    let missing = || message(404, "Container not found.");
    let mut all = String::new();
    for (name, container, log, read) in [
        (
            "a log",
            "web",
            ok(json!({"logs": "one"})),
            ok(service.clone()),
        ),
        ("not running", "db", missing(), ok(service.clone())),
        ("no such container", "api", missing(), ok(service.clone())),
        (
            "no such container, in other words",
            "api",
            message(404, "The Container was not found."),
            ok(service.clone()),
        ),
        ("unreadable", "api", missing(), outage()),
        (
            "no service",
            "api",
            message(404, "Service not found."),
            outage(),
        ),
        (
            "stopped",
            "web",
            message(400, "Service is not running."),
            outage(),
        ),
        ("refused", "web", message(403, "Container."), outage()),
    ] {
        let stage = Stage::set()
            .await
            .on("GET /services/s1/logs", [log])
            .on("GET /services/s1", [read]);
        let text = stage.client().service("s1").logs(container).lines(5).await;
        stage.story.tell_of("log", &text);
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn the_containers_of_a_service_have_their_calls() {
    // Read, started, restarted and stopped.
    let statuses = || {
        let healthy = "running:healthy";
        let statuses = [
            healthy, healthy, healthy, "exited", healthy, healthy, "exited",
        ];
        statuses.map(|status| ok(json!({"uuid": "x", "name": "web", "status": status})))
    };
    let mut all = String::new();
    macro_rules! calls {
        ($name:literal, $path:literal, $all:ident, $one:ident) => {
            let part = json!({"uuid": "x", "name": "web", "status": "running:healthy"});
            let path = concat!("/services/s1/", $path, "/x");
            let stage = Stage::set()
                .await
                .on(concat!("GET /services/s1/", $path), [ok(json!([part]))])
                .on(&format!("GET {path}"), statuses())
                .on(&format!("PATCH {path}"), [ok(part)])
                .on(&format!("GET {path}/logs"), [ok(json!({"logs": "one"}))])
                .on(&format!("POST {path}/start"), [message(200, "starting")])
                .on(&format!("POST {path}/stop"), [message(200, "stopping")])
                .on(&format!("POST {path}/restart"), [message(200, "restarting")]);
            let service = stage.client().service("s1");
            let (part, story) = (service.$one("x"), &stage.story);
            story.tell_of("list", &service.$all().list().await);
            story.tell_of("get", &part.get().await);
            story.tell_of("log", &part.logs().lines(3).show_timestamps(true).await);
            story.tell_of("updated", &part.update().description("new").await);
            let start = part.start().force(true).latest(false).await;
            let start = start.map(|it| it.message().map(str::to_owned));
            story.tell_of("started", &start);
            story.tell_of("started", &part.start().and_wait().await);
            story.tell_of("restarted", &part.restart().and_wait().await);
            story.tell_of("stopped", &part.stop().and_wait().await);
            story.tell_of("stopped", &part.until_stopped().await);
            all += &chapter($name, story);
        };
    }
    calls!("an application", "applications", applications, application);
    calls!("a database", "databases", databases, database);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn the_list_of_resources_has_all_kinds() {
    let rows = json!([
        {
            "type": "application", "uuid": "a1", "name": "web", "environment_id": 7,
            "status": "running:healthy", "fqdn": "https://a.example, https://b.example",
        },
        {
            "type": "application", "uuid": "a2", "name": "shop", "build_pack": "dockercompose",
            "docker_compose_domains": r#"{"web":{"domain":"https://c.example"},"db":{"domain":null}}"#,
        },
        {
            "type": "service", "uuid": "s1", "name": "wiki", "status": "exited",
            "environment_id": 8,
            "applications": [
                {"uuid": "p1", "name": "web", "fqdn": "https://d.example,https://e.example"},
                {"uuid": "p2", "name": "api", "fqdn": null},
            ],
        },
        {"type": "standalone-postgresql", "uuid": "d1", "name": "orders", "environment_id": 9},
        {"type": "standalone-keydb", "uuid": "d2", "name": "cache", "status": "running"},
        {"type": "robot", "uuid": "r1", "name": "helper", "status": "running", "arms": 2},
    ]);
    let stage = Stage::set().await.on("GET /resources", [ok(rows)]);
    let list = stage.client().resources().list().await.expect("a list");
    for one in list {
        stage.story.tell(format!(
            "{} {} {}: {:?}, {:?}, {:?}, {:?}\n{}",
            one.kind(),
            one.uuid(),
            one.name(),
            one.resource_kind(),
            one.environment_id(),
            one.status(),
            one.domains(),
            serde_json::to_string(&one).expect("JSON"),
        ));
    }
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn shared_variables_are_written_one_by_one() {
    let rows = json!([
        {"id": 1, "key": "A", "value": "1", "is_literal": true, "comment": "a"},
        {"id": 2, "key": "B", "value": "2"},
        {"id": 3, "key": "C", "is_shown_once": true},
        {"id": 4, "key": "COOLIFY_X", "value": "1"},
    ]);
    let row = json!({"id": 9, "key": "N", "value": "1"});
    let mut all = String::new();
    for (scope, path) in [
        (SharedScope::Team, "/team/envs"),
        (SharedScope::project("p1"), "/projects/p1/envs"),
        (
            SharedScope::environment("p1", "my env"),
            "/projects/p1/environments/my%20env/envs",
        ),
        (SharedScope::server("v1"), "/servers/v1/envs"),
    ] {
        let mut stage = Stage::set()
            .await
            .on(&format!("GET {path}"), [ok(rows.clone())])
            .on(&format!("POST {path}"), [status(201, row.clone())]);
        for id in 1..=4 {
            stage = stage
                .on(&format!("PATCH {path}/{id}"), [ok(row.clone())])
                .on(&format!("DELETE {path}/{id}"), [message(200, "deleted")]);
        }
        let coolify: Coolify = stage.client();
        let variables = coolify.shared_variables(scope.clone());
        let desired = [
            DesiredSharedVariable::new("A").value("2").clear_comment(),
            DesiredSharedVariable::new("B").is_shown_once(true),
            DesiredSharedVariable::new("N")
                .value("1\n2")
                .is_literal(true)
                .comment("new"),
        ];
        let plan = variables.sync(desired).prune(true).plan().await;
        match plan {
            Ok(plan) => {
                stage.story.tell(plan.to_string());
                stage.story.tell_of("report", &plan.apply().await);
            }
            Err(error) => stage.story.tell(crate::stage::failure(&error)),
        }
        let create = variables.create("N", "1").is_multiline(true).comment("new");
        stage
            .story
            .tell_of("created", &create.await.map(|it| it.id));
        let update = variables.update(2).value("3").clear_comment();
        stage
            .story
            .tell_of("updated", &update.await.map(|it| it.key));
        stage.story.tell_of("deleted", &variables.delete(1).await);
        let empty = variables.sync([("N", " ")]).await;
        stage.story.tell_of("empty", &empty);
        all += &chapter(&format!("{scope:?}"), stage.story);
    }
    insta::assert_snapshot!(all);
}
