//! Resources that disappear or are denied during an overview or an action.

use std::time::Duration;

use coolify_sdk::testing::{FakeCoolify, Fault};
use coolify_sdk::{Coolify, Pacing, ResourceKind, Result, RetryPolicy};
use serde_json::json;

/// A client without retries, so that each fault is seen.
fn client(fake: &FakeCoolify) -> Coolify {
    let builder = Coolify::builder().url(fake.url()).token(fake.token());
    let builder = builder.poll_every(Duration::from_millis(100));
    let builder = builder.pacing(Pacing::off()).retry(RetryPolicy::none());
    builder.build().expect("a client")
}

/// Starts a fake with applications of one project, which run.
async fn shop(applications: usize) -> (FakeCoolify, String, Vec<String>) {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let seed = |number| {
        let uuid = fake.seed_application(&project, &format!("web-{number}"));
        fake.set_application(&uuid, "status", "running:healthy");
        uuid
    };
    let uuids = (0..applications).map(seed).collect();
    (fake, project, uuids)
}

fn denied() -> Fault {
    Fault::status(403).json(json!({"message": "Missing required permissions: read"}))
}

fn gone(what: &str) -> Fault {
    Fault::status(404).json(json!({"message": format!("{what} not found.")}))
}

#[tokio::test]
async fn a_project_that_is_deleted_meanwhile_is_left_out() -> Result<()> {
    let (fake, project, uuids) = shop(1).await;
    fake.seed_project("blog");
    let environments = format!("/projects/{project}/environments");
    fake.fail_next(gone("Project").on("GET", environments));
    let overview = client(&fake).overview().await?;
    let names: Vec<_> = overview
        .projects
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["blog"]);
    assert!(overview.unread.is_empty(), "{:?}", overview.unread);
    let web = overview.resource(&uuids[0]).expect("it is listed");
    assert!(web.project.is_none() && web.environment.is_none());
    Ok(())
}

#[tokio::test]
async fn what_was_not_read_only_matters_to_what_needs_it() -> Result<()> {
    let (fake, project, _) = shop(1).await;
    let coolify = client(&fake);
    let of_project = format!("/projects/{project}/environments");
    for (path, what) in [
        ("/projects", "projects"),
        (&*of_project, "environments of shop"),
    ] {
        fake.fail_next(denied().on("GET", path));
        let overview = coolify.overview().await?;
        let [unread] = &overview.unread[..] else {
            panic!("{:?}", overview.unread);
        };
        assert_eq!(unread.what, what);
        let select = || coolify.select().among(overview.clone());
        for selection in [select().project("shop"), select().environment("production")] {
            let error = selection.stop().plan().await.expect_err("nobody knows");
            assert!(error.is_forbidden(), "{error:?}");
            assert!(error.to_string().contains(what), "{error}");
            assert!(error.hint().is_some_and(|it| it.contains("nobody knows")));
        }
        let all = select()
            .kind(ResourceKind::Application)
            .stop()
            .plan()
            .await?;
        assert_eq!(all.planned.len(), 1);
    }

    fake.fail_next(denied().on("GET", "/tags"));
    let overview = coolify.overview().tags().await?;
    let select = || coolify.select().among(overview.clone());
    let error = select().tag("beta").stop().plan().await;
    assert!(error.expect_err("nobody knows").is_forbidden());
    assert_eq!(
        select().project("shop").stop().plan().await?.planned.len(),
        1
    );

    fake.fail_next(denied().on("GET", "/servers"));
    let overview = coolify.overview().await?;
    assert_eq!(overview.unread[0].what, "servers");
    let plan = coolify.select().among(overview).all().stop().plan().await?;
    assert_eq!(plan.planned.len(), 1);
    Ok(())
}

