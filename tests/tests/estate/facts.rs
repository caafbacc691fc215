//! What a rule of one's own sees: the facts of a resource or server, and the domains and
//! ports of all.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use coolify_sdk::diagnose::{Facts, Finding, Neighbours, Part, ResourceFacts, Rule, ServerFacts};
use coolify_sdk::resources::Resource;
use coolify_sdk::{Result, Timestamp};
use serde_json::{Value, json};

use crate::diagnose::{application, database, server, service, with};
use crate::planted::Planted;

fn now() -> SystemTime {
    let noon = Timestamp::from("2026-11-29 12:00:00");
    noon.to_system_time().expect("a time")
}

fn resource(row: Value) -> Resource {
    serde_json::from_value(row).expect("a resource")
}

fn facts(row: Value) -> ResourceFacts {
    ResourceFacts::new(resource(row), now())
}

/// What the facts say about the state of a resource, in a line.
fn state(it: &ResourceFacts) -> String {
    let mut words = Vec::new();
    for (word, is_so) in [
        ("running", it.is_running()),
        ("healthy", it.is_healthy()),
        ("sick", it.is_sick()),
        ("stopped after crashes", it.was_stopped_after_crashes()),
    ] {
        words.extend(is_so.then_some(word));
    }
    let crashes = it.crashes().map(|it| format!("; {it:?}"));
    format!("{}{}", words.join(", "), crashes.unwrap_or_default())
}

