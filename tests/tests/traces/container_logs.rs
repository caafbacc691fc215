//! Reading and following the logs of containers.

use std::time::Duration;

use coolify_sdk::resource::{ContainerLogs, Lines, LogEvent};
use futures_util::StreamExt;
use serde_json::json;

use crate::stage::{Reply, Stage, chapter, message, ok, outage};

const LOGS: &str = "GET /applications/a1/logs";

fn log(text: &str) -> Reply {
    ok(json!({ "logs": text }))
}

fn not_running() -> Reply {
    message(400, "Application is not running.")
}

/// Lines with a time.
fn timed(numbers: impl IntoIterator<Item = u32>) -> String {
    let line = |number: u32| {
        let (hours, minutes, seconds) = (number / 3_600, number / 60 % 60, number % 60);
        format!("2026-11-22T{hours:02}:{minutes:02}:{seconds:02}Z line {number}")
    };
    numbers.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Lines without a time.
fn plain(numbers: impl IntoIterator<Item = u32>) -> String {
    let line = |number: u32| format!("line {number}");
    numbers.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Follows a log for some seconds. Several lines in a row are told by the first and the
/// last.
async fn follow(stage: &Stage, logs: ContainerLogs, seconds: u64) {
    let end = tokio::time::Instant::now() + Duration::from_secs(seconds);
    let mut events = logs.follow();
    let mut lines: Vec<String> = Vec::new();
    let flush = |lines: &mut Vec<String>| {
        if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
            let count = lines.len();
            stage
                .story
                .tell(format!("{count} lines, from {first:?} to {last:?}"));
        }
        lines.clear();
    };
    loop {
        let next = tokio::time::timeout(Duration::from_millis(500), events.next()).await;
        match next {
            Ok(Some(Ok(LogEvent::Line(line)))) => lines.push(line.to_string()),
            Ok(Some(event)) => {
                flush(&mut lines);
                stage.story.tell_of("event", &event);
            }
            Ok(None) => {
                flush(&mut lines);
                return stage.story.tell("the stream ends");
            }
            Err(_) if tokio::time::Instant::now() >= end => {
                flush(&mut lines);
                return;
            }
            Err(_) => flush(&mut lines),
        }
    }
}

fn logs(stage: &Stage) -> ContainerLogs {
    stage.client().application("a1").logs()
}

#[tokio::test(start_paused = true)]
async fn the_number_of_lines_is_sent_as_coolify_takes_it() {
    let mut all = String::new();
    for version in ["4.2.0", "4.3.22", "4.3.23", "4.4-rc.1"] {
        let stage = Stage::of_version(version)
            .await
            .on(LOGS, [log("one\ntwo\n")]);
        let all_lines = [
            Lines::All,
            5.into(),
            0.into(),
            (-3).into(),
            Lines::Last(10_001),
        ];
        for lines in all_lines {
            let text = logs(&stage).lines(lines).await;
            stage.story.tell_of(&format!("{lines:?}"), &text);
        }
        stage.story.tell_of("default", &logs(&stage).await);
        let timed = logs(&stage).lines(3).show_timestamps(true).await;
        stage.story.tell_of("with times", &timed);
        all += &chapter(version, stage.story);
    }
    let stage = Stage::set().await;
    for reply in [
        not_running(),
        message(400, "Something else."),
        message(404, "Not found."),
    ] {
        let stage = stage.clone().on(LOGS, [reply]);
        stage.story.tell_of("read", &logs(&stage).await);
        stage.story.tell_of("none", &logs(&stage).lines(0).await);
    }
    all += &chapter("refused", stage.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_log_is_followed_from_its_end() {
    let mut all = String::new();
    for (name, lines) in [
        ("by default", None),
        ("from the last three", Some(Lines::Last(3))),
        ("from now on", Some(Lines::Last(0))),
        ("from the last thousand", Some(Lines::Last(1_000))),
    ] {
        let stage = Stage::set().await.since(
            LOGS,
            [
                (0, log(&timed(1..=150))),
                (3, log(&timed(1..=152))),
                (7, log(&timed(1..=152))),
                (9, log(&timed(2..=153))),
            ],
        );
        let logs = logs(&stage);
        let logs = match lines {
            Some(lines) => logs.lines(lines),
            None => logs,
        };
        follow(&stage, logs, 12).await;
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_log_is_followed_from_its_beginning() {
    let mut all = String::new();
    for version in ["4.3.22", "4.3.23"] {
        let stage = Stage::of_version(version).await;
        let stage = stage.on(LOGS, [log(&timed(1..=300)), log(&timed(102..=301))]);
        follow(&stage, logs(&stage).lines(Lines::All), 3).await;
        all += &chapter(version, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_window_is_widened_until_it_joins() {
    let cases: [(&str, Vec<Reply>); 7] = [
        (
            "at a thousand lines",
            vec![
                log(&timed(1..=200)),
                log(&timed(301..=500)),
                log(&timed(1..=500)),
            ],
        ),
        (
            "nowhere",
            vec![
                log(&plain(1..=200)),
                log(&plain(1_001..=1_200)),
                log(&plain(1_001..=2_000)),
                log(&plain(1_001..=6_000)),
                log(&plain(2_001..=12_000)),
            ],
        ),
        (
            "nowhere, with times",
            vec![
                log(&timed(1..=200)),
                log(&timed(3_000..=3_199)),
                log(&timed(2_001..=3_000)),
                log(&timed(300..=5_299)),
                log(&timed(250..=10_249)),
            ],
        ),
        (
            "a new container",
            vec![log(&plain(1..=5)), log("starting\nready")],
        ),
        (
            "a new container, with times",
            vec![log(&timed(1..=5)), log(&timed(4..=8))],
        ),
        ("an empty log", vec![log(""), log(""), log("one")]),
        (
            "a line that goes on",
            vec![log("one\ntwo"), log("one\ntwo and a half\nthree")],
        ),
    ];
    let mut all = String::new();
    for (name, replies) in cases {
        let stage = Stage::set().await.on(LOGS, replies);
        follow(&stage, logs(&stage), 5).await;
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_window_that_is_too_large_is_narrowed() {
    let big = || log(&"x".repeat(2_000));
    let cases: [(&str, Vec<Reply>); 5] = [
        (
            "at first",
            vec![big(), log(&timed(1..=20)), log(&timed(1..=21))],
        ),
        (
            "to one line",
            vec![big(), big(), log("one"), log("one\ntwo")],
        ),
        ("to none", vec![big()]),
        ("later", vec![log(&timed(1..=2)), big(), log(&timed(5..=6))]),
        (
            "when it is widened",
            vec![
                log(&plain(1..=2)),
                log(&plain(201..=400).replace("line ", "")),
                big(),
            ],
        ),
    ];
    let mut all = String::new();
    for (name, replies) in cases {
        let stage = Stage::set().await.on(LOGS, replies);
        let small = stage
            .builder()
            .max_reply_size(1_500)
            .build()
            .expect("a client");
        follow(&stage, small.application("a1").logs(), 5).await;
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_container_may_stop_and_the_server_restart() {
    let cases: [(&str, Vec<(u64, Reply)>); 6] = [
        (
            "stopped and started",
            vec![(0, log("one")), (3, not_running()), (7, log("new\nnewer"))],
        ),
        (
            "stopped twice",
            vec![
                (0, log("one")),
                (3, not_running()),
                (7, log("two")),
                (11, not_running()),
                (15, log("three")),
            ],
        ),
        (
            "not running at first",
            vec![(0, not_running()), (5, log("one\ntwo"))],
        ),
        (
            "an outage",
            vec![(0, log("one")), (3, outage()), (90, log("one\ntwo"))],
        ),
        (
            "an outage that lasts",
            vec![(0, log("one")), (3, Reply::Cut)],
        ),
        ("a refusal", vec![(0, log("one")), (3, message(403, "No."))]),
    ];
    let mut all = String::new();
    for (name, replies) in cases {
        let stage = Stage::set().await.since(LOGS, replies);
        follow(&stage, logs(&stage), 200).await;
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn timestamps_are_requested_from_servers_that_support_them() {
    let mut all = String::new();
    for version in ["4.1.2", "4.2.0"] {
        let lines = "2026-11-22T00:00:01.5Z one\n2026-11-22 two\n20261122T000000Z three\n2026-11-22T00:00:04Z";
        let stage = Stage::of_version(version).await.on(LOGS, [log(lines)]);
        let mut events = logs(&stage)
            .poll_every(Duration::from_secs(9))
            .follow()
            .take(4);
        while let Some(event) = events.next().await {
            stage.story.tell_of("event", &event);
        }
        all += &chapter(version, stage.story);
    }
    let stage = Stage::set()
        .await
        .since("GET /version", [(0, outage()), (5, log("4.3.11"))]);
    let version = Reply::Say(200, "text/html", "4.3.11".to_owned());
    let stage = stage
        .since("GET /version", [(0, outage()), (5, version)])
        .on(LOGS, [log("one")]);
    follow(&stage, logs(&stage), 8).await;
    all += &chapter("an outage before", stage.story);
    let stage = Stage::set().await.on("GET /services/s1/logs", [log("one")]);
    let stage = stage.on("GET /databases/d1/logs", [log("one")]);
    let coolify = stage.client();
    follow(&stage, coolify.service("s1").logs("web"), 1).await;
    follow(&stage, coolify.database("d1").logs(), 1).await;
    all += &chapter("a service and a database", stage.story);
    insta::assert_snapshot!(all);
}
