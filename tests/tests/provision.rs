//! Provisioning, and what it leaves behind if it fails.

use std::time::Duration;

use coolify_sdk::databases::BackupPlan;
use coolify_sdk::envs::{BulkApplicationVariable, BulkVariable};
use coolify_sdk::testing::{FakeCoolify, Fault};
use coolify_sdk::{EnvironmentRef, ErrorKind, Placement, Result};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::{Value, json};

const POLL: Duration = Duration::from_millis(100);

async fn fake() -> (FakeCoolify, Placement) {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let environment = EnvironmentRef::name("production");
    let place = Placement::new(project, environment, fake.server_uuid());
    (fake, place)
}

fn writes(fake: &FakeCoolify) -> Vec<String> {
    let requests = fake.requests().into_iter();
    let writes = requests.filter(|it| it.method != "GET");
    writes
        .map(|it| format!("{} {}", it.method, it.path))
        .collect()
}

#[tokio::test]
async fn a_database_comes_with_backups_and_its_url() -> Result<()> {
    let (fake, place) = fake().await;
    let orders = fake
        .client()
        .databases()
        .create_postgresql(place)
        .name("orders")
        .provision()
        .backup(BackupPlan::local("hourly").keep_days(2))
        .backup(BackupPlan::local("daily").run_now())
        .poll_every(POLL)
        .await?;
    assert!(orders.status.expect("a status").is_healthy());
    assert_eq!(orders.backups.len(), 2);
    let url = orders.internal_url.expect("a URL");
    assert!(url.expose().starts_with("postgres://"));
    let database = format!("/databases/{}", orders.uuid);
    let wanted = [
        "POST /databases/postgresql".to_owned(),
        format!("POST {database}/backups"),
        format!("POST {database}/backups"),
        format!("PATCH {database}/backups/{}", orders.backups[1]),
    ];
    assert_eq!(writes(&fake), wanted);
    let sent = fake.requests();
    let sent = sent
        .iter()
        .find(|it| it.path.ends_with("/backups") && it.method == "POST");
    let wanted = json!({
        "frequency": "hourly", "save_s3": false, "database_backup_retention_days_locally": 2,
    });
    assert_eq!(sent.expect("a backup").json(), wanted);
    Ok(())
}

#[tokio::test]
async fn every_engine_gives_its_url() -> Result<()> {
    let (fake, place) = fake().await;
    let databases = fake.client().databases();
    macro_rules! url_of {
        ($create:ident) => {
            databases
                .$create(place.clone())
                .provision()
                .await?
                .internal_url
        };
    }
    let urls = [
        url_of!(create_postgresql),
        url_of!(create_mysql),
        url_of!(create_mariadb),
        url_of!(create_mongodb),
        url_of!(create_redis),
        url_of!(create_keydb),
        url_of!(create_dragonfly),
        url_of!(create_clickhouse),
    ];
    assert!(
        urls.iter()
            .all(|url| url.as_ref().is_some_and(|it| it.expose().contains("://")))
    );
    Ok(())
}

#[tokio::test]
async fn what_can_be_seen_to_be_wrong_creates_nothing() {
    let (fake, place) = fake().await;
    let databases = fake.client().databases();
    let redis = databases.create_redis(place.clone()).provision();
    let error = redis.backup(BackupPlan::local("daily")).await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    let stopped = databases.create_mysql(place.clone()).instant_deploy(false);
    let error = stopped.provision().until_healthy().await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    let missing = json!({ "message": "S3 storage not found." });
    let missing = Fault::status(404)
        .json(missing)
        .on("GET", "/s3-storages/nosuch");
    fake.fail_next(missing);
    let mysql = databases.create_mysql(place).provision();
    let error = mysql
        .backup(BackupPlan::s3("daily", "nosuch"))
        .await
        .unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(error.left_behind().is_empty());
    assert_eq!(writes(&fake), [""; 0]);
}

#[tokio::test]
async fn what_fails_later_says_what_is_left_behind() -> Result<()> {
    let (fake, place) = fake().await;
    let flow = fake
        .client()
        .databases()
        .create_postgresql(place.clone())
        .name("orders");
    let flow = flow.provision().backup(BackupPlan::local("daily"));
    let error = flow
        .backup(BackupPlan::local("never ever"))
        .await
        .unwrap_err();
    assert!(error.is_validation(), "{error}");
    let left = error.left_behind();
    let kinds: Vec<_> = left.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, ["database", "scheduled backup"]);
    assert!(
        error
            .to_string()
            .contains(&format!("left behind: {}", left[0])),
        "{error}"
    );
    let kept = fake.client().database(&left[0].uuid).get().await?;
    assert_eq!(kept.name, "orders");

    let waiting = fake.client().databases().create_mysql(place).provision();
    let error = waiting
        .until_healthy()
        .max_wait(Duration::ZERO)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitExpired);
    assert_eq!(error.left_behind()[0].kind, "database");
    assert!(writes(&fake).iter().all(|line| !line.starts_with("DELETE")));
    Ok(())
}

