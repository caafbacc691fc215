//! Updates that are read back: what is sent, and what is reported.

use coolify_sdk::Result;
use coolify_sdk::applications::{ComposeDomain, Update};
use coolify_sdk::services::ServiceUrl;
use coolify_sdk::verify::UpdateReport;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, message, ok, outage, status};

const READ: &str = "GET /applications/a1";
const WRITE: &str = "PATCH /applications/a1";

fn tell(stage: &Stage, report: &Result<UpdateReport>) {
    stage.story.tell_of("report", report);
    if let Ok(report) = report {
        stage.story.tell(report.to_string());
        stage
            .story
            .tell(format!("complete: {}", report.is_complete()));
    }
}

async fn stage(reply: Reply, reads: impl IntoIterator<Item = Reply>) -> Stage {
    Stage::set().await.on(WRITE, [reply]).on(READ, reads)
}

fn updated() -> Reply {
    ok(json!({"uuid": "a1"}))
}

fn renamed(stage: &Stage) -> Update {
    let update = stage.client().application("a1").update();
    update
        .name("shop")
        .limits_memory("512M")
        .instant_deploy(true)
}

fn row(name: &str, memory: &str) -> Value {
    json!({"uuid": "a1", "name": name, "limits_memory": memory})
}

fn refusal(errors: &Value) -> Reply {
    status(
        422,
        json!({"message": "Validation failed.", "errors": errors}),
    )
}

