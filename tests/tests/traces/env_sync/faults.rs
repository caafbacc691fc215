//! Failures half way, and other kinds of resources.

use super::*;

/// The steps of a plan: duplicates are deleted, then all is written, and then the rest is
/// deleted.
#[tokio::test(start_paused = true)]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn what_fails_half_way_is_reported_step_by_step() {
    let known = || {
        vec![
            row("v1", "A", "0"),
            row("v2", "A", "1"),
            row("v3", "B", "1"),
            row("v4", "C", "1"),
            row("v5", "D", "1"),
            row("v6", "E", "1"),
        ]
    };
    let desired = || {
        vec![
            valued("A", "1"),
            valued("B", "2"),
            valued("N", "1"),
            item("O"),
            item("E").is_literal(true),
        ]
    };
    let after = |changed: &[&str]| {
        let mut rows: Vec<_> = known();
        rows.retain(|it| !changed.contains(&it["uuid"].as_str().unwrap_or_default()));
        if changed.contains(&"B") {
            rows.retain(|it| it["key"] != "B");
            rows.push(row("v3", "B", "2"));
        }
        if changed.contains(&"N") {
            rows.push(row("v9", "N", "another"));
        }
        ok(rows)
    };
    let before = || ok(known());
    let first = "DELETE /applications/a1/envs/v1";
    let write = "PATCH /applications/a1/envs/bulk";
    let last = "DELETE /applications/a1/envs/v5";
    let refused = || message(403, "Missing required permissions: write");
    let failed = || message(500, "Server Error");
    let invalid = || status(422, json!({"message": "Validation failed.", "errors": {}}));
    let cases = [
        ("a duplicate stays", first, refused(), vec![before()]),
        (
            "a duplicate perhaps stays",
            first,
            Reply::Cut,
            vec![before(), before()],
        ),
        (
            "a duplicate is gone after all",
            first,
            Reply::Cut,
            vec![before(), after(&["v1"])],
        ),
        (
            "a duplicate was gone",
            first,
            message(404, "Not found."),
            vec![before()],
        ),
        (
            "the fate of a duplicate is unknown",
            first,
            failed(),
            vec![before(), outage()],
        ),
        ("not written", write, refused(), vec![before()]),
        (
            "perhaps written",
            write,
            Reply::Cut,
            vec![before(), before()],
        ),
        (
            "written in part",
            write,
            invalid(),
            vec![before(), after(&["B"])],
        ),
        (
            "written in part, perhaps",
            write,
            failed(),
            vec![before(), after(&["B", "N"])],
        ),
        (
            "what was written is unknown",
            write,
            Reply::Cut,
            vec![before(), refused()],
        ),
        (
            "limited",
            write,
            message(429, "Too Many Attempts."),
            vec![before()],
        ),
        (
            "in conflict",
            write,
            message(409, "No."),
            vec![before(), after(&["N"])],
        ),
        ("the last stays", last, refused(), vec![before()]),
        (
            "the last perhaps stays",
            last,
            failed(),
            vec![before(), before()],
        ),
        (
            "the last is gone",
            last,
            failed(),
            vec![before(), after(&["v5"])],
        ),
        ("no list", write, refused(), vec![refused()]),
    ];
    let mut all = String::new();
    for (name, route, reply, lists) in cases {
        let stage = stage(&known()).await;
        let stage = stage.on(&format!("GET {ENVS}"), lists).on(route, [reply]);
        let envs = stage.client().application("a1").envs();
        let report = envs.sync(desired()).prune(true).send().await;
        stage.story.tell_of("report", &report);
        let so_far = report.as_ref().err().and_then(|it| it.sync_report());
        if let Some(report) = so_far {
            stage
                .story
                .tell(format!("complete: {}", report.is_complete()));
        }
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

/// Databases and services have no previews, and their variables are never built in.
#[tokio::test(start_paused = true)]
async fn the_variables_of_databases_and_services_are_synchronised_too() {
    let stage_of = |path: &'static str| async move {
        let rows = [
            row("v1", "A", "1"),
            preview(row("v2", "B", "1")),
            once(row("v3", "C", json!(null))),
            row("v4", "D", "1"),
        ];
        let mut stage = Stage::set()
            .await
            .on(&format!("GET {path}"), [ok(rows.to_vec())])
            .on(&format!("PATCH {path}/bulk"), [status(201, json!([]))]);
        for uuid in ["v1", "v2", "v3", "v4"] {
            stage = stage.on(&format!("DELETE {path}/{uuid}"), [message(200, "deleted")]);
        }
        stage
    };
    let desired = || {
        [
            BulkVariable::new("A").value("2").is_shown_once(true),
            BulkVariable::new("B").value("1"),
            BulkVariable::new("N").value("1\n2").comment("new"),
        ]
    };
    let mut all = String::new();
    let stage = stage_of("/databases/d1/envs").await;
    let envs = stage.client().database("d1").envs();
    tell(&stage, envs.sync(desired()).prune(true)).await;
    all += &chapter("a database", stage.story);
    let stage = stage_of("/services/s1/envs").await;
    let envs = stage.client().service("s1").envs();
    tell(&stage, envs.sync(desired()).prune(true)).await;
    all += &chapter("a service", stage.story);
    insta::assert_snapshot!(all);
}
