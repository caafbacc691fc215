//! Finding something by its name, or creating it.

use coolify_sdk::testing::{FakeCoolify, Fault};
use coolify_sdk::{Result, RetryPolicy};
use futures_util::future::try_join_all;

use crate::calls;

#[tokio::test]
async fn it_is_created_once_and_found_afterwards() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client();
    let mut seen = 0;
    let first = coolify.projects().ensure("shop").await?;
    assert_eq!(calls(&fake, &mut seen), ["GET /projects", "POST /projects"]);
    let second = coolify.projects().ensure("shop").await?;
    assert_eq!(calls(&fake, &mut seen), ["GET /projects"]);
    assert_eq!(first.uuid(), second.uuid());
    let other = coolify.projects().ensure("Shop").await?;
    assert_ne!(first.uuid(), other.uuid(), "the case counts");
    let staging = first.environments().ensure("staging").await?;
    let again = first.environments().ensure("staging").await?;
    assert_eq!(staging.get().await?.uuid, again.get().await?.uuid);
    Ok(())
}

#[tokio::test]
async fn tasks_of_one_client_never_create_it_twice() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client();
    let tasks = (0..20).map(|_| coolify.clone().projects().ensure("shop"));
    let all = try_join_all(tasks).await?;
    assert!(all.iter().all(|it| it.uuid() == all[0].uuid()));
    let environments = all[0].environments();
    let tasks = (0..20).map(|_| environments.ensure("staging"));
    try_join_all(tasks).await?;
    let writes = calls(&fake, &mut 0)
        .into_iter()
        .filter(|it| it.starts_with("POST"));
    assert_eq!(writes.count(), 2);
    Ok(())
}

#[tokio::test]
async fn a_lost_reply_does_not_create_it_twice() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client().with_retry(RetryPolicy::none());
    coolify.version().await?;
    fake.fail_next(Fault::lost_reply().on("POST", "/projects"));
    let shop = coolify.projects().ensure("shop").await?;
    assert_eq!(shop.get().await?.name, "shop");
    let writes = calls(&fake, &mut 0)
        .into_iter()
        .filter(|it| it.starts_with("POST"));
    assert_eq!(writes.count(), 1);
    Ok(())
}

#[tokio::test]
async fn two_projects_of_a_name_are_ambiguous() {
    let fake = FakeCoolify::start().await;
    fake.seed_project("shop");
    fake.seed_project("shop");
    let coolify = fake.client();
    let several = coolify.projects().ensure("shop").await.expect_err("two");
    assert!(several.is_ambiguous(), "{several:?}");
    let found = coolify.projects().find("shop").await.expect_err("two");
    assert_eq!(found.matches().len(), 2);
}