#[tokio::test(start_paused = true)]
async fn an_update_is_judged_by_what_is_read_back() {
    let both = || ok(row("shop", "512M"));
    let one = || ok(row("shop", "0"));
    let none = || ok(row("web", "0"));
    let nothing = || ok(json!({"uuid": "a1"}));
    let name = || refusal(&json!({"name": ["Too long."]}));
    let cases = [
        ("both took effect", updated(), both()),
        ("one took effect", updated(), one()),
        ("nothing is shown", updated(), nothing()),
        ("one is refused", name(), none()),
        ("one is refused and both are there", name(), both()),
        (
            "one is refused and one is there",
            name(),
            ok(row("web", "512M")),
        ),
        (
            "one is refused, and unreadable",
            name(),
            message(403, "No."),
        ),
        (
            "an unknown field is refused",
            refusal(&json!({"colour": ["Unknown."]})),
            none(),
        ),
        (
            "several are refused, for several reasons",
            refusal(&json!({"name": ["Too long.", "Too odd."], "limits_memory": ["Too much."]})),
            none(),
        ),
        (
            "no field is refused",
            message(422, "The application is being moved."),
            none(),
        ),
        ("not allowed", message(403, "No."), none()),
        ("not there", message(404, "Application not found."), none()),
        (
            "in conflict",
            message(409, "Domain conflicts detected."),
            none(),
        ),
        ("accepted, and unreadable", updated(), outage()),
        (
            "accepted, and not shown",
            updated(),
            message(404, "Application not found."),
        ),
    ];
    let mut all = String::new();
    for (name, reply, read) in cases {
        let stage = stage(reply, [read]).await;
        tell(&stage, &renamed(&stage).verified().await);
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

/// A write whose reply is lost may have been carried out.
#[tokio::test(start_paused = true)]
async fn a_lost_update_is_decided_by_reading_back() {
    let failed = || message(500, "Server Error");
    let cases = [
        ("both are there", Reply::Cut, ok(row("shop", "512M"))),
        ("one is there", Reply::Cut, ok(row("shop", "0"))),
        ("unreadable", Reply::Cut, outage()),
        (
            "failed, and both are there",
            failed(),
            ok(row("shop", "512M")),
        ),
        ("failed, and none is there", failed(), ok(row("web", "0"))),
    ];
    let mut all = String::new();
    for (name, reply, read) in cases {
        let stage = stage(reply, [read]).await;
        let update = stage.client().application("a1").update();
        let update = update.name("shop").limits_memory("512M");
        tell(&stage, &update.verified().await);
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn an_update_is_checked_before_it_is_sent() {
    let stage = stage(updated(), [ok(row("web", "0"))]).await;
    let update = || stage.client().application("a1").update();
    tell(&stage, &update().verified().await);
    tell(&stage, &update().name("x".repeat(256)).verified().await);
    let long = update()
        .domains(["https://a.example"])
        .name("x".repeat(256));
    tell(&stage, &long.verified().await);
    stage
        .story
        .tell(format!("{:?}", update().name("shop").verified()));
    insta::assert_snapshot!(stage.story);
}

/// A compose application has no domains of its own.
#[tokio::test(start_paused = true)]
async fn domains_of_a_compose_application_go_to_its_only_service() {
    let compose = |map: &str, file: &str| {
        json!({
            "uuid": "a1", "name": "web", "build_pack": "dockercompose", "fqdn": null,
            "docker_compose_domains": map, "docker_compose_raw": file,
        })
    };
    let one = "services:\n  my-app:\n    image: nginx\n";
    let two = "services:\n  web:\n    image: nginx\n  api:\n    image: node\n";
    let stored = r#"{"my-app":{"domain":"https://a.example"}}"#;
    let as_before = r#"{"my-app":{"domain":"https://old.example"}}"#;
    let map = || refusal(&json!({"docker_compose_domains.0.domain": ["Invalid."]}));
    let cases = [
        (
            "one service",
            updated(),
            compose("[]", one),
            compose(stored, one),
        ),
        (
            "one service, without effect",
            updated(),
            compose("[]", one),
            compose(as_before, one),
        ),
        (
            "one service, not stored",
            updated(),
            compose("[]", one),
            compose("[]", one),
        ),
        (
            "one service, refused",
            map(),
            compose("[]", one),
            compose("[]", one),
        ),
        (
            "one service, lost",
            Reply::Cut,
            compose("[]", one),
            compose(stored, one),
        ),
        (
            "two services",
            updated(),
            compose("[]", two),
            compose("[]", two),
        ),
        (
            "only in the map",
            updated(),
            compose(as_before, ""),
            compose(stored, ""),
        ),
        (
            "no service",
            updated(),
            compose("[]", ""),
            compose("[]", ""),
        ),
        (
            "another build pack",
            updated(),
            json!({"uuid": "a1", "build_pack": "nixpacks"}),
            json!({"uuid": "a1", "build_pack": "nixpacks", "fqdn": "https://a.example"}),
        ),
    ];
    let mut all = String::new();
    for (name, reply, before, after) in cases {
        let stage = stage(reply, [ok(before), ok(after)]).await;
        let update = stage.client().application("a1").update();
        let update = update.name("web").domains(["https://a.example"]);
        tell(&stage, &update.verified().await);
        all += &chapter(name, stage.story);
    }
    let gone = stage(updated(), [message(404, "Application not found.")]).await;
    let update = gone.client().application("a1").update();
    tell(
        &gone,
        &update.domains(["https://a.example"]).verified().await,
    );
    all += &chapter("no application", gone.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn the_domains_of_services_are_compared_one_by_one() {
    let web = || ComposeDomain::new("my-app").domain(["https://a.example", "https://b.example"]);
    let cases = [
        (
            "same",
            vec![web()],
            r#"{"my-app":{"domain":"https://a.example,https://b.example"}}"#,
        ),
        (
            "an old name",
            vec![web()],
            r#"{"my_app":{"domain":"https://A.example/,https://b.example"}}"#,
        ),
        (
            "both names",
            vec![web()],
            r#"{"my_app":{"domain":"https://c.example"},
                "my-app":{"domain":"https://a.example,https://b.example"}}"#,
        ),
        (
            "another order",
            vec![web()],
            r#"{"my-app":{"domain":"https://b.example,https://a.example"}}"#,
        ),
        (
            "unknown",
            vec![web()],
            r#"{"web":{"domain":"https://a.example"}}"#,
        ),
        ("no map", vec![web()], "nonsense"),
        (
            "unknown and cleared",
            vec![ComposeDomain::new("old").clear_domain()],
            r#"{"web":{"domain":"https://a.example"}}"#,
        ),
        (
            "cleared and kept",
            vec![ComposeDomain::new("web").clear_domain()],
            r#"{"web":{"domain":"https://a.example"}}"#,
        ),
        (
            "one of two differs",
            vec![
                ComposeDomain::new("web").domain(["https://c.example"]),
                web(),
            ],
            r#"{"web":{"domain":""},"my-app":{"domain":"https://a.example,https://b.example"}}"#,
        ),
        (
            "another redirect",
            vec![web().redirect("www")],
            r#"{"my-app":{"domain":"https://a.example,https://b.example","redirect":"both"}}"#,
        ),
        (
            "the same redirect",
            vec![web().redirect("www")],
            r#"{"my-app":{"domain":"https://a.example,https://b.example","redirect":"www"}}"#,
        ),
        (
            "nothing and nothing",
            vec![],
            r#"{"web":{"domain":null},"api":{"domain":""}}"#,
        ),
        (
            "nothing and something",
            vec![],
            r#"{"api":{"domain":"https://a.example"},"web":{"domain":""}}"#,
        ),
    ];
    let mut all = String::new();
    for (name, wanted, map) in cases {
        let after = json!({"uuid": "a1", "docker_compose_domains": map});
        let stage = stage(updated(), [ok(after)]).await;
        let update = stage.client().application("a1").update();
        tell(
            &stage,
            &update.docker_compose_domains(wanted).verified().await,
        );
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn the_urls_of_a_service_are_those_of_its_containers() {
    let url = |name: &str, url: &str| ServiceUrl::new(name).url(url.to_owned());
    let a = "https://a.example";
    let cases = [
        (
            "same",
            vec![url("web", "HTTPS://A.example/")],
            json!(a),
            json!(null),
        ),
        (
            "both",
            vec![url("web", a), url("api", a)],
            json!(a),
            json!(a),
        ),
        (
            "one of two differs",
            vec![url("web", a), url("api", a)],
            json!(a),
            json!("https://b.example"),
        ),
        ("unknown", vec![url("db", a)], json!(a), json!(null)),
        (
            "cleared",
            vec![ServiceUrl::new("web").clear_url()],
            json!(null),
            json!(a),
        ),
        (
            "cleared and kept",
            vec![ServiceUrl::new("web").clear_url()],
            json!(a),
            json!(a),
        ),
        ("none", vec![], json!(a), json!(a)),
    ];
    let mut all = String::new();
    for (name, wanted, web, api) in cases {
        let containers = json!([{"name": "web", "fqdn": web}, {"name": "api", "fqdn": api}]);
        let stage = Stage::set()
            .await
            .on("PATCH /services/s1", [ok(json!({"uuid": "s1"}))])
            .on(
                "GET /services/s1",
                [ok(json!({"uuid": "s1", "applications": containers}))],
            );
        let update = stage.client().service("s1").update();
        tell(&stage, &update.urls(wanted).verified().await);
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_seen_has_a_reason() {
    let stage = Stage::set()
        .await
        .on("PATCH /services/s1", [ok(json!({"uuid": "s1"}))])
        .on(
            "GET /services/s1",
            [ok(
                json!({"uuid": "s1", "docker_compose_raw": "services: {}\n"}),
            )],
        )
        .on("PATCH /servers/v1", [ok(json!({"uuid": "v1"}))])
        .on("GET /servers/v1", [ok(json!({"uuid": "v1"}))])
        .on(WRITE, [updated()])
        .on(READ, [ok(json!({"uuid": "a1"}))]);
    let coolify = stage.client();
    let service = coolify.service("s1").update().instant_deploy(true);
    let service = service.docker_compose_raw("services:\n  web:\n    image: nginx\n");
    tell(&stage, &service.verified().await);
    let server = coolify.server("v1").update().private_key_uuid("k1");
    tell(&stage, &server.verified().await);
    let application = coolify.application("a1").update();
    let secret = application.http_basic_auth_password("secret");
    tell(&stage, &secret.verified().await);
    insta::assert_snapshot!(stage.story);
}

/// Since 4.3.15, Coolify shows domains without their ports.
#[tokio::test(start_paused = true)]
async fn a_port_that_the_server_hides_is_not_missing() {
    let mut all = String::new();
    for version in ["4.3.14", "4.3.15"] {
        let after = json!({
            "uuid": "a1", "build_pack": "nixpacks",
            "fqdn": "https://a.example,https://b.example/x:1",
            "noindex_domains": ["https://a.example"],
            "docker_compose_domains": r#"{"web":{"domain":"https://c.example"}}"#,
        });
        let stage = Stage::of_version(version)
            .await
            .on(WRITE, [updated()])
            .on(READ, [ok(after)]);
        let update = || stage.client().application("a1").update();
        let domains = update().domains(["https://a.example:80", "https://b.example/x:1"]);
        tell(&stage, &domains.verified().await);
        let bare = update().domains(["https://a.example", "https://b.example/x:1"]);
        tell(&stage, &bare.verified().await);
        let flagged = update().noindex_domains(["https://a.example:80"]);
        tell(&stage, &flagged.verified().await);
        let web = ComposeDomain::new("web").domain(["https://c.example:81"]);
        tell(
            &stage,
            &update().docker_compose_domains([web]).verified().await,
        );
        let service =
            json!({"uuid": "s1", "applications": [{"name": "web", "fqdn": "https://a.example"}]});
        let stage = stage
            .on("PATCH /services/s1", [ok(json!({"uuid": "s1"}))])
            .on("GET /services/s1", [ok(service)]);
        let url = ServiceUrl::new("web").url("https://a.example:5006".to_owned());
        let update = stage.client().service("s1").update().urls([url]);
        tell(&stage, &update.verified().await);
        // A domain without a port is the same on every server, however it is written.
        let part = json!({"uuid": "p1", "name": "web", "fqdn": "https://a.example"});
        let stage = stage
            .on("PATCH /services/s1/applications/p1", [ok(part.clone())])
            .on("GET /services/s1/applications/p1", [ok(part)]);
        let part = stage.client().service("s1").application("p1");
        let update = part.update().url(" https://a.example,");
        tell(&stage, &update.verified().await);
        all += &chapter(version, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn what_had_no_effect_has_a_reason_if_the_resource_shows_one() {
    let server = |proxy: &str, builds: Value| json!({"destination": {"server": {"proxy": {"type": proxy}, "settings": {"is_build_server": builds}}}});
    let labels =
        |readonly: Value| json!({"settings": {"is_container_label_readonly_enabled": readonly}});
    let cases = [
        server("NONE", json!(false)),
        server("none", json!(null)),
        server("TRAEFIK", json!(true)),
        server("NONE", json!(true)),
        server("CADDY", json!(false)),
        labels(json!(true)),
        labels(json!(1)),
        labels(json!(false)),
        labels(json!(null)),
    ];
    let mut all = String::new();
    for mut after in cases {
        let name = after.to_string();
        after["fqdn"] = json!("https://a.example");
        after["noindex_domains"] = json!([]);
        after["custom_labels"] = json!("b2xk");
        after["build_pack"] = json!("static");
        let stage = stage(updated(), [ok(after)]).await;
        let update = stage.client().application("a1").update();
        let update = update
            .domains(["https://b.example"])
            .noindex_domains(["https://A.example"])
            .custom_labels("bmV3");
        tell(&stage, &update.verified().await);
        all += &chapter(&name, stage.story);
    }
    insta::assert_snapshot!(all);
}
