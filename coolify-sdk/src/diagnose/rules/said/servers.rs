//! Servers: whether Coolify reaches them, their disks, their proxies and their agents.

use serde_json::{Value, json};

use super::{
    super::samples::{application, beside, read, server, service},
    Said, lay,
};
use crate::diagnose::facts::ServerFacts;

#[test]
fn a_server_has_to_be_reached_and_to_run_docker() {
    let mut said = Said::default();
    for (case, changes) in [
        ("healthy", json!({})),
        (
            "not reached",
            json!({"port": 22, "unreachable_count": 3, "settings": {"is_reachable": false}}),
        ),
        (
            "not reached, at an unknown address",
            json!({"ip": null, "settings": {"is_reachable": false}}),
        ),
        (
            "not reached and not usable",
            json!({"settings": {"is_reachable": false, "is_usable": false}}),
        ),
        (
            "not reached, as the list says it",
            json!({"settings": null, "is_reachable": false}),
        ),
        (
            "reached, as the settings say it",
            json!({"is_reachable": false}),
        ),
        (
            "being validated",
            json!({"is_validating": true, "settings": {"is_reachable": false}}),
        ),
        (
            "not being validated",
            json!({"is_validating": false, "settings": {"is_reachable": false}}),
        ),
        (
            "disabled",
            json!({"settings": {"is_reachable": false, "force_disabled": true}}),
        ),
        (
            "not disabled",
            json!({"settings": {"is_reachable": false, "force_disabled": false}}),
        ),
        ("not usable", json!({"settings": {"is_usable": false}})),
        (
            "not usable, as the list says it",
            json!({"settings": null, "is_reachable": true, "is_usable": false}),
        ),
        (
            "not usable, and being validated",
            json!({"is_validating": true, "settings": {"is_usable": false}}),
        ),
        (
            "not usable, with unknown reachability",
            json!({"settings": {"is_reachable": null, "is_usable": false}}),
        ),
        ("nothing is known", json!({"settings": null, "proxy": null})),
    ] {
        said.server(case, &server(&changes));
    }
    said.is(include_str!("servers_reached.txt"));
}

#[test]
fn a_disk_fills_up() {
    let mut said = Said::default();
    let of = |message: &Value, changes: &Value| {
        let mut facts = server(changes);
        facts.cleanups = read(json!([
            {"uuid": "c2", "message": message, "created_at": "2026-11-29 03:00:00"},
            {"uuid": "c1", "message": "Disk usage after: 99%", "created_at": "2026-11-28 03:00:00"},
        ]));
        facts
    };
    let as_is = json!({});
    for usage in [79, 80, 81, 94, 95, 96, 100] {
        let message = json!(format!(
            "Disk usage before: 99%, Disk usage after: {usage}%."
        ));
        said.server(&format!("{usage} percent"), &of(&message, &as_is));
    }
    let threshold = json!({"settings": {"server_disk_usage_notification_threshold": 50}});
    for usage in [50, 51] {
        let message = json!(format!("disk usage after: {usage}%"));
        said.server(&format!("{usage} percent of 50"), &of(&message, &threshold));
    }
    let notified = json!({"high_disk_usage_notification_sent": true});
    for (case, message) in [
        ("the message is only a number", json!("99%")),
        ("the message has no percent", json!("Disk usage: 99")),
        ("the message has no number", json!("Disk usage: much%")),
        ("the number is the whole message", json!("99% disk usage")),
        ("there is no message", json!(null)),
    ] {
        said.server(case, &of(&message, &as_is));
        said.server(
            &format!("{case}, and the team was notified"),
            &of(&message, &notified),
        );
    }
    said.server(
        "there was no cleanup, and the team was notified",
        &server(&notified),
    );
    let low = json!("Disk usage after: 10%");
    said.server(
        "a cleanup after the notification helped",
        &of(&low, &notified),
    );
    let mut undated = of(&json!("Disk usage after: 90%"), &as_is);
    undated.cleanups = read(json!([{"uuid": "c", "message": "Disk usage after: 90%"}]));
    said.server("when it was measured is not known", &undated);
    said.is(include_str!("servers_disk.txt"));
}

#[test]
fn the_newest_cleanup_decides() {
    let mut said = Said::default();
    let run = |status: &str, at: &Value| json!({"uuid": "c", "status": status, "created_at": at});
    let at = json!("2026-11-29 03:00:00");
    let of = |runs: Value| {
        let mut facts = server(&json!({}));
        facts.cleanups = read(runs);
        facts
    };
    said.server(
        "it failed",
        &of(json!([run("failed", &at), run("success", &at)])),
    );
    said.server(
        "it failed at an unknown time",
        &of(json!([run("failed", &json!(null))])),
    );
    said.server(
        "an older one failed",
        &of(json!([run("success", &at), run("failed", &at)])),
    );
    said.server(
        "it runs",
        &of(json!([run("running", &at), run("failed", &at)])),
    );
    said.server("there was none", &of(json!([])));
    said.is(include_str!("servers_cleanup.txt"));
}