#[tokio::test]
async fn a_create_whose_reply_is_lost_is_not_repeated() {
    let (fake, place) = fake().await;
    fake.fail_next(Fault::lost_reply().on("POST", "/databases/redis"));
    let flow = fake.client().databases().create_redis(place).provision();
    let error = flow.await.unwrap_err();
    assert!(error.outcome_unknown(), "{error}");
    assert_eq!(writes(&fake).len(), 1);
}

#[tokio::test]
async fn a_tenant_provisions_in_its_project_only() -> Result<()> {
    let (fake, place) = fake().await;
    let other = fake.seed_project("other");
    let tenant = fake.client().in_project(&place.project);
    let own = tenant.databases().create_mysql(place.clone()).provision();
    own.backup(BackupPlan::local("daily")).await?;
    let place = Placement::new(other, place.environment, place.server);
    let error = tenant.databases().create_mysql(place).provision().await;
    assert!(error.unwrap_err().is_out_of_scope());
    Ok(())
}

#[tokio::test]
async fn an_application_is_deployed_with_its_variables() -> Result<()> {
    let (fake, place) = fake().await;
    let create = || {
        let create = fake
            .client()
            .applications()
            .create_docker_image(place.clone(), "nginx");
        let create = create
            .ports_exposes(["80"])
            .instant_deploy(true)
            .provision();
        create
            .variables([BulkApplicationVariable::new("A").value("1")])
            .poll_every(POLL)
    };
    let web = create().await?;
    let application = format!("/applications/{}", web.uuid);
    let wanted = [
        "POST /applications/dockerimage".to_owned(),
        format!("PATCH {application}/envs/bulk"),
        "POST /deploy".to_owned(),
    ];
    assert_eq!(writes(&fake), wanted);

    fake.fail_next_deployment(["npm ERR! missing script: build"]);
    let error = create().await.unwrap_err();
    assert_eq!(error.left_behind()[0].kind, "application");
    assert!(error.failed_deployment().is_some());
    Ok(())
}

