//! Uploads of dumps, in chunks.

use futures_util::StreamExt;

use super::{VERSION, client};
use crate::databases::DatabaseHandle;
use crate::error::{Error, ErrorKind};
use crate::imports::{ImportUpload, UploadEvent};
use crate::operations::Ability;
use crate::testing::{FakeCoolify, Fault, ReceivedRequest};

const UPLOADS: &str = "/databases/{uuid}/imports/uploads";

/// The size of a chunk here.
const CHUNK: u64 = 4096;

async fn running() -> (FakeCoolify, DatabaseHandle) {
    let fake = FakeCoolify::version(VERSION).start().await;
    let uuid = fake.seed_database(&fake.seed_project("shop"), "postgresql", "main");
    let database = fake.client().database(uuid);
    database.start().and_wait().await.unwrap();
    (fake, database)
}

/// A dump of three chunks.
fn dump() -> &'static [u8] {
    let rows = (0..900).map(|row| format!("INSERT {row};"));
    let rows: Vec<_> = rows.collect();
    let dump = rows.join("\n").into_bytes();
    assert_eq!(length(&dump).div_ceil(CHUNK), 3);
    dump.leak()
}

fn length(content: &[u8]) -> u64 {
    content.len() as u64
}

fn chunks(fake: &FakeCoolify) -> Vec<ReceivedRequest> {
    let mut requests = fake.requests();
    requests.retain(|it| it.path.ends_with("/imports/uploads"));
    requests
}

/// Uploads the dump in chunks.
async fn upload(database: &DatabaseHandle) -> Result<ImportUpload, Error> {
    let imports = database.imports();
    let upload = imports.upload("shop.sql", length(dump()), dump());
    upload.chunk_size(CHUNK).await
}

#[tokio::test]
async fn a_file_is_uploaded_in_chunks_and_imported() {
    let (fake, database) = running().await;
    let imports = database.imports();
    let upload = imports.upload("shop.sql", length(dump()), dump());
    let events: Vec<_> = upload.chunk_size(CHUNK).events().collect().await;
    let [first, second, done] = events.try_into().unwrap();
    let mut id = None;
    for (event, wanted) in [(first, (4096, 38)), (second, (8192, 76))] {
        let Ok(UploadEvent::Sent(progress)) = event else {
            panic!("{event:?}");
        };
        assert_eq!((progress.sent, progress.percent()), wanted);
        assert_eq!(progress.total, length(dump()));
        id = Some(progress.upload_id);
    }
    let Ok(UploadEvent::Done(done)) = done else {
        panic!("{done:?}");
    };
    assert_eq!(done.size, i64::try_from(dump().len()).ok());
    assert_eq!(done.filename.as_deref(), Some("shop.sql"));
    assert_eq!(Some(&done.upload_id), id.as_ref());
    assert_eq!(chunks(&fake).len(), 3);

    imports
        .from_upload(done.upload_id)
        .and_wait()
        .await
        .unwrap();
}

#[tokio::test]
async fn the_file_of_a_path_arrives_as_it_is() {
    let (fake, database) = running().await;
    let path = std::env::temp_dir().join(format!("coolify-sdk-{}.dmp", std::process::id()));
    let content = [b"PGDMP\0\r\n--", dump()].concat();
    std::fs::write(&path, &content).unwrap();
    let imports = database.imports();
    let upload = imports.upload_file(&path).name("shop.dmp");
    let upload = upload.chunk_size(CHUNK).await;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(upload.unwrap().filename.as_deref(), Some("shop.dmp"));

    let mut sent: Vec<u8> = Vec::new();
    for (index, request) in chunks(&fake).iter().enumerate() {
        let field = |name: &str| {
            let named = format!("name=\"{name}\"\r\n\r\n");
            let text = String::from_utf8_lossy(&request.body);
            let rest = text.split_once(&named).unwrap().1;
            rest.split_once("\r\n").unwrap().0.to_owned()
        };
        assert_eq!(field("dzchunkindex"), index.to_string());
        assert_eq!(field("dztotalchunkcount"), "3");
        assert_eq!(field("dzchunksize"), "4096");
        assert_eq!(field("dzchunkbyteoffset"), (index * 4096).to_string());
        assert_eq!(field("dztotalfilesize"), content.len().to_string());
        assert_eq!(field("dzTotalFilesize"), content.len().to_string());
        assert_eq!(field("dzuuid"), field("upload_id"));
        let head = "filename=\"shop.dmp\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        let mut windows = request.body.windows(head.len());
        let begin = windows.position(|it| it == head.as_bytes()).unwrap() + head.len();
        // What follows is the boundary, which ends with a UUID.
        let end = request.body.len() - "\r\n--coolify-sdk---\r\n".len() - 36;
        sent.extend_from_slice(&request.body[begin..end]);
    }
    assert_eq!(sent, content);
}

