//! The contents of a cassette.

use serde_json::json;

use super::Shelf;
use crate::testing::{Cassette, CassetteError, FakeCoolify, Fault};

/// Secrets of many forms. None of them, and no part in capitals, may be written.
const PLANTED: [&str; 12] = [
    "ghp_PLANTEDab3dEf7hIj2k",
    "sk_live_PLANTED51abc",
    "postgres://app:PLANTEDpass@db.acme.dev:5432/shop?key=PLANTEDquery",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nUExBTlRFRA==PLANTED\n-----END OPENSSH PRIVATE KEY-----\n",
    "Basic UExBTlRFRDpvcGVu",
    "https://hooks.acme.sh/services/T0/PLANTED",
    "A=1\nPASSWORD=PLANTED-env\n# PLANTED comment\n",
    r#"{"auths": {"ghcr.io": {"auth": "UExBTlRFRA==", "pin": "PLANTED"}}}"#,
    "services:\n  web:\n    image: acme/PLANTED:1\n    environment:\n      - PIN=PLANTED\n",
    "PLANTED",
    "Bearer PLANTED.eyJhbGciOi.UExBTlRFRA",
    "two words PLANTED with spaces",
];

fn assert_clean(text: &str) {
    for left in [
        "PLANTED",
        "UExBTlRFR",
        "acme-shop",
        "acme.",
        "acme/",
        "fake-token",
        "/services/T0",
    ] {
        assert!(!text.contains(left), "{left} in {text}");
    }
}

#[tokio::test]
async fn a_planted_secret_stays_nowhere_and_is_read_back() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("acme-shop"), "web");
    let test = async |cassette: &Cassette| {
        let coolify = cassette.client();
        let app = coolify.application(&*app);
        for (number, secret) in PLANTED.iter().enumerate() {
            let key = format!(
                "SECRET_{}",
                ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"][number]
            );
            app.envs().create(key, *secret).await.unwrap();
        }
        let read = app.envs().list().await.unwrap();
        for secret in PLANTED {
            let found = read.iter().filter_map(|it| it.value.as_ref());
            let found = found.filter(|it| it.expose().trim() == secret.trim());
            assert!(found.count() > 0, "{secret}");
        }
        app.update()
            .description("a description with PLANTED")
            .domains("https://shop.acme.dev:3000/PLANTED")
            .start_command("run --token PLANTED")
            .send()
            .await
            .unwrap();
        let read = app.get().await.unwrap();
        assert_eq!(
            read.fqdn.as_deref(),
            Some("https://shop.acme.dev:3000/PLANTED")
        );
        assert_eq!(
            read.description.as_deref(),
            Some("a description with PLANTED")
        );
        let tasks = app.scheduled_tasks();
        tasks
            .create("PLANTED task", "echo PLANTED", "0 * * * *")
            .await
            .unwrap();
        coolify
            .projects()
            .create("PLANTED project")
            .description("PLANTED")
            .await
            .unwrap();
    };
    let cassette = shelf.record(&fake).await;
    test(&cassette).await;
    cassette.finish().unwrap();
    let written = shelf.text();
    assert_clean(&written);
    // Ids stay readable, although logs and labels contain them.
    assert!(written.contains(&format!("\"path\": \"/applications/{app}/envs\"")));
    drop(fake);
    let cassette = shelf.replay().await;
    test(&cassette).await;
    cassette.finish().unwrap();
}

#[tokio::test]
async fn error_pages_texts_and_odd_replies_are_scrubbed() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let cassette = shelf.record(&fake).await;
    let coolify = cassette.client();
    let token = fake.token();
    let page = format!("<h1>Bad</h1> PLANTED4 at https://panel.acme.dev with {token}");
    fake.fail_next(Fault::status(500).html(page));
    coolify.projects().list().await.unwrap_err();
    let message = format!("The token {token} of PLANTED7 is wrong");
    fake.fail_next(Fault::status(422).json(json!({
        "message": message,
        "errors": {"name": ["The name is required."]},
        "PLANTED9": "acme.dev",
    })));
    coolify.projects().create("x1").await.unwrap_err();
    fake.fail_next(Fault::status(200).html("PLANTED-text acme.dev"));
    coolify.projects().list().await.unwrap_err();
    fake.fail_next(Fault::status(200).json(json!([{"id": 1, "uuid": "khzsv5nucvscskrm5gez3p8v", "name": "PLANTED", "new_field": "PLANTED"}])));
    coolify.projects().list().await.unwrap();
    cassette.finish().unwrap();
    let text = shelf.text();
    assert_clean(&text);
    assert!(text.contains("The name is required."), "{text}");
    assert!(text.contains("khzsv5nucvscskrm5gez3p8v"), "{text}");

    let cassette = shelf.replay().await;
    let coolify = cassette.client();
    assert_eq!(
        coolify.projects().list().await.unwrap_err().status(),
        Some(500)
    );
    let error = coolify.projects().create("x2").await.unwrap_err();
    assert_eq!(error.field_errors()[0].message, "The name is required.");
    assert!(coolify.projects().list().await.unwrap_err().is_decode());
    let name = &coolify.projects().list().await.unwrap()[0].name;
    assert!(name.starts_with("scrubbed-"), "{name}");
    cassette.finish().unwrap();
}

