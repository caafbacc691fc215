//! Imports of dumps, and what is uploaded for them.

use std::time::Duration;

use coolify_sdk::Error;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, failure, message, ok, outage};

fn import(status: &Value, code: &Value) -> Value {
    json!({"id": 7, "status": status, "exit_code": code, "output": "s3cret"})
}

#[tokio::test(start_paused = true)]
async fn an_import_is_waited_for() {
    let mut all = String::new();
    let cases = [
        ("finished", json!("finished"), json!(0)),
        ("failed", json!("failed"), json!(3)),
        ("failed without a code", json!("failed"), json!(null)),
        ("failed with code 0", json!("failed"), json!(0)),
        ("a status that is new", json!("odd"), json!(null)),
        ("a status that is missing", json!(null), json!(null)),
        ("in progress", json!("in_progress"), json!(null)),
    ];
    for (name, status, code) in cases {
        let queued = ok(import(&json!("queued"), &Value::Null));
        let stage = Stage::of_version("4.4.0").await;
        let stage = stage.since(
            "GET /databases/db1/imports/7",
            [(0, queued), (30, ok(import(&status, &code)))],
        );
        let run = stage.client().database("db1").imports().run(7);
        stage
            .story
            .tell(format!("{} {:?}", run.id(), run.message()));
        let seconds = if status == "finished" || status == "failed" {
            3
        } else {
            900
        };
        let end = run.poll_every(Duration::from_secs(seconds)).await;
        match &end {
            Ok(end) => stage.story.tell(format!("{end:?}")),
            Err(error) => {
                let failed = error.failed_import().map(|it| (it.id, it.exit_code));
                stage
                    .story
                    .tell(format!("{}\nimport: {failed:?}", failure(error)));
            }
        }
        all += &chapter(name, &stage.story);
    }
    let stage = Stage::of_version("4.4.0").await;
    let stage = stage.on(
        "GET /databases/db1/imports/7",
        [message(404, "Import not found.")],
    );
    let run = stage.client().database("db1").imports().run(7);
    let end = run.max_wait(Duration::from_secs(10)).await;
    stage.story.tell_of("end", &end);
    all += &chapter("gone", &stage.story);
    insta::assert_snapshot!(all);
}

/// Nothing is sent of a file that Coolify would refuse.
#[tokio::test(start_paused = true)]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn a_file_is_checked_before_it_is_uploaded() {
    let stage = Stage::of_version("4.4.0").await;
    let imports = stage.client().database("db1").imports();
    let mut all = Vec::new();
    let mut told = |what: String, end: Result<_, Error>| {
        let end: Result<coolify_sdk::imports::ImportUpload, _> = end;
        let error = end.expect_err("nothing answers");
        let cause = std::error::Error::source(&error);
        let cause = cause.map_or(String::new(), |it| format!("\n  because: {it}"));
        let said = if error.is_not_found() {
            "is sent".to_owned()
        } else {
            failure(&error) + &cause
        };
        all.push(format!("{what}\n    {}", said.replace('\n', "\n    ")));
    };
    let long = |length: usize| "a".repeat(length - 4) + ".sql";
    for name in [
        "a.sql",
        "A.SQL",
        "a.b.sql",
        "a.tgz.sql",
        "ä.sql",
        &long(255),
        &long(256),
        "",
        "a/b.sql",
        "a\\b.sql",
        "a\".sql",
        "a\n.sql",
        ".sql",
        "a..sql",
        "sql",
        "a",
        "a.",
        "a.txt",
        "a.php.sql",
        "a.PHP.sql",
        "a.sh.x.sql",
        "a.php.sh.sql",
        "php.sql",
        ".a.sql",
    ] {
        let sent = imports.upload(name, 9, b"SELECT 1;".as_slice()).await;
        let shown = if name.len() > 100 {
            format!("a name of {} bytes", name.len())
        } else {
            format!("{name:?}")
        };
        told(shown, sent);
    }
    let mut tar = vec![b'a'; 512];
    tar[257..262].copy_from_slice(b"ustar");
    for (name, content) in [
        ("a.sql", b"SELECT \0".as_slice()),
        ("a.sql", b"\xff"),
        ("a.gz", b"\x1f\x8b"),
        ("a.gz", b"\x1f"),
        ("a.tgz", b"SELECT"),
        ("a.zip", b"PK\x03\x04"),
        ("a.zip", b"PK\x05\x06"),
        ("a.zip", b"PK\x07\x08"),
        ("a.zip", b"PK\x01\x02"),
        ("a.tar", &tar),
        ("a.tar", &tar[..261]),
        ("a.bz2", b"BZh"),
        ("a.bz2", b"BZ"),
        ("a.xz", b"\xfd7zXZ\0"),
        ("a.xz", b"\xfd7zXZ"),
        ("a.sql.gz", b"\x1f\x8b\x08\0"),
        ("a.bz2", b"BZh91AY"),
        ("a.xz", b"\xfd7zXZ\0\0\x04"),
        ("a.dump", b"PGDMP\0"),
        ("a.bak", b"text"),
        ("a.archive", b"\0"),
        ("a.dmp", b"\xff"),
        ("a.bson", b"\x05\0\0\0\0"),
        ("a.bson", b"\x06\0\0\0\0"),
        ("a.bson", b"\x04\0\0\0\0"),
        ("a.bson", b"\x05\0"),
        ("a.sqlite", b"\0"),
        ("a.sqlite3", b"\xff"),
        ("a.db", b"\0"),
        ("a.backup", b"\xff"),
    ] {
        let length = content.len() as u64;
        let sent = imports
            .upload(name, length, std::io::Cursor::new(content.to_vec()))
            .await;
        told(
            format!("{name}: {}", content[..content.len().min(8)].escape_ascii()),
            sent,
        );
    }
    for (what, length) in [
        ("fewer bytes", 10),
        ("more bytes", 8),
        ("no bytes", 0),
        ("as many as possible", 10_737_418_240),
        ("too many", 10_737_418_241),
    ] {
        told(
            what.to_owned(),
            imports
                .upload("a.sql", length, b"SELECT 1;".as_slice())
                .await,
        );
    }
    for size in [0, 4095, 4096, 200_000_000, 200_000_001] {
        let upload = imports.upload("a.sql", 9, b"SELECT 1;".as_slice());
        told(format!("chunks of {size}"), upload.chunk_size(size).await);
    }
    let unchecked = imports
        .upload("a.txt", 9, b"SELECT 1;".as_slice())
        .unchecked();
    told("unchecked".to_owned(), unchecked.await);
    let unchecked = imports
        .upload("a.gz", 9, b"SELECT 1;".as_slice())
        .unchecked();
    told(
        "unchecked, with another content".to_owned(),
        unchecked.await,
    );
    let unchecked = imports
        .upload("a/b", 9, b"SELECT 1;".as_slice())
        .unchecked();
    told("unchecked, with a path".to_owned(), unchecked.await);
    let renamed = imports
        .upload("a.txt", 9, b"SELECT 1;".as_slice())
        .name("a.sql");
    told("renamed".to_owned(), renamed.await);
    told(
        "no such file".to_owned(),
        imports.upload_file("/no/such/file.sql").await,
    );
    told(
        "a folder".to_owned(),
        imports.upload_file("/").name("a.sql").await,
    );
    told("no name".to_owned(), imports.upload_file("/").await);
    insta::assert_snapshot!(all.join("\n"));
}

