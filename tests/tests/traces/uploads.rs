//! What is sent for an import: a file, chunk by chunk, and the start of the import.

use coolify_sdk::Error;
use coolify_sdk::imports::{DatabaseImports, ImportRun, UploadEvent, UploadFile};
use futures_util::StreamExt;
use regex::Regex;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, failure, message, ok, outage};

const UPLOADS: &str = "POST /databases/db1/imports/uploads";

/// A file of this length, with the letters from a to z in turn.
fn dump(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| b'a' + u8::try_from(at % 26).expect("a letter"))
        .collect()
}

async fn stage(replies: impl IntoIterator<Item = Reply>) -> (Stage, DatabaseImports) {
    let stage = Stage::of_version("4.4.0").await.on(UPLOADS, replies);
    let imports = stage.client().database("db1").imports();
    (stage, imports)
}

fn part() -> Reply {
    ok(json!({"upload_id": "u1"}))
}

fn whole(size: impl Into<Value>) -> Reply {
    ok(json!({"upload_id": "u1", "filename": "a.sql", "size": size.into()}))
}

/// Returns the story with short names for what is random or long.
fn short(stage: &Stage) -> String {
    let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    let boundary = Regex::new(&format!("coolify-sdk-{uuid}")).expect("a pattern");
    let id = Regex::new(uuid).expect("a pattern");
    let letters = Regex::new("[a-z]{100,}").expect("a pattern");
    let story = stage.story.to_string().replace("\r\n", "\n");
    let story = boundary.replace_all(&story, "BOUNDARY");
    let story = id.replace_all(&story, "UPLOAD");
    let story = letters.replace_all(&story, |found: &regex::Captures<'_>| {
        let text = &found[0];
        let (first, last) = (&text[..3], &text[text.len() - 3..]);
        format!("{first}…{last}, {} bytes", text.len())
    });
    let lines = story.lines().filter(|it| {
        let it = it.trim();
        !it.is_empty() && it != "--BOUNDARY"
    });
    lines.fold(String::new(), |all, line| all + line + "\n")
}

async fn told(stage: &Stage, upload: UploadFile) {
    let mut events = upload.events();
    while let Some(event) = events.next().await {
        let said = match event {
            Ok(UploadEvent::Sent(progress)) => format!("{}%, {progress:?}", progress.percent()),
            Ok(event) => format!("{event:?}"),
            Err(error) => {
                let interrupted = error.interrupted_upload();
                format!("{}\n{interrupted:?}", failure(&error))
            }
        };
        stage.story.tell(said);
    }
    stage.story.tell("the stream ends");
}

#[tokio::test(start_paused = true)]
async fn a_file_is_uploaded_chunk_by_chunk() {
    let (stage, imports) = stage([part(), part(), whole(10_000)]).await;
    let usual = imports.upload("a.sql", 1, std::io::Cursor::new(dump(1)));
    stage.story.tell(format!("{usual:?}"));
    let upload = imports.upload("a.sql", 10_000, std::io::Cursor::new(dump(10_000)));
    let upload = upload.name("b.sql").chunk_size(4096);
    stage.story.tell(format!("{upload:?}"));
    told(&stage, upload).await;
    insta::assert_snapshot!(short(&stage));
}

#[tokio::test(start_paused = true)]
async fn the_last_chunk_may_be_a_whole_one() {
    let (stage, imports) = stage([part(), whole(8192)]).await;
    let upload = imports.upload("a.sql", 8192, std::io::Cursor::new(dump(8192)));
    let done = upload.chunk_size(4096).await;
    stage.story.tell_of("end", &done);
    insta::assert_snapshot!(short(&stage));
}

