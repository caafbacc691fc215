//! Authentication, and Coolify's errors.

use std::time::Duration;

use coolify_sdk::operations::Ability;
use coolify_sdk::{ErrorKind, Result, RetryPolicy, Uuid};
use coolify_sdk_tests::{Recording, Replay};
use serde_json::json;

use super::{PROJECT, SERVICE, WEB, load, place, refusal, replay};

#[tokio::test]
async fn a_missing_ability_is_named_and_a_member_is_told() {
    for (name, ability) in [
        ("create-project.missing-ability", Ability::Write),
        ("list-projects.deploy-token", Ability::Read),
        (
            "undocumented-patch-settings-email.write-token",
            Ability::WriteSensitive,
        ),
    ] {
        let error = refusal(name).await;
        assert!(error.is_forbidden(), "{name}");
        assert_eq!(error.missing_ability(), Some(ability), "{name}");
    }
    for name in [
        "create-project.member-write-token",
        "list-projects.member-sensitive-token",
    ] {
        let error = refusal(name).await;
        assert!(error.is_forbidden() && error.missing_ability().is_none());
        assert!(
            error.hint().is_some_and(|it| it.contains("admin")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_refusal_that_claims_success_is_one() {
    for (name, hint) in [
        ("list-projects.api-disabled", "switch the API on"),
        ("list-projects.ip-not-allowed", "allow-list"),
        ("create-project.ip-not-allowed", "allow-list"),
    ] {
        assert_eq!(load(name).json()["success"], true);
        let error = refusal(name).await;
        assert!(error.is_forbidden(), "{name}");
        assert!(error.hint().is_some_and(|it| it.contains(hint)), "{name}");
    }
}

#[tokio::test]
async fn bad_tokens_come_with_several_statuses() {
    let error = refusal("create-project.expired-token").await;
    assert!(error.is_unauthenticated() && error.status() == Some(401));

    let mut without_team = load("list-projects.ok");
    without_team.response.status = 400;
    without_team.response.json = Some(json!({"message": "Invalid token."}));
    let mut hetzner = load("get-hetzner-locations.ok");
    let token = hetzner.request.query["cloud_provider_token_uuid"].clone();
    hetzner.response = load("version.bad-token").response;
    let replay = Replay::recordings(vec![without_team, hetzner]).await;
    let coolify = replay.client();
    let error = coolify.projects().list().await.unwrap_err();
    assert!(error.is_unauthenticated(), "{error}");
    let token = token.as_str().expect("a uuid");
    let error = coolify.hetzner(token).locations().await.unwrap_err();
    let hint = error.hint().unwrap_or_default();
    assert!(error.is_unauthenticated() && hint.contains("lacks an ability"));
    replay.check();
}

#[tokio::test]
async fn refusals_have_their_own_statuses_and_shapes() {
    let replay = replay([
        "create-env-by-application-uuid.duplicate",
        "create-service.unknown-type",
    ])
    .await;
    let coolify = replay.client();
    // An empty object is 400, so it is not sent.
    let nothing = coolify.project(PROJECT).update().await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::InvalidRequest);
    let twice = coolify.application(WEB).envs().create("DATABASE_URL", "x");
    assert!(twice.await.unwrap_err().is_conflict());
    let services = coolify.services();
    let unknown = services.create_one_click(place(), "no-such-service").await;
    let unknown = unknown.unwrap_err();
    assert!(unknown.is_validation() && !unknown.is_not_found());
    assert!(unknown.valid_service_types().len() > 100);
    replay.check();

    assert!(
        refusal("create-project.missing-fields")
            .await
            .is_validation()
    );
    assert!(refusal("create-project.bad-json").await.is_validation());
    for (name, field) in [
        ("update-application-by-uuid.invalid-ports", "ports_exposes"),
        ("create-public-application.invalid", "build_pack"),
    ] {
        let error = refusal(name).await;
        assert_eq!(error.field_errors()[0].field(), Some(field), "{name}");
    }
}

#[tokio::test]
async fn creates_answer_their_addresses_and_refuse_what_is_foreign() -> Result<()> {
    let replay = replay([
        "create-dockerimage-application.ok",
        "create-service.ok",
        "create-database-dragonfly.ok",
        "create-database-redis.ok",
    ])
    .await;
    let coolify = replay.client();
    let image = coolify
        .applications()
        .create_docker_image(place(), "nginx")
        .docker_registry_image_tag("alpine")
        .ports_exposes(["80"])
        .name("img")
        .health_check_enabled(true)
        .health_check_path("/")
        .await?;
    assert!(image.domains.is_some_and(|it| it.starts_with("http://")));
    let service = coolify
        .services()
        .create_one_click(place(), "actualbudget")
        .name("budget")
        .description("one-click".to_owned())
        .instant_deploy(false)
        .await?;
    assert_eq!(service.domains.map(|it| it.len()), Some(1));
    let dragonfly = coolify
        .databases()
        .create_dragonfly(place())
        .name("dragonfly")
        .description("dragonfly db")
        .instant_deploy(false)
        .await?;
    assert_eq!(dragonfly.internal_db_url, None);
    let redis = coolify
        .databases()
        .create_redis(place())
        .name("redis")
        .description("redis db")
        .instant_deploy(false)
        .redis_password("pw")
        .await?;
    assert!(redis.internal_db_url.is_some());
    replay.check();

    let error = refusal("create-project.unknown-field").await;
    let refused = error
        .field_errors()
        .iter()
        .find(|it| it.field() == Some("nope"));
    assert!(refused.is_some_and(|it| it.message().contains("not allowed")));
    assert!(
        error
            .hint()
            .is_some_and(|it| it.contains("does not accept"))
    );
    Ok(())
}

#[tokio::test]
async fn a_full_queue_is_not_the_rate_limit() {
    let limited = refusal("list-projects.rate-limited").await;
    assert!(limited.is_rate_limited() && !limited.is_queue_full());
    assert_eq!(limited.retry_after(), Some(Duration::from_secs(45)));

    let full = "deploy-by-tag-or-uuid.queue-full";
    let replay = replay([full]).await;
    // The policy allows retries, but the client does not retry.
    let deploy = replay
        .client()
        .application("ezw7d3no7ljyy5xdv5paqbok")
        .deploy();
    let error = deploy.force().await.expect_err("full");
    assert!(error.is_queue_full() && !error.is_rate_limited());
    assert_eq!((error.status(), error.attempts()), (Some(429), 1));
    replay.check();
}

#[tokio::test]
async fn json_is_asked_for_and_pages_are_understood() -> Result<()> {
    // Every replay checks that each request accepts JSON.
    let replay = replay(["list-projects.ok"]).await;
    replay.client().projects().list().await?;
    replay.check();
    let page = load("list-projects.rate-limited-html");
    assert!(
        page.response
            .text
            .is_some_and(|it| it.starts_with("<!DOCTYPE"))
    );
    let error = refusal("list-projects.rate-limited-html").await;
    assert!(error.is_rate_limited());
    assert!(!error.to_string().contains('<'), "{error}");
    Ok(())
}

#[tokio::test]
async fn long_commands_are_refused_before_they_are_sent() -> Result<()> {
    let longest = load("create-scheduled-task-by-application-uuid.command-255");
    let failed = load("update-scheduled-task-by-application-uuid.command-300");
    let mut failed_all_the_same = failed.clone();
    failed_all_the_same.request.body = Some(json!({"command": "ls"}));
    let replay = Replay::recordings(vec![longest, failed_all_the_same]).await;
    let coolify = replay.client().with_retry(RetryPolicy::none());
    let tasks = coolify.application(WEB).scheduled_tasks();
    tasks.create("len255", "x".repeat(255), "0 2 * * *").await?;
    let task: Uuid = super::param(&failed, "task_uuid").into();
    let long = "x".repeat(256);
    let of_service = coolify.service(SERVICE).scheduled_tasks();
    for error in [
        tasks.create("len256", &*long, "0 2 * * *").await.err(),
        tasks.update(&task).command(&*long).await.err(),
        of_service.create("len256", &*long, "0 2 * * *").await.err(),
        of_service.update(&task).command(&*long).await.err(),
    ] {
        let error = error.expect("too long");
        assert!(error.is_invalid_request() && error.status().is_none());
        assert!(error.to_string().contains("255"), "{error}");
    }
    // If one is sent, the bare 500 is explained.
    let error = tasks.update(&task).command("ls").await.unwrap_err();
    assert!(error.hint().is_some_and(|hint| hint.contains("255")));
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_domain_in_use_names_who_has_it_and_can_be_taken() -> Result<()> {
    let replay = replay([
        "create-public-application.domain-conflict",
        "update-application-by-uuid.domain-override",
    ])
    .await;
    let coolify = replay.client();
    let error = coolify
        .applications()
        .create_public(place(), "https://github.com/x/y", "main", "nixpacks")
        .ports_exposes(["80"])
        .domains(["https://web.example.com"])
        .await
        .expect_err("a conflict");
    assert!(error.is_conflict() && !error.outcome_unknown());
    assert_eq!(error.conflicts().len(), 1);
    assert_eq!(error.conflicts()[0].resource_uuid.as_deref(), Some(WEB));
    assert!(
        error
            .hint()
            .is_some_and(|it| it.contains("force_domain_override"))
    );
    coolify
        .application("y4ahzvo3zrdwhhjscv16sqbc")
        .update()
        .domains(["https://web.example.com"])
        .force_domain_override(true)
        .await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn what_is_withheld_is_absent() -> Result<()> {
    let withheld = "list-envs-by-application-uuid.read-token";
    let replay = replay([
        withheld,
        "list-envs-by-application-uuid.ok",
        "get-application-by-uuid.read-token",
        "get-application-by-uuid.ok",
    ])
    .await;
    let web = replay.client().application(WEB);
    let plain = web.envs().list().await?;
    assert!(plain.iter().all(|one| one.value.is_none()));
    let full = web.envs().list().await?;
    let value = |key: &str| full.iter().find(|one| one.key == key).map(|one| &one.value);
    assert!(value("DATABASE_URL").is_some_and(Option::is_some));
    // A variable without a value is not withheld.
    let empty = full
        .iter()
        .find(|one| one.key == "NOVALUE")
        .expect("NOVALUE");
    assert_eq!((&empty.value, &empty.real_value), (&None, &Some("".into())));
    assert!(plain.iter().all(|one| one.real_value.is_none()));
    let recorded = Recording::load(withheld);
    assert!(recorded.json()[0].get("value").is_none(), "not even null");
    assert_eq!(web.get().await?.custom_labels, None);
    assert!(web.get().await?.custom_labels.is_some());
    replay.check();
    Ok(())
}
