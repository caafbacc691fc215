//! Operations of Coolify 4.4, on replies that are made from the facts of its source.

use coolify_sdk::audit_events::AuditSource;
use coolify_sdk::imports::ImportStatus;
use coolify_sdk::resource::Volumes;
use coolify_sdk::{Coolify, ErrorKind, Result};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const UUID: &str = "h3kd9s0fj2l4";

async fn server(version: &str) -> (MockServer, Coolify) {
    let server = MockServer::start().await;
    Mock::given(path("/api/v1/version"))
        .respond_with(ResponseTemplate::new(200).set_body_string(version))
        .mount(&server)
        .await;
    let coolify = Coolify::builder()
        .url(server.uri())
        .token("1|token")
        .poll_every(std::time::Duration::from_millis(100))
        .build()
        .expect("a client");
    (server, coolify)
}

/// Answers a call once.
async fn once(server: &MockServer, verb: &str, at: &str, status: u16, body: Value) {
    Mock::given(method(verb))
        .and(path_regex(format!("^/api/v1{at}$")))
        .respond_with(ResponseTemplate::new(status).set_body_json(body))
        .up_to_n_times(1)
        .mount(server)
        .await;
}

async fn lines(server: &MockServer) -> Vec<String> {
    let received = server.received_requests().await.unwrap_or_default();
    let lines = received.iter().map(|it| {
        let query = it
            .url
            .query()
            .map_or_else(String::new, |it| format!("?{it}"));
        format!("{} {}{query}", it.method, it.url.path())
    });
    lines.filter(|it| !it.contains("/version")).collect()
}

fn event(id: i64) -> Value {
    json!({"id": id, "event": "api.application.deleted", "action": "deleted", "level": "info",
        "source": "api", "actor_type": "api_token", "created_at": "2026-10-08T12:00:00.000000Z"})
}

#[tokio::test]
async fn the_stream_of_audit_events_reads_page_by_page_and_repeats_none() -> Result<()> {
    let (server, coolify) = server("4.4.2").await;
    // An event was recorded after the first page had been read.
    for (page, ids) in [("1", [9, 8]), ("2", [8, 7]), ("3", [6, 5])] {
        let data: Vec<_> = ids.map(event).into();
        Mock::given(path("/api/v1/audit-events"))
            .and(query_param("page", page))
            .and(query_param("per_page", "2"))
            .and(query_param("source", "api"))
            .and(query_param("search", "deleted"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({
                "current_page": page.parse::<i64>().unwrap_or(0), "last_page": 3, "data": data,
            })))
            .expect(1)
            .mount(&server)
            .await;
    }
    let list = coolify.audit_events().list().source(AuditSource::Api);
    let events: Vec<_> = list
        .search("deleted")
        .per_page(2)
        .stream()
        .try_collect()
        .await?;
    let ids: Vec<_> = events.iter().map(|it| it.id.get()).collect();
    assert_eq!(ids, [9, 8, 7, 6, 5]);
    Ok(())
}

#[tokio::test]
async fn a_page_of_audit_events_that_fails_ends_the_stream() {
    let (server, coolify) = server("4.4.2").await;
    let said = json!({"message": "You are not allowed to see the audit log."});
    once(&server, "GET", "/audit-events", 403, said).await;
    let mut events = coolify.audit_events().list().stream();
    let error = events.next().await.expect("an error").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(events.next().await.is_none());
    assert_eq!(lines(&server).await.len(), 1);
}

#[tokio::test]
async fn an_import_is_started_once_and_waited_for() -> Result<()> {
    let (server, coolify) = server("4.4.2").await;
    let at = format!("/databases/{UUID}/imports");
    let started = json!({"id": 7, "status": "queued", "message": "Import started."});
    once(&server, "POST", &at, 202, started).await;
    for status in ["queued", "in_progress", "finished"] {
        let import = json!({"id": 7, "status": status, "exit_code": 0});
        once(&server, "GET", &format!("{at}/7"), 200, import).await;
    }
    let imports = coolify.database(UUID).imports();
    let run = imports.from_server("/root/shop.sql").await?;
    assert_eq!((run.id(), run.message()), (7, Some("Import started.")));
    let import = run.await?;
    assert_eq!(import.status, Some(ImportStatus::Finished));
    let sent = lines(&server).await;
    assert_eq!(sent.iter().filter(|it| it.starts_with("POST")).count(), 1);
    assert_eq!(sent.len(), 4);
    Ok(())
}