#[test]
fn a_proxy_is_missed_where_domains_are() {
    let mut said = Said::default();
    let many: Vec<_> = (1..=7)
        .map(|it| {
            application(
                &json!({"uuid": format!("web{it}"), "name": format!("web{it}"),
                "fqdn": format!("https://a{it}.example,https://b{it}.example")}),
            )
        })
        .collect();
    let with = |changes: &Value, count: usize| -> ServerFacts {
        let mut facts = server(changes);
        let all: Vec<_> = many.iter().take(count).collect();
        facts.neighbours = beside(&all);
        facts
    };
    let proxy = |status: &str| json!({"proxy": {"status": status}});
    for status in [
        "exited",
        "dead",
        "created",
        "paused",
        "running",
        "restarting",
        "starting",
    ] {
        said.server(status, &with(&proxy(status), 1));
    }
    let exited = proxy("exited");
    for count in [0, 5, 7] {
        said.server(&format!("exited, {count} resources"), &with(&exited, count));
    }
    for (case, changes) in [
        (
            "stopped",
            json!({"proxy": {"status": "exited", "force_stop": true}}),
        ),
        (
            "not stopped",
            json!({"proxy": {"status": "exited", "force_stop": false}}),
        ),
        (
            "none",
            json!({"proxy": {"status": "exited", "type": "NONE"}}),
        ),
        (
            "none, in lower case",
            json!({"proxy": {"status": "exited", "type": "none"}}),
        ),
        (
            "of no type",
            json!({"proxy": {"status": "exited", "type": null}}),
        ),
        ("without a status", json!({"proxy": {"status": null}})),
        (
            "of another server",
            json!({"uuid": "server2", "proxy": {"status": "exited"}}),
        ),
        ("unknown", json!({"proxy": null})),
    ] {
        said.server(case, &with(&changes, 1));
    }
    said.server("the domains are not known", &server(&exited));
    let mut facts = server(&exited);
    facts.neighbours = beside(&[&service(&json!({})), &application(&json!({"fqdn": null}))]);
    said.server(
        "a service with a domain, and an application without one",
        &facts,
    );
    said.is(include_str!("servers_proxy_down.txt"));
}

#[test]
fn a_proxy_is_outdated_or_runs_with_an_older_configuration() {
    let mut said = Said::default();
    let update = |current: &str, latest: &str, kind: &str, detected: &Value| {
        server(
            &json!({"detected_traefik_version": detected, "traefik_outdated_info":
            {"current": current, "latest": latest, "type": kind}}),
        )
    };
    for (case, facts) in [
        (
            "a correction",
            update("3.6.1", "3.6.5", "patch_update", &json!("v3.6.1")),
        ),
        (
            "a newer series",
            update("3.5.1", "3.6.5", "minor_upgrade", &json!("3.5.1")),
        ),
        (
            "a newer series, and no version",
            update("3.5.1", "3.6.5", "minor_upgrade", &json!(null)),
        ),
        (
            "updated since",
            update("3.6.1", "3.6.5", "patch_update", &json!("v3.6.5")),
        ),
        (
            "the same",
            update("3.6.5", "3.6.5", "patch_update", &json!("v3.6.5")),
        ),
        (
            "of an unknown kind",
            update("3.6.1", "3.6.5", "odd", &json!("v3.6.1")),
        ),
        (
            "no latest",
            server(&json!({"traefik_outdated_info": {"current": "3.6.1"}})),
        ),
        (
            "no current",
            server(&json!({"traefik_outdated_info": {"latest": "3.6.1"}})),
        ),
    ] {
        said.server(case, &facts);
    }
    for (case, saved, applied, status) in [
        ("not applied", json!("a1"), json!("b2"), "running"),
        ("applied", json!("a1"), json!("a1"), "running"),
        (
            "not applied, and stopped",
            json!("a1"),
            json!("b2"),
            "exited",
        ),
        ("never saved", json!(null), json!("b2"), "running"),
        ("never applied", json!("a1"), json!(null), "running"),
    ] {
        said.server(
            case,
            &server(&json!({"proxy": {"last_saved_settings": saved,
            "last_applied_settings": applied, "status": status}})),
        );
    }
    said.is(include_str!("servers_proxy_outdated.txt"));
}

/// The time of the diagnosis is 12:00. An agent is silent after thirty missed reports.
#[test]
fn an_agent_reports_in_its_interval() {
    let mut said = Said::default();
    let of = |last: &Value, settings: &Value| {
        let mut all = json!({"is_sentinel_enabled": true});
        lay(&mut all, settings);
        server(&json!({"sentinel_updated_at": last, "settings": all}))
    };
    let every = |seconds: i64| json!({"sentinel_push_interval_seconds": seconds});
    for (case, last, settings) in [
        ("30 minutes ago", json!("2026-11-29 11:30:00"), json!({})),
        ("a second less", json!("2026-11-29 11:30:01"), json!({})),
        (
            "30 minutes ago of 10 seconds",
            json!("2026-11-29 11:30:00"),
            every(10),
        ),
        (
            "a second less of 10 seconds",
            json!("2026-11-29 11:30:01"),
            every(10),
        ),
        (
            "an hour ago, with a limit of two minutes",
            json!("2026-11-29 11:00:00"),
            every(120),
        ),
        (
            "a second less than two minutes",
            json!("2026-11-29 11:00:01"),
            every(120),
        ),
        (
            "30 minutes ago of an odd interval",
            json!("2026-11-29 11:30:00"),
            every(-5),
        ),
        (
            "it is off",
            json!("2026-11-29 01:00:00"),
            json!({"is_sentinel_enabled": false}),
        ),
        (
            "whether it is on is not said",
            json!("2026-11-29 01:00:00"),
            json!({"is_sentinel_enabled": null}),
        ),
        ("it never reported", json!(null), json!({})),
        (
            "it reported in the future",
            json!("2026-11-30 01:00:00"),
            json!({}),
        ),
        ("it reported at an odd time", json!("yesterday"), json!({})),
        (
            "the server is not reached",
            json!("2026-11-29 01:00:00"),
            json!({"is_reachable": false}),
        ),
        (
            "the server's reachability is unknown",
            json!("2026-11-29 01:00:00"),
            json!({"is_reachable": null}),
        ),
    ] {
        said.server(case, &of(&last, &settings));
    }
    said.is(include_str!("servers_agent.txt"));
}
