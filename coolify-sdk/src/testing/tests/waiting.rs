//! Waiting, also while the server restarts.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};

use crate::applications::ApplicationHandle;
use crate::deployments::{ResourceRun, Rollout};
use crate::resource::{LogEvent, Volumes};
use crate::scheduled_tasks::ScheduledTaskExecutionStatus::{Failed, Success};
use crate::scheduled_tasks::ScheduledTasks;
use crate::testing::{FakeCoolify, Fault, ReceivedRequest};
use crate::{ErrorKind, Pacing, RetryPolicy};

const POLL: Duration = Duration::from_millis(100);

fn application(fake: &FakeCoolify) -> ApplicationHandle {
    let uuid = fake.seed_application(&fake.seed_project("shop"), "web");
    fake.set_application(&uuid, "status", "running:healthy");
    client(fake).application(uuid)
}

/// A client without retries, so that the wait itself has to tolerate errors.
fn client(fake: &FakeCoolify) -> crate::Coolify {
    crate::Coolify::builder()
        .url(fake.url())
        .token(fake.token())
        .pacing(Pacing::off())
        .build()
        .unwrap()
        .with_retry(RetryPolicy::none())
}

/// Plays a restart of the server: connections break, then the proxy answers that
/// nothing is behind it.
fn restart(fake: &FakeCoolify) {
    for _ in 0..3 {
        fake.fail_next(Fault::cut());
        fake.fail_next(Fault::status(502).html("<h1>Bad gateway</h1>"));
    }
}

fn tasks(fake: &FakeCoolify) -> usize {
    fake.state()["tasks"].as_array().unwrap().len()
}

#[tokio::test]
async fn several_deployments_end_each_in_its_way() {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let uuids = ["a", "b", "c"].map(|name| fake.seed_application(&project, name));
    fake.fail_next_deployment(["npm ERR! missing script: build"]);
    let deployments = client(&fake).deployments();
    let rollout = deployments.rollout(&uuids).await.unwrap();
    restart(&fake);
    let rollout = rollout.poll_every(POLL);
    let all: Vec<_> = rollout.events().collect().await;
    let last = all.last().unwrap().progress;
    assert_eq!(last.to_string(), "2 of 3 finished, 1 failed");
    assert!(last.is_over());
    assert!(all.iter().all(|one| one.event.is_ok()));

    let outcome = rollout.wait().await;
    assert_eq!(outcome.finished.len(), 2);
    let failed = &outcome.failed[0];
    assert_eq!(failed.resource, uuids[0].as_str());
    assert_eq!(failed.name.as_deref(), Some("a"));
    let lines = &failed.error.failed_deployment().unwrap().last_lines;
    assert!(format!("{lines:?}").contains("missing script"));
    assert!(outcome.into_result().is_err());
}

#[tokio::test]
async fn runs_asked_for_one_by_one_are_watched_together() {
    let fake = FakeCoolify::start().await;
    let app = application(&fake);
    let run = app.deploy().await.unwrap();
    let rollout = Rollout::from_iter([ResourceRun::new(app.uuid(), run)]);
    let outcome = rollout.poll_every(POLL).wait().await;
    assert!(outcome.is_success());
}

#[tokio::test]
async fn a_database_is_started_and_stopped() {
    let fake = FakeCoolify::builder().job_lag(5).start().await;
    let uuid = fake.seed_database(&fake.seed_project("shop"), "postgresql", "main");
    let database = client(&fake).database(uuid);
    let watch = database.start().await.unwrap().poll_every(POLL);
    assert_eq!(watch.message(), Some("Database starting request queued."));
    restart(&fake);
    let statuses: Vec<_> = watch.events().try_collect().await.unwrap();
    let statuses: Vec<_> = statuses.iter().map(ToString::to_string).collect();
    assert_eq!(statuses, ["exited:unhealthy", "running:healthy"]);

    let again = database.start().await.unwrap_err();
    assert!(again.is_conflict());
    let stopped = database.stop().await.unwrap().poll_every(POLL).await;
    assert_eq!(stopped.unwrap().as_str(), "exited:unhealthy");
}

