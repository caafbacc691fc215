//! On recordings of the newest Coolify.

use coolify_sdk::envs::{BulkApplicationVariable, BulkVariable};
use coolify_sdk::operations::Ability;
use coolify_sdk::shared_variables::{DesiredSharedVariable, SharedScope, SharedVariables};
use coolify_sdk::{Coolify, Result};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::{Value, json};

use super::{changes, names};

const WEB: &str = "khzsv5nucvscskrm5gez3p8v";
const DATABASE: &str = "anr20uftvinwcdu7cxugbatx";
const SERVER: &str = "ndfqlt8mg8zla6bo50nyqhg8";
const PROJECT: &str = "gwgmpnq6u26xpsihsouontfu";

fn load(name: &str) -> Recording {
    Recording::load(name)
}

/// Returns a recording whose request has this body instead.
fn with_body(name: &str, body: Value) -> Recording {
    let mut recording = load(name);
    recording.request.body = Some(body);
    recording
}

fn three() -> [BulkApplicationVariable; 3] {
    [
        BulkApplicationVariable::new("BULK_A")
            .value("1")
            .is_multiline(false),
        BulkApplicationVariable::new("BULK_B")
            .value("2")
            .is_buildtime(true),
        ("DATABASE_URL", "bulk").into(),
    ]
}

