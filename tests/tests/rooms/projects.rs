use coolify_sdk::Result;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_tests::{Recording, Replay};

use super::{PROJECT, kept};

/// Returns a path parameter of the recording.
fn param(recording: &str, name: &str) -> String {
    let params = Recording::load(recording).request.params;
    params[name].as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn projects_are_changed_and_deleted_when_empty() -> Result<()> {
    let replay = Replay::of(&[
        "get-project-by-uuid.with-environments",
        "update-project-by-uuid.ok",
        "delete-project-by-uuid.not-empty",
        "delete-project-by-uuid.ok",
    ])
    .await;
    let coolify = replay.client();
    let name = "get-project-by-uuid.with-environments";
    let project = coolify.project(param(name, "uuid"));
    kept(&project.get().await?, name);
    let project = coolify.project(PROJECT);
    let update = project.update().name("demo2").description("Renamed");
    kept(&update.await?, "update-project-by-uuid.ok");
    // The handle would also read its contents.
    let raw = coolify.raw();
    let full = param("delete-project-by-uuid.not-empty", "uuid");
    let refused = raw.delete_project_by_uuid(&full).await;
    assert_eq!(refused.expect_err("it holds resources").status(), Some(400));
    let empty = coolify.project(param("delete-project-by-uuid.ok", "uuid"));
    assert_eq!(empty.delete().await?, "Project deleted.");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn environments_go_by_name() -> Result<()> {
    let replay = Replay::of(&[
        "create-environment.ok",
        "create-environment.duplicate",
        "get-environments.ok",
        "get-environment-by-name-or-uuid.ok",
        "update-environment.ok",
        "delete-environment.not-empty",
        "delete-environment.ok",
    ])
    .await;
    let coolify = replay.client();
    let project = coolify.project(PROJECT);
    let environments = project.environments();
    let created = environments.create("staging").await?;
    kept(&created, "create-environment.ok");
    let twice = environments.create("staging").await;
    assert!(twice.expect_err("there is one").is_conflict());
    kept(&environments.list().await?, "get-environments.ok");
    let of = |recording: &str| {
        let name = param(recording, "environment_name_or_uuid");
        coolify.project(param(recording, "uuid")).environment(name)
    };
    let name = "get-environment-by-name-or-uuid.ok";
    kept(&of(name).get().await?, name);
    let update = project
        .environment("staging")
        .update()
        .description("Staging env");
    kept(&update.await?, "update-environment.ok");
    let full = of("delete-environment.not-empty").delete().await;
    assert_eq!(full.expect_err("it holds resources").status(), Some(400));
    of("delete-environment.ok").delete().await?;
    replay.check();
    Ok(())
}

#[tokio::test]
async fn a_project_that_never_was_is_not_deleted() {
    let fake = FakeCoolify::start().await;
    let project = fake.client().project("q1w2e3r4t5y6u7i8o9p0a1s2");
    let error = project.delete().and_wait().await;
    assert!(error.expect_err("there is none").is_not_found());
}
