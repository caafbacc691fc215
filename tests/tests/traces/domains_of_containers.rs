//! Changes of the domains of compose applications and of services, which have several
//! containers.

use coolify_sdk::domains::Domain;
use serde_json::{Value, json};

use crate::domains::{each, tell};
use crate::stage::{Stage, made, message, ok, status};

const A: &str = "https://a.example";
const B: &str = "https://b.example";
const C: &str = "https://c.example";

mod compose {
    use coolify_sdk::applications::ApplicationHandle;
    use coolify_sdk::domains::Domains;

    use super::*;

    const FILE: &str = "services:\n  web:\n    image: nginx\n  my-app:\n    image: node\n";

    fn row(map: impl Into<Value>, file: &str) -> Value {
        json!({
            "uuid": "a1", "name": "shop", "build_pack": "dockercompose", "fqdn": "https://no.example",
            "docker_compose_domains": map.into(), "docker_compose_raw": file,
            "destination": {"uuid": "n1", "name": "coolify", "server": {
                "uuid": "s1", "name": "localhost", "proxy": {"type": "NONE"},
            }},
        })
    }

    /// Coolify stores what is written as a map in a text.
    fn stored(written: &Value) -> String {
        let entries = written["docker_compose_domains"].as_array().cloned();
        let entries = entries.unwrap_or_default().into_iter();
        let map: serde_json::Map<_, _> = entries
            .map(|it| (it["name"].as_str().unwrap_or_default().to_owned(), it))
            .collect();
        Value::from(map).to_string()
    }

    async fn stage_of(before: &'static str, file: &'static str) -> Stage {
        let kept = made(move |written| match written {
            Value::Null => row(before, file),
            written => row(stored(written), file),
        });
        Stage::set()
            .await
            .on("GET /applications/a1", [kept])
            .on("PATCH /applications/a1", [ok(json!({"uuid": "a1"}))])
    }

