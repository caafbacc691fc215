use coolify_sdk::Result;
use coolify_sdk_tests::{Recording, Replay};

use super::kept;

#[tokio::test]
async fn version_and_health_are_text() -> Result<()> {
    let replay = Replay::of(&["version.ok", "version.member-token", "healthcheck.ok"]).await;
    let instance = replay.client().instance();
    assert_eq!(
        instance.version().await?.to_string(),
        Recording::load("version.ok").coolify
    );
    assert_eq!(
        instance.version().await?.to_string(),
        Recording::load("version.ok").coolify
    );
    assert_eq!(instance.health().await?, "OK");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn api_and_mcp_are_switched() -> Result<()> {
    let replay = Replay::of(&[
        "disable-api.ok",
        "enable-api.ok",
        "enable-mcp.ok",
        "disable-mcp.ok",
        "enable-mcp.other-team",
    ])
    .await;
    let instance = replay.client().instance();
    assert_eq!(instance.disable_api().await?, "API disabled.");
    assert_eq!(instance.enable_api().await?, "API enabled.");
    assert_eq!(instance.enable_mcp().await?, "MCP server enabled.");
    assert_eq!(instance.disable_mcp().await?, "MCP server disabled.");
    let refused = instance.enable_mcp().await.expect_err("not the root team");
    assert_eq!(refused.status(), Some(403));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn an_older_server_is_switched_by_get() -> Result<()> {
    let replay = Replay::of(&["4.1.2/disable-api.ok", "4.1.2/enable-api.ok"]).await;
    let instance = replay.client().instance();
    assert_eq!(instance.disable_api().await?, "API disabled.");
    assert_eq!(instance.enable_api().await?, "API enabled.");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn email_settings_hide_passwords() -> Result<()> {
    let replay = Replay::of(&[
        "undocumented-get-settings-email.ok",
        "undocumented-patch-settings-email.ok",
        "undocumented-get-settings-email.other-team",
    ])
    .await;
    let instance = replay.client().instance();
    let settings = instance.email_settings().await?;
    kept(&settings, "undocumented-get-settings-email.ok");
    let updated = instance.update_email_settings().smtp_enabled(false).await?;
    kept(&updated, "undocumented-patch-settings-email.ok");
    let refused = instance.email_settings().await;
    assert_eq!(refused.expect_err("not the root team").status(), Some(403));
    replay.check();
    Ok(())
}
