//! What is done, and what comes of it.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;

use super::{applications, client, nothing_is_lost, reads, writes};
use crate::bulk::{BulkResult, BulkStep, SkipReason};
use crate::testing::{FakeCoolify, Fault};
use crate::{Coolify, ErrorKind, ResourceKind};

#[tokio::test]
async fn deployments_are_watched_by_one_list_and_each_end_is_told() {
    let fake = FakeCoolify::start().await;
    let uuids = applications(&fake, 12);
    fake.fail_next_deployment(["no space left on device"]);
    let deploy = client(&fake).select().project("shop").deploy().at_once(12);
    let mut run = deploy.plan().await.unwrap().run();
    let mut ends = Vec::new();
    while let Some(event) = run.next().await {
        assert_eq!(event.progress.total(), 12);
        match event.step {
            BulkStep::Done => ends.push(event.resource.uuid.to_string()),
            BulkStep::Failed(message) => {
                assert!(message.ends_with("no space left on device"), "{message}");
                ends.push(event.resource.uuid.to_string());
            }
            _ => {}
        }
    }
    assert_eq!(ends.len(), 12);
    assert_eq!(run.progress().to_string(), "11 of 12 done, 1 failed");
    let outcome = run.into_outcome();
    nothing_is_lost(&outcome, &uuids);
    assert!(!outcome.is_success());
    let error = &outcome.failed[0].error;
    assert_eq!(error.kind(), ErrorKind::DeploymentFailed);
    assert!(error.failed_deployment().is_some());
    assert!(
        outcome
            .done
            .iter()
            .all(|it| matches!(it.result, BulkResult::Deployed(_)))
    );
    // The overview reads the list as well.
    let lists = reads(&fake, "/deployments") - 1;
    assert!(lists <= 6, "{lists} lists");
    let requests = fake.requests();
    let gets = requests
        .iter()
        .filter(|it| it.path.starts_with("/deployments/"));
    // Once each, and until the reason was logged.
    assert!(gets.count() <= 12 + 10);
    assert!(outcome.into_result().is_err());
}

#[tokio::test]
async fn no_more_than_some_are_worked_on_at_the_same_time() {
    let fake = FakeCoolify::start().await;
    let uuids = applications(&fake, 7);
    let deploy = client(&fake).select().all().deploy().at_once(2);
    let mut run = deploy.plan().await.unwrap().run();
    while let Some(event) = run.next().await {
        assert!(event.progress.running <= 2, "{event:?}");
    }
    let outcome = run.into_outcome();
    nothing_is_lost(&outcome, &uuids);
    assert!(outcome.is_success());
}

#[tokio::test]
async fn it_stops_after_the_failures() {
    let fake = FakeCoolify::start().await;
    let uuids = applications(&fake, 6);
    for uuid in &uuids[1..3] {
        fake.fail_next(Fault::status(403).on("POST", format!("/applications/{uuid}/stop")));
    }
    let stop = client(&fake).select().all().stop().at_once(1);
    let outcome = stop.stop_after_failures(2).await.unwrap();
    nothing_is_lost(&outcome, &uuids);
    assert_eq!((outcome.done.len(), outcome.failed.len()), (1, 2));
    assert_eq!(outcome.not_tried.len(), 3);
    assert_eq!(writes(&fake), 3);
    let told = outcome.to_string();
    assert!(told.ends_with("1 done, 2 failed, 3 not tried"), "{told}");
}

