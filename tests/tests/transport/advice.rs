//! The hints of errors are right.

use coolify_sdk::{Coolify, Error, ErrorKind, RetryPolicy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    TOKEN, client, read,
    server::{Act, Server, json, reply, with},
    write,
};

const HTML: [(&str, &str); 1] = [("content-type", "text/html")];

fn page(status: u16, title: &str) -> Act {
    with(status, &HTML, &format!("<html><title>{title}</title>"))
}

async fn both(server: &Server) -> [Error; 2] {
    let coolify = client(server).with_retry(RetryPolicy::none());
    [
        read(&coolify).await.unwrap_err(),
        write(&coolify).await.unwrap_err(),
    ]
}

#[tokio::test(start_paused = true)]
async fn an_address_out_of_the_api_is_taken_as_the_dashboards() {
    let server = Server::start([json(200, "[]")]).await;
    for path in ["/api", "/api/", "/api/v1/deploy", "/api/v1/projects/abc/"] {
        let url = format!("{}{path}", server.url());
        let coolify = Coolify::builder().url(url).token(TOKEN).build().unwrap();
        assert_eq!(coolify.url(), server.url());
        read(&coolify).await.unwrap();
    }
    let asked = server.lines();
    assert!(
        asked.iter().all(|it| it == "GET /api/v1/projects"),
        "{asked:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_refusal_of_a_proxy_is_not_coolifys() {
    let cases = [
        (401, "401 Authorization Required", "login of its own"),
        (405, "405 Not Allowed", "methods"),
        (407, "Proxy Authentication Required", "network"),
        (413, "413 Request Entity Too Large", "size"),
        (501, "Not Implemented", "methods"),
        (511, "Network Authentication Required", "network"),
    ];
    for (status, title, advice) in cases {
        let acts = [
            page(status, title),
            with(status, &[("content-type", "text/plain")], title),
            with(status, &[], r#"{"error": "access_denied"}"#),
            with(status, &[], ""),
        ];
        for act in acts {
            for error in both(&Server::start([act]).await).await {
                assert_eq!(error.kind(), ErrorKind::NotCoolify, "{error}");
                assert!(!error.is_unauthenticated() && !error.outcome_unknown());
                let said = error.report().to_string();
                assert!(said.contains(advice), "{said}");
                for wrong in ["token is wrong", "update this SDK"] {
                    assert!(!said.contains(wrong), "{said}");
                }
            }
        }
    }
    for error in both(&Server::start([page(403, "403 Forbidden")]).await).await {
        assert!(error.is_forbidden() && error.hint().unwrap().contains("proxy"));
    }
    for (status, title) in [(400, "400 Bad Request"), (402, "Payment Required")] {
        for error in both(&Server::start([page(status, title)]).await).await {
            assert_eq!(error.kind(), ErrorKind::NotCoolify, "{status}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn coolifys_own_refusals_are_its_own() {
    let own = json(401, r#"{"message": "Unauthenticated."}"#);
    for error in both(&Server::start([own]).await).await {
        assert!(error.is_unauthenticated());
        assert!(error.hint().unwrap().contains("the token is wrong"));
    }
    let other = json(401, r#"{"message": "Jwt is missing"}"#);
    for error in both(&Server::start([other]).await).await {
        let hint = error.hint().unwrap();
        assert!(error.is_unauthenticated() && hint.contains("in front of Coolify"));
    }
    let moved = r#"{"message": "The PUT method is not supported for route api/v1/x."}"#;
    for error in both(&Server::start([json(405, moved)]).await).await {
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.hint().unwrap().contains("update this SDK"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_coolify_does_not_support_was_not_done() {
    for (message, advice) in [
        (
            "This operation is not supported for Swarm servers yet.",
            "Swarm",
        ),
        ("Imports are not supported here.", "message"),
    ] {
        let body = format!(r#"{{"message": "{message}"}}"#);
        for error in both(&Server::start([json(501, &body)]).await).await {
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(!error.outcome_unknown() && error.unsupported_since().is_none());
            assert!(error.hint().unwrap().contains(advice));
            assert!(error.to_string().contains(message));
        }
    }
    // A failed write may have been carried out in part.
    for status in [500, 502, 503, 504, 520] {
        let [_, error] = both(&Server::start([json(status, "{}")]).await).await;
        assert!(error.outcome_unknown(), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_of_the_dashboard_is_no_url_of_it() {
    // Coolify's answer for any path outside of the API.
    let login = with(302, &[("location", "http://127.0.0.1/login")], "");
    let [error, _] = both(&Server::start([login]).await).await;
    assert!(error.is_redirect());
    assert!(
        error
            .hint()
            .unwrap()
            .starts_with("check the configured URL")
    );
    let form = json(419, r#"{"message": "CSRF token mismatch."}"#);
    let [_, error] = both(&Server::start([form]).await).await;
    assert_eq!(error.kind(), ErrorKind::NotCoolify);
    assert!(error.hint().unwrap().contains("check the configured URL"));
}

fn field_error(field: &str, text: &str) -> Act {
    let body =
        format!(r#"{{"message": "Validation failed.", "errors": {{"{field}": ["{text}"]}}}}"#);
    json(422, &body)
}

async fn hint_for(act: Act) -> String {
    let server = Server::start([act]).await;
    let error = write(&client(&server)).await.unwrap_err();
    error.hint().unwrap_or_default().to_owned()
}

#[tokio::test(start_paused = true)]
async fn an_address_that_is_refused_is_no_field_that_is_refused() {
    for text in [
        "The endpoint points to a local or private address that is not allowed. Configure \
         allowed internal targets: https://c.example/settings",
        "The endpoint must not point to private, reserved, loopback, or link-local addresses.",
        "The endpoint must not point to localhost or internal hosts.",
        "The webhook url must not resolve to a link-local address.",
    ] {
        let hint = hint_for(field_error("endpoint", text)).await;
        assert!(hint.contains("own network"), "{text}: {hint}");
    }
    for text in [
        "SSH URLs are not allowed.",
        "Shell metacharacters are not allowed for security reasons.",
        "The file name cannot start with a dot (hidden files not allowed).",
    ] {
        assert_eq!(hint_for(field_error("name", text)).await, "", "{text}");
    }
    let hint = hint_for(field_error("host_path", "This field is not allowed.")).await;
    assert!(hint.contains("does not accept the field"), "{hint}");
}

/// Checks the hint of a 404 with this message for a request.
async fn check<T: std::fmt::Debug>(
    message: &str,
    call: impl AsyncFn(Coolify) -> Result<T, Error>,
) -> String {
    let body = format!(r#"{{"message": "{message}"}}"#);
    let server = Server::start([json(404, &body)]).await;
    let error = call(client(&server)).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let hint = error.hint().unwrap();
    let (check, _) = hint.split_once(", and that the token").unwrap();
    check.to_owned()
}

#[tokio::test(start_paused = true)]
async fn what_is_not_found_is_named_as_it_was_asked_for() {
    let it = check("Environment not found.", async |it: Coolify| {
        it.project("abc").environment("prod").get().await
    });
    assert_eq!(it.await, "check the name or uuid of the environment");
    let it = check("Project not found.", async |it: Coolify| {
        it.project("abc").environment("prod").get().await
    });
    assert_eq!(it.await, "check the uuid");
    let it = check("Application not found.", async |it: Coolify| {
        it.application("abc").get().await
    });
    assert_eq!(it.await, "check the uuid");
    let it = check("Team not found.", async |it: Coolify| {
        it.raw().get_team_by_id(7).await
    });
    assert_eq!(it.await, "check the id");
    let it = check("No resources found with this tag.", async |it: Coolify| {
        it.deployments().rollout_tag("blue").await
    });
    assert_eq!(it.await, "check the tag");
    let it = check("Server not found.", async |it: Coolify| write(&it).await);
    assert_eq!(it.await, "check the uuids and names in the request");
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_connection_names_the_server() {
    for act in [Act::CutRead, Act::Stall, Act::CutUnread] {
        let server = Server::start([act]).await;
        for error in both(&server).await {
            let said = error.to_string();
            assert!(said.contains(&format!("`{}`", server.url())), "{said}");
        }
    }
    let nowhere = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let coolify = Coolify::builder().url(&nowhere).token(TOKEN).build();
    let error = read(&coolify.unwrap()).await.unwrap_err();
    let said = format!("list-projects: no connection to `{nowhere}`");
    assert_eq!(error.to_string(), said);
}

#[tokio::test]
async fn no_error_of_the_connection_shows_more_than_the_server() {
    let cut = Server::start([Act::CutRead]).await;
    let nowhere = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    for url in [cut.url(), nowhere] {
        let url = format!("{url}/s3cret-folder");
        let coolify = Coolify::builder().url(url).token(TOKEN).build().unwrap();
        let coolify = coolify.with_retry(RetryPolicy::none());
        // The names of resources appear in paths and queries.
        let error = coolify.application("s3cret-uuid").logs().lines(7).await;
        let shown = coolify_sdk_tests::everything(&error.unwrap_err());
        assert!(
            !shown.contains("s3cret") && !shown.contains("lines="),
            "{shown}"
        );
    }
}

/// Returns a plain HTTP server, which reads the beginning of TLS as a bad
/// request.
async fn plain() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let refusal = reply(400, &[("connection", "close")], "Bad Request");
            let _ = stream.write_all(refusal.as_bytes()).await;
        }
    });
    address.to_string()
}

#[tokio::test]
async fn https_to_a_port_for_http_is_called_so() {
    let address = plain().await;
    let coolify = Coolify::builder()
        .url(format!("https://{address}"))
        .token(TOKEN)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    for error in [
        read(&coolify).await.unwrap_err(),
        write(&coolify).await.unwrap_err(),
    ] {
        assert!(error.is_connect() && !error.outcome_unknown(), "{error:?}");
        let said = error.to_string();
        assert!(said.contains(&format!("`https://{address}`")), "{said}");
        let hint = error.hint().unwrap();
        assert!(
            hint.contains(&format!("configure `http://{address}`")),
            "{hint}"
        );
    }
}

#[tokio::test]
async fn http_to_a_port_for_https_is_called_so() {
    let alert = "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{46}";
    let server = Server::start([Act::Say(alert.to_owned())]).await;
    let coolify = client(&server).with_retry(RetryPolicy::none());
    let url = server.url().replace("http://", "https://");
    let error = read(&coolify).await.unwrap_err();
    assert!(
        error.to_string().contains("does not speak HTTP"),
        "{error:?}"
    );
    assert!(
        error
            .hint()
            .unwrap()
            .contains(&format!("configure `{url}`"))
    );
    assert!(write(&coolify).await.unwrap_err().outcome_unknown());

    for text in [
        "<title>400 The plain HTTP request was sent to HTTPS port</title>",
        "Client sent an HTTP request to an HTTPS server.",
        "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
    ] {
        for act in [with(400, &HTML, text), Act::Say(reply(400, &[], text))] {
            for error in both(&Server::start([act]).await).await {
                assert_eq!(error.kind(), ErrorKind::NotCoolify);
                assert!(error.hint().unwrap().contains("`https://`"), "{error:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_functional_or_running_is_a_conflict() {
    for message in [
        "Server is not functional.",
        "Application is not running.",
        "Database is already running.",
        "Project has resources, so it cannot be deleted.",
    ] {
        let body = format!(r#"{{"message": "{message}"}}"#);
        for error in both(&Server::start([json(400, &body)]).await).await {
            assert!(error.is_conflict(), "{error}");
        }
    }
    for error in both(&Server::start([json(400, r#"{"message": "No."}"#)]).await).await {
        assert!(error.is_validation());
    }
}
