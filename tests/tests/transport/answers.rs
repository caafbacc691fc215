//! What the errors of refused requests tell, as a whole: kind, message, hint and facts.

use coolify_sdk::operations::Method;
use std::fmt::Write as _;

use crate::told::{Answering, told};

/// For each status, what a refusal means with a message of Coolify, without one, and as
/// a web page. A write is listed where it differs from a read.
#[tokio::test(start_paused = true)]
async fn each_status_has_a_meaning() {
    let server = Answering::start("4.3.11").await;
    let mut text = String::new();
    let statuses = [
        400, 401, 402, 403, 404, 405, 407, 408, 409, 413, 419, 422, 429, 500, 501, 502, 503, 504,
        505, 511, 520, 599,
    ];
    for status in statuses {
        for (what, body) in [
            ("message", r#"{"message":"It failed."}"#),
            ("empty", "{}"),
            ("page", "<title>A page</title>"),
        ] {
            server.answers(status, &[], body);
            let mut told = Vec::new();
            for method in [Method::Get, Method::Post] {
                let error = server.refuses(method, "/projects").await;
                let text = error.to_string();
                let (text, _) = text.split_once(" (HTTP").unwrap();
                let (_, summary) = text.split_once(": ").unwrap();
                told.push(format!(
                    "{:?}: {summary}; {}{}",
                    error.kind(),
                    error.hint().unwrap_or("no hint"),
                    if error.outcome_unknown() {
                        "; outcome unknown"
                    } else {
                        ""
                    },
                ));
            }
            writeln!(text, "{status} {what}: {}", told[0]).unwrap();
            if told[1] != told[0] {
                writeln!(text, "{status} {what}, write: {}", told[1]).unwrap();
            }
        }
    }
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_found_depends_on_what_was_looked_up() {
    let server = Answering::start("4.3.11").await;
    let text = server.play(&[
        r#"GET /applications/a 404 {"message":"Application not found."}"#,
        r#"GET /applications 404 {"message":"Server not found."}"#,
        r#"GET /teams/7 404 {"message":"Team not found."}"#,
        r#"DELETE /github-apps/7 404 {"message":"GitHub app not found."}"#,
        r#"GET /projects/p/production 404 {"message":"Environment not found."}"#,
        r#"GET /projects/p/envs 404 {"message":"Project not found."}"#,
        r#"DELETE /projects/p/envs/3 404 {"message":"Environment variable not found."}"#,
        r#"DELETE /applications/a/envs/e 404 {"message":"Environment variable not found."}"#,
        r#"POST /deploy 404 {"message":"No resources found with this tag."}"#,
        r#"GET /github-apps/7/repositories/o/r/branches 404 {"message":"Branch not found."}"#,
        r#"GET /github-apps/7/repositories/o/r/branches 404 {"message":"No such repository."}"#,
        r#"GET /services/s/logs 404 {"message":"Container not found."}"#,
        r#"GET /services/s/logs 404 {"message":"Sub service not found."}"#,
        r#"GET /services/s/logs 404 {"message":"The service_name is unknown."}"#,
        r#"GET /applications/a/previews/7 404 {"message":"Preview not found."}"#,
        r#"GET /applications/a/previews/7 404 {"message":"Application not found."}"#,
        r#"GET /applications/a/previews 404 {"message":"Preview not found."}"#,
        r#"GET /databases/d/imports/7 404 {"message":"Import not found."}"#,
        r#"GET /new/route 404 {"message":"It is gone."}"#,
        r#"POST /services 404 {"message":"Unknown type.","valid_service_types":["n8n","ghost"]}"#,
        r#"POST /services 404 {"message":"The type is required."}"#,
        r#"POST /servers/s/claim 404 {"message":""}"#,
        r#"GET /applications/a 404 {"error":"gone"}"#,
        r"GET /applications/a 404 ",
    ]);
    insta::assert_snapshot!(text.await);
}

#[tokio::test(start_paused = true)]
async fn a_route_that_is_missing_is_explained_by_the_version() {
    let unknown = r#"{"message":"Not found.","docs":"https://coolify.io/docs"}"#;
    let mut text = String::new();
    for version in ["4.1.2", "4.3.11", "4.9.0", "nightly", "<html>"] {
        writeln!(text, "=== {version}").unwrap();
        for (method, path) in [
            (Method::Get, "/projects"),
            (Method::Get, "/tags"),
            (Method::Get, "/audit-events"),
            (Method::Get, "/projects/p/envs"),
            (Method::Post, "/enable"),
            (Method::Get, "/new/route"),
        ] {
            // Each time a new client, which does not know the version.
            let server = Answering::start(version).await;
            server.answers(404, &[], unknown);
            let error = server.refuses(method, path).await;
            writeln!(
                text,
                "{method} {path}\n{}",
                told(&error, &server.server.url())
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn a_server_without_any_route_is_not_coolify() {
    let server = Answering::start("").await;
    server.answers(
        404,
        &[],
        r#"{"message":"Not found.","docs":"https://d.example"}"#,
    );
    let mut text = String::new();
    for path in ["/projects", "/tags", "/new/route"] {
        let error = server.refuses(Method::Get, path).await;
        writeln!(text, "GET {path}\n{}", told(&error, &server.server.url())).unwrap();
    }
    let error = server.coolify.version().await.unwrap_err();
    writeln!(text, "the version\n{}", told(&error, &server.server.url())).unwrap();
    // Before 4.3.0, the path of a project's variables is that of an environment.
    let old = Answering::start("4.2.0").await;
    old.answers(404, &[], r#"{"message":"Environment not found."}"#);
    let error = old.refuses(Method::Get, "/projects/p/envs").await;
    write!(
        text,
        "an environment named `envs`\n{}",
        told(&error, &old.server.url())
    )
    .unwrap();
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_allowed_says_why() {
    let server = Answering::start("4.3.11").await;
    let text = server.play(&[
        r#"GET /projects 401 {"message":"Unauthenticated."}"#,
        r#"GET /projects 401 {"message":"Jwt is missing"}"#,
        r#"GET /hetzner/images 401 {"message":"Unauthenticated."}"#,
        r#"GET /projects 400 {"message":"Invalid token."}"#,
        r#"GET /projects 403 {"message":"Missing required permissions: write"}"#,
        r#"GET /projects 403 {"message":"This requires a token with read:sensitive."}"#,
        r#"GET /projects 403 {"message":"Missing required permissions: admin, deploy"}"#,
        r#"GET /databases/d/logs 403 {"message":"Missing required permissions: read:sensitive"}"#,
        r#"GET /databases/d/logs 403 {"message":"Missing required permissions: read"}"#,
        r#"GET /databases/d/logs 403 {"message":"Your team role does not allow this."}"#,
        r#"GET /projects 403 {"message":"Your team role does not allow this."}"#,
        r#"GET /projects 403 {"message":"The permissions exceed your current role."}"#,
        r#"GET /projects 403 {"message":"This API token has permissions that you lack."}"#,
        r#"GET /projects 403 {"message":"You are not authorized."}"#,
        r#"GET /projects 403 {"message":"API is disabled."}"#,
        r#"GET /projects 403 {"message":"You are not allowed to access the API."}"#,
        r#"GET /projects 403 {"message":"No."}"#,
        r#"GET /projects 403 {"error":"blocked"}"#,
        r"GET /projects 403 <title>403 Forbidden</title>",
    ]);
    insta::assert_snapshot!(text.await);
}

#[tokio::test(start_paused = true)]
async fn what_is_invalid_or_in_conflict_says_what_to_change() {
    let server = Answering::start("4.3.11").await;
    let text = server.play(&[
        r#"PATCH /projects/p 400 {"message":"Invalid request.","error":"Empty JSON."}"#,
        r#"POST /services 400 {"message":"The server has multiple destinations."}"#,
        r#"POST /projects 422 {"message":"Validation failed.","errors":{"x":["This field is not allowed."]}}"#,
        r#"POST /s3-storages 422 {"errors":{"endpoint":["It is a private address."]}}"#,
        r#"POST /s3-storages 422 {"errors":{"endpoint":["No private, reserved ones."]}}"#,
        r#"POST /s3-storages 422 {"errors":{"endpoint":["No link-local ones."]}}"#,
        r#"POST /s3-storages 422 {"errors":{"endpoint":["No localhost or internal hosts."]}}"#,
        r#"PATCH /applications/a 422 {"errors":{"d":["Not without docker_compose_raw."]}}"#,
        r#"PATCH /applications/a 422 {"errors":{"dockerfile":["It must be base64 encoded."]}}"#,
        r#"DELETE /s3-storages/s 422 {"message":"The storage is in use."}"#,
        r#"DELETE /s3-storages/s 422 {"message":"A backup schedule has it."}"#,
        r#"PATCH /services/s/storages 422 {"message":"No.","read_only_fields":["mount_path"]}"#,
        r#"PATCH /services/s/storages 422 {"message":"It is read-only."}"#,
        r#"POST /projects 422 {"message":"No.","error":"Why","details":"More","errors":["One","Two"]}"#,
        r#"POST /projects 418 {"message":"A teapot."}"#,
        r#"POST /applications/public 409 {"message":"Domain conflicts.","warning":"w","conflicts":[{"domain":"https://a.example","resource_name":"web","resource_uuid":"w1","resource_type":"application","message":"taken"}]}"#,
        r#"POST /applications/a/envs 409 {"message":"Environment variable already exists."}"#,
        r#"DELETE /projects/p 400 {"message":"Project has resources."}"#,
        r#"DELETE /security/keys/k 409 {"message":"It is used by a server."}"#,
        r#"POST /databases/d/stop 400 {"message":"Database is not running."}"#,
        r#"POST /databases/d/start 400 {"message":"Database is already running."}"#,
        r#"POST /databases/d/imports 409 {"message":"An import is already in progress."}"#,
        r#"DELETE /destinations/d 400 {"message":"It cannot be deleted."}"#,
        r#"DELETE /servers/s 400 {"message":"You cannot delete this."}"#,
        r#"POST /services 400 {"message":"Server has no destinations."}"#,
        r#"POST /services 400 {"message":"Server is not functional."}"#,
        r#"POST /projects 409 {"message":"No."}"#,
        r#"POST /deploy 429 {"message":"Deployment queue is full."}"#,
        r#"POST /deploy 400 {"message":"The deployment QUEUE IS FULL."}"#,
    ]);
    insta::assert_snapshot!(text.await);
}

#[tokio::test(start_paused = true)]
async fn what_failed_on_the_server_says_where_to_look() {
    let server = Answering::start("4.3.11").await;
    let text = server.play(&[
        r#"POST /applications/a/scheduled-tasks 500 {"message":"Server Error"}"#,
        r#"PATCH /services/s/scheduled-tasks/t 500 {"message":"Server Error"}"#,
        r#"GET /services/s/scheduled-tasks 500 {"message":"Server Error"}"#,
        r#"POST /deployments/d/cancel 500 {"message":"Server Error"}"#,
        r#"POST /servers/hetzner 500 {"message":"Hetzner said no."}"#,
        r#"POST /servers/vultr 500 {"message":"Failed to reach VULTR."}"#,
        r#"POST /servers/digitalocean 500 {"message":"DigitalOcean said no."}"#,
        r#"GET /github-apps/7/repositories 500 {"message":"Server Error"}"#,
        r#"GET /github-apps/7/repositories/o/r/branches 500 {"message":"Server Error"}"#,
        r#"GET /projects 500 {"message":"Server Error"}"#,
        r"GET /projects 503 <title>Down</title>",
        r"POST /projects 503 <title>Down</title>",
        r#"POST /projects 501 {"message":"Not for Docker Swarm."}"#,
        r#"POST /projects 501 {"message":"Not here."}"#,
        r"GET /projects 400 <title>400 The plain HTTP request was sent to HTTPS port</title>",
        r"GET /projects 400 Client sent an HTTP request to an HTTPS server.",
        r"GET /projects 400 You're speaking plain HTTP to an SSL-enabled server port.",
        r"GET /projects 400 Bad Request",
    ]);
    insta::assert_snapshot!(text.await);
}

#[tokio::test(start_paused = true)]
async fn a_429_says_whose_limit_it_is_and_how_long_to_wait() {
    let server = Answering::start("4.3.11").await;
    let mut text = String::new();
    let count = [("x-ratelimit-limit", "200"), ("x-ratelimit-remaining", "0")];
    let cases: [(&str, &[(&str, &str)]); 8] = [
        ("Too Many Attempts.", &[("retry-after", "17")]),
        (
            "Too Many Attempts.",
            &[count[0], count[1], ("retry-after", "17")],
        ),
        ("Slow down.", &[count[0], count[1], ("retry-after", "17")]),
        (
            "Slow down.",
            &[
                count[0],
                count[1],
                ("x-ratelimit-reset", "1"),
                ("retry-after", "17"),
            ],
        ),
        ("Slow down.", &[("retry-after", "86401")]),
        ("Slow down.", &[("retry-after", "soon")]),
        ("Slow down.", &[("x-ratelimit-reset", "1")]),
        ("Slow down.", &[("x-ratelimit-reset", "99999999999")]),
    ];
    for (message, headers) in cases {
        server.answers(429, headers, &format!(r#"{{"message":"{message}"}}"#));
        let error = server.refuses(Method::Post, "/projects").await;
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        writeln!(
            text,
            "{message} {}\n{}",
            headers.join(", "),
            told(&error, &server.server.url())
        )
        .unwrap();
    }
    insta::assert_snapshot!(text);
}
