//! The file of a cassette, and what a replay says about a test that differs.

use std::fmt::Write as _;

use coolify_sdk::Coolify;
use coolify_sdk::operations::Method;
use coolify_sdk::testing::Cassette;
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use super::tape::Tape;

const UUID: &str = "khzsv5nucvscskrm5gez3p8v";

/// Answers by the path, with texts of the request in the reply.
fn answer(request: &Request) -> ResponseTemplate {
    let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let path = request.url.path().trim_start_matches("/api/v1");
    match (request.method.as_str(), path) {
        ("POST", "/projects") => {
            ResponseTemplate::new(201).set_body_json(json!({"uuid": UUID, "name": sent["name"]}))
        }
        (_, "/plain") => ResponseTemplate::new(200).set_body_string("the pin is 4711"),
        (_, "/page") => ResponseTemplate::new(200).set_body_raw("open-sesame-7", "text/plain"),
        (_, "/problem") => ResponseTemplate::new(409).set_body_raw(
            json!({"message": "The name open-sesame-7 is taken."}).to_string(),
            "application/problem+json; charset=utf-8",
        ),
        (_, "/moved") => ResponseTemplate::new(302)
            .insert_header("location", "https://login.acme.dev/start")
            .insert_header("x-ratelimit-remaining", "soon"),
        (_, "/limited") => ResponseTemplate::new(429)
            .insert_header("retry-after", "700")
            .insert_header("x-ratelimit-limit", "200")
            .insert_header("x-ratelimit-remaining", "0")
            .set_body_json(json!({"message": "Too Many Attempts."})),
        (_, "/health") => ResponseTemplate::new(200).set_body_string("OK"),
        (_, "/broken") => ResponseTemplate::new(500).set_body_string("<h1>panel.acme.dev</h1>"),
        ("DELETE", _) => ResponseTemplate::new(204),
        _ => ResponseTemplate::new(200)
            .insert_header("x-ratelimit-limit", "200")
            .insert_header("x-ratelimit-remaining", "199")
            .set_body_json(json!([{"uuid": UUID, "name": "open-sesame-7", "status": "running"}])),
    }
}

/// Sends a request, and ignores what comes.
async fn send(coolify: &Coolify, method: Method, path: &str, body: Option<Value>) {
    let mut request = coolify.request(method, path);
    if let Some(body) = body {
        request = request.json(body);
    }
    let _ = request.send().await;
}

async fn record() -> Tape {
    Tape::record(answer, async |cassette: &Cassette, coolify: &Coolify| {
        cassette.keep("pin is");
        cassette.hide("staging");
        let get = async |path: &str| send(coolify, Method::Get, path, None).await;
        let create = json!({"name": "open-sesame-7", "description": "at 10.1.2.3"});
        send(coolify, Method::Post, "/projects", Some(create)).await;
        get(&format!("/projects/{UUID}/staging")).await;
        get("/applications/my-app/logs").await;
        let list = coolify.request(Method::Get, "/deployments/applications/a7");
        let _ = list.query("take", 10).query("skip", "many").send().await;
        for path in [
            "/plain", "/page", "/problem", "/moved", "/health", "/broken",
        ] {
            get(path).await;
        }
        let change = json!({"name": "other", "settings": {"pin": 4711, "list": ["a", "B7x9Yq"]}});
        let path = format!("/projects/{UUID}");
        send(coolify, Method::Patch, &path, Some(change)).await;
        send(
            coolify,
            Method::Put,
            "/new/Route-7/b",
            Some(json!(["x", true])),
        )
        .await;
        send(coolify, Method::Delete, &path, None).await;
        // The client waits after it, so it comes last.
        get("/limited").await;
    })
    .await
}

#[tokio::test]
async fn a_file_has_the_form_of_what_was_sent_and_answered() {
    insta::assert_snapshot!(record().await.text());
}

/// Returns what a replay without its recorded requests, but with this one, reports first.
async fn said(tape: &Tape, method: Method, path: &str, body: Option<Value>) -> String {
    let problems = tape
        .replay(async |coolify| send(coolify, method, path, body.clone()).await)
        .await;
    let first = problems.first().cloned().unwrap_or_default();
    format!("{}\n", first.replace("the cassette has no answer to ", ""))
}

