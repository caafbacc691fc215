//! Imports of dumps into databases.

use serde_json::{Value, json};

use super::{INVALID, VERSION, client, refusal};
use crate::databases::DatabaseHandle;
use crate::imports::{DatabaseImports, ImportStatus};
use crate::operations::Ability;
use crate::s3_storages::S3Bucket;
use crate::testing::{FakeCoolify, tests::wire::Wire};

const UPLOAD: &str = "6f1c2e0e-6d0f-4f5e-9b53-2f3f2f1a7c11";

/// Starts a fake with a running database.
async fn running(engine: &str) -> (FakeCoolify, DatabaseHandle) {
    let fake = FakeCoolify::version(VERSION).start().await;
    let uuid = fake.seed_database(&fake.seed_project("shop"), engine, "main");
    let database = fake.client().database(uuid);
    database.start().and_wait().await.unwrap();
    (fake, database)
}

/// Returns the statuses of an import until it has ended.
async fn statuses(imports: &DatabaseImports, id: i64) -> Vec<ImportStatus> {
    let mut seen = Vec::new();
    for _ in 0..20 {
        let import = imports.get(id).await.unwrap();
        let status = import.status.unwrap();
        let has_ended = status == ImportStatus::Finished;
        assert_eq!(import.finished_at.is_some(), has_ended);
        assert_eq!(import.exit_code, has_ended.then_some(0));
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        if has_ended {
            break;
        }
    }
    seen
}

const ALL: [ImportStatus; 3] = [
    ImportStatus::Queued,
    ImportStatus::InProgress,
    ImportStatus::Finished,
];

/// Uploads a file of this name, and returns the status and the reply.
async fn upload(
    fake: &FakeCoolify,
    path: &str,
    fields: &[(&str, &str)],
    name: &str,
) -> (u16, Value) {
    let part = |named: &str, content: &str| {
        format!("--X\r\nContent-Disposition: form-data; {named}\r\n\r\n{content}\r\n")
    };
    let mut form: Vec<String> = fields
        .iter()
        .map(|(field, value)| part(&format!("name=\"{field}\""), value))
        .collect();
    let file = format!("name=\"file\"; filename=\"{name}\"");
    form.push(part(&file, "SELECT 1;"));
    form.push("--X--\r\n".to_owned());
    let body = Some(("multipart/form-data; boundary=X", form.concat()));
    let answer = Wire::to(fake)
        .send("POST", &format!("{path}/imports/uploads"), body)
        .await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn an_import_goes_on_while_it_is_polled() {
    let (fake, database) = running("postgresql").await;
    let imports = database.imports();
    let started = imports.from_server("/root/orders.sql.gz").await.unwrap();
    assert_eq!(started.message(), Some("Database import queued."));

    let error = imports.from_server("/root/orders.sql").await.unwrap_err();
    let said = "A database import is already running.";
    assert_eq!(refusal(&error), (409, said, vec![]));
    assert!(error.conflicts().is_empty());
    let error = database.restart().await.unwrap_err();
    let said = "Another start, restart or import of this database is already in progress.";
    assert_eq!(refusal(&error), (409, said, vec![]));
    // Of the requests that the import waits for, these two were some.
    let seen = statuses(&imports, started.id()).await;
    assert!(ALL.ends_with(&seen) && seen.len() > 1, "{seen:?}");

    let reader = client(&fake, ["read"]).database(database.uuid()).imports();
    let read = reader.get(started.id()).await.unwrap();
    assert_eq!(read.output, None);
    let output = imports.get(started.id()).await.unwrap().output.unwrap();
    assert!(output.expose().contains("restored"));
    let error = reader.get(started.id() + 1000).await.unwrap_err();
    assert_eq!(refusal(&error), (404, "Database import not found.", vec![]));
    database.restart().await.unwrap();
    let error = imports.from_server("/root/orders.sql").await.unwrap_err();
    let said = "Another start, restart or import of this database is already in progress.";
    assert_eq!(refusal(&error), (409, said, vec![]));
}

#[tokio::test]
async fn the_status_is_at_the_location_of_the_reply() {
    let (fake, database) = running("mysql").await;
    let wire = Wire::to(&fake);
    let path = format!("/databases/{}/imports", database.uuid());
    let body = json!({"source": "server", "path": "/root/a.sql"});
    let answer = wire.post(&path, body).await;
    assert_eq!(answer.status, 202);
    let location = answer.header("location");
    assert_eq!(location, answer.json()["status_url"]);
    assert_eq!(location, format!("/api/v1{path}/{}", answer.json()["id"]));
    let path = location.strip_prefix("/api/v1").unwrap();
    assert_eq!(wire.get(path).await.json()["status"], "queued");
    assert_eq!(wire.get(&format!("{path}x")).await.status, 404);
}

#[tokio::test]
async fn each_source_needs_its_fields() {
    let (fake, database) = running("postgresql").await;
    let imports = database.imports();
    let bucket = S3Bucket {
        endpoint: "https://s3.example.com".into(),
        region: "eu".into(),
        bucket: "dumps".into(),
        key: "key".into(),
        secret: "secret".into(),
    };
    let storage = fake.client().s3_storages().create("dumps", bucket);
    let storage = storage.is_usable(true).await.unwrap().uuid;
    for (path, said) in [
        ("dumps/../orders.sql", "The S3 path is invalid."),
        ("dumps/orders", "The S3 path is invalid."),
    ] {
        let error = imports.from_s3(storage.clone(), path).await.unwrap_err();
        assert_eq!(refusal(&error), (422, said, vec![]));
    }
    let error = imports.from_s3("unknown", "a.sql").await.unwrap_err();
    let said = "S3 storage was not found or has an invalid bucket.";
    assert_eq!(refusal(&error), (422, said, vec![]));
    let error = imports.from_server("orders.sql").await.unwrap_err();
    let said = "The server path is invalid.";
    assert_eq!(refusal(&error), (422, said, vec![]));
    let error = imports.from_upload(UPLOAD).await.unwrap_err();
    let said = "The completed upload was not found.";
    assert_eq!(refusal(&error), (422, said, vec![]));
    let error = imports.from_upload("no uuid").await.unwrap_err();
    assert_eq!(refusal(&error), (422, INVALID, vec!["upload_id"]));

    let wire = Wire::to(&fake);
    let path = format!("/databases/{}/imports", database.uuid());
    for (body, field) in [
        (json!({}), "source"),
        (json!({"source": "ftp"}), "source"),
        (json!({"source": "s3", "path": "a.sql"}), "s3_storage_uuid"),
        (json!({"source": "server"}), "path"),
        (
            json!({"source": "upload", "upload_id": UPLOAD, "path": "a"}),
            "path",
        ),
        (
            json!({"source": "server", "path": "/a.sql", "name": "a"}),
            "name",
        ),
    ] {
        let answer = wire.post(&path, body).await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.json()["errors"].get(field).is_some(),
            "{}",
            answer.text
        );
    }
    let writer = client(&fake, ["read", "write"]).database(database.uuid());
    let error = writer.imports().from_server("/a.sql").await.unwrap_err();
    assert_eq!(error.missing_ability(), Some(Ability::Deploy));
    let started = writer.imports().from_s3(storage, "/orders.sql").await;
    assert_eq!(statuses(&imports, started.unwrap().id()).await, ALL);
}

