use coolify_sdk::shared_variables::{SharedScope, SharedVariables};
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{ErrorKind, Result};
use coolify_sdk_tests::Replay;

use super::{PROJECT, SERVER, kept};

/// Makes all calls on the variables of one scope.
async fn goes_round(
    scope: &str,
    id: i64,
    of: impl FnOnce(&coolify_sdk::Coolify) -> SharedVariables,
) -> Result<()> {
    let of_scope = |operation: &str, case: &str| format!("{operation}-{scope}-shared-env{case}");
    let cases = [
        of_scope("create", ".ok"),
        of_scope("create", ".duplicate"),
        of_scope("list", "s.ok"),
        of_scope("update", ".ok"),
        of_scope("delete", ".ok"),
        of_scope("delete", ".not-found"),
    ];
    let names: Vec<_> = cases.iter().map(String::as_str).collect();
    let replay = Replay::of(&names).await;
    let variables = of(&replay.client());
    let created = variables
        .create("SHARED_ONE", "1")
        .is_literal(true)
        .comment("first")
        .await?;
    assert_eq!(created.id.get(), id);
    let twice = variables.create("SHARED_ONE", "1").await;
    assert!(twice.expect_err("there is one").is_conflict());
    kept(&variables.list().await?, &cases[2]);
    let update = variables.update(created.id).value("2").is_multiline(true);
    kept(&update.await?, &cases[3]);
    let message = variables.delete(created.id).await?;
    assert_eq!(message, "Environment variable deleted.");
    let gone = variables.delete(99_999).await.expect_err("there is none");
    assert!(gone.is_not_found());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn of_a_team() -> Result<()> {
    goes_round("team", 3, |coolify| {
        coolify.shared_variables(SharedScope::Team)
    })
    .await
}

#[tokio::test]
async fn of_a_project() -> Result<()> {
    goes_round("project", 4, |coolify| {
        coolify.project(PROJECT).shared_variables()
    })
    .await
}

#[tokio::test]
async fn of_an_environment() -> Result<()> {
    goes_round("environment", 5, |coolify| {
        let staging = coolify.project(PROJECT).environment("staging");
        staging.shared_variables()
    })
    .await
}

#[tokio::test]
async fn of_a_server() -> Result<()> {
    goes_round("server", 16, |coolify| {
        coolify.server(SERVER).shared_variables()
    })
    .await
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_refused() {
    let replay = Replay::of(&[]).await;
    let environment = replay.client().project(PROJECT).environment("..");
    let error = environment.shared_variables().list().await;
    assert_eq!(
        error.expect_err("no name").kind(),
        ErrorKind::InvalidRequest
    );
    replay.check();
}

/// This also holds if the router of an older Coolify mistakes the path for
/// another one.
#[tokio::test]
async fn a_server_that_is_too_old_for_them_is_named() {
    for version in ["4.0.0", "4.1.2", "4.2.0"] {
        let fake = FakeCoolify::version(version).start().await;
        let project = fake.seed_project("shop");
        let scopes = [
            SharedScope::Team,
            SharedScope::project(project),
            SharedScope::server(fake.server_uuid()),
        ];
        for scope in scopes {
            // A client of its own, which does not know the version yet.
            let variables = fake.client().shared_variables(scope);
            let error = variables.list().await.expect_err("there are none");
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            let said = format!("needs Coolify 4.3.0, this is {version}");
            assert!(error.to_string().contains(&said), "{error}");
        }
    }
}