#[tokio::test]
async fn latest_deployments_that_are_denied_are_noted_once() -> Result<()> {
    let (fake, _, uuids) = shop(3).await;
    let path = |at: usize| format!("/deployments/applications/{}", uuids[at]);
    fake.fail_next(gone("Application").on("GET", path(0)));
    fake.fail_next(denied().on("GET", path(1)));
    fake.fail_next(denied().on("GET", path(2)));
    let overview = client(&fake).overview().latest_deployments().await?;
    let unread: Vec<_> = overview.unread.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(unread, ["latest deployments"]);
    fake.fail_next(Fault::status(500).on("GET", path(1)));
    let failed = client(&fake).overview().latest_deployments().await;
    assert_eq!(failed.expect_err("it is not denied").status(), Some(500));
    Ok(())
}

#[tokio::test]
async fn tags_of_what_is_gone_are_not_read() -> Result<()> {
    let (fake, project, _) = shop(1).await;
    let data = fake.seed_database(&project, "redis", "data");
    let tags = format!("/databases/{data}/tags");
    fake.fail_next(gone("Database").on("GET", &*tags));
    let overview = client(&fake).overview().tags().await?;
    let gone = overview.resource(&data).expect("it was listed");
    assert_eq!(gone.tags, None);
    fake.fail_next(Fault::status(500).on("GET", &*tags));
    let failed = client(&fake).overview().tags().await;
    assert_eq!(failed.expect_err("a list is missing").status(), Some(500));
    Ok(())
}

#[tokio::test]
async fn what_may_have_been_done_counts_as_a_failure() -> Result<()> {
    let (fake, _, uuids) = shop(5).await;
    for uuid in &uuids[1..3] {
        fake.fail_next(Fault::lost_reply().on("POST", format!("/applications/{uuid}/stop")));
    }
    let stop = client(&fake).select().all().stop().at_once(1);
    let outcome = stop.stop_after_failures(2).await?;
    assert_eq!(
        (outcome.done.len(), outcome.unknown.len()),
        (1, 2),
        "{outcome}"
    );
    assert_eq!(outcome.not_tried.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_deployment_that_is_gone_has_failed_and_one_that_cannot_be_read_is_unknown() -> Result<()>
{
    for (fault, failed) in [(gone("Deployment"), 1), (denied(), 0)] {
        let (fake, ..) = shop(1).await;
        fake.fail_next(fault.on("GET", "/deployments/{uuid}"));
        let outcome = client(&fake).select().all().deploy().await?;
        assert_eq!(outcome.failed.len(), failed, "{outcome}");
        assert_eq!(outcome.unknown.len(), 1 - failed, "{outcome}");
        for unknown in outcome.unknown {
            assert!(unknown.deployment.is_some() && unknown.error.is_some());
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_variable_that_may_have_been_set_is_unknown() -> Result<()> {
    let (fake, _, uuids) = shop(2).await;
    let envs = format!("/applications/{}/envs/bulk", uuids[0]);
    fake.fail_next(Fault::lost_reply().on("PATCH", envs));
    let set = client(&fake).select().all().set_variable("MODE", "blue");
    let outcome = set.await?;
    assert_eq!(
        (outcome.done.len(), outcome.unknown.len()),
        (1, 1),
        "{outcome}"
    );
    assert_eq!(*outcome.unknown[0].resource.uuid.as_str(), *uuids[0]);
    Ok(())
}

#[tokio::test]
async fn what_is_not_found_may_be_in_what_was_not_read() -> Result<()> {
    let (fake, _, uuids) = shop(1).await;
    let coolify = client(&fake);
    fake.fail_next(denied().on("GET", "/servers"));
    let error = coolify.find("box").await.expect_err("nothing has the name");
    assert!(error.is_not_found(), "{error:?}");
    assert!(format!("{error:?}").contains("servers"), "{error:?}");
    // A resource that was found needs no further read.
    fake.fail_next(denied().on("GET", "/servers"));
    fake.fail_next(denied().on("GET", "/projects"));
    let found = coolify.find("web-0").await?;
    assert_eq!(*found.uuid.as_str(), *uuids[0]);
    fake.fail_next(Fault::status(500).on("GET", "/servers"));
    let failed = coolify.find("web-0").await.expect_err("a list is missing");
    assert_eq!(failed.status(), Some(500));
    Ok(())
}