/// Only the rest of the file that was interrupted continues an upload.
#[tokio::test(start_paused = true)]
async fn an_upload_continues_with_the_same_file() {
    const UPLOADS: &str = "POST /databases/db1/imports/uploads";
    let part = || ok(json!({"upload_id": "u1"}));
    let stage = Stage::of_version("4.4.0")
        .await
        .on(UPLOADS, [part(), outage()]);
    let imports = stage.client().database("db1").imports();
    let dump = |length: usize| std::io::Cursor::new(vec![b'a'; length]);
    let upload = imports.upload("a.sql", 9000, dump(9000)).chunk_size(4096);
    let error = upload.await.expect_err("the second part fails");
    let interrupted = error.interrupted_upload().expect("it can continue").clone();
    let address = regex::Regex::new(r"127\.0\.0\.1:\d+").expect("a pattern");
    let told = |error: Error| {
        let said = failure(&error).replace(&interrupted.upload_id, "UPLOAD");
        address.replace_all(&said, "c.example").into_owned()
    };
    let mut all = vec![format!("interrupted: {}", told(error))];
    assert_eq!((interrupted.sent, interrupted.chunk_size), (4096, 4096));
    for length in [0, 1, 4095, 4096] {
        let upload = imports.upload("a.sql", length as u64, dump(length));
        let error = upload.resume(&interrupted).await.expect_err("another file");
        all.push(format!("a file of {length} bytes: {}", told(error)));
    }
    let upload = imports
        .upload("a.sql", 9000, dump(9000))
        .resume(&interrupted);
    let error = upload.chunk_size(5000).await.expect_err("other chunks");
    all.push(format!("chunks of 5000 bytes: {}", told(error)));
    for (what, reply) in [
        ("refused", message(422, "Invalid upload.")),
        (
            "forbidden",
            message(403, "Missing required permissions: write"),
        ),
        ("cut off", Reply::Cut),
        ("too often", message(429, "Too Many Attempts.")),
        ("a page", Reply::Say(200, "text/html", "<html>".to_owned())),
        ("not yet together", part()),
        (
            "together, and too short",
            ok(json!({"upload_id": "u1", "size": 4097})),
        ),
        ("together", ok(json!({"upload_id": "u1", "size": 4098}))),
    ] {
        let stage = Stage::of_version("4.4.0").await.on(UPLOADS, [reply]);
        let imports = stage.client().database("db1").imports();
        let upload = imports
            .upload("a.sql", 4098, dump(4098))
            .resume(&interrupted);
        let told = match upload.await {
            Ok(done) => format!("{done:?}"),
            Err(error) => {
                let continues = error.interrupted_upload().is_some();
                format!("{}\n  continues: {continues}", told(error))
            }
        };
        all.push(format!("the last 2 bytes, {what}: {told}"));
    }
    insta::assert_snapshot!(all.join("\n"));
}
