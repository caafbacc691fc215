//! Calls without `async`, outside of a runtime and inside.

use std::panic::catch_unwind;
use std::thread;
use std::time::Duration;

use coolify_sdk::blocking::{Block, BlockStream};
use coolify_sdk::deployments::{ResourceRun, Rollout};
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{Coolify, Result, RetryPolicy};

fn fake() -> FakeCoolify {
    FakeCoolify::start().block()
}

#[test]
fn a_program_without_a_runtime_calls_builds_and_streams() -> Result<()> {
    let fake = fake();
    let shop = fake.seed_project("shop");
    let web = fake.seed_application(&shop, "web");
    let coolify = fake.client();
    let projects = coolify.projects().list().block()?;
    assert_eq!(projects[0].name, "shop");
    let web = coolify.application(web);
    web.update().name("store").block()?;
    assert_eq!(web.get().block()?.name, "store");

    let run = web.deploy().block()?;
    let events = run.events().block_iter().collect::<Result<Vec<_>>>()?;
    assert!(!events.is_empty());
    let finished = web.deployments().stream().block_iter().next();
    assert_eq!(
        finished.expect("a deployment")?.deployment_uuid,
        *run.uuid()
    );

    // A future that borrows.
    let rollout: Rollout = [ResourceRun::new(web.uuid().clone(), run)]
        .into_iter()
        .collect();
    assert!(rollout.wait().block().is_success());
    Ok(())
}

#[test]
fn many_threads_share_a_client() {
    let fake = fake();
    let coolify = fake.client();
    thread::scope(|scope| {
        let calls: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| coolify.projects().list().block()))
            .collect();
        for call in calls {
            call.join().expect("no panic").expect("a list");
        }
    });
}

/// A connection that is open already belongs to the runtime that `block` blocks.
async fn mixed(fake: &FakeCoolify, coolify: &Coolify) -> Result<()> {
    // A call on such a connection would only end by its timeout.
    let coolify = coolify.with_timeout(Duration::from_secs(10));
    let coolify = coolify.with_retry(RetryPolicy::none());
    for _ in 0..3 {
        coolify.projects().list().await?;
        coolify.projects().list().block()?;
        coolify.projects().create("shop").block()?;
    }
    assert_eq!(
        fake.requests()
            .iter()
            .filter(|it| it.method == "POST")
            .count(),
        3
    );
    Ok(())
}

#[tokio::test(flavor = "current_thread")]
async fn it_works_within_a_runtime_of_one_thread() -> Result<()> {
    let fake = FakeCoolify::start().await;
    mixed(&fake, &fake.client()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn and_within_one_of_many() -> Result<()> {
    let fake = FakeCoolify::start().await;
    mixed(&fake, &fake.client()).await
}

/// A task that a blocking call starts runs in the runtime of that call.
#[tokio::test(flavor = "current_thread")]
async fn a_task_of_a_blocking_call_uses_no_connection_of_the_blocked_runtime() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client().with_timeout(Duration::from_secs(10));
    let coolify = coolify.with_retry(RetryPolicy::none());
    coolify.projects().list().await?;
    for _ in 0..2 {
        let call = coolify.projects().list();
        let task = async move { tokio::spawn(call).await.expect("no panic") };
        task.block()?;
    }
    Ok(())
}

#[test]
fn a_panic_reaches_the_caller() {
    let panic = catch_unwind(|| async { panic!("a bug of the program") }.block());
    let panic = panic.expect_err("it panics");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"a bug of the program"));
    assert_eq!(async { 7 }.block(), 7, "the next call works");
}
