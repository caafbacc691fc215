//! A client that is bound to a project can reach nothing else.

mod beyond;
mod bounds;
mod composed;
mod fields;
mod inputs;
mod payloads;
mod refusals;
mod routes;
mod table;
mod texts;
mod tried;

use std::time::Duration;

use coolify_sdk::applications::BuildPack;
use coolify_sdk::databases::S3Copies;
use coolify_sdk::resource::Volumes;
use coolify_sdk::testing::{FakeCoolify, Fault};
use coolify_sdk::{Coolify, EnvironmentRef, ErrorKind, Placement, Result};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::{Value, json};

/// Two tenants with an application each.
struct Tenants {
    fake: FakeCoolify,
    own: String,
    other: String,
    own_app: String,
    other_app: String,
    tenant: Coolify,
}

async fn tenants() -> Tenants {
    tenants_of(FakeCoolify::start().await)
}

async fn tenants_on(version: &str) -> Tenants {
    tenants_of(FakeCoolify::version(version).start().await)
}

fn tenants_of(fake: FakeCoolify) -> Tenants {
    let (own, other) = (fake.seed_project("own"), fake.seed_project("other"));
    let own_app = fake.seed_application(&own, "web");
    let other_app = fake.seed_application(&other, "web");
    let tenant = fake.client().in_project(&own);
    Tenants {
        fake,
        own,
        other,
        own_app,
        other_app,
        tenant,
    }
}

impl Tenants {
    fn place(&self, project: &str) -> Placement {
        let environment = EnvironmentRef::name("production");
        Placement::new(project, environment, self.fake.server_uuid())
    }

    /// Returns the requests since `from`, one line each.
    fn asked(&self, from: usize) -> Vec<String> {
        let requests = self.fake.requests();
        let line =
            |it: &coolify_sdk::testing::ReceivedRequest| format!("{} {}", it.method, it.path);
        requests[from..].iter().map(line).collect()
    }

