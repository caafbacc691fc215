//! Shared variables of the team, a project, an environment and a server.

use coolify_sdk::envs::EnvFile;
use coolify_sdk::shared_variables::{SharedScope, SharedVariables};
use coolify_sdk_tests::live::{Leftover, Live, Outcome, live_test};

use crate::servers;

async fn come_and_go(variables: &SharedVariables, key: &str, live: &Live) -> Outcome {
    let created = variables.create(key, "1").comment("A test").await?;
    // The others are deleted with their owners.
    if *variables.scope() == SharedScope::Team {
        live.made(Leftover::TeamVariable(created.id));
    }
    let again = variables.create(key, "1").await.expect_err("there is one");
    assert!(again.is_conflict(), "{again}");
    let all = variables.list().await?;
    let listed = all.iter().find(|it| it.key == key).expect("it was created");
    assert_eq!(listed.id, created.id);
    let changed = variables.update(created.id).value("2").await?;
    assert!(changed.value.is_none_or(|it| it.expose() == "2"));
    variables.delete(created.id).await?;
    assert!(variables.list().await?.iter().all(|it| it.key != key));
    Ok(())
}

#[live_test(since = "4.3.0", ability = "write")]
async fn of_the_team(live: Live) -> Outcome {
    let team = SharedScope::Team;
    come_and_go(
        &live.coolify().shared_variables(team),
        &live.key("TEAM"),
        &live,
    )
    .await
}

#[live_test(since = "4.3.0", ability = "write")]
async fn of_a_project(live: Live) -> Outcome {
    let project = live.project().await?;
    come_and_go(&project.shared_variables(), &live.key("PROJECT"), &live).await
}

#[live_test(since = "4.3.0", ability = "write")]
async fn of_an_environment(live: Live) -> Outcome {
    let environment = live.project().await?.environment("production");
    come_and_go(
        &environment.shared_variables(),
        &live.key("ENVIRONMENT"),
        &live,
    )
    .await
}

#[live_test(since = "4.3.0", ability = "write")]
async fn of_a_server(live: Live) -> Outcome {
    let server = servers::nowhere(&live).await?;
    come_and_go(&server.shared_variables(), &live.key("SERVER"), &live).await
}

#[live_test(since = "4.3.0", ability = "write", ability = "read:sensitive")]
async fn files_converge(live: Live) -> Outcome {
    let variables = live.project().await?.shared_variables();
    for text in [
        "A='x$y'\nB=\"1\\n2\"\n",
        "A=$B\nB=\u{200b}1\nC\n",
        "B='1'\n",
    ] {
        let file = EnvFile::parse(text)?;
        variables.sync(file.clone()).prune(true).await?;
        let again = variables.sync(file).prune(true).plan().await?;
        assert!(again.is_empty(), "{text:?}: {again}");
    }
    let empty = variables.sync([("A", "\u{200b}")]).await;
    assert!(empty.is_err_and(|it| it.is_invalid_request()));
    Ok(())
}
