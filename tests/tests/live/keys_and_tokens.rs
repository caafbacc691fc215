//! Private keys, cloud tokens and cloud-init scripts.

use coolify_sdk::cloud_tokens::CloudProvider;
use coolify_sdk_tests::live::{Leftover, Live, Outcome, Stop, live_test, new_private_key};

#[live_test(ability = "write")]
async fn private_keys(live: Live) -> Outcome {
    let keys = live.coolify().private_keys();
    let text = new_private_key();
    let created = keys.create(text.clone()).name(live.name("key")).await?;
    live.made(Leftover::PrivateKey(created.uuid.clone()));
    let key = live.coolify().private_key(created.uuid.clone());
    assert_eq!(key.get().await?.uuid, created.uuid);
    let name = live.name("renamed");
    key.update(text.clone()).name(name.clone()).await?;
    assert_eq!(key.get().await?.name, name);
    assert!(keys.list().await?.iter().any(|it| it.name == name));
    let twice = keys
        .create(text)
        .name(live.name("key"))
        .await
        .expect_err("there is one");
    assert!(twice.is_validation() || twice.is_conflict(), "{twice}");
    key.delete().await?;
    let gone = key.get().await.expect_err("it was deleted");
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}

#[live_test(ability = "write")]
async fn cloud_tokens(live: Live) -> Outcome {
    // Coolify checks a new token with the provider, which does not know this one.
    let tokens = live.coolify().cloud_tokens();
    let create = tokens.create(
        CloudProvider::Hetzner,
        live.name("cloud-token"),
        "0".repeat(64),
    );
    let created = match create.await {
        Ok(created) => created,
        Err(error) if error.missing_ability().is_some() || error.status() == Some(501) => {
            return Err(error.into());
        }
        Err(error) if error.status().is_some() => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    // A fake provider accepts anything.
    live.made(Leftover::CloudToken(created.uuid.clone()));
    let token = live.coolify().cloud_token(created.uuid);
    token.get().await?;
    token.update(live.name("renamed")).await?;
    token.delete().await?;
    Ok(())
}

#[live_test(since = "4.3.0", ability = "write")]
async fn cloud_init_scripts(live: Live) -> Outcome {
    let scripts = live.coolify().cloud_init_scripts();
    let text = "#cloud-config\npackages:\n  - htop\n";
    let created = scripts.create(live.name("script"), text).await?;
    live.made(Leftover::CloudInitScript(created.uuid.clone()));
    let script = live.coolify().cloud_init_script(created.uuid.clone());
    let name = live.name("renamed");
    assert_eq!(script.update().name(name.clone()).await?.name, name);
    assert_eq!(script.get().await?.name, name);
    assert!(scripts.list().await?.iter().any(|it| it.name == name));
    script.delete().await?;
    let gone = script.get().await.expect_err("it was deleted");
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}

/// Skips the test if a setting of the instance forbids calling the address.
pub fn unless_refused(error: coolify_sdk::Error) -> Stop {
    let urls = ["html_url", "api_url", "endpoint"];
    if error
        .field_errors()
        .iter()
        .any(|it| it.field().is_some_and(|it| urls.contains(&it)))
    {
        return Stop::skip("this Coolify talks to no address but those that it allows");
    }
    error.into()
}