    async fn stage() -> Stage {
        let map = r#"{"my_app":{"domain":"https://a.example:3000,https://b.example"},
            "web":{"domain":null},"old":{"domain":"https://old.example"}}"#;
        stage_of(map, FILE).await
    }

    fn domains(stage: &Stage) -> Domains<ApplicationHandle> {
        stage.client().application("a1").domains()
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_of_a_compose_application_writes_the_whole_map() {
        let all = each!(
            stage().await,
            "set": |domains| domains.set([Domain::of("web", A), Domain::of("my-app", C)]),
            "set as they are": |domains| domains.set([
                Domain::of("old", "https://old.example"),
                Domain::of("my-app", "https://a.example:3000"), Domain::of("my-app", B),
            ]),
            "set with the ports": |domains| domains.set([
                Domain::of("web", C), Domain::of("my-app", C),
            ]).keep_ports(),
            "add": |domains| domains.add([Domain::of("web", A)]).override_conflicts(),
            "add to an unknown service": |domains| domains.add([Domain::of("new", A)]),
            "add without a service": |domains| domains.add([A]),
            "add no URL": |domains| domains.add([Domain::of("web", "a.example")]),
            "remove": |domains| domains.remove([Domain::of("my-app", B)]),
            "remove from another service": |domains| domains.remove([Domain::of("web", B)]),
            "remove from all": |domains| domains.remove([B]),
            "clear": |domains| domains.clear(),
        );
        insta::assert_snapshot!(all);
    }

    #[tokio::test(start_paused = true)]
    async fn a_domain_goes_to_the_only_service() {
        let one = "services:\n  web:\n    image: nginx\n";
        let mut all = String::new();
        for (map, file) in [
            ("[]", one),
            ("", one),
            (r#"{"web":{}}"#, ""),
            ("[]", ""),
            ("{", FILE),
        ] {
            let stage = stage_of(map, file).await;
            let report = domains(&stage).set([A]).await;
            tell(&stage, &report);
            all += &crate::stage::chapter(&format!("{map} and {file:?}"), stage.story);
        }
        insta::assert_snapshot!(all);
    }

    #[tokio::test(start_paused = true)]
    async fn domains_that_the_map_does_not_keep_have_a_reason() {
        let map = r#"{"web":{"domain":"https://b.example"}}"#;
        let stage = Stage::set()
            .await
            .on("GET /applications/a1", [ok(row(map, FILE))])
            .on("PATCH /applications/a1", [ok(json!({"uuid": "a1"}))]);
        let wanted = [Domain::of("new", A), Domain::of("web", C)];
        let report = domains(&stage).set(wanted).await;
        tell(&stage, &report);
        insta::assert_snapshot!(stage.story);
    }
}

mod service {
    use coolify_sdk::domains::Domains;
    use coolify_sdk::services::ServiceHandle;

    use super::*;

    fn row(web: impl Into<Value>, api: impl Into<Value>) -> Value {
        json!({
            "uuid": "s1", "name": "shop",
            "applications": [
                {"uuid": "p1", "name": "web", "fqdn": web.into()},
                {"uuid": "p2", "name": "api", "fqdn": api.into()},
                {"uuid": "p3", "name": "worker", "fqdn": null},
            ],
            "databases": [{"uuid": "p4", "name": "db"}],
        })
    }

    const WEB: &str = "https://a.example:5006,https://b.example";

    async fn stage_of(version: &str) -> Stage {
        let kept = made(|written| {
            let of = |name: &str, before: Value| {
                let entries = written["urls"].as_array().cloned().unwrap_or_default();
                let found = entries.into_iter().find(|it| it["name"] == name);
                found.map_or(before, |it| it["url"].clone())
            };
            row(
                of("web", json!(WEB)),
                of("api", json!("https://api.example/V1")),
            )
        });
        Stage::of_version(version)
            .await
            .on("GET /services/s1", [kept])
            .on("PATCH /services/s1", [ok(json!({"uuid": "s1"}))])
    }

    fn domains(stage: &Stage) -> Domains<ServiceHandle> {
        stage.client().service("s1").domains()
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_of_a_service_writes_the_containers_that_differ() {
        let all = each!(
            stage_of("4.3.11").await,
            "set": |domains| domains.set([Domain::of("web", C), Domain::of("worker", A)]),
            "set one as it is": |domains| domains.set([
                Domain::of("web", "https://a.example:5006"), Domain::of("web", B),
            ]),
            "set as they are": |domains| domains.set([
                Domain::of("web", "https://A.example:5006/"), Domain::of("web", B),
                Domain::of("api", "https://api.example/V1"),
            ]),
            "set with the ports": |domains| domains.set([
                Domain::of("web", C), Domain::of("api", C),
            ]).keep_ports(),
            "set with the ports and an unknown container": |domains| domains.set([
                Domain::of("nosuch", C), Domain::of("web", C),
            ]).keep_ports(),
            "add": |domains| domains.add([Domain::of("api", C)]).override_conflicts(),
            "add to an unknown container": |domains| domains.add([Domain::of("db", A)]),
            "add without a container": |domains| domains.add([A]),
            "remove": |domains| domains.remove([Domain::of("web", B)]),
            "remove from all": |domains| domains.remove([B, "https://api.example/V1"]),
            "remove what is not there": |domains| domains.remove([Domain::of("api", B)]),
            "clear": |domains| domains.clear(),
        );
        insta::assert_snapshot!(all);
    }

    /// Up to 4.1.2, the URLs of services are stored in lower case.
    #[tokio::test(start_paused = true)]
    async fn what_old_servers_store_in_lower_case_is_there() {
        let mut all = String::new();
        for version in ["4.0.0", "4.1.2", "4.2.0", "nightly"] {
            let stage = Stage::of_version(version)
                .await
                .on(
                    "GET /services/s1",
                    [ok(row("https://a.example/path", json!(null)))],
                )
                .on("PATCH /services/s1", [ok(json!({"uuid": "s1"}))]);
            for url in ["https://A.example/Path", "https://a.example/path"] {
                let report = domains(&stage).set([Domain::of("web", url)]).await;
                tell(&stage, &report);
            }
            all += &crate::stage::chapter(version, stage.story);
        }
        insta::assert_snapshot!(all);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_domain_of_a_service_says_why() {
        let invalid =
            json!({"message": "Validation failed.", "errors": {"urls.0.url": ["Invalid."]}});
        let mut all = String::new();
        for (url, reply) in [
            (C, status(422, invalid.clone())),
            ("https://ü.example", status(422, invalid)),
            (C, message(409, "Domain conflicts detected.")),
        ] {
            let stage = stage_of("4.3.11").await.on("PATCH /services/s1", [reply]);
            let report = domains(&stage).set([Domain::of("web", url)]).await;
            tell(&stage, &report);
            all += &crate::stage::chapter(url, stage.story);
        }
        insta::assert_snapshot!(all);
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_without_containers_has_no_domains() {
        let bare = json!({"uuid": "s1", "name": "shop"});
        let stage = Stage::set()
            .await
            .on("GET /services/s1", [ok(bare)])
            .on("PATCH /services/s1", [ok(json!({"uuid": "s1"}))]);
        stage.story.tell_of("list", &domains(&stage).list().await);
        tell(&stage, &domains(&stage).clear().await);
        tell(&stage, &domains(&stage).set([A]).await);
        insta::assert_snapshot!(stage.story);
    }
}
