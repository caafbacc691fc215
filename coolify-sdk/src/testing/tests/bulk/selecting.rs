//! What is selected and planned.

use std::collections::HashSet;

use super::{applications, client, writes};
use crate::ResourceKind;
use crate::bulk::{BulkResult, SkipReason};
use crate::testing::{FakeCoolify, Fault};

#[tokio::test]
async fn conditions_of_a_sort_are_alternatives_and_others_add_up() {
    let fake = FakeCoolify::start().await;
    let (shop, blog) = (fake.seed_project("shop"), fake.seed_project("blog"));
    let [web, api] = ["web", "api"].map(|name| fake.seed_application(&shop, name));
    let post = fake.seed_application(&blog, "post");
    let main = fake.seed_database(&shop, "postgresql", "main");
    let coolify = client(&fake);
    for uuid in [&web, &post] {
        let tags = coolify.application(uuid.as_str()).tags();
        tags.add("Front").await.unwrap();
    }
    let select = || coolify.select();
    let server = fake.server_uuid();
    for (selection, wanted) in [
        (select().project("shop"), vec![&web, &api, &main]),
        (
            select().project(&shop).project("blog"),
            vec![&web, &api, &main, &post],
        ),
        (select().project("shop").tag("front"), vec![&web]),
        (select().tag("FRONT"), vec![&web, &post]),
        (select().kind(ResourceKind::Database), vec![&main]),
        (
            select().environment("production").project("blog"),
            vec![&post],
        ),
        (select().server(server), vec![&web, &api, &main, &post]),
        (select().filter(|it| it.name.len() == 3), vec![&web, &api]),
        (select().all(), vec![&web, &api, &main, &post]),
        (select().filter(|_| false), vec![]),
    ] {
        let debug = format!("{selection:?}");
        let selected = selection.resources().await.unwrap();
        let selected: HashSet<_> = selected.iter().map(|it| it.uuid.as_str()).collect();
        let wanted: HashSet<_> = wanted.into_iter().map(String::as_str).collect();
        assert_eq!(selected, wanted, "{debug}");
    }
    assert_eq!(writes(&fake), 2, "only the tags were written");
}

#[tokio::test]
async fn a_typing_error_selects_nothing_and_says_so() {
    let fake = FakeCoolify::start().await;
    applications(&fake, 1);
    let coolify = client(&fake);
    let select = || coolify.select();
    for (selection, nearest) in [
        (select().project("shpo"), Some("shop")),
        (select().environment("prodction"), Some("production")),
        (select().server("nowhere-at-all-12345"), None),
    ] {
        let error = selection.stop().plan().await.unwrap_err();
        assert!(error.is_not_found(), "{error:?}");
        assert_eq!(error.suggestions().first().map(String::as_str), nearest);
    }
    let error = select().tag("web").stop().await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    let overview = coolify.overview().await.unwrap();
    let error = select()
        .among(overview)
        .tag("web")
        .stop()
        .await
        .unwrap_err();
    assert!(error.hint().unwrap().contains("tags()"), "{error:?}");

    let sent = fake.requests().len();
    let error = select().stop().await.unwrap_err();
    assert!(error.is_invalid_request() && error.hint().unwrap().contains("all()"));
    let error = select()
        .all()
        .set_variable("not a key", "x")
        .await
        .unwrap_err();
    assert!(error.is_invalid_request());
    assert_eq!(fake.requests().len(), sent, "nothing was sent");
    assert_eq!(writes(&fake), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_not_taken_for_nothing() {
    let fake = FakeCoolify::start().await;
    applications(&fake, 2);
    fake.fail_next(Fault::status(403).on("GET", "/resources"));
    let error = client(&fake).select().all().stop().await.unwrap_err();
    assert!(error.is_forbidden(), "{error:?}");
    assert!(error.to_string().contains("resources"));
    assert_eq!(writes(&fake), 0);
}

#[tokio::test]
async fn a_plan_says_what_is_done_and_what_is_left_out() {
    let fake = FakeCoolify::start().await;
    let uuids = applications(&fake, 2);
    fake.set_application(&uuids[1], "status", "exited:unhealthy");
    let project = fake.state()["projects"][0]["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    let database = fake.seed_database(&project, "redis", "cache");
    let coolify = client(&fake);
    let select = || coolify.select().project("shop");
    let plan = select().deploy().plan().await.unwrap();
    assert_eq!(
        plan.to_string(),
        "deploy shop/production/web-00 (running:healthy)\n\
         deploy shop/production/web-01 (exited:unhealthy)\n\
         skip shop/production/cache: only applications are deployed\n\
         2 planned, 1 skipped"
    );
    let skipped = |plan: crate::bulk::BulkPlan| {
        let skipped = plan.skipped.into_iter();
        skipped
            .map(|it| (it.resource.uuid.to_string(), it.reason))
            .collect::<Vec<_>>()
    };
    let stopped = [
        (database.clone(), SkipReason::Stopped),
        (uuids[1].clone(), SkipReason::Stopped),
    ];
    assert_eq!(skipped(select().stop().plan().await.unwrap()), stopped);
    assert_eq!(skipped(select().restart().plan().await.unwrap()), stopped);
    let running = [(uuids[0].clone(), SkipReason::Running)];
    assert_eq!(skipped(select().start().plan().await.unwrap()), running);
    assert_eq!(writes(&fake), 0, "a plan changes nothing");

    // The plan can be changed before it runs.
    let mut plan = select().start().plan().await.unwrap();
    plan.planned.retain(|it| it.uuid == *database);
    let outcome = plan.run().await;
    assert_eq!((outcome.done.len(), writes(&fake)), (1, 1));
    assert!(matches!(
        &outcome.done[0].result,
        BulkResult::Accepted(Some(_))
    ));
}
