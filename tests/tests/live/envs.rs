//! Environment variables of the three kinds of resource.

use coolify_sdk::envs::{
    BulkApplicationVariable, BulkVariable, EnvFile, EnvironmentVariable, Envs, HasEnvs,
};
use coolify_sdk_tests::live::{Live, Outcome, live_test};

use crate::make;

fn find<'a>(all: &'a [EnvironmentVariable], key: &str) -> Option<&'a EnvironmentVariable> {
    let mut found = all.iter().filter(|it| it.key == key);
    found.find(|it| !it.is_preview.unwrap_or_default())
}

/// The value of a variable, where the token may see it.
fn is(variable: &EnvironmentVariable, value: &str) -> bool {
    variable
        .value
        .as_ref()
        .is_none_or(|it| it.expose() == value)
}

/// What is the same on all of them.
async fn come_and_go<R: HasEnvs>(envs: &Envs<R>, of_bulk: R::Bulk) -> Outcome {
    let uuid = envs.create("SDK_LIVE_ONE", "one").await?;
    let all = envs.list().await?;
    let one = find(&all, "SDK_LIVE_ONE").expect("it was created");
    assert_eq!(one.uuid, uuid);
    assert!(is(one, "one"));
    let again = envs.create("SDK_LIVE_ONE", "two").await;
    assert!(again.is_err_and(|it| it.is_conflict()), "it exists already");

    envs.update("SDK_LIVE_ONE", "two").await?;
    envs.bulk([of_bulk]).await?;
    let all = envs.list().await?;
    assert!(is(
        find(&all, "SDK_LIVE_ONE").expect("it was updated"),
        "two"
    ));
    assert!(is(
        find(&all, "SDK_LIVE_TWO").expect("the bulk made it"),
        "three"
    ));

    envs.delete(uuid).await?;
    assert!(find(&envs.list().await?, "SDK_LIVE_ONE").is_none());
    Ok(())
}

#[live_test(ability = "write")]
async fn of_an_application(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let bulk = BulkApplicationVariable::new("SDK_LIVE_TWO").value("three");
    come_and_go(&application.envs(), bulk).await
}

#[live_test(ability = "write")]
async fn of_a_database(live: Live) -> Outcome {
    let database = make::database(&live).await?;
    let bulk = BulkVariable::new("SDK_LIVE_TWO").value("three");
    come_and_go(&database.envs(), bulk).await
}

#[live_test(ability = "write")]
async fn of_a_service(live: Live) -> Outcome {
    let service = make::service(&live).await?;
    let bulk = BulkVariable::new("SDK_LIVE_TWO").value("three");
    come_and_go(&service.envs(), bulk).await
}

#[live_test(ability = "write")]
async fn a_file_is_followed(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let envs = application.envs();
    let file = |text: &str| EnvFile::parse(text);
    let plan = envs
        .sync(file("SDK_LIVE_A=1\nSDK_LIVE_B=2\n")?)
        .plan()
        .await?;
    assert_eq!(plan.create().len(), 2);
    assert!(plan.apply().await?.is_complete());

    let plan = envs
        .sync(file("SDK_LIVE_A=1\nSDK_LIVE_B=2\n")?)
        .plan()
        .await?;
    assert!(plan.create().is_empty() && plan.delete().is_empty());
    // What the token may not see cannot be compared.
    assert!(plan.update().is_empty() || !plan.not_compared().is_empty());

    let plan = envs
        .sync(file("SDK_LIVE_A=1\n")?)
        .prune(true)
        .plan()
        .await?;
    assert!(!plan.delete().is_empty(), "one is no longer in the file");
    assert!(plan.apply().await?.is_complete());
    let all = envs.list().await?;
    assert!(find(&all, "SDK_LIVE_A").is_some() && find(&all, "SDK_LIVE_B").is_none());
    Ok(())
}
