//! Small helpers of the rooms.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::Value;

use crate::databases::BackupExecutionStatus;
use crate::envs::BulkApplicationVariable;
use crate::resource::LogEvent;
use crate::testing::{FakeCoolify, Fault};
use crate::{Coolify, DeploymentStatus, ErrorKind};

#[tokio::test]
async fn a_deployment_of_the_fake_is_over_at_once() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let begun = Instant::now();
    let run = fake.client().application(app).deploy().await.unwrap();
    let deployment = run.await.unwrap();
    assert_eq!(deployment.status, DeploymentStatus::Finished);
    // It took three intervals of two seconds.
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn an_observer_sees_each_request_with_its_reply() {
    let fake = FakeCoolify::start().await;
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let told = Arc::clone(&seen);
    let coolify = Coolify::builder().url(fake.url()).token(fake.token());
    let coolify = coolify.observe(move |it| {
        let sent = it.sent.map(String::from_utf8_lossy);
        let reply: Value = serde_json::from_slice(it.reply).unwrap();
        told.lock().unwrap().push(format!(
            "{it:?} {} {sent:?} {} {:?}",
            it.url.split_once("/api").unwrap().1,
            reply["message"],
            it.header("content-type"),
        ));
    });
    let projects = coolify.build().unwrap().projects();
    projects.create("shop").await.unwrap();
    projects.create("").await.unwrap_err();
    let shown = |status: u16, sent: &str, message: &str| {
        format!(
            "Exchange {{ operation: \"create-project\", method: \"POST\", status: {status}, .. }} \
             /v1/projects Some({sent:?}) {message} Some(\"application/json\")"
        )
    };
    let wanted = [
        shown(201, r#"{"name":"shop"}"#, "null"),
        shown(422, r#"{"name":""}"#, r#""Validation failed.""#),
    ];
    assert_eq!(*seen.lock().unwrap(), wanted);
}

#[tokio::test]
async fn a_deployment_has_a_page() {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let coolify = fake.client();
    let deployment = coolify.application(app).deploy().await.unwrap();
    let deployment = deployment.await.unwrap();
    let page = deployment.dashboard_url(&coolify).unwrap();
    assert!(
        page.starts_with(&format!("{}/project/", fake.url())),
        "{page}"
    );
    assert!(
        page.ends_with(deployment.deployment_uuid.as_str()),
        "{page}"
    );
}

#[tokio::test]
async fn a_rollout_can_be_cancelled_while_it_goes_on() {
    let fake = FakeCoolify::builder().deploy_looks(50).start().await;
    let project = fake.seed_project("shop");
    let uuids = ["a", "b"].map(|name| fake.seed_application(&project, name));
    let coolify = fake.client();
    let rollout = coolify.deployments().rollout(&uuids).await.unwrap();
    let cancelled = rollout.cancel().await;
    assert_eq!(cancelled.cancelled.len(), 2, "{cancelled:?}");
    let again = rollout.cancel().await;
    assert_eq!(again.already_over.len(), 2, "{again:?}");
    assert!(again.failed.is_empty());

    let outcome = rollout.wait().await;
    assert!(!outcome.is_success());
    let names: Vec<_> = outcome.failed.iter().map(|it| it.name.as_deref()).collect();
    assert_eq!(names, [Some("a"), Some("b")]);
    let error = outcome.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DeploymentFailed);
}

#[tokio::test]
async fn a_backup_is_waited_for() {
    let fake = FakeCoolify::start().await;
    let uuid = fake.seed_database(&fake.seed_project("shop"), "postgresql", "main");
    let database = fake.client().database(uuid);
    let created = database.backups().create("daily").save_s3(false).await;
    let backup = database.backup(created.unwrap().uuid);

    let asked = fake.requests().len();
    let error = backup.run().and_wait().await.unwrap_err();
    assert!(error.is_conflict(), "{error:?}");
    let requests = &fake.requests()[asked..];
    assert!(requests.iter().all(|it| it.method == "GET"), "{requests:?}");

    database.start().and_wait().await.unwrap();
    for runs in 1..=2 {
        let executions = backup.run().and_wait().await.unwrap();
        assert_eq!(executions.len(), 1);
        let status = executions[0].status.as_ref();
        assert_eq!(status, Some(&BackupExecutionStatus::Success));
        assert_eq!(backup.executions().await.unwrap().len(), runs);
    }
}

#[tokio::test]
async fn settings_are_copied_and_what_makes_the_application_stays() {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let (from, to) = (
        fake.seed_application(&project, "production"),
        fake.seed_application(&project, "staging"),
    );
    let coolify = fake.client();
    let (from, to) = (coolify.application(from), coolify.application(to));
    let update = from.update().domains(["https://shop.example.com"]);
    let update = update.limits_memory("1G").limits_cpus("2");
    let update = update.start_command("npm start").is_static(true);
    let update = update.health_check_path("/up").health_check_port(3000);
    update.await.unwrap();

    let production = from.get().await.unwrap();
    let update = to.update().copy_from(&production).limits_memory("512M");
    update.await.unwrap();
    let staging = to.get().await.unwrap();
    assert_eq!(staging.limits_memory.as_deref(), Some("512M"));
    assert_eq!(staging.limits_cpus.as_deref(), Some("2"));
    let start = staging.start_command.unwrap();
    assert_eq!(start.expose(), "npm start");
    assert_eq!(staging.health_check_path.as_deref(), Some("/up"));
    assert_eq!(staging.health_check_port.as_deref(), Some("3000"));
    assert_eq!(staging.settings.unwrap().is_static, Some(true));
    assert_eq!(staging.name, "staging");
    assert_ne!(staging.fqdn, production.fqdn);
}

#[tokio::test]
async fn variables_are_copied_with_their_values_or_not_at_all() {
    let fake = FakeCoolify::builder().start().await;
    fake.add_token("2|reader", ["read"]);
    let project = fake.seed_project("shop");
    let (from, to) = (
        fake.seed_application(&project, "production"),
        fake.seed_application(&project, "staging"),
    );
    let coolify = fake.client();
    let envs = coolify.application(&from).envs();
    envs.create("GREETING", "hello")
        .is_literal(true)
        .await
        .unwrap();
    let read = envs.list().await.unwrap();
    let copied: crate::Result<Vec<_>> =
        read.iter().map(BulkApplicationVariable::try_from).collect();
    let target = coolify.application(&to).envs();
    target.bulk(copied.unwrap()).await.unwrap();
    let written = target.list().await.unwrap();
    let flags = |all: &[crate::envs::EnvironmentVariable]| {
        let mut all: Vec<_> = all
            .iter()
            .map(|it| (it.is_preview, it.is_literal, it.value.clone()))
            .collect();
        all.sort_by_key(|(is_preview, ..)| *is_preview);
        all
    };
    assert_eq!(flags(&written), flags(&read));

    let builder = crate::Coolify::builder().url(fake.url()).token("2|reader");
    let reader = builder.build().unwrap();
    let hidden = reader.application(&from).envs().list().await.unwrap();
    let error = BulkApplicationVariable::try_from(&hidden[0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn a_stream_of_statuses_ends_with_its_error() {
    let fake = FakeCoolify::start().await;
    let uuid = fake.seed_database(&fake.seed_project("shop"), "postgresql", "main");
    let path = format!("/databases/{uuid}");
    let starting = fake.client().database(uuid).start().await.unwrap();
    fake.fail_next(Fault::status(403).on("GET", path));
    let events: Vec<_> = starting.events().collect().await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0].as_ref().unwrap_err().status(), Some(403));
}

#[tokio::test]
async fn a_backup_whose_answer_is_lost_is_found_and_not_run_again() {
    let fake = FakeCoolify::start().await;
    let uuid = fake.seed_database(&fake.seed_project("shop"), "postgresql", "main");
    let database = fake.client().database(uuid);
    database.start().and_wait().await.unwrap();
    let created = database.backups().create("daily").save_s3(false).await;
    let backup = database.backup(created.unwrap().uuid);
    let path = format!("/databases/{}/backups/{}", database.uuid(), backup.uuid());
    fake.fail_next(Fault::lost_reply().on("PATCH", path));
    let executions = backup.run().and_wait().await.unwrap();
    assert_eq!(executions.len(), 1);
    assert_eq!(backup.executions().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_stopped_again_says_why_if_it_can() {
    let fake = FakeCoolify::start().await;
    let uuid = fake.seed_application(&fake.seed_project("shop"), "web");
    fake.set_application(&uuid, "status", "exited:unhealthy");
    // The container is restarting, which the status does not show yet.
    let lines = Fault::status(200).json(serde_json::json!({"logs": "no database here"}));
    fake.fail_next(lines.on("GET", format!("/applications/{uuid}/logs")));
    let poll = Duration::from_millis(100);
    let watch = fake.client().application(uuid).until_healthy();
    let error = watch.poll_every(poll).max_wait(3 * poll).await.unwrap_err();
    let report = error.last_status().unwrap();
    assert_eq!(report.last_lines, ["no database here"]);
}

#[tokio::test]
async fn a_database_that_its_environment_does_not_list_is_in_the_project() {
    // An environment lists the databases of five engines.
    let fake = FakeCoolify::start().await;
    let uuid = fake.seed_project("shop");
    let database = fake.seed_database(&uuid, "clickhouse", "events");
    let project = fake.client().project(uuid.as_str());
    let environment = project.environments().list().await.unwrap().remove(0);
    let contents = project.contents().await.unwrap();
    let known: Vec<_> = contents.iter().map(|it| it.uuid.as_str()).collect();
    assert_eq!(known, [database]);
    assert_eq!(contents[0].environment, environment.name);
}

#[tokio::test]
async fn lines_whose_times_coolify_does_not_give_keep_their_own() {
    let fake = FakeCoolify::start().await;
    let file = "services:\n  web:\n    image: nginx\n";
    let uuid = fake.seed_service(&fake.seed_project("shop"), "tools", file);
    let service = fake.client().service(uuid.as_str());
    let part = service.get().await.unwrap().applications.unwrap().remove(0);
    let line = "2026-11-22T02:33:27.100000000Z up";
    let first = async |path: String, logs: crate::resource::ContainerLogs| {
        let lines = serde_json::json!({"logs": format!("{line}\n")});
        fake.fail_next(Fault::status(200).json(lines).on("GET", path));
        match logs.follow().next().await.unwrap().unwrap() {
            LogEvent::Line(line) => (line.time.is_some(), line.text),
            other => panic!("{other:?}"),
        }
    };
    let path = format!("/services/{uuid}/logs");
    let of_service = first(path, service.logs("web")).await;
    assert_eq!(of_service, (true, "up".to_owned()));
    let path = format!("/services/{uuid}/applications/{}/logs", part.uuid);
    let of_part = first(path, service.application(part.uuid).logs()).await;
    assert_eq!(of_part, (false, line.to_owned()));
}
