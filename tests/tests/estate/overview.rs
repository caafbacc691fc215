//! Snapshots of a team.

use coolify_sdk::estate::{Overview, OverviewResource};
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{DeploymentStatus, ResourceKind, Result};

use crate::calls;

const COMPOSE: &str = "services:\n  web:\n    image: nginx:alpine\n";

#[tokio::test]
async fn it_can_be_walked_from_both_ends() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let (shop, blog) = (fake.seed_project("shop"), fake.seed_project("blog"));
    let web = fake.seed_application(&shop, "web");
    let data = fake.seed_database(&shop, "redis", "data");
    let stats = fake.seed_service(&blog, "stats", COMPOSE);
    let coolify = fake.client();
    let _ = coolify
        .application(web.as_str())
        .domains()
        .add("https://shop.example.com")
        .await?;

    let overview = coolify.overview().await?;
    let mut in_shop: Vec<_> = overview
        .in_project("shop")
        .map(|it| it.uuid.as_str())
        .collect();
    in_shop.sort_unstable();
    let mut wanted = [web.as_str(), data.as_str()];
    wanted.sort_unstable();
    assert_eq!(in_shop, wanted);
    assert_eq!(overview.in_environment(&blog, "production").count(), 1);
    assert_eq!(overview.in_environment(&blog, "staging").count(), 0);
    let server = &overview.servers[0];
    assert_eq!(overview.on_server(&server.name).count(), 3);
    assert_eq!(overview.on_server(server.uuid.as_str()).count(), 3);
    assert_eq!(overview.on_server("another").count(), 0);

    let web = overview.resource(&web).expect("the application");
    assert_eq!(web.kind, Some(ResourceKind::Application));
    assert_eq!(web.path(), "shop/production/web");
    let domains = web.domains.iter();
    assert!(
        domains.clone().any(|it| it == "https://shop.example.com"),
        "{domains:?}"
    );
    assert_eq!(web.tags, None, "nobody asked for them");
    let stats = overview.resource(&stats).expect("the service");
    assert_eq!(
        stats.project.as_ref().map(|it| it.name.as_str()),
        Some("blog")
    );
    assert!(overview.unread.is_empty(), "{:?}", overview.unread);
    assert!(
        overview
            .to_string()
            .contains("shop/production/data (standalone-redis")
    );
    Ok(())
}

#[tokio::test]
async fn the_number_of_calls_grows_with_the_projects_only() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client();
    let projects = ["a", "b"].map(|name| fake.seed_project(name));
    for at in 0..40 {
        fake.seed_application(&projects[at % 2], &format!("app-{at}"));
    }
    let mut seen = fake.requests().len();
    let overview = coolify.overview().await?;
    assert_eq!(overview.resources.len(), 40);
    let calls = calls(&fake, &mut seen);
    assert_eq!(calls.len(), 4 + overview.projects.len(), "{calls:?}");
    Ok(())
}

#[tokio::test]
async fn tags_and_latest_deployments_are_read_on_request() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    let web = fake.seed_application(&shop, "web");
    let api = fake.seed_application(&shop, "api");
    let data = fake.seed_database(&shop, "redis", "data");
    let coolify = fake.client();
    coolify.application(web.as_str()).tags().add("beta").await?;
    coolify.database(data.as_str()).tags().add("beta").await?;
    let run = coolify.application(web.as_str()).deploy().await?;

    let overview = coolify.overview().await?;
    let latest = |overview: &Overview, uuid: &str| {
        let resource = overview.resource(uuid).expect("the resource");
        resource.latest_deployment.clone()
    };
    let unfinished = latest(&overview, &web).expect("it is queued or in progress");
    assert_eq!(unfinished.uuid, *run.uuid());
    run.wait().await?;
    assert_eq!(latest(&coolify.overview().await?, &web), None);

    let overview = coolify.overview().tags().latest_deployments().await?;
    let finished = latest(&overview, &web).expect("it was deployed");
    assert_eq!(finished.status, DeploymentStatus::Finished);
    assert_eq!(latest(&overview, &api), None);
    let mut tagged: Vec<_> = overview.tagged("Beta").map(|it| it.name.as_str()).collect();
    tagged.sort_unstable();
    assert_eq!(tagged, ["data", "web"]);
    let api = overview.resource(&api).expect("the application");
    assert_eq!(api.tags.as_deref(), Some(&[][..]));
    Ok(())
}

#[tokio::test]
async fn what_a_client_cannot_read_is_said() -> Result<()> {
    let fake = FakeCoolify::version("4.1.2").start().await;
    let shop = fake.seed_project("shop");
    let other = fake.seed_project("other");
    fake.seed_application(&shop, "web");
    fake.seed_application(&other, "foreign");
    let coolify = fake.client();

    let overview = coolify.overview().tags().await?;
    assert_eq!(overview.resources.len(), 2);
    let [tags] = &overview.unread[..] else {
        panic!("{:?}", overview.unread)
    };
    assert_eq!(tags.what, "tags");
    assert!(tags.reason.contains("4.2.0"), "{tags}");

    let bound = coolify.in_project(shop.as_str()).overview().await?;
    let names: Vec<_> = bound.resources.iter().map(OverviewResource::path).collect();
    assert_eq!(names, ["shop/production/web"]);
    assert_eq!(bound.projects.len(), 1);
    assert_eq!(bound.unread[0].what, "servers");

    fake.add_token("2|deployer", ["deploy"]);
    let deployer = coolify_sdk::Coolify::builder()
        .url(fake.url())
        .token("2|deployer")
        .build()?;
    let refused = deployer.overview().await.expect_err("it may read nothing");
    assert!(refused.missing_ability().is_some(), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_fails_is_no_gap_in_the_overview() {
    let fake = FakeCoolify::start().await;
    fake.seed_project("shop");
    let coolify = fake.client().with_retry(coolify_sdk::RetryPolicy::none());
    coolify.version().await.expect("a version");
    fake.fail_next(coolify_sdk::testing::Fault::status(500));
    let failed = coolify.overview().await.expect_err("one list is missing");
    assert_eq!(failed.status(), Some(500));
}

#[tokio::test]
async fn it_is_serialized_without_secrets() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    let data = fake.seed_database(&shop, "postgresql", "data");
    let coolify = fake.client();
    let database = coolify.database(data.as_str()).get().await?;
    let password = database.internal_db_url.expect("a URL with the password");
    let overview = coolify.overview().await?;
    let json = serde_json::to_string(&overview).expect("JSON");
    assert!(json.contains("\"name\":\"data\""), "{json}");
    assert!(!json.contains(password.expose()), "{json}");
    assert!(!format!("{overview:?}").contains(password.expose()));
    Ok(())
}
