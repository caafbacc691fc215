use coolify_sdk::Result;
use coolify_sdk_tests::{Recording, Replay};

use super::kept;

#[tokio::test]
async fn the_first_team_has_id_0() -> Result<()> {
    let replay = Replay::of(&[
        "list-teams.ok",
        "get-token-team.ok",
        "get-token-team-members.with-member",
        "get-team-by-id.ok",
        "get-members-by-team-id.ok",
        "get-team-by-id.not-found",
    ])
    .await;
    let coolify = replay.client();
    let teams = coolify.teams();
    kept(&teams.list().await?, "list-teams.ok");
    let current = teams.current().await?;
    kept(&current, "get-token-team.ok");
    let members = teams.current_members().await?;
    kept(&members, "get-token-team-members.with-member");
    let team = coolify.team(current.id);
    assert_eq!(team.id().get(), 0);
    kept(&team.get().await?, "get-team-by-id.ok");
    kept(&team.members().await?, "get-members-by-team-id.ok");
    let other = coolify.team(9999).get().await;
    assert!(other.expect_err("not the token's").is_not_found());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn an_older_server_is_asked_under_the_older_address() -> Result<()> {
    let mut unknown = Recording::load("4.1.2/undocumented-get-no-such-route.unknown-route");
    "/team".clone_into(&mut unknown.request.path);
    let alias = |name: &str| Recording::load(&format!("undocumented-get-{name}.ok"));
    let replay = Replay::recordings(vec![
        unknown,
        alias("teams-current"),
        // The version is known now, so `/team/members` is not requested.
        alias("teams-current-members"),
    ])
    .await;
    let teams = replay.client().teams();
    kept(&teams.current().await?, "undocumented-get-teams-current.ok");
    kept(
        &teams.current_members().await?,
        "undocumented-get-teams-current-members.ok",
    );
    replay.check();
    Ok(())
}