#[test]
fn every_status_has_a_meaning_for_every_kind() {
    let mut text = String::new();
    for status in [
        json!(null),
        json!("running"),
        json!("running:healthy"),
        json!("running:unhealthy"),
        json!("running:unknown"),
        json!("running:healthy:excluded"),
        json!("exited"),
        json!("exited:unhealthy"),
        json!("restarting:unknown"),
        json!("degraded:unhealthy"),
        json!("dead:unhealthy"),
        json!("starting:unknown"),
        json!("paused:unknown"),
        json!("created:unknown"),
        json!("removing:unknown"),
        json!("of a later version"),
    ] {
        let _ = writeln!(text, "# {status}");
        let fields = json!({"status": status});
        let odd = with(
            json!({"type": "of-later", "uuid": "x", "name": "x"}),
            &fields,
        );
        let all = [
            application(&fields),
            database(&fields),
            service(&fields),
            odd,
        ];
        for row in all {
            let it = facts(row);
            let _ = writeln!(text, "{}: {}", it.subject.kind, state(&it));
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn crashes_are_told_from_other_restarts() {
    let mut text = String::new();
    for status in ["running:healthy", "exited"] {
        for fields in [
            json!({}),
            json!({"restart_count": 0, "last_restart_type": "crash"}),
            json!({"restart_count": 1, "last_restart_type": "crash"}),
            json!({"restart_count": 1, "last_restart_type": "manual"}),
            json!({"restart_count": 1}),
            json!({"last_restart_type": "crash"}),
            json!({"restart_count": 3, "last_restart_type": "crash", "max_restart_count": 3,
                "last_restart_at": "2026-11-29 11:59:00"}),
            json!({"restart_count": 2, "last_restart_type": "crash", "max_restart_count": 3}),
            json!({"restart_count": 1, "last_restart_type": "crash", "max_restart_count": 1}),
            json!({"restart_count": 1, "last_restart_type": "crash", "max_restart_count": 0}),
            json!({"restart_count": 1, "last_restart_type": "crash", "max_restart_count": -1}),
            json!({"restart_limit_reached": true}),
            json!({"restart_limit_reached": false, "restart_count": 3,
                "last_restart_type": "crash", "max_restart_count": 3}),
        ] {
            let _ = writeln!(text, "# {status} {fields}");
            let fields = with(json!({"status": status}), &fields);
            for row in [application(&fields), database(&fields), service(&fields)] {
                let it = facts(row);
                let _ = writeln!(text, "{}: {}", it.subject.kind, state(&it));
            }
        }
    }
    insta::assert_snapshot!(text);
}

/// Containers that do not count for the status, or have none, are left out.
#[test]
fn the_containers_of_a_service_have_a_state_each() {
    let part = |name: &str, status: Value, excluded: Value| json!({"uuid": name, "name": name, "status": status, "exclude_from_status": excluded});
    let no = || json!(false);
    let all = facts(service(&json!({"applications": [
        part("healthy", json!("running:healthy"), no()),
        part("unhealthy", json!("running:unhealthy"), json!(null)),
        part("unknown", json!("running:unknown"), no()),
        part("restarting", json!("restarting:unknown"), no()),
        part("hidden", json!("exited"), json!(true)),
        part("none", json!(null), no()),
    ], "databases": [
        part("exited", json!("exited"), no()),
        part("starting", json!("starting:unknown"), json!(null)),
        part("hidden too", json!("exited"), json!(true)),
    ]})));
    let mut text = String::new();
    for it in all.containers() {
        let _ = writeln!(
            text,
            "{} {}: restarts {}, sick {}",
            it.name,
            it.status,
            it.restarts(),
            it.is_sick()
        );
    }
    insta::assert_snapshot!(text);
    for row in [application(&json!({})), database(&json!({}))] {
        assert_eq!(facts(row).containers(), []);
    }
}

#[test]
fn an_age_is_counted_from_the_time_of_the_diagnosis() {
    let it = facts(application(&json!({})));
    for (time, seconds) in [
        ("2026-11-29 12:00:00", Some(0)),
        ("2026-11-29T11:59:59.000000Z", Some(1)),
        ("2026-11-28 12:00:00", Some(86_400)),
        ("2026-11-29 12:00:01", Some(0)),
        ("yesterday", None),
    ] {
        let age = it.age(&Timestamp::from(time)).map(|it| it.as_secs());
        assert_eq!(age, seconds, "{time}");
    }
}

#[test]
fn only_a_deployment_of_production_is_the_newest() {
    let newest = |numbers: &[Value]| {
        let rows = numbers.iter().enumerate().map(|(at, number)| {
            json!({"deployment_uuid": format!("dep{at}"), "status": "finished",
                "pull_request_id": number})
        });
        let rows: Vec<_> = rows.collect();
        let mut it = facts(application(&json!({})));
        it.deployments = Part::Read(serde_json::from_value(json!(rows)).expect("deployments"));
        let newest = it.newest_deployment();
        newest.map(|it| it.deployment_uuid.to_string())
    };
    assert_eq!(newest(&[]), None);
    assert_eq!(newest(&[json!(7)]), None);
    assert_eq!(newest(&[json!(0), json!(0)]).as_deref(), Some("dep0"));
    assert_eq!(
        newest(&[json!(7), json!(null), json!(0)]).as_deref(),
        Some("dep1")
    );
}

/// The domains and ports of resources of every kind, as data.
#[test]
fn neighbours_are_all_domains_and_ports() {
    let elsewhere = json!({"uuid": "net2", "server": {"uuid": "second1", "name": "second"}});
    let rows = json!([
        application(&json!({"fqdn": "https://Web.example/,http://web.example:3000/a",
            "ports_mappings": "8080:80, 53:53/udp ,127.0.0.1:9000-9002:1-3,80,${PORT}:80"})),
        application(&json!({"uuid": "old1", "name": "old", "fqdn": null, "status": "exited",
            "ports_mappings": "0.0.0.0:8080:80/tcp,[::]:1:1,[::1]:2:2,65535:1,65536:1,5-a:1"})),
        application(&json!({"uuid": "far1", "name": "far", "ports_mappings": "",
            "destination": elsewhere, "environment": {"id": 3, "uuid": "env3", "name": "production",
            "project": {"name": "shop", "uuid": "shop1"}}})),
        database(&json!({"is_public": true, "public_port": 5432, "ports_mappings": "5433:5432",
            "environment": {"id": 3, "uuid": "env3", "name": "production"}})),
        database(&json!({"uuid": "d2", "name": "private", "public_port": 5432})),
        service(&json!({"applications": [{"uuid": "p1", "name": "app", "ports": "7000:80,7001:81",
            "fqdn": "https://a.example,https://b.example"}],
            "databases": [{"uuid": "p2", "name": "store", "ports": "7002:5432",
                "is_public": true, "public_port": 7003},
                {"uuid": "p3", "name": "hidden", "is_public": false, "public_port": 7004}]})),
        {"type": "of-later", "uuid": "odd1", "name": "odd", "status": "running"},
    ]);
    let rows: Vec<Resource> = serde_json::from_value(rows).expect("resources");
    let all = Neighbours::of(&rows);
    let mut text = String::new();
    for claim in all.claims() {
        let claim = serde_json::to_string(claim).expect("JSON");
        let _ = writeln!(text, "{claim}");
    }
    for port in all.ports() {
        let _ = writeln!(
            text,
            "{}: {}",
            port.port(),
            serde_json::to_string(port).expect("JSON")
        );
    }
    for url in [
        "web.example",
        "HTTPS://WEB.EXAMPLE//",
        "https://web.example:8443/a",
        "https://web.example/b",
        " http://a.example ",
    ] {
        for own in ["web1", "wiki1"] {
            let own = own.into();
            let others = all.also_claiming(url, &own);
            let others: Vec<_> = others.map(|it| it.subject.to_string()).collect();
            let _ = writeln!(text, "`{url}` besides {own}: {others:?}");
        }
    }
    for port in all.ports() {
        let colliding = all.ports().filter(|it| it.collides_with(port));
        let colliding: Vec<_> = colliding
            .map(|it| format!("{} of {}", it.port(), it.subject.name))
            .collect();
        let _ = writeln!(
            text,
            "{} of {}: {colliding:?}",
            port.port(),
            port.subject.name
        );
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_server_knows_who_has_domains_there() {
    let rows = json!([
        application(&json!({"fqdn": "https://a.example,https://b.example"})),
        application(&json!({"uuid": "far1", "name": "far",
            "destination": {"uuid": "net2", "server": {"uuid": "second1", "name": "second"}}})),
        application(&json!({"uuid": "none1", "name": "none", "fqdn": null})),
        service(&json!({})),
    ]);
    let rows: Vec<Resource> = serde_json::from_value(rows).expect("resources");
    let server = serde_json::from_value(server()).expect("a server");
    let mut it = ServerFacts::new(server, now());
    assert!(it.with_domains().is_empty());
    it.neighbours = Part::Read(Arc::new(Neighbours::of(&rows)));
    let names: Vec<_> = it.with_domains().iter().map(ToString::to_string).collect();
    assert_eq!(
        names,
        [
            "application `web` on server `main`",
            "service `wiki` on server `main`"
        ]
    );
}

/// A rule that notes what it sees.
struct Notes(Arc<Mutex<Vec<String>>>);

impl Rule for Notes {
    fn name(&self) -> &'static str {
        "notes"
    }

    fn check(&self, facts: Facts<'_>) -> Vec<Finding> {
        let what = match facts {
            Facts::Resource(it) => format!(
                "server {}, neighbours {}, deployments {}, envs {}, storages {}, tasks {}, \
                 backups {}, log {}",
                part(&it.server),
                part(&it.neighbours),
                part(&it.deployments),
                part(&it.envs),
                part(&it.storages),
                part(&it.tasks),
                part(&it.backups),
                part(&it.log),
            ),
            Facts::Server(it) => format!(
                "neighbours {}, cleanups {}",
                part(&it.neighbours),
                part(&it.cleanups)
            ),
            Facts::Team(it) => format!(
                "unfinished {}, servers {}, keys {}, used {}, tokens {}, storages {}",
                part(&it.unfinished),
                it.servers.len(),
                part(&it.private_keys),
                part(&it.used_keys),
                part(&it.cloud_tokens),
                part(&it.s3_storages),
            ),
            _ => "something else".to_owned(),
        };
        let mut notes = self.0.lock().expect("nobody panics");
        notes.push(format!("{}: {what}", facts.subject()));
        Vec::new()
    }
}

fn part<T>(part: &Part<T>) -> &'static str {
    match part {
        Part::Read(_) => "read",
        Part::Unread(_) => "unread",
        _ => "-",
    }
}

/// Which parts a rule sees, by how it is asked.
#[tokio::test]
async fn a_rule_sees_what_was_read() -> Result<()> {
    let team = || {
        let mut planted = Planted::new("4.3.11")
            .on(
                "/resources",
                json!([
                    application(&json!({})),
                    application(&json!({"uuid": "sick1", "name": "sick",
                        "status": "running:unhealthy"})),
                    database(&json!({})),
                    database(&json!({"uuid": "cache1", "name": "cache",
                        "type": "standalone-redis", "database_type": "standalone-redis"})),
                    service(&json!({"destination": null})),
                    {"type": "of-later", "uuid": "odd1", "name": "odd", "status": "running"},
                ]),
            )
            .on(
                "/databases",
                json!([database(&json!({"backup_configs": []}))]),
            )
            .on("/servers", json!([server()]))
            .on("/deployments", json!([]))
            .on("/security/keys", json!([]))
            .on("/cloud-tokens", json!([]))
            .on("/s3-storages", json!([]))
            .on("/projects", json!([]))
            .on("/servers/main1", server())
            .on("/servers/main1/docker-cleanup/executions", json!([]))
            .on("/databases/orders1/backups", json!([]));
        for (kind, row) in [
            ("applications/web1", application(&json!({}))),
            (
                "applications/sick1",
                application(&json!({"uuid": "sick1", "name": "sick",
                    "status": "running:unhealthy"})),
            ),
            ("databases/orders1", database(&json!({}))),
            ("services/wiki1", service(&json!({}))),
        ] {
            planted = planted
                .on(format!("/{kind}"), row)
                .on(format!("/{kind}/envs"), json!([]))
                .on(
                    format!("/{kind}/storages"),
                    json!({"persistent_storages": [], "file_storages": []}),
                )
                .on(format!("/{kind}/scheduled-tasks"), json!([]))
                .on(format!("/{kind}/logs"), json!({"logs": "x"}))
                .on(
                    format!("/deployments/{kind}"),
                    json!({"count": 0, "deployments": []}),
                );
        }
        planted.start()
    };
    let mut text = String::new();
    for case in ["in short", "thoroughly", "one by one"] {
        let standing = team().await;
        let coolify = standing.client();
        let notes = Arc::default();
        let rule = || Notes(Arc::clone(&notes));
        match case {
            "in short" => drop(coolify.find_issues().concurrency(1).with(rule()).await?),
            "thoroughly" => {
                drop(
                    coolify
                        .find_issues()
                        .concurrency(1)
                        .thorough()
                        .with(rule())
                        .await?,
                );
            }
            _ => {
                for diagnosis in [
                    coolify.application("web1").diagnose(),
                    coolify.application("sick1").diagnose(),
                    coolify.database("orders1").diagnose(),
                    coolify.service("wiki1").diagnose(),
                    coolify.server("main1").diagnose(),
                ] {
                    diagnosis.with(rule()).await?;
                }
            }
        }
        let notes = notes.lock().expect("nobody panics");
        let _ = writeln!(text, "# {case}\n{}", standing.named(&notes.join("\n")));
    }
    insta::assert_snapshot!(text);
    Ok(())
}
