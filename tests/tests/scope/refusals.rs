//! What a bound client is told if a change would reach beyond its project by way of what
//! a resource has already.

use coolify_sdk::resource::Volumes;
use coolify_sdk::services::ServiceUrl;
use coolify_sdk::storages::NewStorage;
use coolify_sdk::{Coolify, Result, ScopePolicy, ScopePower};
use serde_json::{Value, json};

use super::bounds::Story;
use super::{Tenants, tenants};

const COMPOSE: &str = "services: {web: {image: nginx}}";

impl Tenants {
    fn bound(&self, policy: ScopePolicy) -> Coolify {
        self.fake.client().in_project_with(&self.own, policy)
    }
}

/// The hosts of all applications and services outside of the project are taken.
#[tokio::test]
async fn a_host_is_taken_whatever_the_rest_of_its_domain_is() -> Result<()> {
    let it = tenants().await;
    let admin = it.fake.client();
    let theirs = admin.application(&it.other_app).update();
    theirs.domains(["https://shop.example"]).await?;
    let compose = |project: &str| admin.services().create_compose(it.place(project), COMPOSE);
    let url = ServiceUrl::new("web").url("https://blog.example/a");
    compose(&it.other).urls([url]).await?;
    let service = compose(&it.own).await?.uuid;
    let part = admin.service(&service).applications().list().await?;
    let part = part[0].uuid.clone();

    let mut story = Story::of(&it);
    story.name(&service, "SERVICE");
    story.name(&part, "PART");
    for (name, policy) in [
        ("by default", ScopePolicy::default()),
        (
            "with the power",
            ScopePolicy::default().allow(ScopePower::ForeignHosts),
        ),
    ] {
        let client = it.bound(policy);
        let own = client.application(&it.own_app);
        for domains in [
            "https://own.example",
            "https://own.example,http://shop.example:81/a,https://BLOG.example.",
            "https://sub.shop.example,https://shop.example.org",
        ] {
            let update = own.update().fields(json!({ "domains": domains }))?;
            let title = format!("{name}: {domains}");
            let _ = story.tells(&title, update.send()).await;
        }
        let urls = [ServiceUrl::new("web").url("http://shop.example")];
        let update = client.service(&service).update().urls(urls);
        let title = format!("{name}: a domain of a service");
        let _ = story.tells(&title, update.send()).await;
        let update = client.service(&service).application(&part).update();
        let title = format!("{name}: a domain of a container");
        let _ = story
            .tells(&title, update.url("http://shop.example").send())
            .await;
    }
    let own = it.bound(ScopePolicy::default()).application(&it.own_app);
    let forced = own.update().force_domain_override(true);
    let _ = story.tells("by force", forced.send()).await;
    let update = own.update().force_domain_override(false);
    let _ = story.tells("not by force", update.send()).await;
    insta::assert_snapshot!(story.text);
    Ok(())
}

/// Credentials of the team read one repository for this application.
#[tokio::test]
async fn credentials_stay_with_their_repository() {
    let it = tenants().await;
    let mut story = Story::of(&it);
    it.fake
        .set_application(&it.own_app, "git_repository", json!("acme/web"));
    for (name, field, value) in [
        ("no credentials", "source_id", Value::Null),
        ("the public source", "source_id", json!(0)),
        ("a GitHub app", "source_id", json!(3)),
        ("a deploy key", "private_key_id", json!(3)),
    ] {
        for field in ["source_id", "private_key_id"] {
            it.fake.set_application(&it.own_app, field, Value::Null);
        }
        it.fake.set_application(&it.own_app, field, value);
        for repository in ["acme/web", "acme/other"] {
            let strict = it.bound(ScopePolicy::strict());
            let update = strict.application(&it.own_app).update();
            let title = format!("{name}: {repository}");
            let update = update.git_repository(repository).send();
            let _ = story.tells(&title, update).await;
            it.fake
                .set_application(&it.own_app, "git_repository", json!("acme/web"));
        }
    }
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn a_file_of_a_resource_has_its_place() -> Result<()> {
    let it = tenants().await;
    let admin = it.fake.client();
    let database = it.fake.seed_database(&it.own, "postgresql", "main");
    let service = admin
        .services()
        .create_compose(it.place(&it.own), COMPOSE)
        .await?
        .uuid;
    let part = admin.service(&service).applications().list().await?;
    let part = part[0].uuid.clone();
    let mut story = Story::of(&it);
    story.name(&database, "DATABASE");
    story.name(&service, "SERVICE");
    story.name(&part, "PART");
    let client = it.bound(ScopePolicy::default());
    for path in ["/a", "/a/b", "a/b/", "//a//", "/proxy/a", "/.env"] {
        let file = || NewStorage::file(path, "text");
        let storages = client.application(&it.own_app).storages();
        let title = format!("{path} of an application");
        let _ = story.tells(&title, storages.create(file())).await;
        let storages = client.database(&database).storages();
        let title = format!("{path} of a database");
        let _ = story.tells(&title, storages.create(file())).await;
        let storages = client.service(&service).storages();
        let title = format!("{path} of a service");
        let _ = story
            .tells(&title, storages.create_in(part.clone(), file()))
            .await;
    }
    insta::assert_snapshot!(story.text);
    Ok(())
}

#[tokio::test]
async fn the_server_is_never_cleaned_up() {
    let it = tenants().await;
    let database = it.fake.seed_database(&it.own, "redis", "cache");
    let mut story = Story::of(&it);
    story.name(&database, "DATABASE");
    let client = it.bound(ScopePolicy::default());
    let own = client.application(&it.own_app);
    let clean = own.stop().docker_cleanup(true);
    let _ = story.tells("stop and clean up", clean.send()).await;
    let _ = story.tells("stop", own.stop().send()).await;
    let _ = story
        .tells(
            "stop and do not clean up",
            own.stop().docker_cleanup(false).send(),
        )
        .await;
    let database = client.database(&database);
    let clean = database.delete(Volumes::Keep).docker_cleanup(true);
    let _ = story.tells("delete and clean up", clean.send()).await;
    let _ = story
        .tells("delete", database.delete(Volumes::Keep).send())
        .await;
    let raw = client.raw();
    let stop = raw.stop_application_by_uuid(&it.own_app, None);
    let _ = story.tells("stop by the generated call", stop).await;
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn a_compose_file_is_base64_of_text() -> Result<()> {
    let it = tenants().await;
    let mut story = Story::of(&it);
    let service = it.bound(ScopePolicy::default()).service("nobody");
    for (name, file) in [
        ("a file", "c2VydmljZXM6IHthOiB7fX0="),
        ("with blanks around it", " c2VydmljZXM6IHthOiB7fX0=\n"),
        ("no base64", "services: {}"),
        ("no text", "/w=="),
        ("nothing", ""),
    ] {
        let update = service.update();
        let update = update.fields(json!({ "docker_compose_raw": file }))?;
        let _ = story.tells(name, update.send()).await;
    }
    insta::assert_snapshot!(story.text);
    Ok(())
}
