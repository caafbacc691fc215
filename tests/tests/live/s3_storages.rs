//! S3 storages. Coolify calls a bucket only to validate it.

use coolify_sdk::s3_storages::S3Bucket;
use coolify_sdk_tests::live::{Leftover, Live, Outcome, live_test};

use crate::keys_and_tokens::unless_refused;

#[live_test(since = "4.3.0", ability = "write")]
async fn s3_storages(live: Live) -> Outcome {
    let storages = live.coolify().s3_storages();
    let bucket = S3Bucket {
        endpoint: "https://203.0.113.80".to_owned(),
        region: "eu-central-1".to_owned(),
        bucket: "sdk-live".to_owned(),
        key: "key".into(),
        secret: "secret".into(),
    };
    let create = storages.create(live.name("s3"), bucket);
    let created = create.await.map_err(unless_refused)?;
    live.made(Leftover::S3Storage(created.uuid.clone()));
    let storage = live.coolify().s3_storage(created.uuid.clone());
    assert_eq!(storage.get().await?.bucket.as_deref(), Some("sdk-live"));
    let name = live.name("renamed");
    storage.update().name(name.clone()).await?;
    assert_eq!(storage.get().await?.name, name);
    assert!(storages.list().await?.iter().any(|it| it.name == name));
    storage.delete().await?;
    let gone = storage.get().await.expect_err("it was deleted");
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}
