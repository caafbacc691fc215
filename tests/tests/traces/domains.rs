//! Changes of the domains of an application with one container.

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::domains::{Domain, DomainReport, Domains};
use coolify_sdk::{Error, Result};
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, absent, failure, made, message, ok, outage, status};

const READ: &str = "GET /applications/a1";
const WRITE: &str = "PATCH /applications/a1";
const BEFORE: &str = "https://a.example,https://b.example:3000/x";

pub fn row(fqdn: impl Into<Value>, proxy: &str, builds: bool) -> Value {
    json!({
        "uuid": "a1", "name": "web", "build_pack": "nixpacks", "fqdn": fqdn.into(),
        "destination": {"uuid": "n1", "name": "coolify", "server": {
            "uuid": "s1", "name": "localhost",
            "proxy": {"type": proxy}, "settings": {"is_build_server": builds},
        }},
    })
}

/// An application that keeps the domains that are written.
async fn stage() -> Stage {
    let kept = made(|written| match written {
        Value::Null => row(BEFORE, "TRAEFIK", false),
        written => row(written["domains"].clone(), "TRAEFIK", false),
    });
    Stage::set()
        .await
        .on(READ, [kept])
        .on(WRITE, [ok(json!({"uuid": "a1"}))])
}

pub fn tell(stage: &Stage, report: &Result<DomainReport>) {
    stage.story.tell_of("report", report);
    let Ok(report) = report else { return };
    let told = |(what, one)| format!("{what}: {one}");
    let dropped = report.dropped.iter().map(|it| ("dropped", it));
    let kept = report.kept.iter().map(|it| ("kept", it));
    for line in dropped.chain(kept).map(told) {
        stage.story.tell(line);
    }
    stage
        .story
        .tell(format!("complete: {}", report.is_complete()));
}

fn domains(stage: &Stage) -> Domains<ApplicationHandle> {
    stage.client().application("a1").domains()
}

/// Makes each change of a fresh application.
macro_rules! each {
    ($stage:expr, $($name:literal: |$domains:ident| $change:expr),+ $(,)?) => {{
        let mut all = String::new();
        $(
            let stage = $stage;
            let $domains = domains(&stage);
            tell(&stage, &$change.await);
            all += &$crate::stage::chapter($name, stage.story);
        )+
        all
    }};
}

pub(crate) use each;