#[tokio::test]
async fn a_fault_of_one_is_of_one() {
    let fake = FakeCoolify::start().await;
    let uuids = applications(&fake, 5);
    let path = |number: usize| format!("/applications/{}/stop", uuids[number]);
    fake.fail_next(Fault::status(500).on("POST", path(0)));
    fake.fail_next(Fault::lost_reply().on("POST", path(1)));
    fake.fail_next(Fault::status(404).on("POST", path(2)));
    let outcome = client(&fake).select().all().stop().await.unwrap();
    nothing_is_lost(&outcome, &uuids);
    assert_eq!(outcome.done.len(), 2);
    let unknown: Vec<_> = outcome
        .unknown
        .iter()
        .map(|it| it.resource.uuid.as_str())
        .collect();
    assert!(unknown.contains(&uuids[1].as_str()), "{outcome}");
    assert!(
        outcome
            .unknown
            .iter()
            .all(|it| it.error.is_some() && it.deployment.is_none())
    );
    let failed: Vec<_> = outcome
        .failed
        .iter()
        .map(|it| it.resource.uuid.as_str())
        .collect();
    assert!(failed.contains(&uuids[2].as_str()), "{outcome}");
    assert_eq!(writes(&fake), 5, "nothing is sent twice");
    let json = serde_json::to_value(&outcome).unwrap();
    assert!(json["failed"][0]["error"].is_string(), "{json}");
}

#[tokio::test]
async fn the_rate_limit_is_waited_for() {
    let fake = FakeCoolify::start().await;
    let uuids = applications(&fake, 3);
    let refused = Fault::status(429).json(json!({"message": "Too Many Attempts."}));
    let refused = refused.retry_after(Duration::from_secs(1));
    fake.fail_next(refused.on("POST", format!("/applications/{}/stop", uuids[1])));
    let coolify = Coolify::builder().url(fake.url()).token(fake.token());
    let coolify = coolify.build().unwrap();
    let outcome = coolify.select().all().stop().await.unwrap();
    assert!(outcome.is_success(), "{outcome}");
    assert_eq!((outcome.done.len(), writes(&fake)), (3, 4));
}

