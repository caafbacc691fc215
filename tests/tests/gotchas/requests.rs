//! Requests and their effects.

use coolify_sdk::databases::S3Copies;
use coolify_sdk::resource::Volumes;
use coolify_sdk::services::ServiceUrl;
use coolify_sdk::storages::NewStorage;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{Coolify, EnvironmentRef, ErrorKind, Placement, Result, Version};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::{Value, json};

use super::{
    DATABASE, PROJECT, SERVER, SERVICE, WEB, answered, load, param, place, refusal, replay, wire,
};

/// Returns a client without a server.
fn offline() -> Coolify {
    let builder = Coolify::builder().url("http://localhost").token("1|t");
    builder.build().expect("a client")
}

#[tokio::test]
async fn an_environment_is_named_once() {
    let redis = |environment| {
        let place = Placement::new(PROJECT, environment, SERVER);
        wire(offline().databases().create_redis(place).body())
    };
    let by_name = redis(EnvironmentRef::name("production"));
    assert_eq!(by_name["environment_name"], "production");
    assert!(by_name.get("environment_uuid").is_none());
    let by_uuid = redis(EnvironmentRef::uuid("55kpvvfyrsjcsnoufpz6ingv"));
    assert_eq!(by_uuid["environment_uuid"], "55kpvvfyrsjcsnoufpz6ingv");
    assert!(by_uuid.get("environment_name").is_none());
    // Setting neither does not compile, and Coolify would reject it.
    let neither = refusal("create-public-application.no-environment").await;
    assert!(neither.is_validation());
}

#[tokio::test]
async fn create_and_update_take_their_own_fields() -> Result<()> {
    // Which fields each body has: `tests/contract`; which do not compile: `tests/ui`.
    let replay = replay([
        "update-application-by-uuid.update-only-field",
        "update-database-by-uuid.foreign-field",
    ])
    .await;
    let coolify = replay.client();
    let update = coolify.application(WEB).update();
    update.dockerfile_target_build("prod").await?;
    // The caller knows the engine, and so does Coolify.
    let mysql = coolify.database(DATABASE).update_mysql().mysql_user("x");
    let error = mysql.await.expect_err("it is PostgreSQL");
    assert_eq!(error.field_errors()[0].field(), Some("mysql_user"));
    replay.check();
    for name in [
        "create-public-application.update-only-field",
        "update-application-by-uuid.spec-only-fields",
    ] {
        let error = refusal(name).await;
        assert!(
            error
                .hint()
                .is_some_and(|it| it.contains("create and update"))
        );
    }
    Ok(())
}

#[tokio::test]
async fn variables_know_buildtime_and_runtime() -> Result<()> {
    let replay = replay(["create-env-by-application-uuid.buildtime"]).await;
    let envs = replay.client().application(WEB).envs();
    let create = envs.create("BUILD_ONLY", "1");
    create.is_buildtime(true).is_runtime(false).await?;
    replay.check();
    // `is_build_time` does not compile: `tests/ui`.
    let error = refusal("create-env-by-application-uuid.wrong-build-time-name").await;
    assert_eq!(error.field_errors()[0].field(), Some("is_build_time"));
    Ok(())
}

/// Returns the update of a variable as the SDK sends it.
fn env_update(body: Value) -> Recording {
    let mut recording = load("update-env-by-application-uuid.ok");
    recording.request.body = Some(body);
    recording
}

