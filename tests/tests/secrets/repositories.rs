//! Tokens in the addresses of Git repositories.

use coolify_sdk::applications::BuildPack;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{Coolify, EnvironmentRef, ErrorKind, Exposed, GitRepository, Placement, Result};

const TOKEN: &str = "glpat-Zx81kQ";

fn with_token() -> GitRepository {
    GitRepository::from(format!("https://deploy:{TOKEN}@git.example.com/shop/web"))
}

async fn place(coolify: &Coolify) -> Result<Placement> {
    let project = coolify.projects().create("shop").await?.uuid;
    let server = coolify.servers().list().await?.swap_remove(0).uuid;
    Ok(Placement::new(
        project,
        EnvironmentRef::name("production"),
        server,
    ))
}

#[tokio::test]
async fn the_token_reaches_the_server_and_is_shown_nowhere() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client();
    let create = coolify.applications().create_public(
        place(&coolify).await?,
        with_token(),
        "main",
        BuildPack::Nixpacks,
    );
    let create = create.ports_exposes([80]);
    assert!(!format!("{create:?}").contains(TOKEN));
    let web = coolify.application(create.await?.uuid);

    let read = web.get().await?;
    assert_eq!(read.git_repository, Some(with_token()));
    let shown = serde_json::to_string(&read).expect("JSON");
    assert!(!format!("{read:?}").contains(TOKEN));
    assert!(!shown.contains(TOKEN));
    let kept = serde_json::to_string(&Exposed(&read)).expect("JSON");
    assert!(kept.contains(TOKEN));

    let update = web.update().git_repository(with_token());
    assert!(!format!("{update:?}").contains(TOKEN));
    let report = update.verified().await?;
    assert!(report.is_applied("git_repository"), "{report}");
    Ok(())
}

/// A hidden address does not overwrite the real one.
#[tokio::test]
async fn an_address_that_was_hidden_is_not_sent() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let web = fake.seed_application(&fake.seed_project("shop"), "web");
    let shown = with_token().to_string();
    let update = fake.client().application(web).update();
    let error = update
        .git_repository(shown)
        .await
        .expect_err("it is hidden");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("git_repository"), "{error}");
    assert!(fake.requests().iter().all(|it| it.method != "PATCH"));
    Ok(())
}

/// Coolify would create the application without the token, and could not read the
/// repository.
#[tokio::test]
async fn a_token_that_coolify_drops_is_refused() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client();
    let create = coolify.applications().create_public(
        place(&coolify).await?,
        format!("https://{TOKEN}@github.com/shop/web"),
        "main",
        BuildPack::Nixpacks,
    );
    let error = create.await.expect_err("the token would be dropped");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(!error.report().to_string().contains(TOKEN));
    let created = |it: &coolify_sdk::testing::ReceivedRequest| it.path.contains("applications");
    assert!(!fake.requests().iter().any(created));
    Ok(())
}
