//! Projects and environments.

use coolify_sdk_tests::live::{Live, Outcome, live_test};

use crate::make;

#[live_test(ability = "write")]
async fn a_project_is_made_renamed_and_deleted(live: Live) -> Outcome {
    let project = live.project().await?;
    let name = live.name("renamed");
    project
        .update()
        .name(name.clone())
        .description("Renamed")
        .await?;
    let read = project.get().await?;
    assert_eq!(read.name, name);
    assert_eq!(read.description.as_deref(), Some("Renamed"));
    let all = live.coolify().projects().list().await?;
    assert!(all.iter().any(|it| it.uuid == *project.uuid()));
    project.delete().await?;
    let gone = project.get().await.expect_err("it was deleted");
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}

#[live_test(ability = "write")]
async fn environments_come_and_go(live: Live) -> Outcome {
    let project = live.project().await?;
    let created = project.environments().create("staging").await?;
    let all = project.environments().list().await?;
    let names: Vec<_> = all.iter().map(|it| it.name.as_str()).collect();
    assert!(
        names.contains(&"production") && names.contains(&"staging"),
        "{names:?}"
    );
    let again = project
        .environments()
        .create("staging")
        .await
        .expect_err("there is one");
    assert!(again.is_conflict(), "{again}");

    let staging = project.environment("staging");
    let read = staging.get().await?;
    assert_eq!(read.uuid, created.uuid);
    assert!(read.applications.is_empty() && read.services.is_empty());
    if live.has("4.3.0") {
        let changed = staging.update().description("Before it goes out").await?;
        assert_eq!(changed.description.as_deref(), Some("Before it goes out"));
    }
    staging.delete().await?;
    let gone = staging.get().await.expect_err("it was deleted");
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}

#[live_test(ability = "write")]
async fn a_project_that_holds_something_stays(live: Live) -> Outcome {
    let project = live.project().await?;
    let database = make::database(&live).await?;
    let full = project
        .delete()
        .send()
        .await
        .expect_err("something is in it");
    assert!(full.is_conflict(), "{full}");
    let contents = project.contents().await?;
    assert!(
        contents.iter().any(|it| it.uuid == *database.uuid()),
        "{contents:?}"
    );
    let full = project.environment("production").delete().await;
    assert!(full.expect_err("something is in it").is_conflict());
    Ok(())
}
