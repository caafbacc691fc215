//! Waiting, on sequences of recorded replies.

use std::time::Duration;

use coolify_sdk::resource::{LogEvent, Volumes};
use coolify_sdk::scheduled_tasks::ScheduledTaskExecutionStatus;
use coolify_sdk::{ErrorKind, Result};
use coolify_sdk_tests::{Recording, Replay};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::json;

const POLL: Duration = Duration::from_millis(100);

fn param(recording: &Recording, name: &str) -> String {
    let value = recording.request.params.get(name);
    let text = value.and_then(|value| value.as_str());
    text.expect("a text parameter").to_owned()
}

/// Returns the recording for this resource.
fn of(name: &str, uuid: &str) -> Recording {
    let mut recording = Recording::load(name);
    recording.request.params.insert("uuid".into(), uuid.into());
    recording
}

/// Returns the recording with this status.
fn with_status(mut recording: Recording, status: &str) -> Recording {
    let row = recording.response.json.as_mut().expect("a row");
    row["status"] = status.into();
    recording
}

#[tokio::test]
async fn a_database_is_started_until_it_is_healthy() -> Result<()> {
    let start = Recording::load("start-database-by-uuid.ok");
    let uuid = param(&start, "uuid");
    let row = |status| with_status(of("get-database-by-uuid.ok", &uuid), status);
    let replay = Replay::recordings(vec![
        start,
        row("exited"),
        row("starting:unknown"),
        row("running:unhealthy"),
        row("running:healthy"),
    ])
    .await;
    let watch = replay.client().database(&*uuid).start().await?;
    let statuses: Vec<_> = watch.poll_every(POLL).events().try_collect().await?;
    assert_eq!(statuses.len(), 4);
    assert!(statuses[3].is_healthy());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_service_that_is_not_well_says_which_part() -> Result<()> {
    let name = "get-service-by-uuid.ok";
    let uuid = param(&Recording::load(name), "uuid");
    let mut sick = with_status(Recording::load(name), "degraded:unhealthy");
    let row = sick.response.json.as_mut().expect("a row");
    row["databases"][0]["status"] = "running:healthy".into();
    row["applications"][0]["status"] = "restarting:unknown".into();
    let mut logs = of("get-service-logs-by-uuid.ok", &uuid);
    logs.request.query.insert("lines".into(), json!(20));
    let replay = Replay::recordings(vec![sick.clone(), sick, logs]).await;
    let watch = replay.client().service(&*uuid).until_healthy();
    let watch = watch.poll_every(POLL).max_wait(POLL);
    let error = watch.await.expect_err("it is not well");
    assert_eq!(error.kind(), ErrorKind::WaitExpired);
    let report = error.last_status().expect("what it was like");
    assert_eq!(report.status.as_str(), "degraded:unhealthy");
    let parts: Vec<_> = report.parts.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(parts, ["web", "db"]);
    assert!(
        report
            .last_lines
            .iter()
            .any(|it| it.contains("GET /health"))
    );
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_deletion_ends_when_the_server_knows_nothing_of_it() -> Result<()> {
    let mut delete = Recording::load("delete-database-by-uuid.ok");
    let uuid = param(&delete, "uuid");
    for flag in ["delete_volumes", "delete_configurations"] {
        delete.request.query.insert(flag.into(), json!(false));
    }
    let replay = Replay::recordings(vec![
        delete,
        of("get-database-by-uuid.after-delete", &uuid),
        of("get-database-by-uuid.gone", &uuid),
    ])
    .await;
    let deletion = replay.client().database(uuid).delete(Volumes::Keep).await?;
    assert_eq!(deletion.message(), "Database deletion request queued.");
    deletion.poll_every(POLL).await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn recorded_lines_are_taken_apart_and_continued() -> Result<()> {
    let mut first = Recording::load("get-application-logs-by-uuid.lines");
    let uuid = param(&first, "uuid");
    first.request.query.insert("lines".into(), json!(200));
    let mut second = first.clone();
    let body = second.response.json.as_mut().expect("a log");
    let text = body["logs"].as_str().expect("text").to_owned();
    let (_, moved_on) = text.split_once('\n').expect("several lines");
    let more = "2026-08-22T12:04:11.000000000Z info line 251: GET /health 200";
    body["logs"] = format!("{moved_on}\n{more}").into();
    let replay = Replay::recordings(vec![first, second]).await;
    let logs = replay.client().application(uuid).logs().lines(2);
    let events: Vec<_> = logs.poll_every(POLL).follow().take(3).try_collect().await?;
    let texts: Vec<_> = events
        .iter()
        .map(|event| match event {
            LogEvent::Line(line) => line.text.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(texts[0], "info line 249: GET /health 200");
    assert_eq!(texts[1], r#"warn line 250: café ☃ "quoted" \ back"#);
    assert_eq!(texts[2], "info line 251: GET /health 200");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_container_that_is_down_is_told_from_one_that_there_is_not() -> Result<()> {
    let service = Recording::load("get-service-by-uuid.ok");
    let uuid = param(&service, "uuid");
    // Coolify's answer if Docker has no such container.
    let missing = |container: &str| {
        let mut missing = of("get-service-logs-by-uuid.ok", &uuid);
        let name = ("sub_service_name".to_owned(), container.into());
        missing.request.query.extend([name]);
        missing.response.status = 404;
        missing.response.json = Some(json!({"message": "Container not found."}));
        missing
    };
    let again = service.clone();
    let replay = Replay::recordings(vec![missing("web"), service, missing("wbe"), again]).await;
    let handle = replay.client().service(uuid);
    assert_eq!(handle.logs("web").await?, None);
    let error = handle.logs("wbe").await.expect_err("no such container");
    assert!(error.is_not_found());
    assert_eq!(error.hint(), Some("the service's containers are: web, db"));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_run_is_found_among_those_that_were_there() -> Result<()> {
    let list = "list-scheduled-task-executions-by-application-uuid";
    let before = Recording::load(&format!("{list}.ok"));
    let (uuid, task) = (param(&before, "uuid"), param(&before, "task_uuid"));
    let of_task = |name: &str| {
        let mut recording = of(name, &uuid);
        let task = ("task_uuid".to_owned(), task.as_str().into());
        recording.request.params.extend([task]);
        recording
    };
    let old = before.json()[0].clone();
    let with_new = |status: &str, finished_at: Option<&str>| {
        let mut recording = before.clone();
        let mut new = old.clone();
        new["uuid"] = "a7zq0new0execution0uuid0".into();
        new["status"] = status.into();
        new["message"] = finished_at.map(|_| "migrated").into();
        new["finished_at"] = finished_at.into();
        recording.response.json = Some(json!([new, old]));
        recording
    };
    let replay = Replay::recordings(vec![
        before.clone(),
        of_task("execute-scheduled-task-by-application-uuid.ok"),
        before.clone(),
        with_new("running", None),
        with_new("success", Some("2026-11-22T00:25:35.000000Z")),
    ])
    .await;
    let tasks = replay.client().application(uuid).scheduled_tasks();
    let output = tasks.execute(task).poll_every(POLL).and_wait().await?;
    assert_eq!(output.status, ScheduledTaskExecutionStatus::Success);
    assert_eq!(output.output, "migrated");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_project_says_what_is_still_in_it() -> Result<()> {
    let refusal = Recording::load("delete-project-by-uuid.not-empty");
    let uuid = param(&refusal, "uuid");
    let mut environments = of("get-environments.ok", &uuid);
    let details = "get-environment-by-name-or-uuid.ok";
    let mut environment = of(details, &uuid);
    let row = json!({"uuid": environment.json()["uuid"], "name": "production", "id": 1});
    let name = ("environment_name_or_uuid".to_owned(), row["uuid"].clone());
    environment.request.params.extend([name]);
    environments.response.json = Some(json!([row]));
    let databases = Recording::load("list-databases.ok");
    let replay = Replay::recordings(vec![refusal, environments, environment, databases]).await;
    let error = replay.client().project(uuid).delete().await;
    let error = error.expect_err("it is not empty");
    assert!(error.is_conflict());
    let hint = error.hint().expect("what is in it");
    assert!(hint.contains("the application compose (ezw7d3no7ljyy5xdv5paqbok) in production"));
    assert!(hint.ends_with("more"));
    replay.check();
    Ok(())
}
