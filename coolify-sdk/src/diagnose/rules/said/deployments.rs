//! Deployments that failed, and containers that crash.

use serde_json::{Value, json};

use super::{
    super::samples::{application, database, deployment, read, service},
    Said, lay,
};
use crate::diagnose::facts::{Part, ResourceFacts};

/// An application with these deployments, the newest first.
fn with(changes: &Value, deployments: Value) -> ResourceFacts {
    let mut facts = application(changes);
    facts.deployments = read(deployments);
    facts
}

fn failed(changes: &Value) -> Value {
    let mut all = deployment(&json!({"status": "failed"}));
    lay(&mut all, changes);
    all
}

#[test]
fn the_newest_deployment_of_production_decides() {
    let mut said = Said::default();
    let healthy = json!({});
    let stopped = json!({"status": "exited"});
    said.resource(
        "it failed, and the old version runs",
        &with(&healthy, json!([failed(&json!({}))])),
    );
    said.resource(
        "it failed, and nothing runs",
        &with(&stopped, json!([failed(&json!({}))])),
    );
    let lines = |from: u8, to: u8| {
        let lines: Vec<_> = (from..=to).map(|it| format!("line {it}")).collect();
        lines.join("\n")
    };
    let log = |entries: Value| failed(&json!({"logs": entries.to_string()}));
    let entry =
        |output: &str, hidden: bool| json!({"output": output, "type": "stdout", "hidden": hidden});
    said.resource(
        "its log has more than ten lines, some of them hidden",
        &with(
            &healthy,
            json!([log(json!([
                entry(&lines(1, 6), false),
                entry("TOKEN=s3cret", true),
                entry(&lines(7, 11), false),
            ]))]),
        ),
    );
    said.resource(
        "its log has ten lines",
        &with(&healthy, json!([log(json!([entry(&lines(1, 10), false)]))])),
    );
    said.resource("its log is empty", &with(&healthy, json!([log(json!([]))])));
    said.resource(
        "it has no commit, and only the time of its last change",
        &with(
            &healthy,
            json!([failed(&json!({"commit": null, "finished_at": null,
            "updated_at": "2026-11-29T11:02:00.000000Z"}))]),
        ),
    );
    said.resource(
        "no time is known",
        &with(&healthy, json!([failed(&json!({"finished_at": null}))])),
    );
    for status in ["finished", "queued", "in_progress", "cancelled-by-user"] {
        let newest = deployment(&json!({"status": status}));
        let facts = with(&healthy, json!([newest, failed(&json!({}))]));
        said.resource(
            &format!("the one before it failed, and it is {status}"),
            &facts,
        );
    }
    said.resource(
        "one of a preview failed later",
        &with(
            &healthy,
            json!([
                failed(&json!({"pull_request_id": 7})),
                deployment(&json!({}))
            ]),
        ),
    );
    said.resource(
        "whether it is one of a preview is not said",
        &with(&healthy, json!([failed(&json!({"pull_request_id": null}))])),
    );
    said.resource(
        "only a preview was deployed",
        &with(&healthy, json!([failed(&json!({"pull_request_id": 7}))])),
    );
    said.is(include_str!("deployments_failed.txt"));
}

/// The deployments end at 11:01:00.
#[test]
fn a_deployment_that_succeeded_may_crash_all_the_same() {
    let mut said = Said::default();
    let finished = || json!([deployment(&json!({}))]);
    let crashed = |status: &str, at: &str, check: bool| {
        json!({"status": status, "restart_count": 2, "last_restart_type": "crash",
            "last_restart_at": at, "health_check_enabled": check})
    };
    let mut restarting = with(&json!({"status": "restarting:unknown"}), finished());
    restarting.log = Part::Read(vec!["no such file".to_owned()]);
    said.resource("it restarts, and its log is known", &restarting);
    restarting.log = Part::Read(Vec::new());
    restarting.deployments = read(json!([
        deployment(&json!({"commit": null})),
        failed(&json!({}))
    ]));
    said.resource("it restarts, without a log and a commit", &restarting);
    for (case, changes) in [
        (
            "it crashed at the end",
            crashed("running:unknown", "2026-11-29 11:01:00", true),
        ),
        (
            "it crashed before the end",
            crashed("running:unknown", "2026-11-29 11:00:59", true),
        ),
        (
            "nothing checks its health",
            crashed("running:unknown", "2026-11-29 11:01:00", false),
        ),
        (
            "it recovered",
            crashed("running:healthy", "2026-11-29 11:30:00", true),
        ),
        (
            "it was stopped after a crash",
            crashed("exited", "2026-11-29 11:30:00", true),
        ),
        (
            "it starts after a crash",
            crashed("starting:unknown", "2026-11-29 11:30:00", true),
        ),
        (
            "Coolify stopped it",
            json!({"status": "exited", "restart_limit_reached": true}),
        ),
        ("it runs", json!({})),
    ] {
        said.resource(case, &with(&changes, finished()));
    }
    let restarting = json!({"status": "restarting:unknown"});
    said.resource(
        "it restarts, and the deployment runs",
        &with(
            &restarting,
            json!([deployment(&json!({"status": "in_progress"}))]),
        ),
    );
    said.resource(
        "it restarts, and when the deployment ended is not said",
        &with(
            &restarting,
            json!([deployment(&json!({"finished_at": null}))]),
        ),
    );
    said.is(include_str!("deployments_crashing.txt"));
}

