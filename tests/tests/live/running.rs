//! Tests that run something on a server. If the server cannot do it, the test is
//! skipped instead of failing.

use std::time::Duration;

use coolify_sdk::storages::NewStorage;
use coolify_sdk::{Error, ErrorKind};
use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};

use crate::make;

/// The maximum wait.
const PATIENCE: Duration = Duration::from_secs(300);

/// Skips the test if the server could not do it, which is not a failure of the
/// SDK.
fn unless_unable(what: &str) -> impl FnOnce(Error) -> Stop {
    move |error| match error.kind() {
        ErrorKind::DeploymentFailed | ErrorKind::NotHealthy | ErrorKind::WaitExpired => {
            Stop::skip(format!("the server could not {what}: {error}"))
        }
        _ => error.into(),
    }
}

#[live_test(ability = "write", ability = "deploy", server)]
async fn an_application_is_deployed_and_stopped(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let run = application.deploy().send().await?;
    let run = run.max_wait(PATIENCE);
    let (waited, cancel) = (run.clone(), run);
    let deployed = match waited.wait().await {
        Ok(deployed) => deployed,
        Err(error) => {
            if error.kind() == ErrorKind::WaitExpired {
                cancel.cancel().await?;
            }
            return Err(unless_unable("deploy nginx:alpine")(error));
        }
    };
    assert!(deployed.status.is_terminal());
    let history = application.deployments().page(0, 5).await?;
    assert!(
        history
            .deployments
            .iter()
            .any(|it| it.deployment_uuid == deployed.deployment_uuid)
    );
    // `None` while its container is not running yet.
    application.logs().lines(5).send().await?;
    if live.has("4.3.0") {
        application.rollback_images().await?;
    }
    let stop = application.stop().send().await?;
    stop.max_wait(PATIENCE)
        .wait()
        .await
        .map_err(unless_unable("stop nginx"))?;
    Ok(())
}

#[live_test(ability = "write", ability = "deploy", server)]
async fn a_command_runs_once(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let run = application.deploy().send().await?;
    run.max_wait(PATIENCE)
        .wait()
        .await
        .map_err(unless_unable("deploy nginx:alpine"))?;
    let task = application
        .scheduled_tasks()
        .run_command("echo sdk-live")
        .max_wait(PATIENCE);
    match task.send().await {
        Ok(output) => drop(output),
        // The message for a failed command comes from the server.
        Err(error) if error.status().is_none() => {
            return Err(Stop::skip(format!(
                "the server could not run a command: {error}"
            )));
        }
        Err(error) => return Err(error.into()),
    }
    assert!(
        application.scheduled_tasks().list().await?.is_empty(),
        "run_command cleans up"
    );
    Ok(())
}

#[live_test(ability = "write", ability = "deploy", server)]
async fn a_database_is_started_and_stopped(live: Live) -> Outcome {
    let database = make::database(&live).await?;
    let started = database.start().send().await?.max_wait(PATIENCE);
    started
        .wait()
        .await
        .map_err(unless_unable("start PostgreSQL"))?;
    if live.has("4.2.0") {
        database.logs().lines(5).send().await?;
    }
    let stopped = database.stop().send().await?.max_wait(PATIENCE);
    stopped
        .wait()
        .await
        .map_err(unless_unable("stop PostgreSQL"))?;
    Ok(())
}

#[live_test(ability = "write", server)]
async fn a_file_is_mounted(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let storages = application.storages();
    let created = storages
        .create(NewStorage::file("/etc/live.conf", "a=1\n"))
        .await?;
    let all = storages.list().await?;
    let file = all
        .file_storages
        .iter()
        .find(|it| it.uuid == created.uuid)
        .expect("it is listed");
    assert_eq!(file.mount_path.as_deref(), Some("/etc/live.conf"));
    storages
        .update_file(created.uuid.clone())
        .content("b=2\n")
        .await?;
    storages.delete(created.uuid.clone()).await?;
    let all = storages.list().await?;
    assert!(all.file_storages.iter().all(|it| it.uuid != created.uuid));
    Ok(())
}
