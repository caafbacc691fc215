//! The list of all resources, on recorded replies.

use coolify_sdk::Result;
use coolify_sdk::databases::Engine;
use coolify_sdk::resources::Resource;
use coolify_sdk_tests::{Recording, Replay, lost};

#[tokio::test]
async fn each_resource_is_what_it_is_and_nothing_is_lost() -> Result<()> {
    for version in Recording::versions() {
        for case in ["ok", "read-token", "after-delete"] {
            let name = format!("{version}/list-resources.{case}");
            let recording = Recording::load(&name);
            let replay = Replay::of(&[&name]).await;
            let resources = replay.client().resources().list().await?;
            assert_eq!(lost(recording.json(), &resources), [""; 0], "{name}");
            assert!(
                !resources
                    .iter()
                    .any(|it| matches!(it, Resource::Unknown(_)))
            );
            replay.check();
        }
    }
    Ok(())
}

#[tokio::test]
async fn keydb_is_recognised() -> Result<()> {
    let replay = Replay::of(&["list-resources.ok"]).await;
    let resources = replay.client().resources().list().await?;
    let keydb = resources.iter().find(|it| it.kind() == "standalone-keydb");
    let Some(Resource::Database(keydb)) = keydb else {
        panic!("there is no KeyDB");
    };
    assert!(matches!(keydb.engine, Engine::Keydb(_)));
    Ok(())
}