/// The time of the diagnosis is 12:00. A crash is over after 15 minutes.
#[test]
fn what_restarts_is_told_from_what_was_stopped_and_what_recovered() {
    let mut said = Said::default();
    let crash = |status: &str, at: &str| {
        json!({"status": status, "restart_count": 3, "last_restart_type": "crash",
            "last_restart_at": at})
    };
    for (case, changes) in [
        ("it restarts", json!({"status": "restarting:unknown"})),
        (
            "it crashed a second less than 15 minutes ago",
            crash("running", "2026-11-29 11:45:01"),
        ),
        (
            "it crashed 15 minutes ago",
            crash("running", "2026-11-29 11:45:00"),
        ),
        (
            "when it crashed is not said",
            json!({"restart_count": 3, "last_restart_type": "crash"}),
        ),
        (
            "it was restarted by hand",
            json!({"restart_count": 3, "last_restart_type": "manual",
                "last_restart_at": "2026-11-29 11:59:00"}),
        ),
        (
            "the count was reset",
            json!({"restart_count": 0, "last_restart_type": "crash",
                "last_restart_at": "2026-11-29 11:59:00"}),
        ),
        (
            "it crashed, and somebody stopped it",
            crash("exited", "2026-11-29 11:59:00"),
        ),
    ] {
        said.resource(&format!("an application: {case}"), &application(&changes));
        said.resource(&format!("a database: {case}"), &database(&changes));
    }
    for (case, count, most) in [
        ("it crashed as often as it may", 5, json!(5)),
        ("it crashed more often than it may", 6, json!(5)),
        ("it crashed less often than it may", 4, json!(5)),
        ("it may crash without a limit", 5, json!(0)),
        ("its limit is not known", 5, json!(null)),
    ] {
        let changes = json!({"status": "exited", "restart_count": count, "max_restart_count": most,
            "last_restart_type": "crash", "last_restart_at": "2026-11-28 11:59:00"});
        said.resource(case, &application(&changes));
        let mut running = changes.clone();
        running["status"] = json!("running:healthy");
        said.resource(&format!("{case}, and runs again"), &application(&running));
    }
    for reached in [true, false] {
        let changes = json!({"status": "exited", "restart_limit_reached": reached});
        let case = format!("Coolify says that the limit was reached: {reached}");
        said.resource(&case, &application(&changes));
    }
    said.resource(
        "Coolify says that the limit was reached, and it runs again",
        &application(&json!({"restart_limit_reached": true})),
    );
    said.is(include_str!("deployments_restarting.txt"));
}

#[test]
#[expect(clippy::large_stack_arrays, reason = "a table of whole resources")]
fn the_containers_of_a_service_are_told_apart() {
    let mut said = Said::default();
    let parts = |status: &str, app: &str, store: &Value| {
        let mut part = json!({"uuid": "p2", "name": "store", "status": "running:healthy"});
        lay(&mut part, store);
        service(
            &json!({"status": status, "databases": [part], "applications": [
            {"uuid": "p1", "name": "app", "status": app, "fqdn": "https://wiki.example"}]}),
        )
    };
    let store = |status: &str| json!({"status": status});
    for (case, facts) in [
        (
            "one restarts",
            parts(
                "degraded:unhealthy",
                "restarting:unknown",
                &store("running:healthy"),
            ),
        ),
        (
            "both restart",
            parts(
                "restarting:unknown",
                "restarting:unknown",
                &store("restarting:unknown"),
            ),
        ),
        (
            "one is stopped",
            parts(
                "degraded:unhealthy",
                "running:healthy",
                &store("exited:unhealthy"),
            ),
        ),
        (
            "the one that is stopped does not count",
            parts(
                "running:healthy",
                "running:healthy",
                &json!({"status": "exited", "exclude_from_status": true}),
            ),
        ),
        (
            "one has no status",
            parts(
                "degraded:unhealthy",
                "running:unknown",
                &json!({"status": null}),
            ),
        ),
        (
            "one is unhealthy",
            parts("running:unhealthy", "running:unhealthy", &store("running")),
        ),
        (
            "both are stopped",
            parts("exited", "exited", &store("exited")),
        ),
        (
            "both run",
            parts(
                "running:healthy",
                "running:healthy",
                &store("running:healthy"),
            ),
        ),
    ] {
        said.resource(case, &facts);
    }
    said.is(include_str!("deployments_containers.txt"));
}