#[tokio::test]
async fn a_request_that_was_not_recorded_is_compared_with_the_nearest() {
    let tape = record().await;
    let project = format!("/projects/{UUID}");
    let mut told = String::new();
    let change = |pin: Value, list: Value| {
        Some(json!({"name": "n", "settings": {"pin": pin, "list": list}}))
    };
    for (method, path, body) in [
        (Method::Get, "/nothing/like/it", None),
        (Method::Post, "/plain", Some(json!({}))),
        (Method::Get, &*project, None),
        (Method::Post, "/projects", None),
        (Method::Post, "/projects", Some(json!({"name": "x"}))),
        (
            Method::Post,
            "/projects",
            Some(json!({"name": "x", "description": "at x", "more": 1})),
        ),
        (
            Method::Post,
            "/projects",
            Some(json!({"name": "x", "description": 1})),
        ),
        (Method::Post, "/projects", Some(json!([]))),
        (
            Method::Patch,
            &*project,
            change(json!("x"), json!(["a", "b"])),
        ),
        (Method::Patch, &*project, change(json!(1), json!(["a"]))),
        (Method::Get, "/deployments/applications/b", None),
        (Method::Put, "/new/else/b", Some(json!(["x", false]))),
        (Method::Delete, "/projects/a/b", None),
    ] {
        told += &said(&tape, method, path, body).await;
    }
    let query = tape.replay(async |coolify| {
        let list = coolify.request(Method::Get, "/deployments/applications/a7");
        let _ = list.query("take", 10).query("more", 1).send().await;
    });
    told += &query.await[0];
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn requests_that_are_not_made_are_listed() {
    let tape = record().await;
    let project = format!("/projects/{UUID}");
    let problems = tape.replay(async |coolify| {
        let create = json!({"name": "mine", "description": "at here"});
        send(coolify, Method::Post, "/projects", Some(create.clone())).await;
        send(coolify, Method::Post, "/projects", Some(create)).await;
        send(coolify, Method::Delete, &project, None).await;
        send(coolify, Method::Get, "/health", None).await;
    });
    insta::assert_snapshot!(problems.await.join("\n"));
}

/// What was sent comes back in the replies, wherever the file has its placeholder.
#[tokio::test]
async fn replies_contain_what_the_test_sends() {
    let tape = record().await;
    let mut told = String::new();
    let problems = tape.replay(async |coolify| {
        let mut show = async |method: Method, path: &str, body: Option<Value>| {
            let mut request = coolify.request(method, path);
            if let Some(body) = body {
                request = request.json(body);
            }
            let shown = match request.send().await {
                Ok(reply) => reply.expose().to_string(),
                Err(error) => error.report().to_string(),
            };
            writeln!(told, "{} {path}: {shown}", method.as_str()).expect("a text");
        };
        let create = json!({"name": "my name", "description": "at 192.168.7.7"});
        show(Method::Post, "/projects", Some(create)).await;
        show(Method::Get, &format!("/projects/{UUID}/other"), None).await;
        show(Method::Get, "/applications/any/logs", None).await;
        for path in [
            "/plain", "/page", "/problem", "/moved", "/health", "/broken",
        ] {
            show(Method::Get, path, None).await;
        }
        let change = json!({"name": "n", "settings": {"pin": 1, "list": ["a", "b"]}});
        let path = format!("/projects/{UUID}");
        show(Method::Patch, &path, Some(change)).await;
        show(Method::Put, "/new/any/b", Some(json!(["x", true]))).await;
        show(Method::Delete, &path, None).await;
    });
    let problems = problems.await;
    insta::assert_snapshot!(format!("{told}\n{}", problems.join("\n")));
}

#[tokio::test]
async fn a_tape_of_another_sdk_may_lack_what_is_sent_now() {
    let tape = record().await;
    tape.replace(env!("CARGO_PKG_VERSION"), "0.0.1");
    let problems = tape.replay(async |coolify| {
        let create = json!({"name": "x", "description": "at x", "more": 1});
        send(coolify, Method::Post, "/projects", Some(create)).await;
        let list = coolify.request(Method::Get, "/deployments/applications/a7");
        let list = list.query("take", 10).query("skip", "x").query("more", 1);
        let _ = list.send().await;
        send(coolify, Method::Get, "/plain", Some(json!({"new": 1}))).await;
    });
    let problems = problems.await.join("\n");
    let unsent = |path: &str| problems.contains(&format!("did not send {path} "));
    assert!(
        !unsent("POST /projects") && !unsent("GET /plain"),
        "{problems}"
    );
    assert!(!problems.contains("no answer"), "{problems}");
}

#[tokio::test]
async fn texts_that_are_kept_are_whole_words() {
    let log = "the pin is 4711\n(pin is) set\nspinning\npin\n<<pin>> pin is\n\
        2026-11-30T01:02:03Z pin is x9\n  pin is  \npin is hidden-word\nxpin is\n\n\
        2026-11-30T01:02:03Z\nyesterday pin";
    let answer = move |_: &Request| ResponseTemplate::new(200).set_body_json(json!({"logs": log}));
    let tape = Tape::record(answer, async |cassette, coolify| {
        for kept in ["pin", "pin is", "is hidden-word"] {
            cassette.keep(kept);
        }
        cassette.hide("hidden-word");
        send(coolify, Method::Get, "/new", None).await;
    });
    let logs = tape.await.replies().remove(0)["json"]["logs"].take();
    insta::assert_snapshot!(logs.as_str().expect("a text"));
}