#[tokio::test]
async fn a_file_that_coolify_does_not_take_is_not_sent() {
    let (fake, database) = running().await;
    let imports = database.imports();
    let zeros = || [0; 9].as_slice();
    let most = 10 * 1024 * 1024 * 1024;
    for (upload, said) in [
        (
            imports.upload("a.sql", most + 1, zeros()),
            "the file has 10737418241 bytes; Coolify takes at most 10737418240",
        ),
        (imports.upload("a.sql", 0, zeros()), "the file is empty"),
        (
            imports.upload("a.sql", 9, zeros()),
            "the content of \"a.sql\" is not text in UTF-8, as its ending says",
        ),
        (
            imports.upload("a.exe", 9, zeros()),
            "Coolify does not import files with a name like \"a.exe\"",
        ),
        (
            imports.upload("a\"b.sql", 9, zeros()).unchecked(),
            "\"a\\\"b.sql\" is not a name of a file",
        ),
        (
            imports.upload("a.sql", 9, zeros()).chunk_size(4095),
            "a chunk of 4095 bytes: it has from 4096 to 200000000",
        ),
        (
            imports.upload("a.sql", 10, b"SELECT 1;".as_slice()),
            "the file has fewer than 10 bytes",
        ),
        (
            imports.upload("a.sql", 8, b"SELECT 1;".as_slice()),
            "the file has more than 8 bytes",
        ),
        (
            imports.upload_file("/nowhere/a.sql"),
            "the file cannot be read",
        ),
        (
            imports.upload_file(".."),
            "the file has no name that is text",
        ),
    ] {
        let error = upload.await.unwrap_err();
        assert!(error.is_invalid_request(), "{error}");
        assert_eq!(error.to_string(), said);
        assert_eq!(error.interrupted_upload(), None);
    }
    assert!(chunks(&fake).is_empty());
    let large = imports.upload("a.sql", most + 1, zeros());
    let error = large.await.unwrap_err();
    assert!(error.hint().is_some_and(|hint| hint.contains("S3")));

    let unknown = imports.upload("a.exe", 9, zeros()).unchecked();
    let error = unknown.await.unwrap_err();
    assert!(error.is_validation(), "{error}");
    assert_eq!(error.interrupted_upload(), None);
}

#[tokio::test]
async fn the_last_chunk_of_a_file_that_grew_is_not_sent() {
    let (fake, database) = running().await;
    let imports = database.imports();
    let upload = imports.upload("a.sql", length(dump()) - 1, dump());
    let error = upload.chunk_size(CHUNK).await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    assert_eq!(chunks(&fake).len(), 2);
}

#[tokio::test]
async fn a_chunk_is_sent_again_only_if_it_was_not_taken() {
    let (fake, database) = running().await;
    let limited = Fault::status(429).retry_after(std::time::Duration::from_secs(1));
    fake.fail_next(limited.on("POST", UPLOADS));
    upload(&database).await.unwrap();
    assert_eq!(chunks(&fake).len(), 4);

    for fault in [Fault::cut(), Fault::lost_reply(), Fault::status(502)] {
        let before = chunks(&fake).len();
        let mut events = Box::pin(
            database
                .imports()
                .upload("shop.sql", length(dump()), dump())
                .chunk_size(CHUNK)
                .events(),
        );
        events.next().await.unwrap().unwrap();
        fake.fail_next(fault.on("POST", UPLOADS));
        let error = events.next().await.unwrap().unwrap_err();
        assert!(events.next().await.is_none());
        assert_eq!(chunks(&fake).len(), before + 2);
        let interrupted = error.interrupted_upload().unwrap();
        assert_eq!(interrupted.sent, 4096);
        let continued = format!("upload {} can continue", interrupted.upload_id);
        assert!(error.report().to_string().contains(&continued));

        let imports = database.imports();
        let rest = imports.upload("shop.sql", length(dump()), dump());
        let done = rest.resume(interrupted).await.unwrap();
        assert_eq!(done.upload_id, interrupted.upload_id);
        assert_eq!(done.size, i64::try_from(dump().len()).ok());
        assert_eq!(chunks(&fake).len(), before + 4);
    }
    let other = database.imports().upload("shop.sql", 9, tokio::io::empty());
    let interrupted = {
        fake.fail_next(Fault::cut().on("POST", UPLOADS));
        upload(&database).await.unwrap_err()
    };
    let other = other.resume(interrupted.interrupted_upload().unwrap());
    // Nothing of it was taken, so any file of at least one byte could continue it.
    assert!(other.await.unwrap_err().is_invalid_request());
}

#[tokio::test]
async fn an_upload_whose_last_reply_was_lost_is_complete() {
    let (fake, database) = running().await;
    let imports = database.imports();
    let upload = imports.upload("shop.sql", length(dump()), dump());
    let mut events = Box::pin(upload.chunk_size(CHUNK).events());
    for _ in 0..2 {
        events.next().await.unwrap().unwrap();
    }
    fake.fail_next(Fault::lost_reply().on("POST", UPLOADS));
    let error = events.next().await.unwrap().unwrap_err();
    assert!(error.outcome_unknown());
    let interrupted = error.interrupted_upload().unwrap().clone();
    assert_eq!(interrupted.sent, 8192);
    let again = imports.upload("shop.sql", length(dump()), dump());
    let error = again.resume(&interrupted).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert!(error.to_string().contains("still waits"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("again")));
    let id = interrupted.upload_id;
    imports.from_upload(id).and_wait().await.unwrap();
}

#[tokio::test]
async fn an_upload_needs_write_its_own_project_and_a_server_that_has_it() {
    let (fake, database) = running().await;
    let uuid = database.uuid();
    let reader = client(&fake, ["read"]).database(uuid);
    let error = upload(&reader).await.unwrap_err();
    assert_eq!(error.missing_ability(), Some(Ability::Write));

    let projects = fake.client().projects().list().await.unwrap();
    let own = fake.client().in_project(&projects[0].uuid).database(uuid);
    upload(&own).await.unwrap();
    let other = fake.client().in_project(fake.seed_project("blog"));
    let before = chunks(&fake).len();
    let error = upload(&other.database(uuid)).await.unwrap_err();
    assert!(error.is_out_of_scope());
    assert_eq!(chunks(&fake).len(), before);

    let old = FakeCoolify::version("4.3.11").start().await;
    let uuid = old.seed_database(&old.seed_project("shop"), "postgresql", "main");
    let error = upload(&old.client().database(uuid)).await.unwrap_err();
    assert!(error.unsupported().is_some(), "{error}");
    assert!(chunks(&old).is_empty());
}
