//! The SDK understands every recorded refusal.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use coolify_sdk::{Coolify, Error, ErrorKind, ErrorReply, Pacing, RetryPolicy};
use serde_json::Value;

use crate::{
    builder, client, read,
    server::{Act, Received, Server, json, reply},
    write,
};

struct Refusal {
    name: String,
    get: bool,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

fn recorded() -> Vec<Refusal> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recordings");
    let mut refusals = Vec::new();
    let versions = fs::read_dir(root).unwrap();
    let mut versions: Vec<_> = versions.map(|it| it.unwrap().path()).collect();
    versions.sort();
    for version in versions {
        for file in fs::read_dir(version).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let recording: Value = serde_json::from_str(&text).unwrap();
            let response = &recording["response"];
            let status = response["status"].as_u64().unwrap_or_default();
            if status < 400 {
                continue;
            }
            let headers = response["headers"].as_object().into_iter().flatten();
            refusals.push(Refusal {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                get: recording["request"]["method"] == "GET",
                status: u16::try_from(status).unwrap(),
                headers: headers
                    .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                    .collect(),
                body: match &response["json"] {
                    Value::Null => response["text"].as_str().unwrap_or_default().to_owned(),
                    json => json.to_string(),
                },
            });
        }
    }
    assert!(refusals.len() > 400);
    refusals
}

/// A server that refuses everything, and its client.
struct Meeting {
    coolify: Coolify,
    reply: Arc<Mutex<String>>,
}

impl Meeting {
    async fn new() -> Self {
        let reply: Arc<Mutex<String>> = Arc::default();
        let said = Arc::clone(&reply);
        let answer = move |_: &Received| said.lock().unwrap().clone();
        let server = Server::start([Act::Answer(Box::new(answer))]).await;
        let builder = builder(&server)
            .pacing(Pacing::off())
            .retry(RetryPolicy::none());
        Self {
            coolify: builder.build().unwrap(),
            reply,
        }
    }

    async fn with(&self, refusal: &Refusal) -> Error {
        let headers: Vec<_> = refusal
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        *self.reply.lock().unwrap() = reply(refusal.status, &headers, &refusal.body);
        if refusal.get {
            read(&self.coolify).await.unwrap_err()
        } else {
            write(&self.coolify).await.unwrap_err()
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_has_its_kind() {
    let meeting = Meeting::new().await;
    for refusal in recorded() {
        let error = meeting.with(&refusal).await;
        let (kind, name) = (error.kind(), &refusal.name);
        let said = error.message().unwrap_or_default();
        let expected = match refusal.status {
            _ if said.contains("queue is full") => vec![ErrorKind::QueueFull],
            400 => vec![
                ErrorKind::Validation,
                ErrorKind::Conflict,
                ErrorKind::Unauthenticated,
            ],
            401 => vec![ErrorKind::Unauthenticated],
            403 => vec![ErrorKind::Forbidden],
            404 if name.contains("unknown-type") => vec![ErrorKind::Validation],
            404 if said.is_empty() || said == "Not found." => vec![ErrorKind::Unsupported],
            404 => vec![ErrorKind::NotFound],
            405 => vec![ErrorKind::Unsupported],
            409 => vec![ErrorKind::Conflict],
            422 => vec![ErrorKind::Validation],
            429 => vec![ErrorKind::RateLimited],
            _ => vec![ErrorKind::Server],
        };
        assert!(expected.contains(&kind), "{name}: {kind:?} {said}");
        assert_eq!(error.status(), Some(refusal.status), "{name}");
        if !matches!(kind, ErrorKind::Validation | ErrorKind::Conflict) {
            assert!(error.hint().is_some(), "{name}");
        }
        assert!(
            !refusal.body.contains("\"errors\"") || !error.field_errors().is_empty(),
            "{name}"
        );
        assert!(
            !refusal.body.contains("\"conflicts\"") || !error.conflicts().is_empty(),
            "{name}"
        );
        assert!(error.to_string().len() < 3_000, "{name}");
    }
}

#[test]
fn no_key_is_unknown() {
    let mut unknown = BTreeMap::new();
    for refusal in recorded() {
        let kind = refusal
            .headers
            .iter()
            .find(|(name, _)| name == "content-type");
        let kind = kind.map(|(_, value)| value.as_str());
        let reply = ErrorReply::parse(refusal.status, kind, refusal.body.as_bytes());
        for key in reply.unknown_keys() {
            unknown.insert(key.clone(), refusal.name.clone());
        }
    }
    assert_eq!(unknown, BTreeMap::new());
}

/// Returns the error of a recording of the newest Coolify.
async fn error_of(name: &str) -> Error {
    let all = recorded();
    let refusal = all.iter().rfind(|refusal| refusal.name == name);
    let refusal = refusal.unwrap_or_else(|| panic!("{name} is not recorded"));
    Meeting::new().await.with(refusal).await
}

#[tokio::test(start_paused = true)]
async fn hints_say_what_to_do() {
    for (name, part) in [
        ("list-projects.api-disabled", "switch the API on"),
        ("list-projects.ip-not-allowed", "allow-list"),
        ("create-project.member-root-token", "admin"),
        ("create-project.deploy-token", "`write`"),
        (
            "export-server-transfer-bundle.app-env-local-read-token",
            "`read:sensitive`",
        ),
        ("create-project.expired-token", "Keys & Tokens"),
        (
            "create-public-application.domain-conflict",
            "force_domain_override",
        ),
        (
            "create-env-by-application-uuid.duplicate",
            "update the variable",
        ),
        ("create-service.unknown-type", "valid_service_types"),
        (
            "create-public-application.multiple-destinations",
            "destination_uuid",
        ),
        ("delete-project-by-uuid.not-empty", "delete or move"),
        ("claim-server.ok", "development instances"),
    ] {
        let error = error_of(name).await;
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains(part), "{name}: {hint}");
    }
}

#[tokio::test(start_paused = true)]
async fn display_says_it_once_and_in_one_line() {
    let error = error_of("create-cloud-token.invalid-provider").await;
    assert_eq!(
        error.to_string(),
        "create-project: Coolify refused the request (HTTP 422): Validation failed. \
         [provider: The selected provider is invalid.]"
    );
}

#[tokio::test(start_paused = true)]
async fn not_every_not_found_is_of_the_router() {
    let body = r#"{"message": "Not found."}"#;
    let error = read(&client(&Server::start([json(404, body)]).await)).await;
    let error = error.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.unsupported_since(), None);
}
