//! The token is sent only to the configured server.

use coolify_sdk::Coolify;

use crate::{
    TOKEN, builder, client, read,
    server::{Server, json, with},
    write,
};

fn to(location: &str) -> crate::server::Act {
    with(301, &[("location", location)], "")
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_an_error_that_names_the_url() {
    let script = to("https://coolify.example/api/v1/projects?secret=1");
    let server = Server::start([script]).await;
    for error in [
        read(&client(&server)).await.unwrap_err(),
        write(&client(&server)).await.unwrap_err(),
    ] {
        assert!(error.is_redirect() && !error.outcome_unknown());
        assert_eq!(error.status(), Some(301));
        assert_eq!(
            error.hint(),
            Some("configure the URL `https://coolify.example`")
        );
        assert!(!error.report().to_string().contains("secret"));
    }
    assert_eq!(server.acts(), 2, "asking again leads to the same place");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_follows_redirects_is_found_out() {
    let there = Server::start([json(200, "[]")]).await;
    let here = Server::start([to(&format!("{}/api/v1/projects", there.url()))]).await;
    // A plain reqwest client needs a crypto provider for the whole process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let coolify = builder(&here).http_client(reqwest::Client::new()).build();
    let error = read(&coolify.unwrap()).await.unwrap_err();
    assert!(error.is_redirect());
    assert_eq!(
        error.hint(),
        Some(&*format!("configure the URL `{}`", there.url()))
    );
    let request = there.received().remove(0);
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test(start_paused = true)]
async fn a_path_below_the_host_is_kept() {
    let server = Server::start([json(200, "[]")]).await;
    for path in ["/sub", "/sub/", "/sub/api/v1", "/sub/api/v1/"] {
        let url = format!("{}{path}", server.url());
        let coolify = Coolify::builder().url(url).token(TOKEN).build().unwrap();
        read(&coolify).await.unwrap();
    }
    assert!(
        server
            .lines()
            .iter()
            .all(|line| line == "GET /sub/api/v1/projects")
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_knows_what_became_of_a_write_that_was_led_elsewhere() {
    let there = Server::start([json(201, r#"{"uuid": "abc"}"#)]).await;
    let location = format!("{}/api/v1/projects", there.url());
    let here = Server::start([with(307, &[("location", &location)], "")]).await;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let coolify = builder(&here).http_client(reqwest::Client::new()).build();
    let coolify = coolify.unwrap();
    let error = write(&coolify).await.unwrap_err();
    assert!(error.is_redirect() && error.outcome_unknown(), "{error:?}");
    assert_eq!((here.acts(), there.acts()), (1, 1), "once, and never again");
    let error = read(&coolify).await.unwrap_err();
    assert!(error.is_redirect() && !error.outcome_unknown());
}

#[tokio::test(start_paused = true)]
async fn a_redirect_with_the_token_in_it_is_not_told() {
    let secret = TOKEN.split('|').next_back().unwrap();
    for place in ["https://TOKEN.example/", "https://TOKEN@b.example/"] {
        let place = place.replace("TOKEN", secret);
        let server = Server::start([to(&place)]).await;
        let error = read(&client(&server)).await.unwrap_err();
        assert!(error.is_redirect());
        let told = format!("{error} {error:?} {}", error.report());
        assert!(
            !told.to_lowercase().contains(&secret.to_lowercase()),
            "{told}"
        );
    }
}
