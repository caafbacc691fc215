//! Health, and the settings of health checks.

use serde_json::{Value, json};

use super::{
    super::samples::{application, database, deployment, read, service},
    Said, lay,
};
use crate::diagnose::facts::Part;

#[test]
fn every_status_is_judged() {
    let mut said = Said::default();
    for status in [
        "running:healthy",
        "running:unhealthy",
        "running:unknown",
        "running:starting",
        "running (unhealthy)",
        "running:unhealthy:excluded",
        "degraded:unhealthy",
        "degraded:unhealthy:excluded",
        "dead:unhealthy",
        "exited",
        "exited:unhealthy",
        "starting:unknown",
        "paused:unknown",
        "created:unknown",
        "removing:unknown",
        "of a later version",
    ] {
        let changes = json!({"status": status});
        said.resource(&format!("an application: {status}"), &application(&changes));
        said.resource(&format!("a database: {status}"), &database(&changes));
        said.resource(&format!("a service: {status}"), &service(&changes));
    }
    let mut unhealthy = application(&json!({"status": "running:unhealthy",
        "health_check_path": "/up"}));
    unhealthy.log = Part::Read(vec![
        "GET /up 500".to_owned(),
        "\u{1b}[2Jbye\tnow".to_owned(),
    ]);
    said.resource("with a log that would clear the screen", &unhealthy);
    let off = json!({"status": "running:unhealthy", "health_check_enabled": false});
    said.resource("with a health check of the image", &application(&off));
    let pathless = json!({"status": "running:unhealthy", "health_check_path": null});
    said.resource("without a path", &application(&pathless));
    said.resource("without a status", &application(&json!({"status": null})));
    said.is(include_str!("health_statuses.txt"));
}

#[test]
fn a_health_check_asks_a_port_and_a_path_that_exist() {
    let mut said = Said::default();
    let mut all = |case: &str, changes: Value| {
        for status in [
            "running:unhealthy",
            "running:unknown",
            "exited",
            "running:healthy",
        ] {
            let mut changes = changes.clone();
            changes["status"] = json!(status);
            said.resource(&format!("{case}, {status}"), &application(&changes));
        }
    };
    all("another port", json!({"health_check_port": "8080"}));
    all(
        "a path without a slash",
        json!({"health_check_path": "health"}),
    );
    all(
        "both",
        json!({"health_check_port": " 8080 ", "health_check_path": "/a b"}),
    );
    for (case, changes) in [
        (
            "the only exposed port",
            json!({"health_check_port": " 3000 "}),
        ),
        (
            "the second exposed port",
            json!({"health_check_port": "8080", "ports_exposes": "3000, 8080"}),
        ),
        ("an empty port", json!({"health_check_port": " "})),
        ("no port", json!({"health_check_port": null})),
        (
            "no port is exposed",
            json!({"health_check_port": "8080", "ports_exposes": " "}),
        ),
        (
            "which port is exposed is not said",
            json!({"health_check_port": "8080", "ports_exposes": null}),
        ),
        ("no path", json!({"health_check_path": null})),
        (
            "a path with a query",
            json!({"health_check_path": "/health?full=1"}),
        ),
        (
            "a command is asked instead",
            json!({"health_check_type": "cmd", "health_check_port": "1", "health_check_path": "x"}),
        ),
        (
            "a compose file has checks of its own",
            json!({"build_pack": "dockercompose", "health_check_port": "1",
                "health_check_path": "x"}),
        ),
        (
            "the check is off",
            json!({"health_check_enabled": false, "health_check_port": "1",
                "health_check_path": "x"}),
        ),
        (
            "whether the check is on is not said",
            json!({"health_check_enabled": null, "health_check_port": "1",
                "health_check_path": "x"}),
        ),
    ] {
        let mut changes = changes;
        changes["status"] = json!("running:unknown");
        said.resource(case, &application(&changes));
    }
    said.is(include_str!("health_targets.txt"));
}

