//! Replies that are too long, too slow or of the wrong kind.

use std::time::Duration;

use coolify_sdk::RetryPolicy;
use tokio::time::Instant;

use crate::{
    builder, client, read,
    server::{Act, Server, endless, endless_chunks, json, reply, with},
    write,
};

#[tokio::test(start_paused = true)]
async fn json_of_another_content_type_is_json() {
    for kind in ["text/plain", "text/html; charset=utf-8", "image/png", ""] {
        let headers = [("content-type", kind)];
        let server = Server::start([with(200, &headers, "[]")]).await;
        assert_eq!(read(&client(&server)).await.unwrap(), []);
        let server = Server::start([with(201, &headers, r#"{"uuid": "abc"}"#)]).await;
        assert_eq!(write(&client(&server)).await.unwrap().uuid, "abc");
    }
}

#[tokio::test]
async fn of_a_refusal_without_end_only_the_beginning_is_read() {
    let once = RetryPolicy::none();
    for act in [endless(503, "x"), endless_chunks(503, "x")] {
        let server = Server::start([act]).await;
        let coolify = client(&server).with_retry(once.clone());
        let error = read(&coolify).await.unwrap_err();
        assert_eq!(error.status(), Some(503));
        let error = write(&coolify).await.unwrap_err();
        assert!(error.outcome_unknown());
        assert_eq!((error.status(), server.acts()), (Some(503), 2));
        // The message stays short, too.
        assert!(error.report().to_string().len() < 4_096);
    }
}

#[tokio::test]
async fn of_a_refusal_with_a_thousand_complaints_some_are_shown() {
    let complaints = vec!["\"complaint\""; 10_000].join(",");
    let body = format!(r#"{{"message": "no", "errors": {{"name": [{complaints}]}}}}"#);
    let server = Server::start([with(422, &[], &body)]).await;
    let error = write(&client(&server)).await.unwrap_err();
    assert_eq!(error.field_errors().len(), 10_000);
    let said = error.to_string();
    assert!(
        said.contains("[and 9950 more]") && said.len() < 4_096,
        "{said}"
    );
}

#[tokio::test]
async fn a_redirect_with_a_body_without_end_is_one() {
    let head = "HTTP/1.1 302 Found\r\nlocation: /login\r\n\r\n";
    let server = Server::start([Act::Flood(head.into(), "x")]).await;
    assert!(read(&client(&server)).await.unwrap_err().is_redirect());
    assert!(write(&client(&server)).await.unwrap_err().is_redirect());
}

#[tokio::test]
async fn a_reply_without_end_is_read_to_the_limit() {
    let acts = [
        endless(200, "[],"),
        endless_chunks(200, " "),
        endless_chunks(201, "x"),
        endless_chunks(200, "{\"a\":[0,0]},"),
    ];
    for act in acts {
        let server = Server::start([act]).await;
        let coolify = builder(&server)
            .max_reply_size(1024 * 1024)
            .build()
            .unwrap();
        let written = write(&coolify).await.unwrap_err();
        assert!(written.hint().unwrap().contains("was carried out"));
        for error in [
            read(&coolify).await.unwrap_err(),
            coolify.version().await.unwrap_err(),
            coolify.instance().health().await.unwrap_err(),
        ] {
            assert!(error.is_decode() && !error.outcome_unknown(), "{error:?}");
            let hint = error.hint().unwrap();
            assert!(hint.contains("request less") && hint.contains("max_reply_size"));
        }
        assert!(written.is_decode() && !written.outcome_unknown());
        assert!(written.hint().unwrap().contains("max_reply_size"));
        assert_eq!(server.acts(), 4, "it would be the same the next time");
    }
}

#[tokio::test]
async fn a_reply_of_the_largest_size_is_read() {
    let body = format!("[{}]", " ".repeat(1022));
    let server = Server::start([json(200, &body)]).await;
    let limit = |bytes| builder(&server).max_reply_size(bytes).build().unwrap();
    assert_eq!(read(&limit(1024)).await.unwrap(), []);
    assert!(read(&limit(1023)).await.unwrap_err().is_decode());
}

#[tokio::test]
async fn a_reply_that_decodes_to_a_multiple_of_itself_is_not_decoded() {
    let project = r#"{"uuid":"a","name":""},"#;
    let body = format!("[{}{{}}]", project.repeat(100_000));
    let server = Server::start([json(200, &body)]).await;
    let error = read(&client(&server)).await.unwrap_err();
    assert!(error.is_decode() && error.json_path().is_none());
    let roomy = builder(&server).max_reply_size(128 * 1024 * 1024).build();
    // Now it is read to its last object, which lacks a field and is left out.
    assert_eq!(read(&roomy.unwrap()).await.unwrap().len(), 100_000);
}

/// On a connection that was used before, a reply of this length may arrive in one piece.
#[tokio::test]
async fn too_many_values_are_too_many_in_one_piece_too() {
    let long = format!("[\"{}\"]", "x".repeat(8 << 20));
    let many = format!("[{}{{}}]", "{},".repeat(100_000));
    let server = Server::start([json(200, &long), json(200, &many)]).await;
    let coolify = client(&server);
    let ask = || coolify.request(coolify_sdk::operations::Method::Get, "/new");
    assert!(ask().await.is_ok());
    for _ in 0..3 {
        let error = ask().await.unwrap_err();
        assert!(error.to_string().contains("too many values"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_comes_by_the_byte_is_a_timeout() {
    let drip = || Act::Drip(reply(200, &[], "[]"), Duration::from_secs(1));
    let server = Server::start([drip()]).await;
    let coolify = client(&server).with_timeout(Duration::from_secs(20));
    let start = Instant::now();
    let error = write(&coolify).await.unwrap_err();
    assert!(error.is_timeout() && error.outcome_unknown());
    assert_eq!((start.elapsed().as_secs(), server.acts()), (20, 1));
    let patient = coolify.with_timeout(Duration::from_secs(300));
    assert_eq!(read(&patient).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_to_itself_is_not_walked_in_a_circle() {
    let server = Server::start([with(302, &[("location", "/api/v1/projects")], "")]).await;
    let coolify = client(&server);
    assert!(read(&coolify).await.unwrap_err().is_redirect());
    assert!(write(&coolify).await.unwrap_err().is_redirect());
    assert_eq!(server.acts(), 2);
}

#[tokio::test]
async fn an_odd_row_takes_no_other_along() {
    let rows = [
        r#"{"uuid": "a", "name": 5, "id": "x"}"#,
        "null",
        r#"{"name": "nameless"}"#,
        r#"{"uuid": "b", "name": "shop", "description": ["?"]}"#,
    ];
    let numbered = rows.iter().enumerate();
    let numbered: Vec<_> = numbered.map(|(n, row)| format!("\"{n}\": {row}")).collect();
    for list in [
        format!("[{}]", rows.join(",")),
        format!("{{{}}}", numbered.join(",")),
    ] {
        let server = Server::start([reply_json(&list)]).await;
        let projects = read(&client(&server)).await.unwrap();
        let read: Vec<_> = projects
            .iter()
            .map(|it| (it.uuid.as_str(), it.name.as_str()))
            .collect();
        assert_eq!(read, [("a", "5"), ("b", "shop")], "{list}");
    }
    // A reply that is not a list of projects must not become an empty list.
    for other in [
        r#"[{"message": "no"}]"#,
        r#"{"message": "no"}"#,
        "[1, 2]",
        "{\"0\": null}",
    ] {
        let server = Server::start([reply_json(other)]).await;
        assert!(
            read(&client(&server)).await.unwrap_err().is_decode(),
            "{other}"
        );
    }
}

fn reply_json(body: &str) -> Act {
    with(200, &[("content-type", "application/json")], body)
}

#[tokio::test(start_paused = true)]
async fn a_reply_without_a_length_is_read_to_its_end() {
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n";
    let closed = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
         connection: close\r\n\r\n[]cut";
    let server = Server::start([
        Act::Say(chunked.to_owned()),
        Act::CutWithin(closed.to_owned()),
    ]);
    let server = server.await;
    let coolify = client(&server);
    for _ in 0..2 {
        assert!(read(&coolify).await.unwrap().is_empty());
    }
    assert_eq!(server.acts(), 2);
}