#[tokio::test]
async fn a_server_at_hetzner_is_validated_until_it_can_be_used() -> Result<()> {
    let load = |name: &str| Recording::load(name);
    let ordered = load("create-hetzner-server.minimal-ipv6");
    let uuid = ordered.json()["uuid"].clone();
    let server = |name: &str| {
        let mut server = load(name);
        server
            .request
            .params
            .insert("uuid".to_owned(), uuid.clone());
        let reply = server.response.json.as_mut().expect("JSON");
        if reply.get("uuid").is_some() {
            reply["uuid"] = uuid.clone();
        }
        server
    };
    let mut validate = server("validate-server-by-uuid.ok");
    validate.request.body = Some(json!({ "install": true }));
    let replay = Replay::recordings(vec![
        load("get-hetzner-locations.ok"),
        load("get-hetzner-server-types.ok"),
        load("get-hetzner-images.ok"),
        ordered,
        server("get-server-by-uuid.unreachable"),
        validate,
        server("get-server-by-uuid.unreachable"),
        server("get-server-by-uuid.validated"),
    ])
    .await;
    let hetzner = replay.client().hetzner("nk2ufhfsbyjpgwfpclsvtvnm");
    let order = hetzner.create_server("x9nk5yx5iufpdte9pkd1pvjq", "fsn1", "cpx11", 161_547_269);
    order
        .enable_ipv4(false)
        .provision()
        .poll_every(POLL)
        .await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn nothing_is_ordered_that_hetzner_does_not_have() {
    let load = |name: &str| Recording::load(name);
    let mut refusal = load("get-hetzner-locations.ok");
    refusal.response.status = 401;
    refusal.response.json = Some(json!({ "message": "Unauthenticated." }));
    let replay = Replay::recordings(vec![
        refusal,
        load("get-hetzner-locations.ok"),
        load("get-hetzner-locations.ok"),
        load("get-hetzner-server-types.ok"),
    ])
    .await;
    let hetzner = replay.client().hetzner("nk2ufhfsbyjpgwfpclsvtvnm");
    let order = |place, kind| {
        let order = hetzner.create_server("x9nk5yx5iufpdte9pkd1pvjq", place, kind, 1);
        order.provision()
    };
    let error = order("fsn1", "cpx11").await.unwrap_err();
    assert!(error.is_unauthenticated());
    assert!(error.hint().is_some_and(|hint| hint.contains("ability")));
    let error = order("mars1", "cpx11").await.unwrap_err();
    assert!(
        error.hint().is_some_and(|hint| hint.contains("fsn1")),
        "{}",
        error.report()
    );
    let error = order("fsn1", "cpx0").await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    replay.check();
}

#[tokio::test]
async fn an_image_for_other_processors_is_not_ordered() {
    let load = |name: &str| Recording::load(name);
    let mut types = load("get-hetzner-server-types.ok");
    let rows = types.response.json.as_mut().and_then(Value::as_array_mut);
    let row = rows.and_then(|rows| rows.iter_mut().find(|it| it["name"] == "cpx11"));
    row.expect("a server type")["architecture"] = json!("arm");
    let replay = Replay::recordings(vec![
        load("get-hetzner-locations.ok"),
        types,
        load("get-hetzner-images.ok"),
    ])
    .await;
    let hetzner = replay.client().hetzner("nk2ufhfsbyjpgwfpclsvtvnm");
    let order = hetzner.create_server("x9nk5yx5iufpdte9pkd1pvjq", "fsn1", "cpx11", 161_547_269);
    let error = order.provision().await.unwrap_err();
    let said = "the image is for x86, the server type is arm";
    assert_eq!(error.to_string(), said);
    replay.check();
}

#[tokio::test]
async fn a_service_is_waited_for() -> Result<()> {
    let load = |name: &str| Recording::load(name);
    let mut created = load("create-service.ok");
    created.request.body.as_mut().expect("a body")["instant_deploy"] = json!(true);
    let mut running = load("get-service-by-uuid.running-again");
    let uuid = created.json()["uuid"].clone();
    running.response.json.as_mut().expect("a service")["uuid"] = uuid.clone();
    running.request.params.insert("uuid".to_owned(), uuid);
    let replay = Replay::recordings(vec![created, running]).await;
    let place = Placement::new(
        "gwgmpnq6u26xpsihsouontfu",
        EnvironmentRef::name("production"),
        "ndfqlt8mg8zla6bo50nyqhg8",
    );
    let services = replay.client().services();
    let budget = services.create_one_click(place, "actualbudget");
    let budget = budget.name("budget").description("one-click").provision();
    let budget = budget.poll_every(POLL).await?;
    assert!(budget.status.is_healthy());
    assert_eq!(budget.domains.len(), 1);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn the_variables_of_a_service_exist_before_it_starts() -> Result<()> {
    let (fake, place) = fake().await;
    let services = fake.client().services();
    let login = BulkVariable::new("LOGIN_METHOD").value("password");
    let create = services.create_one_click(place, "actualbudget");
    let flow = create.provision().variables([login]).poll_every(POLL);
    assert!(!format!("{flow:?}").contains("password"));
    let budget = flow.await?;
    assert!(budget.status.is_healthy());
    let service = format!("/services/{}", budget.uuid);
    let wanted = [
        "POST /services".to_owned(),
        format!("PATCH {service}/envs/bulk"),
        format!("POST {service}/start"),
    ];
    assert_eq!(writes(&fake), wanted);
    let sent = fake.requests();
    let created = sent.iter().find(|it| it.path == "/services");
    assert_eq!(created.expect("a service").json()["instant_deploy"], false);
    Ok(())
}

#[tokio::test]
async fn a_service_that_does_not_start_is_named() {
    for (method, path) in [
        ("PATCH", "/services/{uuid}/envs/bulk"),
        ("POST", "/services/{uuid}/start"),
    ] {
        let (fake, place) = fake().await;
        fake.fail_next(Fault::status(500).on(method, path));
        let services = fake.client().services();
        let create = services.create_one_click(place, "actualbudget");
        let flow = create.provision().variables([BulkVariable::new("A")]);
        let error = flow.await.expect_err("it fails");
        let uuid = fake.state()["services"][0]["uuid"].clone();
        let left: Vec<_> = error
            .left_behind()
            .iter()
            .map(ToString::to_string)
            .collect();
        let uuid = uuid.as_str().expect("a uuid");
        assert!(left.len() == 1 && left[0].contains(uuid), "{left:?}");
    }
}

#[tokio::test]
async fn a_storage_that_may_not_be_read_is_used_all_the_same() -> Result<()> {
    let (fake, place) = fake().await;
    let coolify = fake.client();
    for status in [403, 404, 500] {
        let path = "/s3-storages/somewhere";
        fake.fail_next(Fault::status(status).on("GET", path));
        let mysql = coolify.databases().create_mysql(place.clone()).provision();
        let before = writes(&fake).len();
        let error = mysql.backup(BackupPlan::s3("daily", "somewhere")).await;
        // The fake does not know the storage when the backup is created, either.
        let error = error.expect_err("there is none");
        let is_created = writes(&fake).len() > before;
        assert_eq!(is_created, status == 403, "{status}: {error}");
    }
    Ok(())
}