    fn writes(&self) -> Vec<String> {
        let mut all = self.asked(0);
        all.retain(|line| !line.starts_with("GET "));
        all
    }
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T>) {
    let error = result.expect_err("it is beyond the project");
    assert!(error.is_out_of_scope(), "{}", error.report());
    assert!(error.operation().is_some(), "{error:?}");
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn lists_hold_what_is_in_the_project() -> Result<()> {
    let it = tenants().await;
    it.fake.seed_database(&it.own, "postgresql", "main");
    it.fake.seed_database(&it.other, "redis", "cache");
    assert_eq!(it.tenant.projects().list().await?.len(), 1);
    let applications = it.tenant.applications().list().await?;
    assert_eq!(applications.len(), 1);
    assert_eq!(applications[0].uuid, *it.own_app);
    let databases = it.tenant.databases().list().await?;
    assert_eq!(databases.len(), 1);
    assert_eq!(databases[0].name, "main");

    let _theirs = it
        .fake
        .client()
        .application(&it.other_app)
        .deploy()
        .send()
        .await?;
    let own = it.tenant.application(&it.own_app).deploy().send().await?;
    let running = it.tenant.deployments().unfinished().await?;
    assert_eq!(running.len(), 1);
    assert_eq!(running[0].deployment_uuid, *own.uuid());
    Ok(())
}

#[tokio::test]
async fn what_is_of_others_is_refused_before_anything_is_done() -> Result<()> {
    let it = tenants().await;
    let theirs = it.fake.client().application(&it.other_app).deploy();
    let theirs = theirs.send().await?.uuid().clone();
    let asked = it.writes().len();

    let other = it.tenant.application(&it.other_app);
    refused(other.get().await);
    refused(other.update().name("mine").await);
    refused(other.deploy().send().await);
    refused(other.stop().await);
    refused(other.delete(Volumes::Delete).await);
    refused(other.delete_confirmed("web", Volumes::Delete).await);
    refused(other.envs().list().await);
    refused(other.scheduled_tasks().list().await);
    refused(
        it.tenant
            .deployments()
            .rollout([&it.own_app, &it.other_app])
            .send()
            .await,
    );
    refused(it.tenant.deployment(&theirs).get().await);
    refused(it.tenant.deployment(&theirs).cancel().await);
    refused(it.tenant.project(&it.other).get().await);
    refused(it.tenant.project(&it.other).delete().await);
    refused(
        it.tenant
            .project(&it.other)
            .environment("production")
            .get()
            .await,
    );
    let place = it.place(&it.other);
    refused(it.tenant.databases().create_redis(place.clone()).await);
    let applications = it.tenant.applications();
    refused(
        applications
            .create_docker_image(place.clone(), "nginx")
            .await,
    );
    refused(
        applications
            .create_public(place, "a/b", "main", BuildPack::Nixpacks)
            .await,
    );
    let raw = it.tenant.raw();
    refused(raw.delete_project_by_uuid(&it.other).await);

    assert_eq!(it.writes().len(), asked, "{:?}", it.writes());
    Ok(())
}

#[tokio::test]
async fn what_is_of_nobody_is_refused() {
    let it = tenants().await;
    refused(it.tenant.projects().create("third").await);
    refused(it.tenant.servers().list().await);
    refused(it.tenant.server(it.fake.server_uuid()).get().await);
    refused(it.tenant.private_keys().list().await);
    refused(it.tenant.teams().list().await);
    refused(it.tenant.tags().list().await);
    refused(it.tenant.instance().disable_api().await);
    refused(it.tenant.deployments().rollout_tag("web").send().await);
    assert_eq!(it.fake.requests().len(), 0, "{:?}", it.asked(0));
    assert!(it.tenant.version().await.is_ok());
}

#[tokio::test]
async fn what_is_nowhere_is_not_found() {
    let it = tenants().await;
    let error = it.tenant.application("nosuchthing").get().await;
    assert!(error.unwrap_err().is_not_found());
    let error = it.tenant.application("nosuchthing").stop().await;
    assert!(error.unwrap_err().is_not_found());
    assert_eq!(it.writes(), [""; 0]);
}

#[tokio::test]
async fn the_own_project_works_to_the_end() -> Result<()> {
    let it = tenants().await;
    let created = it.tenant.databases().create_postgresql(it.place(&it.own));
    let created = created.name("main").await?;
    let database = it.tenant.database(&created.uuid);
    assert_eq!(database.get().await?.name, "main");
    database.backups().create("daily").save_s3(false).await?;
    let backups = database.backups().list().await?;
    assert_eq!(backups.len(), 1);
    let backup = database.backup(&backups[0].uuid);
    backup.update().frequency("hourly").await?;
    backup.delete(S3Copies::Keep).await?;
    let run = it.tenant.application(&it.own_app).deploy().await?;
    run.poll_every(Duration::from_millis(100)).await?;
    database.delete(Volumes::Keep).await?;
    it.tenant
        .project(&it.own)
        .environments()
        .create("staging")
        .await?;
    Ok(())
}

/// Coolify finds a backup by its uuid and by a numeric id that databases of other
/// engines can have as well.
#[tokio::test]
async fn a_backup_of_another_database_is_refused() -> Result<()> {
    let database = Recording::load("get-database-by-uuid.ok");
    let mut backups = Recording::load("get-database-backups-by-uuid.ok");
    let rows = backups.response.json.as_mut().expect("backups");
    rows[0]["database_type"] = json!("App\\Models\\StandaloneMysql");
    let uuid = |row: &Value| row["uuid"].as_str().expect("a uuid").to_owned();
    let (foreign, own) = (uuid(&rows[0]), uuid(&rows[1]));
    let replay = Replay::recordings(vec![
        backups.clone(),
        database.clone(),
        backups,
        database.clone(),
        database.clone(),
    ])
    .await;
    let tenant = replay.client().in_project("gwgmpnq6u26xpsihsouontfu");
    let database = tenant.database("anr20uftvinwcdu7cxugbatx");
    refused(database.backup(foreign).delete(S3Copies::Delete).await);
    let listed = database.backups().list().await?;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].uuid, *own);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn it_is_cheap() -> Result<()> {
    let it = tenants().await;
    let environments = format!("GET /projects/{}/environments", it.own);
    for _ in 0..3 {
        it.tenant.applications().list().await?;
    }
    let list = "GET /applications".to_owned();
    let wanted = [&list, &environments, &list, &list];
    assert_eq!(it.asked(0).iter().collect::<Vec<_>>(), wanted);

    let from = it.fake.requests().len();
    let app = it.tenant.application(&it.own_app);
    app.get().await?;
    for _ in 0..3 {
        app.envs().list().await?;
    }
    let get = format!("GET /applications/{}", it.own_app);
    let envs = format!("{get}/envs");
    assert_eq!(it.asked(from), [&*get, &get, &envs, &envs, &envs]);

    let from = it.fake.requests().len();
    for _ in 0..2 {
        app.update().description("new").await?;
    }
    let patch = get.replace("GET", "PATCH");
    assert_eq!(it.asked(from), [&*get, &patch, &get, &patch]);

    let own = it.fake.client().project(&it.own);
    let environment = own.environments().list().await?.remove(0).uuid;
    let from = it.fake.requests().len();
    // It is there already, which Coolify may refuse.
    let _ = app.move_to(environment.as_str()).await;
    assert!(!it.asked(from).contains(&environments));
    Ok(())
}

