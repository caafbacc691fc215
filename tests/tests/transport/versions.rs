//! Operations that came or went with a version, and fields that not every version
//! takes. The evidence for versions after 4.3.11 is Coolify's source.

use coolify_sdk::{
    Coolify, Error, ErrorKind, Uuid, Version, operations::Ability, raw::types::ClaimServerBody,
    resource::Volumes, storages::NewStorage,
};

use crate::{
    client,
    server::{Act, Received, Server, reply},
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const NO_ROUTE: &str = r#"{"message": "Not found.", "docs": "https://coolify.io/docs"}"#;
const NOT_ALLOWED: &str =
    r#"{"message": "Validation failed.", "errors": {"host_path": ["This field is not allowed."]}}"#;

/// Returns a server that reports this version and gives everything else one reply.
async fn server(version: &'static str, status: u16, body: &'static str) -> Server {
    let answer = move |request: &Received| {
        if request.line() == "GET /api/v1/version" {
            reply(200, &[("content-type", "text/html")], version)
        } else {
            reply(status, JSON, body)
        }
    };
    Server::start([Act::Answer(Box::new(answer))]).await
}

async fn claim(coolify: &Coolify) -> Error {
    let raw = coolify.raw();
    raw.claim_server(uuid().as_str(), &ClaimServerBody::default())
        .await
        .unwrap_err()
}

fn uuid() -> Uuid {
    Uuid::from("h3kd9s0fj2l4")
}

async fn mount(coolify: &Coolify) -> Result<(), Error> {
    let storages = coolify.application(uuid()).storages();
    let storage = NewStorage::host_path("data", "/srv/data", "/data");
    storages.create(storage).await.map(drop)
}

/// The lines that the server received, without the questions for its version.
fn calls(server: &Server) -> usize {
    let lines = server.lines();
    lines.iter().filter(|it| !it.ends_with("/version")).count()
}

#[tokio::test(start_paused = true)]
async fn what_a_version_removed_is_refused_with_both_versions() {
    for (version, is_known_to_be_gone) in [
        ("4.4.0", true),
        ("4.5.0", true),
        // Unknown, a backport, a pre-release, newer than all that is known, unreadable.
        ("4.3.24", false),
        ("4.3.31", false),
        ("4.4-rc.1", false),
        ("4.6.0", false),
        ("nightly", false),
    ] {
        let server = server(version, 404, NO_ROUTE).await;
        let coolify = client(&server);
        coolify.version().await.unwrap();
        let error = claim(&coolify).await;
        assert_eq!(
            calls(&server),
            usize::from(!is_known_to_be_gone),
            "{version}"
        );
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        let unsupported = error.unsupported().unwrap();
        assert_eq!(unsupported.field, None);
        assert_eq!(unsupported.versions.until, Some(Version::new(4, 3, 23)));
        let shown = unsupported.server.as_ref().unwrap().to_string();
        assert_eq!(shown, version);
        assert_eq!(error.unsupported_since(), None, "an update would not help");
        let said = error.to_string();
        assert!(
            said.contains(&format!("Coolify has it up to 4.3.23, this is {version}")),
            "{said}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_servers_that_have_it_are_asked() {
    for version in ["4.3.0", "4.3.11", "4.3.23"] {
        let server = server(version, 200, r#"{"message": "Claimed."}"#).await;
        let coolify = client(&server);
        coolify.version().await.unwrap();
        let _ = coolify
            .raw()
            .claim_server(uuid().as_str(), &ClaimServerBody::default())
            .await;
        assert_eq!(calls(&server), 1, "{version}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_field_that_the_server_takes_no_longer_is_refused_before_it_is_sent() {
    for version in ["4.3.22", "4.3.23", "4.4.2", "4.5.0"] {
        let server = server(version, 422, NOT_ALLOWED).await;
        let error = mount(&client(&server)).await.unwrap_err();
        assert_eq!(calls(&server), 0, "{version}");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(!error.outcome_unknown());
        let unsupported = error.unsupported().unwrap();
        assert_eq!(unsupported.field, Some("host_path"));
        assert_eq!(
            error.to_string(),
            format!(
                "create-storage-by-application-uuid: Coolify takes `host_path` up to 4.3.21, \
                 this is {version}"
            )
        );
        assert!(error.hint().unwrap().contains("leave `host_path` out"));
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_version_proves_nothing_the_server_is_asked() {
    for version in ["4.2.1", "4.4-rc.1", "4.5.1", "nightly"] {
        let server = server(version, 422, NOT_ALLOWED).await;
        let error = mount(&client(&server)).await.unwrap_err();
        assert_eq!(calls(&server), 1, "{version}");
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert_eq!(error.field_errors()[0].field(), Some("host_path"));
    }
}

#[tokio::test(start_paused = true)]
async fn without_such_a_field_the_version_is_not_asked_for() {
    let server = server("4.4.2", 422, NOT_ALLOWED).await;
    let storages = client(&server).application(uuid()).storages();
    let volume = NewStorage::volume("data", "/data");
    storages.create(volume).await.unwrap_err();
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_ability_that_is_needed_since_a_version_is_named() {
    let missing = r#"{"message": "Missing required permissions: deploy. It is needed here."}"#;
    let server = server("4.4.2", 403, missing).await;
    let error = client(&server)
        .application(uuid())
        .delete(Volumes::Keep)
        .await
        .unwrap_err();
    assert_eq!(error.missing_ability(), Some(Ability::Deploy));
}
