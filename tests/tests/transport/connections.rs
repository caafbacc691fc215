//! What the errors of connections, redirects and odd replies tell, as a whole.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use coolify_sdk::{Coolify, Error, ErrorReply, RetryPolicy};
use reqwest::dns::{Name, Resolve, Resolving};
use serde_json::json;
use wiremock::{MockServer, ResponseTemplate, matchers};

use crate::server::{Act, Server, json as replies, reply, with};
use crate::told::{Answering, told};
use crate::{TOKEN, builder, read, write};

async fn of_both(act: impl Fn() -> Act) -> String {
    let mut texts = Vec::new();
    for writes in [false, true] {
        let server = Server::start([act()]).await;
        let builder = builder(&server)
            .retry(RetryPolicy::none())
            .timeout(Duration::from_secs(5))
            .max_reply_size(1000);
        let coolify = builder.build().unwrap();
        let error = if writes {
            write(&coolify).await.unwrap_err()
        } else {
            read(&coolify).await.unwrap_err()
        };
        texts.push(told(&error, &server.url()));
    }
    texts.join("\n")
}

#[tokio::test(start_paused = true)]
async fn each_broken_connection_is_described() {
    let half = || reply(200, &[], r#"[{"uuid":"abc"}]"#);
    let long = format!("[{}]", " ".repeat(1000));
    let mut text = String::new();
    for (what, act) in [
        (
            "cut before the request was read",
            (|| Act::CutUnread) as fn() -> Act,
        ),
        ("cut after the request was read", || Act::CutRead),
        ("no reply", || Act::Stall),
        ("no HTTP", || {
            Act::Say("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{46}".to_owned())
        }),
        ("no status", || Act::Say("HTTP/1.1 abc\r\n\r\n".to_owned())),
        ("an unexpected status", || replies(202, "[]")),
        ("a page", || with(200, &[], " <!doctype html>")),
        ("nothing", || replies(200, "")),
        ("half a reply", || replies(200, r#"[{"uuid": "a""#)),
        ("no JSON", || replies(200, "\n hello")),
        ("another form", || replies(200, r#"{"message": "hello"}"#)),
    ] {
        writeln!(text, "=== {what}\n{}", of_both(act).await).unwrap();
    }
    writeln!(
        text,
        "=== cut within the reply\n{}",
        of_both(|| Act::CutWithin(half())).await
    )
    .unwrap();
    writeln!(
        text,
        "=== stalled within the reply\n{}",
        of_both(|| Act::StallWithin(half())).await
    )
    .unwrap();
    writeln!(
        text,
        "=== too long\n{}",
        of_both(|| replies(200, &long)).await
    )
    .unwrap();
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_described() {
    let mut text = String::new();
    for scheme in ["http", "https"] {
        let nowhere = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            format!("{scheme}://{}", listener.local_addr().unwrap())
        };
        let brief = RetryPolicy::default().attempts(3);
        let brief = brief.backoff(Duration::ZERO, Duration::ZERO);
        let coolify = Coolify::builder().url(&nowhere).token(TOKEN).retry(brief);
        let error = write(&coolify.build().unwrap()).await.unwrap_err();
        writeln!(text, "=== {scheme}\n{}", told(&error, &nowhere)).unwrap();
    }
    insta::assert_snapshot!(text);
}

/// Fails each connection with this text, which is one of a TLS library.
struct Failing(&'static str);

impl Resolve for Failing {
    fn resolve(&self, _: Name) -> Resolving {
        let text = self.0;
        Box::pin(async move { Err(text.into()) })
    }
}

#[tokio::test]
async fn what_a_tls_library_says_becomes_a_hint() {
    // A plain reqwest client needs a crypto provider for the whole process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut text = String::new();
    for said in [
        "invalid peer certificate: UnknownIssuer",
        "self-signed certificate in certificate chain",
        "received corrupt message of type InvalidContentType",
        "routines:ssl3_get_record:wrong version number",
        "routines:ssl3_get_record:http request",
        "record overflow",
        "tls handshake eof",
        "unexpected eof while reading",
        "no such host",
    ] {
        let failing = reqwest::Client::builder().dns_resolver(Arc::new(Failing(said)));
        let coolify = Coolify::builder()
            .url("https://c.example:8443/sub")
            .token(TOKEN)
            .http_client(failing.build().unwrap())
            .retry(RetryPolicy::none());
        let error = write(&coolify.build().unwrap()).await.unwrap_err();
        writeln!(text, "{}", told(&error, "")).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_says_which_url_to_configure() {
    let server = Answering::start("").await;
    let mut text = String::new();
    for location in [
        "https://c.example/api/v1/projects",
        "https://c.example/api/v1/projects/",
        "https://c.example/api/v1/projects?a=b",
        "https://c.example:8443/sub/api/v1/projects",
        "https://c.example/a-folder-of-15c/api/v1/projects",
        "https://c.example/a-folder-of-16ch/api/v1/projects",
        "//d.example/api/v1/projects",
        "/elsewhere/api/v1/projects",
        "/api/v1/servers",
        "/api/v2/projects",
        "/login",
        "https://sso.example/login?to=/api/v1/projects",
        "data:text/plain,hello",
        "http://",
    ] {
        server.answers(302, &[("location", location)], "");
        let error = read(&server.coolify).await.unwrap_err();
        writeln!(text, "{location}\n{}", told(&error, &server.server.url())).unwrap();
    }
    server.answers(304, &[], "");
    let error = write(&server.coolify).await.unwrap_err();
    write!(text, "nowhere\n{}", told(&error, &server.server.url())).unwrap();
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_cannot_be_read_names_the_place() {
    let server = Answering::start("").await;
    let mut text = String::new();
    for body in [
        r#"{"name": "shop"}"#,
        r#"{"uuid": "a", "name": ["shop"]}"#,
        r#"{"uuid": "p", "name": "n", "environments": {"a": 1}}"#,
        r#"{"uuid": 5}"#,
        r#"{"uuid": "p", "name": "n", "id": "seven"}"#,
        "[\n  1,\n  2]",
        "\"text\"",
        "7",
        "null",
        "{\"uuid\": \"a\",\n \"name\": }",
        "{\"uuid\": \"a",
        "   ",
        "\n\t<p>hello",
    ] {
        server.answers(200, &[], body);
        let project = server.coolify.raw().get_project_by_uuid("p").await;
        let outcome = match project {
            Ok(project) => format!("  read: {project:?}"),
            Err(error) => told(&error, &server.server.url()),
        };
        writeln!(text, "{body:?}\n{outcome}").unwrap();
    }
    insta::assert_snapshot!(text);
}

/// Replies to other requests: the connection is not used again, and a read is repeated.
#[tokio::test(start_paused = true)]
async fn a_reply_to_another_request_is_noticed() {
    let server = Answering::start("").await;
    let raw = server.coolify.raw();
    let mut text = String::new();
    let mut note = |what: &str, error: Option<Error>| {
        let outcome = error.map_or("  taken".to_owned(), |it| told(&it, &server.server.url()));
        writeln!(text, "{what}\n{outcome}").unwrap();
    };
    server.answers(200, &[], r#"{"uuid": "other", "name": "shop"}"#);
    note(
        "another project",
        raw.get_project_by_uuid("mine").await.err(),
    );
    note(
        "another environment",
        raw.get_environment_by_name_or_uuid("p", "mine").await.err(),
    );
    let body = coolify_sdk::raw::types::UpdateProjectByUuidBody {
        name: Some("n".to_owned()),
        ..Default::default()
    };
    note(
        "another project, changed",
        raw.update_project_by_uuid("mine", &body).await.err(),
    );
    note(
        "of a deletion",
        raw.delete_project_by_uuid("mine").await.err(),
    );
    server.answers(200, &[], r#" {"uuid": "mine", "name": "shop"}"#);
    note("the project", raw.get_project_by_uuid("mine").await.err());
    server.answers(
        200,
        &[],
        r#"{"uuid": "of the row", "deployment_uuid": "mine"}"#,
    );
    note(
        "the deployment",
        raw.get_deployment_by_uuid("mine").await.err(),
    );
    server.answers(200, &[], r#"{"uuid": "mine", "deployment_uuid": "other"}"#);
    note(
        "another deployment",
        raw.get_deployment_by_uuid("mine").await.err(),
    );
    for status in [201, 202] {
        server.answers(status, &[], "[]");
        note(
            &format!("a list with status {status}"),
            raw.list_projects().await.err(),
        );
    }
    server.answers(203, &[], "[]");
    note("a list with status 203", raw.list_projects().await.err());
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_text_has_to_be_text() {
    let server = MockServer::start().await;
    let bytes = ResponseTemplate::new(200).set_body_bytes([0x4f, 0x4b, 0xff]);
    let any = wiremock::Mock::given(matchers::any());
    any.respond_with(bytes).mount(&server).await;
    let coolify = Coolify::builder()
        .url(server.uri())
        .token(TOKEN)
        .build()
        .unwrap();
    let health = coolify.instance().health().await.unwrap_err();
    let untyped = coolify.request(coolify_sdk::operations::Method::Get, "/new");
    let untyped = untyped.await.unwrap_err();
    assert_eq!(
        [told(&health, &server.uri()), told(&untyped, &server.uri())],
        [
            "  Decode: healthcheck: the reply is not text",
            "  Decode: untyped-request: the reply does not have the expected form\n  \
             because: not JSON, at line 1 column 1\n  \
             hint: if the operation is a write, it was carried out; please report this message \
             and the version of your Coolify",
        ]
    );
}

#[test]
fn all_parts_of_a_refusal_are_read() {
    let whole = json!({
        "message": "m\nn", "error": "e", "details": "d", "warning": "w", "docs": "o",
        "errors": {"b": ["1", 2, "3"], "a": "4", "c": {"x": "y"}, "d": [["5"]]},
        "conflicts": [{"domain": "d", "resource_uuid": 7, "message": "taken"}, 5],
        "valid_service_types": ["a", 1, "b"], "read_only_fields": ["f", null],
        "success": true, "trace": [], "exception": "x",
    });
    let odd = json!({
        "message": ["m"], "error": "", "details": 1, "warning": null, "docs": false,
        "errors": "alone", "conflicts": {}, "valid_service_types": "a",
        "read_only_fields": {}, "success": "yes",
    });
    let page = "<html><title>\n Gone </title><title>2</title>";
    let mut text = String::new();
    for (kind, body) in [
        (Some("application/json"), whole.to_string()),
        (Some("application/json"), odd.to_string()),
        (
            Some("text/plain"),
            json!({"errors": ["x", 1, "y"]}).to_string(),
        ),
        (None, page.to_owned()),
        (Some("text/html; charset=utf-8"), page.to_owned()),
        (Some("text/plain"), page.to_owned()),
        (Some("text/html"), "<title></title>".to_owned()),
        (Some("text/html"), "<title>never closed".to_owned()),
        (None, "[1]".to_owned()),
        (None, String::new()),
    ] {
        let it = ErrorReply::parse(422, kind, body.as_bytes());
        writeln!(text, "{kind:?} {body}\n{it:#?}").unwrap();
    }
    insta::assert_snapshot!(text);
}