#[tokio::test]
async fn a_full_queue_is_waited_for_and_nothing_is_deployed_twice() {
    let fake = FakeCoolify::builder()
        .deployment_queue_limit(1)
        .start()
        .await;
    let uuids = applications(&fake, 4);
    let mut run = client(&fake)
        .select()
        .all()
        .deploy()
        .plan()
        .await
        .unwrap()
        .run();
    let mut full = 0;
    while let Some(event) = run.next().await {
        full += usize::from(event.step == BulkStep::QueueFull);
    }
    let outcome = run.into_outcome();
    nothing_is_lost(&outcome, &uuids);
    assert!(outcome.is_success(), "{outcome}");
    assert!(full > 0, "the queue was full");
    // One is refused each time, not all that wait.
    assert!(
        writes(&fake) <= 4 + 2 * full,
        "{} for {full}",
        writes(&fake)
    );
    assert_eq!(fake.state()["deployments"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn left_in_the_middle_it_says_what_is_known() {
    let fake = FakeCoolify::builder().deploy_looks(u32::MAX).start().await;
    let uuids = applications(&fake, 8);
    let deploy = client(&fake).select().all().deploy().at_once(3);
    let mut run = deploy.plan().await.unwrap().run();
    // Until three deployments have begun.
    let mut begun = HashSet::new();
    while begun.len() < 3 {
        let event = run.next().await.unwrap();
        if let BulkStep::Deployment(_) = event.step {
            begun.insert(event.resource.uuid.to_string());
        }
    }
    let outcome = run.into_outcome();
    nothing_is_lost(&outcome, &uuids);
    assert_eq!((outcome.unknown.len(), outcome.not_tried.len()), (3, 5));
    for one in &outcome.unknown {
        let deployment = one.deployment.clone().unwrap();
        assert!(begun.contains(one.resource.uuid.as_str()));
        client(&fake).deployment(deployment).cancel().await.unwrap();
    }
    assert_eq!(fake.state()["deployments"].as_array().unwrap().len(), 3);

    // Before the first reply, nobody knows; and what was not awaited was not sent.
    let slow = format!("/applications/{}/stop", uuids[0]);
    fake.fail_next(Fault::slow(Duration::from_secs(30)).on("POST", slow));
    let stop = client(&fake)
        .select()
        .filter(|it| it.name == "web-00")
        .stop();
    let mut run = stop.plan().await.unwrap().run();
    assert_eq!(run.next().await.unwrap().step, BulkStep::Begun);
    let rest = tokio::time::timeout(Duration::from_millis(200), run.next()).await;
    assert!(rest.is_err());
    let outcome = run.into_outcome();
    assert_eq!((outcome.unknown.len(), outcome.not_tried.len()), (1, 0));
    assert!(outcome.unknown[0].error.is_none());
    let run = client(&fake)
        .select()
        .all()
        .restart()
        .plan()
        .await
        .unwrap()
        .run();
    let outcome = run.into_outcome();
    // The slow one was stopped nevertheless.
    assert_eq!((outcome.not_tried.len(), outcome.skipped.len()), (7, 1));
}

#[tokio::test]
async fn what_is_not_followed_is_done_when_it_is_queued() {
    let fake = FakeCoolify::builder().deploy_looks(u32::MAX).start().await;
    let uuids = applications(&fake, 3);
    let deploy = client(&fake)
        .select()
        .all()
        .deploy()
        .force()
        .without_following();
    let outcome = deploy.await.unwrap();
    nothing_is_lost(&outcome, &uuids);
    assert!(outcome.is_success());
    assert!(
        outcome
            .done
            .iter()
            .all(|it| matches!(it.result, BulkResult::Queued(_)))
    );
    let state = fake.state();
    let forced = state["deployments"].as_array().unwrap().iter();
    assert!(
        forced.into_iter().all(|it| it["force_rebuild"] == true),
        "{state}"
    );
}

#[tokio::test]
async fn a_deployment_that_takes_too_long_is_unknown() {
    let fake = FakeCoolify::builder().deploy_looks(u32::MAX).start().await;
    applications(&fake, 2);
    let deploy = client(&fake).select().all().deploy();
    let outcome = deploy.max_wait(Duration::from_millis(300)).await.unwrap();
    assert_eq!(outcome.unknown.len(), 2, "{outcome}");
    for one in &outcome.unknown {
        assert_eq!(one.error.as_ref().unwrap().kind(), ErrorKind::WaitExpired);
        assert!(one.deployment.is_some());
    }
}

#[tokio::test]
async fn kinds_are_started_restarted_and_stopped_by_their_own_calls() {
    let fake = FakeCoolify::builder().job_lag(0).start().await;
    let mut uuids = applications(&fake, 1);
    let project = fake.state()["projects"][0]["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    uuids.push(fake.seed_database(&project, "postgresql", "main"));
    let file = "services:\n  web:\n    image: nginx\n";
    uuids.push(fake.seed_service(&project, "tools", file));
    fake.set_application(&uuids[0], "status", "exited:unhealthy");
    let coolify = client(&fake);
    for action in ["start", "restart", "stop"] {
        let all = coolify.select().all();
        let outcome = match action {
            "start" => all.start(),
            "restart" => all.restart(),
            _ => all.stop(),
        };
        let outcome = outcome.await.unwrap();
        assert!(outcome.is_success(), "{action}: {outcome}");
        nothing_is_lost(&outcome, &uuids);
        assert_eq!(outcome.done.len(), 3, "{action}: {outcome:?}");
    }
    let cleaning = fake.requests();
    let cleaning = cleaning.iter().filter(|it| it.path.ends_with("/stop"));
    assert_eq!(
        cleaning
            .filter(|it| format!("{it:?}").contains("docker_cleanup"))
            .count(),
        3
    );

    // What was stopped between plan and run is as desired.
    let plan = coolify
        .select()
        .kind(ResourceKind::Database)
        .start()
        .plan()
        .await
        .unwrap();
    coolify
        .database(uuids[1].as_str())
        .start()
        .and_wait()
        .await
        .unwrap();
    let outcome = plan.run().wait().await;
    assert_eq!(outcome.done[0].result, BulkResult::Unchanged, "{outcome:?}");
}

#[tokio::test]
async fn a_variable_is_set_where_it_differs_and_is_not_shown() {
    let fake = FakeCoolify::start().await;
    let mut uuids = applications(&fake, 3);
    let project = fake.state()["projects"][0]["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    uuids.push(fake.seed_database(&project, "postgresql", "main"));
    let coolify = client(&fake);
    let envs = |number: usize| coolify.application(uuids[number].as_str()).envs();
    envs(0).create("API_KEY", "hunter2").await.unwrap();
    envs(1)
        .create("API_KEY", "old")
        .is_literal(true)
        .await
        .unwrap();
    let set = coolify
        .select()
        .project("shop")
        .set_variable("API_KEY", "hunter2");
    assert!(!format!("{set:?}").contains("hunter2"));
    let plan = set.plan().await.unwrap();
    let shown = format!("{plan}{plan:?}{}", serde_json::to_string(&plan).unwrap());
    assert!(
        shown.contains("API_KEY") && !shown.contains("hunter2"),
        "{shown}"
    );
    let outcome = plan.run().await;
    nothing_is_lost(&outcome, &uuids);
    assert!(outcome.is_success(), "{outcome}");
    let of = |uuid: &str| {
        let mut done = outcome.done.iter();
        done.find(|it| it.resource.uuid == *uuid)
            .map(|it| it.result.clone())
    };
    assert_eq!(of(&uuids[0]), Some(BulkResult::Unchanged));
    assert_eq!(of(&uuids[1]), Some(BulkResult::Accepted(None)));
    let written = envs(1).list().await.unwrap();
    let written: Vec<_> = written
        .iter()
        .filter(|it| it.key == "API_KEY" && it.is_preview != Some(true))
        .collect();
    assert_eq!(written.len(), 1);
    assert_eq!(written[0].value.as_ref().unwrap().expose(), "hunter2");
    assert_eq!(written[0].is_literal, Some(true), "flags are kept");
}

#[tokio::test]
async fn resources_are_moved_to_an_environment_by_its_path() {
    let fake = FakeCoolify::start().await;
    let uuids = applications(&fake, 3);
    let coolify = client(&fake);
    let blog = fake.seed_project("blog");
    coolify
        .project(blog.as_str())
        .environments()
        .create("staging")
        .await
        .unwrap();
    let moving = coolify.select().project("shop").move_to("blog/staging");
    let plan = moving.plan().await.unwrap();
    assert!(
        plan.to_string()
            .starts_with("move to blog/staging shop/production/web-00")
    );
    let outcome = plan.run().await;
    nothing_is_lost(&outcome, &uuids);
    assert!(outcome.is_success(), "{outcome}");
    let again = coolify.select().project("blog").move_to("blog/staging");
    let outcome = again.await.unwrap();
    let there = |it: &crate::bulk::BulkSkipped| it.reason == SkipReason::AlreadyThere;
    assert!(
        outcome.skipped.len() == 3 && outcome.skipped.iter().all(there),
        "{outcome:?}"
    );
    let before = writes(&fake);
    let error = coolify
        .select()
        .all()
        .move_to("blog/stagin")
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.suggestions(), ["blog/staging"]);
    assert_eq!(writes(&fake), before);
}

#[tokio::test]
async fn a_client_of_one_project_reaches_no_other() {
    let fake = FakeCoolify::start().await;
    let own = applications(&fake, 3);
    let other = fake.seed_project("other");
    let foreign = fake.seed_application(&other, "foreign");
    fake.set_application(&foreign, "status", "running:healthy");
    let project = fake.state()["projects"][0]["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    let tenant = client(&fake).in_project(project);
    let outcome = tenant.select().all().stop().await.unwrap();
    nothing_is_lost(&outcome, &own);
    assert_eq!(outcome.done.len(), 3, "{outcome}");
    let deployed = tenant
        .select()
        .kind(ResourceKind::Application)
        .deploy()
        .await
        .unwrap();
    nothing_is_lost(&deployed, &own);
    assert!(deployed.is_success(), "{deployed}");
    let requests = fake.requests();
    assert!(!requests.iter().any(|it| it.path.contains(&foreign)));
    let error = tenant.select().project("other").stop().await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    // A plan of another client does not help.
    let plan = client(&fake)
        .select()
        .project("other")
        .stop()
        .plan()
        .await
        .unwrap();
    let mut own_plan = tenant.select().all().start().plan().await.unwrap();
    own_plan.planned = plan.planned;
    let outcome = own_plan.run().await;
    assert!(outcome.failed[0].error.is_out_of_scope(), "{outcome:?}");
}