#[tokio::test]
async fn what_does_not_come_up_says_what_it_is() {
    let fake = FakeCoolify::start().await;
    let app = application(&fake);
    fake.set_application(app.uuid().as_str(), "status", "running:unhealthy");
    fake.write_log(app.uuid().as_str(), ["no database here"]);
    let watch = app.until_healthy().poll_every(POLL);
    let error = watch.max_wait(3 * POLL).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitExpired);
    assert!(error.to_string().contains("still running:unhealthy"));
    let report = error.last_status().unwrap();
    assert_eq!(report.last_lines, ["no database here"]);
    let told = error.report().to_string();
    assert!(told.contains("\n    no database here"), "{told}");
}

#[tokio::test]
async fn what_was_deleted_is_gone() {
    let fake = FakeCoolify::builder().job_lag(8).start().await;
    let project = fake.seed_project("shop");
    let coolify = client(&fake);
    let app = coolify.application(fake.seed_application(&project, "web"));
    let project = coolify.project(project);
    let refused = project.delete().await.unwrap_err();
    assert!(refused.is_conflict());
    let held = format!("the application web ({}) in production", app.uuid());
    assert!(refused.hint().unwrap().contains(&held));
    let expired = project.delete().poll_every(POLL).max_wait(2 * POLL);
    let expired = expired.and_wait().await.unwrap_err();
    assert_eq!(expired.kind(), ErrorKind::WaitExpired);
    assert!(expired.hint().unwrap().contains(&held));
    let deletes = |it: &&ReceivedRequest| it.method == "DELETE";
    assert_eq!(fake.requests().iter().filter(deletes).count(), 2);

    let deletion = app.delete(Volumes::Keep).await.unwrap();
    restart(&fake);
    deletion.poll_every(POLL).await.unwrap();
    assert!(app.get().await.unwrap_err().is_not_found());
    restart(&fake);
    project.delete().poll_every(POLL).and_wait().await.unwrap();
    assert!(project.get().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_project_goes_after_what_was_in_it() {
    let fake = FakeCoolify::builder().job_lag(8).start().await;
    let project = fake.seed_project("shop");
    let coolify = client(&fake);
    let app = coolify.application(fake.seed_application(&project, "web"));
    let database = fake.seed_database(&project, "keydb", "cache");
    app.delete(Volumes::Keep).await.unwrap();
    coolify
        .database(database)
        .delete(Volumes::Keep)
        .await
        .unwrap();
    let project = coolify.project(project);
    project.delete().poll_every(POLL).and_wait().await.unwrap();
    assert!(project.get().await.unwrap_err().is_not_found());
}

/// Returns the texts of the next lines.
async fn lines(
    events: &mut (impl futures_core::Stream<Item = crate::Result<LogEvent>> + Unpin),
    count: usize,
) -> Vec<String> {
    let mut lines = Vec::new();
    while lines.len() < count {
        match events.next().await.unwrap().unwrap() {
            LogEvent::Line(line) => lines.push(line.text),
            other => panic!("{other:?}"),
        }
    }
    lines
}

#[tokio::test]
async fn a_log_is_followed_line_by_line() {
    for version in ["4.3.11", "4.2.0", "4.1.2", "4.0.0"] {
        let fake = FakeCoolify::builder().version(version).start().await;
        let app = application(&fake);
        let uuid = app.uuid().as_str();
        fake.write_log(uuid, ["one", "two"]);
        let mut events = app.logs().lines(1).poll_every(POLL).follow();
        assert_eq!(lines(&mut events, 1).await, ["two"]);
        let more: Vec<_> = (0..3_000).map(|line| format!("line {line}")).collect();
        fake.write_log(uuid, more.clone());
        assert_eq!(lines(&mut events, 3_000).await, more);
        restart(&fake);
        fake.write_log(uuid, ["back"]);
        assert_eq!(lines(&mut events, 1).await, ["back"]);
        fake.set_application(uuid, "status", "exited:unhealthy");
        assert_eq!(events.next().await.unwrap().unwrap(), LogEvent::NotRunning);
        let more = tokio::time::timeout(3 * POLL, events.next()).await;
        assert!(more.is_err(), "it is said once");
        fake.set_application(uuid, "status", "running:healthy");
        fake.write_log(uuid, ["again"]);
        assert_eq!(lines(&mut events, 1).await, ["again"]);
        fake.set_application(uuid, "status", "exited:unhealthy");
        assert_eq!(events.next().await.unwrap().unwrap(), LogEvent::NotRunning);
    }
}

#[tokio::test]
async fn equal_lines_are_all_given() {
    let fake = FakeCoolify::start().await;
    let app = application(&fake);
    let uuid = app.uuid().as_str();
    fake.write_log(uuid, vec!["ping"; 300]);
    let mut events = app.logs().lines(0).poll_every(POLL).follow();
    // The first poll has to be over before more is written.
    let first = tokio::time::timeout(5 * POLL, events.next()).await;
    assert!(first.is_err());
    fake.write_log(uuid, vec!["ping"; 5]);
    assert_eq!(lines(&mut events, 5).await, ["ping"; 5]);
    let more = tokio::time::timeout(3 * POLL, events.next()).await;
    assert!(more.is_err());
}

#[tokio::test]
async fn more_than_there_is_to_be_had_leaves_a_gap() {
    let fake = FakeCoolify::start().await;
    let app = application(&fake);
    let uuid = app.uuid().as_str();
    let mut events = app.logs().lines(1).poll_every(POLL).follow();
    assert_eq!(lines(&mut events, 1).await, ["web line 3"]);
    fake.write_log(uuid, (0..10_001).map(|line| format!("line {line}")));
    assert_eq!(events.next().await.unwrap().unwrap(), LogEvent::Gap);
    assert_eq!(lines(&mut events, 1).await, ["line 1"]);
}

#[tokio::test]
async fn a_deleted_application_ends_its_log() {
    let fake = FakeCoolify::builder().job_lag(0).start().await;
    let app = application(&fake);
    let events = app.logs().poll_every(POLL).follow();
    app.delete(Volumes::Keep).await.unwrap();
    let end: Result<Vec<_>, _> = events.try_collect().await;
    assert!(end.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_command_runs_once_and_leaves_nothing() {
    for version in ["4.3.11", "4.2.0", "4.1.2", "4.0.0"] {
        let fake = FakeCoolify::builder().version(version).start().await;
        let tasks_of = application(&fake).scheduled_tasks();
        let done = tasks_of.run_command("echo all done").poll_every(POLL).await;
        let done = done.unwrap();
        assert_eq!(
            (done.status.clone(), done.output.as_str()),
            (Success, "all done")
        );
        assert_eq!(done.leftover, None);
        let failed = tasks_of
            .run_command("exit 3")
            .poll_every(POLL)
            .await
            .unwrap();
        assert_eq!(failed.status, Failed);
        assert!(failed.output.contains("exit code: 3"));
        assert_eq!(tasks(&fake), 0);
    }
}

#[tokio::test]
async fn an_existing_task_is_run_and_its_new_run_found() {
    let fake = FakeCoolify::start().await;
    let tasks_of = application(&fake).scheduled_tasks();
    let task = tasks_of
        .create("hello", "echo hello", "hourly")
        .await
        .unwrap();
    let first = tasks_of.execute(&task.uuid).poll_every(POLL).and_wait();
    let first = first.await.unwrap();
    let second = tasks_of.execute(&task.uuid).poll_every(POLL).and_wait();
    let second = second.await.unwrap();
    assert_eq!(
        (first.output.as_str(), second.output.as_str()),
        ("hello", "hello")
    );
    assert_ne!(first.execution.uuid, second.execution.uuid);
    assert_eq!(tasks(&fake), 1);
}

#[tokio::test]
async fn a_long_command_is_not_sent() {
    let fake = FakeCoolify::start().await;
    let tasks_of = application(&fake).scheduled_tasks();
    let error = tasks_of.run_command("x".repeat(256)).await.unwrap_err();
    assert!(error.is_invalid_request());
    assert!(error.hint().unwrap().contains("script"));
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn without_a_container_the_clock_is_not_waited_for() {
    let fake = FakeCoolify::builder().version("4.1.2").start().await;
    let app = application(&fake);
    fake.set_application(app.uuid().as_str(), "status", "exited");
    let error = app
        .scheduled_tasks()
        .run_command("echo x")
        .await
        .unwrap_err();
    assert!(error.is_conflict());
    assert_eq!(tasks(&fake), 0);
}

#[tokio::test]
async fn lost_answers_neither_repeat_the_command_nor_leave_the_task() {
    for lost in ["", "execute"] {
        let fake = FakeCoolify::start().await;
        let app = application(&fake);
        let path = format!("/applications/{}/scheduled-tasks", app.uuid());
        if lost.is_empty() {
            fake.fail_next(Fault::lost_reply().on("POST", path.as_str()));
        }
        let tasks_of = app.scheduled_tasks();
        let run = tasks_of.run_command("echo hello").poll_every(POLL).send();
        let watching = async {
            // The task's uuid, which is in the path, is only known now.
            if lost.is_empty() {
                return;
            }
            let task = loop {
                if let Some(task) = fake.state()["tasks"][0]["uuid"].as_str() {
                    break task.to_owned();
                }
                tokio::task::yield_now().await;
            };
            let path = format!("{path}/{task}/{lost}");
            fake.fail_next(Fault::lost_reply().on("POST", path));
        };
        let (done, ()) = futures_util::future::join(run, watching).await;
        assert_eq!(done.unwrap().output, "hello");
        assert_eq!(tasks(&fake), 0);
        let executed = fake.requests();
        let executed = executed.iter().filter(|it| it.path.ends_with("/execute"));
        assert_eq!(executed.count(), 1);
    }
}

#[tokio::test]
async fn a_run_survives_a_restart_of_the_server() {
    let fake = FakeCoolify::builder().job_lag(12).start().await;
    let tasks_of = application(&fake).scheduled_tasks();
    let run = tasks_of.run_command("echo hello").poll_every(POLL).send();
    let outage = async {
        while !fake
            .requests()
            .iter()
            .any(|it| it.path.ends_with("/execute"))
        {
            tokio::time::sleep(POLL / 10).await;
        }
        restart(&fake);
    };
    let (done, ()) = futures_util::future::join(run, outage).await;
    assert_eq!(done.unwrap().output, "hello");
    assert_eq!(tasks(&fake), 0);
}

#[tokio::test]
async fn the_task_goes_after_a_timeout_and_after_a_drop() {
    let fake = FakeCoolify::builder().job_lag(1_000).start().await;
    let tasks_of = application(&fake).scheduled_tasks();
    let run = tasks_of.run_command("echo x").poll_every(POLL);
    let error = run.clone().max_wait(2 * POLL).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitExpired);
    assert_eq!(tasks(&fake), 0);

    let dropped = tokio::time::timeout(5 * POLL, run.send()).await;
    assert!(dropped.is_err());
    assert_eq!(tasks(&fake), 1);
    tokio::time::timeout(50 * POLL, async {
        while tasks(&fake) > 0 {
            tokio::time::sleep(POLL).await;
        }
    })
    .await
    .expect("the task is removed in the background");
}

/// Adds a task that a program has left behind.
async fn leave(tasks: &ScheduledTasks<ApplicationHandle>, name: &str) {
    let task = tasks.create(name, "echo again", "* * * * *");
    task.await.unwrap();
}

#[tokio::test]
async fn what_was_left_behind_is_removed_and_nothing_else() {
    let fake = FakeCoolify::builder().version("4.1.2").start().await;
    let tasks_of = application(&fake).scheduled_tasks();
    leave(&tasks_of, "run-once-0123456789abcdef").await;
    leave(&tasks_of, "run-once-nightly").await;
    let under_way = tasks_of.run_command("echo done").poll_every(POLL).send();
    let removing = async {
        while tasks(&fake) < 3 {
            tokio::task::yield_now().await;
        }
        tasks_of.remove_leftovers().await.unwrap()
    };
    let (done, removed) = futures_util::future::join(under_way, removing).await;
    let removed: Vec<_> = removed.iter().map(|task| task.name.as_str()).collect();
    assert_eq!(removed, ["run-once-0123456789abcdef"]);
    assert_eq!(done.unwrap().output, "done");
    assert_eq!(fake.state()["tasks"][0]["name"], "run-once-nightly");
    assert_eq!(tasks(&fake), 1);
}

#[tokio::test]
async fn the_program_that_ends_in_the_middle_leaves_what_can_be_removed() {
    let fake = FakeCoolify::builder().version("4.1.2").start().await;
    let app = application(&fake);
    let uuid = app.uuid().to_string();
    let (url, token) = (fake.url(), fake.token().to_owned());
    // Its runtime is dropped with all its tasks.
    let program = std::thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().unwrap();
        runtime.block_on(async {
            let coolify = crate::Coolify::builder().url(url).token(token).build();
            let tasks = coolify.unwrap().application(uuid).scheduled_tasks();
            let run = tasks.run_command("echo x").send();
            let _ = tokio::time::timeout(3 * POLL, run).await;
        });
    });
    tokio::task::spawn_blocking(|| program.join().unwrap())
        .await
        .unwrap();
    assert_eq!(tasks(&fake), 1);
    let task = &fake.state()["tasks"][0];
    assert_eq!(task["frequency"], "* * * * *");
    assert!(task["command"].as_str().unwrap().contains("mkdir"));
    let removed = app.scheduled_tasks().remove_leftovers().await.unwrap();
    assert_eq!((removed.len(), tasks(&fake)), (1, 0));
}

#[tokio::test]
async fn of_several_runs_the_first_is_the_one_that_counts() {
    // The schedule runs the task again before it can be disabled.
    let fake = FakeCoolify::builder().version("4.1.2").start().await;
    let app = application(&fake);
    let path = format!("/applications/{}/scheduled-tasks", app.uuid());
    let tasks_of = app.scheduled_tasks();
    let run = tasks_of.run_command("echo done").poll_every(POLL).send();
    let outage = async {
        let task = loop {
            if let Some(task) = fake.state()["tasks"][0]["uuid"].as_str() {
                break task.to_owned();
            }
            tokio::task::yield_now().await;
        };
        for _ in 0..20 {
            let path = format!("{path}/{task}/executions");
            fake.fail_next(Fault::status(502).on("GET", path));
        }
    };
    let (done, ()) = futures_util::future::join(run, outage).await;
    assert_eq!(done.unwrap().output, "done");
    assert_eq!(tasks(&fake), 0);
}

#[tokio::test]
async fn of_two_errors_the_one_that_matters_is_told() {
    // It is unknown whether the task was created, and it cannot be read.
    let fake = FakeCoolify::start().await;
    let app = application(&fake);
    let path = format!("/applications/{}/scheduled-tasks", app.uuid());
    fake.fail_next(Fault::lost_reply().on("POST", path.as_str()));
    fake.fail_next(Fault::status(403).on("GET", path.as_str()));
    let run = app.scheduled_tasks().run_command("echo x").poll_every(POLL);
    let error = run.await.unwrap_err();
    assert!(error.outcome_unknown(), "{error}");
    assert_eq!(tasks(&fake), 0);
}

#[tokio::test]
async fn a_task_that_is_gone_is_no_leftover() {
    for (status, is_left) in [(404, false), (403, true)] {
        let fake = FakeCoolify::start().await;
        let app = application(&fake);
        let path = format!("/applications/{}/scheduled-tasks", app.uuid());
        let tasks_of = app.scheduled_tasks();
        let run = tasks_of.run_command("echo hello").poll_every(POLL).send();
        let failing = async {
            let task = loop {
                if let Some(task) = fake.state()["tasks"][0]["uuid"].as_str() {
                    break task.to_owned();
                }
                tokio::task::yield_now().await;
            };
            fake.fail_next(Fault::status(status).on("DELETE", format!("{path}/{task}")));
        };
        let (done, ()) = futures_util::future::join(run, failing).await;
        let leftover = done.unwrap().leftover;
        assert_eq!(leftover.is_some(), is_left, "{status}");
        if let Some(name) = leftover {
            assert_eq!(fake.state()["tasks"][0]["name"], name);
            let removed = tasks_of.remove_leftovers().await.unwrap();
            assert_eq!((removed.len(), tasks(&fake)), (1, 0));
        }
    }
}

#[tokio::test]
async fn a_log_of_more_than_a_reply_may_hold_is_followed_with_gaps() {
    let fake = FakeCoolify::start().await;
    let app = application(&fake);
    let coolify = crate::Coolify::builder()
        .url(fake.url())
        .token(fake.token())
        .max_reply_size(16 * 1024)
        .build()
        .unwrap();
    let long = |n: usize| format!("{n} {}", "x".repeat(600));
    fake.write_log(app.uuid().as_str(), (0..50).map(long));
    let logs = coolify.application(app.uuid().clone()).logs();
    let mut events = logs.lines(2).poll_every(POLL).follow();
    // 200 lines are too many, so the last 20 are read.
    let mut next = async || events.next().await.unwrap().unwrap();
    for n in [48, 49] {
        let LogEvent::Line(line) = next().await else {
            panic!("a line")
        };
        assert_eq!(line.text, long(n));
    }
    fake.write_log(app.uuid().as_str(), (50..53).map(long));
    for n in 50..53 {
        let LogEvent::Line(line) = next().await else {
            panic!("a line")
        };
        assert_eq!(line.text, long(n));
    }
    fake.write_log(app.uuid().as_str(), (53..100).map(long));
    assert_eq!(next().await, LogEvent::Gap);
    for n in 80..100 {
        let LogEvent::Line(line) = next().await else {
            panic!("a line")
        };
        assert_eq!(line.text, long(n));
    }
    // A single line that is too large is reported.
    fake.write_log(app.uuid().as_str(), ["y".repeat(20_000)]);
    let error = events.next().await.unwrap().unwrap_err();
    assert!(error.hint().unwrap().contains("max_reply_size"));
}

#[tokio::test]
async fn the_clock_is_stopped_when_the_command_has_begun() {
    for (version, switched) in [("4.1.2", vec![false]), ("4.3.11", vec![])] {
        let fake = FakeCoolify::builder().version(version).start().await;
        let tasks_of = application(&fake).scheduled_tasks();
        tasks_of
            .run_command("echo done")
            .poll_every(POLL)
            .await
            .unwrap();
        let requests = fake.requests();
        let changes = requests.iter().filter(|it| it.method == "PATCH");
        let enabled: Vec<_> = changes.map(|it| it.json()["enabled"].clone()).collect();
        assert_eq!(enabled, switched, "{version}");
        let created = requests
            .iter()
            .find(|it| it.method == "POST" && it.path.ends_with("/scheduled-tasks"));
        let is_on = created.unwrap().json()["enabled"].clone();
        assert_eq!(is_on, !switched.is_empty(), "{version}");
        assert_eq!(requests.last().unwrap().method, "DELETE");
    }
}

#[tokio::test]
async fn a_refused_command_leaves_nothing_to_look_for() {
    let fake = FakeCoolify::start().await;
    let app = application(&fake);
    let path = format!("/applications/{}/scheduled-tasks", app.uuid());
    let refusal = serde_json::json!({"message": "Validation failed."});
    fake.fail_next(Fault::status(422).json(refusal).on("POST", path));
    let error = app
        .scheduled_tasks()
        .run_command("echo x")
        .await
        .unwrap_err();
    assert!(error.is_validation());
    assert_eq!(fake.requests().last().unwrap().method, "POST");
}

#[tokio::test]
async fn what_starts_later_is_followed_from_its_first_line() {
    let fake = FakeCoolify::start().await;
    let app = application(&fake);
    let uuid = app.uuid().as_str();
    fake.set_application(uuid, "status", "exited:unhealthy");
    let mut events = app.logs().lines(1).poll_every(POLL).follow();
    assert_eq!(events.next().await.unwrap().unwrap(), LogEvent::NotRunning);
    fake.write_log(uuid, ["up", "and", "well"]);
    fake.set_application(uuid, "status", "running:healthy");
    let lines = lines(&mut events, 3).await;
    assert!(lines.len() == 3 && lines[0] != "well", "{lines:?}");
}
