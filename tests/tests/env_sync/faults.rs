//! Applying that fails: nothing is sent twice, and the report is true.

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::envs::{BulkApplicationVariable, Envs, SyncReport};
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::testing::{FakeCoolify, Fault};
use coolify_sdk::{Coolify, Error, Result};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::json;

use super::names;

struct Stage {
    fake: FakeCoolify,
    app: String,
    envs: Envs<ApplicationHandle>,
}

impl Stage {
    /// Returns an application with `OLD` and `GONE`.
    async fn set() -> Result<Self> {
        let fake = FakeCoolify::start().await;
        let app = fake.seed_application(&fake.seed_project("shop"), "web");
        let envs = fake.client().application(app.as_str()).envs();
        envs.sync([("OLD", "1"), ("GONE", "1"), ("GONE_TOO", "1")])
            .await?;
        Ok(Self { fake, app, envs })
    }

    fn fail_bulk(&self, fault: Fault) {
        let path = format!("/applications/{}/envs/bulk", self.app);
        self.fake.fail_next(fault.on("PATCH", path));
    }

    /// Updates one variable, adds one and deletes two. Returns the error and the
    /// writes that were sent.
    async fn apply(&self) -> Result<(Error, Vec<String>)> {
        let sync = self.envs.sync([("OLD", "2"), ("NEW", "1")]).prune(true);
        let plan = sync.plan().await?;
        let before = self.fake.requests().len();
        let error = plan.apply().await.expect_err("something is in the way");
        let requests = self.fake.requests().split_off(before);
        let writes = requests.iter().filter(|request| request.method != "GET");
        Ok((error, writes.map(|r| r.method.clone()).collect()))
    }

    /// Checks that the next sync does exactly the rest.
    async fn goes_on(&self, left: &str) -> Result<()> {
        let sync = self.envs.sync([("OLD", "2"), ("NEW", "1")]).prune(true);
        let report = sync.await?;
        assert_eq!(report.to_string(), left);
        let production = self.envs.list().await?;
        let production = production
            .iter()
            .filter(|one| one.is_preview != Some(true) && one.is_buildpack_control != Some(true));
        let shown: Vec<_> = production
            .map(|one| {
                (
                    one.key.as_str(),
                    one.value.as_ref().map_or("", |v| v.expose()),
                )
            })
            .collect();
        assert_eq!(shown, [("OLD", "2"), ("NEW", "1")]);
        Ok(())
    }
}

fn report(error: &Error) -> &SyncReport {
    error.sync_report().expect("it says what was done")
}

#[tokio::test]
async fn a_lost_reply_is_looked_after() -> Result<()> {
    let stage = Stage::set().await?;
    stage.fail_bulk(Fault::lost_reply());
    let (error, writes) = stage.apply().await?;
    assert!(error.outcome_unknown());
    assert_eq!(writes, ["PATCH"]);
    let report = report(&error);
    assert_eq!(names(&report.created), ["NEW"]);
    assert_eq!(names(&report.updated), ["OLD"]);
    assert_eq!(
        names(&report.not_done),
        ["GONE (preview)", "GONE_TOO (preview)", "GONE", "GONE_TOO"]
    );
    assert!(report.unknown.is_empty());
    stage
        .goes_on("0 created, 0 updated, 4 deleted, 2 unchanged")
        .await
}

#[tokio::test]
async fn a_cut_connection_leaves_it_open() -> Result<()> {
    let stage = Stage::set().await?;
    stage.fail_bulk(Fault::cut());
    let (error, writes) = stage.apply().await?;
    assert_eq!(writes, ["PATCH"]);
    // The server may still be working.
    let report = report(&error);
    assert_eq!(names(&report.unknown), ["OLD", "NEW"]);
    assert_eq!(
        names(&report.not_done),
        ["GONE (preview)", "GONE_TOO (preview)", "GONE", "GONE_TOO"]
    );
    assert_eq!(
        report.to_string(),
        "0 created, 0 updated, 0 deleted, 0 unchanged; not done: GONE (preview), \
         GONE_TOO (preview), GONE, GONE_TOO; unknown: OLD, NEW"
    );
    stage
        .goes_on("1 created, 1 updated, 4 deleted, 0 unchanged")
        .await
}