#[test]
fn an_application_without_a_health_check_is_worth_knowing() {
    let mut said = Said::default();
    let base = json!({"health_check_enabled": false, "status": "running:unknown"});
    for (case, changes) in [
        ("nothing checks it", json!({})),
        (
            "its status shows a check",
            json!({"status": "running:healthy"}),
        ),
        (
            "its Dockerfile checks it",
            json!({"custom_healthcheck_found": true}),
        ),
        (
            "its Dockerfile does not check it",
            json!({"custom_healthcheck_found": false}),
        ),
        ("it is stopped", json!({"status": "exited"})),
        (
            "it has no domain",
            json!({"fqdn": null, "ports_mappings": "9000:3000"}),
        ),
        (
            "a compose file checks it",
            json!({"build_pack": "dockercompose",
            "docker_compose_domains": "{\"web\":{\"domain\":\"https://web.example\"}}"}),
        ),
        ("Coolify checks it", json!({"health_check_enabled": true})),
        (
            "whether Coolify checks it is not said",
            json!({"health_check_enabled": null}),
        ),
    ] {
        let mut all = base.clone();
        lay(&mut all, &changes);
        said.resource(case, &application(&all));
    }
    said.is(include_str!("health_off.txt"));
}

/// With the settings of the sample, a check gives up after 5 + 5 × 10 seconds.
#[test]
fn a_health_check_has_the_patience_that_a_start_needs() {
    let mut said = Said::default();
    let took = |seconds: u8, changes: &Value| {
        let mut all = deployment(&json!({"restart_only": true,
            "finished_at": format!("2026-11-29T11:00:{seconds:02}.000000Z")}));
        lay(&mut all, changes);
        all
    };
    let with = |changes: &Value, deployments: Value| {
        let mut facts = application(changes);
        facts.deployments = read(deployments);
        facts
    };
    let unhealthy = json!({"status": "running:unhealthy"});
    let failed = || took(9, &json!({"status": "failed"}));
    said.resource(
        "a start took 55 seconds",
        &with(&unhealthy, json!([took(55, &json!({}))])),
    );
    said.resource(
        "a start took 56 seconds",
        &with(&unhealthy, json!([took(56, &json!({}))])),
    );
    said.resource(
        "a start took 56 seconds, and the newest failed",
        &with(&json!({}), json!([failed(), took(56, &json!({}))])),
    );
    said.resource(
        "a start took 56 seconds, and it is healthy",
        &with(&json!({}), json!([took(56, &json!({}))])),
    );
    said.resource(
        "a later start took less",
        &with(
            &unhealthy,
            json!([took(50, &json!({})), took(59, &json!({}))]),
        ),
    );
    let image = json!({"status": "running:unhealthy", "build_pack": "dockerimage"});
    said.resource(
        "an image is only started",
        &with(&image, json!([took(56, &json!({"restart_only": false}))])),
    );
    said.resource(
        "the time of a build is not known",
        &with(
            &unhealthy,
            json!([took(56, &json!({"restart_only": false}))]),
        ),
    );
    said.resource(
        "what did not finish says nothing",
        &with(
            &unhealthy,
            json!([took(56, &json!({"status": "cancelled-by-user"}))]),
        ),
    );
    said.resource(
        "when it ended is not known",
        &with(&unhealthy, json!([took(56, &json!({"finished_at": null}))])),
    );
    said.resource(
        "it ended before it began",
        &with(
            &unhealthy,
            json!([took(56, &json!({"created_at": "2026-11-29 11:30:00"}))]),
        ),
    );
    for (case, changes) in [
        (
            "the defaults of Coolify are as patient",
            json!({"health_check_start_period": null, "health_check_interval": null,
                "health_check_retries": null}),
        ),
        (
            "odd numbers count as the defaults",
            json!({"health_check_start_period": -1, "health_check_interval": -1,
                "health_check_retries": -1}),
        ),
        ("a shorter interval", json!({"health_check_interval": 3})),
        ("fewer retries", json!({"health_check_retries": 2})),
        ("a longer period", json!({"health_check_start_period": 60})),
        (
            "the check is off",
            json!({"health_check_enabled": false, "health_check_retries": 2}),
        ),
        (
            "a compose file",
            json!({"build_pack": "dockercompose", "health_check_retries": 2,
            "docker_compose_domains": "{\"web\":{\"domain\":\"https://web.example\"}}"}),
        ),
    ] {
        let mut changes = changes;
        changes["status"] = json!("running:unhealthy");
        said.resource(case, &with(&changes, json!([took(55, &json!({}))])));
        let case = format!("{case}, and a start took a second more");
        said.resource(&case, &with(&changes, json!([took(56, &json!({}))])));
    }
    said.is(include_str!("health_patience.txt"));
}
