//! Actions on many resources.

use std::collections::HashSet;

use coolify_sdk::bulk::{BulkOutcome, BulkResult, SkipReason};
use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};

use crate::make;

/// Checks that the outcome contains each of these resources exactly once.
fn nothing_is_lost(outcome: &BulkOutcome, uuids: &[&str]) {
    let done = outcome.done.iter().map(|it| &it.resource);
    let failed = outcome.failed.iter().map(|it| &it.resource);
    let unknown = outcome.unknown.iter().map(|it| &it.resource);
    let skipped = outcome.skipped.iter().map(|it| &it.resource);
    let all = done.chain(failed).chain(unknown).chain(skipped);
    let all: Vec<_> = all
        .chain(&outcome.not_tried)
        .map(|it| it.uuid.as_str())
        .collect();
    assert_eq!(all.len(), uuids.len(), "{outcome:?}");
    let all: HashSet<_> = all.into_iter().collect();
    assert_eq!(all, uuids.iter().copied().collect(), "{outcome:?}");
}

#[live_test(ability = "write")]
async fn many_resources_get_a_variable_and_are_moved(live: Live) -> Outcome {
    let (application, database, service) = (
        make::application(&live).await?,
        make::database(&live).await?,
        make::service(&live).await?,
    );
    let uuids = [
        application.uuid().as_str(),
        database.uuid().as_str(),
        service.uuid().as_str(),
    ];
    let project = live.project().await?;
    let select = || live.coolify().select().project(project.uuid().as_str());
    let set = || select().set_variable("SDK_LIVE_BULK", "on");
    let outcome = set().await?;
    nothing_is_lost(&outcome, &uuids);
    assert!(outcome.is_success(), "{outcome}");
    let is_set = application.envs().list().await?;
    let is_set = is_set.iter().any(|it| it.key == "SDK_LIVE_BULK");
    assert!(is_set);

    // Nothing runs, so there is nothing to stop, and nothing is changed by a plan.
    let plan = select().stop().plan().await?;
    let stopped = plan
        .skipped
        .iter()
        .filter(|it| it.reason == SkipReason::Stopped);
    assert_eq!(stopped.count() + plan.planned.len(), 3, "{plan}");

    if live.has("4.2.0") {
        let name = live.name("bulk");
        let environments = project.environments();
        let environment = environments.create(name.as_str()).await?;
        let outcome = select().move_to(environment.uuid.as_str()).await?;
        nothing_is_lost(&outcome, &uuids);
        assert!(outcome.is_success(), "{outcome}");
        let again = select().move_to(environment.uuid.as_str()).await?;
        let there = again
            .skipped
            .iter()
            .filter(|it| it.reason == SkipReason::AlreadyThere);
        assert_eq!(there.count(), 3, "{again}");
    }
    Ok(())
}

#[live_test(ability = "write", ability = "deploy", server)]
async fn many_applications_are_deployed_and_stopped(live: Live) -> Outcome {
    let mut uuids = Vec::new();
    for _ in 0..3 {
        uuids.push(make::application(&live).await?.uuid().to_string());
    }
    let uuids: Vec<_> = uuids.iter().map(String::as_str).collect();
    let project = live.project().await?;
    let select = || live.coolify().select().project(project.uuid().as_str());
    let outcome = select().deploy().await?;
    nothing_is_lost(&outcome, &uuids);
    if let Some(failed) = outcome.failed.first() {
        return Err(Stop::skip(format!(
            "the server could not deploy: {}",
            failed.error
        )));
    }
    assert!(outcome.is_success(), "{outcome}");
    let deployed = |it: &BulkResult| matches!(it, BulkResult::Deployed(_));
    assert!(
        outcome.done.iter().all(|it| deployed(&it.result)),
        "{outcome:?}"
    );
    let stopped = select().stop().await?;
    nothing_is_lost(&stopped, &uuids);
    assert!(stopped.is_success(), "{stopped}");
    Ok(())
}