#[tokio::test]
async fn an_upload_is_imported_once() {
    let (fake, database) = running("mariadb").await;
    let path = format!("/databases/{}", database.uuid());
    let id = ("upload_id", UPLOAD);
    for (fields, name, said) in [
        (vec![id], "orders.exe", "Unsupported backup file extension."),
        (
            vec![id, ("dzTotalFilesize", "10737418241")],
            "orders.sql",
            "The backup exceeds the 10 GiB limit.",
        ),
    ] {
        let (status, reply) = upload(&fake, &path, &fields, name).await;
        assert_eq!((status, &reply["errors"]["file"]), (422, &json!([said])));
    }
    let (status, reply) = upload(&fake, &path, &[], "orders.sql").await;
    assert!(status == 422 && reply["errors"].get("upload_id").is_some());
    let chunk = [id, ("dzchunkindex", "0"), ("dztotalchunkcount", "4")];
    let (status, reply) = upload(&fake, &path, &chunk, "orders.sql").await;
    let wanted = json!({"upload_id": UPLOAD, "done": 25, "status": true});
    assert_eq!((status, reply), (200, wanted));

    let (status, reply) = upload(&fake, &path, &[id], "orders.sql").await;
    assert_eq!((status, &reply["size"]), (201, &json!(9)));
    let imports = database.imports();
    let started = imports.from_upload(UPLOAD).await.unwrap();
    assert_eq!(statuses(&imports, started.id()).await, ALL);
    let error = imports.from_upload(UPLOAD).await.unwrap_err();
    assert_eq!(error.status(), Some(422));
}

#[tokio::test]
async fn only_some_engines_can_be_imported_into_and_only_while_they_run() {
    let (fake, redis) = running("redis").await;
    let error = redis.imports().from_server("/a.sql").await.unwrap_err();
    let said = "Database imports are not supported for this database type.";
    assert_eq!(refusal(&error), (422, said, vec![]));
    let stopped = fake.seed_database(&fake.seed_project("blog"), "mongodb", "main");
    let stopped = fake.client().database(stopped).imports();
    let error = stopped.from_server("/a.bson").await.unwrap_err();
    let said = "The database must be running before an import can start.";
    assert_eq!(refusal(&error), (422, said, vec![]));

    let (_fake, sqlite) = running("sqlite").await;
    let other = sqlite.imports().from_server("/a.sql");
    let error = other.sqlite_database("other.sqlite").await.unwrap_err();
    let said = "The SQLite database file is not one of the files of this database.";
    assert_eq!(refusal(&error), (422, said, vec![]));
    let own = sqlite.imports().from_server("/a.sql");
    let ended = own.sqlite_database("database.sqlite").and_wait().await;
    assert_eq!(ended.unwrap().status, Some(ImportStatus::Finished));
}

#[tokio::test]
async fn databases_of_services_are_imported_into_as_well() {
    let fake = FakeCoolify::version(VERSION).start().await;
    let file = "services:\n  db:\n    image: postgres:17\n  web:\n    image: nginx\n";
    let service = fake.seed_service(&fake.seed_project("shop"), "front", file);
    let service = fake.client().service(service);
    service.start().and_wait().await.unwrap();
    let uuid = service.databases().list().await.unwrap().remove(0).uuid;
    let imports = service.database(uuid.clone()).imports();
    let path = format!("/services/{}/databases/{uuid}", service.uuid());
    let (status, _) = upload(&fake, &path, &[("upload_id", UPLOAD)], "a.sql").await;
    assert_eq!(status, 201);
    let started = imports.from_upload(UPLOAD).await.unwrap();
    assert_eq!(statuses(&imports, started.id()).await, ALL);
    let unknown = service.database("unknown").imports();
    let error = unknown.get(started.id()).await.unwrap_err();
    assert_eq!(
        refusal(&error),
        (404, "Service database not found.", vec![])
    );
}
