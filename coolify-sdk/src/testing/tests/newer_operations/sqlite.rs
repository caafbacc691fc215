//! Databases of the engine `sqlite`.

use serde_json::json;

use super::{INVALID, VERSION, refusal};
use crate::Placement;
use crate::databases::Engine;
use crate::testing::{FakeCoolify, tests::wire::Wire};

#[tokio::test]
async fn a_sqlite_database_has_files_and_no_port() {
    let fake = FakeCoolify::version(VERSION).start().await;
    let project = fake.seed_project("shop");
    let place = Placement::new(project.clone(), "production", fake.server_uuid());
    let databases = fake.client().databases();
    let created = databases.create_sqlite(place.clone()).name("orders");
    let created = created.sqlite_databases(["a.sqlite", "b.sqlite"]);
    let created = created.await.unwrap();
    assert_eq!(created.internal_db_url, None);
    let database = fake.client().database(created.uuid.clone());
    let read = database.get().await.unwrap();
    let Engine::Sqlite(sqlite) = read.engine else {
        panic!("{:?}", read.engine);
    };
    assert_eq!(sqlite.databases.as_deref(), Some("a.sqlite,b.sqlite"));
    assert_eq!(read.internal_db_url, None);
    let volumes = database.storages().list().await.unwrap();
    let volume = volumes.persistent_storages[0].name.clone();
    assert_eq!(volume.unwrap(), format!("sqlite-data-{}", created.uuid));
    database.start().and_wait().await.unwrap();

    let error = databases.create_sqlite(place).sqlite_databases(["../a"]);
    let error = error.await.unwrap_err();
    assert_eq!(refusal(&error), (422, INVALID, vec!["sqlite_databases"]));
    let wire = Wire::to(&fake);
    let body = json!({
        "server_uuid": fake.server_uuid(),
        "project_uuid": project,
        "environment_name": "production",
        "is_public": false,
    });
    let answer = wire.post("/databases/sqlite", body).await;
    assert_eq!(answer.status, 422);
    let wanted = json!({"is_public": ["This field is not allowed."]});
    assert_eq!(answer.json()["errors"], wanted);
    let path = format!("/databases/{}", created.uuid);
    let answer = wire
        .json("PATCH", &path, json!({"public_port": 5432}))
        .await;
    assert_eq!(answer.status, 422);
}

#[tokio::test]
#[should_panic(expected = "no database engine")]
async fn older_versions_have_no_sqlite() {
    let fake = FakeCoolify::start().await;
    fake.seed_database(&fake.seed_project("shop"), "sqlite", "main");
}