/// A file and a reader continue at the same byte.
#[tokio::test(start_paused = true)]
async fn an_interrupted_upload_sends_the_rest_of_the_file() {
    let path = std::env::temp_dir().join(format!("coolify-sdk-upload-{}.sql", std::process::id()));
    std::fs::write(&path, dump(10_000)).expect("a file");
    let mut all = String::new();
    for from in ["a reader", "a file"] {
        let (stage, imports) = stage([part(), outage(), part(), whole(10_000)]).await;
        let upload = || match from {
            "a file" => imports.upload_file(&path).name("a.sql"),
            _ => imports.upload("a.sql", 10_000, std::io::Cursor::new(dump(10_000))),
        };
        let error = upload().chunk_size(4096).await.expect_err("an outage");
        let interrupted = error.interrupted_upload().expect("it can continue");
        stage.story.tell(failure(&error));
        told(&stage, upload().resume(interrupted)).await;
        all += &chapter(from, short(&stage));
    }
    std::fs::remove_file(&path).expect("the file is there");
    insta::assert_snapshot!(all);
}

/// The number of bytes was known before; the file changes while it is read.
#[tokio::test(start_paused = true)]
async fn a_file_has_the_length_that_was_told() {
    // The forms are compared above.
    let form = Regex::new("(?s) --BOUNDARY\n.*?--BOUNDARY--\n *").expect("a pattern");
    let mut all = String::new();
    for (name, length, told_length, replies) in [
        ("shorter than one chunk", 4000, 4001, vec![]),
        ("longer than one chunk", 4001, 4000, vec![]),
        ("shorter than two chunks", 5000, 5001, vec![part()]),
        ("longer than two chunks", 5001, 5000, vec![part()]),
        ("nothing", 0, 0, vec![]),
        ("refused", 5000, 5000, vec![message(422, "Invalid upload.")]),
        ("together too early", 5000, 5000, vec![whole(5000)]),
        ("not together", 5000, 5000, vec![part()]),
        ("another size", 5000, 5000, vec![part(), whole(4999)]),
        ("an invalid size", 5000, 5000, vec![part(), whole(-1)]),
    ] {
        let (stage, imports) = stage(replies).await;
        let reader = std::io::Cursor::new(dump(length));
        let upload = imports.upload("a.sql", told_length, reader);
        told(&stage, upload.chunk_size(4096)).await;
        all += &chapter(name, form.replace_all(&short(&stage), " a form "));
    }
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn each_import_has_its_request() {
    let started = || ok(json!({"id": 7, "message": "Import started.", "status": "queued"}));
    let import = |status: &str| ok(json!({"id": 7, "status": status, "exit_code": 0}));
    let mut all = String::new();
    macro_rules! calls {
        ($name:literal, $path:literal, |$coolify:ident| $imports:expr) => {
            let stage = Stage::of_version("4.4.0")
                .await
                .on(concat!("POST ", $path), [started()])
                .on(concat!("POST ", $path, "/uploads"), [whole(9)])
                .since(
                    concat!("GET ", $path, "/7"),
                    [(0, import("queued")), (3, import("finished"))],
                );
            let $coolify = stage.client();
            let (imports, story) = ($imports, &stage.story);
            let told = |run: Result<ImportRun, Error>| {
                let run = run.map(|run| (run.id(), run.message().map(str::to_owned)));
                story.tell_of("started", &run);
            };
            told(imports.from_server("/root/a.sql").dump_all(true).await);
            let from_s3 = imports.from_s3("st1", "dumps/a.sql");
            told(from_s3.replace_existing(true).keep_owners(false).await);
            told(
                imports
                    .from_upload("u1")
                    .sqlite_database("a.db")
                    .send()
                    .await,
            );
            let end = imports.from_server("/root/a.sql").and_wait().await;
            story.tell_of("end", &end);
            story.tell_of("read", &imports.get(7).await);
            let reader = std::io::Cursor::new(b"SELECT 1;");
            story.tell_of("uploaded", &imports.upload("a.sql", 9, reader).await);
            all += &chapter($name, short(&stage));
        };
    }
    calls!("a database", "/databases/db1/imports", |coolify| coolify
        .database("db1")
        .imports());
    calls!(
        "a database of a service",
        "/services/s1/databases/p1/imports",
        |coolify| coolify.service("s1").database("p1").imports()
    );
    insta::assert_snapshot!(all);
}