#[tokio::test]
async fn the_test_decides_what_stays_and_what_goes() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    fake.set_application(&app, "status", "running:healthy");
    fake.write_log(
        &app,
        ["listening on port 3000", "the pin is 4711", "a quiet line"],
    );
    let test = async |cassette: &Cassette| {
        cassette.keep("listening on port");
        cassette.keep("nothing hidden stays: PLANTED");
        cassette.hide("production");
        cassette.hide("PLANTED");
        let coolify = cassette.client();
        let log = coolify.application(&*app).logs().lines(100).await.unwrap();
        assert!(
            log.as_deref()
                .unwrap_or_default()
                .contains("listening on port"),
            "{log:?}"
        );
        let projects = coolify.projects().list().await.unwrap();
        let environments = coolify.project(&projects[0].uuid).environments();
        let environments = environments.list().await.unwrap();
        assert_eq!(environments.len(), 1);
    };
    let cassette = shelf.record(&fake).await;
    test(&cassette).await;
    cassette.finish().unwrap();
    let written = shelf.text();
    for gone in ["production", "4711", "quiet", "port 3000"] {
        assert!(!written.contains(gone), "{gone} in {written}");
    }
    let cassette = shelf.replay().await;
    test(&cassette).await;
    cassette.finish().unwrap();
}

#[tokio::test]
async fn what_cannot_be_hidden_is_not_written() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let cassette = shelf.record(&fake).await;
    cassette.client().projects().list().await.unwrap();
    cassette.hide("projects");
    let error = cassette.finish().unwrap_err();
    assert!(
        matches!(&error, CassetteError::NotRecorded(..)),
        "{error:?}"
    );
    let text = error.to_string();
    assert!(text.contains("a hidden text of 8 bytes"), "{text}");
    assert!(!shelf.path().exists());
}

#[tokio::test]
#[should_panic(expected = "less than 4 bytes")]
async fn a_syllable_cannot_be_hidden() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    shelf.record(&fake).await.hide("abc");
}

#[tokio::test]
async fn a_message_repeats_what_the_test_sends() {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    let test = async |cassette: &Cassette, name: &str| {
        let create = cassette.client().projects().create(name);
        let error = create.await.unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    };
    // A plain word is replaced where it stands alone.
    for (name, other) in [
        ("opensesame project", "another project"),
        ("sesame", "seed"),
    ] {
        let cassette = shelf.record(&fake).await;
        let said = format!("The name {name} is taken by sesamestreet.");
        fake.fail_next(Fault::status(422).json(json!({ "message": said })));
        test(&cassette, name).await;
        cassette.finish().unwrap();
        let written = shelf.text();
        assert!(!written.contains(&format!("name {name} ")), "{written}");
        assert!(written.contains("is taken by sesamestreet."), "{written}");
        let cassette = shelf.replay().await;
        test(&cassette, other).await;
        cassette.finish().unwrap();
    }
}

#[test]
fn a_long_log_that_is_polled_often_takes_no_time() {
    let line = |number: usize| json!({"output": format!("step-{number}a of PLANTED{number}")});
    let lines: Vec<_> = (0..2_000).map(line).collect();
    let polls: Vec<_> = (1..=40)
        .map(|poll| json!({"status": "running", "logs": json!(lines[..poll * 50]).to_string()}))
        .collect();
    let begun = std::time::Instant::now();
    let mut scrubber = crate::testing::Scrubber::numbered("1|fake-token", "https://c.example");
    for poll in &polls {
        scrubber.learn(poll);
    }
    for poll in &polls {
        assert_clean(&scrubber.scrub(poll).to_string());
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