#[tokio::test]
async fn what_is_missing_goes_in_one_call() -> Result<()> {
    let replay = Replay::of(&[
        "list-envs-by-application-uuid.empty",
        "update-envs-by-application-uuid.ok",
    ])
    .await;
    let report = replay
        .client()
        .application(WEB)
        .envs()
        .sync(three())
        .await?;
    assert_eq!(names(&report.created), ["BULK_A", "BULK_B", "DATABASE_URL"]);
    assert!(report.is_complete() && report.updated.is_empty());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn what_is_so_already_is_not_written() -> Result<()> {
    let replay = Replay::of(&["list-envs-by-application-uuid.ok"]).await;
    let envs = replay.client().application(WEB).envs();
    let report = envs.sync(three()).await?;
    assert_eq!(report.unchanged.len(), 3);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_plan_tells_everything_but_values() -> Result<()> {
    let replay = Replay::of(&["list-envs-by-application-uuid.ok"]).await;
    let envs = replay.client().application(WEB).envs();
    let plan = envs
        .sync([
            ("DATABASE_URL", "postgres://new"),
            ("SECRET", "another"),
            ("MULTI", " a\nb\n"),
            ("NOVALUE", ""),
            ("BULK_A", "1"),
            ("NEW", "new-value"),
        ])
        .prune(true)
        .plan()
        .await?;
    assert_eq!(
        plan.to_string(),
        "\
+ NEW
~ DATABASE_URL: value
~ SECRET (preview): is_shown_once = true
- BUILD_ONLY (preview)
- BULK_B (preview)
- BULK_C (preview)
- BUILD_ONLY
- BULK_B
- BULK_C
  kept for Coolify: NIXPACKS_NODE_VERSION
  shown once, not compared: SECRET
1 to create, 2 to update, 6 to delete, 4 unchanged"
    );
    assert_eq!(names(plan.not_compared()), ["SECRET"]);
    for secret in ["postgres", "another", "new-value"] {
        assert!(!format!("{plan} {plan:?}").contains(secret));
    }
    replay.check();
    Ok(())
}

#[tokio::test]
async fn an_update_repeats_the_flags_that_stay() -> Result<()> {
    let replay = Replay::recordings(vec![
        load("list-envs-by-application-uuid.ok"),
        with_body(
            "update-envs-by-application-uuid.ok",
            json!({"data": [
                {
                    "key": "DATABASE_URL", "value": "previews-have-their-own", "is_preview": true,
                    "is_buildtime": true, "is_literal": true, "is_multiline": false,
                    "is_runtime": true, "is_shown_once": false,
                },
                {
                    "key": "BUILD_ONLY", "value": "2",
                    "is_buildtime": true, "is_literal": false, "is_multiline": false,
                    "is_runtime": false, "is_shown_once": false,
                },
                {
                    "key": "MULTI", "value": "a\nb",
                    "is_buildtime": true, "is_literal": true, "is_multiline": true,
                    "is_runtime": true, "is_shown_once": false,
                },
            ]}),
        ),
    ])
    .await;
    let envs = replay.client().application(WEB).envs();
    let plan = envs
        .sync([
            ("BUILD_ONLY", "2").into(),
            // Sets no value, so the current one is sent.
            BulkApplicationVariable::new("MULTI").is_literal(true),
            BulkApplicationVariable::new("DATABASE_URL")
                .value("previews-have-their-own")
                .is_preview(true),
        ])
        .plan()
        .await?;
    assert_eq!(
        changes(plan.update()),
        [
            "BUILD_ONLY: value",
            "MULTI: is_literal = true",
            "DATABASE_URL (preview): value"
        ]
    );
    plan.apply().await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn shown_once_is_written_when_asked_for() -> Result<()> {
    let replay = Replay::of(&["list-envs-by-application-uuid.ok"; 3]).await;
    let envs = replay.client().application(WEB).envs();
    let plan = envs.sync([("SECRET", "x")]).assume_changed(true);
    let plan = plan.plan().await?;
    // Coolify shows the preview variable to everybody.
    let twin = "SECRET (preview): is_shown_once = true";
    assert_eq!(
        changes(plan.update()),
        [twin, "SECRET: value (not compared)"]
    );

    let flag = BulkApplicationVariable::new("SECRET").is_runtime(false);
    let error = envs.sync([flag.clone()]).plan().await;
    let error = error.expect_err("the value would be wiped");
    assert!(error.is_invalid_request(), "{error}");

    let plan = envs.sync([flag.value("x")]).plan().await?;
    assert_eq!(
        changes(plan.update()),
        [twin, "SECRET: value (not compared), is_runtime = false"]
    );
    replay.check();
    Ok(())
}

#[tokio::test]
async fn without_read_sensitive_nothing_is_compared() -> Result<()> {
    let replay = Replay::of(&["list-envs-by-application-uuid.read-token"; 5]).await;
    let envs = replay.client().application(WEB).envs();
    let error = envs.sync([("BULK_A", "1")]).plan().await;
    let error = error.expect_err("the value is not there");
    assert!(error.is_forbidden());
    assert_eq!(error.missing_ability(), Some(Ability::ReadSensitive));

    let without_value = BulkApplicationVariable::new("BULK_A");
    let error = envs.sync([without_value.clone().is_literal(true)]).plan();
    let error = error.await.expect_err("the value would be wiped");
    assert_eq!(error.missing_ability(), Some(Ability::ReadSensitive));

    let plan = envs
        .sync([("NEW", "1").into(), without_value])
        .plan()
        .await?;
    assert_eq!((plan.create().len(), plan.unchanged().len()), (1, 1));

    let plan = envs.sync([("BULK_A", "1")]).assume_changed(true);
    let plan = plan.plan().await?;
    assert_eq!(changes(plan.update()), ["BULK_A: value (not compared)"]);

    // Its preview variable can be read, and cannot become shown once without its
    // value.
    let plan = envs.sync([("SECRET", "1")]).assume_changed(true).plan();
    let error = plan.await.expect_err("the twin's value would be wiped");
    assert_eq!(error.missing_ability(), Some(Ability::ReadSensitive));
    assert!(error.to_string().contains("SECRET (preview)"), "{error}");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn databases_too() -> Result<()> {
    let deleted = load("delete-env-by-database-uuid.ok");
    let mut list = load("list-envs-by-database-uuid.ok");
    let variables = list.response.json.as_mut().and_then(Value::as_array_mut);
    let variables = variables.expect("a list");
    variables.retain(|one| matches!(one["key"].as_str(), Some("DATABASE_URL" | "WRONG")));
    for one in variables.iter_mut().filter(|one| one["key"] == "WRONG") {
        one["uuid"] = deleted.request.params["env_uuid"].clone();
    }
    let replay = Replay::recordings(vec![
        list,
        with_body(
            "update-envs-by-database-uuid.ok",
            json!({"data": [
                {"key": "BULK_A", "value": "1\n2", "is_multiline": true},
                {
                    "key": "DATABASE_URL", "value": "other", "comment": "of the other one",
                    "is_literal": true, "is_multiline": false, "is_shown_once": false,
                },
            ]}),
        ),
        deleted,
    ])
    .await;
    let envs = replay.client().database(DATABASE).envs();
    let report = envs
        .sync([
            ("BULK_A", "1\n2").into(),
            BulkVariable::new("DATABASE_URL")
                .value("other")
                .comment("of the other one"),
        ])
        .prune(true)
        .await?;
    assert_eq!(
        report.to_string(),
        "1 created, 1 updated, 1 deleted, 0 unchanged"
    );
    replay.check();
    Ok(())
}

/// Updates the variable that the recordings of a scope have, and adds one.
async fn shared(scope: &str, of: impl FnOnce(&Coolify) -> SharedVariables) -> Result<()> {
    let of_scope = |operation: &str| format!("{operation}-{scope}-shared-env");
    let mut created = load(&format!("{}.ok", of_scope("create")));
    created.request.body = Some(json!({"key": "SHARED_TWO", "value": "2"}));
    let replay = Replay::recordings(vec![
        load(&format!("{}s.ok", of_scope("list"))),
        load(&format!("{}.ok", of_scope("update"))),
        created,
    ])
    .await;
    let variables = of(&replay.client());
    let plan = variables
        .sync([
            DesiredSharedVariable::new("SHARED_ONE")
                .value("2")
                .is_multiline(true),
            ("SHARED_TWO", "2").into(),
        ])
        .prune(true)
        .plan()
        .await?;
    assert!(plan.delete().is_empty(), "{plan}");
    let report = plan.apply().await?;
    assert_eq!(names(&report.updated), ["SHARED_ONE"]);
    assert_eq!(names(&report.created), ["SHARED_TWO"]);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn shared_by_a_team() -> Result<()> {
    shared("team", |coolify| {
        coolify.shared_variables(SharedScope::Team)
    })
    .await
}

#[tokio::test]
async fn shared_by_a_project() -> Result<()> {
    shared("project", |coolify| {
        coolify.project(PROJECT).shared_variables()
    })
    .await
}

#[tokio::test]
async fn shared_by_an_environment() -> Result<()> {
    let environment =
        |coolify: &Coolify| coolify.shared_variables(SharedScope::environment(PROJECT, "staging"));
    shared("environment", environment).await
}

#[tokio::test]
async fn shared_by_a_server() -> Result<()> {
    shared("server", |coolify| {
        coolify.server(SERVER).shared_variables()
    })
    .await
}

#[tokio::test]
async fn shared_values_need_read_sensitive_too() -> Result<()> {
    let replay = Replay::of(&["list-team-shared-envs.read-token"; 2]).await;
    let team = replay.client().shared_variables(SharedScope::Team);
    let error = team.sync([("SHARED_ONE", "1")]).await;
    let error = error.expect_err("the value is not there");
    assert_eq!(error.missing_ability(), Some(Ability::ReadSensitive));
    // An update of a shared variable keeps the fields that it does not contain.
    let literal = DesiredSharedVariable::new("SHARED_ONE").is_literal(false);
    let plan = team.sync([literal]).plan().await?;
    assert_eq!(changes(plan.update()), ["SHARED_ONE: is_literal = false"]);
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_value_that_is_missing_counts_as_hidden_from_the_token() -> Result<()> {
    let mut rows = load("list-team-shared-envs.read-token");
    let all = rows.response.json.as_mut().expect("JSON");
    for row in all.as_array_mut().expect("rows") {
        row.as_object_mut().expect("a row").remove("is_shown_once");
    }
    let replay = Replay::recordings(vec![rows]).await;
    let team = replay.client().shared_variables(SharedScope::Team);
    let error = team.sync([("SHARED_ONE", "1")]).await;
    let error = error.expect_err("the value is not there");
    assert_eq!(error.missing_ability(), Some(Ability::ReadSensitive));
    Ok(())
}

#[tokio::test]
async fn shared_values_of_several_lines_are_multi_line() -> Result<()> {
    let replay = Replay::of(&["list-team-shared-envs.ok"]).await;
    let team = replay.client().shared_variables(SharedScope::Team);
    let plan = team.sync([("SHARED_KEY", "a\nb")]).plan().await?;
    assert_eq!(changes(plan.create()), ["SHARED_KEY: is_multiline = true"]);
    Ok(())
}
