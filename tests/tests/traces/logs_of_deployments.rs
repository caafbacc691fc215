//! The log of a deployment, and what of it is the reason of a failure.

use coolify_sdk::deployments::Deployment;
use serde_json::{Value, json};

use crate::stage::{Stage, chapter, failure, ok};

fn deployment(log: &str) -> Deployment {
    let row = json!({"deployment_uuid": "d1", "status": "failed", "logs": log});
    serde_json::from_value(row).expect("a deployment")
}

/// Coolify stores the log as JSON in a text; older logs and odd entries are read as far
/// as they can be.
#[test]
fn every_form_of_a_log_has_lines() {
    let entry = r#"{"command":"ls","output":"a\nb","type":"stderr","timestamp":"2026-11-22T00:26:56.000000Z","hidden":true,"batch":1,"order":7}"#;
    let logs = [
        "",
        "   ",
        "null",
        "[]",
        "{}",
        "Deployment failed early.",
        "[not json",
        "17",
        "true",
        r#""quoted""#,
        r#"[{"output":"one"},{"output":"two"}"#,
        r#"[{"output":"one"},{"output":"tw"#,
        r#"[{"output":"one"}] and more"#,
        entry,
        &format!("[{entry}]"),
        &format!(r#"{{"0":{entry},"5":{{"output":"after"}}}}"#),
        r#"{"0":{"output":"one"},"note":{"output":"two"}}"#,
        r#"{"level":"info","text":"no entry"}"#,
        r#"[{"output":null,"command":"only a command"}]"#,
        r#"[{"output":"","command":null}]"#,
        r#"[{"output":5,"command":["ls"],"type":7,"timestamp":17,"hidden":"false","order":"3"}]"#,
        r#"[{"output":"x","type":"weird","hidden":"0","order":"many"}]"#,
        r#"[{"output":"x","hidden":1.5,"order":2.0}]"#,
        r#"[{"output":{"a":1},"hidden":[]}]"#,
        r#"[{"output":"x","hidden":{}}]"#,
        r#"["text",17,null,true,2.5,-3,["a"],{"level":"info"}]"#,
    ];
    let mut told = String::new();
    for log in logs {
        let lines = deployment(log).log_lines().into_iter().map(|line| {
            let json = serde_json::to_string(&line).expect("a line");
            format!("    {json}\n    shown as {line:>4}\n")
        });
        told += &chapter(log, lines.collect::<Vec<_>>().concat());
    }
    insta::assert_snapshot!(told);
}

/// The lines that a run gives for a sequence of logs.
async fn given(logs: &[&str]) -> String {
    let row = |status: &str, log: &str| {
        let done = (status != "in_progress").then_some("2026-11-22T00:26:56.000000Z");
        ok(json!({
            "deployment_uuid": "d1", "status": status, "logs": log, "finished_at": done,
            "horizon_job_worker": "vm",
        }))
    };
    let mut replies: Vec<_> = logs.iter().map(|log| row("in_progress", log)).collect();
    replies.push(row("finished", logs.last().unwrap_or(&"")));
    let stage = Stage::set().await.on("GET /deployments/d1", replies);
    stage
        .story
        .tell_all(stage.client().deployment("d1").follow().events())
        .await;
    stage.story.to_string()
}

#[tokio::test(start_paused = true)]
async fn a_log_that_changes_gives_each_line_once() {
    let entry = |text: &str| format!(r#"{{"output":"{text}"}}"#);
    let log = |texts: &[&str]| {
        let entries: Vec<_> = texts.iter().map(|text| entry(text)).collect();
        format!("[{}]", entries.join(","))
    };
    let wide = "x".repeat(100);
    let cases: [(&str, Vec<String>); 8] = [
        (
            "grows",
            vec![log(&["a"]), log(&["a", "b"]), log(&["a", "b", "c"])],
        ),
        (
            "repeats a line",
            vec![log(&["a"]), log(&["a", "a"]), log(&["a", "a", "a"])],
        ),
        (
            "loses a line and gets it back",
            vec![
                log(&["a", "cancelled"]),
                log(&["a", "b"]),
                log(&["a", "b", "cancelled"]),
            ],
        ),
        (
            "is written anew",
            vec![log(&["a", "b"]), log(&["c", "d", "e"])],
        ),
        (
            "is laid out in another way",
            vec![log(&["a", "b"]), log(&["a", "b", "c"]).replace(',', ", \n")],
        ),
        (
            "changes before its last sixty-four bytes",
            vec![log(&["a", &wide]), log(&["b", &wide, "c"])],
        ),
        (
            "breaks off",
            vec![
                log(&["a", "b"]),
                r#"[{"output":"a"},{"output":"b"},{"ou"#.into(),
                log(&["a", "b", "c"]),
            ],
        ),
        (
            "ends with characters of several bytes, and a space",
            vec![
                log(&["ä", "öüß€€€€€€€€€€€€€€€€€€€€"]) + " ",
                log(&["ä", "öüß€€€€€€€€€€€€€€€€€€€€", "é"]),
            ],
        ),
    ];
    let mut told = String::new();
    for (name, logs) in cases {
        let logs: Vec<_> = logs.iter().map(String::as_str).collect();
        told += &chapter(name, given(&logs).await);
    }
    insta::assert_snapshot!(told);
}

#[tokio::test(start_paused = true)]
async fn a_failure_names_its_reason_and_shows_the_end_of_the_log() {
    let line = |output: &str, stream: &str| json!({"output": output, "type": stream});
    let stdout = |output: &str| line(output, "stdout");
    let stderr = |output: &str| line(output, "stderr");
    let hidden = json!({"output": "secret", "type": "stderr", "hidden": true});
    let many: Vec<_> = (1..=12).map(|it| stdout(&format!("line {it}"))).collect();
    let wide = "ä".repeat(301);
    let cases: Vec<Vec<Value>> = vec![
        vec![],
        vec![stdout("Building."), stdout("----"), stdout("\u{1b}[31m")],
        vec![stdout("Server is not functional.")],
        vec![
            stderr("npm ERR! missing script: build"),
            stdout("Removing."),
        ],
        vec![
            stderr("first"),
            stderr("Error: second\n  \n --- \n"),
            hidden,
        ],
        vec![
            stderr("Deployment failed: Command failed\nError: no such image"),
            stderr("Deployment failed. Removing the new version of your application."),
            stderr("Error stopping container d1: no such container"),
            stdout("Gracefully shutting down build container: d1"),
        ],
        vec![stderr("====="), stdout("the last word")],
        vec![stderr(&"x".repeat(160))],
        vec![stderr(&"x".repeat(161))],
        vec![stdout(&wide), stdout("tab\there\u{7}")],
        vec![stderr(
            &(1..=12)
                .map(|it| format!("step {it}\n"))
                .collect::<Vec<_>>()
                .concat(),
        )],
        many,
    ];
    let pages = [
        json!("/project/p"),
        json!("project/p"),
        json!("https://elsewhere.example/p"),
        json!(""),
        json!(null),
    ];
    let mut told = String::new();
    for (lines, page) in cases
        .iter()
        .zip(pages.iter().chain([&pages[4]].into_iter().cycle()))
    {
        let log = Value::from(lines.clone()).to_string();
        let failed = ok(json!({
            "deployment_uuid": "d1", "status": "failed", "logs": log,
            "finished_at": "2026-11-22T00:26:56.000000Z", "deployment_url": page,
            "application_name": "web",
        }));
        let stage = Stage::set().await.on("GET /deployments/d1", [failed]);
        let error = stage.client().deployment("d1").follow().await;
        let error = error.expect_err("it failed");
        let detail = error.failed_deployment().expect("a detail");
        let page = detail.dashboard_url.as_deref();
        stage.story.tell(format!(
            "{:?} of {:?}, {} lines, withheld: {}, at {page:?}, because of {:?}\n{}",
            detail.status,
            detail.application_name,
            detail.last_lines.len(),
            detail.log_withheld,
            detail.reason(),
            failure(&error),
        ));
        told += &stage.story.to_string();
    }
    insta::assert_snapshot!(told);
}
