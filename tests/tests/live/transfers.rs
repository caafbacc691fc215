//! Moving resources to another environment, and cloning them.

use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};

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
            let name = live.name("clone");
            let clone = resource.clone_to(destination).name(name.clone()).await?;
            let read = live.coolify().$resource(clone.uuid).get().await?;
            assert_eq!(read.name, name);
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