#[tokio::test(start_paused = true)]
async fn a_change_writes_the_whole_list_if_it_differs() {
    let all = each!(
        stage().await,
        "set as they are": |domains| domains.set([
            "HTTPS://A.example/", "https://b.example:3000/x",
        ]),
        "set in another order": |domains| domains.set([
            "https://b.example:3000/x", "https://a.example",
        ]),
        "set others, one of them twice": |domains| domains.set([
            " https://c.example ", "https://a.example", "https://C.example/",
        ]),
        "set as a text": |domains| domains.set("https://c.example,https://d.example"),
        "set with the port": |domains| domains.set(["https://c.example/y"]).keep_ports(),
        "set with another port": |domains| domains.set(["https://c.example:81"]).keep_ports(),
        "set in spite of conflicts": |domains| {
            domains.set(["https://c.example"]).override_conflicts()
        },
        "add": |domains| domains.add(["https://c.example"]),
        "add with the port": |domains| domains.add(["https://c.example"]).keep_ports(),
        "add what is there": |domains| domains.add(["https://A.example"]),
        "add nothing": |domains| domains.add(Vec::<Domain>::new()),
        "remove": |domains| domains.remove(["https://A.example/"]),
        "remove without its port": |domains| domains.remove(["https://b.example/x"]).keep_ports(),
        "remove what is not there": |domains| domains.remove(["https://c.example"]),
        "remove all": |domains| domains.remove([
            "https://a.example", "https://b.example:3000/x",
        ]),
        "clear": |domains| domains.clear(),
        "clear in spite of conflicts": |domains| domains.clear().override_conflicts(),
    );
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn invalid_domains_are_not_sent() {
    let all = each!(
        stage().await,
        "no scheme": |domains| domains.set(["example.com"]),
        "another scheme": |domains| domains.add(["ftp://example.com"]),
        "no host": |domains| domains.add(["https://"]),
        "a port for a host": |domains| domains.add(["https://:80"]),
        "a path for a host": |domains| domains.add(["http:///x"]),
        "a space": |domains| domains.add(["https://a b.example"]),
        "two in one": |domains| domains.add([Domain::from("https://a.example,https://b.example")]),
        "a service": |domains| domains.add([Domain::of("web", "https://c.example")]),
        "no domain to remove": |domains| domains.remove(["example.com"]),
        "upper case": |domains| domains.set(["HTTP://C.example"]),
    );
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn dropped_domains_have_a_reason_if_the_server_shows_one() {
    let mut all = String::new();
    for (proxy, builds) in [
        ("TRAEFIK", false),
        ("CADDY", true),
        ("NONE", false),
        ("none", true),
        ("", false),
    ] {
        let stage = Stage::set()
            .await
            .on(READ, [ok(row(BEFORE, proxy, builds))])
            .on(WRITE, [ok(json!({"uuid": "a1"}))]);
        let report = domains(&stage).set(["https://c.example"]).await;
        tell(&stage, &report);
        all += &crate::stage::chapter(&format!("{proxy}, builds: {builds}"), stage.story);
    }
    let bare = json!({"uuid": "a1", "name": "web", "fqdn": null});
    let stage = Stage::set()
        .await
        .on(READ, [ok(bare)])
        .on(WRITE, [ok(json!({}))]);
    let report = domains(&stage).set(["https://c.example"]).await;
    tell(&stage, &report);
    all += &crate::stage::chapter("a server that is not shown", stage.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_refused_change_says_why() {
    let conflict = json!({
        "message": "Domain conflicts detected.",
        "conflicts": [{
            "domain": "c.example", "resource_name": "shop", "resource_uuid": "a9",
            "resource_type": "application", "message": "It is in use by shop.",
        }],
    });
    let invalid = |field: &str| {
        status(
            422,
            json!({"message": "Validation failed.", "errors": {field: ["Invalid."]}}),
        )
    };
    let cases = [
        ("in use", "https://c.example", status(409, conflict)),
        ("invalid", "https://c.example", invalid("domains")),
        ("not ASCII", "https://müller.example", invalid("domains")),
        (
            "not ASCII, in another way",
            "https://müller.example",
            message(403, "No."),
        ),
        (
            "not there",
            "https://c.example",
            message(404, "Application not found."),
        ),
    ];
    let mut all = String::new();
    for (name, domain, reply) in cases {
        let stage = stage().await.on(WRITE, [reply]);
        let report = domains(&stage).add([domain]).await;
        tell(&stage, &report);
        let conflicts = report.as_ref().err().map(Error::conflicts);
        stage.story.tell(format!("conflicts: {conflicts:?}"));
        all += &crate::stage::chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

/// A write whose reply is lost may have been carried out.
#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_decided_by_reading_back() {
    let before = || ok(row(BEFORE, "TRAEFIK", false));
    let after = || ok(row("https://c.example", "TRAEFIK", false));
    let both = || ok(row("https://a.example,https://c.example", "TRAEFIK", false));
    let cases = [
        ("carried out", Reply::Cut, vec![before(), after()]),
        ("not carried out", Reply::Cut, vec![before(), before()]),
        ("carried out in part", Reply::Cut, vec![before(), both()]),
        ("unreadable", Reply::Cut, vec![before(), outage()]),
        (
            "a failure, but carried out",
            message(500, "Server Error"),
            vec![before(), after()],
        ),
        (
            "a failure",
            message(500, "Server Error"),
            vec![before(), before()],
        ),
        (
            "accepted, and unreadable",
            ok(json!({})),
            vec![before(), message(401, "No.")],
        ),
        (
            "accepted, and gone",
            ok(json!({})),
            vec![before(), absent()],
        ),
        ("unreadable before", ok(json!({})), vec![outage()]),
    ];
    let mut all = String::new();
    for (name, reply, reads) in cases {
        let stage = Stage::set().await.on(WRITE, [reply]).on(READ, reads);
        let report = domains(&stage).set(["https://c.example"]).await;
        tell(&stage, &report);
        all += &crate::stage::chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

/// Since 4.3.15, Coolify keeps the port of a domain where the API does not show it.
#[tokio::test(start_paused = true)]
async fn a_port_that_the_server_hides_is_not_missing() {
    let stage_of = |version| async move {
        let stage = Stage::of_version(version).await;
        stage
            .on(
                READ,
                [ok(row(
                    "https://a.example,https://b.example",
                    "TRAEFIK",
                    false,
                ))],
            )
            .on(WRITE, [ok(json!({"uuid": "a1"}))])
    };
    let mut all = String::new();
    for version in ["4.3.14", "4.3.15", "4.4-rc.1", "5.0.0", "nightly"] {
        all += &each!(
            stage_of(version).await,
            "set with ports": |domains| domains.set([
                "https://a.example:80", "https://b.example",
            ]),
            "add with a port": |domains| domains.add(["https://b.example:81"]),
            "remove with a port": |domains| domains.remove(["https://b.example:81"]),
            "without a port": |domains| domains.set(["https://b.example"]),
        )
        .replace("--- ", &format!("--- {version}: "));
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn the_domains_can_be_listed() {
    let list = |fqdn: Value| async move {
        let stage = Stage::set().await.on(READ, [ok(row(fqdn, "NONE", false))]);
        let list = domains(&stage).list().await;
        stage.story.tell_of("list", &list);
        stage.story.to_string()
    };
    let mut all = list(json!("https://a.example, https://b.example,")).await;
    all += &list(json!(null)).await;
    all += &list(json!("")).await;
    let stage = Stage::set().await.on(READ, [absent()]);
    let gone = domains(&stage).list().await.expect_err("it is gone");
    all += &failure(&gone);
    insta::assert_snapshot!(all);
}
