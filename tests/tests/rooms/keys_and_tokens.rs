use coolify_sdk::Result;
use coolify_sdk::cloud_tokens::CloudProvider;
use coolify_sdk_tests::Replay;

use super::{KEY, kept, sent_text};

#[tokio::test]
async fn private_keys_are_sent_with_each_change() -> Result<()> {
    let change = "undocumented-patch-security-keys-uuid-.ok";
    let replay = Replay::of(&[
        "create-private-key.ok",
        "create-private-key.no-name",
        "create-private-key.invalid",
        "list-private-keys.ok",
        "get-private-key-by-uuid.ok",
        "undocumented-patch-security-keys-uuid-.ok",
        "delete-private-key-by-uuid.in-use",
        "delete-private-key-by-uuid.ok",
    ])
    .await;
    let coolify = replay.client();
    let keys = coolify.private_keys();
    let pem = sent_text("create-private-key.ok", "private_key");
    let created = keys
        .create(pem)
        .name("demo-key")
        .description("Demo")
        .await?;
    assert_eq!(created.uuid, KEY);
    let spare = keys.create(sent_text("create-private-key.no-name", "private_key"));
    let spare = coolify.private_key(spare.await?.uuid);
    let garbage = keys.create("garbage").await;
    assert!(garbage.expect_err("no key").is_validation());
    let all = keys.list().await?;
    kept(&all, "list-private-keys.ok");
    assert!(!format!("{all:?}").contains("PRIVATE KEY"));
    let key = coolify.private_key(KEY);
    kept(&key.get().await?, "get-private-key-by-uuid.ok");
    let changed = key.update(sent_text(change, "private_key")).name("renamed");
    kept(&changed.await?, change);
    assert_eq!(key.delete().await.expect_err("in use").status(), Some(422));
    assert_eq!(spare.delete().await?, "Private Key deleted.");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn cloud_tokens_are_tried() -> Result<()> {
    let replay = Replay::of(&[
        "create-cloud-token.ok",
        "create-cloud-token.rejected-token",
        "list-cloud-tokens.ok",
        "get-cloud-token-by-uuid.ok",
        "update-cloud-token-by-uuid.ok",
        "validate-cloud-token-by-uuid.ok",
        "validate-cloud-token-by-uuid.rejected-token",
        "delete-cloud-token-by-uuid.ok",
        "get-cloud-token-by-uuid.gone",
    ])
    .await;
    let coolify = replay.client();
    let tokens = coolify.cloud_tokens();
    let token = sent_text("create-cloud-token.ok", "token");
    let created = tokens
        .create(CloudProvider::Hetzner, "hetzner prod", token)
        .await?;
    kept(&created, "create-cloud-token.ok");
    let token = sent_text("create-cloud-token.rejected-token", "token");
    let rejected = tokens.create("hetzner", "hz", token).await;
    assert_eq!(rejected.expect_err("rejected").status(), Some(400));
    kept(&tokens.list().await?, "list-cloud-tokens.ok");
    let token = coolify.cloud_token(created.uuid);
    kept(&token.get().await?, "get-cloud-token-by-uuid.ok");
    token.update("renamed").await?;
    assert!(token.validate().await?.valid);
    let vultr = coolify.cloud_token("eapi62igkvwrbnn6mmlwftej");
    assert!(!vultr.validate().await?.valid, "no error, and not valid");
    let spare = coolify.cloud_token("ubdjjusjqve5kgjn2xeak8km");
    spare.delete().await?;
    assert!(spare.get().await.expect_err("gone").is_not_found());
    replay.check();
    Ok(())
}

#[tokio::test]
async fn cloud_init_scripts_are_saved() -> Result<()> {
    let replay = Replay::of(&[
        "create-cloud-init-script.ok",
        "list-cloud-init-scripts.ok",
        "get-cloud-init-script-by-uuid.ok",
        "update-cloud-init-script-by-uuid.ok",
        "delete-cloud-init-script-by-uuid.ok",
    ])
    .await;
    let coolify = replay.client();
    let scripts = coolify.cloud_init_scripts();
    let text = sent_text("create-cloud-init-script.ok", "script");
    let created = scripts.create("init", text).await?;
    kept(&created, "create-cloud-init-script.ok");
    kept(&scripts.list().await?, "list-cloud-init-scripts.ok");
    let script = coolify.cloud_init_script(created.uuid);
    kept(&script.get().await?, "get-cloud-init-script-by-uuid.ok");
    let name = "update-cloud-init-script-by-uuid.ok";
    kept(&script.update().name(sent_text(name, "name")).await?, name);
    assert_eq!(script.delete().await?, "Cloud-init script deleted.");
    replay.check();
    Ok(())
}
