//! Settings that give a resource something from outside of the project, and
//! defaults that affect others.

use coolify_sdk::databases::S3Copies;
use coolify_sdk::resource::Volumes;
use coolify_sdk::services::ServiceUrl;
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::storages::NewStorage;
use coolify_sdk::testing::{Fault, ReceivedRequest};
use coolify_sdk::{Coolify, Result, ScopePolicy, ScopePower, raw::types};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::{Value, json};

use super::{Tenants, refused, tenants};

const SHOP: &str = "https://shop.example.com";

impl Tenants {
    fn last(&self) -> ReceivedRequest {
        self.fake.requests().pop().expect("a request")
    }
}

#[tokio::test]
async fn a_domain_of_another_project_cannot_be_taken() -> Result<()> {
    let it = tenants().await;
    let other = it.fake.client().application(&it.other_app);
    other.update().domains([SHOP]).await?;
    let before = it.writes().len();
    let own = it.tenant.application(&it.own_app);

    let forced = own.update().domains([SHOP]).force_domain_override(true);
    refused(forced.await);
    refused(own.domains().set([SHOP]).override_conflicts().send().await);
    let place = it.place(&it.own);
    let created = it.tenant.applications().create_docker_image(place, "nginx");
    refused(created.domains([SHOP]).force_domain_override(true).await);
    let place = it.place(&it.own);
    let service = it.tenant.services().create_one_click(place, "logto");
    refused(service.force_domain_override(true).await);
    let part = it.tenant.service(&it.own_app).application("part");
    refused(part.update_forced().url(SHOP).await);
    assert_eq!(it.writes().len(), before, "{:?}", it.writes());

    own.update()
        .description("a")
        .force_domain_override(false)
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_host_of_another_project_cannot_be_shared() -> Result<()> {
    let it = tenants().await;
    let admin = it.fake.client();
    let others = admin.application(&it.other_app);
    others.update().domains([SHOP]).await?;
    let theirs = admin.services();
    let theirs = theirs.create_compose(it.place(&it.other), "services: {web: {image: nginx}}");
    let theirs = theirs.urls([ServiceUrl::new("web").url("https://blog.example.com")]);
    theirs.await?;
    let ours = it.tenant.services();
    let ours = ours.create_compose(it.place(&it.own), "services: {web: {image: nginx}}");
    let service = ours.await?.uuid;
    let parts = it.tenant.service(&service).applications();
    let part = parts.list().await?.remove(0).uuid;
    let before = it.writes().len();

    let own = it.tenant.application(&it.own_app);
    let strict = it
        .tenant
        .in_project_with(&*it.own, ScopePolicy::strict())
        .application(&it.own_app);
    for domain in [
        SHOP,
        "http://shop.example.com",
        "https://shop.example.com/login",
        "https://SHOP.example.com.:8443",
        "https://own.example.com,https://blog.example.com/x",
    ] {
        let domains = || own.update().fields(json!({ "domains": domain }));
        let error = domains()?.await.expect_err(domain);
        assert!(error.is_conflict(), "{domain}: {}", error.report());
        assert!(error.hint().is_some_and(|it| it.contains("ForeignHosts")));
        let last = domain.rsplit(',').next();
        assert_eq!(error.conflicts()[0].domain.as_deref(), last);
        assert!(!format!("{error:?}").contains(&it.other_app));
        assert!(strict.update().domains([domain]).await.is_err());
    }
    let place = it.place(&it.own);
    let another = it
        .tenant
        .services()
        .create_compose(place, "services: {web: {image: nginx}}");
    let taken = another
        .urls([ServiceUrl::new("web").url("https://shop.example.com/x")])
        .await;
    assert!(taken.unwrap_err().is_conflict());
    let part = it.tenant.service(&service).application(&part);
    let taken = part.update().url("http://blog.example.com").await;
    assert!(taken.unwrap_err().is_conflict());
    // Coolify itself.
    let dashboard = it.fake.url().replace("127.0.0.1", "localhost");
    let tenant = Coolify::builder()
        .url(dashboard)
        .token(it.fake.token())
        .build()?;
    let tenant = tenant.in_project(&*it.own).application(&it.own_app);
    let taken = tenant.update().domains(["https://localhost/api"]).await;
    assert!(taken.unwrap_err().is_conflict());
    assert_eq!(it.writes().len(), before, "{:?}", it.writes());

    own.update()
        .domains(["https://shop.example.com.org", "https://a.shop.example.com"])
        .await?;
    own.update()
        .domains(["https://a.shop.example.com/x"])
        .await?;
    let policy = ScopePolicy::default().allow(ScopePower::ForeignHosts);
    let open = admin.in_project_with(&*it.own, policy);
    let open = open.application(&it.own_app);
    open.update()
        .domains(["https://shop.example.com/login"])
        .await?;
    Ok(())
}

#[tokio::test]
async fn credentials_of_the_team_read_no_other_repository() -> Result<()> {
    let it = tenants().await;
    let strict = it.tenant.in_project_with(&*it.own, ScopePolicy::strict());
    let strict = strict.application(&it.own_app);
    it.fake
        .set_application(&it.own_app, "git_repository", "acme/web");
    strict.update().git_repository("acme/other").await?;
    it.fake
        .set_application(&it.own_app, "git_repository", "acme/web");
    // The key 0 is that of Coolify's own server.
    for (credentials, id) in [
        ("source_id", 3),
        ("private_key_id", 3),
        ("private_key_id", 0),
    ] {
        it.fake.set_application(&it.own_app, credentials, id);
        refused(strict.update().git_repository("acme/secrets").await);
        strict
            .update()
            .git_repository("acme/web")
            .name("shop")
            .await?;
        it.fake
            .set_application(&it.own_app, credentials, Value::Null);
    }
    it.fake.set_application(&it.own_app, "source_id", 0);
    strict.update().git_repository("acme/other").await?;
    it.fake.set_application(&it.own_app, "source_id", 3);
    it.tenant
        .application(&it.own_app)
        .update()
        .git_repository("acme/web")
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_key_that_the_token_does_not_see_reads_no_other_repository() -> Result<()> {
    let it = tenants().await;
    it.fake.add_token("2|writer", ["read", "write"]);
    let writer = Coolify::builder().url(it.fake.url()).token("2|writer");
    let strict = writer
        .build()?
        .in_project_with(&*it.own, ScopePolicy::strict());
    let strict = strict.application(&it.own_app);
    it.fake.set_application(&it.own_app, "private_key_id", 3);
    it.fake
        .set_application(&it.own_app, "git_repository", "acme/web");
    refused(strict.update().git_repository("acme/secrets").await);
    strict.update().git_repository("acme/web").await?;
    Ok(())
}

#[tokio::test]
async fn a_file_of_a_database_is_no_compose_file_of_its_proxy() -> Result<()> {
    let it = tenants().await;
    let database = it.fake.seed_database(&it.own, "postgresql", "main");
    let storages = it.tenant.database(&database).storages();
    let file = |path: &str| storages.create(NewStorage::file(path, "a"));
    refused(file("/proxy/docker-compose.override.yml").await);
    assert_eq!(it.writes(), [""; 0]);
    file("/etc/proxy/a").await?;
    Ok(())
}

#[tokio::test]
async fn a_file_of_a_service_is_behind_no_symbolic_link() -> Result<()> {
    let it = tenants().await;
    let place = it.place(&it.own);
    let services = it.tenant.services();
    let service = services
        .create_compose(place, "services: {web: {image: nginx}}")
        .await?;
    let service = it.tenant.service(service.uuid);
    let part = service.applications().list().await?.remove(0).uuid;
    let before = it.writes().len();
    let file = |path: &str| {
        service
            .storages()
            .create_in(part.clone(), NewStorage::file(path, "a"))
    };
    refused(file("/data/link/authorized_keys").await);
    refused(file("/data//x").await);
    assert_eq!(it.writes().len(), before);
    file("/app.conf").await?;
    Ok(())
}

#[tokio::test]
async fn who_has_a_domain_is_told_of_the_own_project_only() -> Result<()> {
    let it = tenants().await;
    let admin = it.fake.client();
    let blog = it.fake.seed_application(&it.own, "blog");
    let own = it.tenant.application(&it.own_app);

    admin
        .application(&it.other_app)
        .update()
        .domains([SHOP])
        .await?;
    let error = own.update().domains([SHOP]).await.unwrap_err();
    assert!(error.is_conflict(), "{}", error.report());
    let conflict = &error.conflicts()[0];
    assert_eq!(conflict.domain.as_deref(), Some(SHOP));
    assert_eq!(conflict.resource_name, None);
    assert_eq!(conflict.resource_uuid, None);
    let shown = format!("{error:?} {}", error.report());
    assert!(!shown.contains(&it.other_app), "{shown}");
    assert!(!shown.contains("force_domain_override`"), "{shown}");

    let other = "https://blog.example.com";
    it.tenant
        .application(&blog)
        .update()
        .domains([other])
        .await?;
    let error = own.update().domains([other]).await.unwrap_err();
    assert_eq!(error.conflicts()[0].resource_name.as_deref(), Some("blog"));
    Ok(())
}

#[tokio::test]
async fn a_server_is_never_cleaned_up() -> Result<()> {
    let it = tenants().await;
    let database = it.fake.seed_database(&it.own, "redis", "cache");
    let (app, database) = (
        it.tenant.application(&it.own_app),
        it.tenant.database(&database),
    );
    let before = it.writes().len();
    refused(app.stop().docker_cleanup(true).await);
    refused(app.delete(Volumes::Keep).docker_cleanup(true).await);
    refused(database.stop().docker_cleanup(true).await);
    assert_eq!(it.writes().len(), before);

    let spared = |it: &Tenants| {
        let last = it.last();
        let pairs = last
            .query
            .iter()
            .filter(|(name, _)| name == "docker_cleanup");
        assert_eq!(pairs.count(), 1, "{last:?}");
        assert_eq!(
            last.query_param("docker_cleanup"),
            Some("false"),
            "{last:?}"
        );
    };
    app.stop().await?;
    spared(&it);
    app.stop().docker_cleanup(false).await?;
    spared(&it);
    database.delete(Volumes::Delete).await?;
    spared(&it);
    assert_eq!(it.last().query_param("delete_volumes"), Some("true"));
    let raw = it.tenant.raw();
    let deleted = raw.delete_application_by_uuid(&it.own_app, None, None, None, None);
    deleted.await?;
    spared(&it);
    Ok(())
}

/// Mounts of the server, and of any volume with a name.
#[tokio::test]
async fn nothing_of_the_server_is_mounted() -> Result<()> {
    let it = tenants().await;
    let storages = it.tenant.application(&it.own_app).storages();
    for storage in [
        NewStorage::host_path("all", "/", "/host"),
        NewStorage::directory("/data/coolify", "/host"),
        NewStorage::host_file("/data/coolify/source/.env", "/env"),
    ] {
        refused(storages.create(storage).await);
    }
    assert_eq!(it.writes(), [""; 0]);

    let data = NewStorage::volume("data", "/data");
    let uuid = storages.create(data).await?.uuid;
    let foreign = format!("{}-data", it.other_app);
    refused(storages.update_volume(&uuid).name(foreign).await);
    refused(storages.update_volume(&uuid).host_path("/").await);
    let renamed = format!("{}-files", it.own_app);
    storages.update_volume(&uuid).name(renamed).await?;
    storages
        .create(NewStorage::file("/motd", "{{ team.name }}"))
        .await?;
    Ok(())
}

#[tokio::test]
async fn shared_variables_of_others_are_not_put_in() -> Result<()> {
    let it = tenants().await;
    let envs = it.tenant.application(&it.own_app).envs();
    refused(envs.create("KEY", "{{team.S3_SECRET}}").await);
    refused(envs.create("KEY", "a {{ server.TOKEN }} b").await);
    let bulk = |value: &str| types::BulkApplicationVariable::new("KEY").value(value);
    refused(envs.bulk([bulk("fine"), bulk("{{team.S3_SECRET}}")]).await);
    let shared = SharedScope::project(&*it.own);
    let shared = it.tenant.shared_variables(shared);
    refused(shared.create("KEY", "{{team.S3_SECRET}}").await);
    let compose = "services:\n  web:\n    environment:\n      KEY: '{{team.S3_SECRET}}'\n";
    let place = it.place(&it.own);
    refused(it.tenant.services().create_compose(place, compose).await);
    assert_eq!(it.writes(), [""; 0]);

    envs.create("KEY", "{{project.NAME}} {{environment.NAME}}")
        .await?;
    refused(envs.update("KEY", "{{team.S3_SECRET}}").await);
    Ok(())
}

/// The settings of a server contain the tokens of Sentinel and of its log drains.
#[tokio::test]
async fn replies_keep_what_is_the_servers() -> Result<()> {
    let names = [
        ("4.3.11", "gwgmpnq6u26xpsihsouontfu"),
        ("4.2.0", "wlvspljzzqtgkbnissimhu6u"),
        ("4.1.2", "vnylalk6wmzn28nrms8nwqxz"),
        ("4.0.0", "u1254h9toh1e8x0jkope3pqq"),
    ];
    for (version, project) in names {
        let application = Recording::load(&format!("{version}/get-application-by-uuid.ok"));
        let uuid = application.request.params["uuid"].clone();
        let settings = &application.json()["destination"]["server"]["settings"];
        assert!(settings["sentinel_token"].is_string(), "{version}");
        let mut environments = Recording::load(&format!("{version}/get-environments.ok"));
        let own = &application.json()["environment_id"];
        let rows = environments.response.json.as_mut();
        let rows = rows.and_then(serde_json::Value::as_array_mut);
        rows.expect("environments").retain(|row| row["id"] == *own);
        let replay = Replay::recordings(vec![application.clone(), environments]).await;
        let tenant = replay.client().in_project(project);
        let seen = tenant
            .application(uuid.as_str().expect("a uuid"))
            .get()
            .await?;
        let server = seen.destination.expect("one").server.expect("one");
        assert!(server.proxy.expect("it says which").type_.is_some());
        assert_eq!(server.ip, None);
        let settings = server.settings.expect("some");
        assert_eq!(settings.is_build_server, Some(false));
        assert!(settings.sentinel_token.is_none() && settings.logdrain_axiom_api_key.is_none());
    }
    Ok(())
}

/// The path of a backup names two resources, and the query another kind of
/// deletion.
#[tokio::test]
async fn what_is_below_another_projects_resource_is_refused() {
    let it = tenants().await;
    let theirs = it.fake.seed_database(&it.other, "postgresql", "main");
    let database = it.tenant.database(&theirs);
    refused(database.backups().list().await);
    refused(database.backup("any").delete(S3Copies::Delete).await);
    refused(database.envs().create("KEY", "value").await);
    let other = it.tenant.application(&it.other_app);
    refused(other.clone_to("destination").await);
    refused(other.move_to("environment").await);
    refused(other.storages().create(NewStorage::volume("a", "/a")).await);
    refused(other.tags().list().await);
    refused(other.scheduled_tasks().run_command("id").send().await);
    let own = it.tenant.application(&it.own_app);
    refused(own.move_to("an-environment-of-others").await);
    let shared = SharedScope::project(&*it.other);
    refused(it.tenant.shared_variables(shared).list().await);
    refused(it.tenant.shared_variables(SharedScope::Team).list().await);
    let server = SharedScope::server(it.fake.server_uuid());
    refused(it.tenant.shared_variables(server).list().await);
    assert_eq!(it.writes(), [""; 0]);
}

#[tokio::test]
async fn who_is_not_named_by_a_uuid_is_not_named_at_all() -> Result<()> {
    let it = tenants().await;
    let conflict = serde_json::json!({
        "message": "Domain conflicts detected.",
        "conflicts": [{"domain": SHOP, "resource_name": "theirs", "resource_type": "application"}],
    });
    let path = format!("/applications/{}", it.own_app);
    it.fake
        .fail_next(Fault::status(409).json(conflict).on("PATCH", path));
    let own = it.tenant.application(&it.own_app);
    let error = own.update().domains([SHOP]).await.unwrap_err();
    let conflict = &error.conflicts()[0];
    assert_eq!(conflict.domain.as_deref(), Some(SHOP));
    assert_eq!(conflict.resource_name, None);
    assert!(!format!("{error:?}").contains("theirs"), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_nowhere_is_not_deployed() -> Result<()> {
    let it = tenants().await;
    let deployments = it.tenant.deployments();
    for uuids in [vec!["nobody"], vec![it.own_app.as_str(), "nobody"]] {
        let error = deployments.rollout(uuids).send().await.unwrap_err();
        assert!(error.is_not_found(), "{}", error.report());
    }
    assert!(it.writes().is_empty(), "{:?}", it.writes());
    Ok(())
}

#[tokio::test]
async fn nothing_of_others_is_moved_in() -> Result<()> {
    let it = tenants().await;
    let own = it.tenant.project(&it.own);
    let environment = own.environments().list().await?.remove(0).uuid;
    let other = it.tenant.application(&it.other_app);
    refused(other.move_to(environment.as_str()).await);
    assert!(it.writes().is_empty(), "{:?}", it.writes());
    Ok(())
}

#[tokio::test]
async fn a_list_of_databases_holds_no_backups_of_others() -> Result<()> {
    let it = tenants().await;
    it.fake.seed_database(&it.own, "postgresql", "main");
    let all = it.fake.client().databases().list().await?;
    let mut all = serde_json::to_value(coolify_sdk::Exposed(&all)).expect("JSON");
    let backup = |uuid: &str, engine: &str| {
        serde_json::json!({
            "uuid": uuid, "database_type": format!("App\\Models\\Standalone{engine}"),
            "enabled": true, "frequency": "daily",
        })
    };
    all[0]["backup_configs"] =
        serde_json::json!([backup("own", "Postgresql"), backup("theirs", "Mysql")]);
    it.fake
        .fail_next(Fault::status(200).json(all).on("GET", "/databases"));
    let databases = it.tenant.databases().list().await?;
    let backups = databases[0].backup_configs.as_ref().expect("backups");
    let uuids: Vec<_> = backups.iter().map(|it| it.uuid.as_str()).collect();
    assert_eq!(uuids, ["own"]);
    Ok(())
}

/// The page of a deployment could name the own project.
#[tokio::test]
async fn a_deployment_belongs_to_its_application() -> Result<()> {
    let it = tenants().await;
    let admin = it.fake.client();
    let run = admin.application(&it.other_app).deploy().await?;
    let deployment = admin.deployment(run.uuid().clone()).get().await?;
    let mut row = serde_json::to_value(coolify_sdk::Exposed(&deployment)).expect("JSON");
    let page = format!(
        "/project/{}/environment/e/application/a/deployment/d",
        it.own
    );
    row["deployment_url"] = page.into();
    row["application"] =
        serde_json::to_value(&admin.application(&it.other_app).get().await?).expect("JSON");
    let path = format!("/deployments/{}", run.uuid());
    it.fake
        .fail_next(Fault::status(200).json(row).on("GET", path));
    refused(it.tenant.deployment(run.uuid().clone()).get().await);
    Ok(())
}

#[tokio::test]
async fn lists_keep_what_is_the_servers() -> Result<()> {
    let it = tenants().await;
    let all = it.fake.client().applications().list().await?;
    let mut all = serde_json::to_value(&all).expect("JSON");
    for row in all.as_array_mut().expect("rows") {
        row["destination"] = serde_json::json!({"id": 0, "uuid": "d", "server": {
            "id": 0, "uuid": "s", "name": "one", "ip": "192.0.2.1",
            "settings": {"sentinel_token": "hunter2"},
        }});
    }
    it.fake
        .fail_next(Fault::status(200).json(all).on("GET", "/applications"));
    let own = it.tenant.applications().list().await?.remove(0);
    let server = own.destination.expect("one").server.expect("one");
    assert_eq!(server.name, "one");
    assert_eq!(server.ip, None);
    assert_eq!(server.settings.expect("some").sentinel_token, None);
    Ok(())
}
