//! The questions of a fleet: what each of them asks, how long it waits, and what a
//! Coolify that does not answer leaves.

use std::fmt::Write as _;
use std::time::Duration;

use coolify_sdk::fleet::{Answers, Fleet};
use coolify_sdk::{Coolify, Error};
use serde::Serialize;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, failure, message, ok};

/// A Coolify that has nothing.
async fn empty(version: &str) -> Stage {
    let mut stage = Stage::of_version(version).await.on(
        "GET /health",
        [Reply::Say(200, "text/html", "OK".to_owned())],
    );
    for list in [
        "resources",
        "projects",
        "servers",
        "deployments",
        "databases",
        "security/keys",
        "cloud-tokens",
        "s3-storages",
    ] {
        stage = stage.on(&format!("GET /{list}"), [ok(json!([]))]);
    }
    stage
}

/// A Coolify that never answers, whatever it is asked.
async fn silent() -> Stage {
    let mut stage = Stage::set().await;
    for route in [
        "version",
        "health",
        "resources",
        "projects",
        "servers",
        "deployments",
    ] {
        stage = stage.on(&format!("GET /{route}"), [Reply::Silence]);
    }
    stage
}

/// The answers as text and as data, with the errors and the times.
fn told<T: Serialize>(answers: &Answers<T>, short: impl Fn(&T) -> String) -> String {
    let mut text = String::new();
    for answer in answers {
        let took = answer.took.as_secs_f64();
        let said = match &answer.result {
            Ok(answer) => short(answer),
            Err(error) => failure(error),
        };
        let _ = writeln!(text, "{} after {took:.1} s: {said}", answer.name);
    }
    let failed: Vec<_> = answers.failed().map(|(name, _)| name).collect();
    let answered: Vec<_> = answers.answered().map(|(name, _)| name).collect();
    let _ = writeln!(
        text,
        "answered {answered:?}, failed {failed:?}, complete {}",
        answers.is_complete()
    );
    text
}

fn fleet(all: &[(&'static str, &Stage)]) -> Fleet {
    let clients = all.iter().map(|(name, stage)| (*name, stage.client()));
    Fleet::new(clients).expect("different names")
}

/// Each question is asked of a Coolify that answers, and of one that does not.
#[tokio::test(start_paused = true)]
async fn a_question_without_an_answer_has_changed_nothing() {
    let mut text = String::new();
    for question in ["versions", "find", "overview", "doctor", "issues", "work"] {
        let (good, bad) = (empty("4.3.11").await, silent().await);
        let fleet = fleet(&[("good", &good), ("silent", &bad)]);
        let fleet = fleet.max_wait(Duration::from_secs(7));
        let said = match question {
            "versions" => told(&fleet.versions().await, ToString::to_string),
            "find" => told(&fleet.find("web").await, |it| format!("{it:?}")),
            "overview" => told(&fleet.overview().await, ToString::to_string),
            "doctor" => told(&fleet.doctor().await, |it| it.findings.len().to_string()),
            "issues" => told(&fleet.find_issues().await, |it| {
                it.findings.len().to_string()
            }),
            _ => {
                let work = |_, it: Coolify| async move { it.projects().list().await };
                told(&fleet.each(work).await, |it| it.len().to_string())
            }
        };
        text += &chapter(question, format!("{}{}{said}", good.story, bad.story));
    }
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn a_fleet_waits_for_a_minute_unless_told_otherwise() {
    let late = |seconds| {
        let version = Reply::Say(200, "text/html", "4.3.11".to_owned());
        Reply::Late(seconds, Box::new(version))
    };
    let mut text = String::new();
    for (case, wait) in [("the default", None), ("twenty seconds", Some(20))] {
        let mut stages = Vec::new();
        for seconds in [1, 19, 21, 59, 61] {
            let stage = Stage::set().await.on("GET /version", [late(seconds)]);
            stages.push((seconds, stage));
        }
        let clients = stages.iter().map(|(seconds, stage)| {
            let client = stage.builder().timeout(Duration::from_secs(600));
            (
                format!("after {seconds}"),
                client.build().expect("a client"),
            )
        });
        let fleet = Fleet::new(clients).expect("different names");
        let fleet = match wait {
            Some(seconds) => fleet.max_wait(Duration::from_secs(seconds)),
            None => fleet,
        };
        let answers = fleet.versions().await;
        text += &chapter(case, told(&answers, ToString::to_string));
        let _ = writeln!(text, "{answers}");
        let error = answers.into_result().map(|it| it.len());
        let error = error.expect_err("one is too slow");
        let _ = writeln!(text, "{}", failure(&error));
    }
    insta::assert_snapshot!(text);
}

/// The answers in the order of the fleet, however long each takes.
#[tokio::test(start_paused = true)]
async fn answers_are_data_and_lines() {
    let refused = Stage::set()
        .await
        .on("GET /projects", [message(401, "Unauthenticated.")]);
    let good = Stage::set().await.on(
        "GET /projects",
        [Reply::Late(
            3,
            Box::new(ok(json!([{"uuid": "p1", "name": "shop"}]))),
        )],
    );
    let fleet = fleet(&[("slow", &good), ("refused", &refused), ("same", &good)]);
    assert_eq!((fleet.len(), fleet.is_empty()), (3, false));
    let answers = fleet
        .each(|name, it| async move {
            let projects = it.projects().list().await?;
            Ok(format!("{name} has {}", projects.len()))
        })
        .await;
    let port = regex::Regex::new(r"127\.0\.0\.1:\d+").expect("a pattern");
    let data = serde_json::to_string_pretty(&answers).expect("JSON");
    let shown = format!(
        "{answers}\n{data}\n{fleet:?}\n{:?} {:?}",
        answers.get("refused").map(|it| it.result.is_ok()),
        answers.get("nobody").is_some(),
    );
    let names: Vec<_> = answers.into_iter().map(|it| it.name).collect();
    insta::assert_snapshot!(port.replace_all(&format!("{shown}\n{names:?}"), "c.example"));
}

#[test]
fn two_of_a_fleet_cannot_have_one_name() {
    let client = || {
        let builder = Coolify::builder().url("http://c.example").token("1|s3cret");
        builder.build().expect("a client")
    };
    let shown = |names: &[&str]| match Fleet::new(names.iter().map(|it| (*it, client()))) {
        Ok(fleet) => format!("{fleet:?}, of {}, empty {}", fleet.len(), fleet.is_empty()),
        Err(error) => told_of(&error),
    };
    let mut text = String::new();
    for names in [
        &[][..],
        &["a", "b"],
        &["a", "A"],
        &["a", "b", "a"],
        &["a\n", "a\n"],
        &["", ""],
    ] {
        let _ = writeln!(text, "{names:?}: {}", shown(names));
    }
    insta::assert_snapshot!(text);
}

fn told_of(error: &Error) -> String {
    format!("{:?}: {}", error.kind(), error.report())
}

/// Only what a call returns is an answer: the type is that of the work.
#[tokio::test(start_paused = true)]
async fn a_fleet_of_nobody_has_no_answers() {
    let fleet = fleet(&[]);
    let answers = fleet.versions().await;
    assert!(answers.is_complete() && answers.iter().next().is_none());
    assert_eq!(answers.to_string(), "");
    assert_eq!(
        serde_json::to_value(&answers).expect("JSON"),
        Value::Array(Vec::new())
    );
    assert_eq!(answers.into_result().map(|it| it.len()).ok(), Some(0));
}
