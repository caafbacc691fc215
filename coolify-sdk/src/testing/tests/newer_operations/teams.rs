//! The switch of the team of the token.

use serde_json::json;

use super::VERSION;
use crate::testing::{FakeCoolify, tests::wire::Wire};

#[tokio::test]
async fn the_fallback_of_build_servers_is_switched() {
    let fake = FakeCoolify::version(VERSION).start().await;
    let teams = fake.client().teams();
    let team = teams.current().await.unwrap();
    assert_eq!(team.is_build_server_fallback_enabled, Some(true));
    let team = teams.set_build_server_fallback(false).await.unwrap();
    assert_eq!(team.is_build_server_fallback_enabled, Some(false));
    let wire = Wire::to(&fake);
    for (body, field) in [
        (json!({"name": "renamed"}), "name"),
        (
            json!({"name": "renamed"}),
            "is_build_server_fallback_enabled",
        ),
        (
            json!({"is_build_server_fallback_enabled": "invalid"}),
            "is_build_server_fallback_enabled",
        ),
    ] {
        let answer = wire.json("PATCH", "/team", body).await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.json()["errors"].get(field).is_some(),
            "{}",
            answer.text
        );
    }
    let team = teams.current().await.unwrap();
    assert_eq!(team.is_build_server_fallback_enabled, Some(false));

    let older = FakeCoolify::start().await;
    let team = older.client().teams().current().await.unwrap();
    assert_eq!(team.is_build_server_fallback_enabled, None);
    let error = older.client().teams().set_build_server_fallback(true);
    assert_eq!(error.await.unwrap_err().status(), Some(404));
}
