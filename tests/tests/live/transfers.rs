//! Moving resources to another environment, and cloning them.

use coolify_sdk::storages::NewStorage;
use coolify_sdk_tests::live::{Leftover, Live, Outcome, Stop, live_test};

use crate::make;

macro_rules! transfers {
    ($moved:ident, $cloned:ident, $make:ident, $resource:ident) => {
        #[live_test(since = "4.2.0", ability = "write")]
        async fn $moved(live: Live) -> Outcome {
            let resource = make::$make(&live).await?;
            let project = live.project().await?;
            let other = project.environments().create("other").await?;
            let moved = resource.move_to(other.uuid.clone()).await?;
            assert_eq!(moved.environment_uuid.as_ref(), Some(&other.uuid));
            let contents = project.contents().await?;
            let found = contents.iter().find(|it| it.uuid == *resource.uuid());
            assert_eq!(found.map(|it| it.environment.as_str()), Some("other"));
            Ok(())
        }

        #[live_test(since = "4.3.0", ability = "write")]
        async fn $cloned(live: Live) -> Outcome {
            let resource = make::$make(&live).await?;
            let destinations = live.destinations().await?;
            let destination = destinations.first().cloned();
            let destination =
                destination.ok_or_else(|| Stop::skip("the server has no destination"))?;
            resource.envs().create("SDK_LIVE_CLONED", "a value").await?;
            for tag in resource.tags().add(live.name("cloned")).await? {
                live.made(Leftover::Tag(tag.uuid));
            }
            let name = live.name("clone");
            let clone = resource.clone_to(destination).name(name.clone()).await?;
            let clone = live.coolify().$resource(clone.uuid);
            assert_eq!(clone.get().await?.name, name);
            let variables = clone.envs().list().await?;
            assert!(variables.iter().any(|it| it.key == "SDK_LIVE_CLONED"));
            let (tags, originals) = (clone.tags().list().await?, resource.tags().list().await?);
            assert_eq!(tags.len(), originals.len());
            Ok(())
        }
    };
}

transfers!(
    an_application_moves,
    an_application_is_cloned,
    application,
    application
);
transfers!(a_database_moves, a_database_is_cloned, database, database);
transfers!(a_service_moves, a_service_is_cloned, service, service);

#[live_test(since = "4.3.0", ability = "write")]
async fn a_cloned_application_has_a_domain_of_its_own(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let tasks = application.scheduled_tasks();
    tasks.create("noon", "date", "0 12 * * *").await?;
    application
        .storages()
        .create(NewStorage::volume("data", "/data"))
        .await?;
    let destinations = live.destinations().await?;
    let destination = destinations.first().cloned();
    let destination = destination.ok_or_else(|| Stop::skip("the server has no destination"))?;
    let original = application.get().await?;
    let clone = application.clone_to(destination).await?;
    let uuid = clone.uuid.clone();
    let clone = live.coolify().application(clone.uuid);
    let read = clone.get().await?;
    assert!(read.name.starts_with("clone-of-"), "{}", read.name);
    assert!(read.name.ends_with(uuid.as_str()), "{}", read.name);
    let (domain, before) = (read.fqdn.unwrap_or_default(), original.fqdn);
    assert!(domain.contains(uuid.as_str()), "{domain}");
    assert_ne!(Some(domain), before);
    assert_eq!(clone.scheduled_tasks().list().await?.len(), 1);
    let storages = clone.storages().list().await?;
    let volume = storages.persistent_storages.first().expect("a volume");
    assert_eq!(volume.name.as_deref(), Some(&*format!("{uuid}-data")));
    Ok(())
}