#[tokio::test]
async fn an_import_that_fails_says_so_and_hides_its_output() {
    for status in ["error", "killed", "cancelled", "closed"] {
        let (server, coolify) = server("4.4.2").await;
        let at = format!("/services/{UUID}/databases/abc/imports/7");
        let import = json!({"id": 7, "status": status, "exit_code": 1,
            "output": "password s3cret rejected"});
        once(&server, "GET", &at, 200, import).await;
        let imports = coolify.service(UUID).database("abc").imports();
        let error = imports.run(7).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ImportFailed);
        let said = format!("{error} {error:?}");
        assert!(
            said.contains(&format!("`{status}` with exit code 1")),
            "{said}"
        );
        assert!(!said.contains("s3cret"), "{said}");
        let failed = error.failed_import().expect("the import");
        let output = failed.output.as_ref().map(coolify_sdk::Secret::expose);
        assert_eq!(output, Some("password s3cret rejected"));
    }
}

#[tokio::test]
async fn the_log_of_one_service_is_asked_for_where_it_can_be_had() {
    let (old, coolify) = server("4.3.11").await;
    let error = coolify
        .application(UUID)
        .logs_of("worker")
        .await
        .unwrap_err();
    let unsupported = error.unsupported().expect("a version");
    assert_eq!(unsupported.field, Some("service_name"));
    assert!(lines(&old).await.is_empty());

    let (new, coolify) = server("4.4.2").await;
    let at = format!("/applications/{UUID}/logs");
    once(&new, "GET", &at, 200, json!({"logs": "hello"})).await;
    let text = coolify.application(UUID).logs_of("worker").await.unwrap();
    assert_eq!(text.as_deref(), Some("hello"));
    let sent = lines(&new).await;
    assert!(sent[0].ends_with("?service_name=worker"), "{sent:?}");
}

#[tokio::test]
async fn a_service_can_be_removed_from_coolify_alone_and_nothing_else() -> Result<()> {
    let (server, coolify) = server("4.4.2").await;
    let said = json!({"message": "Service deletion request queued."});
    once(&server, "DELETE", &format!("/services/{UUID}"), 200, said).await;
    let delete = coolify.service(UUID).delete(Volumes::Keep);
    delete.delete_from_coolify_only(true).await?;
    let sent = lines(&server).await;
    assert!(
        sent[0].contains("delete_from_coolify_only=true"),
        "{sent:?}"
    );

    let delete = coolify.database(UUID).delete(Volumes::Keep);
    let error = delete.delete_from_coolify_only(true).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(lines(&server).await.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_machine_is_deleted_at_its_provider_only_where_the_server_knows_how() {
    for (version, is_sent) in [("4.3.11", false), ("4.4.0", true)] {
        let (server, coolify) = server(version).await;
        let said = json!({"message": "Server deleted."});
        once(&server, "DELETE", &format!("/servers/{UUID}"), 200, said).await;
        let delete = coolify.server(UUID).delete().delete_from_provider(true);
        assert_eq!(delete.await.is_ok(), is_sent, "{version}");
        assert_eq!(
            lines(&server).await.len(),
            usize::from(is_sent),
            "{version}"
        );
    }
}

#[tokio::test]
async fn opening_a_preview_waits_for_a_deployment_if_there_is_one() -> Result<()> {
    let (server, coolify) = server("4.4.2").await;
    let preview = json!({"uuid": "p1", "pull_request_id": 42, "status": "exited"});
    let at = format!("/applications/{UUID}/previews");
    for (status, deployment) in [(201, json!("d1")), (200, Value::Null)] {
        let reply = json!({"message": "Preview deployment queued.", "preview": preview,
            "deployment_uuid": deployment});
        once(&server, "POST", &at, status, reply).await;
    }
    let deployment = |status| json!({"deployment_uuid": "d1", "status": status, "logs": "[]"});
    once(
        &server,
        "GET",
        "/deployments/d1",
        200,
        deployment("in_progress"),
    )
    .await;
    Mock::given(path("/api/v1/deployments/d1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(deployment("finished")))
        .mount(&server)
        .await;
    let previews = coolify.application(UUID).previews();
    let opened = previews.open(42).and_wait().await?;
    assert_eq!(opened.deployment_uuid, Some("d1".into()));
    let looks = || async { lines(&server).await.len() };
    let before = looks().await;
    let skipped = previews.open(42).and_wait().await?;
    assert_eq!(skipped.deployment_uuid, None);
    assert_eq!(looks().await, before + 1, "there is nothing to wait for");
    Ok(())
}

#[tokio::test]
async fn a_preview_that_finds_the_queue_full_is_not_opened_again() {
    let (server, coolify) = server("4.4.2").await;
    let full = "Deployment queue is full. Please wait for existing deployments to complete.";
    Mock::given(method("POST"))
        .respond_with(
            ResponseTemplate::new(429)
                .insert_header("retry-after", "60")
                .set_body_json(json!({"message": full})),
        )
        .mount(&server)
        .await;
    let open = coolify.application(UUID).previews().open(42);
    let error = open.and_wait().await.unwrap_err();
    assert!(error.is_queue_full());
    assert_eq!(lines(&server).await.len(), 1);
}
