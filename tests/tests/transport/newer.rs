//! Refusals of servers that are newer than the recordings. Their statuses and texts
//! are known from Coolify's source.

use coolify_sdk::{Coolify, Error, ErrorKind, operations::Ability};

use crate::{
    client,
    server::{Act, Received, Server, reply},
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

/// A refusal, and what has to become of it.
struct Case {
    status: u16,
    body: &'static str,
    kind: ErrorKind,
    hint: &'static str,
}

const CASES: &[Case] = &[
    Case {
        status: 429,
        body: r#"{"message": "Deployment queue is full. Please wait for existing deployments to complete."}"#,
        kind: ErrorKind::QueueFull,
        hint: "running deployments end",
    },
    Case {
        status: 409,
        body: r#"{"message": "A database import is already running."}"#,
        kind: ErrorKind::Conflict,
        hint: "wait until what is in progress is over",
    },
    Case {
        status: 409,
        body: r#"{"message": "Another start, restart or import of this database is already in progress."}"#,
        kind: ErrorKind::Conflict,
        hint: "wait until what is in progress is over",
    },
    Case {
        status: 422,
        body: r#"{"message": "Invalid pull_request_id."}"#,
        kind: ErrorKind::Validation,
        hint: "",
    },
    Case {
        status: 422,
        body: r#"{"message": "The database must be running before an import can start."}"#,
        kind: ErrorKind::Validation,
        hint: "",
    },
    Case {
        status: 422,
        body: r#"{"message": "Validation failed.", "errors": {"host_path": ["This field is not allowed."]}}"#,
        kind: ErrorKind::Validation,
        hint: "does not accept the field",
    },
    Case {
        status: 404,
        body: r#"{"message": "No running container found for service_name 'web'."}"#,
        kind: ErrorKind::NotFound,
        hint: "the name of the container",
    },
    Case {
        status: 501,
        body: r#"{"message": "Database imports are not supported on Swarm servers."}"#,
        kind: ErrorKind::Unsupported,
        hint: "Swarm",
    },
    Case {
        status: 403,
        body: r#"{"message": "Missing required team role."}"#,
        kind: ErrorKind::Forbidden,
        hint: "admin or the owner of the team",
    },
    Case {
        status: 403,
        body: r#"{"message": "This API token has permissions (deploy) that it may not have."}"#,
        kind: ErrorKind::Forbidden,
        hint: "only `read`",
    },
];

async fn refused(case: &'static Case) -> (Error, usize) {
    let answer = move |request: &Received| {
        if request.line() == "GET /api/v1/version" {
            reply(200, &[("content-type", "text/html")], "4.4.2")
        } else if case.status == 429 {
            let headers = [JSON[0], ("retry-after", "60")];
            reply(case.status, &headers, case.body)
        } else {
            reply(case.status, JSON, case.body)
        }
    };
    let server = Server::start([Act::Answer(Box::new(answer))]).await;
    let project = client(&server).projects().create("shop");
    let error = project.await.unwrap_err();
    (error, server.lines().len())
}

#[tokio::test(start_paused = true)]
async fn refusals_of_newer_servers_are_recognised_and_not_repeated() {
    for case in CASES {
        let (error, sent) = refused(case).await;
        assert_eq!(error.kind(), case.kind, "{}", case.body);
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains(case.hint), "{}: {hint}", case.body);
        assert!(error.conflicts().is_empty(), "{}", case.body);
        assert!(!error.outcome_unknown());
        assert_eq!(sent, 1, "{}", case.body);
    }
}

/// A bare ability, several of them, and a sentence that goes on.
#[tokio::test(start_paused = true)]
async fn the_missing_ability_is_read_whatever_follows_it() {
    for (body, ability) in [
        (
            r#"{"message": "Missing required permissions: deploy"}"#,
            Ability::Deploy,
        ),
        (
            r#"{"message": "Missing required permissions: deploy. This mount is outside of the resource."}"#,
            Ability::Deploy,
        ),
        (
            r#"{"message": "Missing required permissions: read:sensitive, write"}"#,
            Ability::ReadSensitive,
        ),
    ] {
        let server = Server::start([Act::Answer(Box::new(move |_: &Received| {
            reply(403, JSON, body)
        }))])
        .await;
        let error = client(&server).projects().create("shop").await.unwrap_err();
        assert_eq!(error.missing_ability(), Some(ability), "{body}");
    }
}

async fn log(coolify: &Coolify) -> Error {
    let application = coolify.application("h3kd9s0fj2l4");
    application.logs().await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn who_lost_the_logs_is_told_why() {
    for (body, wanted) in [
        (
            r#"{"message": "Missing required team role."}"#,
            "since Coolify 4.4.0 this needs the ability `read:sensitive`",
        ),
        (
            r#"{"message": "This API token has permissions (read:sensitive) that it may not have."}"#,
            "since Coolify 4.4.0 this needs the ability `read:sensitive`",
        ),
        (
            r#"{"message": "Missing required permissions: read:sensitive"}"#,
            "`read:sensitive`, which this needs since Coolify 4.4.0",
        ),
    ] {
        let server = Server::start([Act::Answer(Box::new(move |_: &Received| {
            reply(403, JSON, body)
        }))])
        .await;
        let error = log(&client(&server)).await;
        let hint = error.hint().unwrap();
        assert!(hint.contains(wanted), "{hint}");
    }
}