#[tokio::test]
async fn an_update_has_a_value_and_keeps_the_flags() -> Result<()> {
    let replay = Replay::recordings(vec![
        load("list-envs-by-application-uuid.ok"),
        env_update(json!({
            "key": "MULTI", "value": "c\nd", "is_buildtime": false, "is_literal": false,
            "is_multiline": true, "is_runtime": true, "is_shown_once": false,
        })),
    ])
    .await;
    // There is no `update` without a value.
    let envs = replay.client().application(WEB).envs();
    envs.update("MULTI", "c\nd").is_buildtime(false).await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_variable_is_named_by_key_and_preview() -> Result<()> {
    let list = "list-envs-by-application-uuid.ok";
    let sent = |preview: Option<bool>, literal: bool, buildtime: bool| {
        let mut body = json!({
            "key": "DATABASE_URL", "value": "x", "is_buildtime": buildtime, "is_literal": literal,
            "is_multiline": false, "is_runtime": true, "is_shown_once": false,
        });
        if let Some(preview) = preview {
            body["is_preview"] = json!(preview);
        }
        env_update(body)
    };
    let replay = Replay::recordings(vec![
        load(list),
        load(list),
        sent(None, false, false),
        load(list),
        sent(Some(true), true, true),
    ])
    .await;
    let envs = replay.client().application(WEB).envs();
    let all = envs.list().await?;
    let twins: Vec<_> = all.iter().filter(|it| it.key == "DATABASE_URL").collect();
    assert_eq!(twins.len(), 2, "a production variable and its preview twin");
    assert_ne!(twins[0].is_preview, twins[1].is_preview);
    // The flags that are kept show which of the two was found.
    envs.update("DATABASE_URL", "x").await?;
    envs.update("DATABASE_URL", "x").is_preview(true).await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn plain_text_goes_out_in_base64() {
    let coolify = offline();
    let (plain, encoded) = ("a = 1\n", "YSA9IDEK");
    let update = coolify.application(WEB).update();
    let update = update
        .custom_labels(plain)
        .custom_nginx_configuration(plain);
    let applications = coolify.applications();
    let databases = coolify.databases();
    let database = coolify.database(DATABASE);
    for (body, field) in [
        (wire(update.body()), "custom_labels"),
        (wire(update.body()), "custom_nginx_configuration"),
        (
            wire(applications.create_dockerfile(place(), plain).body()),
            "dockerfile",
        ),
        (
            wire(coolify.services().create_compose(place(), plain).body()),
            "docker_compose_raw",
        ),
        (
            wire(
                databases
                    .create_postgresql(place())
                    .postgres_conf(plain)
                    .body(),
            ),
            "postgres_conf",
        ),
        (
            wire(databases.create_mysql(place()).mysql_conf(plain).body()),
            "mysql_conf",
        ),
        (
            wire(databases.create_mariadb(place()).mariadb_conf(plain).body()),
            "mariadb_conf",
        ),
        (
            wire(databases.create_mongodb(place()).mongo_conf(plain).body()),
            "mongo_conf",
        ),
        (
            wire(database.update_redis().redis_conf(plain).body()),
            "redis_conf",
        ),
        (
            wire(database.update_keydb().keydb_conf(plain).body()),
            "keydb_conf",
        ),
    ] {
        assert_eq!(body[field], encoded, "{field}");
    }
    for name in [
        "create-dockerfile-application.not-base64",
        "create-database-redis.conf-not-base64",
        "create-service.raw-not-base64",
    ] {
        let error = refusal(name).await;
        assert!(
            error.hint().is_some_and(|it| it.contains("base64")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_proxy_configuration_goes_out_in_base64() -> Result<()> {
    let name = "save-server-proxy-configuration.ok";
    let replay = replay([name]).await;
    let proxy = replay.client().server(SERVER).proxy();
    proxy.save_configuration("services: {}\n").await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn domains_are_lists_in_the_form_of_their_kind() -> Result<()> {
    let replay = replay([
        "update-application-by-uuid.domains",
        "update-application-by-uuid.domains-on-compose",
        "update-service-by-uuid.urls",
    ])
    .await;
    let coolify = replay.client();
    let domains = ["https://web.example.com", "https://www.example.com"];
    coolify.application(WEB).update().domains(domains).await?;
    let compose = coolify.application("ezw7d3no7ljyy5xdv5paqbok");
    let error = compose.update().domains(["https://c.example.com"]).await;
    let error = error.expect_err("a compose application");
    assert_eq!(error.field_errors()[0].field(), Some("domains"));
    let url = ServiceUrl::new("web").url("https://svc.example.com".to_owned());
    coolify.service(SERVICE).update().urls([url]).await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn reading_back_shows_domains_that_were_dropped() -> Result<()> {
    // A server without a proxy answers 200 with the old domains.
    let replay = replay([
        "update-application-by-uuid.domains",
        "get-application-by-uuid.ok",
    ])
    .await;
    let web = replay.client().application(WEB);
    let wanted = ["https://web.example.com", "https://www.example.com"];
    web.update().domains(wanted).await?;
    let read = web.get().await?;
    assert_ne!(read.domains().collect::<Vec<_>>(), wanted);
    replay.check();
    Ok(())
}

#[test]
fn a_made_up_domain_can_be_declined() {
    let coolify = offline();
    let create = || coolify.applications().create_docker_image(place(), "nginx");
    assert!(wire(create().body()).get("autogenerate_domain").is_none());
    let without = create().autogenerate_domain(false);
    assert_eq!(wire(without.body())["autogenerate_domain"], false);
}

#[tokio::test]
async fn a_delete_says_what_becomes_of_the_volumes() -> Result<()> {
    let with_query = |name: &str, query: &[(&str, bool)]| {
        let mut recording = load(name);
        let pair = |(name, value): &(&str, bool)| ((*name).to_owned(), json!(value));
        recording.request.query = query.iter().map(pair).collect();
        recording
    };
    // A resource that keeps its volumes keeps its directory, which contains
    // mounted files.
    let kept = with_query(
        "delete-database-by-uuid.ok",
        &[
            ("delete_volumes", false),
            ("delete_configurations", false),
            ("docker_cleanup", false),
        ],
    );
    let gone = with_query("delete-application-by-uuid.ok", &[("delete_volumes", true)]);
    let (database, application) = (param(&kept, "uuid"), param(&gone, "uuid"));
    let replay = Replay::recordings(vec![kept, gone]).await;
    let coolify = replay.client();
    let delete = coolify.database(database).delete(Volumes::Keep);
    delete.docker_cleanup(false).await?;
    let application = coolify.application(application);
    application.delete(Volumes::Delete).await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn deletes_are_queued_and_a_project_has_to_be_empty() -> Result<()> {
    let mut delete = load("delete-application-by-uuid.ok-5");
    delete.request.query = [("delete_volumes".to_owned(), json!(true))].into();
    let replay = Replay::recordings(vec![
        delete,
        load("get-application-by-uuid.after-delete"),
        load("get-application-by-uuid.gone"),
        load("delete-project-by-uuid.not-empty"),
        load("delete-project-by-uuid.ok"),
    ])
    .await;
    let coolify = replay.client();
    let web = coolify.application(WEB);
    let said = web.delete(Volumes::Delete).await?;
    assert_eq!(said.message(), "Application deletion request queued.");
    assert_eq!(web.get().await?.uuid, WEB, "the job has not run yet");
    assert!(web.get().await.unwrap_err().is_not_found());
    let raw = coolify.raw();
    let full = raw.delete_project_by_uuid(PROJECT).await;
    let full = full.unwrap_err();
    assert!(full.is_conflict() && full.status() == Some(400));
    assert!(full.hint().is_some_and(|it| it.contains("delete or move")));
    let empty = load("delete-project-by-uuid.ok");
    coolify.project(param(&empty, "uuid")).delete().await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_server_with_several_destinations_wants_one_named() {
    let replay = replay(["create-database-redis.multiple-destinations"]).await;
    let coolify = replay.client();
    let create = || coolify.databases().create_redis(place());
    let error = create().await.expect_err("there are two");
    assert!(error.is_validation());
    assert!(
        error
            .hint()
            .is_some_and(|it| it.contains("`destination_uuid`"))
    );
    let named = create().destination_uuid("h7tnpmyf2udgxk0ytjxozcgm");
    let body = wire(named.body());
    assert_eq!(body["destination_uuid"], "h7tnpmyf2udgxk0ytjxozcgm");
    replay.check();
}

#[tokio::test]
async fn an_equal_deployment_is_joined() -> Result<()> {
    let mut deploy = load("deploy-by-tag-or-uuid.several");
    let said = deploy.json()["deployments"][0].clone();
    let ghost = said["deployment_uuid"].clone();
    deploy.request.query.insert("uuid".to_owned(), json!(WEB));
    deploy.response.json = Some(json!({"deployments": [said]}));
    let mut newest = load("list-deployments-by-app-uuid.with-preview");
    newest.request.query = [
        ("skip".to_owned(), json!(0)),
        ("take".to_owned(), json!(20)),
    ]
    .into();
    let replay = Replay::recordings(vec![deploy, newest]).await;
    let run = replay.client().application(WEB).deploy().await?;
    assert!(run.joined());
    assert_ne!(Some(run.uuid().as_str()), ghost.as_str());
    assert_eq!(run.uuid(), "0x360e1s6rstsn7h7lpbandk", "not the preview");
    // Several at once, tags and restarts: `tests/applications.rs`.
    replay.check();
    Ok(())
}

#[tokio::test]
async fn an_unknown_pull_request_is_an_error_not_a_run() {
    let replay = replay(["deploy-by-tag-or-uuid.pr-not-found"]).await;
    let deploy = replay.client().application(WEB).deploy().pull_request(7);
    let error = deploy.await.expect_err("there is no such pull request");
    assert!(error.is_not_found(), "{error}");
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("`previews().open(7)`"), "{hint}");
    replay.check();
}

#[tokio::test]
async fn databases_and_services_start_without_a_deployment() -> Result<()> {
    let names = [
        "start-database-by-uuid.ok",
        "get-database-by-uuid.running",
        "start-database-by-uuid.already-running",
        "restart-database-by-uuid.ok",
        "stop-database-by-uuid.ok",
        "start-service-by-uuid.ok",
        "restart-service-by-uuid.ok",
    ];
    let replay = replay(names).await;
    let coolify = replay.client();
    let database = coolify.database(DATABASE);
    let watch = database.start().await?;
    assert!(watch.message().is_some_and(|it| it.contains("queued")));
    let status = database.get().await?.status;
    assert!(status.is_some_and(|it| it.is_healthy()));
    let twice = database.start().await;
    assert!(twice.expect_err("it runs").is_conflict());
    database.restart().await?;
    database.stop().await?;
    let service = coolify.service(SERVICE);
    let watch = service.start().await?;
    assert!(watch.message().is_some_and(|it| it.contains("queued")));
    service.restart().await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_task_is_run_by_itself_and_its_output_is_the_message() -> Result<()> {
    let names = [
        "execute-scheduled-task-by-application-uuid.finished",
        "list-scheduled-task-executions-by-application-uuid.ok",
    ];
    let task = param(&load(names[0]), "task_uuid");
    let replay = replay(names).await;
    let tasks = replay.client().application(WEB).scheduled_tasks();
    // The reply has no id of the execution, only a message.
    let _: String = tasks.execute(&task).await?;
    let runs = tasks.executions(&task).await?;
    assert_eq!(
        runs[0].message.as_ref().map(coolify_sdk::Secret::expose),
        Some("all done")
    );
    replay.check();

    let unknown = "4.1.2/undocumented-get-no-such-route.unknown-route";
    let replay = Replay::recordings(vec![answered(names[0], unknown)]).await;
    let tasks = replay.client().application(WEB).scheduled_tasks();
    let error = tasks.execute(&task).await.unwrap_err();
    assert_eq!(error.unsupported_since(), Some(Version::new(4, 3, 0)));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_backup_can_run_at_once() -> Result<()> {
    let create = load("create-database-backup.now");
    let uuid = create.json()["uuid"].as_str().expect("a uuid").to_owned();
    let replay = Replay::recordings(vec![create, load("update-database-backup.backup-now")]).await;
    let database = replay.client().database(DATABASE);
    database
        .backups()
        .create("weekly")
        .enabled(true)
        .databases_to_backup("app")
        .backup_now(true)
        .dump_all(false)
        .await?;
    database.backup(uuid).run().await?;
    replay.check();
    // Deleting one requires a decision about its copies.
    let _ = S3Copies::Keep;
    Ok(())
}

#[tokio::test]
async fn logs_are_none_while_nothing_runs() -> Result<()> {
    let mut down = load("get-database-logs-by-uuid.ok");
    down.response.status = 400;
    down.response.json = Some(json!({"message": "Database is not running."}));
    let up = load("get-application-logs-by-uuid.lines");
    let part = load("get-service-logs-by-uuid.ok");
    let replay = Replay::recordings(vec![up, down, part]).await;
    let coolify = replay.client();
    let application = coolify.application(WEB);
    let log = application.logs().lines(5).show_timestamps(true).await?;
    assert_eq!(log.expect("it runs").lines().count(), 5);
    assert_eq!(coolify.database(DATABASE).logs().await?, None);
    assert!(coolify.service(SERVICE).logs("web").await?.is_some());
    replay.check();
    Ok(())
}

/// Checks that the SDK has refused a text, without showing it.
fn too_long<T>(field: &str, outcome: Result<T>) {
    let error = outcome.err().expect(field);
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{field}");
    let report = error.report().to_string();
    assert!(report.contains(&format!("`{field}` has ")), "{report}");
    assert!(!report.contains("0123456789"), "{report}");
}

/// The columns have 255 characters, the validation does not know it, and the answer is
/// a bare 500. See `fixtures/verdicts/inputs/lengths.yaml` for what servers answer.
#[tokio::test]
#[expect(clippy::large_stack_arrays, reason = "a request is large")]
async fn what_does_not_fit_into_its_column_is_not_sent() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let coolify = fake.client();
    let web = coolify.application(fake.seed_application(&project, "web"));
    let place = Placement::new(&project, "production", fake.server_uuid());
    let postgresql = coolify.databases().create_postgresql(place).await?;
    let postgresql = coolify.database(postgresql.uuid);
    let text = |length: usize| "x".repeat(length);
    let path = |length: usize| format!("/{}", text(length - 1));
    let long = text(256);
    let repository = "https://git.example.com/";
    let with_password = repository.replace("//", "//0123456789:0123456789@") + &text(231);
    let repository = repository.to_owned() + &text(231);
    let ports = (3000..3030).map(|port| format!("{port}:{port}"));
    let password = "http_basic_auth_password";
    let update = || web.update();
    let sent = fake.requests().len();
    for (field, update) in [
        ("description", update().description(&long)),
        ("install_command", update().install_command(&*long)),
        ("start_command", update().start_command(&*long)),
        ("git_branch", update().git_branch(&long)),
        ("git_repository", update().git_repository(with_password)),
        ("health_check_path", update().health_check_path(path(256))),
        ("ports_mappings", update().ports_mappings(ports)),
        (password, update().http_basic_auth_password(text(32))),
        (password, update().http_basic_auth_password("ü".repeat(16))),
    ] {
        too_long(field, update.await);
    }
    let update = || postgresql.update_postgresql();
    too_long("description", update().description(&long).await);
    too_long("image", update().image(&long).await);
    let volume = |name: String, path: &str| NewStorage::volume(name, path);
    let storages = web.storages();
    too_long("name", storages.create(volume(text(231), "/data")).await);
    too_long(
        "mount_path",
        storages.create(volume("a".to_owned(), &path(256))).await,
    );
    too_long("commit", web.rollback(&long).await);
    too_long("tag_name", web.tags().add(&long).await);
    assert_eq!(fake.requests().len(), sent);

    let update = web
        .update()
        .description(text(255))
        .git_repository(repository);
    update
        .http_basic_auth_password("ü".repeat(15) + "x")
        .await?;
    storages.create(volume(text(230), "/data")).await?;
    let longer = NewStorage::file(path(256), "a file has a longer column");
    storages.create(longer).await?;
    Ok(())
}
