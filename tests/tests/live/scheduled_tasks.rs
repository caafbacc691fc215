//! Scheduled tasks, disabled so that none runs.

use coolify_sdk::scheduled_tasks::{HasScheduledTasks, ScheduledTasks};
use coolify_sdk_tests::live::{Live, Outcome, live_test};

use crate::make;

/// The test for both kinds of task; a macro, because their requests differ only
/// in their types.
macro_rules! come_and_go {
    ($tasks:expr) => {{
        let tasks = $tasks;
        let create = tasks.create("migrate", "php artisan migrate --force", "0 2 * * *");
        let created = create.timeout(120).enabled(false).await?;
        assert_eq!(created.name, "migrate");
        assert!(is_listed(&tasks, "0 2 * * *").await?);
        let changed = tasks
            .update(created.uuid.clone())
            .frequency("0 3 * * *")
            .await?;
        assert_eq!(changed.uuid, created.uuid);
        assert!(is_listed(&tasks, "0 3 * * *").await?);
        assert!(
            tasks.executions(created.uuid.clone()).await?.is_empty(),
            "none has run"
        );
        let long = tasks.create("long", "x".repeat(256), "0 2 * * *").await;
        assert!(
            long.is_err_and(|it| it.is_invalid_request()),
            "Coolify answers 500"
        );
        tasks.delete(created.uuid).await?;
        assert!(tasks.list().await?.is_empty());
        Ok(())
    }};
}

async fn is_listed<R: HasScheduledTasks>(
    tasks: &ScheduledTasks<R>,
    frequency: &str,
) -> coolify_sdk::Result<bool> {
    let all = tasks.list().await?;
    Ok(all
        .iter()
        .any(|it| it.frequency.as_deref() == Some(frequency)))
}

#[live_test(ability = "write")]
async fn of_an_application(live: Live) -> Outcome {
    come_and_go!(make::application(&live).await?.scheduled_tasks())
}

#[live_test(ability = "write")]
async fn of_a_service(live: Live) -> Outcome {
    come_and_go!(make::service(&live).await?.scheduled_tasks())
}
