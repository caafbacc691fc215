//! Finding something by its name, or creating it.

use coolify_sdk::testing::{FakeCoolify, Fault};
use coolify_sdk::{Result, RetryPolicy};
use futures_util::future::try_join_all;
use serde_json::json;

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

#[tokio::test]
async fn what_another_program_creates_meanwhile_is_found() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let coolify = fake.client();
    let path = format!("/projects/{project}/environments");
    // It did not exist when it was looked for.
    fake.fail_next(Fault::status(200).json(json!([])).on("GET", path));
    let environments = coolify.project(project).environments();
    let found = environments.ensure("production").await?;
    let all = environments.list().await?;
    assert_eq!(all.len(), 1);
    assert_eq!(found.get().await?.uuid, all[0].uuid);
    Ok(())
}

#[tokio::test]
async fn a_refusal_is_returned_and_so_is_an_outcome_that_stays_unknown() {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client().with_retry(RetryPolicy::none());
    coolify.version().await.expect("a version");
    let mut seen = fake.requests().len();
    fake.fail_next(Fault::status(403).on("POST", "/projects"));
    let refused = coolify.projects().ensure("shop").await.expect_err("no");
    assert!(refused.is_forbidden(), "{refused:?}");
    assert_eq!(calls(&fake, &mut seen), ["GET /projects", "POST /projects"]);

    fake.fail_next(Fault::status(200).json(json!([])).on("GET", "/projects"));
    fake.fail_next(Fault::lost_reply().on("POST", "/projects"));
    fake.fail_next(Fault::status(500).on("GET", "/projects"));
    let unknown = coolify
        .projects()
        .ensure("shop")
        .await
        .expect_err("nobody knows");
    assert!(unknown.outcome_unknown(), "{unknown:?}");

    // It was not created, and nothing else is sent.
    fake.fail_next(Fault::cut().on("POST", "/projects"));
    let unknown = coolify
        .projects()
        .ensure("blog")
        .await
        .expect_err("nobody knows");
    assert!(unknown.outcome_unknown(), "{unknown:?}");
    let names = coolify.projects().list().await.expect("a list");
    let names: Vec<_> = names.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["shop"]);
}
