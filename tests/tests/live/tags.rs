//! Tags of the team and on the three kinds of resource. A tag is deleted when its
//! last resource loses it.

use coolify_sdk_tests::live::{Leftover, Live, Outcome, live_test};

use crate::make;

#[live_test(since = "4.3.0", ability = "write")]
async fn of_the_team(live: Live) -> Outcome {
    let tags = live.coolify().tags();
    let created = tags.create(live.name("tag")).await?;
    live.made(Leftover::Tag(created.uuid.clone()));
    let again = tags
        .create(created.name.clone())
        .await
        .expect_err("there is one");
    assert!(again.is_conflict(), "{again}");
    let tag = live.coolify().tag(created.uuid.clone());
    let name = live.name("renamed");
    assert_eq!(tag.rename(name.clone()).await?.name, name);
    assert!(tags.list().await?.iter().any(|it| it.name == name));
    tag.delete().await?;
    assert!(tags.list().await?.iter().all(|it| it.uuid != created.uuid));
    Ok(())
}

/// Adds a tag, finds it, and removes it.
macro_rules! on {
    ($test:ident, $make:ident, $leftover:ident) => {
        #[live_test(since = "4.2.0", ability = "write")]
        async fn $test(live: Live) -> Outcome {
            let resource = make::$make(&live).await?;
            let tags = resource.tags();
            let name = live.name("tag");
            let put = tags.add(name.clone()).await?;
            let tag = put
                .iter()
                .find(|it| it.name == name)
                .expect("it was put on");
            live.made(Leftover::$leftover(
                resource.uuid().clone(),
                tag.uuid.clone(),
            ));
            assert!(tags.list().await?.iter().any(|it| it.uuid == tag.uuid));
            tags.remove(tag.uuid.clone()).await?;
            assert!(tags.list().await?.is_empty());
            Ok(())
        }
    };
}

on!(on_an_application, application, TagOnApplication);
on!(on_a_database, database, TagOnDatabase);
on!(on_a_service, service, TagOnService);

#[live_test(since = "4.2.0", ability = "write")]
async fn applications_are_found_by_tag(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let name = live.name("tag");
    let put = application.tags().add(name.clone()).await?;
    let tag = put
        .iter()
        .find(|it| it.name == name)
        .expect("it was put on");
    let (of, uuid) = (application.uuid().clone(), tag.uuid.clone());
    live.made(Leftover::TagOnApplication(of, uuid));
    let found = live.coolify().applications().list_tagged(&name).await?;
    let found: Vec<_> = found.into_iter().map(|it| it.uuid).collect();
    assert_eq!(found, [application.uuid().clone()]);
    Ok(())
}