#[tokio::test]
async fn an_environment_that_is_new_is_noticed() -> Result<()> {
    let it = tenants().await;
    it.tenant.applications().list().await?;
    let project = it.fake.client().project(&it.own);
    let staging = project.environments().create("staging").await?;
    let place = Placement::new(
        &*it.own,
        EnvironmentRef::uuid(&staging.uuid),
        it.fake.server_uuid(),
    );
    it.tenant.databases().create_redis(place).await?;
    assert_eq!(it.tenant.databases().list().await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_bound_client_cannot_be_bound_to_another_project() -> Result<()> {
    let it = tenants().await;
    assert_eq!(
        it.tenant
            .in_project(&it.own)
            .applications()
            .list()
            .await?
            .len(),
        1
    );
    let neither = it.tenant.in_project(&it.other);
    refused(neither.applications().list().await);
    refused(neither.in_project(&it.own).applications().list().await);
    refused(neither.project(&it.other).get().await);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_checked_is_not_done() {
    let it = tenants().await;
    it.fake.add_token("2|deployer", ["deploy"]);
    let deployer = Coolify::builder().url(it.fake.url()).token("2|deployer");
    let deployer = deployer.build().expect("a client").in_project(&it.own);
    let error = deployer.application(&it.own_app).stop().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(error.missing_ability().is_some());

    it.fake.fail_next(Fault::status(500));
    let error = it.tenant.application(&it.own_app).stop().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert!(!error.outcome_unknown());
    assert_eq!(it.writes(), [""; 0]);
}

#[tokio::test]
async fn an_id_with_a_slash_in_it_is_no_way_around() {
    let it = tenants().await;
    let raw = it.tenant.raw();
    let sneaky = format!("{}/start", it.other_app);
    let error = raw.get_application_by_uuid(&sneaky).await;
    assert!(error.unwrap_err().is_invalid_request());
    assert!(it.fake.requests().is_empty());
}

/// 4.3.11 embeds the project in a single resource; 4.1.2 returns only the id of
/// the environment.
#[tokio::test]
async fn each_version_says_where_a_resource_is() -> Result<()> {
    let cases = [
        ("4.3.11", "gwgmpnq6u26xpsihsouontfu"),
        ("4.2.0", "wlvspljzzqtgkbnissimhu6u"),
        ("4.1.2", "vnylalk6wmzn28nrms8nwqxz"),
        ("4.0.0", "u1254h9toh1e8x0jkope3pqq"),
    ];
    for (version, project) in cases {
        let load = |name: &str| Recording::load(&format!("{version}/{name}"));
        let mut environments = load("get-environments.ok");
        let listed = environments
            .response
            .json
            .as_mut()
            .and_then(Value::as_array_mut);
        listed.expect("environments").retain(|row| row["id"] == 1);
        let application = load("get-application-by-uuid.ok");
        let deployment = load("get-deployment-by-uuid.ok");
        let resources = load("list-resources.ok");
        let queue = load("list-deployments.object-keys");
        let own = resources.json().as_array().expect("a list").iter();
        let own = own.filter(|row| row["environment_id"] == 1).count();
        let uuid =
            |recording: &Recording| recording.request.params["uuid"].as_str().map(str::to_owned);
        let (app, run) = (
            uuid(&application).expect("a uuid"),
            uuid(&deployment).expect("a uuid"),
        );
        let recordings = vec![application, resources, deployment, queue, environments];
        let replay = Replay::recordings(recordings).await;
        let tenant = replay.client().in_project(project);
        tenant.application(&app).get().await?;
        assert_eq!(tenant.resources().list().await?.len(), own);
        tenant.deployment(&run).get().await?;
        assert_eq!(tenant.deployments().unfinished().await?.len(), 0);
        replay.check();
    }
    Ok(())
}