#[tokio::test]
async fn a_refusal_half_way_tells_what_was_written() -> Result<()> {
    let stage = Stage::set().await?;
    let sync = stage.envs.sync([("OLD", "2"), ("NEW", "1")]).prune(true);
    let plan = sync.plan().await?;
    // Coolify writes the variables up to the one that it rejects.
    stage.envs.update("OLD", "2").await?;
    let before = stage.fake.requests().len();
    stage.fail_bulk(Fault::status(422));
    let error = plan.apply().await.expect_err("it is refused");
    assert!(error.is_validation());
    let report = report(&error);
    assert_eq!(names(&report.updated), ["OLD"]);
    assert_eq!(
        names(&report.not_done),
        [
            "NEW",
            "GONE (preview)",
            "GONE_TOO (preview)",
            "GONE",
            "GONE_TOO"
        ]
    );
    let sent: Vec<_> = stage.fake.requests().split_off(before);
    let sent: Vec<_> = sent.iter().map(|request| request.method.as_str()).collect();
    assert_eq!(sent, ["PATCH", "GET"]);
    stage
        .goes_on("1 created, 0 updated, 4 deleted, 1 unchanged")
        .await
}

#[tokio::test]
async fn a_token_that_may_not_write_has_done_nothing() -> Result<()> {
    let stage = Stage::set().await?;
    stage.fail_bulk(
        Fault::status(403).json(json!({"message": "Missing required permissions: write"})),
    );
    let before = stage.fake.requests().len();
    let (error, writes) = stage.apply().await?;
    assert_eq!(writes, ["PATCH"]);
    // Nothing has to be read back: one read for the plan, and the call.
    assert_eq!(stage.fake.requests().len() - before, 2);
    let not_done = names(&report(&error).not_done);
    assert_eq!(
        not_done,
        [
            "OLD",
            "NEW",
            "GONE (preview)",
            "GONE_TOO (preview)",
            "GONE",
            "GONE_TOO"
        ]
    );
    stage
        .goes_on("1 created, 1 updated, 4 deleted, 0 unchanged")
        .await
}

#[tokio::test]
async fn deleting_stops_at_the_first_failure() -> Result<()> {
    let stage = Stage::set().await?;
    let uuid = |key: &str, variables: &[coolify_sdk::envs::EnvironmentVariable]| {
        let one = variables.iter().find(|one| one.key == key);
        one.map(|one| one.uuid.to_string()).expect("it is there")
    };
    let gone = uuid("GONE", &stage.envs.list().await?);
    let path = format!("/applications/{}/envs/{gone}", stage.app);
    stage.fake.fail_next(Fault::lost_reply().on("DELETE", path));
    let (error, writes) = stage.apply().await?;
    assert_eq!(writes, ["PATCH", "DELETE", "DELETE", "DELETE"]);
    let report = report(&error);
    assert_eq!((report.created.len(), report.updated.len()), (1, 1));
    // The twins go first.
    assert_eq!(
        names(&report.deleted),
        ["GONE (preview)", "GONE_TOO (preview)", "GONE"]
    );
    assert_eq!(names(&report.not_done), ["GONE_TOO"]);
    stage
        .goes_on("0 created, 0 updated, 1 deleted, 2 unchanged")
        .await
}

#[tokio::test]
async fn what_somebody_else_deleted_is_deleted() -> Result<()> {
    let stage = Stage::set().await?;
    let sync = stage.envs.sync([("OLD", "1")]).prune(true);
    let plan = sync.plan().await?;
    for one in stage.envs.list().await? {
        if one.key == "GONE" {
            stage.envs.delete(one.uuid).await?;
        }
    }
    let report = plan.apply().await?;
    assert_eq!(
        names(&report.deleted),
        ["GONE (preview)", "GONE_TOO (preview)", "GONE", "GONE_TOO"]
    );
    Ok(())
}

