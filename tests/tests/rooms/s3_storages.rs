use coolify_sdk::Result;
use coolify_sdk::s3_storages::S3Bucket;
use coolify_sdk_tests::Replay;

use super::kept;

#[tokio::test]
async fn s3_storages_hide_their_keys() -> Result<()> {
    let replay = Replay::of(&[
        "create-s3-storage.ok",
        "list-s3-storages.ok",
        "get-s3-storage-by-uuid.ok",
        "get-s3-storage-by-uuid.read-token",
        "update-s3-storage-by-uuid.ok",
        "validate-s3-storage-by-uuid.ok",
        "delete-s3-storage-by-uuid.ok",
    ])
    .await;
    let coolify = replay.client();
    let bucket = S3Bucket {
        endpoint: "http://127.0.0.1:9009".to_owned(),
        region: "eu-central-1".to_owned(),
        bucket: "demo-bucket".to_owned(),
        key: "AKIAEXAMPLE".into(),
        secret: "secretexample".into(),
    };
    let request = coolify.s3_storages().create("primary-s3", bucket);
    assert!(!format!("{request:?}").contains("example"));
    let created = request.description("d").await?;
    kept(&created, "create-s3-storage.ok");
    kept(&coolify.s3_storages().list().await?, "list-s3-storages.ok");
    let storage = coolify.s3_storage(created.uuid);
    kept(&storage.get().await?, "get-s3-storage-by-uuid.ok");
    assert!(storage.get().await?.secret.is_none(), "withheld");
    storage.update().name("renamed-s3").await?;
    let result = storage.validate().await?;
    kept(&result, "validate-s3-storage-by-uuid.ok");
    assert_eq!(storage.delete().await?, "S3 storage deleted.");
    replay.check();
    Ok(())
}
