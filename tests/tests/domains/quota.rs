//! How many applications a project may hold.

use std::time::Duration;

use coolify_sdk::limits::ApplicationQuota;
use coolify_sdk::resource::Volumes;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{EnvironmentRef, ErrorKind, Placement, Result};

#[tokio::test]
async fn the_applications_of_all_environments_are_counted_and_no_others() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let (shop, other) = (fake.seed_project("shop"), fake.seed_project("other"));
    let web = fake.seed_application(&shop, "web");
    fake.seed_database(&shop, "postgresql", "orders");
    fake.seed_application(&other, "web");
    let coolify = fake.client();
    let project = coolify.project(shop.as_str());
    let quota = ApplicationQuota::at_most(2);
    quota.require_room(&project, 1).await?;

    let staging = project.environments().create("staging").await?;
    let staging = EnvironmentRef::uuid(staging.uuid);
    let place = Placement::new(shop.as_str(), staging, fake.server_uuid());
    let applications = coolify.applications();
    let created = applications.create_docker_image(place, "nginx");
    created.ports_exposes(["80"]).await?;
    let error = quota.require_room(&project, 1).await.unwrap_err();
    assert!(error.is_quota_exceeded() && error.kind() == ErrorKind::QuotaExceeded);
    let usage = error.quota_use().expect("a count");
    assert_eq!((usage.used, usage.allowed), (2, Some(2)));
    let report = format!(
        "the project {shop} has 2 of 2 applications\n  hint: delete an application, or allow \
         more; a deleted application counts until it is gone"
    );
    assert_eq!(error.report().to_string(), report);
    quota.require_room(&project, 0).await?;

    // One that is bound to the project counts the same.
    let tenant = coolify.in_project(shop.as_str()).project(shop.as_str());
    assert_eq!(quota.used_in(&tenant).await?, usage);
    let stranger = coolify.in_project(other.as_str()).project(shop.as_str());
    assert!(
        quota
            .used_in(&stranger)
            .await
            .unwrap_err()
            .is_out_of_scope()
    );

    let deletion = coolify.application(web).delete(Volumes::Keep).await?;
    deletion.poll_every(Duration::from_millis(100)).await?;
    quota.require_room(&project, 1).await
}

#[tokio::test]
async fn too_many_already_is_too_many_for_a_smaller_tier() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    for name in ["web", "api", "blog"] {
        fake.seed_application(&shop, name);
    }
    let project = fake.client().project(shop);
    let smaller = ApplicationQuota::at_most(2);
    let error = smaller.require_room(&project, 0).await.unwrap_err();
    assert_eq!(error.quota_use().expect("a count").used, 3);
    ApplicationQuota::at_most(3).require_room(&project, 0).await
}

#[tokio::test]
async fn without_a_limit_nothing_is_asked() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let project = fake.client().project("nosuch");
    let any = ApplicationQuota::unlimited();
    any.require_room(&project, 1_000).await?;
    assert!(fake.requests().is_empty());
    let unknown = any.used_in(&project).await.unwrap_err();
    assert!(unknown.is_not_found());
    Ok(())
}