#[tokio::test]
async fn shared_variables_stop_at_the_first_failure() -> Result<()> {
    let load = |name: &str| Recording::load(name);
    let mut empty = load("list-team-shared-envs.ok");
    empty.response.json = Some(json!([]));
    let mut created = load("create-team-shared-env.ok");
    created.request.body = Some(json!({"key": "SHARED_ONE", "value": "1"}));
    let mut failed = load("create-team-shared-env.duplicate");
    failed.request.body = Some(json!({"key": "SHARED_TWO", "value": "2"}));
    failed.response.status = 500;
    let replay = Replay::recordings(vec![
        empty,
        created,
        failed,
        load("list-team-shared-envs.ok"),
    ])
    .await;
    let team = replay.client().shared_variables(SharedScope::Team);
    let wanted = [
        ("SHARED_ONE", "1"),
        ("SHARED_TWO", "2"),
        ("SHARED_THREE", "3"),
    ];
    let error = team.sync(wanted).await.expect_err("the server fails");
    let report = report(&error);
    assert_eq!(names(&report.created), ["SHARED_ONE"]);
    assert_eq!(names(&report.unknown), ["SHARED_TWO"]);
    assert_eq!(names(&report.not_done), ["SHARED_THREE"]);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn what_is_coolifys_by_its_name_is_not_pruned() -> Result<()> {
    let stage = Stage::set().await?;
    let row = |uuid: &str, key: &str| json!({"uuid": uuid, "key": key, "value": "1"});
    let rows = json!([
        row("v1", "COOLIFY_FQDN"),
        row("v2", "OLD"),
        row("v3", "GONE")
    ]);
    let path = format!("/applications/{}/envs", stage.app);
    stage
        .fake
        .fail_next(Fault::status(200).json(rows).on("GET", path));
    let plan = stage.envs.sync([("OLD", "1")]).prune(true).plan().await?;
    assert_eq!(names(plan.spared()), ["COOLIFY_FQDN"]);
    assert_eq!(plan.delete().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_preview_is_not_deleted_for_a_variable_of_the_build_pack() -> Result<()> {
    let stage = Stage::set().await?;
    let rows = json!([
        {"uuid": "v1", "key": "A", "value": "1", "is_buildpack_control": true},
        {"uuid": "v2", "key": "A", "value": "1", "is_preview": true},
        {"uuid": "v3", "key": "OLD", "value": "1"},
    ]);
    let path = format!("/applications/{}/envs", stage.app);
    stage
        .fake
        .fail_next(Fault::status(200).json(rows).on("GET", path));
    let plan = stage.envs.sync([("OLD", "1")]).prune(true).plan().await?;
    assert!(plan.delete().is_empty(), "{plan}");
    Ok(())
}

#[tokio::test]
async fn of_a_value_that_cannot_be_read_nobody_knows_whether_it_was_written() -> Result<()> {
    let stage = Stage::set().await?;
    stage.fake.add_token("2|writer", ["read", "write"]);
    let builder = Coolify::builder().url(stage.fake.url()).token("2|writer");
    let envs = builder.build()?.application(stage.app.as_str()).envs();
    stage.fail_bulk(Fault::lost_reply());
    let sync = envs.sync([("OLD", "2")]).assume_changed(true);
    let error = sync.await.expect_err("the reply is lost");
    assert_eq!(names(&report(&error).unknown), ["OLD"]);
    assert!(report(&error).updated.is_empty());
    Ok(())
}

#[tokio::test]
async fn no_preview_shows_what_is_shown_once() -> Result<()> {
    let stage = Stage::set().await?;
    let rows = json!([
        {"uuid": "v1", "key": "T", "is_shown_once": true},
        {"uuid": "v2", "key": "T", "value": "1", "is_preview": true},
        {"uuid": "v3", "key": "T", "is_preview": true, "is_shown_once": true},
    ]);
    let path = format!("/applications/{}/envs", stage.app);
    stage
        .fake
        .fail_next(Fault::status(200).json(rows).on("GET", path));
    let plan = stage.envs.sync([("T", "1")]).plan().await?;
    let deleted: Vec<_> = plan.delete().iter().map(|it| it.name.to_string()).collect();
    assert_eq!(deleted, ["T (preview)"], "{plan}");
    Ok(())
}

#[tokio::test]
async fn what_is_shown_once_is_not_changed_without_its_value() -> Result<()> {
    let stage = Stage::set().await?;
    let once = BulkApplicationVariable::new("T").value("1");
    stage.envs.bulk([once.is_shown_once(true)]).await?;
    let literal = BulkApplicationVariable::new("T").is_literal(true);
    let error = stage.envs.sync([literal]).plan().await;
    let error = error.expect_err("its value would be wiped");
    assert!(error.is_invalid_request());
    assert!(error.hint().expect("a hint").contains("set the value too"));
    Ok(())
}
