//! How a deployment proceeds: with each read, or with time.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::testing::DeploymentScript;
use crate::testing::state::Deployment;
use crate::testing::state::deployment_script::Pace;

fn deployment(script: DeploymentScript) -> Deployment {
    Deployment {
        row: json!({"deployment_uuid": "d1", "status": "queued"}),
        application: "a1".to_owned(),
        script,
        logged: Vec::new(),
        looks: 0,
        since: None,
        late: Vec::new(),
        ended: None,
    }
}

fn ten_lines() -> DeploymentScript {
    DeploymentScript::finishes((1..=10).map(|it| it.to_string()))
}

/// Returns the moment that was so long ago.
fn ago(milliseconds: u64) -> Instant {
    Instant::now()
        .checked_sub(Duration::from_millis(milliseconds))
        .unwrap()
}

#[test]
fn looks_are_steps_of_equal_size() {
    for (needed, progress) in [
        (0, [100, 100, 100, 100, 100]),
        (1, [100, 100, 100, 100, 100]),
        (2, [0, 100, 200, 300, 400]),
        (3, [0, 50, 100, 150, 200]),
        (4, [0, 33, 66, 100, 133]),
        (5, [0, 25, 50, 75, 100]),
    ] {
        let mut one = deployment(ten_lines());
        let seen = [0, 1, 2, 3, 4].map(|looks| {
            one.looks = looks;
            one.progress(Pace::Looks(needed))
        });
        assert_eq!(seen, progress, "{needed} looks");
    }
}

#[test]
fn time_is_measured_in_hundredths() {
    let pace = Pace::Time(Duration::from_secs(100));
    let mut fresh = deployment(ten_lines());
    assert_eq!(fresh.progress(pace), 0);
    assert!(fresh.since.is_some(), "the clock runs from now on");
    for (milliseconds, progress) in [
        (9_500, 0),
        (10_500, 10),
        (55_500, 55),
        (99_500, 99),
        (100_500, 100),
        (250_500, 250),
    ] {
        let mut one = deployment(ten_lines());
        one.since = Some(ago(milliseconds));
        assert_eq!(one.progress(pace), progress, "{milliseconds} ms");
    }
    let mut instant = deployment(ten_lines());
    instant.since = Some(ago(5));
    assert!(instant.progress(Pace::Time(Duration::ZERO)) >= 100);
}

#[test]
fn lines_are_written_in_proportion() {
    let pace = Pace::Time(Duration::from_secs(100));
    let mut one = deployment(ten_lines());
    for (milliseconds, lines, status, has_ended) in [
        (0, 0, "queued", false),
        (9_500, 0, "queued", false),
        (19_500, 1, "in_progress", false),
        (20_500, 2, "in_progress", false),
        (99_500, 9, "in_progress", false),
        (100_500, 10, "finished", true),
    ] {
        one.since = Some(ago(milliseconds));
        let is_running = one.advance(pace);
        let seen = (one.logged.len(), one.row["status"].as_str().unwrap());
        assert_eq!(
            (seen, is_running),
            ((lines, status), has_ended),
            "{milliseconds} ms"
        );
        assert_eq!(one.is_open(), !has_ended);
    }
}

#[test]
fn the_rest_of_the_log_comes_a_moment_after_the_end() {
    for (pace, early, due) in [
        (Pace::Looks(4), (ago(0), 1), (ago(0), 2)),
        (
            Pace::Time(Duration::from_secs(100)),
            (ago(9_500), 9),
            (ago(10_500), 0),
        ),
    ] {
        let mut one = deployment(DeploymentScript::fails(["why"]).then_logs(["after"]));
        one.write_late(pace);
        one.looks = 4;
        one.since = Some(ago(100_500));
        assert!(!one.advance(pace), "it failed");
        assert_eq!(one.logged.len(), 3);
        one.ended = Some(early);
        one.write_late(pace);
        assert_eq!(
            (one.logged.len(), &one.row["finished_at"]),
            (3, &Value::Null)
        );
        one.ended = Some(due);
        one.write_late(pace);
        one.write_late(pace);
        let entry = |it: &Value| {
            let text = |field: &str| it[field].as_str().unwrap_or_default().to_owned();
            (
                text("output"),
                text("type"),
                it["hidden"] == true,
                it["order"].as_u64(),
            )
        };
        let late: Vec<_> = one.logged[3..].iter().map(entry).collect();
        let line = |text: &str, kind: &str, is_hidden, order| {
            (text.to_owned(), kind.to_owned(), is_hidden, Some(order))
        };
        let expected = [
            line("why", "stderr", false, 4),
            line("after", "stdout", false, 5),
            line(
                "Gracefully shutting down build container: d1",
                "stdout",
                false,
                6,
            ),
            line("d1", "stdout", true, 7),
        ];
        assert_eq!(late, expected);
        assert!(one.row["finished_at"].is_string());
    }
}

#[test]
fn what_ends_in_the_queue_writes_nothing_more() {
    let mut one = deployment(ten_lines());
    one.end("cancelled-by-user");
    assert_eq!(one.row["status"], "cancelled-by-user");
    one.ended = Some((ago(0), 9));
    one.write_late(Pace::Looks(4));
    assert_eq!(
        (one.logged.len(), &one.row["finished_at"]),
        (0, &Value::Null)
    );
}

#[test]
fn the_log_is_for_tokens_that_see_secrets() {
    let mut one = deployment(DeploymentScript::default());
    one.looks = 4;
    assert!(one.advance(Pace::Looks(4)));
    let entry = json!({"command": null, "output": "Starting deployment to localhost.", "type": "stdout", "hidden": false, "batch": 1});
    let mut first = one.logged[0].clone();
    first.as_object_mut().unwrap().remove("timestamp");
    assert_eq!(first, entry);
    let hidden: Vec<_> = one.logged.iter().map(|it| it["hidden"] == true).collect();
    assert_eq!(hidden, [false, false, false, true, false, false]);
    let logs = Value::Array(one.logged.clone()).to_string();
    assert_eq!(one.shown(true)["logs"], logs);
    assert_eq!(one.shown(false).get("logs"), None);
    assert_eq!(one.shown(false)["status"], "finished");
}
