//! Settings that are copied, previews, destinations and tags.

use std::time::Duration;

use coolify_sdk::Exposed;
use coolify_sdk::applications::Application;
use futures_util::StreamExt;
use serde_json::{Map, Value, json};

use crate::stage::{Stage, chapter, message, ok, status};

/// An application in which each field that an update takes has a value of this kind.
fn application(names: &[String], text: &str, number: i64, switch: bool) -> Application {
    let mut best = json!({"uuid": "a1", "name": "web", "settings": {}});
    for name in names {
        for value in [json!(text), json!(number), json!(switch)] {
            for place in ["", "settings"] {
                let mut row: Value = best.clone();
                let fields = if place.is_empty() {
                    &mut row
                } else {
                    &mut row[place]
                };
                if fields.get(name).is_some() {
                    continue;
                }
                fields[name] = value.clone();
                if serde_json::from_value::<Application>(row.clone()).is_ok() {
                    best = row;
                }
            }
        }
    }
    serde_json::from_value(best).expect("an application")
}

/// The fields of an update.
fn names(shown: &str) -> Vec<String> {
    let (_, fields) = shown.split_once('{').expect("a struct with fields");
    let names = fields.split(',').filter_map(|it| it.split_once(':'));
    names.map(|(name, _)| name.trim().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_copied_from_an_application_is_what_an_update_takes() {
    let coolify = Stage::set().await.client();
    let update = || coolify.application("a2").update();
    let names = names(&format!("{:?}", update().body()));
    let mut all = String::new();
    for (name, application) in [
        ("everything set", application(&names, "7", 7, true)),
        ("everything empty", application(&names, "", 0, false)),
    ] {
        let copy = update().copy_from(&application);
        let body = serde_json::to_value(Exposed(copy.body())).expect("JSON");
        let body: Map<String, Value> = serde_json::from_value(body).expect("an object");
        let fields = body
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"));
        all += &chapter(name, fields.collect::<Vec<_>>().concat());
    }
    let bare = json!({"uuid": "a1", "name": "web"});
    let bare: Application = serde_json::from_value(bare).expect("an application");
    let copy = update().copy_from(&bare);
    let body = serde_json::to_string(copy.body()).expect("JSON");
    all += &chapter("nothing known", body);
    insta::assert_snapshot!(all);
}

#[test]
fn the_addresses_of_a_preview_follow_the_template() {
    let maps = r#"{"web":{"domain":"https://a.example,https://b.example:3000/x"},"db":{"domain":null},"api":"http://c.example"}"#;
    let rows = [
        json!({"fqdn": "https://a.example,https://b.example"}),
        json!({"fqdn": "http://a.example:8080/en/", "preview_url_template": ""}),
        json!({"fqdn": "https://a.example/", "preview_url_template": "pr-{{pr_id}}-{{pr_id}}.{{domain}}"}),
        json!({"fqdn": "https://a.example", "preview_url_template": "{{random}}.{{domain}}"}),
        json!({"fqdn": "https://a.example", "preview_url_template": "fixed.example"}),
        json!({"fqdn": "a.example"}),
        json!({"fqdn": null}),
        json!({"build_pack": "dockercompose", "docker_compose_domains": maps, "fqdn": "https://no.example"}),
        json!({"build_pack": "dockercompose", "docker_compose_domains": "[]"}),
    ];
    let mut all = String::new();
    for mut row in rows {
        let name = row.to_string();
        row["uuid"] = json!("a1");
        row["name"] = json!("web");
        let application: Application = serde_json::from_value(row).expect("an application");
        let domains = application.preview_domains(42);
        let domains: Vec<_> = domains.iter().map(|it| format!("{it}\n")).collect();
        let own: Vec<_> = application.domains().collect();
        let compose = serde_json::to_string(&application.compose_domains()).expect("JSON");
        all += &chapter(
            &name,
            format!("{}own: {own:?}, of services: {compose}\n", domains.concat()),
        );
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_preview_is_opened_followed_and_closed() {
    const PREVIEWS: &str = "/applications/a1/previews";
    let opened = |deployment: Option<&str>| {
        status(
            201,
            json!({
                "deployment_uuid": deployment, "message": "opened",
                "preview": {"pull_request_id": 7, "uuid": "v1"},
            }),
        )
    };
    let over = |status: &str| {
        let log = json!([
            {"output": "no space left", "type": "stderr"},
            {"output": "Gracefully shutting down build container: d1"},
        ]);
        ok(json!({
            "deployment_uuid": "d1", "status": status, "logs": log.to_string(),
            "finished_at": "2026-11-22T00:26:56.000000Z",
        }))
    };
    let mut all = String::new();
    for (name, reply, end) in [
        ("deployed", opened(Some("d1")), over("finished")),
        ("failed", opened(Some("d1")), over("failed")),
        ("not deployed", opened(None), over("finished")),
        ("refused", message(422, "No."), over("finished")),
    ] {
        let stage = Stage::of_version("4.4.0")
            .await
            .on(&format!("POST {PREVIEWS}"), [reply])
            .on("GET /deployments/d1", [end]);
        let previews = stage.client().application("a1").previews();
        let opened = previews.open(7).and_wait().await;
        stage
            .story
            .tell_of("opened", &opened.map(|it| it.deployment_uuid));
        all += &chapter(name, stage.story);
    }
    let preview = json!({"pull_request_id": 7, "uuid": "v1"});
    let stage = Stage::of_version("4.4.0")
        .await
        .on(&format!("GET {PREVIEWS}"), [ok(json!([preview]))])
        .on(&format!("GET {PREVIEWS}/7"), [ok(preview)])
        .on(&format!("DELETE {PREVIEWS}/7"), [message(200, "closed")])
        .on(
            &format!("GET {PREVIEWS}/7/logs"),
            [ok(json!({"logs": "one"}))],
        );
    let previews = stage.client().application("a1").previews();
    stage
        .story
        .tell_of("list", &previews.list().await.map(|all| all.len()));
    stage
        .story
        .tell_of("get", &previews.get(7).await.map(|it| it.uuid));
    stage.story.tell_of("deleted", &previews.delete(7).await);
    stage.story.tell_of(
        "log",
        &previews.logs(7).lines(5).show_timestamps(true).await,
    );
    let mut log = previews.logs(7).poll_every(Duration::from_secs(1)).follow();
    let first = log.next().await.expect("an event");
    stage.story.tell_of("event", &first);
    all += &chapter("the other calls", stage.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn tags_and_places_have_their_requests() {
    let tag = json!([{"uuid": "t1", "name": "beta"}]);
    let mut all = String::new();
    macro_rules! calls {
        ($name:literal, $path:literal, |$coolify:ident| $resource:expr) => {
            let stage = Stage::set()
                .await
                .on(concat!("GET ", $path, "/tags"), [ok(tag.clone())])
                .on(concat!("POST ", $path, "/tags"), [status(201, tag.clone())])
                .on(concat!("DELETE ", $path, "/tags/t1"), [message(200, "removed")])
                .on(concat!("POST ", $path, "/move"), [ok(json!({"uuid": "x", "message": "moved", "environment_uuid": "e1"}))])
                .on(
                    concat!("POST ", $path, "/clone"),
                    [status(201, json!({"uuid": "x2", "message": "cloned"}))],
                )
                .on(concat!("POST ", $path, "/migrate"), [ok(json!({"uuid": "x", "message": "migrated"}))]);
            let $coolify = stage.client();
            let (resource, story) = ($resource, &stage.story);
            let tags = resource.tags();
            story.tell_of("tags", &tags.list().await);
            story.tell_of("added", &tags.add("beta").await);
            story.tell_of("added", &tags.add_all(["beta", "live"]).await);
            story.tell_of("added none", &tags.add_all(Vec::<String>::new()).await);
            story.tell_of("removed", &tags.remove("t1").await);
            story.tell_of("moved", &resource.move_to("e1").await);
            story.tell_of("cloned", &resource.clone_to("n1").name("copy").await);
            story.tell_of("migrated", &resource.migrate("n1").await);
            all += &chapter($name, story);
        };
    }
    calls!("an application", "/applications/x", |coolify| coolify
        .application("x"));
    calls!("a database", "/databases/x", |coolify| coolify
        .database("x"));
    calls!("a service", "/services/x", |coolify| coolify.service("x"));
    insta::assert_snapshot!(all);
}
